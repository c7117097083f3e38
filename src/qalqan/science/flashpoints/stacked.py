"""Several maps mixed by how well each would have done lately: old and recent, sharp and smooth."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qalqan.science.flashpoints.forecast import CountMap, SeasonalCountMap, kernel_matrix
from qalqan.science.flashpoints.scoring.checks import ScoreInputError
from qalqan.science.flashpoints.scoring.counts import Forecast, log_score
from qalqan.science.flashpoints.scoring.rolling import History

Floats = NDArray[np.float64]

Component = tuple[float | None, float | None]
"""Half-life of past counts in periods (none: all count the same), bandwidth in km (none: raw)."""

COMPONENTS: tuple[Component, ...] = (
    (None, None), (104.0, None), (26.0, None), (8.0, None), (None, 1.0), (26.0, 1.0),
)  # fmt: skip

_SPREADS = (0.0, 0.02, 0.05, 0.1, 0.2)
"""Candidates for the dispersion beyond that of the rates, chosen with the weights."""

_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class StackedMaps:
    """A mixture of maps for where, :class:`SeasonalCountMap`'s level for how many.

    Each component, and one map that is the same everywhere, is asked for each of the last
    ``window`` known periods what it would have said with the same lead. The weights that give
    the events of those periods the highest probability (expectation maximisation) mix the maps
    of the forecast; the dispersion that would have scored best is added to that of the rates.

    Parameters
    ----------
    components : tuple of (half-life or None, bandwidth or None)
        Maps to mix.
    window : int
        Periods on which the weights are learnt. With less than twice as many known, the
        seasonal count map is returned instead.
    level : SeasonalCountMap
        Says how many events there will be.

    References
    ----------
    Hall, S. G., Mitchell, J. (2007). Combining density forecasts. International Journal of
    Forecasting 23(1), 1-13. Weights by expectation maximisation: Dempster, A. P., Laird, N. M.,
    Rubin, D. B. (1977). Journal of the Royal Statistical Society B 39(1), 1-38, section 4.3.
    """

    components: tuple[Component, ...] = COMPONENTS
    window: int = 52
    level: SeasonalCountMap = field(default_factory=SeasonalCountMap)

    def __post_init__(self) -> None:
        sizes = [size for pair in self.components for size in pair if size is not None]
        if not self.components or self.window < 1 or any(not size > 0 for size in sizes):
            raise ScoreInputError(
                "components: some are needed, half-lives and bandwidths above 0, a window of 1"
            )

    def forecast(self, history: History) -> Forecast:
        """Return mean and dispersion of each cell."""
        known = history.counts.shape[1]
        if known < 2 * self.window or known < self.window + history.lead:
            return self.level.forecast(history)
        # What each map said when the last period it could see was this one.
        seen = np.arange(known - self.window - history.lead, known)
        maps = np.stack([*self._maps(history, seen)])
        asked = history.counts[:, known - self.window :].T
        weights = mixing_weights(maps[:, : self.window], asked)
        mixed = np.tensordot(weights, maps, axes=1)
        base = CountMap().forecast(history).dispersion
        spread = self._spread(mixed[: self.window], asked, base)
        total = self.level.expected_total(history)
        return Forecast(mixed[-1] * total, base + spread)

    def _maps(self, history: History, seen: NDArray[np.int64]) -> list[Floats]:
        """Return each component as (periods, cells) shares, and the uniform one."""
        result = []
        for half_life, bandwidth in self.components:
            running = _running(history.counts, half_life)[seen]
            if bandwidth is not None:
                if history.centres is None:
                    raise ScoreInputError("a smoothed map needs the centres of the cells")
                running = (kernel_matrix(history.centres, bandwidth) @ running.T).T
            total = running.sum(axis=1, keepdims=True)
            even = np.full_like(running, 1 / running.shape[1])
            result.append(np.divide(running, total, out=even, where=total > 0))
        return [*result, np.full_like(result[0], 1 / len(history.counts))]

    @staticmethod
    def _spread(maps: Floats, asked: Floats, base: Floats) -> float:
        """Return the extra dispersion that would have scored best, each period's total given."""
        losses = []
        for spread in _SPREADS:
            forecasts = (
                (Forecast(share * max(now.sum(), 1.0), base + spread), now)
                for share, now in zip(maps, asked, strict=True)
            )
            losses.append(sum(float(log_score(one, now).sum()) for one, now in forecasts))
        return _SPREADS[int(np.argmin(losses))]


def mixing_weights(maps: Floats, counts: Floats) -> Floats:
    """Return the weights of maps that give the events the highest probability.

    Parameters
    ----------
    maps : (components, periods, cells) array of float
        Shares; each period of each component sums to 1.
    counts : (periods, cells) array of float
        Events.

    Returns
    -------
    (components,) array of float64
        0 or more, summing to 1; equal without events.

    Examples
    --------
    >>> sharp, flat = [[0.75, 0.25]], [[0.5, 0.5]]
    >>> mixing_weights(np.array([sharp, flat]), np.array([[30.0, 10.0]])).round(2).tolist()
    [1.0, 0.0]
    """
    weights = np.full(len(maps), 1 / len(maps))
    happened = counts > 0
    times, said = counts[happened], maps[:, happened]
    # Where no map gives any probability, none can be blamed for it.
    possible = said.sum(axis=0) > 0
    times, said = times[possible], said[:, possible]
    if times.size == 0:
        return weights
    for _ in range(_ROUNDS):
        blame = weights[:, None] * said
        weights = (blame / blame.sum(axis=0)) @ times / times.sum()
    return np.asarray(weights)


def _running(counts: Floats, half_life: float | None) -> Floats:
    """Return (periods, cells) weighted sums of the counts up to and with each period."""
    keep = 1.0 if half_life is None else 0.5 ** (1 / half_life)
    result = np.empty(counts.T.shape)
    total = np.zeros(len(counts))
    for period, now in enumerate(counts.T):
        total = total * keep + now
        result[period] = total
    return result
