"""Bring a file of incidents into the ledger: all of it, or none and the reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qalqan.desk.incidents.models import Incident
from qalqan.desk.incidents.services.locating import Locator
from qalqan.desk.incidents.services.rows import Context, layout_of
from qalqan.desk.incidents.services.storing import Ledger
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.sources.tables import (
    BadFieldError,
    Problem,
    Reject,
    Row,
    collected_rejects,
    open_table,
    require_columns,
)
from qalqan.errors import InputError, Location

_BATCH = 2_000
_SHOWN = 20

Progress = Callable[[int], None]


@dataclass(slots=True)
class ImportReport:
    """What became of the rows of a file.

    Parameters
    ----------
    read
        Rows in the file.
    stored
        New incidents (or indicators).
    sourced
        Rows that added a source to an incident that was there already.
    known
        Rows that said nothing new.
    rejected
        Rows that could not be understood and were left out.
    problems
        The first of the reasons.
    """

    read: int = 0
    stored: int = 0
    sourced: int = 0
    known: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)


class BadRowsError(InputError):
    """Rows of a file cannot be understood; nothing of it was stored."""

    code = "import.bad_rows"

    def __init__(self, file: str, report: ImportReport) -> None:
        first = report.problems[0]
        more = report.rejected - 1
        hint = ngettext(
            "%(count)s more row is bad; nothing was stored; --keep-good stores the rest",
            "%(count)s more rows are bad; nothing was stored; --keep-good stores the rest",
            more,
        ) % {"count": more}
        super().__init__(first.reason, location=Location(file, first.line, first.field), hint=hint)
        self.report = report


def import_incidents(
    *,
    actor: Actor,
    path: Path,
    now: datetime,
    keep_good: bool = False,
    rejects: Path | None = None,
    progress: Progress | None = None,
    is_sample: bool = False,
) -> ImportReport:
    """Read incidents from CSV: the desk's own columns, or those of UCDP GED.

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
        The file or a row cannot be understood; nothing is stored.
    RefusedError
        The actor may not add to the ledger.
    """
    require(actor, ADD, Incident)
    report = ImportReport()
    with open_table(path) as table, collected_rejects(keep_good, path, rejects, table) as reject:
        layout = layout_of(table.columns)
        require_columns(
            table, compulsory=layout.compulsory, optional=layout.optional, strict=layout.strict
        )
        with transaction.atomic():
            ledger = Ledger(actor=actor, now=now, is_sample=is_sample)
            context = Context(now, timezone.get_default_timezone(), Locator())
            for rows in _batches(table.rows):
                good = []
                for row in rows:
                    parsed = _attempt(row, report, reject, lambda r: layout.read(r.cells, context))
                    if parsed is not None:
                        good.append((row, parsed))
                for row, problem in ledger.store(good, report):
                    _refuse(row, problem, report, reject)
                if progress:
                    progress(report.read)
            settle(report, path, keep_good)
            audit.record(
                actor=actor,
                action="incidents.import",
                subject="incidents",
                now=now,
                detail={"layout": layout.name, "file": path.name[:120], **counts(report)},
            )
    return report


def counts(report: ImportReport) -> dict[str, int]:
    """Return the numbers of a report, for the audit."""
    names = ("read", "stored", "sourced", "known", "rejected")
    return {name: getattr(report, name) for name in names}


def settle(report: ImportReport, path: Path, keep_good: bool) -> None:
    """Refuse the whole file where bad rows may not be left out, or where it has no rows."""
    if report.rejected and not keep_good:
        raise BadRowsError(path.name, report)
    if not report.read:
        raise InputError(_("The file has a header but no rows."), location=Location(path.name))


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _attempt(
    row: Row, report: ImportReport, reject: Reject, read: Callable[[Row], Any]
) -> Any | None:
    report.read += 1
    problem = row.problem
    if problem is None:
        try:
            return read(row)
        except BadFieldError as error:
            problem = Problem(row.line, error.field, error.reason)
    _refuse(row, problem, report, reject)
    return None


def _refuse(row: Row, problem: Problem, report: ImportReport, reject: Reject) -> None:
    report.rejected += 1
    if len(report.problems) < _SHOWN:
        report.problems.append(problem)
    reject(row, problem)
