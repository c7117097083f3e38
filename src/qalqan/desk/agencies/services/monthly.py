"""The monthly return: made and signed here, or taken in from a province and checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qalqan.desk.agencies import return_document as documents
from qalqan.desk.agencies import returns
from qalqan.desk.agencies.models import ProvinceKey, Return, ReturnCount
from qalqan.desk.agencies.return_document import Count, Document, Signed
from qalqan.desk.agencies.services.keys import own_key
from qalqan.desk.agencies.services.protecting import THRESHOLD, Counted, protect
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, EXPORT, Actor, SystemActor, require
from qalqan.errors import ConflictError, InputError, Location, SettingsError

_SYSTEM = SystemActor("agencies")
_Origin = Return.Origin


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: ``stored``, ``replaced`` an earlier edition, or ``known``."""

    outcome: str
    row: Return


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """Return the first instant of a month and of the next, in the province's zone.

    Raises
    ------
    InputError
        Its year is of no desk.
    """
    if not 2000 <= month.year < 3000:
        raise InputError(_("a month is written 2026-03"), location=Location(field="month"))
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    zone = timezone.get_default_timezone()
    return (
        datetime.combine(month, time(), zone), datetime.combine(following, time(), zone)
    )  # fmt: skip


@transaction.atomic
def make_return(
    *, actor: Actor, province: Any, month: date, now: datetime, is_sample: bool = False
) -> Return:
    """Count a month, protect the counts, sign them and store the return.

    Where a return of the month stands, the new one is its next edition and replaces it.

    Raises
    ------
    ConflictError
        Nothing has changed since the edition that stands.
    InputError
        The month is not over.
    RefusedError
        The actor may not make returns.
    """
    require(actor, ADD, Return)
    month = month.replace(day=1)
    start, end = month_bounds(month)
    if now < end:
        raise InputError(_("This month is not over."), location=Location(field="month"))
    standing = _standing(_Origin.MADE, province.pk, month)
    edition = standing.edition + 1 if standing else 1
    counted = [_counted(actor, one, province.pk, start, end) for one in returns.known()]
    counts = protect(actor=actor, counted=counted, province=province, month=month,
                     edition=edition, now=now, is_sample=is_sample)  # fmt: skip
    if standing is not None and _same(standing, counts):
        raise ConflictError(_("Nothing has changed since the edition that stands."))
    signed = documents.sign(
        Document(
            province_code=province.kato or f"place-{province.pk}", province_name=province.name_ru,
            month=month, edition=edition, replaces=standing.digest if standing else "",
            issued_at=now, threshold=THRESHOLD, is_sample=is_sample, counts=tuple(counts),
        ),
        own_key(),
    )  # fmt: skip
    row = _store(signed, _Origin.MADE, province.pk, standing, now)
    audit.record(
        actor=actor, action="agencies.make_return", subject=row, now=now,
        detail={"month": month.isoformat(), "edition": edition, "digest": row.digest},
    )  # fmt: skip
    return row


def _counted(
    actor: Actor, one: returns.Counted, province_id: int, start: datetime, end: datetime
) -> Counted:
    # Counts are the whole province's, whatever the person who signs may see of single rows.
    found = one.provider(_SYSTEM, start, end)
    inside = {
        row.pk: row for row in places.districts(_SYSTEM).defer("boundary")
        if row.parent_id == province_id
    }  # fmt: skip
    labels = {}
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            labels[language] = str(one.label)
    areas = {
        (row.kato or f"place-{pk}", row.name_ru): int(found.get(pk, 0))
        for pk, row in sorted(inside.items(), key=lambda item: (item[1].kato, item[0]))
    }
    elsewhere = sum(value for pk, value in found.items() if pk not in inside)
    if elsewhere:
        areas["-", _("no district known")] = elsewhere
    return Counted(one.code, labels, areas)


def _same(standing: Return, counts: Sequence[Count]) -> bool:
    stored = {
        (row.code, row.area_code): row.value for row in ReturnCount.objects.filter(monthly=standing)
    }
    return stored == {
        (code, area): value for code, area, _name, value in _cells(counts)
    }  # fmt: skip


def _cells(counts: Iterable[Count]) -> Iterable[tuple[str, str, str, int | None]]:
    for one in counts:
        yield one.code, "", "", one.total
        for area in one.areas:
            yield one.code, area.code, area.name, area.value


def _standing(origin: str, province_id: int, month: date) -> Return | None:
    rows = Return.objects.select_for_update().filter(
        origin=origin, province_id=province_id, month=month, replaced_at__isnull=True
    )
    return rows.first()


def _store(
    signed: Signed, origin: str, province_id: int, standing: Return | None, now: datetime
) -> Return:
    import base64

    if standing is not None:
        standing.replaced_at = now
        standing.save(update_fields=["replaced_at"])
    document = signed.document
    row = Return.objects.create(
        origin=origin, province_id=province_id, month=document.month, edition=document.edition,
        issued_at=document.issued_at, stored_at=now, document=signed.text, digest=signed.digest,
        key_id=signed.key_id, signature=base64.b64encode(signed.signature).decode(),
        is_sample=document.is_sample,
    )  # fmt: skip
    ReturnCount.objects.bulk_create(
        ReturnCount(monthly=row, code=code, area_code=area, area_name=name, value=value)
        for code, area, name, value in _cells(document.counts)
    )
    return row


