"""Which claims grow now: the last window of each against its own history and all others.

A claim is called growing when it has more copies in the last window than a discounted
gamma-Poisson forecast of its own past allows, after correction for having looked at every
claim. The forecast is negative binomial: copies of posts come in bursts, and Poisson limits
would be far too narrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from qalqan.science.spread.growth_model import (
    Floats,
    GrowthModel,
    Ints,
    exposures,
    fit_model,
    mixed_size,
)

_WIDEST = 30.0
"""Natural logarithm of the largest factor that an interval looks at: 1e13."""
_BISECTIONS = 44
"""Halvings of that range: the ends are then exact to about 1e-11 of themselves."""


class Verdict(StrEnum):
    """What the counts of a claim say."""

    GROWING = "growing"
    NOT_GROWING = "not_growing"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Growth:
    """What the counts of every claim say; all arrays have one entry a claim.

    Parameters
    ----------
    copies, previous
        Copies in the last window and in the one before it.
    is_new
        Whether the claim has no copy before the window.
    expected
        Copies expected in the window at today's overall volume: from the claim's own past, or
        for a new claim the mean first block of all claims.
    rate_ratio, low, high
        ``copies / expected`` and its interval: the ratios that the test of ``p_value`` would not
        reject from either side, so ``low`` is above 1 exactly where ``p_value`` is below half of
        1 − level. ``high`` is infinite where the past is less than one discounted copy, because
        nothing then bounds the ratio from above. With fewer than ``minimum_copies`` the interval
        is (0, ∞): nothing is said of such claims.
    p_value
        One-sided: the chance of at least so many copies, given at least one.
    q_value
        The p-value corrected for all claims examined.
    verdicts
        One `Verdict` a claim.
    examined
        Number of claims with a copy in the window: what the correction counts.
    model
        The forecast used.
    """

    copies: Ints
    previous: Ints
    is_new: NDArray[np.bool_]
    expected: Floats
    rate_ratio: Floats
    low: Floats
    high: Floats
    p_value: Floats
    q_value: Floats
    verdicts: tuple[Verdict, ...]
    examined: int
    model: GrowthModel


def to_blocks(
    claim: NDArray[np.integer],
    hours_ago: NDArray[np.integer],
    copies: NDArray[np.integer],
    *,
    claims: int,
    blocks: int,
    window_hours: int = 24,
) -> Ints:
    """Add hourly counts up into blocks that end now.

    Parameters
    ----------
    claim, hours_ago, copies : (n,)
        Row of the claim, whole hours before now (0 is the hour that ends now), and count.
    claims
        Number of rows of the result.
    blocks
        Number of blocks kept; older hours are left out.
    window_hours
        Length of a block in hours. Blocks of 24 h cancel the daily rhythm.

    Returns
    -------
    (claims, blocks)
        Copies, oldest block first; the last column is the window.

    Examples
    --------
    >>> import numpy as np
    >>> to_blocks(np.array([0, 0, 1]), np.array([0, 25, 3]), np.array([5, 2, 1]),
    ...           claims=2, blocks=2)
    array([[2, 5],
           [0, 1]])
    """
    block = blocks - 1 - np.asarray(hours_ago) // window_hours
    kept = (block >= 0) & (np.asarray(hours_ago) >= 0)
    table = np.zeros((claims, blocks), dtype=np.int64)
    np.add.at(table, (np.asarray(claim)[kept], block[kept]), np.asarray(copies)[kept])
    return table


def growing_now(
    counts: NDArray[np.integer],
    *,
    totals: NDArray[np.integer] | None = None,
    model: GrowthModel | None = None,
    minimum_copies: int = 5,
    alpha: float = 0.05,
    level: float = 0.95,
    correction: str = "bh",
) -> Growth:
    r"""Tell which claims grow now.

    With :math:`y_{it}` copies of claim :math:`i` in block :math:`t`, exposure
    :math:`e_{it}` (the volume of everything else in the block over its mean) and discount
    :math:`\delta`, the level of a claim before the window has a gamma distribution with

    .. math:: \alpha_i = a + \sum_j \delta^{j} y_{i,t-1-j}, \qquad
              \beta_i = b + \sum_j \delta^{j} e_{i,t-1-j},

    and the window is negative binomial with mean :math:`m_i = e_{it}\,\alpha_i/\beta_i` and
    size :math:`s_i`, :math:`1/s_i = 1/k + (1 + 1/k)/\alpha_i`. A claim without any past is
    compared with the first blocks of all earlier claims, which are negative binomial with
    parameters of their own. The p-value is :math:`P(Y \ge y)/P(Y \ge 1)`: only claims with a
    copy in the window are looked at.

    The interval of the rate ratio :math:`\rho` inverts this test: with the mean
    :math:`\rho\,m_i` and the size unchanged, its ends solve
    :math:`P_\rho(Y \ge y)/P_\rho(Y \ge 1) = (1-\text{level})/2` and
    :math:`1 - P_\rho(Y \ge y+1)/P_\rho(Y \ge 1) = (1-\text{level})/2`, so that interval and
    p-value cannot contradict each other.

    Parameters
    ----------
    counts : (n_claims, n_blocks)
        Copies, oldest block first; the last column is the window. Every claim with a copy
        in the period belongs here, also those that have died, or the dispersion is biased.
    totals : (n_blocks,), optional
        All messages of each block; the column sums of ``counts`` by default.
    model
        Forecast; fitted to the blocks before the window by default.
    minimum_copies
        Fewer copies in the window are never called growing.
    alpha
        False discovery rate, in (0, 1).
    level
        Coverage of the interval of the rate ratio.
    correction
        ``"bh"`` (Benjamini-Hochberg) or ``"by"`` (Benjamini-Yekutieli, any dependence).

    Returns
    -------
    Growth

    Raises
    ------
    ValueError
        The table is not two-dimensional, has fewer than two blocks or negative counts.

    References
    ----------
    A. C. Harvey, C. Fernandes, "Time series models for count or qualitative observations",
    J. Business & Economic Statistics 7 (1989) 407-417, eqs. 2.3-2.8 (discounted
    gamma-Poisson filter). W. DuMouchel, "Bayesian data mining in large frequency tables",
    American Statistician 53 (1999) 177-190 (gamma prior over all cells). Y. Benjamini,
    Y. Hochberg, JRSS B 57 (1995) 289-300; Y. Benjamini, D. Yekutieli, Annals of Statistics
    29 (2001) 1165-1188. C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413 (limits
    of a discrete distribution by inverting its test).

    Examples
    --------
    >>> import numpy as np
    >>> steady = np.full((40, 15), 4)
    >>> steady[0, -1] = 60
    >>> result = growing_now(steady)
    >>> [i for i, v in enumerate(result.verdicts) if v is Verdict.GROWING]
    [0]
    """
    table = np.asarray(counts, dtype=np.int64)
    if table.ndim != 2 or table.shape[1] < 2:
        raise ValueError("counts must have claims as rows and at least two blocks as columns")
    if table.size and table.min() < 0:
        raise ValueError("counts must not be negative")
    exposure = exposures(table, totals)
    model = fit_model(table, totals=totals) if model is None else model
    forecast = _forecast(table, exposure, model)
    copies, previous = table[:, -1], table[:, -2]
    p_value = _tail(copies, forecast.mean, forecast.size)
    examined = copies > 0
    q_value = np.ones(len(table))
    q_value[examined] = adjust(p_value[examined], method=correction)
    expected = forecast.expected
    ratio, low, high = _ratio(copies, forecast, minimum_copies, level)
    verdicts = tuple(
        Verdict.TOO_FEW if few else Verdict.GROWING if grows else Verdict.NOT_GROWING
        for few, grows in zip(
            copies < minimum_copies, (q_value <= alpha) & (copies > previous), strict=True
        )
    )
    return Growth(
        copies, previous, forecast.new, expected, ratio, low, high, p_value, q_value, verdicts,
        int(examined.sum()), model,
    )  # fmt: skip


def adjust(p_values: Floats, *, method: str = "bh") -> Floats:
    """Correct p-values for their number, keeping the false discovery rate.

    Parameters
    ----------
    p_values : (n,)
        Any order.
    method
        ``"bh"`` (independent or positively dependent) or ``"by"`` (any dependence).

    Returns
    -------
    (n,)
        q-values in the same order.

    Raises
    ------
    ValueError
        Unknown method.

    References
    ----------
    Benjamini and Hochberg (1995), eq. 1; Benjamini and Yekutieli (2001), theorem 1.3.

    Examples
    --------
    >>> import numpy as np
    >>> adjust(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    if method not in ("bh", "by"):
        raise ValueError(f"unknown correction: {method}")
    n = len(p_values)
    if n == 0:
        return np.zeros(0)
    order = np.argsort(p_values, kind="stable")
    harmonic = float(np.sum(1.0 / np.arange(1, n + 1))) if method == "by" else 1.0
    scaled = p_values[order] * harmonic * n / np.arange(1, n + 1)
    q = np.empty(n)
    q[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return q


@dataclass(frozen=True, slots=True)
class _Forecast:
    """Gamma shape of each level, mean and size in the window, and who has no past."""

    shape: Floats
    mean: Floats
    size: Floats
    new: NDArray[np.bool_]

    @property
    def expected(self) -> Floats:
        """Mean of the window; for a claim without a past, given that it is seen at all."""
        return self._mean_of_window(self.mean)

    def multiplied(self, factor: Floats) -> Floats:
        """Return the ratio of the expected copies when the mean is multiplied by a factor."""
        return self._mean_of_window(self.mean * factor) / self.expected

    def only(self, rows: NDArray[np.bool_]) -> _Forecast:
        """Return the forecast of some claims."""
        return _Forecast(self.shape[rows], self.mean[rows], self.size[rows], self.new[rows])

    def _mean_of_window(self, mean: Floats) -> Floats:
        seen = -np.expm1(-self.size * np.log1p(mean / self.size))
        return np.where(self.new, mean / seen, mean)


def _forecast(table: Ints, exposure: Floats, model: GrowthModel) -> _Forecast:
    history = table[:, :-1]
    weights = model.discount ** np.arange(history.shape[1] - 1, -1, -1)
    shape = model.shape + history @ weights
    mean = exposure[:, -1] * shape / (model.rate + exposure[:, :-1] @ weights)
    new = history.sum(axis=1) == 0
    mean = np.where(new, exposure[:, -1] * model.new_mean, mean)
    size = np.where(new, model.new_size, mixed_size(model.size, shape))
    return _Forecast(shape, mean, size, new)


def _tail(copies: Ints, mean: Floats, size: Floats) -> Floats:
    """Return P(Y >= copies | Y >= 1); 1 where there is no copy."""
    from scipy.special import betainc

    chance = mean / (mean + size)
    p = np.ones(len(copies))
    some = copies > 1
    at_least = betainc(copies[some].astype(np.float64), size[some], chance[some])
    any_copy = -np.expm1(-size[some] * np.log1p(mean[some] / size[some]))
    p[some] = np.minimum(1.0, at_least / any_copy)
    return p


def _ratio(
    copies: Ints, forecast: _Forecast, minimum_copies: int, level: float
) -> tuple[Floats, Floats, Floats]:
    """Rate ratio, and the ratios that the test itself would not reject."""
    ratio = copies / forecast.expected
    low, high = np.zeros(len(copies)), np.full(len(copies), np.inf)
    shown = copies >= max(minimum_copies, 1)
    some = forecast.only(shown)
    tail = (1.0 - level) / 2
    low[shown] = np.minimum(some.multiplied(_scale(copies[shown], some, tail)), ratio[shown])
    # Less than one discounted copy of past bounds nothing from above.
    bounded = some.new | (some.shape >= 1.0)
    above = some.multiplied(_scale(copies[shown] + 1, some, 1.0 - tail))
    high[shown] = np.where(bounded, np.maximum(above, ratio[shown]), np.inf)
    return ratio, low, high


def _scale(copies: Ints, forecast: _Forecast, chance: float) -> Floats:
    """Return the factor of the mean at which so many copies have that chance, by bisection."""
    low = np.full(len(copies), -_WIDEST)
    high = np.full(len(copies), _WIDEST)
    for _step in range(_BISECTIONS):
        middle = (low + high) / 2
        less = _tail(copies, forecast.mean * np.exp(middle), forecast.size) < chance
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    found: Floats = np.exp((low + high) / 2)
    return found
