"""Readers who are told by e-mail, and programs that are told by webhooks."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.privacy.outbound import OutboundError, checked_address
from qalqan.desk.platform.privacy.sealing import lookups, seal
from qalqan.desk.rumours.mails import ADDRESSES, confirmed_key, leaving_key
from qalqan.desk.rumours.models import LANGUAGES, Delivery, MailSubscription, Webhook
from qalqan.desk.rumours.services.flow import account_of
from qalqan.desk.rumours.services.outbox import wake_worker
from qalqan.desk.rumours.services.sending import SECRETS
from qalqan.errors import ConflictError, InputError, Location

CONFIRM_WITHIN = timedelta(days=3)
_ASK_AGAIN = timedelta(hours=6)
"""So often at most the desk writes to an address that never asked for it."""


def _normalised(address: str) -> str:
    name, _at, host = address.strip().rpartition("@")
    return f"{name}@{host.lower()}"


@transaction.atomic
def subscribe(*, actor: Actor, address: str, language: str, now: datetime) -> None:
    """Send a mail that asks to confirm; whoever asks learns nothing of who is subscribed.

    Raises
    ------
    ConflictError
        The desk sends no e-mail.
    InputError
        The address is none.
    """
    require(actor, ADD, MailSubscription)
    if not settings.QALQAN_MAIL_LIST:
        raise ConflictError(_("This desk sends no e-mail."))
    clean = _normalised(address)
    try:
        validate_email(clean)
    except ValidationError:
        raise InputError(
            _("This is no e-mail address."), location=Location(field="address")
        ) from None
    keys = lookups(clean, purpose=ADDRESSES)
    rows, is_new = MailSubscription.objects.select_for_update(), False
    known = rows.filter(lookup__in=keys).first()
    if known is None:
        known, is_new = rows.get_or_create(
            lookup=keys[0],
            defaults={
                "address": seal(clean, purpose=ADDRESSES), "asked_at": now,
                "language": language if language in LANGUAGES else LANGUAGES[0],
            },
        )  # fmt: skip
    if not is_new:
        if known.confirmed_at is not None or now - known.asked_at < _ASK_AGAIN:
            return
        known.asked_at = now
        known.save(update_fields=["asked_at"])
    Delivery.objects.create(
        channel=Delivery.Channel.CONFIRM, subscription=known, next_try_at=now, written_at=now
    )
    record(actor=actor, action="rumours.ask_subscription", subject="mail list", now=now)
    wake_worker()


@transaction.atomic
def confirm_subscription(*, actor: Actor, token: str, now: datetime) -> bool:
    """Begin to send to a reader who followed the link; tell whether the link was good."""
    require(actor, CHANGE, MailSubscription)
    key = confirmed_key(token, most_seconds=int(CONFIRM_WITHIN.total_seconds()))
    row = MailSubscription.objects.select_for_update().filter(pk=key).first() if key else None
    if row is None:
        return False
    if row.confirmed_at is None:
        row.confirmed_at = now
        row.save(update_fields=["confirmed_at"])
        record(actor=actor, action="rumours.confirm_subscription", subject="mail list", now=now)
    return True


@transaction.atomic
def leave_mail_list(*, actor: Actor, token: str, now: datetime) -> bool:
    """Erase a reader's address and everything that waits for it; tell whether the link was good."""
    require(actor, CHANGE, MailSubscription)
    key = leaving_key(token)
    if key is None:
        return False
    gone, _each = MailSubscription.objects.filter(pk=key).delete()
    if gone:
        record(actor=actor, action="rumours.leave_mail_list", subject="mail list", now=now)
    return True


@transaction.atomic
def forget_unconfirmed(*, actor: Actor, now: datetime) -> int:
    """Erase the addresses that nobody confirmed in time; return how many."""
    require(actor, CHANGE, MailSubscription)
    rows = MailSubscription.objects.filter(
        confirmed_at__isnull=True, asked_at__lt=now - CONFIRM_WITHIN
    )
    count = rows.count()
    rows.delete()
    if count:
        record(
            actor=actor, action="rumours.forget_unconfirmed", subject="mail list", now=now,
            detail={"erased": count},
        )  # fmt: skip
    return count


@transaction.atomic
def add_webhook(*, actor: Actor, name: str, url: str, now: datetime) -> tuple[Webhook, str]:
    """Tell a program of every publication from now on; return it with its secret, shown once.

    Raises
    ------
    ConflictError
        There is a webhook of this name.
    InputError
        The name is missing, or the address is not ``https`` on the public network.
    RefusedError
        The actor is no administrator.
    """
    require(actor, ADD, Webhook)
    clean = " ".join(name.split())[:100]
    if not clean:
        raise InputError(_("A webhook needs a name."), location=Location(field="name"))
    if Webhook.objects.filter(name=clean).exists():
        raise ConflictError(_("There is a webhook of this name."), location=Location(field="name"))
    private = settings.QALQAN_TARGETS_MAY_BE_PRIVATE
    try:
        checked_address(
            urlsplit(url.strip()), may_be_private=private,
            schemes=("https", "http") if private else ("https",),
        )  # fmt: skip
    except OutboundError as error:
        raise InputError(str(error.message), location=Location(field="url")) from None
    except ValueError:
        raise InputError(_("The host is not known."), location=Location(field="url")) from None
    secret = "qalqan_hook_" + secrets.token_urlsafe(32)
    hook = Webhook.objects.create(
        name=clean, url=url.strip(), secret=seal(secret, purpose=SECRETS),
        added_by=account_of(actor), added_at=now,
    )  # fmt: skip
    record(actor=actor, action="rumours.add_webhook", subject=hook, now=now)
    return hook, secret


@transaction.atomic
def set_webhook_active(
    *, actor: Actor, webhook: Webhook, is_active: bool, now: datetime
) -> Webhook:
    """Pause a webhook, or tell it again; what waits for it stays and is sent then.

    Raises
    ------
    RefusedError
        The actor is no administrator.
    """
    require(actor, CHANGE, Webhook, webhook)
    row: Webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    row.is_active, row.failures = is_active, 0
    row.save(update_fields=["is_active", "failures"])
    if is_active:
        waiting = row.deliveries.filter(state=Delivery.State.WAITING)
        waiting.update(next_try_at=now)
    action = "rumours.resume_webhook" if is_active else "rumours.pause_webhook"
    record(actor=actor, action=action, subject=row, now=now)
    return row
