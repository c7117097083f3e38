"""Dates, spans of time and numbers as the reader's language writes them."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext

UNKNOWN = "–"
"""What stands where a value is not known."""

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_WEEK = 7 * _DAY
_MONTH = 30 * _DAY
_YEAR = 365 * _DAY

DATE_STYLES = {
    "datetime": "DATETIME_FORMAT",
    "date": "DATE_FORMAT",
    "time": "TIME_FORMAT",
    "short": "SHORT_DATETIME_FORMAT",
    "short_date": "SHORT_DATE_FORMAT",
    "month": "YEAR_MONTH_FORMAT",
    "day": "MONTH_DAY_FORMAT",
}


def format_date(value: date | datetime | str | None, style: str = "datetime") -> str:
    """Write a date or a time; times are shown in the zone of the province.

    Parameters
    ----------
    value
        A date, or an aware time; ``None``, and the empty text that a template puts for what is
        not there, are written as a dash.
    style
        A key of ``DATE_STYLES``; a date without a time never shows one.
    """
    if value is None or isinstance(value, str):
        return value or UNKNOWN
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    elif style in {"datetime", "short"}:
        style = {"datetime": "date", "short": "short_date"}[style]
    return date_format(value, DATE_STYLES[style])


def format_number(value: Any, digits: int | None = None) -> str:
    """Write a number with the separators of the language.

    Parameters
    ----------
    value
        A number; ``None`` and not-a-number are written as a dash.
    digits
        Decimal places; without it, none for whole numbers and two significant digits at least
        for others.
    """
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return UNKNOWN
    if isinstance(value, float) and math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if digits is None:
        digits = _natural_digits(float(value))
    rounded = round(float(value), digits) if digits else round(value)
    text = number_format(rounded, decimal_pos=digits, use_l10n=True, force_grouping=True)
    return text.replace("-", "−", 1) if text.startswith("-") else text


def _natural_digits(value: float) -> int:
    if value == int(value) or abs(value) >= 100:
        return 0
    return 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 3


def format_interval(low: Any, high: Any, digits: int | None = None) -> str:
    """Write a range with an en dash; a missing end is written as a dash."""
    return f"{format_number(low, digits)}–{format_number(high, digits)}"


def format_p_value(value: float | None) -> str:
    """Write a p-value; very small ones as an upper bound, never as zero."""
    if value is None:
        return UNKNOWN
    return f"< {format_number(0.001, 3)}" if value < 0.001 else format_number(value, 3)


def format_percent(value: float | None, digits: int = 0) -> str:
    """Write a share of one as a percentage."""
    return UNKNOWN if value is None else f"{format_number(value * 100, digits)} %"


def format_ago(value: datetime | None, *, now: datetime) -> str:
    """Write how long ago, or in how long, in the largest fitting unit."""
    if value is None:
        return UNKNOWN
    seconds = (now - value).total_seconds()
    if abs(seconds) < _MINUTE:
        return gettext("just now")
    return _past(int(seconds)) if seconds > 0 else _future(int(-seconds))


def _past(seconds: int) -> str:
    # Whole phrases, one a unit: Kazakh and Russian bend the noun differently before and after.
    if seconds < _HOUR:
        n = seconds // _MINUTE
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", n) % {"n": n}
    if seconds < _DAY:
        n = seconds // _HOUR
        return ngettext("%(n)s hour ago", "%(n)s hours ago", n) % {"n": n}
    if seconds < _WEEK:
        n = seconds // _DAY
        return ngettext("%(n)s day ago", "%(n)s days ago", n) % {"n": n}
    if seconds < _MONTH:
        n = seconds // _WEEK
        return ngettext("%(n)s week ago", "%(n)s weeks ago", n) % {"n": n}
    if seconds < _YEAR:
        n = seconds // _MONTH
        return ngettext("%(n)s month ago", "%(n)s months ago", n) % {"n": n}
    n = seconds // _YEAR
    return ngettext("%(n)s year ago", "%(n)s years ago", n) % {"n": n}


def _future(seconds: int) -> str:
    if seconds < _HOUR:
        n = seconds // _MINUTE
        return ngettext("in %(n)s minute", "in %(n)s minutes", n) % {"n": n}
    if seconds < _DAY:
        n = seconds // _HOUR
        return ngettext("in %(n)s hour", "in %(n)s hours", n) % {"n": n}
    if seconds < _WEEK:
        n = seconds // _DAY
        return ngettext("in %(n)s day", "in %(n)s days", n) % {"n": n}
    if seconds < _MONTH:
        n = seconds // _WEEK
        return ngettext("in %(n)s week", "in %(n)s weeks", n) % {"n": n}
    if seconds < _YEAR:
        n = seconds // _MONTH
        return ngettext("in %(n)s month", "in %(n)s months", n) % {"n": n}
    n = seconds // _YEAR
    return ngettext("in %(n)s year", "in %(n)s years", n) % {"n": n}


def format_duration(value: timedelta | None) -> str:
    """Write a length of time in its two largest units."""
    if value is None:
        return UNKNOWN
    minutes = int(value.total_seconds()) // _MINUTE
    days, rest = divmod(minutes, _DAY // _MINUTE)
    hours, minutes = divmod(rest, _HOUR // _MINUTE)
    parts = [
        (days, ngettext("%(n)s day", "%(n)s days", days) % {"n": days}),
        (hours, ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}),
        (minutes, ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}),
    ]
    written = [text for n, text in parts if n][:2]
    return " ".join(written) or parts[-1][1]
