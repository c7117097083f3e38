"""How long warnings waited for the second person and for a first receiver; for indicators."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min, QuerySet

from qalqan.desk.alerts.models import Alert, AlertDistrict, AlertVersion, Receipt
from qalqan.desk.platform.policies import Actor

_MINUTE = 60.0
_GOT = (
    Receipt.Event.ACCEPTED, Receipt.Event.DELIVERED, Receipt.Event.ACKNOWLEDGED,
    Receipt.Event.PLAYED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Took:
    """One warning: the districts it concerns, its minutes, and whether they came to an end."""

    district_ids: tuple[int, ...]
    minutes: float
    is_done: bool


def approvals(actor: Actor, *, start: datetime, end: datetime, at: datetime) -> list[Took]:
    """Return the messages handed to a second person in a period, and how long approval took.

    Actual warnings, updates and cancellings; what was sent back is left out, what waits at ``at``
    counts as waiting so long.
    """
    rows = _messages(actor).filter(submitted_at__gte=start, submitted_at__lt=end)
    rows = rows.exclude(state=AlertVersion.State.REJECTED)
    found = rows.values_list("pk", "submitted_at", "approved_at").order_by("pk")
    return _took(actor, list(found), at)


def deliveries(actor: Actor, *, start: datetime, end: datetime, at: datetime) -> list[Took]:
    """Return the messages approved in a period, and how long until a first receiver had them."""
    rows = list(
        _messages(actor)
        .filter(approved_at__gte=start, approved_at__lt=end)
        .order_by("pk")
        .values_list("pk", "approved_at")
    )
    got = Receipt.objects.visible_to(actor).filter(
        delivery__version__in=[row[0] for row in rows], event__in=_GOT
    )
    first = dict(got.order_by().values_list("delivery__version_id").annotate(first=Min("at")))
    return _took(actor, [(key, since, first.get(key)) for key, since in rows], at)


def _messages(actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = AlertVersion.objects.visible_to(actor)
    return rows.filter(alert__status=Alert.Status.ACTUAL)


def _took(
    actor: Actor, rows: list[tuple[int, datetime, datetime | None]], at: datetime
) -> list[Took]:
    districts: dict[int, list[int]] = defaultdict(list)
    found = AlertDistrict.objects.visible_to(actor).filter(version__in=[row[0] for row in rows])
    for version, district in found.order_by("pk").values_list("version_id", "district_id"):
        districts[version].append(district)
    return [
        Took(
            tuple(districts[key]),
            max(0.0, ((ended if ended and ended <= at else at) - since).total_seconds() / _MINUTE),
            ended is not None and ended <= at,
        )
        for key, since, ended in rows
    ]  # fmt: skip
