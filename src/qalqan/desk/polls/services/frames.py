"""Sampling frames: made from the desk's places, or read from a file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.sources.tables import BadFieldError, Problem, Row, require_columns
from qalqan.desk.platform.sources.workbooks import open_any_table
from qalqan.desk.polls.models import SETTLEMENTS, FrameUnit, SamplingFrame
from qalqan.errors import ConflictError, InputError, Location

CITY_PEOPLE = 100_000
"""A place with as many people counts as a city where the frame is made from places."""
COLUMNS = ("code", "label", "place", "stratum", "size")
_MOST_UNITS = 50_000


class BadRowsError(InputError):
    """Rows of a file cannot be taken; nothing of it was stored."""

    code = "polls.bad_rows"

    def __init__(self, file: str, problems: list[Problem]) -> None:
        first = problems[0]
        hint = _("%(count)s rows are bad; nothing was stored") % {"count": len(problems)}
        super().__init__(first.reason, location=Location(file, first.line, first.field), hint=hint)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Unit:
    """One area as a file or the list of places gives it."""

    code: str
    label: str
    place_id: int
    stratum: str
    size: int
    settlement: str = ""


@transaction.atomic
def frame_from_places(
    *, actor: Actor, name: str, people: int, now: datetime, is_sample: bool = False
) -> SamplingFrame:
    """Make a frame of parts of districts with about ``people`` people each, by known population.

    Strata are the districts.

    Raises
    ------
    InputError
        No district has a population, or a part would be too small or too large.
    RefusedError
        The actor may not make frames.
    """
    require(actor, ADD, SamplingFrame)
    if not 200 <= people <= 50_000:
        raise InputError(
            _("A part has from 200 to 50 000 people."), location=Location(field="people")
        )
    districts = list(places.districts(actor).defer("boundary"))
    known = places.latest_populations(actor, [district.pk for district in districts])
    units: list[Unit] = []
    for district in districts:
        if district.pk not in known or not known[district.pk].count:
            continue
        total = known[district.pk].count
        parts = max(2, math.ceil(total / people))
        code = district.kato or str(district.pk)
        units += [
            Unit(
                f"{code}-{part + 1:03}", f"{district.name_ru} {part + 1}", district.pk, code,
                total // parts + (part < total % parts),
                "city" if total >= CITY_PEOPLE else "rural",
            )
            for part in range(parts)
        ]  # fmt: skip
    if not units:
        raise InputError(
            _("No district has a known population."), hint=_("Take in a file of populations first.")
        )
    origin = "; ".join(sorted({f"{row.source.name} {row.year}" for row in known.values()}))
    return _store(actor, name, origin[:200], units, now, is_sample)


def import_frame(
    *, actor: Actor, path: Path, name: str, origin: str, now: datetime
) -> SamplingFrame:
    """Read a frame from CSV or XLSX: all of it, or none and the reasons.

    Raises
    ------
    InputError
        The file or a row cannot be taken; nothing is stored.
    RefusedError
        The actor may not make frames.
    """
    require(actor, ADD, SamplingFrame)
    problems: list[Problem] = []
    units: list[Unit] = []
    with open_any_table(path) as table, transaction.atomic():
        require_columns(table, compulsory=COLUMNS, optional=("settlement",))
        codes = {p.kato: p.pk for p in places.places(actor).exclude(kato="").only("pk", "kato")}
        seen: set[str] = set()
        for row in table.rows:
            try:
                units.append(_unit(row, codes, seen))
            except BadFieldError as error:
                problems.append(Problem(row.line, error.field, error.reason))
        if problems:
            raise BadRowsError(path.name, problems)
        if not units:
            raise InputError(_("The file has a header but no rows."), location=Location(path.name))
        return _store(actor, name, origin, units, now, False)


def _unit(row: Row, codes: dict[str, int], seen: set[str]) -> Unit:
    if row.problem is not None:
        raise BadFieldError(row.problem.field, row.problem.reason)
    cells = row.cells
    for column in ("code", "stratum", "label"):
        if not cells[column] or len(cells[column]) > (160 if column == "label" else 40):
            raise BadFieldError(column, _("a text of 1 to 40 signs is needed"))
    if cells["code"] in seen:
        raise BadFieldError("code", _("this code stands twice"))
    seen.add(cells["code"])
    size = cells["size"]
    if not (size.isascii() and size.isdigit() and 0 < int(size) < 10_000_000):
        raise BadFieldError("size", _("“%(text)s” is not a number of people") % {"text": size[:40]})
    return Unit(
        cells["code"], cells["label"], _place(cells["place"], codes), cells["stratum"], int(size),
        _settlement(cells.get("settlement", "")),
    )  # fmt: skip


def _place(text: str, codes: dict[str, int]) -> int:
    found = codes.get(text)
    if found is None:
        matches = places.finder().find(text)
        found = matches[0].place_id if matches else None
    if found is None:
        raise BadFieldError(
            "place", _("“%(text)s” is no place that the desk knows") % {"text": text[:60]}
        )
    return found


def _settlement(text: str) -> str:
    if text and text not in SETTLEMENTS:
        raise BadFieldError(
            "settlement",
            _("“%(text)s” is not known; use %(known)s")
            % {"text": text[:40], "known": ", ".join(SETTLEMENTS)},
        )
    return text


def _store(
    actor: Actor, name: str, origin: str, units: list[Unit], now: datetime, is_sample: bool
) -> SamplingFrame:
    if len(units) > _MOST_UNITS:
        raise InputError(_("The frame has more than %(most)s areas.") % {"most": _MOST_UNITS})
    if SamplingFrame.objects.filter(name=name).exists():
        raise ConflictError(_("There is a frame of this name already."))
    frame = SamplingFrame.objects.create(
        name=name, origin=origin, made_on=timezone.localdate(now), is_sample=is_sample
    )
    FrameUnit.objects.bulk_create(
        (FrameUnit(frame=frame, **{k: getattr(unit, k) for k in _unit_fields()}) for unit in units),
        batch_size=2000,
    )
    audit.record(
        actor=actor, action="polls.make_frame", subject=frame, now=now,
        detail={"areas": len(units), "people": sum(unit.size for unit in units)},
    )  # fmt: skip
    return frame


def _unit_fields() -> Iterator[str]:
    yield from ("code", "label", "place_id", "stratum", "size", "settlement")
