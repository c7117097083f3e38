"""From what is stored to what is sent: messages, and the question to a new subscriber."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from qalqan.desk.alerts.content import LANGUAGES, Content, marked
from qalqan.desk.alerts.keys import delivery_key
from qalqan.desk.alerts.models import AlertVersion, Subscriber
from qalqan.desk.alerts.sending.message import Letter, Message, Parcel
from qalqan.desk.platform.privacy.sealing import lookups

GONE = "gone"
"""Instead of an address: its owner has left, or a later message took this one's place."""
CONFIRM = "alerts.confirm"
LEAVE = "alerts.leave"


def message_of(version: AlertVersion) -> Message:
    """Return an approved message as it is sent."""
    content, status = Content.from_json(version.content), version.alert.status
    if version.signed_xml is None or version.expires_at is None:
        raise ValueError("only what was approved and signed is sent")
    return Message(
        version_id=version.pk,
        identifier=str(version.identifier),
        status=status,
        msg_type=version.msg_type,
        severity=version.severity,
        sent=version.sent_lexical,
        expires_at=version.expires_at,
        xml=bytes(version.signed_xml),
        said={
            code: marked(content.in_language(code), status=status, language=code)
            for code in LANGUAGES
            if content.in_language(code).headline
        },
        siren=content.siren,
        link=settings.QALQAN_PUBLIC_URL,
    )


def leave_link(subscriber: int, language: str) -> str:
    """Return where a subscriber leaves."""
    token = signing.dumps(subscriber, salt=LEAVE)
    return _url("alerts:leave", language, token)


def confirm_link(subscriber: int, language: str) -> str:
    """Return where a subscriber confirms."""
    return _url("alerts:confirm", language, signing.dumps(subscriber, salt=CONFIRM))


def _url(name: str, *arguments: str) -> str:
    return f"{settings.QALQAN_PUBLIC_URL}{reverse(name, args=arguments)}"


def confirm_code(subscriber: int, asked_at: datetime) -> str:
    """Return the six digits that confirm a telephone; they are not stored anywhere."""
    mac = lookups(f"{subscriber}:{asked_at.isoformat()}", purpose="alerts.code")[0]
    return f"{int(mac[:12], 16) % 1_000_000:06d}"


def parcel(
    *,
    delivery_id: int,
    subscriber: int,
    channel: str,
    language: str,
    priority: int,
    attempts: int,
    again: int,
    to: str,
) -> Parcel:
    """Return the question to a new subscriber: by mail with a link, by SMS with a code."""
    row = Subscriber.objects.filter(pk=subscriber).first()
    key = delivery_key(delivery_id, identifier="confirm", again=again)
    if row is None:
        return Parcel(delivery_id, key, Letter("", ""), language, priority, attempts, GONE)
    with override(language):
        if channel == Subscriber.Channel.SMS:
            code = confirm_code(row.pk, row.asked_at)
            text = _("Qalqan warnings: your code is %(code)s. Not you? Do nothing.") % {
                "code": code
            }
            letter = Letter("", text)
        else:
            letter = Letter(
                _("Please confirm: public warnings by e-mail"),
                "\n\n".join(
                    [
                        _("Somebody, probably you, asked to get public warnings here."),
                        _("To confirm, open this page within three days:"),
                        confirm_link(row.pk, language),
                        _("If it was not you, do nothing; the address is deleted by itself."),
                    ]
                ),
            )
    return Parcel(delivery_id, key, letter, language, priority, attempts, to)
