"""Warnings as the desk reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from qalqan.desk.alerts.models import Alert, AlertTemplate, AlertVersion
from qalqan.desk.alerts.policies import READ
from qalqan.desk.platform.policies import Actor, policy_of

S = AlertVersion.State
OUT = (S.APPROVED, S.SENT)


def may_read(actor: Actor) -> bool:
    """Tell whether somebody is shown the desk's warnings as they stand."""
    return policy_of(Alert).allows(actor, READ)


def messages(actor: Actor) -> QuerySet[AlertVersion]:
    """Return messages without their heavy bytes, newest first."""
    rows: QuerySet[AlertVersion] = AlertVersion.objects.visible_to(actor)
    return rows.select_related("alert", "drafted_by", "approved_by").defer("xml", "signed_xml")


def waiting(actor: Actor) -> QuerySet[AlertVersion]:
    """Return the messages that wait for a second person, the longest waiting first."""
    return messages(actor).filter(state=S.SUBMITTED).order_by("submitted_at")


def drafts(actor: Actor) -> QuerySet[AlertVersion]:
    """Return the messages that are being written, newest first."""
    return messages(actor).filter(state=S.DRAFT).order_by("-drafted_at", "-pk")


def unreviewed(actor: Actor) -> QuerySet[AlertVersion]:
    """Return what one person sent alone and nobody has looked into yet, oldest first."""
    rows = messages(actor).filter(is_break_glass=True, approved_at__isnull=False)
    return rows.filter(reviewed_at__isnull=True).order_by("approved_at")


@dataclass(frozen=True, slots=True)
class Standing:
    """What of warnings matters at this moment: what holds, what waits for somebody."""

    live: list[AlertVersion]
    waiting: int
    unreviewed: int


def standing(actor: Actor, *, now: datetime) -> Standing:
    """Return the actual warnings that hold and how many messages wait for a second person."""
    counts = AlertVersion.objects.visible_to(actor).aggregate(
        waiting=Count("pk", filter=Q(state=S.SUBMITTED)),
        unreviewed=Count(
            "pk",
            filter=Q(is_break_glass=True, approved_at__isnull=False, reviewed_at__isnull=True),
        ),
    )
    return Standing(live(actor, now=now, actual_only=True), **counts)


def newest_messages(actor: Actor, alerts: Sequence[Alert]) -> dict[int, AlertVersion]:
    """Return the newest message that left the desk, by warning."""
    rows = messages(actor).filter(alert__in=[one.pk for one in alerts], state__in=OUT)
    return {row.alert_id: row for row in rows.order_by("alert_id", "number")}


def live(actor: Actor, *, now: datetime, actual_only: bool = False) -> list[AlertVersion]:
    """Return the newest message of each warning that holds now, the gravest first."""
    alerts = Alert.objects.visible_to(actor).filter(state=Alert.State.LIVE, expires_at__gt=now)
    if actual_only:
        alerts = alerts.filter(status=Alert.Status.ACTUAL)
    found = newest_messages(actor, list(alerts[:200])).values()
    order = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
    return sorted(found, key=lambda row: (order.index(row.severity), -row.pk))


def over(actor: Actor, *, now: datetime) -> QuerySet[Alert]:
    """Return the warnings that ended or were cancelled, newest first."""
    rows: QuerySet[Alert] = Alert.objects.visible_to(actor)
    sent = rows.exclude(state=Alert.State.DRAFT)
    return sent.exclude(state=Alert.State.LIVE, expires_at__gt=now).order_by("-expires_at", "-pk")


def alert_for(actor: Actor, alert_id: int) -> Alert | None:
    """Return one warning with its messages, newest first; nothing where it is hidden."""
    rows = Alert.objects.visible_to(actor).select_related("template", "opened_by")
    listed = messages(actor).select_related("reviewed_by", "rejected_by").order_by("-number")
    found = rows.prefetch_related(Prefetch("versions", listed, to_attr="newest_first"))
    return found.filter(pk=alert_id).first()


def message_for(actor: Actor, version_id: int) -> AlertVersion | None:
    """Return one message with its bytes; nothing where it is hidden."""
    rows: QuerySet[AlertVersion] = AlertVersion.objects.visible_to(actor)
    return (
        rows.select_related("alert", "drafted_by", "approved_by", "rejected_by", "reviewed_by")
        .filter(pk=version_id)
        .first()
    )


def templates(actor: Actor) -> QuerySet[AlertTemplate]:
    """Return the templates that are offered."""
    rows: QuerySet[AlertTemplate] = AlertTemplate.objects.visible_to(actor)
    return rows.filter(is_active=True)
