"""Understand single cells: times with their precision, numbers, choices, coordinates."""

from __future__ import annotations

import difflib
import math
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation

from django.db import models
from django.utils.translation import gettext as _

from qalqan.desk.incidents.models import Incident
from qalqan.desk.platform.sources.tables import BadFieldError

_EARLIEST = 1800
_LARGEST_COUNT = 1_000_000
_SECOND = timedelta(seconds=1)
_Precision = Incident.TimePrecision
_ORDER = [p.value for p in _Precision]

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2})"
    r"(?:[T ](?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?)?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?)?)?)?"
)
_DOTTED = re.compile(
    r"(?:(?:(?P<day>\d{1,2})\.)?(?P<month>\d{1,2})\.)(?P<year>\d{4})"
    r"(?: (?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?(?P<zone>)"
)

Span = tuple[datetime, datetime, str]
"""First and last instant in UTC, and the precision."""


def when(text: str, field: str, zone: tzinfo) -> Span:
    """Read a time, a day, a month, a year, or two of them with a slash between.

    >>> from datetime import UTC
    >>> start, end, precision = when("2011-06", "time", UTC)
    >>> f"{start:%d.%m} {end:%d.%m} {precision}"
    '01.06 30.06 month'
    """
    first_text, slash, last_text = (part.strip() for part in text.partition("/"))
    first = _one_time(first_text, field, zone)
    if not slash:
        return first
    last = _one_time(last_text, field, zone)
    if last[1] < first[0]:
        raise BadFieldError(field, _("the end lies before the beginning"))
    return first[0], last[1], max(first[2], last[2], key=_ORDER.index)


def widened(span: Span, precision: str, field: str, zone: tzinfo) -> Span:
    """Return the span at a coarser stated precision; a finer one than was given is refused."""
    if _ORDER.index(precision) < _ORDER.index(span[2]):
        raise BadFieldError(
            field,
            _("the time is given less exactly than this precision (%(value)s)")
            % {"value": precision},
        )
    if precision == span[2]:
        return span
    try:
        start = _floor(span[0].astimezone(zone), precision)
        end = _last(_floor(span[1].astimezone(zone), precision), precision)
        return start.astimezone(UTC), end.astimezone(UTC), precision
    except (ValueError, OverflowError):
        raise BadFieldError(
            field, _("“%(text)s” is not in the calendar") % {"text": span[1].year}
        ) from None


def _one_time(text: str, field: str, zone: tzinfo) -> Span:
    found = _ISO.fullmatch(text) or _DOTTED.fullmatch(text)
    if not found:
        raise BadFieldError(
            field,
            _("“%(text)s” is not a time; write 2011-06-30 14:05, 2011-06-30, 2011-06 or 2011")
            % {"text": text[:40]},
        )
    parts = found.groupdict()
    number = {k: int(v) for k, v in parts.items() if v is not None and k != "zone"}
    if number["year"] < _EARLIEST:
        raise BadFieldError(field, _("the year %(year)s is too early") % {"year": number["year"]})
    if parts["zone"]:
        zone = datetime.strptime(parts["zone"].replace("Z", "+00:00"), "%z").tzinfo or UTC
    try:
        start = datetime(
            number["year"],
            number.get("month", 1),
            number.get("day", 1),
            number.get("hour", 0),
            number.get("minute", 0),
            number.get("second", 0),
            tzinfo=zone,
        )
        precision = _precision_of(number)
        return start.astimezone(UTC), _last(start, precision).astimezone(UTC), precision
    except (ValueError, OverflowError):
        raise BadFieldError(
            field, _("“%(text)s” is not in the calendar") % {"text": text[:40]}
        ) from None


def _precision_of(number: dict[str, int]) -> str:
    for key in ("minute", "hour", "day", "month"):
        if key in number:
            return key
    return "year"


def _floor(moment: datetime, precision: str) -> datetime:
    if precision == _Precision.HOUR:
        return moment.replace(minute=0, second=0, microsecond=0)
    moment = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if precision == _Precision.DAY:
        return moment
    return (
        moment.replace(day=1) if precision == _Precision.MONTH else moment.replace(month=1, day=1)
    )


