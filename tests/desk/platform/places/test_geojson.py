"""Reading areas: what is understood, and what is refused with which words."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qalqan.desk.platform.places.geojson import FieldNames, read_areas
from qalqan.errors import InputError

SQUARE = [[[57.0, 50.0], [58.0, 50.0], [58.0, 51.0], [57.0, 51.0], [57.0, 50.0]]]
BOWTIE = [[[57.0, 50.0], [58.0, 51.0], [58.0, 50.0], [57.0, 51.0], [57.0, 50.0]]]


def feature(code: Any = "1510", name: Any = "Alga", rings: Any = None, **more: Any) -> dict:
    return {
        "type": "Feature",
        "properties": {"KATO": code, "name": name, **more},
        "geometry": {"type": "Polygon", "coordinates": copy.deepcopy(rings or SQUARE)},
    }


def written(folder: Path, *features: Any, raw: str | bytes | None = None) -> Path:
    path = folder / "areas.geojson"
    data = raw if raw is not None else json.dumps(
        {"type": "FeatureCollection", "features": list(features)}
    )  # fmt: skip
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_a_plain_area(tmp_path: Path) -> None:
    (area,) = read_areas(written(tmp_path, feature())).areas
    assert (area.number, area.code, area.latitude, area.longitude) == (1, "1510", 50.5, 57.5)
    assert area.names == {"kk": "Alga", "ru": "Alga", "en": "Alga"}
    assert area.note == ""


def test_names_in_three_languages_and_the_deepest_level(tmp_path: Path) -> None:
    one = feature("1", ADM1_KK="Облыс", ADM2_KK="Алға", ADM2_RU="Алгинский", ADM2_EN="Alga")
    (area,) = read_areas(written(tmp_path, one)).areas
    assert area.names == {"kk": "Алға", "ru": "Алгинский", "en": "Alga"}


def test_numbers_may_be_codes_and_other_properties_may_be_named(tmp_path: Path) -> None:
    one = feature("x", nr=151000000.0, label_local="Orda")
    names = FieldNames(code="nr", name_en="label_local")
    (area,) = read_areas(written(tmp_path, one), names).areas
    assert (area.code, area.names["en"], area.names["kk"]) == ("151000000", "Orda", "Alga")


def test_a_code_that_repeats_is_not_taken_for_one(tmp_path: Path) -> None:
    rows = [feature("same", pcode="KZ1"), feature("same", pcode="KZ2")]
    read = read_areas(written(tmp_path, *rows))
    assert [area.code for area in read.areas] == ["KZ1", "KZ2"]
    assert read.fields["code"] == "pcode"


def test_a_ring_that_crosses_itself_is_repaired_and_noted(tmp_path: Path) -> None:
    import shapely

    (area,) = read_areas(written(tmp_path, feature(rings=BOWTIE))).areas
    assert "repaired" in area.note
    drawn = shapely.from_geojson(json.dumps(area.geometry))
    assert drawn.is_valid
    # Two triangles of a quarter each: half the square.
    assert drawn.area == pytest.approx(0.5)


def geometry(kind: str, coordinates: Any) -> dict:
    return {**feature(), "geometry": {"type": kind, "coordinates": coordinates}}


WRONG = {
    "no-json": ("{", "JSON", ""),
    "not-text": (b"\xff\x00\x01\x80", "UTF-8", ""),
    "a-list": ("[]", "FeatureCollection", ""),
    "no-features": ({"type": "FeatureCollection", "features": []}, "no features", ""),
    "deep": ("[" * 100_000, "JSON", ""),
    "not-a-feature": ([feature(), 7], "Feature", "feature 2"),
    "no-properties": ([{**feature(), "properties": None}], "properties",
                      "feature 1, properties"),
    "no-geometry": ([feature("1"), {**feature("2"), "geometry": None}], "geometry",
                    "feature 2, geometry"),
    "a-point": ([geometry("Point", [57, 50])], "Polygon", "feature 1, geometry.type"),
    "metres": ([feature(rings=[[[5e5, 5e6], [6e5, 5e6], [6e5, 6e6], [5e5, 5e6]]])], "WGS84",
               "feature 1, geometry"),
    "words": ([feature(rings=[[["a", "b"]]])], "numbers", "feature 1, geometry"),
    "nan": ('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"KATO":"1",'
            '"name":"x"},"geometry":{"type":"Polygon","coordinates":[[[NaN,1],[1,1],[1,2],[NaN,1]]'
            "]}}]}", "WGS84", "feature 1, geometry"),
    "empty": ([geometry("Polygon", [])], "empty", "feature 1, geometry"),
    "a-line": ([feature(rings=[[[57, 50], [58, 50], [57, 50], [57, 50]]])], "surface",
               "feature 1, geometry"),
    "two-points": ([feature(rings=[[[57, 50], [58, 50]]])], "geometry", "feature 1, geometry"),
    "no-code": ([feature("")], "code", ""),
    "same-code": ([feature("1"), feature("1")], "code", ""),
    "bad-code": ([feature("a b")], "code", "feature 1, KATO"),
    "no-name": ([feature(name=None)], "name", ""),
    "long-name": ([feature(name="x" * 121)], "120", "feature 1, name"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=str)
def test_wrong_files_are_refused_with_the_place_of_the_fault(case: str, tmp_path: Path) -> None:
    content, word, where = WRONG[case]
    if isinstance(content, list):
        path = written(tmp_path, *content)
    else:
        path = written(tmp_path, raw=json.dumps(content) if isinstance(content, dict) else content)
    with pytest.raises(InputError) as caught:
        read_areas(path)
    assert word in str(caught.value.message)
    assert caught.value.location is not None
    assert caught.value.location.file == "areas.geojson"
    assert (caught.value.location.field or "") == where


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Cannot read"):
        read_areas(tmp_path / "none.geojson")


JSONS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=4),
                            st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_is_read_or_refused_in_words(tmp_path: Path, data: st.DataObject) -> None:
    good = {"type": "FeatureCollection", "features": [feature("1"), feature("2")]}
    target: Any = good
    while isinstance(target, (dict, list)) and target:
        keys = list(target) if isinstance(target, dict) else list(range(len(target)))
        key = data.draw(st.sampled_from(keys))
        if data.draw(st.booleans()) or not isinstance(target[key], (dict, list)):
            target[key] = data.draw(JSONS)
            break
        target = target[key]
    path = written(tmp_path, raw=json.dumps(good))
    refusal: InputError | None = None
    areas: tuple[Any, ...] = ()
    try:
        areas = read_areas(path).areas
    except InputError as error:
        refusal = error
    if refusal is None:
        assert areas
        assert all(area.code and area.geometry["coordinates"] for area in areas)
    else:
        assert str(refusal.message)
        assert refusal.location is not None
        assert refusal.location.file == path.name


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=300))
def test_any_bytes_are_refused_in_words(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_areas(written(tmp_path, raw=raw))
    assert str(caught.value.message)
