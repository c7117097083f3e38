"""What follows from reports and judgements: known, contested or unknown, attribute by attribute.

Nothing here reads a database or a clock: the same reports and judgements always give the same
beliefs, so what the desk believed at a moment can be worked out again at any later one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from qalqan.desk.platform.places.fold import fold

KNOWN, CONTESTED, UNKNOWN = "known", "contested", "unknown"
NUMBERS = ("killed", "injured", "officers_killed")
TEXTS = ("who_claims", "why")
ATTRIBUTES = ("when", "where", "what", *NUMBERS, "weapons", *TEXTS)
DOUBTFUL = (4, 5)
"""Credibility of an item that by itself makes nothing known: doubtful, improbable."""

RADIUS_KM = {"exact": 1, "settlement": 15, "district": 100, "province": 500, "country": 2500}
"""How far from a point of this precision the event may have been; two places that are no
further apart than the wider one's radius do not contradict each other."""

_FINENESS = {name: rank for rank, name in enumerate(RADIUS_KM)}
_WHERE = {
    "place": "place_id", "district": "district_id", "text": "place_text",
    "latitude": "latitude", "longitude": "longitude", "precision": "place_precision",
}  # fmt: skip
COMPULSORY = {
    "when": ("occurred_from", "occurred_to", "time_precision"),
    "where": tuple(_WHERE.values()),
    "what": ("kind",),
}
"""Columns that no incident is without."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one live report says of one attribute.

    Parameters
    ----------
    report
        Key of the report.
    value
        What it says.
    credibility
        The item's, 1 to 6.
    disputed
        Whether somebody disputes it.
    """

    report: int
    value: Any
    credibility: int
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """The desk's own judgement of one attribute."""

    state: str
    value: Any


@dataclass(frozen=True, slots=True)
class Belief:
    """How one attribute stands, what the desk holds of it, and why.

    ``because`` is one of held, silent, disputed, differ, doubtful, one, agree.
    """

    attribute: str
    state: str
    value: Any
    because: str


def believe(attribute: str, said: Sequence[Said], judged: Judged | None = None) -> Belief:
    """Tell how an attribute stands; a person's judgement overrides what the reports give.

    Parameters
    ----------
    said
        What live reports say of it, in the order in which the desk learnt it.
    judged
        The desk's judgement, where there is one.
    """
    if judged is not None:
        value = judged.value
        if value is None and judged.state != UNKNOWN and said:
            value = _adopted(attribute, said, _differ(attribute, said))
        return Belief(attribute, judged.state, value, "held")
    if not said:
        return Belief(attribute, UNKNOWN, None, "silent")
    differ = _differ(attribute, said)
    value = _adopted(attribute, said, differ)
    if differ:
        return Belief(attribute, CONTESTED, value, "differ")
    if any(one.disputed for one in said):
        return Belief(attribute, CONTESTED, value, "disputed")
    if all(one.credibility in DOUBTFUL for one in said):
        return Belief(attribute, CONTESTED, value, "doubtful")
    return Belief(attribute, KNOWN, value, "one" if len(said) == 1 else "agree")


def agree(attribute: str, one: Any, other: Any) -> bool:
    """Tell whether two statements can both be true: equal, or one contains the other."""
    if one == other:
        return True
    if attribute == "when":
        a, b = _span(one), _span(other)
        return (a[0] <= b[0] and b[1] <= a[1]) or (b[0] <= a[0] and a[1] <= b[1])
    if attribute == "where":
        return _same_place(one, other)
    if attribute in TEXTS:
        return fold(str(one)) == fold(str(other))
    return False


