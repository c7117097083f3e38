"""What a scan is made from, and how it is to be made: plain data for :func:`.scan.scan`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from numpy.typing import ArrayLike

from qalqan.science.flashpoints.adjacency import EARTH_RADIUS_KM
from qalqan.science.flashpoints.checks import ScanInputError
from qalqan.science.flashpoints.ellipses import ANGLES, SHAPES, Penalty
from qalqan.science.flashpoints.engine import Direction
from qalqan.science.flashpoints.models import Model
from qalqan.science.flashpoints.zones import SATSCAN_EARTH_RADIUS_KM, Metric, Ties

__all__ = [
    "EARTH_RADIUS_KM",
    "GINI_STOPS",
    "ScanData",
    "ScanOptions",
    "Stream",
    "period_boundaries",
]

Time = Literal["none", "retrospective", "prospective", "temporal", "temporal-prospective"]
Unit = Literal["year", "month", "day"]

GINI_STOPS = (0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
"""Reporting sizes that are compared by the Gini coefficient; SaTScan's."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Counts of one kind, and what they are to be compared with.

    Attributes
    ----------
    cases : (n, periods) or (n, periods, strata) array of int
        Cases of each area and period, and of each stratum of covariates if there are any. For a
        scan without time, (n,) will do.
    controls : array of int, optional
        Bernoulli model: controls, as the cases but without strata.
    population : array of float, optional
        Poisson model. Without ``population_days``: (n,), (n, periods) or (n, periods, strata)
        people or person-time. With ``population_days``: (n, days) or (n, days, strata) people on
        those days; in between the population is interpolated along straight lines, before the
        first and after the last it stays.
    population_days : tuple of date, optional
        Days to which the population belongs, ascending. A census known by its year alone is
        meant for 1 July, one known by its month for the 15th.
    expected : (n, periods) array of float, optional
        Expectation-based models: expected cases.
    size : float or (n, periods) array of float, optional
        Negative binomial: size, so that the variance is ``mean + mean**2 / size``.
    name : str
        Name of the stream.
    """

    cases: ArrayLike
    controls: ArrayLike | None = None
    population: ArrayLike | None = None
    population_days: tuple[date, ...] | None = None
    expected: ArrayLike | None = None
    size: ArrayLike | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class ScanData:
    """Areas, periods, and one or more streams of counts.

    Attributes
    ----------
    ids : sequence of str
        Name of each area. Equal clusters are ranked, and their centre chosen, by the order of
        the names as strings.
    coordinates : (n, 2) array of float
        Plane coordinates, or latitude and longitude in degrees.
    streams : tuple of Stream
        One, or several for a multivariate scan.
    boundaries : tuple of date, optional
        First day of each period, and the day after the last; periods + 1 in all. Needed for
        ``population_days``, and for clusters to have days.
    edges : (m, 2) array of int, optional
        Pairs of neighbouring areas, from 0, for zones of neighbours.
    """

    ids: Sequence[str]
    coordinates: ArrayLike
    streams: tuple[Stream, ...]
    boundaries: tuple[date, ...] | None = None
    edges: ArrayLike | None = None


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to scan. The defaults are SaTScan's.

    Attributes
    ----------
    model : str
        ``poisson``, ``bernoulli``, ``permutation``, ``ebpoisson`` (expectation-based Poisson) or
        ``negbin`` (expectation-based negative binomial).
    time : str
        ``none`` (space only), ``retrospective``, ``prospective``, ``temporal`` (time only) or
        ``temporal-prospective``.
    zones : str
        ``circle``, ``ellipse`` or ``adjacency``.
    metric : str
        ``plane``, or ``greatcircle`` for latitude and longitude.
    max_share : float
        Largest share of the population at risk (of what is expected, summed over streams and
        time) in a zone.
    max_radius : float, optional
        Largest radius: unit of the plane, or km in a straight line between the ends, as SaTScan
        measures it. For ellipses: half of the shorter axis.
    max_count : int, optional
        Largest number of areas in a zone.
    neighbours : int
        Zones of neighbours: largest number of areas, the centre among them.
    shapes, angles, penalty
        Of ellipses, see :func:`qalqan.science.flashpoints.ellipses.elliptic_zones`.
    direction : str
        ``high``, ``low`` or ``both``.
    min_cases : int
        Least cases in a cluster of a high rate.
    min_duration : int
        Shortest window, in periods.
    max_duration : int, optional
        Longest window, in periods; otherwise ``max_duration_share`` of all periods, rounded down.
    max_duration_share : float
        Longest window as a share of the periods.
    include_space, include_time : bool
        Scan besides all zones over the whole time, or all windows over the whole area.
    replicates, seed, workers
        Of the Monte Carlo test; the numbers do not depend on ``workers``.
    stop_after : int, optional
        End the test early once so many replicates reach the most likely cluster.
    overlap : bool
        Whether secondary clusters may share areas with more likely ones.
    gini : bool
        Choose the largest reported zone by the Gini coefficient.
    gini_stops : tuple of float
        Shares of the population that are compared.
    gini_p_value : float
        Clusters up to this p-value take part in the comparison.
    ties : str
        Tie rule of the zones; ``ordered`` is SaTScan's.
    earth_radius : float
        In km; 6367 is SaTScan's.
    """

    model: Model = "poisson"
    time: Time = "none"
    zones: Literal["circle", "ellipse", "adjacency"] = "circle"
    metric: Metric = "plane"
    max_share: float = 0.5
    max_radius: float | None = None
    max_count: int | None = None
    neighbours: int = 10
    shapes: tuple[float, ...] = SHAPES
    angles: tuple[int, ...] = ANGLES
    penalty: Penalty = "none"
    direction: Direction = "high"
    min_cases: int = 2
    min_duration: int = 1
    max_duration: int | None = None
    max_duration_share: float = 0.5
    include_space: bool = False
    include_time: bool = False
    replicates: int = 999
    seed: int = 1
    workers: int = 1
    stop_after: int | None = None
    overlap: bool = False
    gini: bool = False
    gini_stops: tuple[float, ...] = GINI_STOPS
    gini_p_value: float = 0.05
    ties: Ties = "ordered"
    earth_radius: float = SATSCAN_EARTH_RADIUS_KM


