"""What an inspector's phone takes along: their sites, what is open there, what to ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.words import LANGUAGES
from qalqan.desk.protection.models import (
    ChecklistVersion,
    FieldDevice,
    Given,
    Inspection,
    Question,
    Site,
    TakenSite,
    Violation,
)
from qalqan.desk.protection.selectors.plan import planned_days

KEEP_DAYS = 7
"""A phone that has not met the desk for so long forgets its plan."""


def taken_sites(actor: Actor, now: datetime) -> list[TakenSite]:
    """Return the sites that the actor takes along by their own choice."""
    rows = TakenSite.objects.visible_to(actor).filter(until__gte=timezone.localdate(now))
    return list(rows.select_related("site__place").order_by("until", "site__number"))


def due_sites(actor: Actor, *, most: int = 10) -> list[Site]:
    """Return the listed sites whose inspection is due first, for whoever chooses what to take."""
    rows = Site.objects.visible_to(actor).filter(
        status=Site.Status.LISTED, next_due_on__isnull=False
    )
    return list(rows.select_related("place").order_by("next_due_on", "number")[:most])


def plan_for(actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the plan that a phone takes along, as plain data, in the reader's language.

    Only sites that are planned for the actor's team or taken along by the actor are in it.
    """
    days = _days(actor, now)
    sites = list(
        Site.objects.visible_to(actor)
        .filter(pk__in=days, status=Site.Status.LISTED)
        .select_related("place", "district")
        .order_by("number", "pk")
    )
    versions = list(
        ChecklistVersion.objects.visible_to(actor)
        .filter(state=ChecklistVersion.State.PUBLISHED)
        .select_related("checklist")
    )
    live = _open_violations(actor, [site.pk for site in sites])
    return {
        "made_at": now.isoformat(),
        "keep_days": KEEP_DAYS,
        "sites": [_site(site, days[site.pk], versions, live[site.pk]) for site in sites],
        "checklists": [_checklist(version) for version in versions] if sites else [],
    }


def _days(actor: Actor, now: datetime) -> dict[int, str]:
    """Return the sites to take along with the day they are planned for, empty for none."""
    days = {row.site_id: "" for row in taken_sites(actor, now)}
    days.update(planned_days(actor, now))
    return days


def _open_violations(actor: Actor, sites: Iterable[int]) -> dict[int, list[Violation]]:
    rows = (
        Violation.objects.visible_to(actor)
        .filter(site__in=sites)
        .filter(~Q(state=Violation.State.VERIFIED))
        .select_related("question")
    )
    found: dict[int, list[Violation]] = defaultdict(list)
    for row in rows:
        found[row.site_id].append(row)
    return found


def _site(
    site: Site, day: str, versions: list[ChecklistVersion], live: list[Violation]
) -> dict[str, Any]:
    fitting = [
        version.pk
        for version in versions
        if not version.checklist.categories or site.category in version.checklist.categories
    ]
    return {
        "id": site.pk,
        "number": site.number,
        "name": site.name,
        "category": str(site.get_category_display()),
        "place": site.place.name,
        "address": site.address,
        "contact": site.duty_contact,
        "day": day,
        "due": site.next_due_on.isoformat() if site.next_due_on else "",
        "checklists": fitting,
        "open": [
            {"code": row.code, "text": row.question.text, "state": str(row.get_state_display())}
            for row in live
        ],
    }


def _checklist(version: ChecklistVersion) -> dict[str, Any]:
    return {
        "id": version.pk,
        "name": version.checklist.name,
        "version": version.version,
        "questions": [_question(row) for row in version.questions.order_by("order")],
    }


def _question(row: Question) -> dict[str, Any]:
    return {
        "code": row.code,
        "kind": row.kind,
        "section": row.section,
        "text": row.text,
        "hint": row.hint,
        "required": row.required,
        "pictures": row.pictures_required,
        "relevant": row.relevant,
        "constraint": row.constraint,
        "choices": [{"code": choice["code"], "text": in_choice(choice)} for choice in row.choices],
    }


def in_choice(choice: dict[str, str]) -> str:
    """Return a choice's words in the reader's language."""
    wanted = (get_language() or "kk")[:2]
    return choice.get(wanted) or next((choice[k] for k in LANGUAGES if choice.get(k)), "")


def devices(actor: Actor) -> list[FieldDevice]:
    """Return the phones that the actor may see, the newest first."""
    rows = FieldDevice.objects.visible_to(actor)
    return list(rows.select_related("user").order_by("-last_seen_at")[:200])


def stored_answers(actor: Actor, inspection: Inspection) -> dict[str, Any]:
    """Return what the desk holds of an inspection, for a phone that holds something else."""
    rows = Given.objects.visible_to(actor).filter(inspection=inspection)
    return {
        "received_at": inspection.received_at.isoformat(),
        "answers": [
            {"question": row.question.code, "value": row.value, "note": row.note}
            for row in rows.select_related("question").order_by("question__order")
        ],
    }
