"""Submissions from ODK and the like, as CSV or XLSX: all of them, or none and the reasons."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.sources.tables import BadFieldError, Problem, Row
from qalqan.desk.platform.sources.workbooks import open_any_table
from qalqan.desk.polls.answering import ATTRIBUTES, read_answers
from qalqan.desk.polls.models import Batch, Poll, Response
from qalqan.desk.polls.services.collecting import (
    Where,
    district_of_stratum,
    make_response,
    open_batch,
    questions_of,
)
from qalqan.desk.polls.services.frames import BadRowsError
from qalqan.errors import ConflictError, InputError, Location

MOST_ROWS = 50_000
PLACED = ("stratum", "cluster", "day", "partial", *ATTRIBUTES)
LEFT_UNREAD = frozenset({
    "submissiondate", "start", "end", "today", "key", "_id", "_uuid", "_submission_time", "_index",
    "instanceid", "meta-instanceid", "instancename", "meta-instancename", "formversion",
    "_version_", "__version__", "deviceid", "username", "submitterid", "submittername",
    "attachmentspresent", "attachmentsexpected", "status", "reviewstate", "edits", "_status",
    "_submitted_by", "_tags", "_notes", "_validation_status",
})  # fmt: skip
"""Columns that programs add to submissions; they are never read, so nothing of them is kept."""


class _Sample:
    """Strata and areas of a poll, looked up once."""

    def __init__(self, poll: Poll) -> None:
        self.poll = poll
        self.strata = {row.code: row for row in poll.strata.all()}
        rows = poll.clusters.select_related("unit")
        inside = places.district_map() if poll.method else {}
        self.clusters = {
            row.unit.code: Where(row.stratum, row.unit.code,
                                 inside.get(row.unit.place_id) or None, row.unit.settlement)
            for row in rows
        }  # fmt: skip
        self.districts = {code: district_of_stratum(code) for code in self.strata}

    def where(self, row: Row) -> Where:
        """Return where a row belongs; what a probability sample needs to know must be there."""
        cluster, stratum = row.cells.get("cluster", ""), row.cells.get("stratum", "")
        if self.clusters or cluster:
            if cluster not in self.clusters:
                raise BadFieldError(
                    "cluster",
                    _("“%(text)s” is no area that was drawn") % {"text": cluster[:40]},
                )
            found = self.clusters[cluster]
            if stratum and stratum != found.stratum:
                raise BadFieldError(
                    "stratum",
                    _("the area lies in stratum %(stratum)s") % {"stratum": found.stratum},
                )
            return found
        if not stratum and len(self.strata) == 1:
            stratum = next(iter(self.strata))
        if self.strata and stratum not in self.strata:
            raise BadFieldError(
                "stratum", _("“%(text)s” is no stratum of the poll") % {"text": stratum[:40]}
            )
        return Where(stratum, district=self.districts.get(stratum))


def import_submissions(*, actor: Actor, poll: Poll, path: Path, now: datetime) -> Batch:
    """Read sets of answers from a file of submissions.

    Columns that programs add, times and devices among them, are left unread; a file that was
    taken in already is refused.

    Raises
    ------
    BadRowsError
        Rows cannot be taken; nothing is stored.
    InputError
        The file is no table, a column is not known, or there is no row.
    ConflictError
        The poll is not open, or the file was taken in already.
    RefusedError
        The actor may not collect.
    """
    require(actor, ADD, Response)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if poll.batches.filter(file_digest=digest).exists():
        raise ConflictError(_("This file was taken in already."))
    questions = questions_of(poll)
    with open_any_table(path) as table, transaction.atomic():
        names = _columns(table.columns, {question.code for question in questions}, path.name)
        batch = open_batch(
            actor=actor, poll=poll, channel=Batch.Channel.FILE, now=now, digest=digest
        )
        sample, today = _Sample(poll), timezone.localdate(now)
        problems: list[Problem] = []
        good: list[Response] = []
        for number, row in enumerate(table.rows):
            if number >= MOST_ROWS:
                raise InputError(
                    _("The file has more than %(most)s rows.") % {"most": MOST_ROWS},
                    location=Location(path.name, row.line),
                )
            cells = {names[column]: text for column, text in row.cells.items() if column in names}
            renamed = Row(row.line, cells, row.raw, row.problem)
            try:
                where, day = sample.where(_whole(renamed)), _day(renamed, poll, today)
            except BadFieldError as error:
                problems.append(Problem(row.line, error.field, error.reason))
                continue
            read = read_answers(questions, cells)
            problems += [Problem(row.line, fault.field, fault.reason) for fault in read.faults]
            if not read.answers and not read.faults:
                problems.append(Problem(row.line, None, _("nothing is answered in this row")))
            partial = cells.get("partial", "").lower() in ("1", "yes", "true")
            good.append(make_response(batch, read, where, day, partial=partial))
        if problems:
            raise BadRowsError(path.name, problems)
        if not good:
            raise InputError(_("The file has a header but no rows."), location=Location(path.name))
        Response.objects.bulk_create(good, batch_size=1000)
        batch.issued = len(good)
        batch.save(update_fields=["issued"])
        audit.record(actor=actor, action="polls.import_submissions", subject=batch, now=now,
                     detail={"file": path.name[:120], "rows": len(good)})  # fmt: skip
    return batch


def _columns(columns: tuple[str, ...], codes: set[str], file: str) -> dict[str, str]:
    """Return which column means what: ODK writes a group before the name, after a dash or slash."""
    known = codes | set(PLACED)
    found: dict[str, str] = {}
    for column in columns:
        short = column.replace("/", "-").rsplit("-", 1)[-1]
        name = column if column in known else short
        if name in known:
            if name in found.values():
                raise InputError(
                    _("This column stands twice in the header."), location=Location(file, 1, column)
                )
            found[column] = name
        elif column not in LEFT_UNREAD and short not in LEFT_UNREAD:
            raise InputError(
                _("This column is not known."),
                location=Location(file, 1, column),
                hint=_("Columns are named as the questions are, or %(names)s.")
                % {"names": ", ".join(PLACED)},
            )
    if not codes & set(found.values()):
        raise InputError(_("No column is a question of the poll."), location=Location(file, 1))
    return found


def _whole(row: Row) -> Row:
    if row.problem is not None:
        raise BadFieldError(row.problem.field, row.problem.reason)
    return row


def _day(row: Row, poll: Poll, today: date) -> date:
    text = row.cells.get("day", "")[:10]
    if not text:
        return min(today, poll.ends_on)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadFieldError(
            "day", _("“%(text)s” is no day; write it as 2026-03-02") % {"text": text}
        ) from None
    if not poll.starts_on <= day <= poll.ends_on:
        raise BadFieldError("day", _("the day is not within the days of the poll"))
    return day
