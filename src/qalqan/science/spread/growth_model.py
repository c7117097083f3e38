"""The forecast that growth is measured against, and how it is fitted to the past."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_EXPOSURE_PRIOR = 50.0
"""Messages a block by which the common drift is drawn towards 'none'."""
_MOST_ROWS = 20_000
"""Claims the dispersion is estimated from; more change the third digit only."""


@dataclass(frozen=True, slots=True)
class GrowthModel:
    """Forecast of a claim's copies in the next block, shared by all claims.

    Parameters
    ----------
    shape, rate
        Gamma prior of the level of a claim with a past, in copies a block.
    discount
        Weight of a block relative to the next newer one, in (0, 1).
    size
        Negative binomial size of a block around the claim's own level; smaller is burstier.
    new_mean, new_size
        Mean and size of the copies of a claim on its first block (before truncation at one).
    pairs, new_pairs
        Number of (claim, block) pairs either half was fitted to; 0 for the default.
    """

    shape: float = 0.5
    rate: float = 0.5
    discount: float = 0.8
    size: float = 2.0
    new_mean: float = 0.5
    new_size: float = 0.5
    pairs: int = 0
    new_pairs: int = 0


DEFAULT_MODEL = GrowthModel()


def fit_model(
    counts: NDArray[np.integer], *, totals: NDArray[np.integer] | None = None
) -> GrowthModel:
    """Estimate the forecast from how well it foretells the blocks before the window.

    Every claim with a copy in an earlier block is foretold from the blocks before that one;
    the parameters maximise the zero-truncated negative binomial likelihood with a weak
    penalty towards `DEFAULT_MODEL`, which decides alone when there is no past. Claims on
    their first block and claims with a past are fitted apart: they burst differently.

    Parameters
    ----------
    counts : (n_claims, n_blocks)
        As for `growing_now`; the last column is not used.
    totals : (n_blocks,), optional
        All messages of each block.

    Returns
    -------
    GrowthModel

    Examples
    --------
    >>> import numpy as np
    >>> fit_model(np.zeros((0, 5), dtype=int)).pairs
    0
    """
    table = np.asarray(counts, dtype=np.int64)
    exposure = exposures(table, totals)[:, :-1]
    history = table[:, :-1]
    rows = np.flatnonzero(history[:, 1:].sum(axis=1))
    rows = rows[:: max(1, -(-len(rows) // _MOST_ROWS))]
    history, exposure = history[rows], exposure[rows]
    before = np.cumsum(history, axis=1) - history
    known = (history > 0) & (before > 0)
    new = (history > 0) & (before == 0)
    # In the first blocks an old claim looks new because its past is out of sight.
    new[:, : max(1, history.shape[1] // 3)] = False
    shape, rate, discount, size = _fit_known(history, exposure, known)
    new_mean, new_size = _fit_new(history[new].astype(np.float64), exposure[new])
    return GrowthModel(
        shape, rate, discount, size, new_mean, new_size, int(known.sum()), int(new.sum())
    )


def _fit_known(
    history: Ints, exposure: Floats, seen: NDArray[np.bool_]
) -> tuple[float, float, float, float]:
    """Shape, rate, discount and size that best foretell claims with a past."""
    y, e = history[seen].astype(np.float64), exposure[seen]

    def loss(shape: float, rate: float, odds: float, size: float) -> float:
        levels = _levels(history, exposure, shape, rate, _discount(odds))
        level_shape, level_rate = levels[0][seen], levels[1][seen]
        spread = mixed_size(size, level_shape)
        return -float(np.sum(_log_truncated(y, e * level_shape / level_rate, spread)))

    d = DEFAULT_MODEL
    start = (d.shape, d.rate, d.discount / (1.0 - d.discount), d.size)
    shape, rate, odds, size = _minimise(loss, start) if len(y) else start
    return shape, rate, _discount(odds), size


def _fit_new(y: Floats, e: Floats) -> tuple[float, float]:
    """Mean and size that best foretell the first block of a claim."""

    def loss(mean: float, size: float) -> float:
        return -float(np.sum(_log_truncated(y, e * mean, np.full(len(y), size))))

    start = (DEFAULT_MODEL.new_mean, DEFAULT_MODEL.new_size)
    return _minimise(loss, start) if len(y) else start  # type: ignore[return-value]


def _minimise(loss: Callable[..., float], start: tuple[float, ...]) -> tuple[float, ...]:
    """Minimise over positive parameters, on the log scale, drawn weakly to the start."""
    from scipy.optimize import minimize

    centre = np.log(start)

    def cost(free: Floats) -> float:
        bounded = np.exp(np.clip(free, -9.0, 9.0))
        return loss(*bounded) + 0.5 * float(np.sum(((free - centre) / 1.5) ** 2))

    best = minimize(
        cost, centre, method="Nelder-Mead", options={"maxiter": 200, "xatol": 0.02, "fatol": 0.02}
    )
    return tuple(float(x) for x in np.exp(np.clip(best.x, -9.0, 9.0)))


def _discount(odds: float) -> float:
    return float(np.clip(odds / (1.0 + odds), 0.3, 0.97))


def exposures(table: Ints, totals: NDArray[np.integer] | None) -> Floats:
    """Volume of everything but the claim itself, over its mean in the history."""
    volume = table.sum(axis=0) if totals is None else np.asarray(totals, dtype=np.int64)
    others = np.maximum(volume[None, :] - table, 0) + _EXPOSURE_PRIOR
    usual = others[:, :-1].mean(axis=1, keepdims=True)
    result: Floats = others / usual
    return result


def mixed_size(size: float, shape: Floats) -> Floats:
    """Size of a negative binomial whose mean is itself gamma with the given shape."""
    return 1.0 / (1.0 / size + (1.0 + 1.0 / size) / shape)


def _levels(
    history: Ints, exposure: Floats, shape: float, rate: float, discount: float
) -> tuple[Floats, Floats]:
    """Gamma shape and rate of each claim's level before each block."""
    past, volume = np.zeros(history.shape), np.zeros(history.shape)
    for t in range(1, history.shape[1]):
        past[:, t] = discount * past[:, t - 1] + history[:, t - 1]
        volume[:, t] = discount * volume[:, t - 1] + exposure[:, t - 1]
    return shape + past, rate + volume


def _log_truncated(y: Floats, mean: Floats, size: Floats) -> Floats:
    """Log probability of a negative binomial count, given that it is at least one."""
    from scipy.special import gammaln

    zero = -size * np.log1p(mean / size)
    plain = (
        gammaln(y + size) - gammaln(size) - gammaln(y + 1) + zero + y * np.log(mean / (mean + size))
    )
    result: Floats = plain - np.log(-np.expm1(zero))
    return result
