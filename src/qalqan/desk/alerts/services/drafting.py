"""Writing a warning: begun, filled in, handed to a second person."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from qalqan.cap.errors import CapError
from qalqan.desk.alerts import texts
from qalqan.desk.alerts.build import Envelope, build
from qalqan.desk.alerts.content import LANGUAGES, LIMITS, PARTS, Content, Said
from qalqan.desk.alerts.models import Alert, AlertDistrict, AlertTemplate, AlertVersion
from qalqan.desk.alerts.services import areas, checking, identifying, live
from qalqan.desk.alerts.services.common import account_of, both
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.errors import ConflictError, InputError, Location

LONGEST = timedelta(days=3)
PART_NAMES = {
    "event": gettext_lazy("what happens"),
    "headline": gettext_lazy("headline"),
    "description": gettext_lazy("what is known"),
    "instruction": gettext_lazy("what people should do"),
}
S = AlertVersion.State
M = AlertVersion.MsgType


@transaction.atomic
def start(
    *,
    actor: Actor,
    status: str,
    now: datetime,
    template: AlertTemplate | None = None,
    is_sample: bool = False,
) -> AlertVersion:
    """Begin a warning, from a template where one is given.

    Raises
    ------
    RefusedError
        The actor may not write warnings.
    """
    require(actor, ADD, Alert)
    content = Content.from_json(template.content if template else {})
    alert = Alert.objects.create(
        status=Alert.Status(status), template=template, opened_by=account_of(actor),
        opened_at=now, is_sample=is_sample,
    )  # fmt: skip
    version = _add_version(actor, alert, M.ALERT, content, now)
    detail = {"status": alert.status, "template": template.code if template else ""}
    record(actor=actor, action="alerts.start", subject=alert, now=now, detail=detail)
    return version


@transaction.atomic
def prepare_update(*, actor: Actor, alert: Alert, now: datetime) -> AlertVersion:
    """Begin an update of a warning that stands, with what it says now.

    Raises
    ------
    ConflictError
        The warning is over, or a message of it is being written already.
    """
    row = _standing(actor, alert, now)
    last = live.newest_approved(row)
    content = Content.from_json(last.content if last else {})
    version = _add_version(actor, row, M.UPDATE, content, now)
    record(actor=actor, action="alerts.prepare_update", subject=row, now=now,
           detail={"version": version.number})  # fmt: skip
    return version


@transaction.atomic
def prepare_cancel(*, actor: Actor, alert: Alert, why: str, now: datetime) -> AlertVersion:
    """Write the cancelling of a warning that stands, in three languages, and hand it over.

    One button: what it says is known beforehand, and it goes to a second person at once.

    Parameters
    ----------
    why
        ``over`` or ``mistake``.

    Raises
    ------
    ConflictError
        The warning is over, or a message of it is being written already.
    """
    row = _standing(actor, alert, now)
    last = live.newest_approved(row)
    # A receiver that was off must find the cancelling as long as it could find the warning.
    until = max(one.expires_at for one in live.live_versions(row, now) if one.expires_at)
    minutes = max(60, -(-int((until - now).total_seconds()) // 60))
    content = texts.cancelling(
        Content.from_json(last.content if last else {}), why=why, minutes=minutes
    )
    version = _add_version(actor, row, M.CANCEL, content, now)
    _hand_over(actor, row, version, content, now)
    detail = {"version": version.number, "why": why, "sha256": version.xml_sha256}
    record(actor=actor, action="alerts.prepare_cancel", subject=row, now=now, detail=detail)
    return version


@transaction.atomic
def save_draft(
    *, actor: Actor, version: AlertVersion, content: Content, now: datetime
) -> AlertVersion:
    """Keep what was filled in so far; a message that waited for approval waits no longer.

    Raises
    ------
    ConflictError
        The message was approved or sent back, so it never changes again.
    InputError
        A text is too long or names a person.
    """
    require(actor, CHANGE, AlertVersion, version)
    alert, row = both(version)
    _writable(row)
    clean = cleaned(content)
    _keep(actor, row, clean, now)
    record(actor=actor, action="alerts.save_draft", subject=alert, now=now,
           detail={"version": row.number})  # fmt: skip
    return row


@transaction.atomic
def submit(*, actor: Actor, version: AlertVersion, content: Content, now: datetime) -> AlertVersion:
    """Write the message and hand it to a second person.

    From here on its bytes are fixed: whoever approves signs exactly these.

    Raises
    ------
    ConflictError
        The message was approved or sent back, or the warning is over.
    InputError
        Something is missing, or the message is not valid; the first error is told.
    """
    require(actor, CHANGE, AlertVersion, version)
    alert, row = both(version)
    _writable(row)
    clean = cleaned(content)
    _keep(actor, row, clean, now)
    _hand_over(actor, alert, row, clean, now)
    record(
        actor=actor, action="alerts.submit", subject=alert, now=now,
        detail={
            "version": row.number, "msg_type": row.msg_type, "identifier": row.identifier,
            "sha256": row.xml_sha256, "warnings": len(row.warnings),
        },
    )  # fmt: skip
    return row


@transaction.atomic
def discard(*, actor: Actor, version: AlertVersion, now: datetime) -> None:
    """Throw away a message that is being written; nothing that left the desk can be.

    Raises
    ------
    ConflictError
        It was approved or sent back.
    """
    require(actor, CHANGE, AlertVersion, version)
    alert, row = both(version)
    _writable(row)
    number = row.number
    row.delete()
    subject: Any = alert
    if not alert.versions.exists():
        subject = f"alerts.alert:{alert.pk}"
        alert.delete()
    record(actor=actor, action="alerts.discard", subject=subject, now=now,
           detail={"version": number})  # fmt: skip


def trial(*, actor: Actor, version: AlertVersion, content: Content, now: datetime) -> bytes:
    """Return the message that would be handed over now; nothing is kept.

    Raises
    ------
    ConflictError
        The warning is over.
    InputError
        Something is missing, or cannot stand in a message.
    """
    require(actor, CHANGE, AlertVersion, version)
    clean = cleaned(content)
    return _message(actor, version.alert, version, clean, identifier="trial", now=now)[0]


def _message(
    actor: Actor,
    alert: Alert,
    row: AlertVersion,
    content: Content,
    *,
    identifier: str,
    now: datetime,
) -> tuple[bytes, Envelope]:
    """Return the bytes of a message and what it says of itself."""
    if not timedelta(minutes=5) <= timedelta(minutes=content.minutes) <= LONGEST:
        raise InputError(
            _("A warning holds for five minutes to three days."),
            location=Location(field="minutes"),
        )
    for code in LANGUAGES:
        for part in ("event", "headline", "description", "instruction"):
            if not getattr(content.in_language(code), part):
                raise InputError(
                    _("A warning is given in all three languages: %(part)s, %(language)s is empty.")
                    % {"part": PART_NAMES[part], "language": code},
                    location=Location(field=f"{part}_{code}"),
                )
    parts = areas.resolve(actor, content)
    envelope = envelope_of(alert, row, identifier=identifier, now=now)
    if row.msg_type != M.ALERT and not envelope.references:
        raise ConflictError(_("This warning is over; nothing stands that could be changed."))
    try:
        return checking.to_bytes(build(content, parts, envelope)), envelope
    except (CapError, ValueError) as error:
        raise InputError(str(error)) from error


def cleaned(content: Content) -> Content:
    """Return the content with trimmed texts, or say what is wrong in which field.

    Raises
    ------
    InputError
        A text is too long or names a person.
    """
    said = {}
    for code in LANGUAGES:
        words = content.in_language(code)
        parts = {}
        for part in PARTS:
            text = texts.printable(getattr(words, part))
            if part in ("event", "headline"):
                text = " ".join(text.split())
            where = Location(field=f"{part}_{code}")
            if len(text) > LIMITS[part]:
                raise InputError(_("This is too long."), location=where)
            if screen(text).traces:
                raise InputError(
                    _("A warning names no persons and no numbers of theirs."), location=where
                )
            parts[part] = text
        said[code] = Said(**parts)
    note = screen(" ".join(content.note.split())).text[:120]
    return replace(content, said=said, note=note)


def envelope_of(alert: Alert, version: AlertVersion, *, identifier: str, now: datetime) -> Envelope:
    """Return what a message says of itself at a moment."""
    sent = now.astimezone(timezone.get_default_timezone()).replace(microsecond=0)
    before = live.live_versions(alert, now) if version.msg_type != M.ALERT else []
    return Envelope(
        identifier=identifier, sender=settings.QALQAN_ALERT_SENDER, sent=sent,
        status=str(alert.status), msg_type=str(version.msg_type),
        references=[live.reference_to(one) for one in before],
        sender_names=sender_names(), web=live.public_address(alert),
    )  # fmt: skip


def sender_names() -> Mapping[str, str]:
    """Return who warns, by language."""
    given = settings.QALQAN_ALERT_SENDER_NAME.split("|")
    if len(given) == len(LANGUAGES) and all(given):
        return dict(zip(LANGUAGES, given, strict=True))
    if given[0]:
        return dict.fromkeys(LANGUAGES, given[0])
    names = {}
    for code in LANGUAGES:
        with override(code):
            names[code] = _("Prevention desk of the province")
    return names


def _add_version(
    actor: Actor, alert: Alert, msg_type: str, content: Content, now: datetime
) -> AlertVersion:
    in_work = alert.versions.filter(state__in=(S.DRAFT, S.SUBMITTED))
    if in_work.exists():
        raise ConflictError(_("A message of this warning is being written already."))
    last = alert.versions.order_by("-number").first()
    version = AlertVersion(
        alert=alert, number=last.number + 1 if last else 1, msg_type=msg_type, drafted_at=now
    )
    _keep(actor, version, content, now)
    return version


def _keep(actor: Actor, row: AlertVersion, content: Content, now: datetime) -> None:
    """Put the content into the row, which is a draft from now on and has no bytes."""
    row.state, row.content = S.DRAFT, content.as_json()
    row.severity, row.urgency, row.certainty = (
        content.severity, content.urgency, content.certainty,
    )  # fmt: skip
    for code in LANGUAGES:
        setattr(row, f"headline_{code}", content.in_language(code).headline)
    row.drafted_by, row.drafted_at = account_of(actor), now
    row.identifier, row.xml, row.xml_sha256, row.submitted_at = None, None, "", None
    row.warnings = []
    row.save()


def _hand_over(
    actor: Actor, alert: Alert, row: AlertVersion, content: Content, now: datetime
) -> None:
    identifier = identifying.next_identifier(now=now)
    data, envelope = _message(actor, alert, row, content, identifier=identifier, now=now)
    checking.require_valid(data, status=str(alert.status))
    row.identifier = identifier
    row.xml, row.xml_sha256 = data, hashlib.sha256(data).hexdigest()
    row.sent_lexical = envelope.sent.isoformat()
    row.references_text = " ".join(envelope.references)
    row.expires_at = envelope.sent + timedelta(minutes=content.minutes)
    row.state, row.submitted_at = S.SUBMITTED, now
    row.warnings = checking.plain_words(content)
    row.save()
    AlertDistrict.objects.filter(version=row).delete()
    AlertDistrict.objects.bulk_create(
        AlertDistrict(version=row, district=place)
        for place in areas.districts_touched(actor, content)
    )


def _writable(row: AlertVersion) -> None:
    if row.state not in (S.DRAFT, S.SUBMITTED):
        raise ConflictError(_("This message can no longer be changed; write an update."))


def _standing(actor: Actor, alert: Alert, now: datetime) -> Alert:
    require(actor, CHANGE, Alert, alert)
    row: Alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if not row.is_live(now):
        raise ConflictError(_("This warning is over; nothing stands that could be changed."))
    return row
