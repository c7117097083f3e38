"""The e-mails that readers get: to confirm, and one a publication."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from qalqan.desk.platform.privacy.sealing import unseal
from qalqan.desk.rumours.models import Delivery, MailSubscription
from qalqan.desk.rumours.selectors.published import payload

ADDRESSES = "rumours.mail"
_CONFIRM = "rumours.mail.confirm"
_LEAVE = "rumours.mail.leave"


def confirm_token(subscription: MailSubscription) -> str:
    """Return what confirms a subscription; it is worthless once the row is gone."""
    return signing.dumps(subscription.pk, salt=_CONFIRM)


def leave_token(subscription: MailSubscription) -> str:
    """Return what ends a subscription."""
    return signing.dumps(subscription.pk, salt=_LEAVE)


def confirmed_key(token: str, *, most_seconds: int) -> int | None:
    """Return the key of the subscription that a token confirms; nothing for a wrong or old one."""
    return _key(token, _CONFIRM, most_seconds)


def leaving_key(token: str) -> int | None:
    """Return the key of the subscription that a token ends; nothing for a wrong one."""
    return _key(token, _LEAVE, None)


def _key(token: str, salt: str, most_seconds: int | None) -> int | None:
    try:
        key = signing.loads(token, salt=salt, max_age=most_seconds)
    except signing.BadSignature:
        return None
    return key if isinstance(key, int) else None


def _url(name: str, *args: str) -> str:
    return f"{settings.QALQAN_PUBLIC_URL}{reverse(name, args=args)}"


def mail_for(row: Delivery) -> EmailMessage:
    """Return the e-mail of a delivery, in the reader's language."""
    reader = row.subscription
    assert reader is not None  # noqa: S101 - the table asks for it
    address = unseal(bytes(reader.address), purpose=ADDRESSES)
    with override(reader.language):
        if row.channel == Delivery.Channel.CONFIRM:
            return _confirm(reader, address)
        return _told(row, reader, address)


def _confirm(reader: MailSubscription, address: str) -> EmailMessage:
    link = _url("public:mail_confirm", reader.language, confirm_token(reader))
    lines = [
        _("Somebody, probably you, asked to get answers to rumours at this address."),
        _("To confirm, open this page within three days:"),
        link,
        _("If it was not you, do nothing; the address is deleted by itself."),
    ]
    return EmailMessage(
        subject=_("Please confirm: answers to rumours by e-mail"),
        body="\n\n".join(lines),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
    )


def _told(row: Delivery, reader: MailSubscription, address: str) -> EmailMessage:
    assert row.publication is not None  # noqa: S101 - the table asks for it
    said = payload(row.publication)["answer"]["languages"][reader.language]
    leave = _url("public:mail_leave", reader.language, leave_token(reader))
    subject, lines = said["headline"], [said["headline"], said["text"]]
    if said["correction"]:
        lines.append(_("Corrected: %(note)s") % {"note": said["correction"]})
    lines.append(said["verdict"])
    if said["withdrawal"]:
        subject = _("Withdrawn: %(headline)s") % {"headline": said["headline"]}
        lines = [_("This answer was withdrawn: %(why)s") % {"why": said["withdrawal"]}, subject]
    lines += [said["url"], _("To get no more of these: %(url)s") % {"url": leave}]
    return EmailMessage(
        subject=subject,
        body="\n\n".join(lines),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers={
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