def signed_of(row: Return) -> Signed:
    """Return a stored return as it was signed."""
    import base64
    import json

    read = documents.read(
        json.dumps({
            "return": json.loads(row.document),
            "signature": {"algorithm": documents.ALGORITHM, "key": row.key_id,
                          "value": row.signature},
        }).encode(),
        file="",
    )  # fmt: skip
    return Signed(read.document, row.document, row.key_id, base64.b64decode(row.signature))


def verify(*, data: bytes, file: str) -> tuple[Signed, ProvinceKey]:
    """Check a file against the keys of provinces that this desk trusts.

    Raises
    ------
    BrokenSignatureError
        It was changed after it was signed.
    ReturnFileError
        It is no return.
    UnknownKeyError
        The key is unknown, not trusted any more, or of another province.
    """
    signed = documents.read(data, file=file)
    where = Location(file, field="signature.key")
    key = ProvinceKey.objects.filter(key_id=signed.key_id).select_related("province").first()
    if key is None:
        raise documents.UnknownKeyError(
            _("The return is signed with a key that this desk does not know."), location=where,
            hint=_("Compare the key with the province by telephone, then trust it."),
        )  # fmt: skip
    if key.revoked_at is not None:
        raise documents.UnknownKeyError(
            _("The key of this return is not trusted any more."), location=where
        )
    documents.check(signed, documents.load_public_key(key.public_pem.encode()), file=file)
    if signed.document.province_code not in (key.province.kato, f"place-{key.province_id}"):
        raise documents.UnknownKeyError(
            _("This key is of %(province)s, the return says it is of another province.")
            % {"province": key.province.name},
            location=Location(file, field="return.province"),
        )
    return signed, key


@transaction.atomic
def import_return(*, actor: Actor, data: bytes, file: str, now: datetime) -> Taken:
    """Take a province's return in.

    The same document a second time changes nothing. A later edition replaces the one that
    stands, which stays readable; an earlier one, or another document of the same edition, is
    refused.

    Raises
    ------
    ConflictError
        An edition as late stands already, or the return corrects an edition unknown here.
    InputError
        The file, its key or its signature is wrong, or its month is not over.
    RefusedError
        The actor may not take returns in.
    """
    require(actor, ADD, Return)
    signed, key = verify(data=data, file=file)
    document = signed.document
    known = Return.objects.filter(origin=_Origin.RECEIVED, digest=signed.digest).first()
    if known is not None:
        return Taken("known", known)
    end = month_bounds(document.month)[1]
    if document.issued_at < end or document.issued_at > now:
        raise InputError(
            _("A return is issued after its month and before it arrives."),
            location=Location(file, field="return.issued_at"),
        )
    standing = _standing(_Origin.RECEIVED, key.province_id, document.month)
    _refuse_out_of_order(document, standing, file)
    row = _store(signed, _Origin.RECEIVED, key.province_id, standing, now)
    audit.record(
        actor=actor, action="agencies.import_return", subject=row, now=now,
        detail={"month": document.month.isoformat(), "edition": document.edition,
                "digest": signed.digest},
    )  # fmt: skip
    return Taken("replaced" if standing else "stored", row)


def _refuse_out_of_order(document: Document, standing: Return | None, file: str) -> None:
    if standing is None:
        # Earlier editions may have been lost on the way; the latest is what counts.
        return
    where = Location(file, field="return.edition")
    if document.edition == standing.edition:
        raise ConflictError(
            _("Another document is edition %(number)s of this month already.")
            % {"number": standing.edition},
            location=where, hint=_("Ask the province which of the two is right."),
        )  # fmt: skip
    if document.edition < standing.edition:
        raise ConflictError(
            _("Edition %(number)s of this month stands already.") % {"number": standing.edition},
            location=where,
        )
    if document.edition == standing.edition + 1 and document.replaces != standing.digest:
        raise ConflictError(
            _("The return corrects another document than the one that stands here."),
            location=Location(file, field="return.replaces"),
        )


@transaction.atomic
def import_returns(
    *, actor: Actor, files: Sequence[tuple[str, bytes]], now: datetime
) -> list[Taken]:
    """Take many files in, all of them or none.

    Raises
    ------
    QalqanError
        The first file that cannot be taken, by name; nothing is stored.
    SettingsError
        This is a province's desk.
    """
    if not settings.QALQAN_NATIONAL:
        raise SettingsError(
            _("This desk is set up as a province's; only a national desk takes returns in."),
            hint=_("Set QALQAN_NATIONAL=1 on a national desk."),
        )
    return [import_return(actor=actor, data=data, file=name, now=now) for name, data in files]


@transaction.atomic
def export_return(*, actor: Actor, row: Return, now: datetime) -> bytes:
    """Hand a return out as the signed file.

    Raises
    ------
    RefusedError
        The actor may not export returns.
    """
    require(actor, EXPORT, Return)
    audit.record(
        actor=actor, action="agencies.export_return", subject=row, now=now,
        detail={"digest": row.digest},
    )  # fmt: skip
    return signed_of(row).as_file()


def own_province() -> Any:
    """Return the province whose desk this is: the one that has districts.

    Raises
    ------
    SettingsError
        The desk knows no province with districts, or several.
    """
    rows = {row.parent_id for row in places.places(_SYSTEM).filter(
        kind="district", parent__kind="province")}  # fmt: skip
    if len(rows) != 1:
        raise SettingsError(
            _("This desk must know the districts of one province to make its return."),
            hint=_("Name the province where it knows several."),
        )
    return places.place_for(_SYSTEM, rows.pop() or 0)
