"""Approved messages, targets and receivers for tests and benches of the sending."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from qalqan.desk.alerts.models import Alert, AlertVersion, Lane, Subscriber, Target
from qalqan.desk.alerts.seals import ADDRESS, SECRET, SUBSCRIBER, seal_subscriber
from qalqan.desk.alerts.services import outbox
from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.privacy.sealing import lookups, seal

SECRET_OF_ALL = "test-secret"
SAID = {
    code: {"event": word, "headline": f"{word}: {number}", "instruction": do, "spoken": ""}
    for code, word, do, number in (
        ("kk", "Су тасқыны", "Биік жерге шығыңыз.", 1),
        ("ru", "Паводок", "Поднимитесь выше.", 1),
        ("en", "Flood", "Go to higher ground.", 1),
    )
}


def staff(name: str) -> User:
    """Return a member of staff, made once."""
    known = User.objects.filter(username=name).first()
    if known is not None:
        return known
    body = Organisation.objects.first() or Organisation.objects.create(
        name="Desk", kind=Organisation.Kind.AGENCY
    )
    return User.objects.create(username=name, role="duty_officer", organisation=body)


def make_version(
    *,
    now: datetime | None = None,
    status: str = "Actual",
    severity: str = "Severe",
    urgency: str = "Immediate",
    msg_type: str = "Alert",
    alert: Alert | None = None,
    minutes: int = 120,
    siren: str = "none",
    size: int = 2_400,
) -> AlertVersion:
    """Return a message as it stands after approval and signing, ready to be enqueued."""
    now = now or datetime.now(UTC)
    if alert is None:
        alert = Alert.objects.create(status=status, state="live", opened_at=now)
    number = alert.versions.count() + 1
    version = AlertVersion(
        alert=alert, number=number, msg_type=msg_type, state="approved", severity=severity,
        urgency=urgency, certainty="Likely", drafted_by=staff("writer"),
        approved_by=staff("approver"), drafted_at=now, approved_at=now,
        expires_at=now + timedelta(minutes=minutes), sent_lexical=now.isoformat(),
        identifier=f"test-{alert.pk}-{number}", content={"said": SAID, "siren": siren},
    )  # fmt: skip
    text = f'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{version.identifier}'
    version.xml = version.signed_xml = (
        f"{text}</identifier><note>{'x' * size}</note></alert>".encode()
    )
    version.xml_sha256 = hashlib.sha256(version.xml).hexdigest()
    version.save()
    return version


def make_target(name: str, address: str, kind: str = "webhook", **values: Any) -> Target:
    """Return a target with its queues."""
    gateway = kind in ("mail", "sms")
    options = values.pop("options", {})
    target = Target.objects.create(
        name=name, kind=kind, address=seal(address, purpose=ADDRESS),
        secret=seal(values.pop("secret", SECRET_OF_ALL), purpose=SECRET), options=options,
        serves_subscribers=gateway, shards=values.pop("shards", 4 if gateway else 1),
        added_at=datetime.now(UTC), **values,
    )  # fmt: skip
    Lane.objects.bulk_create([Lane(target=target, shard=n) for n in range(target.shards)])
    return target


def make_targets(addresses: list[str], kind: str = "webhook") -> None:
    """Write many targets at once; they share one secret."""
    now = datetime.now(UTC)
    secret = seal(SECRET_OF_ALL, purpose=SECRET)
    rows = Target.objects.bulk_create(
        [
            Target(
                name=f"t{n}", kind=kind, address=seal(address, purpose=ADDRESS), secret=secret,
                added_at=now, options={"topic": f"qalqan/play/{n}"} if kind == "mqtt" else {},
            )
            for n, address in enumerate(addresses)
        ],
        batch_size=500,
    )  # fmt: skip
    Lane.objects.bulk_create([Lane(target=row) for row in rows], batch_size=500)


def make_subscribers(count: int, *, channel: str = "mail", first: int = 0) -> None:
    """Write confirmed subscribers."""
    now = datetime.now(UTC)
    for start in range(first, first + count, 5_000):
        rows = []
        for n in range(start, min(start + 5_000, first + count)):
            address = f"p{n}@example.test" if channel == "mail" else f"+7701{n:07d}"
            rows.append(
                Subscriber(
                    channel=channel, lookup=lookups(address, purpose=SUBSCRIBER)[0],
                    address=seal_subscriber(address), language=("kk", "ru")[n % 2],
                    asked_at=now, confirmed_at=now, ends_at=now + timedelta(days=365),
                )
            )  # fmt: skip
        Subscriber.objects.bulk_create(rows, batch_size=500)


def send_out(**values: Any) -> AlertVersion:
    """Return a message that was just enqueued."""
    version = make_version(**values)
    outbox.enqueue(version=version, now=values.get("now") or datetime.now(UTC))
    return version
