"""Understand whole rows of the desk's own columns; other readers use the parts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from qalqan.desk.incidents.models import Incident
from qalqan.desk.incidents.services import parsing
from qalqan.desk.incidents.services.locating import Locator
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.sources.tables import BadFieldError

_LONG = 10_000
_TITLES = ("title_kk", "title_ru", "title_en")
_TEXTS = {
    "official_position": "official_position",
    "known": "what_is_known",
    "contested": "contested",
    "unknown": "unknown",
}
_EXACT_ENDS = re.compile(r"\S+:\d\d(?:Z|[+-]\d\d:\d\d)/\S+:\d\d(?:Z|[+-]\d\d:\d\d)")
_FORMULA = ("'=", "'+", "'-", "'@", "'\t")
_MOST_SOURCES = 200
_SOURCE_KEYS = (
    "source", "source_kind", "source_reliability", "credibility", "citation", "reported_at",
)  # fmt: skip
SAID_KEYS = (
    "time", "time_precision", "place", "latitude", "longitude", "place_precision", "kind",
    "killed", "injured", "officers_killed", "weapons", "who_claims", "why",
)  # fmt: skip
"""What a source in a list may say otherwise than the row that it belongs to."""
_IDENTITY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class SourceClaim:
    """Who says so: the source, its grade where the row gives one, and the item's."""

    name: str
    kind: str
    reliability: str
    credibility: int
    citation: str
    reported_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParsedIncident:
    """One row, understood: the values of the incident and who says so.

    Parameters
    ----------
    others
        What further sources of the same row say of the same incident.
    identity
        By which the desk that handed the incident out knows it; else it follows from the rest.
    """

    external_id: str
    values: dict[str, Any]
    source: SourceClaim | None = None
    others: tuple[ParsedIncident, ...] = ()
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a row is read against."""

    now: datetime
    zone: tzinfo
    locator: Locator


@dataclass(frozen=True, slots=True)
class Layout:
    """A set of columns and how a row of them is read.

    Parameters
    ----------
    strict
        Whether a column that is not known refuses the file.
    dropped
        Columns that are left unread for what they may name.
    """

    name: str
    compulsory: tuple[str, ...]
    optional: tuple[str, ...]
    strict: bool
    read: Callable[[Mapping[str, str], Context], ParsedIncident] = field(repr=False)
    dropped: frozenset[str] = frozenset()


class Reliability(models.TextChoices):
    """The letters a row may give; what they mean stands with the sources."""

    A = "a"
    B = "b"
    C = "c"
    D = "d"
    E = "e"
    F = "f"


class SourceKind(models.TextChoices):
    """The kinds of source a row may give."""

    CHANNEL = "channel"
    SITE = "site"
    HOTLINE = "hotline"
    AGENCY = "agency"
    PRESS = "press"
    OTHER = "other"


def read_desk_row(
    cells: Mapping[str, str], context: Context, *, is_foreign: bool = False
) -> ParsedIncident:
    """Read a row of the desk's own columns; a place of others need not be in the list of places."""
    cells = {name: _plain(text) for name, text in cells.items()}
    values = _values(cells, context, is_foreign)
    number = parsing.short(cells.get("id", ""), "id", 80)
    identity = cells.get("identity", "")
    if identity and not _IDENTITY.fullmatch(identity):
        raise BadFieldError("identity", _("this is not the key of an incident"))
    if not cells.get("sources"):
        return ParsedIncident(
            number, values, source_of(cells, values["reported_at"]), identity=identity
        )
    first, *others = [
        ParsedIncident(
            number, _values({**cells, **said}, context, is_foreign) if said else values, claim,
            identity=identity,
        )
        for claim, said in _sources(cells, context)
    ]  # fmt: skip
    if any(other.values is not values for other in (first, *others)) and not (number or identity):
        raise BadFieldError("id", _("sources that disagree need the number of the incident"))
    return replace(first, others=tuple(others))


