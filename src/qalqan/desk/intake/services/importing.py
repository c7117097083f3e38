"""Bringing in a file: first checked as a whole, then stored batch by batch.

A file with a bad row changes nothing, unless the person asks to keep the good rows. Each batch
is one transaction with its messages, claims, roll-ups, audit row and the position of the run,
so that a run that was cut short at any point goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from qalqan.desk.intake.models import ImportRun, MessageKind
from qalqan.desk.intake.pipeline import Pipeline
from qalqan.desk.intake.readers import Record, Rejected, guess_format, read_records, survey
from qalqan.desk.intake.readers.survey import Survey
from qalqan.desk.intake.rejects import RejectsFile
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.rumours import services as rumours
from qalqan.errors import ConflictError, InputError, Location, QalqanError

BATCH = 10_000
KEPT_FORMAT = "jsonl"
"""Of the copy that is kept of a file handed in; the run keeps the format it came in."""
_MOST_ERRORS = 20
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file.

    Parameters
    ----------
    read
        Records in the file, good and bad.
    stored
        New messages.
    known
        Messages that were there already.
    rejected
        Records left out.
    run_id
        The import run that tells the details.
    """

    read: int
    stored: int
    known: int
    rejected: int
    run_id: int


def import_messages(
    *,
    actor: Actor,
    path: Path | str,
    format: str | None = None,
    now: datetime,
    source_name: str | None = None,
    kind: str = MessageKind.POST,
    keep_good: bool = False,
    rejects: Path | str | None = None,
    progress: Progress | None = None,
    is_sample: bool = False,
    pipeline: Pipeline | None = None,
) -> ImportReport:
    """Take in the messages of a file.

    Parameters
    ----------
    path
        A CSV or TSV table, JSON lines, the export of a Telegram channel, or a kept feed.
    format
        ``csv``, ``tsv``, ``jsonl``, ``telegram``, ``rss`` or ``atom``; by default as the name
        or the beginning of the file says.
    source_name
        The channel of messages whose file names none; by default the name of the file.
    kind
        The kind of messages whose file names none.
    keep_good
        Take the good records of a file with bad ones, instead of nothing.
    rejects
        Where to write the bad ones with their reasons.
    progress
        Called with the records done and their total, where it is known.
    is_sample
        Mark everything as made up.
    pipeline
        Of the caller's, to read the time each step took.

    Raises
    ------
    RefusedError
        The actor may not bring messages in.
    InputError
        The file, or without ``keep_good`` a record in it, cannot be understood.
    ConflictError
        Someone else is bringing in the same file right now.
    """
    require(actor, ADD, ImportRun)
    path = Path(path)
    found = survey(path)
    name = guess_format(path, format)
    channel = " ".join((source_name or path.stem).split())[:200] or "file"
    run = _unfinished(found, name, kind, channel, keep_good=keep_good) or begin_import(
        actor=actor, path=path, found=found, name=name, kind=kind, keep_good=keep_good,
        source_name=channel, is_sample=is_sample, now=now,
    )  # fmt: skip
    return resume_import(
        actor=actor, run=run, path=path, found=found, now=now, rejects=rejects,
        progress=progress, pipeline=pipeline,
    )  # fmt: skip


