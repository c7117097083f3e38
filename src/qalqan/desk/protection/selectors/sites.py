"""Readings of the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from qalqan.desk.platform.places.searching import beginnings_of_parts
from qalqan.desk.platform.policies import Actor, policy_of
from qalqan.desk.platform.policies.registry import VIEW
from qalqan.desk.platform.ui.history import Moment
from qalqan.desk.protection.models import (
    Equipment,
    Inspection,
    Site,
    SiteEvent,
    SiteFile,
    SiteRequest,
)

SOON_DAYS = 30
ORDERS = {
    "number": ("number",), "-number": ("-number",),
    "due": ("next_due_on", "number"), "-due": ("-next_due_on", "-number"),
    "capacity": ("capacity", "number"), "-capacity": ("-capacity", "number"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SiteFilter:
    """What narrows the register."""

    query: str = ""
    category: str = ""
    district_id: int | None = None
    tier: int | None = None
    status: str = "listed"
    due: str = ""
    order: str = "due"


def sites(actor: Actor, wanted: SiteFilter | None = None, *, today: date) -> QuerySet[Site]:
    """Return the sites the actor may see, narrowed and ordered.

    Parameters
    ----------
    wanted
        ``due`` is empty, ``overdue`` or ``soon`` (within thirty days, overdue ones included).
    """
    wanted = wanted or SiteFilter()
    rows: QuerySet[Site] = Site.objects.visible_to(actor)
    exact = {
        "status": wanted.status,
        "category": wanted.category,
        "district_id": wanted.district_id,
        "tier": wanted.tier,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.due == "overdue":
        rows = rows.filter(next_due_on__lt=today)
    elif wanted.due == "soon":
        rows = rows.filter(next_due_on__lte=today + timedelta(days=SOON_DAYS))
    for word in beginnings_of_parts(wanted.query):
        rows = rows.filter(search_text__contains=f" {word}")
    return rows.order_by(*ORDERS.get(wanted.order, ORDERS["due"]))


def in_list(actor: Actor, keys: list[int]) -> list[Site]:
    """Return the sites of a page of keys in that order, with what a list shows of them."""
    rows = (
        Site.objects.visible_to(actor)
        .filter(pk__in=keys)
        .select_related("place", "district", "owner")
        .defer("place__boundary", "district__boundary", "search_text")
    )
    known = {row.pk: row for row in rows}
    return [known[key] for key in keys if key in known]


def site_for(actor: Actor, site_id: int) -> Site | None:
    """Return one site, or nothing where it is absent or hidden from the actor."""
    rows = Site.objects.visible_to(actor).select_related("place", "district", "owner")
    return rows.defer("place__boundary", "district__boundary").filter(pk=site_id).first()


@dataclass(frozen=True, slots=True)
class Standing:
    """How the register stands: counts of sites."""

    listed: int
    overdue: int
    soon: int
    never: int
    proposed: int


def standing(actor: Actor, *, today: date) -> Standing:
    """Count the sites the actor may see."""
    listed = Q(status=Site.Status.LISTED)
    numbers = Site.objects.visible_to(actor).aggregate(
        listed=Count("pk", filter=listed),
        overdue=Count("pk", filter=listed & Q(next_due_on__lt=today)),
        soon=Count(
            "pk",
            filter=listed
            & Q(next_due_on__gte=today, next_due_on__lte=today + timedelta(days=SOON_DAYS)),
        ),
        never=Count("pk", filter=listed & Q(last_inspected_on__isnull=True)),
        proposed=Count("pk", filter=Q(status=Site.Status.PROPOSED)),
    )
    return Standing(**numbers)


def next_sites(actor: Actor, *, today: date, limit: int = 5) -> list[Site]:
    """Return the listed sites that come next: longest overdue first, then soonest due."""
    rows = sites(actor, SiteFilter(due="soon", order="due"), today=today)
    keys = list(rows.values_list("pk", flat=True)[:limit])
    return in_list(actor, keys)


def files_of(actor: Actor, site: Site) -> list[SiteFile]:
    """Return the files of a site that are there and that the actor may see."""
    rows = SiteFile.objects.visible_to(actor).filter(site=site, removed_at__isnull=True)
    return list(rows.select_related("file", "added_by"))


def file_for(actor: Actor, file_id: int) -> SiteFile | None:
    """Return one file of a site, or nothing where it is absent, removed or hidden."""
    rows = SiteFile.objects.visible_to(actor).filter(removed_at__isnull=True)
    return rows.select_related("file", "site").filter(pk=file_id).first()


def equipment_of(actor: Actor, site: Site) -> list[Equipment]:
    """Return what stands at a site."""
    return list(Equipment.objects.visible_to(actor).filter(site=site, removed_at__isnull=True))


def equipment_for(actor: Actor, equipment_id: int) -> Equipment | None:
    """Return one device or post that is still there."""
    rows = Equipment.objects.visible_to(actor).filter(removed_at__isnull=True)
    return rows.select_related("site").filter(pk=equipment_id).first()


def inspections(actor: Actor) -> QuerySet[Inspection]:
    """Return the inspections the actor may see, newest first."""
    rows: QuerySet[Inspection] = Inspection.objects.visible_to(actor)
    return rows.order_by("-finished_at", "-pk")


def inspections_of(actor: Actor, site: Site, *, limit: int = 20) -> list[Inspection]:
    """Return the newest inspections of a site."""
    rows = inspections(actor).filter(site=site).select_related("version__checklist")
    return list(rows.defer("inspector_signature", "owner_signature")[:limit])


def history_of(actor: Actor, site: Site, *, limit: int = 40) -> list[Moment]:
    """Return what happened to a site, newest first; for those who may see its history."""
    events = SiteEvent.objects.visible_to(actor).filter(site=site).select_related("by")
    sees_inspections = policy_of(Inspection).allows(actor, VIEW)
    if sees_inspections:
        events = events.exclude(kind=SiteEvent.Kind.INSPECTED)
    moments = [_moment(event) for event in events.order_by("-at", "-pk")[:limit]]
    if moments and sees_inspections:
        tones = {"pass": "good", "minor": "warning", "serious": "critical"}
        moments += [
            Moment(
                row.finished_at, _("Inspected: %(result)s") % {"result": row.get_result_display()},
                tone=tones[row.result], url=row.get_absolute_url(),
            )
            for row in inspections_of(actor, site, limit=limit)
        ]  # fmt: skip
    return sorted(moments, key=lambda moment: moment.time, reverse=True)[:limit]


def _moment(event: SiteEvent) -> Moment:
    detail = event.detail
    parts = [str(event.by) if event.by else ""]
    parts += [str(detail[name]) for name in ("reason", "title", "label", "added", "removed")
              if detail.get(name)]  # fmt: skip
    model: Any = Equipment if event.kind == SiteEvent.Kind.EQUIPMENT else Site
    for name, (old, new) in detail.get("changed", {}).items():
        field = model._meta.get_field(name)
        words = dict(getattr(field, "flatchoices", ()))
        parts.append(
            f"{field.verbose_name}: {words.get(old, old) or '–'} → {words.get(new, new) or '–'}"
        )
    return Moment(
        event.at, str(event.get_kind_display()), note=" · ".join(part for part in parts if part)
    )


def requests(actor: Actor, *, open_only: bool) -> QuerySet[SiteRequest]:
    """Return the requests the actor may see, newest first."""
    rows: QuerySet[SiteRequest] = SiteRequest.objects.visible_to(actor)
    if open_only:
        rows = rows.filter(decision=SiteRequest.Decision.OPEN)
    return rows.select_related("site__district", "asked_by", "decided_by").defer(
        "site__district__boundary"
    )


def request_for(actor: Actor, request_id: int) -> SiteRequest | None:
    """Return one request, or nothing where it is absent or hidden."""
    rows = SiteRequest.objects.visible_to(actor).select_related("site__district", "asked_by")
    return rows.filter(pk=request_id).first()


def expiring_equipment(actor: Actor, *, today: date) -> dict[str, int]:
    """Count equipment that is faulty or missing, past its expiry, or within thirty days of it."""
    there = Q(removed_at__isnull=True)
    counts: dict[str, int] = Equipment.objects.visible_to(actor).aggregate(
        broken=Count("pk", filter=there & ~Q(state=Equipment.State.WORKS)),
        expired=Count("pk", filter=there & Q(expires_on__lt=today)),
        expiring=Count(
            "pk",
            filter=there
            & Q(expires_on__gte=today, expires_on__lte=today + timedelta(days=SOON_DAYS)),
        ),
    )
    return counts
