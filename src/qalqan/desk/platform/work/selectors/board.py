"""What waits for whom, and how the load of a body moves; never persons beside each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.policies import Actor, Role
from qalqan.desk.platform.work.ages import Middle, middle
from qalqan.desk.platform.work.attention import Look, Waiting, look
from qalqan.desk.platform.work.models import WorkItem
from qalqan.desk.platform.work.selectors.desk_list import OVERDUE, group_of, organisation_names

MOST = 300
WEEKS = 12
_DAY = 86400.0
_SEES_ALL = frozenset({Role.SECRETARY, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Holder:
    """What waits for one body, or for nobody named yet; ages in days.

    Parameters
    ----------
    body_id
        Key of the body; nothing for what no body owes.
    """

    name: str
    body_id: int | None
    count: int
    overdue: int
    oldest: float
    age: Middle


@dataclass(frozen=True, slots=True)
class Board:
    """What waits for whom, most overdue first, and what it was counted from."""

    holders: list[Holder]
    seen: Look


def board(actor: Actor, *, now: datetime) -> Board:
    """Return what waits for each body, as far as the actor may see what waits."""
    found = look(actor, now=now, most=MOST)
    by_body: dict[tuple[int | None, str], list[Waiting]] = defaultdict(list)
    for row in found.rows:
        by_body[(row.organisation_id, "" if row.organisation_id else row.role)].append(row)
    names = organisation_names(found.rows)
    holders = [_holder(key, rows, names, now) for key, rows in by_body.items()]
    holders.sort(key=lambda one: (-one.overdue, -one.count, one.name))
    return Board(holders, found)


def _holder(
    key: tuple[int | None, str], rows: list[Waiting], names: dict[int, str], now: datetime
) -> Holder:
    body, role = key
    ages = [max(0.0, (now - row.since).total_seconds() / _DAY) for row in rows]
    late = sum(group_of(row, now) == OVERDUE for row in rows)
    if body is not None:
        name = names.get(body, "–")
    else:
        name = str(Role(role).label) if role else _("Nobody named: whoever has the right")
    age = middle(ages)
    assert age is not None  # noqa: S101 - a holder has at least one row
    return Holder(name, body, len(rows), late, max(ages), age)


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a load: opened and closed in it, open at its end."""

    begins: date
    opened: int
    closed: int
    open: int


def teams(actor: Actor) -> list[Organisation]:
    """Return the bodies whose load the actor may look at: their own; all for who sees all work."""
    rows = Organisation.objects.visible_to(actor)
    if actor.role not in _SEES_ALL:
        return list(rows.filter(pk=actor.organisation_id or 0))
    with_work = WorkItem.objects.visible_to(actor).values("organisation_id")
    return list(rows.filter(Q(pk__in=with_work) | Q(pk=actor.organisation_id or 0)))


def load_of_body(actor: Actor, body: Organisation, *, now: datetime) -> list[Week]:
    """Return the load of a body over the last weeks; of work that it owes today or closed."""
    rows = WorkItem.objects.visible_to(actor).filter(organisation=body)
    return _load(rows, now)


def own_load(actor: Actor, *, now: datetime) -> list[Week]:
    """Return the actor's own load; nobody else's is shown to anybody."""
    rows = WorkItem.objects.visible_to(actor).filter(owner_id=getattr(actor, "pk", None) or 0)
    return _load(rows, now)


def _load(rows: QuerySet[Any], now: datetime) -> list[Week]:
    zone = timezone.get_current_timezone()
    today = timezone.localdate(now)
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    start = timezone.make_aware(datetime.combine(first, datetime.min.time()), zone)
    opened = _per_week(rows, "opened_at", start, zone)
    closed = _per_week(rows, "closed_at", start, zone)
    before = rows.filter(opened_at__lt=start).aggregate(
        open=Count("pk", filter=Q(closed_at__isnull=True) | Q(closed_at__gte=start))
    )["open"]
    weeks, standing = [], int(before)
    for number in range(WEEKS):
        begins = first + timedelta(weeks=number)
        came, went = opened.get(begins, 0), closed.get(begins, 0)
        standing += came - went
        weeks.append(Week(begins, came, went, standing))
    return weeks


def _per_week(rows: QuerySet[Any], field: str, start: datetime, zone: Any) -> dict[date, int]:
    counted = (
        rows.filter(**{f"{field}__gte": start})
        .order_by()
        .annotate(week=TruncWeek(field, tzinfo=zone))
        .values("week")
        .annotate(count=Count("pk"))
    )
    return {timezone.localdate(row["week"]): row["count"] for row in counted}
