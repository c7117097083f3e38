"""Load the sample's matrix, matters and rights; all of it made up and labelled so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from qalqan.desk.agencies.models import Body, Grant, Matter, Responsibility
from qalqan.desk.agencies.services import handing
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor


@transaction.atomic
def load_sample_matrix(
    *, actor: Actor, parts: Iterable[tuple[str, str, str, str]], group_worker: Any, now: datetime
) -> int:
    """Store parts of bodies, and give the group's worker the rights of its page.

    Parameters
    ----------
    parts
        Kind of matter, English name of the body, part, code of the area.
    """
    if Responsibility.objects.filter(is_sample=True).exists():
        return 0
    bodies = {row.name_en: row for row in Body.objects.filter(is_sample=True)}
    areas = _areas(actor)
    since = timezone.localdate(now) - timedelta(days=200)
    rows = [
        Responsibility(
            matter=matter, body=bodies[name], part=part, area_id=areas[area], since=since,
            ground="№ 1 (үлгі)", recorded_at=now, is_sample=True,
        )
        for matter, name, part, area in parts
    ]  # fmt: skip
    Responsibility.objects.bulk_create(rows)
    own = Body.objects.filter(organisation_id=group_worker.organisation_id).first()
    if own is not None:
        Grant.objects.bulk_create(
            Grant(user=group_worker, body=own, right=right, given_at=now)
            for right in Grant.Right.values
        )
    audit.record(
        actor=actor, action="agencies.load_sample", subject="agencies", now=now,
        detail={"parts": len(rows)},
    )  # fmt: skip
    return len(rows)


def _areas(actor: Actor) -> dict[str, int]:
    return dict(places.places(actor).exclude(kato="").values_list("kato", "pk"))


@transaction.atomic
def load_sample_matters(
    *, actor: Actor, matters: Iterable[Any], language: str, now: datetime
) -> list[Matter]:
    """Open the sample's matters, and let some be offered or refused."""
    if Matter.objects.filter(is_sample=True).exists():
        return []
    bodies: Mapping[str, Body] = {
        row.name_en: row
        for row in Body.objects.filter(is_sample=True).select_related("organisation")
    }
    by_code = {
        row.kato: row for row in places.places(actor).filter(kind__in=("province", "district"))
    }
    made = []
    for one in matters:
        at = now - one.opened
        matter = handing.open_matter(
            actor=actor, kind=one.kind, title=one.titles[language], area=by_code[one.area],
            holder=bodies[one.holder], due_at=now + one.due, now=at, is_sample=True,
        )  # fmt: skip
        made.append(matter)
        if one.to:
            offered = now - timedelta(hours=20)
            offer = handing.hand_over(
                actor=actor, matter=matter, to_body=bodies[one.to], reason=one.titles[language],
                now=offered,
            )  # fmt: skip
            if one.refused:
                handing.refuse(
                    actor=actor, offer=offer, reason=one.refused[language],
                    now=now - timedelta(hours=2),
                )  # fmt: skip
    return made
