"""Simulated offences of offenders who repeat themselves: truth known, seeds fixed.

Made for measuring series linkage, never as data: distances follow a decay about an anchor, times
follow each other at random intervals, ways of acting are kept with a stated fidelity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qalqan.science.hypotheses.series import Events

CHOICES = (6, 4, 5, 3, 4)
"""Values of each attribute of the way of acting."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """Offences and who committed them.

    Attributes
    ----------
    events : Events
        Offences.
    series : ndarray of int, shape (events,)
        Number of the offender; negative for an offence that stands alone.
    """

    events: Events
    series: NDArray[np.int64]


def simulate(
    rng: np.random.Generator,
    *,
    offenders: int = 40,
    mean_length: float = 4.0,
    alone: int = 300,
    side_m: float = 30_000.0,
    days: float = 730.0,
    reach_m: float = 2_500.0,
    pause_days: float = 14.0,
    fidelity: float = 0.7,
) -> Simulated:
    """Simulate series of offences among offences that stand alone.

    Parameters
    ----------
    rng
        Draws everything.
    offenders
        How many repeat themselves.
    mean_length
        Mean number of offences of each, at least 2.
    alone
        Offences without a series.
    side_m
        Side of the square, metres.
    days
        Length of the period.
    reach_m
        Mean distance from the offender's anchor, metres (exponential).
    pause_days
        Mean time between two offences (exponential).
    fidelity
        Probability that an attribute is as the offender prefers it; otherwise it is drawn as
        for everybody.

    Examples
    --------
    >>> found = simulate(np.random.default_rng(1), offenders=3, alone=5)
    >>> len(found.events.x) == len(found.series), int((found.series < 0).sum())
    (True, 5)
    """
    towns = rng.uniform(0.15 * side_m, 0.85 * side_m, (4, 2))
    common = [rng.dirichlet(np.full(size, 1.5)) for size in CHOICES]
    rows: list[tuple[float, float, float, float]] = []
    ways: list[list[int]] = []
    series: list[int] = []
    for offender in range(offenders):
        anchor = _spot(rng, towns, side_m)
        likes = [int(rng.choice(size, p=common[k])) for k, size in enumerate(CHOICES)]
        usual = float(rng.uniform(0, 24))
        day = float(rng.uniform(0, days))
        for _ in range(2 + rng.poisson(max(0.0, mean_length - 2))):
            angle, far = rng.uniform(0, 2 * np.pi), rng.exponential(reach_m)
            x, y = anchor[0] + far * np.cos(angle), anchor[1] + far * np.sin(angle)
            hour = (usual + rng.normal(0, 3)) % 24
            rows.append((float(x), float(y), day, float(hour)))
            ways.append(_way(rng, common, likes, fidelity))
            series.append(offender)
            day += float(rng.exponential(pause_days))
    for number in range(alone):
        x, y = _spot(rng, towns, side_m)
        rows.append((x, y, float(rng.uniform(0, days)), float(rng.uniform(0, 24))))
        ways.append(_way(rng, common, [0] * len(CHOICES), 0.0))
        series.append(-1 - number)
    x_m, y_m, at, hours = (np.array(column) for column in zip(*rows, strict=True))
    return Simulated(
        Events(x_m, y_m, at, hours, np.array(ways, dtype=np.int64)),
        np.array(series, dtype=np.int64),
    )


def _spot(
    rng: np.random.Generator, towns: NDArray[np.float64], side_m: float
) -> tuple[float, float]:
    # Two in three lie about a town, so chance neighbours are common, as in any real ledger.
    if rng.random() < 2 / 3:
        x, y = towns[rng.integers(len(towns))] + rng.normal(0, side_m / 12, 2)
        return float(x), float(y)
    x, y = rng.uniform(0, side_m, 2)
    return float(x), float(y)


def _way(
    rng: np.random.Generator,
    common: list[NDArray[np.float64]],
    likes: list[int],
    fidelity: float,
) -> list[int]:
    return [
        likes[k] if rng.random() < fidelity else int(rng.choice(len(shares), p=shares))
        for k, shares in enumerate(common)
    ]
