"""Bring a file of parts into the matrix: all of it, or none and the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.agencies import matters
from qalqan.desk.agencies.models import Body, Responsibility
from qalqan.desk.agencies.selectors.known import KnownAreas, KnownBodies
from qalqan.desk.agencies.services.facts import text_problems
from qalqan.desk.agencies.services.matrix import end_part, set_part
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.sources.tables import (
    BadFieldError,
    Problem,
    Reject,
    Row,
    collected_rejects,
    require_columns,
)
from qalqan.desk.platform.sources.taking import (
    Progress,
    Taken,
    cells_of,
    choice,
    meant,
    read_rows,
    require_taken,
    words_of,
)
from qalqan.desk.platform.sources.workbooks import open_any_table
from qalqan.errors import ConflictError, InputError

COMPULSORY = ("matter", "area", "body", "part", "since")
OPTIONAL = ("until", "ground")
MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Good:
    """One row, understood."""

    row: Row
    matter: str
    area_id: int
    body_id: int
    part: str
    since: date
    until: date | None
    ground: str

    @property
    def cell(self) -> tuple[str, int, int, date]:
        """What may stand once in a file."""
        return self.matter, self.area_id, self.body_id, self.since


def import_parts(
    *, actor: Actor, path: Path, now: datetime, keep_good: bool = False,
    rejects: Path | None = None, progress: Progress | None = None, is_sample: bool = False,
) -> Taken:  # fmt: skip
    """Read who answers for what where from CSV or XLSX.

    A row that says what the matrix says already changes nothing; one that gives a body another
    part ends the part it has on that day, and one that names the end of a part ends it. Rows are
    taken in the order of their days.

    Parameters
    ----------
    keep_good
        Store the good rows even where others are bad; otherwise one bad row refuses the file.
    rejects
        Where the bad rows go with their reasons; by default beside the file.
    progress
        Called with the number of rows read so far.

    Raises
    ------
    InputError
        The file or a row cannot be taken; nothing is stored.
    RefusedError
        The actor may not change the matrix.
    """
    require(actor, ADD, Responsibility)
    report = Taken()
    with (
        open_any_table(path) as table,
        collected_rejects(keep_good, path, rejects, table) as reject,
        transaction.atomic(),
    ):
        require_columns(table, compulsory=COMPULSORY, optional=OPTIONAL)
        good = read_rows(table, _Reader().read, report, reject, most=MOST_ROWS, progress=progress)
        _Store(actor, now, is_sample, report, reject).store(good)
        require_taken(report, file=path.name, keep_good=keep_good)
        audit.record(
            actor=actor, action="agencies.import_parts", subject="agencies", now=now,
            detail=report.told(path.name),
        )  # fmt: skip
    return report


class _Reader:
    """Understands rows; bodies, areas and kinds of matter are looked up once."""

    def __init__(self) -> None:
        self._areas, self._bodies = KnownAreas(), KnownBodies()
        self._matters = words_of(matters.labels())

    def read(self, row: Row) -> Good:
        """Return one row, understood.

        Raises
        ------
        BadFieldError
            Naming the column and what is wrong with its cell.
        """
        cells = cells_of(row)
        since, until = _day(cells["since"], "since"), None
        if cells.get("until"):
            until = _day(cells["until"], "until")
            if until <= since:
                raise BadFieldError(
                    "until", _("The end lies after the beginning, %(day)s.")
                    % {"day": since.isoformat()},
                )  # fmt: skip
        ground = " ".join(cells.get("ground", "").split())
        for problem in text_problems("ground", ground, 200):
            raise BadFieldError(problem.field, problem.reason)
        return Good(
            row, meant("matter", cells["matter"], self._matters),
            self._areas.find(cells["area"]), self._bodies.find(cells["body"]),
            choice("part", cells["part"], Responsibility.Part), since, until, ground,
        )  # fmt: skip


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadFieldError(
            name, _("“%(text)s” is no day written as 2026-03-01") % {"text": text[:20]}
        ) from None


class _Store:
    """Writes the parts of a file by the acts that a person has, so that each is in the record."""

    def __init__(
        self, actor: Actor, now: datetime, is_sample: bool, report: Taken, reject: Reject
    ) -> None:
        self._actor, self._now, self._is_sample = actor, now, is_sample
        self._report, self._reject = report, reject

    def store(self, good: list[Good]) -> None:
        """Store what can be stored; refuse the rest with reasons."""
        bodies = Body.objects.in_bulk({one.body_id for one in good})
        areas = places.places(self._actor).in_bulk({one.area_id for one in good})
        lines: dict[tuple[str, int, int, date], int] = {}
        for one in sorted(good, key=lambda one: (one.since, one.row.line)):
            first = lines.setdefault(one.cell, one.row.line)
            try:
                if first != one.row.line:
                    raise BadFieldError(
                        "body", _("line %(line)s says it already") % {"line": first}
                    )
                self._store(one, bodies[one.body_id], areas.get(one.area_id))
            except BadFieldError as error:
                self._refuse(one, error.field, error.reason)
            except ConflictError as error:
                closed = bodies[one.body_id].closed_on is not None
                self._refuse(one, "body" if closed else "part", str(error.message))
            except InputError as error:
                self._refuse(one, getattr(error.location, "field", None), str(error.message))

    def _refuse(self, one: Good, column: str | None, reason: str) -> None:
        self._report.refuse(one.row, Problem(one.row.line, column, reason), self._reject)

    @transaction.atomic
    def _store(self, one: Good, body: Body, area: object) -> None:
        if area is None:
            raise BadFieldError("area", _("there is no such place"))
        known = Responsibility.objects.filter(
            matter=one.matter, area_id=one.area_id, body_id=one.body_id, part=one.part,
            since=one.since,
        ).first()  # fmt: skip
        if known is not None and known.until and one.until and known.until != one.until:
            raise BadFieldError("until", _("This part has ended already."))
        if known is None:
            row = set_part(
                actor=self._actor, matter=one.matter, area=area, body=body, part=one.part,
                since=one.since, ground=one.ground, now=self._now, is_sample=self._is_sample,
            )  # fmt: skip
        else:
            row = known
        if one.until is not None and row.until != one.until:
            end_part(actor=self._actor, responsibility=row, until=one.until, now=self._now)
            self._report.changed += known is not None
        elif known is not None:
            self._report.known += 1
        self._report.stored += known is None