def resume_import(
    *,
    actor: Actor,
    run: ImportRun,
    path: Path,
    found: Survey | None = None,
    now: datetime,
    rejects: Path | str | None = None,
    progress: Progress | None = None,
    pipeline: Pipeline | None = None,
) -> ImportReport:
    """Check and store the file of a run, from where the run stopped.

    Raises
    ------
    InputError
        A record cannot be understood; the run is then marked refused.
    """
    found = found or survey(path)
    if found.digest != run.file_digest:
        raise ConflictError(_("The file has changed since the import began."))
    source = _Source(path, KEPT_FORMAT if run.stored_file else run.format, found)
    try:
        if run.state in (ImportRun.State.CHECKING, ImportRun.State.WAITING):
            _check(run, source, progress)
        _store(actor, run, source, now, rejects, progress, pipeline)
    except InputError as error:
        _refuse(actor=actor, run=run, error=error, now=now)
        raise
    run.refresh_from_db()
    return ImportReport(run.position, run.stored, run.known, run.rejected, run.pk)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file that can be read again from its beginning."""

    path: Path
    format: str
    found: Survey

    def items(self) -> Iterator[Record | Rejected]:
        zone = ZoneInfo(settings.TIME_ZONE)
        return read_records(self.path, self.format, self.found, zone)


def _unfinished(
    found: Survey, name: str, kind: str, channel: str, *, keep_good: bool
) -> ImportRun | None:
    states = (ImportRun.State.CHECKING, ImportRun.State.RUNNING)
    run: ImportRun | None = ImportRun.objects.filter(
        file_digest=found.digest,
        format=name,
        kind=kind,
        source_name=channel,
        keep_good=keep_good,
        stored_file="",
        state__in=states,
    ).first()
    return run


@transaction.atomic
def begin_import(
    *,
    actor: Actor,
    path: Path,
    found: Survey,
    name: str,
    kind: str,
    keep_good: bool,
    source_name: str,
    is_sample: bool = False,
    now: datetime,
    state: str = ImportRun.State.CHECKING,
    stored_file: str = "",
) -> ImportRun:
    """Note that a file is on its way in."""
    from django.contrib.auth import get_user_model

    run = ImportRun.objects.create(
        file_name=path.name[:200],
        file_digest=found.digest,
        format=name,
        encoding=found.encoding,
        kind=kind,
        source_name=source_name,
        keep_good=keep_good,
        state=state,
        stored_file=stored_file,
        started_by=actor if isinstance(actor, get_user_model()) else None,
        started_at=now,
        is_sample=is_sample,
    )
    record(
        actor=actor, action="intake.begin_import", subject=run, now=now,
        detail={"digest": found.digest, "format": name, "bytes": found.size},
    )  # fmt: skip
    return run


def _check(run: ImportRun, source: _Source, progress: Progress | None) -> None:
    """Read the whole file before anything of it is stored."""
    total = 0
    good = 0
    first: InputError | None = None
    for total, item in enumerate(source.items(), 1):
        if isinstance(item, Rejected):
            first = first or item.error
            if not run.keep_good:
                raise item.error
        else:
            good += 1
        if progress and total % BATCH == 0:
            progress(0, None)
    if not good:
        raise first or InputError(
            _("There is no message in the file."), location=Location(run.file_name)
        )
    run.total, run.state = total, ImportRun.State.RUNNING
    run.save(update_fields=["total", "state"])


def _store(
    actor: Actor,
    run: ImportRun,
    source: _Source,
    now: datetime,
    rejects: Path | str | None,
    progress: Progress | None,
    pipeline: Pipeline | None,
) -> None:
    pipeline = pipeline or Pipeline(
        actor, now, run.source_name, kind=run.kind, is_sample=run.is_sample
    )
    pipeline.channel, pipeline.kind = run.source_name, run.kind
    items = source.items()
    with RejectsFile(Path(rejects) if rejects else None) as bad_rows:
        done = 0
        for item in islice(items, run.position):
            done += 1
            if isinstance(item, Rejected):
                bad_rows.write(item)
        while part := list(islice(items, BATCH)):
            bad = [item for item in part if isinstance(item, Rejected)]
            for item in bad:
                bad_rows.write(item)
            records = [item for item in part if isinstance(item, Record)]
            _store_batch(actor=actor, run=run, at=done, records=records, bad=bad,
                         pipeline=pipeline, now=now)  # fmt: skip
            done += len(part)
            if progress:
                progress(done, run.total)
        _finish(actor=actor, run=run, at=done, now=now)


@transaction.atomic
def _store_batch(
    *,
    actor: Actor,
    run: ImportRun,
    at: int,
    records: list[Record],
    bad: list[Rejected],
    pipeline: Pipeline,
    now: datetime,
) -> None:
    """Store one batch and move the run on, or neither."""
    batch = pipeline.process(records)
    result = rumours.store_messages(actor=actor, batch=batch, run=run, now=now)
    moved = ImportRun.objects.filter(
        pk=run.pk, position=at, state=ImportRun.State.RUNNING
    ).update(
        position=at + len(records) + len(bad),
        stored=F("stored") + result.stored,
        known=F("known") + result.known,
        rejected=F("rejected") + len(bad),
    )  # fmt: skip
    if not moved:
        raise ConflictError(_("Someone else is bringing in the same file right now."))
    if bad and len(run.errors) < _MOST_ERRORS:
        run.errors += [kept_error(item.error) for item in bad[: _MOST_ERRORS - len(run.errors)]]
        ImportRun.objects.filter(pk=run.pk).update(errors=run.errors)


def kept_error(error: QalqanError) -> dict[str, Any]:
    """Return an error as it may be stored: what it quotes of the file passes the guard first."""
    kept = error.as_dict()
    kept["message"] = screen(kept["message"]).text
    kept["field"] = screen(kept["field"] or "").text[:60] or None
    return kept


@transaction.atomic
def _finish(*, actor: Actor, run: ImportRun, at: int, now: datetime) -> None:
    run.refresh_from_db()
    if run.total is not None and at != run.total:
        raise ConflictError(_("The file has changed since the import began."))
    run.state, run.finished_at = ImportRun.State.DONE, now
    run.save(update_fields=["state", "finished_at"])
    record(
        actor=actor, action="intake.finish_import", subject=run, now=now,
        detail={"read": at, "stored": run.stored, "known": run.known, "rejected": run.rejected},
    )  # fmt: skip
    if run.stored_file:
        path = Path(settings.MEDIA_ROOT) / run.stored_file
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


@transaction.atomic
def _refuse(*, actor: Actor, run: ImportRun, error: QalqanError, now: datetime) -> None:
    run.refresh_from_db()
    run.state, run.finished_at = ImportRun.State.REFUSED, now
    run.errors = [kept_error(error)]
    run.save(update_fields=["state", "finished_at", "errors"])
    record(
        actor=actor, action="intake.refuse_import", subject=run, now=now,
        detail={"code": error.code, "line": error.location.line if error.location else None},
    )  # fmt: skip
    with suppress(OSError):
        if run.stored_file:
            (Path(settings.MEDIA_ROOT) / run.stored_file).unlink(missing_ok=True)
