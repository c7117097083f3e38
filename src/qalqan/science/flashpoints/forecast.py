"""Forecasts of the next period for each cell: count maps, season, kernels, contagion.

Every forecaster has ``forecast(history)`` and keeps nothing between calls, so that origins of a
backtest may run in any order and on any machine. :class:`CountMap` is the baseline: on a year of
real thefts it beat every kernel density and the self-exciting model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qalqan.science.flashpoints.scoring.checks import ScoreInputError
from qalqan.science.flashpoints.scoring.counts import Forecast, share_log_score
from qalqan.science.flashpoints.scoring.rolling import History

if TYPE_CHECKING:
    from qalqan.science.flashpoints.selfexciting.spacetime import Model

Floats = NDArray[np.float64]

_LEAST = 1e-12


def fitted_size(totals: Floats, mean: Floats) -> float:
    """Return the size of the negative binomial that fits counts with given means best.

    Parameters
    ----------
    totals : (n,) array of float
        Counts, possibly weighted.
    mean : (n,) array of float
        What is expected of each, above 0.

    Returns
    -------
    float
        Size between exp(-6) and exp(12): small for cells that differ much, large for cells alike.

    Examples
    --------
    >>> alike = fitted_size(np.array([5.0, 5.0, 5.0, 5.0]), np.full(4, 5.0))
    >>> unlike = fitted_size(np.array([0.0, 0.0, 0.0, 20.0]), np.full(4, 5.0))
    >>> alike > 1000, unlike < 1
    (True, True)
    """
    from scipy import optimize, special

    def loss(log_size: float) -> float:
        size = np.exp(log_size)
        return -float(
            np.sum(
                special.gammaln(totals + size)
                - special.gammaln(size)
                - size * np.log1p(mean / size)
                + special.xlogy(totals, mean)
                - totals * np.log(size + mean)
            )
        )

    return float(np.exp(optimize.minimize_scalar(loss, bounds=(-6, 12), method="bounded").x))


def shrunk(totals: Floats, exposure: float) -> Forecast:
    """Return the Gamma–Poisson forecast of one period from counts over some periods.

    Rates of cells are drawn from one gamma distribution whose shape is fitted to the counts
    themselves; a cell with few events moves towards the mean of all, one with many keeps its own
    rate. The forecast is the negative binomial that follows.

    Parameters
    ----------
    totals : (n,) array of float
        Counts of each cell, possibly weighted.
    exposure : float
        Periods, or the sum of their weights.

    Returns
    -------
    Forecast
        Of one period.

    References
    ----------
    Clayton, D., Kaldor, J. (1987). Empirical Bayes estimates of age-standardized relative risks
    for use in disease mapping. Biometrics 43(3), 671-681, section 3.

    Examples
    --------
    >>> shrunk(np.array([0.0, 10.0]), 10.0).mean.round(2).tolist()
    [0.03, 0.97]
    """
    overall = max(float(totals.mean()), _LEAST)
    size = fitted_size(totals, np.full(len(totals), overall))
    shape = size + totals
    return Forecast(shape / (size / overall + 1) / exposure, 1 / shape)


def _decay(periods: int, half_life: float | None) -> Floats:
    """Return the weight of each period, 1 for the latest."""
    if half_life is None:
        return np.ones(periods)
    return np.asarray(0.5 ** (np.arange(periods)[::-1] / half_life))


def _seen(history: History) -> Floats:
    """Return the counts, of which there must be some."""
    if history.counts.ndim != 2 or history.counts.shape[1] == 0 or len(history.counts) == 0:
        raise ScoreInputError(f"history of shape {history.counts.shape} holds no period")
    return history.counts


@dataclass(frozen=True, slots=True)
class CountMap:
    """All past counts with Gamma–Poisson shrinkage: the baseline.

    Examples
    --------
    >>> CountMap().forecast(History(np.array([[2.0, 2.0], [0.0, 0.0]]))).mean.sum().round(6)
    np.float64(2.0)
    """

    def forecast(self, history: History) -> Forecast:
        """Return mean and dispersion of each cell."""
        counts = _seen(history)
        return shrunk(counts.sum(axis=1), float(counts.shape[1]))


@dataclass(frozen=True, slots=True)
class RecentCounts:
    """Counts that lose half their weight every ``half_life`` periods, with the same shrinkage.

    Examples
    --------
    >>> history = History(np.array([[9.0, 0.0, 0.0], [0.0, 0.0, 9.0]]))
    >>> low, high = RecentCounts(1.0).forecast(history).mean
    >>> bool(high > 2 * low)
    True
    """

    half_life: float

    def __post_init__(self) -> None:
        if not self.half_life > 0:
            raise ScoreInputError(f"half_life: {self.half_life} is not above 0")

    def forecast(self, history: History) -> Forecast:
        """Return mean and dispersion of each cell."""
        counts = _seen(history)
        weights = _decay(counts.shape[1], self.half_life)
        return shrunk(counts @ weights, float(weights.sum()))


@dataclass(frozen=True, slots=True)
class SeasonalCountMap:
    """The count map for where, a yearly wave with a moving level for how many.

    The total of each period is fitted by weighted least squares on its logarithm (a constant and
    a sine and cosine of the year); the map's means are scaled to the total so expected. Less
    than ``least`` periods are not enough for a wave: then the map is left as it is.

    Parameters
    ----------
    year : float
        Periods of a year.
    half_life : float
        Of the weight of past totals, in periods.
    least : int
        Periods needed for a wave.
    """

    year: float = 365.2425 / 7
    half_life: float = 104.0
    least: int = 78

    def __post_init__(self) -> None:
        if not (self.year > 2 and self.half_life > 0 and self.least >= self.year):
            raise ScoreInputError("year, half_life and least must be above 2, above 0 and a year")

    def forecast(self, history: History) -> Forecast:
        """Return mean and dispersion of each cell."""
        base = CountMap().forecast(history)
        total = self.expected_total(history)
        return Forecast(base.mean * (total / base.mean.sum()), base.dispersion)

    def expected_total(self, history: History) -> float:
        """Return how many events are expected in the target period, over all cells."""
        counts = _seen(history)
        known = int(counts.shape[1])
        if known < self.least:
            return max(float(counts.sum()) / known, _LEAST)
        # A period without any event counts as half an event, so that its logarithm exists.
        logs = np.log(np.maximum(counts.sum(axis=0), 0.5))
        root = np.sqrt(_decay(known, self.half_life))
        wave = self._wave(np.arange(known))
        fit: Floats = np.linalg.lstsq(wave * root[:, None], logs * root, rcond=None)[0]
        target = np.array([known - 1 + history.lead])
        logged: Floats = self._wave(target) @ fit
        return float(np.exp(logged[0]))

    def _wave(self, periods: NDArray[np.int64]) -> Floats:
        """Return a constant, and the cosine and sine of the year, of each period."""
        angle = 2 * np.pi * periods / self.year
        return np.column_stack([np.ones(len(periods)), np.cos(angle), np.sin(angle)])


@dataclass(frozen=True, slots=True)
class KernelDensity:
    """Gaussian kernels over past counts, the bandwidth chosen on the latest known periods.

    Each candidate is scored on ``held_out`` periods from the counts before them; the one that
    gives their events the highest probability is used with all counts.

    Parameters
    ----------
    bandwidths : sequence of float
        Candidates, in km.
    held_out : int
        Periods kept for the choice.
    half_life : float, optional
        Of the weight of past counts, in periods; none means all count the same.

    References
    ----------
    Silverman, B. W. (1986). Density estimation for statistics and data analysis. Chapman & Hall,
    section 3.4 (choice by held-out likelihood) and 4.2.
    """

    bandwidths: Sequence[float] = (0.5, 1.0, 2.0, 4.0)
    held_out: int = 12
    half_life: float | None = None

    def __post_init__(self) -> None:
        if not self.bandwidths or min(self.bandwidths) <= 0 or self.held_out < 1:
            raise ScoreInputError("bandwidths must be above 0, and one period or more held out")

    def forecast(self, history: History) -> Forecast:
        """Return mean and dispersion of each cell."""
        counts = _seen(history)
        return Forecast(self.smoothed(counts, _centres(history), self.chosen(history)))

    def chosen(self, history: History) -> float:
        """Return the bandwidth that the held-out periods prefer, in km."""
        counts, centres = _seen(history), _centres(history)
        if len(self.bandwidths) == 1 or counts.shape[1] <= self.held_out:
            return float(self.bandwidths[0])
        past, later = counts[:, : -self.held_out], counts[:, -self.held_out :].sum(axis=1)
        losses = [
            float(share_log_score(Forecast(self.smoothed(past, centres, width)), later).sum())
            for width in self.bandwidths
        ]
        return float(self.bandwidths[int(np.argmin(losses))])

    def smoothed(self, counts: Floats, centres: Floats, bandwidth: float) -> Floats:
        """Return the mean of a period in each cell; the total is that of the counts."""
        weights = _decay(counts.shape[1], self.half_life)
        totals = counts @ weights / weights.sum()
        # A thousandth is spread over all cells: nothing that can happen gets probability 0.
        smooth = 0.999 * (kernel_matrix(centres, bandwidth) @ totals) + 0.001 * totals.mean()
        return np.asarray(np.maximum(smooth, _LEAST))


def kernel_matrix(centres: Floats, bandwidth: float) -> Any:
    """Return the sparse matrix that spreads the counts of each cell over its neighbours.

    Parameters
    ----------
    centres : (n, 2) array of float
        Plane coordinates, in km.
    bandwidth : float
        Standard deviation on each axis, in km; cut off at four of them.

    Returns
    -------
    (n, n) scipy.sparse.csr_matrix
        Columns sum to 1, so that no event is lost.

    Examples
    --------
    >>> matrix = kernel_matrix(np.array([[0.0, 0.0], [1.0, 0.0], [50.0, 0.0]]), 1.0)
    >>> matrix.toarray()[:, 0].round(3).tolist()
    [0.622, 0.378, 0.0]
    """
    from scipy import sparse, spatial

    tree = spatial.cKDTree(centres)
    near = tree.sparse_distance_matrix(tree, 4 * bandwidth, output_type="coo_matrix")
    weight = np.exp(-0.5 * (near.data / bandwidth) ** 2)
    kernel = sparse.csr_matrix((weight, (near.row, near.col)), shape=near.shape)
    return kernel @ sparse.diags_array(1 / np.asarray(kernel.sum(axis=0)).ravel())


@dataclass(frozen=True, slots=True)
class SelfExciting:
    """The count map as background, and offspring of known events by a fitted process.

    Offspring of all generations are counted: for an exponential kernel with branching ratio a and
    rate b they come with density ``a b exp(-(1 - a) b t)`` in time. Their place is spread like one
    generation's. Events that will happen between the last known period and the target have
    offspring too, placed like the background.

    Parameters
    ----------
    model : qalqan.science.flashpoints.selfexciting.spacetime.Model
        Fitted on events before the first origin; exponential in time, Gaussian in space, time in
        periods and length in km.
    size : float
        Side of the square cells, in km.
    level : SeasonalCountMap, optional
        Says how many events there will be; without it the process does, which knows no season.

    Raises
    ------
    ScoreInputError
        If the kernels are others, the process grows without bound, or events are missing.

    References
    ----------
    Hawkes, A. G., Oakes, D. (1974). A cluster process representation of a self-exciting process.
    Journal of Applied Probability 11(3), 493-503.
    """

    model: Model
    size: float
    level: SeasonalCountMap | None = None

    def __post_init__(self) -> None:
        shapes = self.model.time_shape, self.model.space_shape
        if shapes != ("exponential", "gaussian") or not 0 <= self.model.alpha < 1:
            raise ScoreInputError("model: exponential and gaussian, branching ratio below 1, only")

    def forecast(self, history: History) -> Forecast:
        """Return mean and dispersion of each cell."""
        if history.events is None:
            raise ScoreInputError("the self-exciting forecast needs single events")
        model, base = self.model, CountMap().forecast(history)
        slow = (1 - model.alpha) * model.time
        known = float(history.counts.shape[1])
        start, end = known + history.lead - 1, known + history.lead
        age = known - history.events.times
        born = model.alpha / (1 - model.alpha)
        lead = start - known
        weight = born * (np.exp(-slow * (age + lead)) - np.exp(-slow * (age + end - known)))
        young = weight > 1e-6
        offspring = self._placed(history.events.places[young], weight[young], _centres(history))
        # Newcomers since the last known moment, with what they bring until the target is over.
        ramp = (np.exp(-slow * lead) - np.exp(-slow * (end - known))) / slow
        newcomers = model.mu * (1 + born * (1 - ramp))
        background = base.mean / base.mean.sum() * newcomers
        mean = background + offspring
        if self.level is not None:
            mean = mean * (self.level.expected_total(history) / mean.sum())
        return Forecast(mean, base.dispersion)

    def _placed(self, places: Floats, weight: Floats, centres: Floats) -> Floats:
        """Return the offspring expected in each cell; what falls outside all cells is lost."""
        from scipy import spatial, special

        reach = 4 * self.model.space + self.size
        near = spatial.cKDTree(places).sparse_distance_matrix(
            spatial.cKDTree(centres), reach, output_type="coo_matrix"
        )
        away = centres[near.col] - places[near.row]
        scale = np.sqrt(2) * self.model.space
        half = self.size / 2
        share = 0.25 * np.prod(
            special.erf((away + half) / scale) - special.erf((away - half) / scale), axis=1
        )
        return np.bincount(near.col, share * weight[near.row], len(centres)).astype(np.float64)


def _centres(history: History) -> Floats:
    """Return where the cells lie, which must be known."""
    if history.centres is None:
        raise ScoreInputError("this forecast needs the centres of the cells")
    return history.centres
