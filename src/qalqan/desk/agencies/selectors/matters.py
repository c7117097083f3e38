"""Readings of matters, of who holds and held them, and of their hand-overs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from qalqan.desk.agencies.models import Body, HandOver, Holding, Matter
from qalqan.desk.platform.policies import Actor


@dataclass(frozen=True, slots=True)
class MatterFilter:
    """What narrows the list of matters."""

    kind: str = ""
    state: str = "open"
    waits: str = ""
    own: bool = False


def matters_of(
    actor: Actor, wanted: MatterFilter | None = None, *, now: datetime
) -> QuerySet[Matter]:
    """Return the matters the actor may see, what is due first.

    Parameters
    ----------
    wanted
        ``waits`` is empty, ``offered`` (a body has not answered), ``sought`` (a body is sought)
        or ``overdue``; ``own`` keeps what the actor's body holds or is offered.
    """
    wanted = wanted or MatterFilter()
    rows: QuerySet[Matter] = Matter.objects.visible_to(actor)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.waits == "offered":
        rows = rows.filter(_offered())
    elif wanted.waits == "sought":
        rows = rows.filter(seeks_body=True)
    elif wanted.waits == "overdue":
        rows = rows.filter(state=Matter.State.OPEN, due_at__lt=now)
    if wanted.own:
        own = actor.organisation_id or 0
        to_us = HandOver.objects.filter(
            state=HandOver.State.OFFERED, to_body__organisation_id=own
        ).values("matter_id")
        rows = rows.filter(Q(holder__organisation_id=own) | Q(pk__in=to_us))
    return rows.order_by("due_at", "number")


def _offered() -> Q:
    open_offers = HandOver.objects.filter(state=HandOver.State.OFFERED).values("matter_id")
    return Q(pk__in=open_offers)


def in_list(actor: Actor, keys: list[int]) -> list[Matter]:
    """Return the matters of a page of keys in that order, each with its open offer."""
    rows = Matter.objects.visible_to(actor).filter(pk__in=keys).select_related("holder", "area")
    known = {row.pk: row for row in rows.defer("area__boundary")}
    offers = HandOver.objects.filter(matter_id__in=known, state=HandOver.State.OFFERED)
    by_matter = {row.matter_id: row for row in offers.select_related("to_body")}
    for row in known.values():
        row.open_offer = by_matter.get(row.pk)
    return [known[key] for key in keys if key in known]


def matter_for(actor: Actor, matter_id: int) -> Matter | None:
    """Return one matter, or nothing where it is absent or hidden."""
    rows = Matter.objects.visible_to(actor).select_related("holder", "area")
    return rows.defer("area__boundary").filter(pk=matter_id).first()


def hand_overs(actor: Actor, matter: Matter) -> list[HandOver]:
    """Return a matter's hand-overs, oldest first."""
    rows = HandOver.objects.visible_to(actor).filter(matter=matter)
    return list(rows.select_related("from_body", "to_body").order_by("offered_at", "pk"))


def offer_for(actor: Actor, offer_id: int) -> HandOver | None:
    """Return one hand-over, or nothing where it is absent or hidden."""
    rows = HandOver.objects.visible_to(actor).select_related("matter", "from_body", "to_body")
    return rows.filter(pk=offer_id).first()


@dataclass(frozen=True, slots=True)
class Held:
    """A body held a matter from one instant to the next; ``until`` is empty while it does."""

    body: Body
    since: datetime
    until: datetime | None


def holders(actor: Actor, matter: Matter) -> list[Held]:
    """Return who held a matter when, without gap or overlap, from opening to closing."""
    rows = list(
        Holding.objects.visible_to(actor)
        .filter(matter=matter)
        .select_related("body")
        .order_by("place_in_line")
    )
    ends = [*(row.since for row in rows[1:]), matter.closed_at]
    return [Held(row.body, row.since, end) for row, end in zip(rows, ends, strict=True)]


def holder_at(actor: Actor, matter: Matter, at: datetime) -> Body | None:
    """Return who held a matter at an instant; nothing before its opening and after its end."""
    if matter.closed_at is not None and at >= matter.closed_at:
        return None
    rows = Holding.objects.visible_to(actor).filter(matter=matter, since__lte=at)
    row = rows.select_related("body").order_by("-place_in_line").first()
    return row.body if row else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the open matters stand: counts."""

    open: int
    offered: int
    sought: int
    overdue: int


def standing(actor: Actor, *, now: datetime) -> Standing:
    """Count the open matters the actor may see."""
    rows = Matter.objects.visible_to(actor).filter(state=Matter.State.OPEN)
    return Standing(
        **rows.aggregate(
            open=Count("pk"),
            offered=Count("pk", filter=_offered()),
            sought=Count("pk", filter=Q(seeks_body=True)),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
        )
    )
