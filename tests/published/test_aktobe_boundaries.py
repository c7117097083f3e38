"""The official boundaries of Aktobe (OCHA COD-AB, via geokz) and settlements of GeoNames."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.support.places_factories import DESK, NOW, load_sample_places

from qalqan.desk.platform.places import selectors, services
from qalqan.desk.platform.places.models import Place
from qalqan.sample.areas import UNITS

pytestmark = pytest.mark.django_db


def test_thirteen_units_with_their_codes_and_names(shared_data: Path) -> None:
    report = services.import_areas(
        actor=DESK, path=shared_data / "geo" / "aktobe_adm2_2024.geojson", now=NOW
    )
    assert (report.read, report.added) == (13, 13)
    stored = {place.kato: place for place in Place.objects.all()}
    assert set(stored) == {unit.kato for unit in UNITS}
    shalkar = stored["156400000"]
    assert (shalkar.name_kk, shalkar.name_ru, shalkar.name_en) == (
        "Шалқар", "Шалкарский", "Shalkar",
    )  # fmt: skip


def test_twenty_provinces(shared_data: Path) -> None:
    report = services.import_areas(
        actor=DESK, path=shared_data / "geo" / "kaz_adm1_2024.geojson", now=NOW, kind="province"
    )
    assert (report.read, report.added) == (20, 20)


def test_settlements_fall_into_the_districts_that_geokz_gives_them(shared_data: Path) -> None:
    geo = shared_data / "geo"
    services.import_areas(actor=DESK, path=geo / "aktobe_adm2_2024.geojson", now=NOW)
    with (geo / "kz_settlements_geonames500.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["adm1_kato"] == "KZ15"]
    assert len(rows) == 16
    found = selectors.districts_at(
        [float(row["lat"]) for row in rows], [float(row["lon"]) for row in rows]
    )
    codes = dict(Place.objects.values_list("pk", "kato"))
    assert [codes.get(int(pk)) for pk in found] == [row["adm2_kato"] for row in rows]


def test_official_boundaries_replace_the_drawn_ones_and_keep_settlements_at_home(
    shared_data: Path, tmp_path: Path
) -> None:
    load_sample_places(tmp_path)
    before = dict(Place.objects.filter(kind="settlement").values_list("name_en", "parent__kato"))
    report = services.import_areas(
        actor=DESK, path=shared_data / "geo" / "aktobe_adm2_2024.geojson", now=NOW
    )
    assert (report.added, report.changed) == (0, 13)
    after = dict(Place.objects.filter(kind="settlement").values_list("name_en", "parent__kato"))
    assert after == before
    assert not Place.objects.filter(boundary_is_approximate=True).exists()


def test_the_seats_of_the_sample_lie_in_the_official_districts(shared_data: Path) -> None:
    services.import_areas(
        actor=DESK, path=shared_data / "geo" / "aktobe_adm2_2024.geojson", now=NOW
    )
    codes = dict(Place.objects.values_list("pk", "kato"))
    for unit in UNITS:
        found = selectors.district_at(unit.seat.latitude, unit.seat.longitude)
        assert codes.get(found) == unit.kato
