"""How a prospective scan does when it runs day by day: false alerts, power, days to detection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.results import ScanResult
from qalqan.science.flashpoints.scoring.checks import (
    ScoreInputError,
    counts,
    numbers,
    refuse,
    share,
)


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share of trials with its exact interval.

    Attributes
    ----------
    hits, trials : int
        What was counted.
    low, high : float
        Interval by Clopper and Pearson (1934).
    """

    hits: int
    trials: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """Return the share."""
        return self.hits / self.trials


def rejection_rate(p_values: ArrayLike, *, alpha: float = 0.05, level: float = 0.95) -> Proportion:
    """Return how often a test says "more than expected".

    On data drawn under the null hypothesis this is the type-I error, on data with a planted
    cluster the power.

    Parameters
    ----------
    p_values : (trials,) array of float
        One for each data set.
    alpha : float
        A p-value up to and with it counts.
    level : float
        Of the interval.

    Returns
    -------
    Proportion
        Share and interval.

    Raises
    ------
    ScoreInputError
        If there is no p-value, or one is not between 0 and 1.

    References
    ----------
    Clopper, C. J., Pearson, E. S. (1934). Biometrika 26(4), 404-413.

    Examples
    --------
    >>> found = rejection_rate([0.01, 0.2, 0.05, 0.9])
    >>> found.value, round(found.low, 4), round(found.high, 4)
    (0.5, 0.0676, 0.9324)
    """
    from scipy import special

    share(alpha, "alpha")
    share(level, "level")
    values = numbers(p_values, "p_values", ndim=1)
    refuse((values < 0) | (values > 1), "p_values: not between 0 and 1")
    if len(values) == 0:
        raise ScoreInputError("p_values: none")
    # Ranks make p an exact fraction; rounding must not move 0.05 above 0.05.
    hits, trials = int((values <= alpha * (1 + 1e-12)).sum()), len(values)
    tail = (1 - level) / 2
    low = special.betaincinv(hits, trials - hits + 1, tail) if hits else 0.0
    high = special.betaincinv(hits + 1, trials - hits, 1 - tail) if hits < trials else 1.0
    return Proportion(hits, trials, float(low), float(high))


@dataclass(frozen=True, slots=True)
class DailyResult:
    """What the scan of one day found.

    Attributes
    ----------
    day : int
        Last period that was seen.
    recurrence_interval : float
        Of the most likely cluster, in periods; 0 without one.
    members : frozenset of int
        Its areas.
    """

    day: int
    recurrence_interval: float
    members: frozenset[int]


def run_daily(
    cases: ArrayLike,
    scan: Callable[[NDArray[np.int64], int], ScanResult],
    *,
    first: int,
    seed: int,
) -> list[DailyResult]:
    """Run a prospective scan after each period, with the cases known by then.

    Parameters
    ----------
    cases : (n, periods) array of int
        Cases of each area and period.
    scan
        Called with the cases up to and with a period, and a seed of its own; for instance
        ``lambda known, seed: scan_permutation(known, zones, seed=seed, prospective=True)``.
    first : int
        First period after which the scan runs.
    seed : int
        The seeds of the days follow from it.

    Returns
    -------
    list of DailyResult
        One for each period from ``first`` on.

    Raises
    ------
    ScoreInputError
        If cases are no counts or the first period does not exist.

    References
    ----------
    Kulldorff, M. (2001). Prospective time periodic geographical disease surveillance using a
    scan statistic. Journal of the Royal Statistical Society A 164(1), 61-72.
    """
    table = counts(cases, "cases", ndim=2).astype(np.int64)
    if not 0 <= first < table.shape[1]:
        raise ScoreInputError(f"first: period {first} of {table.shape[1]} does not exist")
    found = []
    for day in range(first, table.shape[1]):
        own = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, day]))
        clusters = scan(table[:, : day + 1], int(own.integers(0, 2**63))).clusters
        if not clusters:
            found.append(DailyResult(day, 0.0, frozenset()))
            continue
        best = clusters[0]
        interval = best.recurrence_interval
        found.append(
            DailyResult(
                day,
                1 / best.p_value if interval is None else interval,
                frozenset(best.members),
            )
        )
    return found


def alert_days(
    days: Iterable[DailyResult], *, threshold: float, quiet: int = 0
) -> list[DailyResult]:
    """Return the days on which an alert begins.

    An alert is a day whose recurrence interval reaches the threshold; days that follow an
    alerting day by at most ``quiet`` periods and share an area with it belong to the same alert.

    Parameters
    ----------
    days : iterable of DailyResult
        In order.
    threshold : float
        Recurrence interval, in periods.
    quiet : int
        0 counts every alerting day by itself.

    Examples
    --------
    >>> days = [DailyResult(i, r, frozenset({3})) for i, r in enumerate([9, 400, 500, 1, 400])]
    >>> [day.day for day in alert_days(days, threshold=365)]
    [1, 2, 4]
    >>> [day.day for day in alert_days(days, threshold=365, quiet=1)]
    [1, 4]
    """
    if not threshold > 0 or quiet < 0:
        raise ScoreInputError("the threshold must be above 0, the quiet time 0 or more")
    begun: list[DailyResult] = []
    lately: list[DailyResult] = []
    for day in days:
        if day.recurrence_interval < threshold:
            continue
        lately = [other for other in lately if day.day - other.day <= quiet]
        if not any(other.members & day.members for other in lately):
            begun.append(day)
        lately.append(day)
    return begun


