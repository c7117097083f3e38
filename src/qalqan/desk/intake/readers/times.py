"""Reading times in the ways files write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

_TWITTER = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d\d): ?(\d\d): ?(\d\d) ([+-]\d{4}) (\d{4})"
)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ ,T]+(\d{1,2}):(\d\d)(?::(\d\d))?)?")
_NUMBER = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def parse_time(text: str, zone: tzinfo) -> datetime:
    """Read a time and return it in UTC.

    Understands ISO 8601, seconds or milliseconds since 1970, ``31.12.2026 18:05``, the
    format of Twitter and that of RFC 2822. A time without a zone is taken as one of ``zone``.

    Parameters
    ----------
    text
        As the file writes it.
    zone
        The zone of the province.

    Raises
    ------
    ValueError
        It is no time, or lies outside 1990 to 2100.

    Examples
    --------
    >>> parse_time("Wed Apr 17 18:57:37 +0000 2013", UTC).isoformat()
    '2013-04-17T18:57:37+00:00'
    >>> parse_time("1.2.2026 09:30", UTC).isoformat()
    '2026-02-01T09:30:00+00:00'
    """
    try:
        moment = datetime.fromisoformat(text)
        if text.isdigit() and len(text) != 8:
            raise ValueError(text)
    except ValueError:
        moment = _other(text.strip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    if not _FIRST <= moment < _LAST:
        raise ValueError(text)
    return moment


def _other(text: str) -> datetime:
    if match := _TWITTER.fullmatch(text):
        month, day, hour, minute, second, offset, year = match.groups()
        number = _MONTHS.index(month) + 1
        return datetime.fromisoformat(
            f"{year}-{number:02d}-{int(day):02d}T{hour}:{minute}:{second}{offset[:3]}:{offset[3:]}"
        )
    if match := _DOTTED.fullmatch(text):
        day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - zone comes later
    if _NUMBER.fullmatch(text):
        value = float(text)
        return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    if text[:1].isalpha() or " " in text:
        from email.utils import parsedate_to_datetime

        return parsedate_to_datetime(text)
    return datetime.fromisoformat(text)
