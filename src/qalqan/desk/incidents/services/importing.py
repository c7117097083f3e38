"""Bring a file of incidents into the ledger: all of it, or none and the reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qalqan.desk.incidents.models import Incident
from qalqan.desk.incidents.services.locating import Locator
from qalqan.desk.incidents.services.readers import layout_for, opened
from qalqan.desk.incidents.services.readers.tabled import Opened
from qalqan.desk.incidents.services.rows import Context, Layout, ParsedIncident
from qalqan.desk.incidents.services.storing import Ledger
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.sources.tables import (
    BadFieldError,
    Problem,
    Reject,
    Row,
    collected_rejects,
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
    layout
        The layout by which the columns were read.
    notes
        What of the file was left unread, in words.
    """

    read: int = 0
    stored: int = 0
    sourced: int = 0
    known: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    layout: str = ""
    notes: list[str] = field(default_factory=list)


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
    layout: str | None = None,
    column_map: Path | None = None,
) -> ImportReport:
    """Read incidents from CSV in any known layout, from GeoJSON, or from a STIX 2.1 bundle.

    Parameters
    ----------
    keep_good
        Store the good rows even where others are bad; otherwise one bad row refuses the file.
    rejects
        Where the bad rows go with their reasons; by default beside the file.
    progress
        Called with the number of rows read so far.
    layout
        The layout of the columns; by default the one that the columns bear.
    column_map
        A map of columns that somebody wrote; it goes before the layout.

    Raises
    ------
    InputError
        The file, the map or a row cannot be understood; nothing is stored.
    RefusedError
        The actor may not add to the ledger.
    """
    require(actor, ADD, Incident)
    report = ImportReport()
    with opened(path) as source:
        table = source.table
        found = layout_for(source, name=layout, column_map=column_map)
        report.layout = found.name
        _require_known(source, found)
        with (
            collected_rejects(keep_good, path, rejects, table) as reject,
            transaction.atomic(),
        ):
            ledger = Ledger(actor=actor, now=now, is_sample=is_sample)
            context = Context(now, timezone.get_default_timezone(), Locator())
            for rows in _batches(table.rows):
                _take(rows, source, found, context, ledger, report, reject)
                if progress:
                    progress(report.read)
            settle(report, path, keep_good)
            report.notes = [*source.notes, *_unread(source, found)]
            audit.record(
                actor=actor,
                action="incidents.import",
                subject="incidents",
                now=now,
                detail={
                    "layout": found.name, "form": source.form, "file": path.name[:120],
                    **counts(report),
                },
            )  # fmt: skip
    return report


def _require_known(source: Opened, layout: Layout) -> None:
    """Refuse columns as the layout does; of objects each says for itself what it lacks."""
    compulsory = layout.compulsory if source.form == "csv" else ()
    require_columns(
        source.table, compulsory=compulsory, optional=(*layout.compulsory, *layout.optional),
        strict=layout.strict,
    )  # fmt: skip


def _take(
    rows: list[Row], source: Opened, layout: Layout, context: Context, ledger: Ledger,
    report: ImportReport, reject: Reject,
) -> None:  # fmt: skip
    """Understand a batch of rows and store what is good."""
    good: list[tuple[Row, ParsedIncident]] = []
    for row in rows:
        parsed = _attempt(row, report, reject, source, lambda r: layout.read(r.cells, context))
        if parsed is not None:
            good += [(row, one) for one in (parsed, *parsed.others)]
    for row, problem in ledger.store(good, report):
        _refuse(row, problem, report, reject)


def _unread(source: Opened, layout: Layout) -> list[str]:
    """Say which columns were left unread, and why."""
    have = source.table.columns
    dropped = [name for name in have if name in layout.dropped]
    known = {*layout.compulsory, *layout.optional}
    others = [name for name in have if name not in known]
    notes = []
    if dropped:
        notes.append(
            _("Left unread, because they may name persons or groups: %(columns)s")
            % {"columns": ", ".join(dropped)}
        )
    if others:
        shown = ", ".join(others[:_SHOWN]) + (", …" if len(others) > _SHOWN else "")
        notes.append(_("Left unread: %(columns)s") % {"columns": shown})
    return notes


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
    row: Row, report: ImportReport, reject: Reject, source: Opened,
    read: Callable[[Row], ParsedIncident],
) -> ParsedIncident | None:  # fmt: skip
    report.read += 1
    problem = row.problem
    if problem is None:
        try:
            return read(row)
        except BadFieldError as error:
            problem = Problem(source.line_of(row, error.field), error.field, error.reason)
    _refuse(row, problem, report, reject)
    return None


def _refuse(row: Row, problem: Problem, report: ImportReport, reject: Reject) -> None:
    report.rejected += 1
    if len(report.problems) < _SHOWN:
        report.problems.append(problem)
    reject(row, problem)