def _values(cells: Mapping[str, str], context: Context, is_foreign: bool) -> dict[str, Any]:
    """Return the columns of the incident that cells tell."""
    values: dict[str, Any] = {
        "kind": parsing.choice(given(cells, "kind"), "kind", Incident.Kind),
        **_time(cells, context),
        **(free_place_of(cells) if is_foreign else place_of(cells, context)),
        **numbers_of(cells),
        **words_of(cells),
    }
    if cells.get("weapons"):
        values["weapons"] = parsing.choice(cells["weapons"], "weapons", Incident.Weapons)
    reported = moment_of(cells, "reported_at", context)
    if reported and reported < values["occurred_from"]:
        raise BadFieldError("reported_at", _("the report lies before the event"))
    return {**values, "reported_at": reported}


DESK = Layout(
    "qalqan",
    ("time", "kind"),
    (
        *("id", "time_precision", "place", "latitude", "longitude", "place_precision"),
        *("killed", "injured", "officers_killed", "weapons", "official_position"),
        *("known", "contested", "unknown", "who_claims", "why", *_TITLES),
        *("source", "source_kind", "source_reliability", "credibility", "citation"),
        *("reported_at", "sources", "identity", "exported"),
    ),
    True,
    read_desk_row,
)


def given(cells: Mapping[str, str], name: str) -> str:
    """Return a cell that must not be empty."""
    value = cells.get(name, "")
    if not value:
        raise BadFieldError(name, _("this must not be empty"))
    return value


def not_in_future(moment: datetime, name: str, context: Context) -> None:
    """Refuse a time that has not come."""
    # A day of grace: a file may come from a time zone that is ahead of ours.
    if moment > context.now + timedelta(days=1):
        raise BadFieldError(name, _("the time lies in the future"))


def moment_of(cells: Mapping[str, str], name: str, context: Context) -> datetime | None:
    """Read a moment; of a day or a month its end."""
    if not cells.get(name):
        return None
    start, end, _precision = parsing.when(cells[name], name, context.zone)
    not_in_future(start, name, context)
    return end


def _time(cells: Mapping[str, str], context: Context) -> dict[str, Any]:
    span = parsing.when(given(cells, "time"), "time", context.zone)
    if cells.get("time_precision"):
        name = "time_precision"
        precision = parsing.choice(cells[name], name, Incident.TimePrecision)
        if _EXACT_ENDS.fullmatch(cells["time"]):
            # An export tells both ends to the second; they are kept as they stand.
            span = (span[0], span[1], precision)
        span = parsing.widened(span, precision, name, context.zone)
    not_in_future(span[0], "time", context)
    return {"occurred_from": span[0], "occurred_to": span[1], "time_precision": span[2]}


def place_of(cells: Mapping[str, str], context: Context) -> dict[str, Any]:
    """Read a place from the list of places, coordinates, or both, and how exact they are."""
    text = parsing.short(cells.get("place", ""), "place", 200)
    spot = parsing.coordinates(cells.get("latitude", ""), cells.get("longitude", ""))
    if not text and not spot:
        raise BadFieldError("place", _("a place or coordinates must be given"))
    found = context.locator.find(text) if text else None
    if text and not found and not spot:
        raise BadFieldError(
            "place",
            _("“%(text)s” is not in the list of places; add it there or give coordinates")
            % {"text": text[:60]},
        )
    precision = "exact" if spot else (found.precision if found else "country")
    if cells.get("place_precision"):
        name = "place_precision"
        precision = parsing.choice(cells[name], name, Incident.PlacePrecision)
        if precision == Incident.PlacePrecision.EXACT and not spot:
            raise BadFieldError(name, _("an exact spot needs coordinates"))
    return {
        "place_id": found.place_id if found else None,
        "district_id": found.district_id if found else None,
        "place_text": text,
        "latitude": spot[0] if spot else None,
        "longitude": spot[1] if spot else None,
        "place_precision": precision,
    }


