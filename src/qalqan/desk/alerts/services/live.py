"""Which messages of a warning stand at a moment, and how others name them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from qalqan.desk.alerts.models import Alert, AlertVersion

_OUT = (AlertVersion.State.APPROVED, AlertVersion.State.SENT)


def newest_approved(alert: Alert) -> AlertVersion | None:
    """Return the message that says what the warning says now."""
    rows = AlertVersion.objects.filter(alert=alert, state__in=_OUT)
    return rows.order_by("-number").first()


def live_versions(alert: Alert, now: datetime) -> list[AlertVersion]:
    """Return every message that an update or a cancelling must name, oldest first.

    All that left the desk and have not ended by themselves: a receiver that missed an update
    must find the first warning among the references, too (CAP 1.2, § 3.2.1, references).
    """
    rows = AlertVersion.objects.filter(alert=alert, state__in=_OUT, expires_at__gt=now)
    return list(rows.exclude(msg_type=AlertVersion.MsgType.CANCEL).order_by("number"))


def reference_to(version: AlertVersion) -> str:
    """Return how a later message names this one: sender, identifier, sent."""
    from qalqan.cap.read import read

    return str(read(bytes(version.xml or b"")).reference)


def required_references(alert: Alert, now: datetime) -> set[str]:
    """Return what a later message must name by the chain itself, read from the stored messages.

    The chain of `qalqan.cap.chain` asks for those in force; this desk names the superseded ones
    that have not ended, too, so this is the least.
    """
    from qalqan.cap.chain import Chain, key_of
    from qalqan.cap.read import read

    out = AlertVersion.objects.filter(alert=alert, state__in=_OUT).order_by("number")
    messages = [read(bytes(row.xml or b"")) for row in out]
    if not messages:
        return set()
    chain = Chain(messages)
    return {str(one) for one in chain.references_for(key_of(messages[-1]), now)}


def public_address(alert: Alert) -> str:
    """Return the page where everyone reads the warning."""
    return f"{settings.QALQAN_PUBLIC_URL}{reverse('public:warning_any', args=[alert.pk])}"