def _last(start: datetime, precision: str) -> datetime:
    """Return the last second of the unit that begins at ``start``."""
    if precision == _Precision.MINUTE:
        return start
    if precision == _Precision.HOUR:
        return start + timedelta(hours=1) - _SECOND
    if precision == _Precision.DAY:
        return start + timedelta(days=1) - _SECOND
    if precision == _Precision.MONTH:
        return (start + timedelta(days=32)).replace(day=1) - _SECOND
    return start.replace(year=start.year + 1) - _SECOND


def day(text: str, field: str, *, last: bool = False) -> date:
    """Read a day; of a month or a year its first or last day."""
    start, end, _precision = _one_time(text, field, UTC)
    return (end if last else start).date()


def day_span(
    first: str, last: str, fields: tuple[str, str], zone: tzinfo
) -> tuple[datetime, datetime]:
    """Read two days, possibly with a time of day that is dropped, as one span."""
    start_day = day(first[:10], fields[0])
    end_day = day(last[:10], fields[1])
    if end_day < start_day:
        raise BadFieldError(fields[1], _("the end lies before the beginning"))
    start = datetime.combine(start_day, time.min, zone)
    try:
        end = datetime.combine(end_day, time.min, zone) + timedelta(days=1) - _SECOND
        return start.astimezone(UTC), end.astimezone(UTC)
    except OverflowError:
        raise BadFieldError(
            fields[1], _("“%(text)s” is not in the calendar") % {"text": last[:40]}
        ) from None


def count(text: str, field: str) -> int | None:
    """Read a number of people; an empty cell, a dash and "unknown" mean unknown."""
    if text.lower() in ("", "-", "–", "na", "unknown"):
        return None
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise BadFieldError(
            field, _("“%(text)s” is not a whole number from 0") % {"text": text[:40]}
        )
    value = int(text)
    if value > _LARGEST_COUNT:
        raise BadFieldError(field, _("%(value)s is too many to be true") % {"value": value})
    return value


def choice(text: str, field: str, choices: type[models.TextChoices]) -> str:
    """Read one of the known words."""
    word = text.strip().lower().replace(" ", "_").replace("-", "_")
    if word in choices.values:
        return word
    near = difflib.get_close_matches(word, choices.values, n=1)
    known = near[0] if near else ", ".join(choices.values)
    raise BadFieldError(
        field,
        _("“%(text)s” is not known; use %(known)s") % {"text": text[:40], "known": known},
    )


def coordinates(latitude: str, longitude: str) -> tuple[float, float] | None:
    """Read degrees; both or neither must be given."""
    if not latitude and not longitude:
        return None
    values = []
    for text, field, limit in ((latitude, "latitude", 90), (longitude, "longitude", 180)):
        if not text:
            raise BadFieldError(field, _("latitude and longitude must be given together"))
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise BadFieldError(field, _("“%(text)s” is not a number") % {"text": text[:40]})
        if abs(value) > limit:
            raise BadFieldError(
                field,
                _("%(value)s degrees lies outside −%(limit)s to %(limit)s")
                % {"value": text[:20], "limit": limit},
            )
        values.append(value)
    return values[0], values[1]


def decimal(text: str, field: str) -> Decimal:
    """Read a number with at most four decimals."""
    plain = text.replace("\u00a0", "").replace(" ", "").replace(",", ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite() or abs(value) >= Decimal(10) ** 14:
        raise BadFieldError(field, _("“%(text)s” is not a number") % {"text": text[:40]})
    return value.quantize(Decimal("0.0001"))


def short(text: str, field: str, limit: int) -> str:
    """Refuse a text that is longer than its column holds."""
    if len(text) > limit:
        raise BadFieldError(
            field,
            _("the text has %(length)s characters, %(limit)s are allowed")
            % {"length": len(text), "limit": limit},
        )
    return text
