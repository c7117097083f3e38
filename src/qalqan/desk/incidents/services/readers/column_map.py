"""Column maps: which column of a foreign table means what, written by people and checked."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from qalqan.desk.incidents.models import Incident
from qalqan.desk.incidents.services.rows import Reliability, SourceKind
from qalqan.errors import InputError, Location

SHIPPED = Path(__file__).parent / "shipped"
LARGEST_MAP = 2**20
TEXTS = ("official_position", "known", "contested", "unknown", "why", "area")
"""Attributes that several columns may add to."""
WORDS: dict[str, type[TextChoices]] = {
    "kind": Incident.Kind,
    "weapons": Incident.Weapons,
    "place_precision": Incident.PlacePrecision,
    "source_kind": SourceKind,
    "source_reliability": Reliability,
}
TIME_PRECISIONS = ("minute", "hour", "day", "week", "month", "year")
ATTRIBUTES = (
    "id", "time", "time_until", "year", "month", "day", "time_precision", "approximate_time",
    "kind", "who_claims", "killed", "killed_low", "killed_high", "injured", "officers_killed",
    "weapons", "place", "latitude", "longitude", "place_precision", *TEXTS,
    "title_kk", "title_ru", "title_en",
    "source", "source_kind", "source_reliability", "credibility", "citation", "reported_at",
)  # fmt: skip
_KEYS = {
    "name", "title", "recognise", "id_prefix", "not_known", "places", "other_columns",
    "source_separator", "dropped", "columns", "defaults", "refine",
}  # fmt: skip
_COLUMN_KEYS = {"to", "values", "otherwise", "formats", "needed"}
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
_PERSONS = re.compile(
    r"(?:^|_)(?:gname\d?|gsubname\d?|actor_?\d?|actors|assoc_actor_\d|group|perp\w*|suspect\w*|"
    r"author\w*|reporter|user\w*|handle|profile|account|victim\w*|person\w*|religion\w*|"
    r"ethnic\w*|nationality|natlty\d?|claimed_by|leader)(?:_|$|\d)"
)
_FIRST_FORMAT = re.compile(r"(?:%[YmdBbHMSy]|[-/. :,T])+")


class BadMapError(InputError):
    """A column map cannot be used."""

    code = "import.bad_map"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a map, and under which keys."""

    path: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Column:
    """What one column means."""

    to: str
    values: Mapping[str, str] | None = None
    otherwise: str | None = None
    formats: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Refinement:
    """What holds where several columns say certain things."""

    when: Mapping[str, frozenset[str]]
    then: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """A whole map."""

    name: str
    title: str
    columns: Mapping[str, Column]
    recognise: frozenset[str] = frozenset()
    id_prefix: str = ""
    not_known: frozenset[str] = frozenset()
    free_places: bool = False
    ignores_others: bool = False
    source_separator: str = ""
    dropped: frozenset[str] = frozenset()
    defaults: Mapping[str, str] = field(default_factory=dict)
    refine: tuple[Refinement, ...] = ()


def load_map(path: Path) -> ColumnMap:
    """Read a map from TOML or JSON.

    Raises
    ------
    BadMapError
        It cannot be read or used; names the line and the key of the first fault.
    """
    data, text = _read(path)
    found = list(faults(data))
    if found:
        first, more = found[0], len(found) - 1
        where = Location(path.name, line_of(text, first.path), ".".join(first.path) or None)
        hint = _("%(count)s more faults; see qalqan incidents map --check") % {"count": more}
        raise BadMapError(first.reason, location=where, hint=hint if more else None)
    return _made(data)


def check_map(path: Path) -> list[tuple[int | None, str, str]]:
    """Return all faults of a map: line, key and reason.

    Raises
    ------
    BadMapError
        The file is neither TOML nor JSON.
    """
    data, text = _read(path)
    return [(line_of(text, one.path), ".".join(one.path), one.reason) for one in faults(data)]


@cache
def shipped_maps() -> dict[str, ColumnMap]:
    """Return the maps that come with the desk, by name."""
    maps = [load_map(path) for path in sorted(SHIPPED.glob("*.toml"))]
    return {one.name: one for one in maps}


