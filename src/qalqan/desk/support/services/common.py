"""What the acts on cases share: coarse dates, sealed entries, keys for all holders."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import Actor
from qalqan.desk.support import crypto, ring
from qalqan.desk.support.models import Case, CourtOrder, Entry, Helper, Sight, Tally, Wrap
from qalqan.desk.support.selectors.opening import (
    Opened,
    Page,
    holder_name,
    read_entry,
    with_consents,
)
from qalqan.desk.support.selectors.people import trusted
from qalqan.errors import ConflictError, IntegrityError


def today(now: datetime) -> date:
    """Return the day in the province."""
    return timezone.localdate(now)


def month_after(day: date, months: int) -> date:
    """Return the first day of the month that begins after so many months.

    >>> month_after(date(2026, 3, 2), 6), month_after(date(2026, 12, 31), 1)
    (datetime.date(2026, 10, 1), datetime.date(2027, 2, 1))
    """
    index = day.year * 12 + day.month + months
    return date(index // 12, index % 12 + 1, 1)


def subject_of(case: Case) -> str:
    """Return how the record names a case: a random number that leads nowhere once it is erased."""
    return f"support.case:{case.pk.hex}"


def tally(event: str, *, now: datetime, kind: str = "") -> None:
    """Count something, by quarter."""
    day = today(now)
    quarter = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    row, _is_new = Tally.objects.get_or_create(quarter=quarter, event=event, kind=kind)
    Tally.objects.filter(pk=row.pk).update(count=F("count") + 1)


def lock(case: Case) -> Case:
    """Return the case, held against other acts until this one ends.

    Raises
    ------
    ConflictError
        It is gone.
    """
    row: Case | None = Case.objects.select_for_update().filter(pk=case.pk).first()
    if row is None or row.generation != case.generation:
        raise ConflictError(_("The case was changed meanwhile; open it again."))
    return row


def hold(opened: Opened) -> Case:
    """Lock the case and read its consents as they are now.

    A case stays open in memory while others act: what is sealed with an earlier key would open
    nothing any more, and consents of then would bring back what was withdrawn since.

    Raises
    ------
    ConflictError
        It is gone, or has another key by now.
    """
    row = lock(opened.case)
    with_consents(opened)
    return row


def write(opened: Opened, field: str, data: dict[str, Any], entry: Entry | None = None) -> Entry:
    """Seal data as a new entry, or as the next version of one."""
    row = entry or Entry(id=uuid4(), case=opened.case, field=field, version=0)
    row.version += 1
    row.sealed = crypto.seal_field(
        json.dumps(data, ensure_ascii=False).encode(), opened.key,
        case=opened.case.pk, entry=row.pk, field=row.field, version=row.version,
    )  # fmt: skip
    row.save(force_insert=entry is None, force_update=entry is not None)
    return row


def next_number(opened: Opened) -> int:
    """Return the number that orders the next entry within its case."""
    return Entry.objects.filter(case=opened.case).count() + 1


def write_consents(opened: Opened) -> None:
    """Seal the consents as they are now."""
    entry = Entry.objects.filter(case=opened.case, field=Entry.Field.CONSENTS).first()
    write(opened, Entry.Field.CONSENTS, opened.consents, entry)


def note(
    actor: Actor, opened: Opened, act: str, *, now: datetime, order: CourtOrder | None = None
) -> None:
    """Write into the record, and onto the sheet of the helped one, that a case was opened."""
    if isinstance(actor, User):
        label = f"{actor}, {actor.organisation}"
        Sight.objects.create(
            case=opened.case, helper=opened.helper, label=label[:200], act=act, at=now, order=order
        )
    record(actor=actor, action=f"support.{act}", subject=subject_of(opened.case), now=now)


def put_wrap(opened: Opened, helper_id: UUID | None, public: bytes) -> None:
    """Wrap the case's key for one holder."""
    Wrap.objects.create(
        case=opened.case,
        helper_id=helper_id,
        wrapped=crypto.wrap(
            opened.key, public, opened.half,
            case=opened.case.pk, holder=holder_name(helper_id),
            generation=opened.case.generation,
        ),
    )  # fmt: skip


