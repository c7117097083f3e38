"""People who ask to be warned: they confirm, they leave by themselves, they are forgotten."""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from qalqan.desk.alerts.content import LANGUAGES
from qalqan.desk.alerts.models import Delivery, Lane, Level, Subscriber, Target
from qalqan.desk.alerts.seals import SUBSCRIBER, seal_subscriber
from qalqan.desk.alerts.sending.letters import CONFIRM, LEAVE, confirm_code
from qalqan.desk.alerts.services import outbox
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.privacy.sealing import lookups
from qalqan.errors import ConflictError, InputError, Location

CONFIRM_WITHIN = timedelta(days=3)
HOLDS = timedelta(days=365)
"""After a year an address is erased unless its owner confirms again."""
ASK_AGAIN = timedelta(hours=6)
"""So often at most the desk writes to an address that never confirmed."""
REMIND_AGAIN = timedelta(days=1)
"""So often at most it writes to one that did: with a new code or link its owner stays or leaves."""
MOST_WRONG = 5
_CONFIRM_PRIORITY = 500
_PHONE = re.compile(r"\+[1-9][0-9]{9,14}\Z")
_LIST = "warning list"


def gateway(channel: str) -> Target | None:
    """Return the gateway through which subscribers of a way are warned."""
    rows = Target.objects.filter(kind=channel, is_enabled=True, serves_subscribers=True)
    return rows.order_by("pk").first()


def ways() -> list[str]:
    """Return the ways in which people may be warned at present."""
    return [way for way in Subscriber.Channel.values if gateway(way) is not None]


def clean_address(channel: str, address: str) -> str:
    """Return an address in the one form in which it is kept.

    Raises
    ------
    InputError
        It is no e-mail address, or no telephone number in the international form.
    """
    place = Location(field="address")
    if channel == Subscriber.Channel.SMS:
        number = re.sub(r"[\s()-]", "", address)
        number = f"+7{number[1:]}" if re.fullmatch(r"8[0-9]{10}", number) else number
        if not _PHONE.match(number):
            raise InputError(_("Write the number as +7 701 123 45 67."), location=place)
        return number
    name, _at, host = address.strip().rpartition("@")
    clean = f"{name}@{host.lower()}"
    try:
        validate_email(clean)
    except ValidationError:
        raise InputError(_("This is no e-mail address."), location=place) from None
    if not clean.isascii() or any(sign in clean for sign in ' <>,;"\\'):
        raise InputError(_("This is no e-mail address."), location=place)
    return clean


@transaction.atomic
def ask(
    *,
    actor: Actor,
    channel: str,
    address: str,
    language: str,
    district: Place | None,
    now: datetime,
) -> None:
    """Ask the owner of an address to confirm; whoever asks learns nothing of who is subscribed.

    Raises
    ------
    ConflictError
        The desk has no gateway for this way.
    InputError
        The address is none.
    """
    require(actor, ADD, Subscriber)
    way = gateway(channel)
    if way is None:
        raise ConflictError(_("This desk does not warn in this way."))
    clean = clean_address(channel, address)
    keys = lookups(clean, purpose=SUBSCRIBER)
    row = Subscriber.objects.select_for_update().filter(lookup__in=keys).first()
    is_new = row is None
    if row is None:
        row, is_new = Subscriber.objects.select_for_update().get_or_create(
            lookup=keys[0],
            defaults={
                "channel": channel, "address": seal_subscriber(clean), "district": district,
                "language": language if language in LANGUAGES else LANGUAGES[0],
                "least": Level.MINOR, "asked_at": now, "ends_at": now + CONFIRM_WITHIN,
            },
        )  # fmt: skip
    if row.confirmed_at is not None:
        if now - row.asked_at < REMIND_AGAIN:
            return
        row.asked_at, row.wrong_codes = now, 0
        row.save(update_fields=["asked_at", "wrong_codes"])
    elif not is_new:
        if now - row.asked_at < ASK_AGAIN:
            return
        row.asked_at, row.ends_at, row.wrong_codes = now, now + CONFIRM_WITHIN, 0
        row.district = district
        row.save(update_fields=["asked_at", "ends_at", "wrong_codes", "district"])
    _write_question(row, way, now)
    record(actor=actor, action="alerts.ask_subscription", subject=_LIST, now=now)


