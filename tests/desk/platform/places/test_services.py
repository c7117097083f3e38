"""Imports of places: what they store, what they leave alone, and how they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.factories import make_user
from tests.support.places_factories import DESK, NOW, load_sample_places, make_place

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.places import selectors, services
from qalqan.desk.platform.places.models import Place, PlaceAlias, Population
from qalqan.desk.platform.policies import Role
from qalqan.errors import InputError, RefusedError

pytestmark = pytest.mark.django_db


def square(code: str, west: float, name: str = "") -> dict:
    ring = [[west, 50], [west + 1, 50], [west + 1, 51], [west, 51], [west, 50]]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name or f"Unit {code}"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def areas_file(folder: Path, *features: dict) -> Path:
    path = folder / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def table(folder: Path, text: str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_areas_are_stored_once_and_changed_when_the_file_changes(tmp_path: Path) -> None:
    def run(*features: dict) -> tuple[int, int, int]:
        report = services.import_areas(actor=DESK, path=areas_file(tmp_path, *features), now=NOW)
        return report.added, report.changed, report.unchanged

    assert run(square("a", 57), square("b", 58)) == (2, 0, 0)
    assert run(square("a", 57), square("b", 58)) == (0, 0, 2)
    assert run(square("a", 57), square("b", 59)) == (0, 1, 1)
    assert Place.objects.count() == 2
    assert AuditEntry.objects.filter(action="places.areas_imported").count() == 3


def test_one_bad_area_leaves_nothing_behind(tmp_path: Path) -> None:
    bad = square("b", 58)
    bad["geometry"]["coordinates"] = []
    with pytest.raises(InputError, match="feature 2"):
        services.import_areas(actor=DESK, path=areas_file(tmp_path, square("a", 57), bad), now=NOW)
    assert Place.objects.count() == 0
    assert AuditEntry.objects.count() == 0


def test_official_boundaries_replace_approximate_ones_and_move_settlements(tmp_path: Path) -> None:
    first = areas_file(tmp_path, square("a", 57), square("b", 58))
    services.import_areas(actor=DESK, path=first, now=NOW, approximate=True, is_sample=True)
    village = make_place(longitude=57.9, latitude=50.5)
    services.areas.assign_settlements()
    village.refresh_from_db()
    assert village.parent.kato == "a"
    second = areas_file(tmp_path, square("a", 56.5), square("b", 57.5))
    report = services.import_areas(actor=DESK, path=second, now=NOW)
    village.refresh_from_db()
    assert village.parent.kato == "b"
    assert not Place.objects.filter(boundary_is_approximate=True).exists()
    assert "1 settlements were given a district." in report.notes


def test_an_area_cannot_take_the_code_of_another_kind(tmp_path: Path) -> None:
    make_place("Облыс", "province", kato="a")
    with pytest.raises(InputError, match="belongs to a"):
        services.import_areas(actor=DESK, path=areas_file(tmp_path, square("a", 57)), now=NOW)


@pytest.mark.parametrize(
    ("outer", "inner"),
    [("district", "district"), ("settlement", "district"), ("district", "province")],
)
def test_a_place_lies_only_in_a_larger_kind(outer: str, inner: str) -> None:
    parent = make_place("Сырты", outer)
    with pytest.raises(InputError, match="cannot lie in"):
        make_place("Іші", inner, parent=parent)


def test_settlements_from_geonames(tmp_path: Path) -> None:
    report = services.import_settlements(actor=DESK, now=NOW, admin1="04")
    assert report.added == report.read >= 16
    place = Place.objects.get(geonames_id=610611)
    assert (place.name_kk, place.name_ru) == ("Актөбе", "Актобе") or place.name_kk == "Ақтөбе"
    again = services.import_settlements(actor=DESK, now=NOW, admin1="04")
    assert (again.added, again.changed) == (0, 0)


def test_settlements_from_a_table_in_an_old_encoding(tmp_path: Path) -> None:
    text = "name;lat;lon;aliases\nАлга;49,8986;57,3279;Алғай | Старая Алга\n".replace("ғ", "г")
    path = table(tmp_path, text, encoding="cp1251")
    assert services.import_settlements(actor=DESK, now=NOW, path=path).added == 1
    names = PlaceAlias.objects.filter(language="und").values_list("name", flat=True)
    assert sorted(names) == ["Алгай", "Старая Алга"]


def test_the_same_name_far_away_is_another_settlement(tmp_path: Path) -> None:
    path = table(tmp_path, "name,latitude,longitude\nАлга,49.9,57.3\nАлга,43.0,76.0\n")
    assert services.import_settlements(actor=DESK, now=NOW, path=path).added == 2


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "table.csv"),
        ("name,latitude\nx,1\n", "table.csv:1: longitude"),
        ("name,latitude,longitude\nx,95,57\n", "table.csv:2: latitude"),
        ("name,latitude,longitude\nx,50,east\n", "table.csv:2: longitude"),
        ("name,latitude,longitude\nx,50,57\n,50,57\n", "table.csv:3: name"),
        ("name,latitude,longitude,parent\nx,50,57,nowhere\n", "table.csv:2: parent"),
        ("name,latitude,longitude\nx,50,57,more\n", "table.csv:2"),
        ('name,latitude,longitude\n"x,50,57\n', "table.csv:2"),
        ("name,latitude,longitude,geonames_id\nx,50,57,abc\n", "table.csv:2: geonames_id"),
    ],
)
def test_bad_tables_name_file_line_and_column(text: str, where: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        services.import_settlements(actor=DESK, now=NOW, path=table(tmp_path, text))
    assert str(caught.value.location) == where
    assert Place.objects.count() == 0


def test_population_by_code_and_by_name(tmp_path: Path) -> None:
    one, two = make_place("Бір", kato="1"), make_place("Екі")
    path = table(
        tmp_path, "kato,year,population\n1,2024,1000\nЕкі,2024,2 000\n".replace("2 0", "20")
    )
    report = services.import_population(actor=DESK, path=path, now=NOW, source_name="Bureau")
    assert report.added == 2
    figures = {p.place_id: p for p in Population.objects.select_related("source")}
    assert (figures[one.pk].count, figures[two.pk].count) == (1000, 2000)
    assert figures[one.pk].source.name == "Bureau"
    changed = table(tmp_path, "kato,year,population\n1,2024,1100\n")
    report = services.import_population(actor=DESK, path=changed, now=NOW, source_name="Bureau")
    assert (report.added, report.changed) == (0, 1)


@pytest.mark.parametrize(
    ("row", "field"),
    [("9,2024,1", "place"), ("1,24,1", "year"), ("1,2024,-1", "count"), ("1,2024,1.5", "count"),
     ("Қос,2024,1", "place"), ("1,2023,5\n1,2023,6", "place")],
)  # fmt: skip
def test_bad_population_rows(row: str, field: str, tmp_path: Path) -> None:
    make_place("Бір", kato="1")
    make_place("Қос", latitude=50.0)
    make_place("Қос", kato="3", latitude=48.0)
    with pytest.raises(InputError) as caught:
        services.import_population(
            actor=DESK, path=table(tmp_path, f"place,year,count\n{row}\n"), now=NOW
        )
    assert caught.value.location.field == field
    assert Population.objects.count() == 0


def test_only_those_whom_the_policy_allows_may_import(tmp_path: Path) -> None:
    officer = make_user(Role.DUTY_OFFICER)
    with pytest.raises(RefusedError):
        services.import_areas(actor=officer, path=areas_file(tmp_path, square("a", 57)), now=NOW)
    analyst = make_user(Role.ANALYST)
    services.import_areas(actor=analyst, path=areas_file(tmp_path, square("a", 57)), now=NOW)
    assert AuditEntry.objects.get().actor_label == analyst.actor_label


def test_the_sample_province(tmp_path: Path) -> None:
    load_sample_places(tmp_path)
    assert Place.objects.filter(kind="district", boundary_is_approximate=True).count() == 13
    homeless = Place.objects.filter(kind="settlement", parent__kind="country")
    assert {p.name_en for p in homeless} == {"Atyrau", "Balkhash", "Taraz", "Almaty"}
    places = selectors.district_map()
    temir = Place.objects.get(kato="155600000")
    for name in ("Temir", "Kenkiyak", "Shubarshi", "Shubarkuduk"):
        assert places[Place.objects.get(kind="settlement", name_en=name).pk] == temir.pk
