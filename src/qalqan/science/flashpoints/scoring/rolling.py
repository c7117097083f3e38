"""Rolling origin: forecasts made with what was known then, scored with what came after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.scoring.checks import ScoreInputError, counts, numbers, refuse
from qalqan.science.flashpoints.scoring.comparison import Verdict, compare
from qalqan.science.flashpoints.scoring.counts import Forecast, crps, log_score, share_log_score
from qalqan.science.flashpoints.scoring.hotspots import HotspotScore, hotspots

SHARES = (0.01, 0.05, 0.10)
"""Shares of area at which hits are counted."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One forecast: what it may see, and what it is asked.

    Attributes
    ----------
    known : int
        Periods 0 to ``known - 1`` are seen.
    target : int
        The period that is forecast.
    """

    known: int
    target: int

    @property
    def lead(self) -> int:
        """Return how many periods ahead of the last seen one the target lies."""
        return self.target - self.known + 1


def rolling_origins(n_periods: int, *, first: int, embargo: int = 0, step: int = 1) -> list[Origin]:
    """Return one origin for each period to be forecast.

    An embargo leaves out the periods just before the target: their reports had not all come in
    when the forecast would have been made, and a test that uses them flatters every method that
    looks at the last week.

    Parameters
    ----------
    n_periods : int
        Periods there are.
    first : int
        First period to be forecast.
    embargo : int
        Periods before the target that may not be seen.
    step : int
        Periods from one origin to the next.

    Returns
    -------
    list of Origin
        In order of time.

    Raises
    ------
    ScoreInputError
        If nothing is left to learn from or to forecast.

    References
    ----------
    Tashman, L. J. (2000). Out-of-sample tests of forecasting accuracy: an analysis and review.
    International Journal of Forecasting 16(4), 437-450.

    Examples
    --------
    >>> [(o.known, o.target, o.lead) for o in rolling_origins(6, first=4, embargo=1)]
    [(3, 4, 2), (4, 5, 2)]
    """
    if embargo < 0 or step < 1:
        raise ScoreInputError("the embargo must be 0 or more, the step 1 or more")
    if not embargo < first < n_periods:
        raise ScoreInputError(
            f"first period {first} with embargo {embargo} does not fit in {n_periods} periods"
        )
    return [Origin(target - embargo, target) for target in range(first, n_periods, step)]


@dataclass(frozen=True, slots=True)
class Events:
    """Single events, for models that need more than counts.

    Attributes
    ----------
    places : (m, 2) float64
        Plane coordinates, in km.
    times : (m,) float64
        In periods; period ``i`` runs from ``i`` to ``i + 1``.
    """

    places: NDArray[np.float64]
    times: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class History:
    """What a forecaster may see.

    Attributes
    ----------
    counts : (n, known) float64
        Events of each cell and period.
    lead : int
        The period asked for is ``known - 1 + lead``.
    centres : (n, 2) float64, optional
        Plane coordinates of the cells, in km.
    events : Events, optional
        Single events before the end of the last seen period.
    """

    counts: NDArray[np.float64]
    lead: int = 1
    centres: NDArray[np.float64] | None = None
    events: Events | None = None


class Forecaster(Protocol):
    """Anything that turns a history into a forecast of one period."""

    def forecast(self, history: History) -> Forecast:
        """Return mean and dispersion of each cell."""


@dataclass(frozen=True, slots=True)
class Panel:
    """All counts of the test, and where the cells lie.

    Parameters
    ----------
    counts : (n, periods) array of int
        Events of each cell and period.
    centres : (n, 2) array of float, optional
        Plane coordinates of the cells, in km.
    events : Events, optional
        The single events behind the counts.
    known_at : (m,) array of float, optional
        When each single event became known, in periods; an event takes part in a history only if
        it was known when the last seen period ended. Needs ``events`` and ``cell``.
    cell : (m,) array of int, optional
        Cell of each single event.

    Raises
    ------
    ScoreInputError
        If counts are negative or no whole numbers, or shapes disagree.
    """

    counts: NDArray[np.float64]
    centres: NDArray[np.float64] | None = None
    events: Events | None = None
    known_at: NDArray[np.float64] | None = None
    cell: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", counts(self.counts, "counts", ndim=2))
        if self.centres is not None:
            centres = numbers(self.centres, "centres", ndim=2)
            if centres.shape != (len(self.counts), 2):
                raise ScoreInputError(f"centres: shape {centres.shape} does not match the counts")
            object.__setattr__(self, "centres", centres)
        if self.known_at is not None:
            if self.events is None or self.cell is None:
                raise ScoreInputError("known_at needs the events and their cells")
            if not len(self.known_at) == len(self.events.times) == len(self.cell):
                raise ScoreInputError("known_at, cell and events differ in length")
            refuse(self.known_at < self.events.times, "known_at: before the event")

    def history(self, origin: Origin) -> History:
        """Return what was known at an origin."""
        seen, events = self.counts[:, : origin.known], self.events
        if events is not None:
            ready = events.times < origin.known
            if self.known_at is not None and self.cell is not None:
                ready &= self.known_at <= origin.known
                seen = np.zeros((len(self.counts), origin.known))
                np.add.at(seen, (self.cell[ready], events.times[ready].astype(int)), 1)
            events = Events(events.places[ready], events.times[ready])
        return History(seen, origin.lead, self.centres, events)


@dataclass(frozen=True, slots=True)
class OriginScore:
    """How one forecast did.

    Attributes
    ----------
    origin : Origin
        When.
    forecast : Forecast
        What was said.
    observed : (n,) float64
        What happened.
    hotspots : tuple of HotspotScore
        Hits at each share of area.
    """

    origin: Origin
    forecast: Forecast
    observed: NDArray[np.float64]
    hotspots: tuple[HotspotScore, ...]

    @property
    def log_score(self) -> float:
        """Return the summed log score of all cells, in nats."""
        return float(log_score(self.forecast, self.observed).sum())

    @property
    def crps(self) -> float:
        """Return the summed CRPS of all cells, in events."""
        return float(crps(self.forecast, self.observed).sum())

    @property
    def share_log_score(self) -> float:
        """Return the summed log score of the map alone, in nats."""
        return float(share_log_score(self.forecast, self.observed).sum())


def score_origin(
    forecaster: Forecaster,
    panel: Panel,
    origin: Origin,
    *,
    seed: int,
    shares: Sequence[float] = SHARES,
    area: ArrayLike | None = None,
) -> OriginScore:
    """Make and score one forecast; independent of all others, so they may run anywhere.

    Ties are broken by a stream that depends on the seed and the target only.
    """
    forecast = forecaster.forecast(panel.history(origin))
    observed = panel.counts[:, origin.target]
    if forecast.mean.shape != observed.shape:
        raise ScoreInputError(
            f"the forecaster gave {forecast.mean.shape} values for {len(observed)} cells"
        )
    rng = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, origin.target]))
    spots = tuple(
        hotspots(forecast.mean, observed, share_of_area=share, rng=rng, area=area)
        for share in shares
    )
    return OriginScore(origin, forecast, observed, spots)


def backtest(
    forecaster: Forecaster,
    panel: Panel,
    origins: Iterable[Origin],
    *,
    seed: int,
    shares: Sequence[float] = SHARES,
    area: ArrayLike | None = None,
) -> list[OriginScore]:
    """Score a forecaster at every origin.

    Parameters
    ----------
    forecaster : Forecaster
        Makes the forecasts.
    panel : Panel
        All counts; at each origin only what was known then is shown.
    origins : iterable of Origin
        See :func:`rolling_origins`.
    seed : int
        For breaking ties.
    shares : sequence of float
        Shares of area at which hits are counted.
    area : (n,) array of float, optional
        Area of the cells; without it all are equal.

    Returns
    -------
    list of OriginScore
        In the order of the origins.

    Examples
    --------
    >>> from qalqan.science.flashpoints.forecast import CountMap
    >>> panel = Panel(np.array([[1, 2, 1, 2, 3], [0, 0, 1, 0, 0]]))
    >>> scores = backtest(CountMap(), panel, rolling_origins(5, first=3), seed=1)
    >>> [score.origin.target for score in scores]
    [3, 4]
    """
    return [
        score_origin(forecaster, panel, origin, seed=seed, shares=shares, area=area)
        for origin in origins
    ]


def judge(
    scores: Sequence[OriginScore],
    baseline: Sequence[OriginScore],
    *,
    rng: np.random.Generator,
    loss: Callable[[OriginScore], float] = lambda score: score.log_score,
    block: int = 4,
    resamples: int = 9999,
    level: float = 0.95,
    unit: str = "nats an event",
) -> Verdict:
    """Say whether a forecaster beat the baseline on the same origins.

    See :func:`qalqan.science.flashpoints.scoring.comparison.compare`.

    Raises
    ------
    ScoreInputError
        If the two were not scored on the same origins.
    """
    if [score.origin for score in scores] != [score.origin for score in baseline]:
        raise ScoreInputError("the two forecasts were not made at the same origins")
    return compare(
        [loss(score) for score in scores],
        [loss(score) for score in baseline],
        [score.observed.sum() for score in scores],
        rng=rng, block=block, resamples=resamples, level=level, unit=unit,
    )  # fmt: skip