def _write_question(row: Subscriber, way: Target, now: datetime) -> None:
    lane = Lane.objects.get(target=way, shard=row.pk % way.shards)
    asked = Delivery.objects.filter(version=None, subscriber=row.pk)
    # Asked before: the row may be on its way just now, so it is used again and never deleted.
    if not asked.update(
        state=Delivery.State.QUEUED, again=F("again") + 1, target=way, lane=lane, done_at=None,
        next_try_at=None, written_at=now,
    ):  # fmt: skip
        Delivery.objects.create(
            version=None, target=way, lane=lane, subscriber=row.pk, channel=way.kind,
            language=row.language, priority=_CONFIRM_PRIORITY, written_at=now,
        )  # fmt: skip
    outbox.wake({lane.pk: _CONFIRM_PRIORITY}, now=now)


@transaction.atomic
def confirm_by_link(*, actor: Actor, token: str, now: datetime) -> bool:
    """Begin to warn whoever followed the link; tell whether the link was good."""
    require(actor, CHANGE, Subscriber)
    row = _locked(_key(token, CONFIRM, CONFIRM_WITHIN))
    if row is None:
        return False
    _confirm(actor, row, now)
    return True


@transaction.atomic
def confirm_by_code(*, actor: Actor, address: str, code: str, now: datetime) -> bool:
    """Begin to warn a telephone whose owner knows the code; five wrong ones end it."""
    require(actor, CHANGE, Subscriber)
    try:
        clean = clean_address(Subscriber.Channel.SMS, address)
    except InputError:
        return False
    keys = lookups(clean, purpose=SUBSCRIBER)
    row = Subscriber.objects.select_for_update().filter(lookup__in=keys).first()
    if row is None or row.wrong_codes >= MOST_WRONG or now - row.asked_at > CONFIRM_WITHIN:
        return False
    if not hmac.compare_digest(confirm_code(row.pk, row.asked_at).encode(), code.strip().encode()):
        row.wrong_codes += 1
        row.save(update_fields=["wrong_codes"])
        return False
    _confirm(actor, row, now)
    return True


def _confirm(actor: Actor, row: Subscriber, now: datetime) -> None:
    is_first = row.confirmed_at is None
    row.confirmed_at = row.confirmed_at or now
    row.ends_at, row.wrong_codes = now + HOLDS, 0
    row.save(update_fields=["confirmed_at", "ends_at", "wrong_codes"])
    if is_first:
        record(actor=actor, action="alerts.confirm_subscription", subject=_LIST, now=now)


@transaction.atomic
def leave(*, actor: Actor, token: str, now: datetime) -> bool:
    """Erase a subscriber; tell whether the link was good. What waits for them is not sent."""
    require(actor, CHANGE, Subscriber)
    key = _key(token, LEAVE, None)
    if key is None:
        return False
    gone, _each = Subscriber.objects.filter(pk=key).delete()
    if gone:
        record(actor=actor, action="alerts.leave", subject=_LIST, now=now)
    return True


@transaction.atomic
def leave_by_code(*, actor: Actor, address: str, code: str, now: datetime) -> bool:
    """Erase a telephone whose owner knows the code that was sent to it."""
    if not confirm_by_code(actor=actor, address=address, code=code, now=now):
        return False
    keys = lookups(clean_address(Subscriber.Channel.SMS, address), purpose=SUBSCRIBER)
    Subscriber.objects.filter(lookup__in=keys).delete()
    record(actor=actor, action="alerts.leave", subject=_LIST, now=now)
    return True


@transaction.atomic
def forget(*, actor: Actor, now: datetime) -> int:
    """Erase those whose time is over: not confirmed in time, or not for a year."""
    require(actor, CHANGE, Subscriber)
    count, _each = Subscriber.objects.filter(ends_at__lte=now).delete()
    old = Delivery.objects.filter(version=None, written_at__lt=now - 2 * CONFIRM_WITHIN)
    old.exclude(state__in=outbox.PENDING).delete()
    if count:
        record(
            actor=actor, action="alerts.forget_subscribers", subject=_LIST, now=now,
            detail={"erased": count},
        )  # fmt: skip
    return count


def _key(token: str, salt: str, within: timedelta | None) -> int | None:
    try:
        key = signing.loads(token, salt=salt, max_age=within)
    except signing.BadSignature:
        return None
    return key if isinstance(key, int) else None


def _locked(key: int | None) -> Subscriber | None:
    if key is None:
        return None
    row: Subscriber | None = Subscriber.objects.select_for_update().filter(pk=key).first()
    return row
