"""Dates and numbers as Kazakh, Russian and English write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from qalqan.desk.platform.ui import catalogues, formatting

AT = datetime(2026, 3, 2, 4, 5, tzinfo=UTC)
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    catalogues.compile_all()


@pytest.mark.parametrize(
    ("language", "style", "written"),
    [
        # After CLDR 44: kk "y 'ж'. d MMMM", ru "d MMMM y 'г'.", en-001 "d MMMM y".
        ("kk", "datetime", "2026 ж. 2 наурыз, 09:05"),
        ("ru", "datetime", "2 марта 2026 г., 09:05"),
        ("en", "datetime", "2 March 2026, 09:05"),
        ("kk", "short", "02.03.2026 09:05"),
        ("en", "short", "2 Mar 2026, 09:05"),
        ("kk", "day", "2 наурыз"),
        ("ru", "day", "2 марта"),
        ("kk", "month", "2026 ж. наурыз"),
    ],
)
def test_dates_in_the_zone_of_the_province(language: str, style: str, written: str) -> None:
    with translation.override(language):
        assert formatting.format_date(AT, style) == written


def test_a_date_without_time_shows_none() -> None:
    with translation.override("kk"):
        assert formatting.format_date(date(2026, 12, 16)) == "2026 ж. 16 желтоқсан"
        assert formatting.format_date(None) == "–"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("kk", f"1{NBSP}234{NBSP}567,5"),
        ("ru", f"1{NBSP}234{NBSP}567,5"),
        ("en", "1,234,567.5"),
    ],
)
def test_numbers(language: str, written: str) -> None:
    with translation.override(language):
        assert formatting.format_number(1234567.5, 1) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, "–"), (float("nan"), "–"), (float("inf"), "∞"), (0, "0"), (-3, "−3"), (12.34, "12.3")],
)
def test_numbers_at_the_edges(value: float | None, written: str) -> None:
    with translation.override("en"):
        assert formatting.format_number(value) == written


def test_a_p_value_is_never_zero() -> None:
    with translation.override("kk"):
        assert formatting.format_p_value(0.0) == "< 0,001"
        assert formatting.format_p_value(0.0214) == "0,021"


PLURALS_RU = {1: "минуту", 2: "минуты", 5: "минут", 11: "минут", 21: "минуту", 24: "минуты"}


@pytest.mark.parametrize(("n", "noun"), PLURALS_RU.items())
def test_russian_nouns_agree_with_the_number(n: int, noun: str) -> None:
    with translation.override("ru"):
        written = formatting.format_ago(AT - timedelta(minutes=n), now=AT)
    assert written == f"{n} {noun} назад"


@pytest.mark.parametrize("n", [1, 2, 5, 21])
def test_kazakh_nouns_stay_after_numbers(n: int) -> None:
    with translation.override("kk"):
        assert formatting.format_ago(AT - timedelta(hours=n), now=AT) == f"{n} сағат бұрын"
        assert formatting.format_ago(AT + timedelta(hours=n), now=AT) == f"{n} сағаттан кейін"


@pytest.mark.parametrize(
    ("before", "written"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=29), "4 weeks ago"),
        (timedelta(days=364), "12 months ago"),
        (timedelta(days=365), "1 year ago"),
    ],
)
def test_ago_uses_the_largest_fitting_unit(before: timedelta, written: str) -> None:
    with translation.override("en"):
        assert formatting.format_ago(AT - before, now=AT) == written
