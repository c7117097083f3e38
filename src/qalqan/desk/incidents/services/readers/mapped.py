"""Read rows through a column map."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.incidents.models import Incident
from qalqan.desk.incidents.services import parsing, rows
from qalqan.desk.incidents.services.readers.column_map import TEXTS, Column, ColumnMap
from qalqan.desk.incidents.services.rows import Context, Layout, ParsedIncident, SourceClaim
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.sources.tables import BadFieldError

_NUMBERS = ("killed", "killed_low", "killed_high", "injured", "officers_killed")
_WEEK = timedelta(days=3)
_SHARE = re.compile(r"(\d{1,7})\.(\d{1,6})")


@dataclass(slots=True)
class _Said:
    """What a row says, by attribute, and the column that says it."""

    cells: dict[str, str]
    column: dict[str, str]

    def put(self, to: str, text: str, column: str) -> None:
        """Keep the first that is said; texts are joined."""
        if not text:
            return
        if to in TEXTS and self.cells.get(to):
            self.cells[to] += ("\n" if to != "area" else ", ") + text
        elif not self.cells.get(to):
            self.cells[to] = text
            self.column[to] = column


def layout_by(found: ColumnMap) -> Layout:
    """Return the layout that reads rows through a map."""
    needed = tuple(name for name, one in found.columns.items() if one.needed)
    optional = {
        *found.columns,
        *found.dropped,
        *(name for rule in found.refine for name in rule.when),
    }
    return Layout(
        found.name,
        needed or tuple(name for name, one in found.columns.items() if one.to in ("time", "year")),
        tuple(optional - set(needed)),
        not found.ignores_others,
        lambda cells, context: _read(cells, context, found),
        dropped=found.dropped,
    )


def _read(cells: Mapping[str, str], context: Context, found: ColumnMap) -> ParsedIncident:
    said = _translated(cells, found)
    try:
        return _incident(said, context, found)
    except BadFieldError as error:
        name = error.field or ""
        meant = (column for column, one in found.columns.items() if one.to == name)
        where = said.column.get(name) or next(meant, name)
        raise BadFieldError(where or None, error.reason) from None


def _translated(cells: Mapping[str, str], found: ColumnMap) -> _Said:
    said = _Said({}, {})
    for name, column in found.columns.items():
        text = cells.get(name, "")
        if not text or text.lower() in found.not_known:
            if column.needed:
                raise BadFieldError(name, _("this must not be empty"))
            continue
        said.put(column.to, _meaning(name, text, column), name)
    for rule in found.refine:
        if all(cells.get(name, "") in words for name, words in rule.when.items()):
            for to, text in rule.then.items():
                if to not in TEXTS:
                    said.cells.pop(to, None)
                said.put(to, text, next(iter(rule.when)))
    for to, text in found.defaults.items():
        if not said.cells.get(to):
            said.cells[to] = text
    return said


def _meaning(name: str, text: str, column: Column) -> str:
    if column.values is not None:
        if text in column.values:
            return column.values[text]
        # Codes that a spreadsheet has made fractions of: 3.0 is 3.
        if text.endswith(".0") and text[:-2] in column.values:
            return column.values[text[:-2]]
        if column.otherwise is not None:
            return column.otherwise
        known = ", ".join(list(column.values)[:20])
        raise BadFieldError(
            name, _("“%(text)s” is not known; use %(known)s") % {"text": text[:40], "known": known}
        )
    for pattern in column.formats:
        try:
            return datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    return text


def _incident(said: _Said, context: Context, found: ColumnMap) -> ParsedIncident:
    notes = {name: said.cells.get(name, "") for name in ("contested", "unknown")}
    _count(said, notes)
    cells = {**said.cells, **notes}
    span = _when(cells, notes, context)
    cells |= notes
    values: dict[str, Any] = {
        "kind": parsing.choice(cells.get("kind", ""), "kind", Incident.Kind),
        "occurred_from": span[0], "occurred_to": span[1], "time_precision": span[2],
        **(rows.free_place_of(cells) if found.free_places else rows.place_of(cells, context)),
        **rows.numbers_of(cells),
        **rows.words_of(cells),
    }  # fmt: skip
    if cells.get("weapons"):
        values["weapons"] = parsing.choice(cells["weapons"], "weapons", Incident.Weapons)
    reported = rows.moment_of(cells, "reported_at", context)
    if reported and reported < values["occurred_from"]:
        raise BadFieldError("reported_at", _("the report lies before the event"))
    values["reported_at"] = reported
    number = parsing.short(cells.get("id", ""), "id", 80 - len(found.id_prefix))
    claims = _claims(cells, reported, found)
    if number:
        claims = [replace(one, citation=one.citation or f"id {number}") for one in claims]
    number = f"{found.id_prefix}{number}" if number else ""
    others = tuple(ParsedIncident(number, values, claim) for claim in claims[1:])
    return ParsedIncident(number, values, claims[0] if claims else None, others)


def _count(said: _Said, notes: dict[str, str]) -> None:
    """Make whole numbers of what is written as a fraction; a true share is told, not rounded."""
    for name in _NUMBERS:
        text = said.cells.get(name, "")
        share = _SHARE.fullmatch(text)
        if share and not int(share[2]):
            said.cells[name] = share[1]
        elif share:
            del said.cells[name]
            note = f"{name.capitalize()}: {text}, a share of a total over several incidents."
            notes["contested"] = _joined(notes["contested"], note)
    low, high = (parsing.count(said.cells.get(name, ""), name) for name in _NUMBERS[1:3])
    if low is not None and high is not None and low != high:
        best = parsing.count(said.cells.get("killed", ""), "killed")
        note = f"Killed: from {low} to {high}" + (f"; best estimate {best}." if best else ".")
        notes["contested"] = _joined(notes["contested"], note)


def _joined(text: str, more: str) -> str:
    return f"{text}\n{more}" if text else more


def _when(cells: Mapping[str, str], notes: dict[str, str], context: Context) -> parsing.Span:
    name = "time" if cells.get("time") else "year"
    text = cells.get("time") or _date(cells)
    if cells.get("time_until"):
        text = f"{text}/{cells['time_until']}"
    span = parsing.when(text, name, context.zone)
    precision = cells.get("time_precision", "")
    if precision == "week":
        # Three days before and three after: the week around the day that is given.
        span = (span[0] - _WEEK, min(span[1] + _WEEK, max(span[1], context.now.astimezone(UTC))),
                Incident.TimePrecision.DAY.value)  # fmt: skip
    elif precision:
        precision = parsing.choice(precision, "time_precision", Incident.TimePrecision)
        span = parsing.widened(span, precision, "time_precision", context.zone)
    rows.not_in_future(span[0], name, context)
    if cells.get("approximate_time"):
        about = screen(parsing.short(cells["approximate_time"], "approximate_time", 200)).text
        notes["unknown"] = _joined(notes["unknown"], f"The time is approximate: {about}")
    return span


def _date(cells: Mapping[str, str]) -> str:
    """Return a day from its three numbers; 0 and an empty cell mean that it is not known."""
    parts = []
    for name in ("year", "month", "day"):
        text = cells.get(name, "")
        text = text.removesuffix(".0")
        if text and not re.fullmatch(r"\d{1,4}", text, re.ASCII):
            raise BadFieldError(
                name, _("“%(text)s” is not a whole number from 0") % {"text": text[:40]}
            )
        parts.append(int(text or 0))
    year, month, day = parts
    if day and not month:
        raise BadFieldError("day", _("a day without a month"))
    text = f"{year:04d}"
    if month:
        text += f"-{month:02d}"
    return f"{text}-{day:02d}" if day else text


def _claims(
    cells: dict[str, str], reported: datetime | None, found: ColumnMap
) -> list[SourceClaim]:
    names = [cells.get("source", "")]
    if found.source_separator:
        names = list(dict.fromkeys(part.strip() for part in names[0].split(found.source_separator)))
    said = ({**cells, "source": name} for name in names if name)
    claims = [rows.source_of(one, reported) for one in said]
    return [one for one in claims if one is not None]
