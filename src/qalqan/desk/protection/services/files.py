"""Pictures and plans: taken in clean, kept sealed outside the web root, read under the log."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, Actor, require
from qalqan.desk.platform.privacy import sealed_files
from qalqan.desk.platform.privacy.pictures import clean_picture
from qalqan.desk.protection.models import Site, SiteEvent, SiteFile, StoredFile
from qalqan.errors import ConflictError, InputError, Location

FOLDER = "sealed"
MOST_FILES_A_SITE = 60
_PURPOSE = "protection.file"


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
    key = sealed_files.keep(picture.data, folder=FOLDER, purpose=_PURPOSE)
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


def content_of(file: StoredFile) -> bytes:
    """Return the bytes of a stored file; the caller has asked the policy and logged the read.

    Raises
    ------
    IntegrityError
        The file is gone from the store, or is not what was stored.
    """
    return sealed_files.content(file.key, folder=FOLDER, purpose=_PURPOSE, sha256=file.sha256)


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
    return sealed_files.sweep(FOLDER, known=_known, now=now)


def _known(keys: Collection[str]) -> set[str]:
    return set(StoredFile.objects.filter(key__in=keys).values_list("key", flat=True))