@dataclass(frozen=True, slots=True)
class AlertRate:
    """False alerts a year with an exact Poisson interval.

    Attributes
    ----------
    alerts : int
        Counted.
    periods : int
        Watched.
    per_year, low, high : float
        Alerts a year, and the interval of it.
    """

    alerts: int
    periods: int
    per_year: float
    low: float
    high: float


def false_alerts(
    runs: Sequence[Sequence[DailyResult]],
    *,
    threshold: float,
    periods_per_year: float,
    quiet: int = 0,
    level: float = 0.95,
) -> AlertRate:
    """Return how many alerts a year come up where nothing happens.

    Parameters
    ----------
    runs : sequence of runs
        Daily results on data drawn under the null hypothesis, each from :func:`run_daily`.
    threshold, quiet
        See :func:`alert_days`.
    periods_per_year : float
        365.25 for days, 52.18 for weeks.
    level : float
        Of the interval, which takes alerts as independent; alerts of neighbouring days are not.

    Returns
    -------
    AlertRate
        Alerts a year. Without any alert the interval still says how many there may be.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28(3-4), 437-442.

    Examples
    --------
    >>> run = [DailyResult(i, 500.0 if i == 7 else 2.0, frozenset({1})) for i in range(73)]
    >>> rate = false_alerts([run], threshold=365, periods_per_year=365)
    >>> rate.per_year, round(rate.low, 2), round(rate.high, 2)
    (5.0, 0.13, 27.86)
    """
    from scipy import special

    share(level, "level")
    watched = sum(len(run) for run in runs)
    if watched == 0 or not periods_per_year > 0:
        raise ScoreInputError("no periods were watched, or a year has none")
    alerts = sum(len(alert_days(run, threshold=threshold, quiet=quiet)) for run in runs)
    tail, scale = (1 - level) / 2, periods_per_year / watched
    low = float(special.gammaincinv(alerts, tail)) if alerts else 0.0
    high = float(special.gammaincinv(alerts + 1, 1 - tail))
    return AlertRate(alerts, watched, alerts * scale, low * scale, high * scale)


@dataclass(frozen=True, slots=True)
class Detection:
    """How soon planted outbreaks were found.

    Attributes
    ----------
    days : tuple of (int or None)
        Periods from the onset to the first right alert, 0 for the same period; none if missed.
    """

    days: tuple[int | None, ...]

    def within(self, periods: int, *, level: float = 0.95) -> Proportion:
        """Return the share found within some periods: the power by then."""
        # rejection_rate counts what is at most alpha, so found is 0 and missed is 1.
        missed = [0.0 if day is not None and day <= periods else 1.0 for day in self.days]
        return rejection_rate(missed, alpha=0.5, level=level)

    @property
    def median(self) -> float:
        """Return the median periods to detection, missed ones counting as infinitely late."""
        late = [float("inf") if day is None else float(day) for day in self.days]
        return float(np.quantile(late, 0.5, method="lower")) if late else float("nan")


def detection(
    runs: Sequence[Sequence[DailyResult]],
    *,
    onset: int,
    areas: Iterable[int],
    threshold: float,
) -> Detection:
    """Return how many periods after the onset each run first gave a right alert.

    An alert is right if it comes at the onset or later and holds at least one of the areas where
    the outbreak is.

    Parameters
    ----------
    runs : sequence of runs
        Daily results on data with a planted outbreak, each from :func:`run_daily`.
    onset : int
        Period in which the outbreak begins.
    areas : iterable of int
        Where it is.
    threshold : float
        Recurrence interval, in periods; fixed beforehand.

    Returns
    -------
    Detection
        Periods to detection of each run.

    References
    ----------
    Kulldorff, M. (2001). Prospective time periodic geographical disease surveillance using a
    scan statistic. Journal of the Royal Statistical Society A 164(1), 61-72.

    Examples
    --------
    >>> run = [DailyResult(i, 500.0 if i >= 7 else 2.0, frozenset({1})) for i in range(9)]
    >>> found = detection([run], onset=5, areas={1, 2}, threshold=365)
    >>> found.days, found.median, found.within(1).value
    ((2,), 2.0, 0.0)
    """
    where = frozenset(areas)
    if not where or not threshold > 0:
        raise ScoreInputError("an outbreak needs areas, and the threshold must be above 0")
    return Detection(
        tuple(
            next(
                (
                    day.day - onset
                    for day in run
                    if day.day >= onset
                    and day.recurrence_interval >= threshold
                    and day.members & where
                ),
                None,
            )
            for run in runs
        )
    )
