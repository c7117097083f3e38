"""Readings of the directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from qalqan.desk.agencies.models import (
    Body,
    BodyEvent,
    Expertise,
    Grant,
    Office,
    Registration,
)
from qalqan.desk.platform.places.searching import beginnings_of_parts
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.history import Moment

ORDERS = {"number": ("number",), "-number": ("-number",), "name": ("name_ru", "number")}


@dataclass(frozen=True, slots=True)
class BodyFilter:
    """What narrows the directory."""

    query: str = ""
    kind: str = ""
    type: str = ""
    area_id: int | None = None
    field: str = ""
    language: str = ""
    status: str = ""
    closed: bool = False
    order: str = "number"


def bodies(actor: Actor, wanted: BodyFilter | None = None) -> QuerySet[Body]:
    """Return the bodies the actor may see, narrowed and ordered; open ones by default."""
    wanted = wanted or BodyFilter()
    rows: QuerySet[Body] = Body.objects.visible_to(actor).filter(
        closed_on__isnull=not wanted.closed
    )
    exact = {"kind": wanted.kind, "type": wanted.type, "area_id": wanted.area_id}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.field:
        knows = Expertise.objects.filter(
            body=OuterRef("pk"), field=wanted.field, removed_at__isnull=True
        )
        rows = rows.filter(Exists(knows))
    if wanted.status:
        now = Registration.objects.filter(
            body=OuterRef("pk"), until__isnull=True, status=wanted.status
        )
        rows = rows.filter(Exists(now))
    for word in beginnings_of_parts(wanted.query):
        rows = rows.filter(search_text__contains=f" {word}")
    return rows.order_by(*ORDERS.get(wanted.order, ORDERS["number"]))


def in_list(actor: Actor, keys: Sequence[int]) -> list[Body]:
    """Return the bodies of a page of keys in that order, each with its registration now."""
    now = Registration.objects.filter(body=OuterRef("pk"), until__isnull=True)
    rows = (
        Body.objects.visible_to(actor)
        .filter(pk__in=keys)
        .select_related("area")
        .defer("area__boundary", "search_text")
        .annotate(registration_now=Subquery(now.values("status")[:1]))
    )
    known = {row.pk: row for row in rows}
    words = dict(Registration.Status.choices)
    for row in known.values():
        row.registration_words = words.get(row.registration_now, "")
    return [known[key] for key in keys if key in known]


def body_for(actor: Actor, body_id: int) -> Body | None:
    """Return one body, or nothing where it is absent or hidden from the actor."""
    rows = Body.objects.visible_to(actor).select_related("area", "organisation")
    return rows.defer("area__boundary").filter(pk=body_id).first()


def own_body(actor: Actor) -> Body | None:
    """Return the body whose staff the actor belongs to, if it is in the directory."""
    if not actor.organisation_id:
        return None
    rows = Body.objects.visible_to(actor).filter(organisation_id=actor.organisation_id)
    return rows.select_related("area").defer("area__boundary").first()


def registrations(actor: Actor, body: Body) -> list[Registration]:
    """Return how a body was registered, newest first."""
    return list(Registration.objects.visible_to(actor).filter(body=body).order_by("-since"))


def registration_on(actor: Actor, body: Body, on: date) -> Registration | None:
    """Return how a body was registered on a day."""
    rows = Registration.objects.visible_to(actor).filter(body=body, since__lte=on)
    return rows.filter(Q(until__isnull=True) | Q(until__gt=on)).first()


def offices(actor: Actor, body: Body) -> list[Office]:
    """Return a body's offices."""
    rows = Office.objects.visible_to(actor).filter(body=body, removed_at__isnull=True)
    return list(rows.select_related("place").defer("place__boundary"))


def office_for(actor: Actor, key: int) -> Office | None:
    """Return one office that is there."""
    rows = Office.objects.visible_to(actor).filter(removed_at__isnull=True)
    return rows.select_related("body").filter(pk=key).first()


def expertise(actor: Actor, body: Body) -> list[Expertise]:
    """Return the fields in which a body can help."""
    rows = Expertise.objects.visible_to(actor).filter(body=body, removed_at__isnull=True)
    return list(rows.order_by("field", "pk"))


def expertise_for(actor: Actor, key: int) -> Expertise | None:
    """Return one field of expertise that is there."""
    rows = Expertise.objects.visible_to(actor).filter(removed_at__isnull=True)
    return rows.select_related("body").filter(pk=key).first()


def grants(actor: Actor, body: Body) -> list[Grant]:
    """Return the rights given on a body's page that the actor may see."""
    return list(Grant.objects.visible_to(actor).filter(body=body).select_related("user"))


def grant_for(actor: Actor, key: int) -> Grant | None:
    """Return one right, or nothing."""
    rows = Grant.objects.visible_to(actor).select_related("body", "user")
    return rows.filter(pk=key).first()


@dataclass(frozen=True, slots=True)
class Standing:
    """How the directory stands: counts of bodies."""

    state: int
    civil: int
    unregistered: int
    without_office: int


def standing(actor: Actor) -> Standing:
    """Count the open bodies the actor may see."""
    registered = Registration.objects.filter(
        body=OuterRef("pk"), until__isnull=True,
        status__in=[Registration.Status.REGISTERED, Registration.Status.NOT_NEEDED],
    )  # fmt: skip
    office = Office.objects.filter(body=OuterRef("pk"), removed_at__isnull=True)
    rows = Body.objects.visible_to(actor).filter(closed_on__isnull=True)
    numbers = rows.aggregate(
        state=Count("pk", filter=Q(kind=Body.Kind.STATE)),
        civil=Count("pk", filter=Q(kind=Body.Kind.CIVIL)),
        unregistered=Count("pk", filter=Q(kind=Body.Kind.CIVIL) & ~Q(Exists(registered))),
        without_office=Count("pk", filter=~Q(Exists(office))),
    )
    return Standing(**numbers)


def history_of(actor: Actor, body: Body, *, limit: int = 40) -> list[Moment]:
    """Return what happened to a body's entry, newest first."""
    rows = BodyEvent.objects.visible_to(actor).filter(body=body).select_related("by")
    return [_moment(row) for row in rows.order_by("-at", "-pk")[:limit]]


def _moment(event: BodyEvent) -> Moment:
    detail = event.detail
    parts = [str(event.by) if event.by else ""]
    parts += [str(detail[name]) for name in ("reason", "label") if detail.get(name)]
    for name, words in (("added", _("added: %(what)s")), ("removed", _("removed: %(what)s"))):
        if detail.get(name):
            parts.append(words % {"what": detail[name]})
    model: Any = Body
    for name, (old, new) in detail.get("changed", {}).items():
        field = model._meta.get_field(name)
        words_of = dict(getattr(field, "flatchoices", ()) or ())
        shown = [_shown(value, words_of) for value in (old, new)]
        parts.append(f"{field.verbose_name}: {shown[0]} → {shown[1]}")
    return Moment(
        event.at, str(event.get_kind_display()), note=" · ".join(part for part in parts if part)
    )


def _shown(value: Any, words: dict[Any, Any]) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "–"
    return str(words.get(value, value) or "–")[:120]


def names(actor: Actor, *, kind: str = "") -> list[tuple[int, str]]:
    """Return the open bodies by name, for a form to choose from."""
    rows = Body.objects.visible_to(actor).filter(closed_on__isnull=True)
    if kind:
        rows = rows.filter(kind=kind)
    rows = rows.only("pk", "name_kk", "name_ru", "name_en").order_by(F("name_ru").asc(), "pk")
    return sorted(((row.pk, row.name) for row in rows), key=lambda one: one[1].lower())