def free_place_of(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return the place as the source names it; only coordinates lead to a district."""
    spot = parsing.coordinates(cells.get("latitude", ""), cells.get("longitude", ""))
    text = ", ".join(part for part in (cells.get("place"), cells.get("area")) if part)
    if not text and not spot:
        raise BadFieldError("place", _("a place or coordinates must be given"))
    precision = "exact" if spot else "country"
    if cells.get("place_precision"):
        name = "place_precision"
        precision = parsing.choice(cells[name], name, Incident.PlacePrecision)
        if precision == Incident.PlacePrecision.EXACT and not spot:
            raise BadFieldError(name, _("an exact spot needs coordinates"))
    return {
        "place_id": None, "district_id": None, "place_text": screen(text).text[:200],
        "latitude": spot[0] if spot else None, "longitude": spot[1] if spot else None,
        "place_precision": precision,
    }  # fmt: skip


def numbers_of(cells: Mapping[str, str]) -> dict[str, int | None]:
    """Read how many people were killed and injured; nothing said means not known."""
    names = ("killed", "injured", "officers_killed")
    numbers = {name: parsing.count(cells.get(name, ""), name) for name in names}
    killed, officers = numbers["killed"], numbers["officers_killed"]
    if killed is not None and officers is not None and officers > killed:
        raise BadFieldError("officers_killed", _("more officers were killed than people in all"))
    return numbers


def words_of(cells: Mapping[str, str]) -> dict[str, str]:
    """Read the texts, with what gives a person away masked."""
    words = {
        name: screen(parsing.short(cells.get(name, ""), name, 200)).text[:200] for name in _TITLES
    }
    for column, name in _TEXTS.items():
        words[name] = screen(parsing.short(cells.get(column, ""), column, _LONG)).text
    for name, most in (("who_claims", 300), ("why", 2000)):
        # What nobody says is left out: it would make known rows without a number new ones.
        if cells.get(name):
            words[name] = screen(parsing.short(cells[name], name, most)).text[:most]
    return words


def source_of(cells: Mapping[str, str], reported: datetime | None) -> SourceClaim | None:
    """Read who says so, the source's grade and the item's, each for itself."""
    name = parsing.short(cells.get("source", ""), "source", 200)
    if not name:
        for column in ("source_kind", "source_reliability", "credibility", "citation"):
            if cells.get(column):
                raise BadFieldError("source", _("a grade or citation needs a source"))
        return None
    reliability = cells.get("source_reliability", "")
    if reliability:
        reliability = parsing.choice(reliability, "source_reliability", Reliability).upper()
    credibility = cells.get("credibility", "") or "6"
    if credibility not in {"1", "2", "3", "4", "5", "6"}:
        raise BadFieldError(
            "credibility",
            _("“%(text)s” is not a grade from 1 to 6") % {"text": credibility[:20]},
        )
    kind = cells.get("source_kind", "")
    kind = parsing.choice(kind, "source_kind", SourceKind) if kind else "press"
    citation = screen(parsing.short(cells.get("citation", ""), "citation", 500)).text[:500]
    return SourceClaim(
        screen(name).text[:200], kind, reliability, int(credibility), citation, reported
    )


def _plain(text: str) -> str:
    """Take off the sign that keeps a spreadsheet from running a text as a formula."""
    return text[1:] if text.startswith(_FORMULA) else text


def _sources(
    cells: Mapping[str, str], context: Context
) -> list[tuple[SourceClaim | None, dict[str, str]]]:
    """Read a list of sources, each with what it says otherwise than the row."""
    if cells.get("source"):
        raise BadFieldError("sources", _("give either one source or a list of them"))
    try:
        listed = json.loads(cells["sources"])
    except (ValueError, RecursionError):
        listed = None
    if (
        not isinstance(listed, list)
        or not all(isinstance(one, dict) for one in listed)
        or len(listed) > _MOST_SOURCES
    ):
        raise BadFieldError("sources", _("a list of sources is expected"))
    return [_one_source(one, context) for one in listed] or [(None, {})]


def _one_source(one: dict[str, Any], context: Context) -> tuple[SourceClaim | None, dict[str, str]]:
    said: dict[str, str] = {}
    for name, value in one.items():
        if name not in (*_SOURCE_KEYS, *SAID_KEYS):
            raise BadFieldError(
                "sources",
                _("“%(text)s” is not known; use %(known)s")
                % {"text": str(name)[:40], "known": ", ".join((*_SOURCE_KEYS, *SAID_KEYS))},
            )
        if isinstance(value, dict | list | bool):
            raise BadFieldError(name, _("a single value is expected, not a list or an object"))
        said[name] = "" if value is None else str(value).strip()
    if not said.get("source"):
        raise BadFieldError("source", _("this must not be empty"))
    grades = {name: said.get(name, "") for name in _SOURCE_KEYS}
    claim = source_of(grades, moment_of(grades, "reported_at", context))
    return claim, {name: text for name, text in said.items() if name in SAID_KEYS}
