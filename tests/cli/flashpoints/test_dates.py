"""Dates in every form that SaTScan reads."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qalqan.cli.flashpoints.dates import boundaries, generic_day, generic_number, parse


@pytest.mark.parametrize(
    ("text", "first", "last", "census"),
    [
        ("1985", date(1985, 1, 1), date(1985, 12, 31), date(1985, 7, 1)),
        ("1985/2", date(1985, 2, 1), date(1985, 2, 28), date(1985, 2, 15)),
        ("2004-02", date(2004, 2, 1), date(2004, 2, 29), date(2004, 2, 15)),
        ("2001/11/4", *[date(2001, 11, 4)] * 3),
        ("11/4/2001", *[date(2001, 11, 4)] * 3),
        ("2/2004", date(2004, 2, 1), date(2004, 2, 29), date(2004, 2, 15)),
        ("2001.11.04", *[date(2001, 11, 4)] * 3),
        ("2014-01-01 01:15", *[date(2014, 1, 1)] * 3),
    ],
)
def test_a_date_and_what_it_stands_for(text: str, first: date, last: date, census: date) -> None:
    found = parse(text)
    assert (found.first, found.last, found.census) == (first, last, census)


@pytest.mark.parametrize(
    ("text", "study", "year"),
    [("73", (1973, 1991), 1973), ("05", (1998, 2010), 2005), ("99", (1998, 2010), 1999)],
)
def test_years_of_two_digits_take_the_century_of_the_study(
    text: str, study: tuple[int, int], year: int
) -> None:
    assert parse(text, study).year == year


@pytest.mark.parametrize(
    ("text", "study"),
    [("73", None), ("50", (1998, 2010)), ("50", (1850, 1990)), ("2001/13", None), ("", None),
     ("2001/2/29", None), ("1/2/3/4", None), ("0000", None), ("20011124", None),
     ("05.11.2001", None), ("24.11.2001 10:00", None)],
)  # fmt: skip
def test_what_is_no_date(text: str, study: tuple[int, int] | None) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text, study)


@given(st.integers(-99_999, 99_999))
def test_whole_numbers_survive(number: int) -> None:
    assert generic_number(generic_day(str(number))) == number


@given(
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.integers(0, 3000),
    st.sampled_from(["day", "week", "month", "year"]),
    st.integers(1, 5),
)
def test_periods_cover_the_study_once(first: date, days: int, unit: str, length: int) -> None:
    cut = boundaries(first, first + timedelta(days=days), unit, length)
    assert cut[0] == first
    assert cut[-1] == first + timedelta(days=days + 1)
    assert all(one < two for one, two in itertools.pairwise(cut))