def _read(path: Path) -> tuple[Any, str]:
    try:
        raw = path.read_bytes()
        if len(raw) > LARGEST_MAP:
            raise BadMapError(_("A map has at most 1 MB."), location=Location(path.name))
        text = raw.decode("utf-8-sig")
        is_json = path.suffix.lower() == ".json" or text.lstrip().startswith("{")
        return (json.loads(text) if is_json else tomllib.loads(text)), text
    except json.JSONDecodeError as error:
        where = Location(path.name, error.lineno)
        raise BadMapError(_("this is not JSON: %(why)s") % {"why": error.msg}, location=where) \
            from None  # fmt: skip
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = Location(path.name, int(line[1]) if line else text.count("\n") + 1)
        raise BadMapError(_("this is not TOML: %(why)s") % {"why": error}, location=where) \
            from None  # fmt: skip
    except UnicodeDecodeError as error:
        where = Location(path.name, raw.count(b"\n", 0, error.start) + 1)
        raise BadMapError(_("A byte is not valid UTF-8."), location=where) from None
    except (RecursionError, ValueError) as error:
        raise BadMapError(str(error)[:120] or _("it is nested too deep"),
                          location=Location(path.name)) from None  # fmt: skip
    except OSError as error:
        why = _("The file cannot be read: %(why)s.") % {"why": error.strerror}
        raise BadMapError(why, location=Location(str(path))) from None


def line_of(text: str, path: tuple[str, ...]) -> int | None:
    """Return the line of the last key of a path that stands in the text, keys in their order."""
    at = 0
    found: int | None = None
    for key in path:
        if key.isdecimal():
            starts = [one.start() for one in re.finditer(r"\[\[\s*refine\s*\]\]", text)]
            at = starts[int(key)] if int(key) < len(starts) else at
            continue
        here = re.compile(rf'(?<![\w-])"?{re.escape(key)}"?\s*[=\].:]').search(text, at)
        if here is None:
            break
        # The last sign belongs to what follows: “columns.” leads to the column's own name.
        at = here.end() - 1
        found = text.count("\n", 0, here.start()) + 1
    return found


def faults(data: Any) -> Iterator[Fault]:
    """Say everything that is wrong with a map."""
    if not isinstance(data, dict):
        yield Fault((), _("a map is a table of keys and values"))
        return
    for key in data.keys() - _KEYS:
        yield Fault((key,), _("this key is not known"))
    if not isinstance(data.get("name"), str) or not _NAME.fullmatch(data["name"]):
        yield Fault(("name",), _("a name of small letters, digits and dashes is needed"))
    elif data["name"] in ("qalqan", "ucdp-ged"):
        yield Fault(("name",), _("this name is taken"))
    yield from _plain_faults(data)
    columns, dropped = data.get("columns"), data.get("dropped", [])
    if not isinstance(columns, dict) or not columns:
        yield Fault(("columns",), _("at least one column is needed"))
        return
    for name, column in columns.items():
        yield from _column_faults(name, column)
        if isinstance(dropped, list) and name in dropped:
            yield Fault(("dropped",), _("“%(text)s” is both read and dropped") % {"text": name})
    yield from _set_faults(data.get("defaults", {}), ("defaults",))
    yield from _refine_faults(data.get("refine", []), columns, dropped)
    yield from _missing(columns, data)


def _plain_faults(data: dict[str, Any]) -> Iterator[Fault]:
    for key in ("title", "id_prefix", "source_separator"):
        if not isinstance(data.get(key, ""), str) or len(data.get(key, "")) > 200:
            yield Fault((key,), _("a short text is expected"))
    for key in ("recognise", "not_known", "dropped"):
        if not _is_texts(data.get(key, [])):
            yield Fault((key,), _("a list of texts is expected"))
    for key, words in (("places", ("known", "free")), ("other_columns", ("refuse", "ignore"))):
        if data.get(key, words[0]) not in words:
            yield Fault((key,), _("use %(known)s") % {"known": ", ".join(words)})


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _column_faults(name: str, column: Any) -> Iterator[Fault]:
    path = ("columns", name)
    if name != name.strip().lower():
        yield Fault(path, _("names of columns are written in small letters"))
    if not isinstance(column, dict):
        yield Fault(path, _("a table with “to” is expected"))
        return
    for key in column.keys() - _COLUMN_KEYS:
        yield Fault((*path, key), _("this key is not known"))
    to, values = column.get("to"), column.get("values")
    if to not in ATTRIBUTES:
        yield Fault(
            (*path, "to"),
            _("“%(text)s” is no attribute; use %(known)s")
            % {"text": str(to)[:40], "known": ", ".join(ATTRIBUTES)},
        )
        return
    is_closed = isinstance(values, dict) and bool(values)
    if _PERSONS.search(name) and not is_closed:
        yield Fault(
            path,
            _("a column that may name persons or groups is not read; put it under “dropped”, "
              "or give “values” with kinds"),
        )  # fmt: skip
    if values is not None and not (
        isinstance(values, dict) and all(isinstance(one, str) for one in values.values())
    ):
        yield Fault((*path, "values"), _("a table from text to text is expected"))
        return
    for word, meaning in (values or {}).items():
        yield from _value_fault((*path, "values", word), to, meaning)
    if "otherwise" in column:
        yield from _value_fault((*path, "otherwise"), to, column["otherwise"])
    formats = column.get("formats", [])
    if not _is_texts(formats) or not all(_FIRST_FORMAT.fullmatch(one) for one in formats):
        yield Fault((*path, "formats"), _("a list of patterns of a date is expected"))
    elif formats and to not in ("time", "time_until", "reported_at"):
        yield Fault((*path, "formats"), _("only times have patterns"))
    if not isinstance(column.get("needed", False), bool):
        yield Fault((*path, "needed"), _("true or false is expected"))


