"""Every reading of commissions, meetings and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from qalqan.desk.commission.models import (
    Agenda,
    Commission,
    Decision,
    DecisionStep,
    Evidence,
    Meeting,
    Presence,
    Seat,
)
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.history import Moment

LIVE = (Decision.State.OPEN, Decision.State.SHOWN)
_TONES = {"accepted": "good", "refused": "warning", "cancelled": "warning", "shown": "info"}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the decisions stand.

    Parameters
    ----------
    live, overdue, to_judge
        Decisions still owed; of them past their day; of them with evidence that waits.
    closed, in_time
        Of decisions closed with evidence: how many; how many whose evidence that was accepted
        had been shown by the day they were due.
    """

    live: int
    overdue: int
    to_judge: int
    closed: int
    in_time: int


def commissions(actor: Actor) -> QuerySet[Commission]:
    """Return the commissions with how many meet and how many seats they have."""
    rows: QuerySet[Commission] = Commission.objects.visible_to(actor)
    return rows.annotate(
        seated=Count("seats", filter=Q(seats__until__isnull=True), distinct=True),
        held=Count("meetings", filter=Q(meetings__state="closed"), distinct=True),
    ).order_by("closed_on", "pk")


def commission_for(actor: Actor, key: int) -> Commission | None:
    """Return one commission, or nothing."""
    return commissions(actor).select_related("place").filter(pk=key).first()


def seats(actor: Actor, commission: Commission) -> QuerySet[Seat]:
    """Return the seats of a commission, those that are taken first."""
    rows: QuerySet[Seat] = Seat.objects.visible_to(actor)
    return (
        rows.filter(commission=commission)
        .select_related("organisation")
        .order_by(F("until").asc(nulls_first=True), "pk")
    )


def meetings(actor: Actor, commission: Commission | None = None) -> QuerySet[Meeting]:
    """Return meetings, the latest first, with how many items they have."""
    rows: QuerySet[Meeting] = Meeting.objects.visible_to(actor)
    if commission is not None:
        rows = rows.filter(commission=commission)
    counted = rows.select_related("commission").annotate(items=Count("agenda"))
    return counted.order_by("-starts_at", "-pk")


def meeting_for(actor: Actor, key: int) -> Meeting | None:
    """Return one meeting, or nothing."""
    return meetings(actor).filter(pk=key).first()


def agenda(actor: Actor, meeting: Meeting) -> QuerySet[Agenda]:
    """Return the items of a meeting with their decisions, in order."""
    rows: QuerySet[Agenda] = Agenda.objects.visible_to(actor)
    return (
        rows.filter(meeting=meeting)
        .select_related("brought_by", "carried_from__meeting")
        .prefetch_related("decisions__owner")
        .order_by("order")
    )


def item_for(actor: Actor, key: int) -> Agenda | None:
    """Return one item of an agenda, or nothing."""
    rows: QuerySet[Agenda] = Agenda.objects.visible_to(actor)
    return rows.select_related("meeting__commission").filter(pk=key).first()


def presences(actor: Actor, meeting: Meeting) -> QuerySet[Presence]:
    """Return who was there, by office."""
    rows: QuerySet[Presence] = Presence.objects.visible_to(actor)
    return rows.filter(meeting=meeting).select_related("seat__organisation").order_by("seat_id")


def backlog(actor: Actor) -> QuerySet[Agenda]:
    """Return what was carried over and stands on no later agenda, oldest first."""
    rows: QuerySet[Agenda] = Agenda.objects.visible_to(actor)
    return (
        rows.filter(outcome=Agenda.Outcome.CARRIED, carried_to__isnull=True)
        .select_related("meeting__commission")
        .order_by("meeting__starts_at", "order")
    )


def decisions(actor: Actor, *, state: str = "live", today: date, owner: int | None = None) -> Any:
    """Return decisions, the soonest due first; closed ones the latest first.

    Parameters
    ----------
    state
        ``live``, ``overdue``, ``shown`` or ``closed``; empty for all.
    owner
        Key of the body that owes them.
    """
    rows = Decision.objects.visible_to(actor).select_related("owner", "item__meeting__commission")
    if owner is not None:
        rows = rows.filter(owner_id=owner)
    if state == "closed":
        return rows.exclude(state__in=LIVE).order_by("-closed_at", "-pk")
    if state == "overdue":
        rows = rows.filter(state__in=LIVE, due_on__lt=today)
    elif state == "shown":
        rows = rows.filter(state=Decision.State.SHOWN)
    elif state == "live":
        rows = rows.filter(state__in=LIVE)
    return rows.order_by("due_on", "pk")


def decision_for(actor: Actor, key: int) -> Decision | None:
    """Return one decision, or nothing."""
    return (
        Decision.objects.visible_to(actor)
        .select_related("owner", "item__meeting__commission", "replaced_by", "work")
        .filter(pk=key)
        .first()
    )


def evidence(actor: Actor, decision: Decision) -> QuerySet[Evidence]:
    """Return what was shown for a decision, oldest first."""
    rows: QuerySet[Evidence] = Evidence.objects.visible_to(actor)
    return rows.filter(decision=decision).select_related("given_by", "judged_by").order_by("pk")


def evidence_for(actor: Actor, key: int) -> Evidence | None:
    """Return one piece of evidence, or nothing."""
    rows: QuerySet[Evidence] = Evidence.objects.visible_to(actor)
    return rows.select_related("decision__item__meeting__commission").filter(pk=key).first()


def history(actor: Actor, decision: Decision) -> list[Moment]:
    """Return what happened to a decision, newest first."""
    rows = DecisionStep.objects.visible_to(actor).filter(decision=decision).order_by("-at", "-pk")
    return [
        Moment(row.at, str(row.get_what_display()), row.words, _TONES.get(row.what, "neutral"))
        for row in rows
    ]


def standing(actor: Actor, today: date) -> Standing:
    """Return where the decisions stand."""
    rows = Decision.objects.visible_to(actor)
    live = Q(state__in=LIVE)
    counted = rows.aggregate(
        live=Count("pk", filter=live),
        overdue=Count("pk", filter=live & Q(due_on__lt=today)),
        to_judge=Count("pk", filter=Q(state=Decision.State.SHOWN)),
        closed=Count("pk", filter=Q(state=Decision.State.CLOSED)),
    )
    accepted = Evidence.objects.filter(
        decision__in=rows.filter(state=Decision.State.CLOSED), state=Evidence.State.ACCEPTED
    )
    in_time = accepted.filter(given_at__date__lte=F("decision__due_on")).count()
    return Standing(in_time=in_time, **counted)
