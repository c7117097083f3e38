"""What is assumed where people are counted who hear a loudspeaker; no database here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from qalqan.science.protection.acoustics import Conditions

DENSITY = 1_500.0
"""People on a square kilometre of a settlement; our assumption, as no outline is known."""
DENSITIES = (DENSITY / 2, DENSITY, DENSITY * 2)
"""Thinly settled gives the low figure, densely settled the high one."""
_PEOPLE_A_POINT = 500
_FEWEST, _MOST = 7, 169
_GOLDEN = math.pi * (3 - math.sqrt(5))


def points_of(
    latitude: float, longitude: float, people: int, density: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Spread the people of a settlement evenly over a disc.

    Returns
    -------
    tuple
        Latitudes and longitudes of the points, and how many people each stands for.
    """
    count = int(min(max(people // _PEOPLE_A_POINT, _FEWEST), _MOST))
    radius = 1000.0 * math.sqrt(people / density / math.pi)
    steps = np.arange(count)
    far = radius * np.sqrt((steps + 0.5) / count)
    north, east = far * np.cos(steps * _GOLDEN), far * np.sin(steps * _GOLDEN)
    degree = math.pi * 6_371_008.8 / 180
    return (
        latitude + north / degree,
        longitude + east / (degree * math.cos(math.radians(latitude))),
        people / count,
    )


def conditions(model: str, period: str) -> Conditions:
    """Return the conditions of the desk's figures: calm air, and houses in the free field."""
    from qalqan.science.protection.acoustics import Conditions

    # The guide's 10 dB a doubling were measured among houses; the free field is the upper bound.
    return Conditions(model=model, period=period)  # type: ignore[arg-type]
