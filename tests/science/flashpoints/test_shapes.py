"""Ellipses and zones of neighbours against plain definitions."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.errors import QalqanError
from qalqan.science.flashpoints.adjacency import flexible_zones
from qalqan.science.flashpoints.ellipses import compactness, elliptic_zones, squeezed
from qalqan.science.flashpoints.zones import Zones, circular_zones, joined

PLACES = np.random.default_rng(3).uniform(0, 10, (12, 2))


def row_sets(zones: Zones, row: int) -> set[frozenset[int]]:
    start, stop = zones.pointer[row], zones.pointer[row + 1]
    return {
        frozenset(zones.members[start : end + 1].tolist())
        for end in range(start, stop)
        if zones.closed[end]
    }


@pytest.mark.parametrize(("shape", "angle"), [(2.0, 0.0), (3.0, 0.7), (5.0, 2.5)])
def test_an_ellipse_holds_what_lies_inside_its_axes(shape, angle) -> None:
    centre = PLACES[4]
    square = ((squeezed(PLACES, shape, angle) - squeezed(PLACES, shape, angle)[4]) ** 2).sum(axis=1)
    along = (PLACES - centre) @ [math.cos(angle), math.sin(angle)]
    across = (PLACES - centre) @ [-math.sin(angle), math.cos(angle)]
    assert np.sqrt(square) == pytest.approx(np.hypot(along / shape, across), rel=1e-5, abs=1e-6)


def test_rows_of_ellipses_follow_the_circles() -> None:
    zones = elliptic_zones(PLACES, max_count=4, shapes=(2.0, 4.0), angles=(2, 3))
    assert len(zones.centres) == 6 * len(PLACES)
    assert zones.shapes.reshape(6, -1)[:, 0].tolist() == [1, 2, 2, 4, 4, 4]
    assert zones.angles.reshape(6, -1)[:, 0] == pytest.approx(
        [0, 0, math.pi / 2, 0, math.pi / 3, 2 * math.pi / 3]
    )
    circles = circular_zones(PLACES, max_count=4)
    assert row_sets(zones, 5) == row_sets(circles, 5)


def test_each_ellipse_keeps_to_share_radius_and_count() -> None:
    population = np.arange(1.0, 13.0)
    zones = elliptic_zones(PLACES, population=population, max_share=0.3, max_radius=3, max_count=5)
    assert zones.distances[zones.closed].max() <= 3
    for row in range(len(zones.centres)):
        for zone in row_sets(zones, row):
            assert len(zone) <= 5
            assert population[sorted(zone)].sum() <= 0.3 * population.sum() + 1e-9


def test_the_penalty_is_the_published_one() -> None:
    """4 s / (s + 1)**2 to the power 0, 1/2 or 1: 0.5556 for a shape of 5."""
    shapes = np.array([1.0, 1.5, 5.0])
    assert compactness(shapes, "none").tolist() == [1, 1, 1]
    assert compactness(shapes, "strong") == pytest.approx([1, 0.96, 0.555556], abs=1e-6)
    assert compactness(shapes, "medium") == pytest.approx([1, 0.979796, 0.745356], abs=1e-6)


def slow_flexible(places, edges, size, weights, limit) -> set[frozenset[int]]:
    """Try every subset of the nearest areas."""
    linked = {frozenset(edge) for edge in edges}
    found = set()
    for centre in range(len(places)):
        far = ((places - places[centre]) ** 2).sum(axis=1)
        near = [int(a) for a in np.argsort(far, kind="stable")[:size] if a != centre]
        for count in range(size):
            for others in itertools.combinations(near, count):
                zone = {centre, *others}
                reached, edge = {centre}, {centre}
                while edge:
                    edge = {b for a in edge for b in zone - reached if frozenset((a, b)) in linked}
                    reached |= edge
                if reached == zone and weights[sorted(zone)].sum() <= limit:
                    found.add(frozenset(zone))
    return found


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 6))
def test_zones_of_neighbours_are_all_connected_subsets(seed, size) -> None:
    rng = np.random.default_rng(seed)
    places, weights = rng.uniform(0, 10, (9, 2)), rng.uniform(1, 3, 9)
    edges = [pair for pair in itertools.combinations(range(9), 2) if rng.random() < 0.35]
    zones = flexible_zones(places, np.array(edges).reshape(-1, 2).astype(int), size=size,
                           population=weights, max_share=0.6)  # fmt: skip
    got = [row_sets(zones, row) for row in range(len(zones.centres))]
    assert all(len(sets) == 1 for sets in got)
    flat = [zone for sets in got for zone in sets]
    assert len(flat) == len(set(flat))
    assert set(flat) == slow_flexible(places, edges, size, weights, 0.6 * weights.sum())
    for row in range(len(zones.centres)):
        distances = zones.distances[zones.pointer[row] : zones.pointer[row + 1]]
        assert (np.diff(distances) >= 0).all()
        assert zones.members[zones.pointer[row]] == zones.centres[row]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: elliptic_zones(PLACES, shapes=(1.0,), angles=(4,)), "above 1"),
        (lambda: elliptic_zones(PLACES, shapes=(2.0,), angles=()), "as many angles"),
        (lambda: elliptic_zones(PLACES, shapes=(2.0,), angles=(0,)), "at least one angle"),
        (lambda: elliptic_zones(PLACES, max_count=0), "at least one area"),
        (lambda: compactness(np.ones(1), "weak"), "unknown penalty"),
        (lambda: flexible_zones(PLACES, [[0, 12]]), "name no area .area 0"),
        (lambda: flexible_zones(PLACES, [[0, 0.5]]), "whole numbers"),
        (lambda: joined([circular_zones(PLACES), circular_zones(PLACES[:3])]), "different areas"),
    ],
)
def test_bad_input_is_named(make, words) -> None:
    with pytest.raises(QalqanError, match=words):
        make()
