"""Circular zones: order, limits, ties, and the slow twin of the compiled loop."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.errors import QalqanError
from qalqan.science.flashpoints.zones import EARTH_RADIUS_KM, Zones, circular_zones


def zone_sets(zones: Zones) -> list[list[tuple[int, ...]]]:
    """Return per centre the members of each zone, in order."""
    found = []
    for start, stop in itertools.pairwise(zones.pointer):
        row = zones.members[start:stop].tolist()
        ends = np.flatnonzero(zones.closed[start:stop])
        found.append([tuple(row[: end + 1]) for end in ends])
    return found


def slow_zones(places, population, max_share, max_radius, ties):
    """State the rules plainly: sort, group what is tied, stop at the first that does not fit."""
    limit = math.inf if population is None else max_share * sum(population) * (1 + 1e-12)
    spots = [tuple(place) for place in places]
    found = []
    for centre, spot in enumerate(spots):
        rows: list[tuple[int, ...]] = []
        found.append(rows)
        if spots.index(spot) != centre:
            continue
        square = [(x - spot[0]) ** 2 + (y - spot[1]) ** 2 for x, y in spots]
        key = "together" if ties == "together" else "ordered"
        groups: dict[object, list[int]] = {}
        for area in sorted(range(len(spots)), key=lambda i: (square[i], spots[i], i)):
            name = square[area] if key == "together" else (square[area], spots[area])
            groups.setdefault(name, []).append(area)
        inside: tuple[int, ...] = ()
        for group in groups.values():
            inside += tuple(group)
            weight = 0 if population is None else sum(population[i] for i in inside)
            if weight > limit or square[group[0]] > max_radius**2:
                break
            rows.append(inside)
    return found


@settings(max_examples=60, deadline=None)
@given(
    places=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=14),
    ties=st.sampled_from(["together", "ordered"]),
    share=st.sampled_from([0.1, 0.5, 1.0]),
    radius=st.sampled_from([0.0, 1.0, 2.5, 9.0]),
    data=st.data(),
)
def test_equals_the_slow_twin_on_grids_full_of_ties(places, ties, share, radius, data) -> None:
    population = data.draw(
        st.lists(st.integers(0, 9), min_size=len(places), max_size=len(places)), label="population"
    )
    zones = circular_zones(
        places, population=population, max_share=share, max_radius=radius, ties=ties
    )
    assert zone_sets(zones) == slow_zones(places, population, share, radius, ties)


@pytest.mark.parametrize(("share", "radius"), [(0.1, None), (0.9, None), (1.0, 0.2), (1.0, None)])
def test_many_areas_are_sorted_no_less_carefully_than_few(share, radius) -> None:
    """Above 512 areas only the nearest are sorted at first; the result must not show it."""
    places = np.random.default_rng(4).uniform(0, 1, (700, 2))
    zones = circular_zones(places, population=np.ones(700), max_share=share, max_radius=radius)
    for centre in range(0, 700, 50):
        far = np.hypot(*(places - places[centre]).T)
        order = np.argsort(far)[: int(700 * share + 1e-9)]
        wanted = order[far[order] <= (radius or 9)]
        row = slice(zones.pointer[centre], zones.pointer[centre + 1])
        assert zones.members[row].tolist() == wanted.tolist()
        assert zones.distances[row] == pytest.approx(far[wanted])
        assert zones.closed[row].all()


def test_areas_at_the_same_distance_enter_together() -> None:
    zones = circular_zones([[0, 0], [1, 0], [-1, 0], [3, 0]], population=[1, 1, 1, 1], max_share=1)
    assert zone_sets(zones)[0] == [(0,), (0, 2, 1), (0, 2, 1, 3)]


def test_a_group_that_does_not_fit_stays_out_as_a_whole() -> None:
    zones = circular_zones([[0, 0], [1, 0], [-1, 0], [9, 0]], population=[1, 1, 1, 1])
    assert zone_sets(zones)[0] == [(0,)]


def test_ordered_ties_let_the_lesser_coordinate_in_first() -> None:
    zones = circular_zones(
        [[0, 0], [1, 0], [-1, 0], [9, 0]], population=[1, 1, 1, 1], ties="ordered"
    )
    assert zone_sets(zones)[0] == [(0,), (0, 2)]


@pytest.mark.parametrize("ties", ["together", "ordered"])
def test_areas_on_the_same_spot_are_one_centre(ties) -> None:
    zones = circular_zones([[5, 5], [0, 0], [5, 5]], max_radius=1, ties=ties)
    assert zone_sets(zones) == [[(0, 2)], [(1,)], []]


def test_rounding_does_not_split_a_tie() -> None:
    """0.1 steps do not add up exactly; the four neighbours of a grid point are still tied."""
    axis = np.arange(5) * 0.1 + 0.3
    places = [(x, y) for x in axis for y in axis]
    zones = circular_zones(places, max_radius=0.15)
    middle = zone_sets(zones)[12]
    assert [len(zone) for zone in middle] == [1, 5, 9]


def test_great_circle_distance_of_one_degree_of_latitude() -> None:
    zones = circular_zones([[50, 57], [51, 57], [50, 58]], metric="greatcircle")
    row = slice(zones.pointer[0], zones.pointer[1])
    wanted = [0, 1.0, 1.0]
    # A degree of longitude at 50 degrees north is shorter: haversine, worked out by hand.
    east = 2 * math.asin(math.cos(math.radians(50)) * math.sin(math.radians(0.5)))
    wanted = [0, EARTH_RADIUS_KM * east, EARTH_RADIUS_KM * math.radians(1)]
    assert zones.members[row].tolist() == [0, 2, 1]
    assert zones.distances[row] == pytest.approx(wanted, rel=1e-9)


def test_great_circle_crosses_the_date_line() -> None:
    zones = circular_zones(
        [[0, 179.5], [0, -179.5], [0, 170]], metric="greatcircle", max_radius=120
    )
    assert zone_sets(zones)[0] == [(0,), (0, 1)]


def test_a_radius_holds_what_lies_exactly_on_it() -> None:
    assert zone_sets(circular_zones([[0, 0], [3, 4]], max_radius=5))[0] == [(0,), (0, 1)]


def test_an_area_larger_than_the_share_has_no_zone() -> None:
    zones = circular_zones([[0, 0], [5, 0]], population=[9, 1])
    assert zone_sets(zones) == [[], [(1,)]]
    assert (zones.n_areas, zones.n_zones) == (2, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"coordinates": [[0, 0, 0]]}, "shape"),
        ({"coordinates": np.empty((0, 2))}, "shape"),
        ({"coordinates": [[0, 0], [np.nan, 0]]}, "not finite .area 1"),
        ({"coordinates": [[91, 0]], "metric": "greatcircle"}, "latitude"),
        ({"coordinates": [[0, 400]], "metric": "greatcircle"}, "longitude"),
        ({"coordinates": [[0, 0]], "metric": "taxi"}, "metric"),
        ({"coordinates": [[0, 0]], "population": [1, 2]}, "shape"),
        ({"coordinates": [[0, 0]], "population": [-1]}, "negative"),
        ({"coordinates": [[0, 0]], "population": [np.nan]}, "not finite"),
        ({"coordinates": [[0, 0]], "max_share": 0}, "share"),
        ({"coordinates": [[0, 0]], "max_share": 1.1}, "share"),
        ({"coordinates": [[0, 0]], "max_radius": -1}, "radius"),
        ({"coordinates": [[0, 0]], "max_radius": np.nan}, "radius"),
        ({"coordinates": [[0, 0]], "ties": "random"}, "tie rule"),
    ],
)
def test_bad_input_is_named(arguments, words) -> None:
    with pytest.raises(QalqanError, match=words) as caught:
        circular_zones(**arguments)
    assert caught.value.code == "scan.invalid_input"