def says_of(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what a row states, attribute by attribute; what it does not state is left out."""
    says: dict[str, Any] = {}
    if values.get("occurred_from") is not None:
        times = values["occurred_from"], values["occurred_to"]
        says["when"] = when_of(*times, str(values["time_precision"]))
    if values.get("place_precision"):
        where = {name: values.get(column) for name, column in _WHERE.items()}
        where = {name: value for name, value in where.items() if value not in (None, "")}
        says["where"] = where | {"precision": str(values["place_precision"])}
    if values.get("kind"):
        says["what"] = str(values["kind"])
    for name in NUMBERS:
        if values.get(name) is not None:
            says[name] = int(values[name])
    if values.get("weapons") not in (None, "", "unknown"):
        says["weapons"] = str(values["weapons"])
    for name in TEXTS:
        if values.get(name):
            says[name] = values[name]
    return {name: {"value": value} for name, value in says.items()}


def when_of(start: datetime, end: datetime, precision: str) -> dict[str, str]:
    """Return a stated time as it is stored.

    >>> when_of(datetime(2011, 6, 12, tzinfo=UTC), datetime(2011, 6, 13, tzinfo=UTC), "day")["to"]
    '2011-06-13T00:00:00+00:00'
    """
    return {"from": _iso(start), "to": _iso(end), "precision": precision}


def columns_of(belief: Belief) -> dict[str, Any]:
    """Return the columns of an incident that a belief fills.

    An incident always has a time, a place and a kind: where no report tells them any more, the
    columns stay as they are and only the state says that nobody knows.
    """
    name, value = belief.attribute, belief.value
    if name == "when":
        if value is None:
            return {}
        start, end = _span(value)
        return {
            "occurred_from": start, "occurred_to": end, "time_precision": value["precision"]
        }  # fmt: skip
    if name == "where":
        if value is None:
            return {}
        columns = {column: value.get(key) for key, column in _WHERE.items()}
        return columns | {"place_text": value.get("text", "")}
    if name == "what":
        return {} if value is None else {"kind": value}
    if name == "weapons":
        return {"weapons": value or "unknown"}
    if name in TEXTS:
        return {name: value or ""}
    return {name: value}


def _adopted(attribute: str, said: Sequence[Said], differ: bool) -> Any:
    """Return what the desk holds where nobody judged.

    Where the reports agree, the most precise of them; where they do not, what the desk learnt
    first and nobody doubts. Grades of sources never decide: they are not blended into a choice.
    """
    if not differ:
        return min((one.value for one in said), key=lambda value: _width(attribute, value))
    sound = [one for one in said if not one.disputed and one.credibility not in DOUBTFUL]
    return (sound or said)[0].value


def _differ(attribute: str, said: Iterable[Said]) -> bool:
    values: list[Any] = []
    for one in said:
        if one.value in values:
            continue
        if any(not agree(attribute, one.value, other) for other in values):
            return True
        values.append(one.value)
    return False


def _width(attribute: str, value: Any) -> tuple[float, ...]:
    if attribute == "when":
        start, end = _span(value)
        return ((end - start).total_seconds(),)
    if attribute == "where":
        return (_FINENESS[value["precision"]], value.get("place") is None)
    return (0.0,)


def _span(value: Mapping[str, str]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(value["from"]), datetime.fromisoformat(value["to"])


def _same_place(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    names = [(a.get("place"), a.get("within", [])) for a in (one, other)]
    (first, round_first), (second, round_second) = names
    if first and second:
        return bool(first == second or first in round_second or second in round_first)
    wider = max(RADIUS_KM[one["precision"]], RADIUS_KM[other["precision"]])
    spots = [_spot(one), _spot(other)]
    if spots[0] and spots[1]:
        return _kilometres(spots[0], spots[1]) <= wider
    return fold(one.get("text", "")) == fold(other.get("text", ""))


def _spot(value: Mapping[str, Any]) -> tuple[float, float] | None:
    if value.get("latitude") is not None:
        return value["latitude"], value["longitude"]
    about = value.get("about")
    return (about[0], about[1]) if about else None


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    north, south = math.radians(one[0]), math.radians(other[0])
    half = math.sin((north - south) / 2) ** 2
    turn = math.sin(math.radians(one[1] - other[1]) / 2) ** 2
    return 12_742 * math.asin(math.sqrt(min(1.0, half + math.cos(north) * math.cos(south) * turn)))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
