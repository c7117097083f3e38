"""Values hold what they were given, and the writer refuses what CAP cannot say."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from tests.cap.messages import GOOD

from qalqan.cap.errors import CapError
from qalqan.cap.model import CapTime, Circle, Info, Polygon, Reference
from qalqan.cap.read import read
from qalqan.cap.values import join_words, split_words
from qalqan.cap.write import write

ALERT = read(GOOD.encode())


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T07:30:00Z",
        "2026-11-22T07:30:00",
        "2026-11-22T07:30+05:00",
        "2026-11-22T07:30:00.0+05:00",
        "2026-11-22 07:30:00+05:00",
        "2026-13-22T07:30:00+05:00",
        "2026-02-29T07:30:00+05:00",
        "2026-11-22T25:00:00+05:00",
        "2026-11-22T24:00:01+05:00",
        "2026-11-22T07:30:60+05:00",
        "2026-11-22T07:30:00+14:01",
        "2026-11-22T07:30:00+05:60",
        "0000-11-22T07:30:00+05:00",
        "٢٠٢٦-11-22T07:30:00+05:00",
        "",
    ],
)
def test_other_forms_of_times_are_refused(text):
    with pytest.raises(CapError):
        CapTime(text)


def test_times_keep_their_letters_and_name_a_moment():
    assert str(CapTime("2026-11-22T24:00:00-00:00")) == "2026-11-22T24:00:00-00:00"
    assert CapTime("2026-11-22T24:00:00-00:00").moment == datetime(2026, 11, 23, tzinfo=UTC)
    assert CapTime("2024-02-29T07:30:00-03:30").moment == datetime(2024, 2, 29, 11, tzinfo=UTC)
    east = timezone(timedelta(hours=5))
    assert str(CapTime.of(datetime(2026, 1, 1, tzinfo=east))) == "2026-01-01T00:00:00+05:00"
    with pytest.raises(CapError):
        CapTime.of(datetime(2026, 1, 1))  # noqa: DTZ001


def test_shapes_are_understood_when_asked():
    ring = Polygon("50.25,57.1 50.35,57.1\n50.35,57.30 50.25,57.1")
    assert ring.points == ((50.25, 57.1), (50.35, 57.1), (50.35, 57.3), (50.25, 57.1))
    assert Circle("50.28,57.17 2.5").centre == (50.28, 57.17)
    assert Circle("50.28,57.17 2.5").radius_km == 2.5
    for text in ("", "a,b 1", "1,2", "1,2 nan", "1,2,3 4"):
        with pytest.raises(CapError):
            assert [Circle(text).centre, Circle(text).radius_km]
    with pytest.raises(CapError):
        assert Polygon("1,2 x,3").points
    with pytest.raises(CapError):
        Polygon.of([(1.0, 2.0), (3.0, 4.0)])
    with pytest.raises(CapError):
        Circle.of(1, 2, -1)


def test_references_have_three_parts():
    assert ALERT.reference.parts == (
        "duty@sample.example",
        "kz-sample-1",
        "2026-11-22T07:30:00+05:00",
    )
    assert Reference("a,b").parts is None
    with pytest.raises(CapError):
        Reference("a b,c,d")
    with pytest.raises(CapError):
        Reference.of(sender="a,b", identifier="1", sent=ALERT.sent)


@pytest.mark.parametrize(
    "words", [("a",), ("a b", "c"), ('"',), ("",), ('a"b', " "), ("a\u00a0b",)]
)
def test_lists_of_words_come_back(words):
    assert split_words(join_words(words)) == words


def test_a_word_that_no_quotes_can_hold_is_refused():
    with pytest.raises(CapError):
        join_words(('a "b" c',))


def test_a_message_is_immutable():
    with pytest.raises(FrozenInstanceError):
        ALERT.identifier = "2"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"event": "\x00"}, "info/event"),
        ({"event": "\ud800"}, "info/event"),
        ({"categories": ()}, "info/category"),
        ({"language": "en_US"}, "info/language"),
    ],
)
def test_what_the_schema_cannot_hold_is_not_written(change, field):
    info: Info = replace(ALERT.infos[0], **change)
    with pytest.raises(CapError) as caught:
        write(replace(ALERT, infos=(info,)))
    assert caught.value.location is not None
    assert caught.value.location.field == field


def test_heights_that_are_no_numbers_are_not_written():
    area = replace(ALERT.infos[0].areas[0], altitude=Decimal("NaN"))
    with pytest.raises(CapError):
        write(replace(ALERT, infos=(replace(ALERT.infos[0], areas=(area,)),)))


@pytest.mark.parametrize("text", ["<x/>", "<", "<!DOCTYPE a><a/>", "plain"])
def test_only_signatures_may_follow_the_message(text):
    with pytest.raises(CapError):
        write(replace(ALERT, signatures=(text,)))
