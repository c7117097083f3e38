"""Reading places: search, districts at points, cells, and what is kept in memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.places_factories import DESK, load_sample_places, make_place

from qalqan.desk.platform.places import selectors
from qalqan.desk.platform.places.matching import similar_names
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import PUBLIC


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Ақтө", "Aktobe"),
        ("актобе", "Aktobe"),
        ("AKTOBE", "Aktobe"),
        ("Ақтөбеден", "Aktobe"),
        ("Кандагаш", "Kandyagash"),
        ("Qandyağaş", "Kandyagash"),
        ("Актюбинск", "Aktobe"),
        ("Челкар", "Shalkar"),
        ("шубаркудук", "Shubarkuduk"),
    ],
)
def test_search_finds_either_spelling_suffixes_and_slips(
    query: str, first: str, tmp_path: Path
) -> None:
    load_sample_places(tmp_path)
    names = [place.name_en for place in selectors.search(DESK, query)]
    assert first in [name.removesuffix(" city") for name in names][:3]


@pytest.mark.django_db
def test_search_shows_nothing_to_those_who_may_not_look() -> None:
    make_place("Ақтөбе")
    assert selectors.search(PUBLIC, "Ақтөбе") == []
    assert len(selectors.search(DESK, "Ақтөбе")) == 1
    assert selectors.search(DESK, " .- ") == []


@pytest.mark.django_db
def test_district_at_seats_and_outside(tmp_path: Path) -> None:
    load_sample_places(tmp_path)
    for place in Place.objects.filter(kind="settlement", parent__kind="district"):
        assert selectors.district_at(place.latitude, place.longitude) == place.parent_id
    assert selectors.district_at(0.0, 0.0) == 0
    assert selectors.districts_at([], []).tolist() == []


@pytest.mark.django_db
def test_district_of_every_kind_of_place(tmp_path: Path) -> None:
    load_sample_places(tmp_path)
    by_one = {pk: selectors.district_of(pk) for pk in Place.objects.values_list("pk", flat=True)}
    assert by_one == selectors.district_map()
    province = Place.objects.get(kind="province")
    district = Place.objects.filter(kind="district").first()
    assert by_one[province.pk] == 0
    assert by_one[district.pk] == district.pk
    assert selectors.district_of(10**9) == 0


@pytest.mark.django_db
def test_the_finder_is_kept_until_a_name_changes() -> None:
    make_place("Ақтөбе")
    first = selectors.finder()
    assert selectors.finder() is first
    place = make_place("Хромтау")
    assert selectors.finder() is not first
    assert selectors.finder().find_first("Хромтауда") == place.pk


def test_h3_cells_nest_and_refuse_what_is_not_on_earth() -> None:
    import h3

    cell = selectors.h3_cell(50.2797, 57.2072, 6)
    assert h3.get_resolution(cell) == 6
    assert h3.cell_to_parent(selectors.h3_cell(50.2797, 57.2072, 9), 6) == cell
    for wrong in ((91, 0, 6), (0, 181, 6), (0, 0, 16), (float("nan"), 0, 6)):
        with pytest.raises(ValueError, match="a point on earth"):
            selectors.h3_cell(*wrong)


@given(st.text(max_size=20), st.lists(st.tuples(st.text(max_size=12), st.integers()), max_size=8))
def test_similar_names_are_among_those_given(key: str, names: list[tuple[str, int]]) -> None:
    found = similar_names(key, names)
    assert set(found) <= {place for _name, place in names}
    assert len(set(found)) == len(found)
    assert 7 in similar_names(key, [*names, (key, 7)])