def period_boundaries(first: date, last: date, unit: Unit, length: int = 1) -> tuple[date, ...]:
    """Return the first day of each period, and the day after the last.

    As in SaTScan, periods are counted backwards from the end, so that all have full length but
    the first, which may be shorter.

    Parameters
    ----------
    first, last : date
        First and last day of the study, both inside.
    unit : {"year", "month", "day"}
        Unit of the periods.
    length : int
        Units in a period.

    Raises
    ------
    ScanInputError
        If the last day comes before the first, or the length is below 1.

    Examples
    --------
    >>> [str(day) for day in period_boundaries(date(2001, 1, 1), date(2001, 3, 31), "month")]
    ['2001-01-01', '2001-02-01', '2001-03-01', '2001-04-01']
    >>> [day.day for day in period_boundaries(date(2001, 1, 1), date(2001, 1, 10), "day", 4)]
    [1, 3, 7, 11]
    """
    if last < first or length < 1:
        raise ScanInputError(f"no periods of {length} {unit} fit from {first} to {last}")
    end = last + timedelta(days=1)
    days = [end]
    step = 0
    while days[-1] > first:
        step += length
        days.append(max(_earlier(end, unit, step), first))
    return tuple(reversed(days))


def _earlier(end: date, unit: Unit, count: int) -> date:
    """Return the day a number of units before another."""
    if unit == "day":
        return end - timedelta(days=count)
    months = end.year * 12 + end.month - 1 - count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    for day in range(end.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(end.day, 28))
