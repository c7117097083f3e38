"""Values that keep the very letters they were read with, and are understood when asked.

An alert that was signed must come out as it came in: ``-00:00`` stays ``-00:00`` and ``42.10``
does not become ``42.1``. So times, shapes and references hold their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from qalqan.cap.errors import CapError

_TIME = re.compile(
    r"(?!0000)([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"([+-])([0-9]{2}):([0-9]{2})"
)
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_HOURS_A_DAY = 24
_FARTHEST_ZONE = 14 * 60
_LEAST_POINTS = 4
_WORD = re.compile(r'"([^"]*)"(?=[ \t\r\n]|\Z)|([^ \t\r\n]+)')
_SPACE = re.compile(r"[ \t\r\n]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class CapTime:
    """A time in the one form that CAP 1.2 allows: ``2026-11-22T07:30:00+05:00`` (3.3.2).

    Raises
    ------
    CapError
        The text has another form or names no existing moment.

    Examples
    --------
    >>> CapTime("2026-11-22T07:30:00+05:00").moment.isoformat()
    '2026-11-22T02:30:00+00:00'
    """

    text: str

    def __post_init__(self) -> None:
        if instant(self.text) is None:
            raise CapError(f"{self.text!r} is no time of the form 2026-11-22T07:30:00+05:00")

    def __str__(self) -> str:
        return self.text

    @property
    def moment(self) -> datetime:
        """The moment in UTC."""
        found = instant(self.text)
        if found is None:
            raise CapError(f"{self.text!r} is no moment a calendar knows")
        return found

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """Write an aware time; UTC gets ``-00:00`` as 3.3.2 wants it.

        Examples
        --------
        >>> str(CapTime.of(datetime(2026, 11, 22, 2, 30, tzinfo=UTC)))
        '2026-11-22T02:30:00-00:00'
        """
        offset = moment.utcoffset()
        if offset is None:
            raise CapError("a time without a zone cannot be sent")
        if offset.total_seconds() % 60:
            raise CapError("CAP writes zones in whole minutes")
        text = moment.replace(microsecond=0).isoformat()
        return cls(text if offset else f"{text[:-6]}-00:00")


def instant(text: str) -> datetime | None:
    """Return the moment of a CAP time in UTC, ``None`` where the text is no such time.

    Examples
    --------
    >>> instant("2026-02-30T00:00:00+05:00") is None
    True
    """
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    zone = int(match[8]) * 60 + int(match[9])
    if int(match[9]) > 59 or zone > _FARTHEST_ZONE:
        return None
    # XML Schema lets midnight at the end of a day be written as 24:00:00.
    midnight = hour == _HOURS_A_DAY and not (minute or second)
    try:
        local = datetime(year, month, day, 0 if midnight else hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    shift = timedelta(minutes=zone if match[7] == "+" else -zone)
    try:
        return local + timedelta(days=int(midnight)) - shift
    except OverflowError:
        # Hours beyond the calendar's ends are written rightly, only nothing can reckon with them.
        return _FIRST if year == 1 else _LAST


@dataclass(frozen=True, slots=True)
class Reference:
    """One earlier message: ``sender,identifier,sent`` (3.2.1, references)."""

    text: str

    def __post_init__(self) -> None:
        if not self.text or _SPACE.search(self.text):
            raise CapError(f"{self.text!r} is no reference: spaces part references")

    def __str__(self) -> str:
        return self.text

    @classmethod
    def of(cls, *, sender: str, identifier: str, sent: CapTime) -> Self:
        """Write the reference to a message.

        Examples
        --------
        >>> str(Reference.of(sender="a@b.kz", identifier="1", sent=CapTime(
        ...     "2026-11-22T07:30:00+05:00")))
        'a@b.kz,1,2026-11-22T07:30:00+05:00'
        """
        for name, part in (("sender", sender), ("identifier", identifier)):
            if not part or re.search(r"[ \t\r\n,<&]", part):
                raise CapError(f"the {name} {part!r} cannot stand in a reference")
        return cls(f"{sender},{identifier},{sent}")

    @property
    def parts(self) -> tuple[str, str, str] | None:
        """Sender, identifier and time; ``None`` where the text is no triple."""
        parts = self.text.split(",")
        return (parts[0], parts[1], parts[2]) if len(parts) == 3 and all(parts) else None


@dataclass(frozen=True, slots=True)
class Polygon:
    """Points ``lat,lon`` parted by spaces, the last as the first (3.2.4)."""

    text: str

    def __str__(self) -> str:
        return self.text

    @classmethod
    def of(cls, points: Iterable[Point]) -> Self:
        """Write a ring of latitude and longitude, closing it where it is open.

        Examples
        --------
        >>> str(Polygon.of([(50.25, 57.2), (50.3, 57.2), (50.3, 57.25)]))
        '50.25,57.2 50.3,57.2 50.3,57.25 50.25,57.2'
        """
        ring = list(points)
        if ring and ring[0] != ring[-1]:
            ring.append(ring[0])
        if len(ring) < _LEAST_POINTS:
            raise CapError("a polygon needs at least three corners")
        return cls(" ".join(f"{_number(lat)},{_number(lon)}" for lat, lon in ring))

    @property
    def points(self) -> tuple[Point, ...]:
        """Latitude and longitude of every point, the closing one included."""
        return tuple(_point(pair) for pair in _SPACE.split(self.text.strip(" \t\r\n")))


@dataclass(frozen=True, slots=True)
class Circle:
    """A point and a radius in kilometres: ``lat,lon radius`` (3.2.4)."""

    text: str

    def __str__(self) -> str:
        return self.text

    @classmethod
    def of(cls, latitude: float, longitude: float, radius_km: float) -> Self:
        """Write a circle.

        Examples
        --------
        >>> str(Circle.of(50.28, 57.17, 2))
        '50.28,57.17 2'
        """
        if not 0 <= radius_km < float("inf"):
            raise CapError("a circle needs a radius of zero kilometres or more")
        return cls(f"{_number(latitude)},{_number(longitude)} {_number(radius_km)}")

    @property
    def centre(self) -> Point:
        """Latitude and longitude of the middle."""
        return _point(self._halves()[0])

    @property
    def radius_km(self) -> float:
        """Radius in kilometres."""
        return float(self._halves()[1])

    def _halves(self) -> tuple[str, str]:
        halves = _SPACE.split(self.text.strip(" \t\r\n"))
        if len(halves) != 2 or not _DECIMAL.fullmatch(halves[1]):
            raise CapError(f"{self.text!r} is no circle")
        return halves[0], halves[1]


def _point(pair: str) -> Point:
    halves = pair.split(",")
    if len(halves) != 2 or not all(_DECIMAL.fullmatch(half) for half in halves):
        raise CapError(f"{pair!r} is no latitude and longitude")
    return float(halves[0]), float(halves[1])


def _number(value: float) -> str:
    text = format(value, ".7f").rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def split_words(text: str) -> tuple[str, ...]:
    """Split a list whose entries with spaces stand in quotes (addresses, incidents; 3.2.1).

    Examples
    --------
    >>> split_words('akimat "duty officer"')
    ('akimat', 'duty officer')
    """
    return tuple(match[1] if match[1] is not None else match[2] for match in _WORD.finditer(text))


def join_words(words: Iterable[str]) -> str:
    """Write a list so that `split_words` gives it back.

    Raises
    ------
    CapError
        An entry has both a quote and a space: CAP has no way to write it.

    Examples
    --------
    >>> join_words(("akimat", "duty officer"))
    'akimat "duty officer"'
    """
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    if split_words(word) == (word,):
        return word
    if '"' in word:
        raise CapError(f"{word!r} has a quote and cannot stand in a list")
    return f'"{word}"'
