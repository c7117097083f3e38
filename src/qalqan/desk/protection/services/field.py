"""Phones of inspectors: met, told to forget, and what they take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, PUBLIC, Actor, policy_of, require
from qalqan.desk.protection.models import FieldDevice, Inspection, Site, TakenSite
from qalqan.desk.protection.services.notices import account_of
from qalqan.errors import ConflictError, InputError, Location, RefusedError

LONGEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Met:
    """What the desk tells a phone that it meets."""

    may_inspect: bool
    wipe: bool
    forget_plan: bool = False


@transaction.atomic
def meet_device(*, actor: Actor, device_id: UUID, session_key: str, now: datetime) -> Met:
    """Note that a phone met the desk, and tell it whether it must forget everything.

    A phone must forget when the desk was told so, or when the account that used it last was
    closed; nobody needs to be signed in for that.
    """
    row = FieldDevice.objects.select_for_update(of=("self",)).filter(device_id=device_id).first()
    user = account_of(actor)
    may = user is not None and policy_of(Inspection).allows(actor, ADD)
    if row is None:
        if user is not None and may:
            row = FieldDevice.objects.create(
                device_id=device_id, user=user, first_seen_at=now, last_seen_at=now,
                session_digest=_digest(session_key),
            )  # fmt: skip
            record(actor=actor, action="protection.new_device", subject=row, now=now)
        return Met(may, wipe=False)
    wipe = row.wiped_at is None and (row.wipe_asked_at is not None or not row.user.is_active)
    if user is not None and may and not wipe:
        if row.user_id != user.pk:
            row.user = user
            record(actor=actor, action="protection.device_handed_over", subject=row, now=now)
        row.last_seen_at = now
        # A phone that has forgotten begins anew with whoever signs in on it.
        row.wipe_asked_at = row.wiped_at = row.signed_out_at = None
        row.session_digest = _digest(session_key)
        row.save(
            update_fields=[
                "user", "last_seen_at", "wipe_asked_at", "wiped_at", "signed_out_at",
                "session_digest",
            ]
        )  # fmt: skip
    return Met(may, wipe, forget_plan=row.signed_out_at is not None)


def _digest(session_key: str) -> str:
    return sha256(session_key.encode()).hexdigest() if session_key else ""


def note_signed_out(*, session_key: str, now: datetime) -> int:
    """Have the phone whose browser signed out forget its plan; return how many there are.

    What is not sent stays on it. A session that merely ran out is no sign-out: inspectors stand
    in cellars for longer.
    """
    rows = FieldDevice.objects.filter(session_digest=_digest(session_key)).exclude(
        session_digest=""
    )
    return int(rows.update(signed_out_at=now))


@transaction.atomic
def ask_wipe(*, actor: Actor, device: FieldDevice, now: datetime) -> FieldDevice:
    """Have a phone forget everything when it next meets the desk.

    Its session stays: a browser led to the sign-in page would never load the page that forgets.

    Raises
    ------
    ConflictError
        It is told already.
    RefusedError
        It is somebody else's phone, and the actor is no administrator.
    """
    require(actor, CHANGE, FieldDevice, device)
    rows = FieldDevice.objects.visible_to(actor).select_for_update(of=("self",))
    row: FieldDevice = rows.get(pk=device.pk)
    if row.wipe_asked_at is not None:
        raise ConflictError(_("This phone is told to forget already."))
    row.wipe_asked_at = now
    row.save(update_fields=["wipe_asked_at"])
    record(actor=actor, action="protection.ask_wipe", subject=row, now=now)
    return row


@transaction.atomic
def note_wiped(*, device_id: UUID, now: datetime) -> bool:
    """Note that a phone says it has forgotten everything."""
    row = (
        FieldDevice.objects.select_for_update(of=("self",))
        .filter(device_id=device_id, wiped_at__isnull=True)
        .first()
    )
    if row is None or (row.wipe_asked_at is None and row.user.is_active):
        return False
    row.wiped_at = now
    row.save(update_fields=["wiped_at"])
    record(actor=PUBLIC, action="protection.wiped", subject=row, now=now)
    return True


@transaction.atomic
def note_plan_taken(*, actor: Actor, device_id: UUID | None, sites: int, now: datetime) -> None:
    """Note that the plan went to a phone; who carries which sites is itself sensitive."""
    row = FieldDevice.objects.filter(device_id=device_id).first() if device_id else None
    if row is not None:
        FieldDevice.objects.filter(pk=row.pk).update(plan_taken_at=now)
    record(
        actor=actor, action="protection.take_plan", subject=row or "protection:plan", now=now,
        detail={"sites": sites},
    )  # fmt: skip


@transaction.atomic
def take_along(*, actor: Actor, site: Site, until: date, now: datetime) -> TakenSite:
    """Take a site along besides the plan.

    Raises
    ------
    InputError
        The site is not on the list, or the day is past or too far.
    RefusedError
        The actor may not inspect, or is no person.
    """
    require(actor, ADD, TakenSite)
    user = account_of(actor)
    if user is None:
        raise RefusedError(_("Only an inspector takes sites along."))
    today = timezone.localdate(now)
    if site.status != Site.Status.LISTED:
        raise InputError(
            _("Only sites on the list are inspected."), location=Location(field="site")
        )
    if not today <= until <= today + LONGEST:
        message = _("Choose a day within the next two weeks.")
        raise InputError(message, location=Location(field="until"))
    row, _made = TakenSite.objects.update_or_create(
        user=user, site=site, defaults={"taken_at": now, "until": until}
    )
    record(
        actor=actor, action="protection.take_along", subject=site, now=now,
        detail={"until": until.isoformat()},
    )  # fmt: skip
    return row
