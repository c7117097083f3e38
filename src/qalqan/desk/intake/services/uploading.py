"""Files that staff hand in through the web.

What is kept until the worker comes is not the file: it is read on arrival, authors are left
behind, texts pass the guard, and only that is written.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.intake.models import ImportRun
from qalqan.desk.intake.readers import Record, Rejected, Survey, guess_format, read_records, survey
from qalqan.desk.intake.services.importing import (
    BATCH,
    KEPT_FORMAT,
    begin_import,
    kept_error,
    resume_import,
)
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.privacy.guard import screen_many
from qalqan.errors import InputError, Location

MOST_BYTES = 50 << 20
_LONG_AGO = timedelta(minutes=15)
_SMALL = 2_000
_MOST_ERRORS = 20


def take_upload(
    *,
    actor: Actor,
    upload: UploadedFile,
    format: str = "",
    kind: str,
    source_name: str = "",
    keep_good: bool = False,
    now: datetime,
) -> ImportRun:
    """Check a file that was handed in; store it at once if it is small, else by the worker.

    Raises
    ------
    RefusedError
        The actor may not bring messages in.
    InputError
        The file is too large, or it or a record in it cannot be understood.
    """
    require(actor, ADD, ImportRun)
    given = Path(upload.name or "file")
    # Short enough for a file system, whose limit counts bytes and not letters.
    name = given.stem[:80] + given.suffix[:10]
    if (upload.size or 0) > MOST_BYTES:
        raise InputError(
            _("The file is larger than %(most)d MB.") % {"most": MOST_BYTES >> 20},
            location=Location(name),
            hint=_("Use the command line for large files."),
        )
    with tempfile.TemporaryDirectory(prefix="qalqan-") as folder:
        path = Path(folder) / name
        with path.open("wb") as out:
            for chunk in upload.chunks():
                out.write(chunk)
        found = survey(path)
        format = guess_format(path, format or None)
        kept, count, bad = _strip(path, format, found, keep_good=keep_good)
    run = _begin(actor=actor, kept=kept, name=name, format=format, encoding=found.encoding,
                 kind=kind, count=count, bad=bad, source_name=source_name, keep_good=keep_good,
                 now=now)  # fmt: skip
    if count <= _SMALL:
        resume_import(actor=actor, run=run, path=kept, now=now)
        run.refresh_from_db()
    return run


def interrupted_uploads(now: datetime) -> list[int]:
    """Return the runs over files handed in that began long ago and did not come to their end."""
    state = ImportRun.State
    rows = ImportRun.objects.filter(
        state__in=(state.WAITING, state.CHECKING, state.RUNNING),
        started_at__lt=now - _LONG_AGO,
    ).exclude(stored_file="")
    return list(rows.values_list("pk", flat=True))


@transaction.atomic
def _begin(
    *,
    actor: Actor,
    kept: Path,
    name: str,
    format: str,
    encoding: str,
    kind: str,
    count: int,
    bad: list[Rejected],
    source_name: str,
    keep_good: bool,
    now: datetime,
) -> ImportRun:
    channel = " ".join(source_name.split())[:200] or Path(name).stem
    run = begin_import(
        actor=actor, path=Path(name), found=survey(kept), name=format, kind=kind,
        keep_good=keep_good, source_name=channel, now=now, state=ImportRun.State.WAITING,
        stored_file=str(kept.relative_to(settings.MEDIA_ROOT)),
    )  # fmt: skip
    run.rejected, run.total, run.encoding = len(bad), count, encoding
    run.errors = [kept_error(item.error) for item in bad[:_MOST_ERRORS]]
    run.save(update_fields=["rejected", "total", "encoding", "errors"])
    if count > _SMALL:
        from qalqan.desk.intake.tasks import run_import

        run_import.enqueue(run.pk)
    return run


def _strip(
    path: Path, format: str, found: Survey, *, keep_good: bool
) -> tuple[Path, int, list[Rejected]]:
    """Write what may be kept of a file; return the copy, its records and the rejected ones."""
    folder = Path(settings.MEDIA_ROOT) / "intake"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    items = read_records(path, format, found, _zone())
    kept = folder / f"{secrets.token_hex(12)}.{KEPT_FORMAT}"
    bad: list[Rejected] = []
    count = 0
    try:
        with kept.open("x", encoding="utf-8") as out:
            os.fchmod(out.fileno(), 0o600)
            while part := list(islice(items, BATCH)):
                wrong = [item for item in part if isinstance(item, Rejected)]
                if wrong and not keep_good:
                    raise wrong[0].error
                bad += wrong
                for line in _lines([item for item in part if isinstance(item, Record)]):
                    out.write(line)
                    count += 1
        if not count:
            why = _("There is no message in the file.")
            raise bad[0].error if bad else InputError(why, location=Location(path.name))
    except BaseException:
        kept.unlink(missing_ok=True)
        raise
    return kept, count, bad


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _lines(records: list[Record]) -> Iterator[str]:
    for item, screened in zip(records, screen_many([r.text for r in records]), strict=True):
        fields = {
            "time": item.published_at.isoformat(), "text": screened.text, "channel": item.channel,
            "message_id": item.native_id, "kind": item.kind, "place": item.place,
        }  # fmt: skip
        yield json.dumps({key: value for key, value in fields.items() if value}) + "\n"