def allowed(actor: Actor, opened: Opened) -> dict[UUID, Helper]:
    """Return the workers who may open the case: consent stands, and their key is known.

    A key is known when its mark was sealed into the case before, or, where a worker has opened
    it, when that worker's trust reaches it. What the database alone says counts for nothing.
    """
    marks = opened.consents["holders"]
    bodies = {opened.consents["bodies"].get(str(one)) for one in opened.standing} - {None}
    rows = {
        row.pk: row
        for row in Helper.objects.filter(
            left_on=None, user__is_active=True, user__role="support_worker",
            user__organisation_id__in=bodies,
        )
    }  # fmt: skip
    known = trusted(actor, opened.keys) if opened.helper is not None else {}
    return {
        pk: row
        for pk, row in rows.items()
        if pk in known or marks.get(pk.hex) == crypto.key_mark(bytes(row.public_key))
    }


def share(actor: Actor, opened: Opened) -> None:
    """Wrap the key for workers who may open the case and cannot yet."""
    holders = allowed(actor, opened)
    there = set(Wrap.objects.filter(case=opened.case).values_list("helper_id", flat=True))
    if there - {None} == holders.keys():
        return
    hold(opened)
    holders = allowed(actor, opened)
    _take_from_strays(opened, holders)
    there = set(Wrap.objects.filter(case=opened.case).values_list("helper_id", flat=True))
    new = [row for pk, row in holders.items() if pk not in there]
    for row in new:
        put_wrap(opened, row.pk, bytes(row.public_key))
        opened.consents["holders"][row.pk.hex] = crypto.key_mark(bytes(row.public_key))
    if new:
        write_consents(opened)


def _take_from_strays(opened: Opened, holders: dict[UUID, Helper]) -> None:
    # Somebody who moved to a body without consent still holds a key; the next opening changes it.
    wraps = Wrap.objects.filter(case=opened.case, helper__isnull=False)
    if wraps.exclude(helper__in=holders).delete()[0]:
        opened.case.must_rekey = True
        opened.case.save(update_fields=["must_rekey"])


def shut_out(actor: Actor, opened: Opened) -> None:
    """Take the keys of those away who may not open the case; the new key follows later.

    For the days when the second folder of halves is out of reach: a withdrawal must not wait.
    """
    case = lock(opened.case)
    holders = allowed(actor, opened)
    Wrap.objects.filter(case=case, helper__isnull=False).exclude(helper__in=holders).delete()
    opened.consents["holders"] = {
        pk.hex: crypto.key_mark(bytes(row.public_key)) for pk, row in holders.items()
    }
    write_consents(opened)
    case.must_rekey = True
    case.save(update_fields=["must_rekey"])


@transaction.atomic
def rekey(actor: Actor, opened: Opened) -> None:
    """Give the case a new key and half, seal everything anew, and wrap for those who may."""
    case = lock(opened.case)
    entries: list[tuple[Entry, Page]] = [
        (row, read_entry(opened, row)) for row in Entry.objects.filter(case=case)
    ]
    holders = allowed(actor, opened)
    generation = case.generation + 1
    opened.half = ring.create_half(case.pk, generation)
    opened.key = crypto.new_key()
    case.generation, case.must_rekey = generation, False
    case.save(update_fields=["generation", "must_rekey"])
    opened.case.generation, opened.case.must_rekey = generation, False
    opened.consents["holders"] = {
        pk.hex: crypto.key_mark(bytes(row.public_key)) for pk, row in holders.items()
    }
    for row, page in entries:
        is_consents = row.field == Entry.Field.CONSENTS
        write(opened, row.field, opened.consents if is_consents else page.data, row)
    Wrap.objects.filter(case=case).delete()
    if crypto.key_mark(bytes(case.code_key)) != opened.consents["code"]:
        raise IntegrityError(_("The key of the code is not what it was when the case began."))
    put_wrap(opened, None, bytes(case.code_key))
    for pk, holder in holders.items():
        put_wrap(opened, pk, bytes(holder.public_key))
    transaction.on_commit(lambda: ring.destroy_older(case.pk, generation))
