"""Pictures and plans: taken in clean, kept sealed outside the web root, read under the log."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, Actor, require
from qalqan.desk.platform.privacy.sealing import seal_bytes, unseal_bytes
from qalqan.desk.protection.models import Site, SiteEvent, SiteFile, StoredFile
from qalqan.desk.protection.pictures import clean_picture
from qalqan.errors import ConflictError, InputError, IntegrityError, Location

FOLDER = "sealed"
MOST_FILES_A_SITE = 60
_ORPHAN_AFTER = timedelta(days=1)


def _path(key: str) -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / key[:2] / key


def keep_file(*, data: bytes, name: str, now: datetime, is_sample: bool = False,
              field: str | None = None) -> StoredFile:  # fmt: skip
    """Clean a picture, seal it into the store and note its facts; call inside an act.

    The act that calls it asks the policy and writes the audit row.

    Raises
    ------
    PictureError
        It is no picture that the desk takes.
    """
    picture = clean_picture(data, name=name, field=field)
    key = secrets.token_hex(16)
    _write(_path(key), seal_bytes(picture.data, purpose=f"protection.file:{key}"))
    return StoredFile.objects.create(
        key=key,
        content_type=picture.content_type,
        size=len(picture.data),
        width=picture.width,
        height=picture.height,
        sha256=hashlib.sha256(picture.data).hexdigest(),
        stored_at=now,
        is_sample=is_sample,
    )


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f".{path.name}.partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def content_of(file: StoredFile) -> bytes:
    """Return the bytes of a stored file; the caller has asked the policy and logged the read.

    Raises
    ------
    IntegrityError
        The file is gone from the store, or is not what was stored.
    """
    try:
        sealed = _path(file.key).read_bytes()
    except FileNotFoundError:
        raise IntegrityError(_("The file is not in the store.")) from None
    data = unseal_bytes(sealed, purpose=f"protection.file:{file.key}")
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise IntegrityError(_("The file in the store is not what was stored."))
    return data


@transaction.atomic
def add_site_file(
    *, actor: Actor, site: Site, kind: str, title: str, data: bytes, name: str, now: datetime,
    is_sample: bool = False,
) -> SiteFile:  # fmt: skip
    """Put a plan, picture or paper on file.

    Raises
    ------
    InputError
        The title is missing, the kind is not known, or the site has too many files.
    PictureError
        It is no picture that the desk takes.
    RefusedError
        The actor may not add files.
    """
    require(actor, ADD, SiteFile)
    if kind not in SiteFile.Kind.values:
        raise InputError(_("This kind is not known."), location=Location(field="kind"))
    if not title.strip() or len(title.strip()) > 120:
        raise InputError(
            _("Give a title of at most 120 characters."), location=Location(field="title")
        )
    held = SiteFile.objects.select_for_update().filter(site=site, removed_at__isnull=True)
    if len(held) >= MOST_FILES_A_SITE:
        raise InputError(_("A site has at most %(most)s files.") % {"most": MOST_FILES_A_SITE})
    stored = keep_file(data=data, name=name, now=now, is_sample=is_sample, field="file")
    if any(other.file.sha256 == stored.sha256 for other in held.select_related("file")):
        raise ConflictError(_("This picture is on file at this site already."))
    by = actor if isinstance(actor, get_user_model()) else None
    row = SiteFile.objects.create(
        site=site, file=stored, kind=kind, title=title.strip(), added_by=by, added_at=now
    )
    SiteEvent.objects.create(
        site=site, at=now, kind=SiteEvent.Kind.FILE_ADDED, by=by, detail={"title": row.title}
    )
    audit.record(
        actor=actor, action="protection.add_file", subject=row, now=now,
        detail={"site": site.pk, "kind": kind, "sha256": stored.sha256, "size": stored.size},
    )  # fmt: skip
    return row


@transaction.atomic
def read_site_file(*, actor: Actor, row: SiteFile, now: datetime) -> tuple[StoredFile, bytes]:
    """Return a file of a site and note that it was read.

    Raises
    ------
    IntegrityError
        The file in the store is gone or damaged.
    RefusedError
        The actor may not see files.
    """
    require(actor, VIEW, SiteFile, row)
    data = content_of(row.file)
    audit.record_read(actor=actor, subject=row, now=now)
    return row.file, data


@transaction.atomic
def remove_site_file(*, actor: Actor, row: SiteFile, now: datetime) -> SiteFile:
    """Take a file off the site's page; the record that it was there stays.

    Raises
    ------
    ConflictError
        It is removed already.
    RefusedError
        The actor may not remove files.
    """
    require(actor, CHANGE, SiteFile, row)
    locked = SiteFile.objects.select_for_update().get(pk=row.pk)
    if locked.removed_at is not None:
        raise ConflictError(_("This file is removed already."))
    locked.removed_at = now
    locked.save(update_fields=["removed_at"])
    by = actor if isinstance(actor, get_user_model()) else None
    SiteEvent.objects.create(
        site_id=locked.site_id, at=now, kind=SiteEvent.Kind.FILE_REMOVED, by=by,
        detail={"title": locked.title},
    )  # fmt: skip
    audit.record(actor=actor, action="protection.remove_file", subject=locked, now=now)
    return locked


def sweep_orphans(*, now: datetime) -> int:
    """Delete files that no row names, left by acts that did not come to their end.

    Returns
    -------
    int
        How many were deleted.
    """
    removed = 0
    for part in _stored_paths():
        keys = {path.name: path for path in part}
        known = set(StoredFile.objects.filter(key__in=keys).values_list("key", flat=True))
        for key in keys.keys() - known:
            age = now.timestamp() - keys[key].stat().st_mtime
            if age > _ORPHAN_AFTER.total_seconds():
                keys[key].unlink(missing_ok=True)
                removed += 1
    return removed


def _stored_paths() -> Iterable[list[Path]]:
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    for sub in sorted(folder.iterdir()) if folder.is_dir() else ():
        yield [path for path in sub.iterdir() if path.is_file()]