def _value_fault(path: tuple[str, ...], to: str, meaning: Any) -> Iterator[Fault]:
    known: tuple[str, ...] = ()
    if to == "time_precision":
        known = TIME_PRECISIONS
    elif to in WORDS:
        known = tuple(value.lower() for value in WORDS[to].values)
    if not isinstance(meaning, str):
        yield Fault(path, _("a text is expected"))
    elif known and meaning and meaning.lower() not in known:
        yield Fault(
            path,
            _("“%(text)s” is not known; use %(known)s")
            % {"text": meaning[:40], "known": ", ".join(known)},
        )


def _set_faults(values: Any, path: tuple[str, ...]) -> Iterator[Fault]:
    if not isinstance(values, dict):
        yield Fault(path, _("a table from text to text is expected"))
        return
    for to, meaning in values.items():
        if to not in ATTRIBUTES:
            yield Fault((*path, to), _("this is no attribute of an incident"))
        else:
            yield from _value_fault((*path, to), to, meaning)


def _refine_faults(rules: Any, columns: Mapping[str, Any], dropped: Any) -> Iterator[Fault]:
    if not isinstance(rules, list):
        yield Fault(("refine",), _("a list of tables is expected"))
        return
    for number, rule in enumerate(rules):
        path = ("refine", str(number))
        if not isinstance(rule, dict) or set(rule) != {"when", "set"}:
            yield Fault(path, _("a table with “when” and “set” is expected"))
            continue
        when = rule["when"]
        if not isinstance(when, dict) or not when or not all(map(_is_texts, when.values())):
            yield Fault((*path, "when"), _("a table from column to a list of texts is expected"))
            continue
        for name in when:
            if isinstance(dropped, list) and name in dropped:
                yield Fault((*path, "when", name), _("a dropped column is not read"))
        yield from _set_faults(rule["set"], (*path, "set"))


def _missing(columns: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Fault]:
    defaults = data.get("defaults")
    given = {one.get("to") for one in columns.values() if isinstance(one, dict)}
    given |= set(defaults) if isinstance(defaults, dict) else set()
    if not given & {"time", "year"}:
        yield Fault(("columns",), _("no column gives the time or the year"))
    if "kind" not in given:
        yield Fault(("columns",), _("neither a column nor a default gives the kind"))
    if not given & {"place", "latitude"}:
        yield Fault(("columns",), _("no column gives the place or coordinates"))
    if ("latitude" in given) != ("longitude" in given):
        yield Fault(("columns",), _("latitude and longitude must be given together"))


def _made(data: dict[str, Any]) -> ColumnMap:
    columns = {
        name: Column(
            one["to"], one.get("values"), one.get("otherwise"),
            tuple(one.get("formats", ())), one.get("needed", False),
        )
        for name, one in data["columns"].items()
    }  # fmt: skip
    refine = tuple(
        Refinement({name: frozenset(words) for name, words in one["when"].items()}, one["set"])
        for one in data.get("refine", [])
    )
    return ColumnMap(
        name=data["name"], title=data.get("title", data["name"]), columns=columns,
        recognise=frozenset(data.get("recognise", ())), id_prefix=data.get("id_prefix", ""),
        not_known=frozenset(data.get("not_known", ())),
        free_places=data.get("places", "known") == "free",
        ignores_others=data.get("other_columns", "refuse") == "ignore",
        source_separator=data.get("source_separator", ""),
        dropped=frozenset(data.get("dropped", ())), defaults=data.get("defaults", {}),
        refine=refine,
    )  # fmt: skip
