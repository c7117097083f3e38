"""Elliptic zones: circles in a plane that is squeezed along a direction."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.checks import ScanInputError
from qalqan.science.flashpoints.zones import (
    Ties,
    Zones,
    check_limits,
    checked_coordinates,
    checked_population,
    circular_zones,
    joined,
    prefix_rows,
)

Penalty = Literal["none", "medium", "strong"]

SHAPES = (1.5, 2.0, 3.0, 4.0, 5.0)
"""Longest axis over shortest axis; the shapes that SaTScan proposes."""

ANGLES = (4, 6, 9, 12, 15)
"""Number of directions for each shape; SaTScan's."""

_POWERS = {"none": 0.0, "medium": 0.5, "strong": 1.0}


def elliptic_zones(
    coordinates: ArrayLike,
    *,
    population: ArrayLike | None = None,
    max_share: float = 0.5,
    max_radius: float | None = None,
    max_count: int | None = None,
    shapes: tuple[float, ...] = SHAPES,
    angles: tuple[int, ...] = ANGLES,
    ties: Ties = "together",
) -> Zones:
    """Return all circles and all ellipses around the areas up to a size.

    An ellipse of shape ``s`` is ``s`` times as long as it is wide. Each shape is turned to
    ``angles`` directions, at equal steps of half a turn, the first along the first axis.

    Parameters
    ----------
    coordinates : (n, 2) array of float
        Plane coordinates.
    population, max_share, max_count, ties
        As in :func:`qalqan.science.flashpoints.zones.circular_zones`.
    max_radius : float, optional
        Largest half of the shorter axis.
    shapes : tuple of float
        Longest over shortest axis, above 1. Circles are always among the zones.
    angles : tuple of int
        Number of directions for each shape.

    Returns
    -------
    Zones
        Rows of the circles first, then shape by shape and direction by direction.

    Raises
    ------
    ScanInputError
        As ``circular_zones``, and if a shape is not above 1 or has no direction.

    References
    ----------
    Kulldorff, M., Huang, L., Pickle, L., Duczmal, L. (2006). An elliptic spatial scan statistic.
    Statistics in Medicine 25(22), 3929-3943, section 2.

    Examples
    --------
    >>> zones = elliptic_zones([[0, 0], [3, 0], [0, 2]], max_count=2, shapes=(2.0,), angles=(2,))
    >>> [zones.members[a:b].tolist() for a, b in zip(zones.pointer, zones.pointer[1:])][0:4:3]
    [[0, 2], [0, 1]]
    """
    _check_shapes(shapes, angles)
    places = checked_coordinates(coordinates, "plane")
    weights, limit = checked_population(population, len(places), max_share)
    check_limits(max_radius, max_count, ties)
    parts = [
        circular_zones(
            places, population=population, max_share=max_share, max_radius=max_radius,
            max_count=max_count, ties=ties,
        )
    ]  # fmt: skip
    reach = np.inf if max_radius is None else max_radius**2
    for shape, count in zip(shapes, angles, strict=True):
        for step in range(count):
            angle = np.pi * step / count
            pointer, members, squares, closed = prefix_rows(
                squeezed(places, shape, angle), places, weights, limit, reach, max_count,
                ties == "together",
            )  # fmt: skip
            n = len(places)
            parts.append(
                Zones(
                    pointer, members, np.sqrt(squares), closed, ties, np.arange(n),
                    np.full(n, float(shape)), np.full(n, angle), n,
                )
            )  # fmt: skip
    return joined(parts)


def squeezed(places: NDArray[np.float64], shape: float, angle: float) -> NDArray[np.float64]:
    """Return the points of the plane in which an ellipse becomes a circle of its shorter axis.

    The longest axis, at ``angle``, shrinks by ``shape``. Shape and direction are rounded to
    single precision as in SaTScan, so that what is equally far there is so here.

    >>> squeezed(np.array([[4.0, 0.0], [0.0, 1.0]]), 2.0, 0.0).tolist()
    [[2.0, 0.0], [0.0, 1.0]]
    """
    turn, ratio = float(np.float32(angle)), float(np.float32(shape))
    weight = float(np.float32(1.0 / ratio))
    x, y = places[:, 0], places[:, 1]
    if turn == 0.0:
        return np.column_stack([x * weight, y])
    slope = float(np.float32(-np.cos(turn) / np.sin(turn)))
    across = (x + slope * y) / (1.0 + slope * slope)
    return np.column_stack(
        [x * weight + across * (1.0 - weight), y * weight + slope * across * (1.0 - weight)]
    )


def compactness(shapes: NDArray[np.float64], penalty: Penalty) -> NDArray[np.float64]:
    """Return what the log likelihood ratio of each shape is multiplied by.

    ``(4 s / (s + 1)**2) ** a`` with ``a`` of 0, 1/2 or 1 for no, medium or strong penalty.

    References
    ----------
    Kulldorff, M., Huang, L., Pickle, L., Duczmal, L. (2006). Statistics in Medicine 25(22),
    3929-3943, equation for the eccentricity penalty, section 2.3.

    Examples
    --------
    >>> compactness(np.array([1.0, 3.0]), "strong").tolist()
    [1.0, 0.75]
    """
    if penalty not in _POWERS:
        raise ScanInputError(f"unknown penalty {penalty!r}")
    factor: NDArray[np.float64] = (4.0 * shapes / (shapes + 1.0) ** 2) ** _POWERS[penalty]
    return factor


def _check_shapes(shapes: tuple[float, ...], angles: tuple[int, ...]) -> None:
    if len(shapes) != len(angles):
        raise ScanInputError(f"{len(shapes)} shapes need as many angles, not {len(angles)}")
    if any(not shape > 1 for shape in shapes):
        raise ScanInputError("the shape of an ellipse must lie above 1")
    if any(count < 1 for count in angles):
        raise ScanInputError("each shape needs at least one angle")
