"""Reading activities: lists by pages however many there are, one activity, its history.

A page of the list is found in two steps. The sums tell in which months, and where matches are
few on which days, the next matches lie; then only those days are looked through, within an
index that holds every filter. So a rare match costs no more than a frequent one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from qalqan.desk.outreach.models import (
    STATES,
    Activity,
    ActivityDay,
    ActivityEvent,
    ActivityFeed,
    QuestionHeard,
)
from qalqan.desk.outreach.selectors import margins
from qalqan.desk.platform.policies import VIEW, Actor, policy_of
from qalqan.desk.platform.work.models import WorkItem

PAGE = 50
_DENSE_MONTHS = 2
_CURSOR = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What a list is narrowed to; what is empty narrows nothing.

    Parameters
    ----------
    district_id
        A district, or a wider place for what lies in none.
    start, end
        First day, and the day after the last.
    """

    state: str = ""
    theme: str = ""
    kind: str = ""
    language: str = ""
    district_id: int | None = None
    body_id: int | None = None
    start: date | None = None
    end: date | None = None

    def cells(self) -> dict[str, Any]:
        """Return what is narrowed and known to the sums, as lookups."""
        names = ("theme", "kind", "language", "district_id")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list, between one activity and the next older one."""

    day: date
    key: int

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """Return the place that a page's address names, or nothing.

        >>> Cursor.read("2026-03-02.7")
        Cursor(day=datetime.date(2026, 3, 2), key=7)
        >>> Cursor.read("yesterday") is None
        True
        """
        found = _CURSOR.fullmatch(text)
        if found is None:
            return None
        try:
            return cls(date.fromisoformat(found[1]), int(found[2]))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.key}"


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """One page of the list: its rows, where the older ones begin, and how many match in all."""

    rows: list[Activity] = field(default_factory=list)
    older: Cursor | None = None
    total: int = 0


def page(
    actor: Actor, wanted: ActivityFilter, *, before: Cursor | None = None, size: int = PAGE
) -> ActivityPage:
    """Return the newest activities that match, or the next older ones after a cursor."""
    rows: QuerySet[Activity] = Activity.objects.visible_to(actor)
    is_one_body = wanted.body_id is not None or not policy_of(ActivityDay).allows(actor, VIEW)
    if is_one_body:
        # One body's activities are few enough to be counted and looked through.
        rows = _narrowed(rows, wanted)
        total = rows.count()
    else:
        total, days = _where(actor, wanted, before, size + 1)
        if not days.wanted:
            return ActivityPage(total=total)
        # Only the closest bounds are named: given several, the database searches the first.
        rows = _narrowed(rows, replace(wanted, start=None, end=None)).filter(days.condition())
    if before is not None:
        # Written without "or", which would lead the database to two searches and a sort.
        rows = rows.exclude(held_on=before.day, pk__gte=before.key)
        if is_one_body:
            rows = rows.filter(held_on__lte=before.day)
    keys = list(rows.order_by("-held_on", "-pk").values_list("pk", flat=True)[: size + 1])
    shown = in_list(keys[:size])
    older = Cursor(shown[-1].held_on, shown[-1].pk) if len(keys) > size else None
    return ActivityPage(shown, older, total)


@dataclass(frozen=True, slots=True)
class _Days:
    """Which days hold the next matches: a stretch, or single days where matches are few."""

    first: date
    last: date
    single: tuple[date, ...] = ()

    @property
    def wanted(self) -> bool:
        return self.first <= self.last

    def condition(self) -> Q:
        if self.single:
            return Q(held_on__in=self.single)
        return Q(held_on__gte=self.first, held_on__lte=self.last)


_NOWHERE = _Days(date(2, 1, 1), date(1, 1, 1))


def _where(
    actor: Actor, wanted: ActivityFilter, before: Cursor | None, need: int
) -> tuple[int, _Days]:
    """Return how many match, and on which days the next ``need`` of them lie."""
    counted = _per_day(actor, wanted, ActivityDay.Span.MONTH)
    months = {
        first: count for first, count in counted.items()
        if (wanted.end is None or first < wanted.end)
        and (wanted.start is None or _month_end(first) > wanted.start)
    }  # fmt: skip
    total = _total(actor, wanted, months)
    last = _month_end(max(months)) - timedelta(days=1) if months else date(1, 1, 1)
    if before is not None:
        last = min(last, before.day)
    chosen: list[date] = []
    found = 0
    for first in sorted((first for first in months if first <= last), reverse=True):
        chosen.append(first)
        # The months at the ends may lie in the period, and before the cursor, only in part.
        whole = _month_end(first) <= last and (wanted.start is None or first >= wanted.start)
        whole = whole and (wanted.end is None or _month_end(first) <= wanted.end)
        found += months[first] if whole else 0
        if found >= need:
            break
    if not chosen:
        return total, _NOWHERE
    first_day = max(chosen[-1], wanted.start or chosen[-1])
    if wanted.end is not None:
        last = min(last, wanted.end - timedelta(days=1))
    days = _Days(first_day, last)
    if len(chosen) <= _DENSE_MONTHS:
        return total, days
    counts = _per_day(actor, wanted, ActivityDay.Span.DAY, days)
    single: list[date] = []
    found = 0
    for day in sorted(counts, reverse=True):
        single.append(day)
        found += counts[day] if before is None or day < before.day else 0
        if found >= need:
            break
    return total, _Days(days.first, days.last, tuple(single)) if single else _NOWHERE


def _month_end(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _per_day(
    actor: Actor, wanted: ActivityFilter, span: str, days: _Days | None = None
) -> dict[date, int]:
    """Return how many match by the first day of each span."""
    rows = margins.rows(actor, wanted.cells(), span)
    if days is not None:
        rows = rows.filter(day__gte=max(days.first, wanted.start or days.first), day__lte=days.last)
        if wanted.end is not None:
            rows = rows.filter(day__lt=wanted.end)
    counts = rows.order_by().values_list("day").annotate(found=Sum(_matching(wanted)))
    return {day: count for day, count in counts if count}


def _matching(wanted: ActivityFilter) -> Any:
    """Return the columns that count what matches: one state's, or those of all."""
    if wanted.state in STATES:
        return F(wanted.state)
    return F("planned") + F("held") + F("reported") + F("cancelled")


def _total(actor: Actor, wanted: ActivityFilter, months: dict[date, int]) -> int:
    """Return how many match in all; months that lie in the period in part are counted by day."""
    start, end = wanted.start or date.min, wanted.end or date.max
    total, partial = 0, []
    for first, count in months.items():
        if first >= start and _month_end(first) <= end:
            total += count
        else:
            partial.append(first)
    for first in partial:
        inside = _Days(max(first, start), min(_month_end(first), end) - timedelta(days=1))
        total += sum(_per_day(actor, wanted, ActivityDay.Span.DAY, inside).values())
    return total


def _narrowed(rows: QuerySet[Activity], wanted: ActivityFilter) -> QuerySet[Activity]:
    found = rows.filter(**wanted.cells())
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.body_id is not None:
        found = found.filter(body_id=wanted.body_id)
    if wanted.start is not None:
        found = found.filter(held_on__gte=wanted.start)
    if wanted.end is not None:
        found = found.filter(held_on__lt=wanted.end)
    return found


def matching(actor: Actor, wanted: ActivityFilter) -> QuerySet[Activity]:
    """Return all that match, oldest first, for a file to hand out."""
    rows: QuerySet[Activity] = Activity.objects.visible_to(actor)
    return _narrowed(rows, wanted).order_by("held_on", "pk")


def in_list(keys: Sequence[int]) -> list[Activity]:
    """Return activities in the order of their keys, with what a list shows of each."""
    rows = Activity.objects.select_related("body", "place", "district").defer(
        "place__boundary", "district__boundary", "outcome", "body__mandate", "body__search_text"
    )
    found = rows.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def activity_for(actor: Actor, activity_id: int) -> Activity | None:
    """Return one activity, or nothing where it is absent or hidden."""
    rows: QuerySet[Activity] = Activity.objects.visible_to(actor)
    rows = rows.select_related("body__organisation", "place", "district", "recorded_by")
    return rows.defer("place__boundary", "district__boundary").filter(pk=activity_id).first()


def questions(actor: Actor, activity: Activity) -> list[QuestionHeard]:
    """Return what was asked at an activity, and answered."""
    return list(QuestionHeard.objects.visible_to(actor).filter(activity=activity))


def events(actor: Actor, activity: Activity) -> list[ActivityEvent]:
    """Return what was changed in an activity, newest first."""
    rows: QuerySet[ActivityEvent] = ActivityEvent.objects.visible_to(actor)
    return list(rows.filter(activity=activity).select_related("by").order_by("-at", "-pk")[:100])


def follow_ups(actor: Actor, activity: Activity) -> list[WorkItem]:
    """Return the work that came out of an activity, as far as the actor may see work."""
    rows: QuerySet[WorkItem] = WorkItem.objects.visible_to(actor)
    subject = f"{activity._meta.label_lower}:{activity.pk}"
    found = rows.filter(kind="outreach.follow_up", subject=subject)
    return list(found.select_related("owner", "organisation").order_by("due_at", "pk")[:50])


def feeds(actor: Actor) -> list[ActivityFeed]:
    """Return the private calendars that the actor may end."""
    rows: QuerySet[ActivityFeed] = ActivityFeed.objects.visible_to(actor)
    return list(rows.filter(revoked_at=None).select_related("body")[:100])


def agenda(*, start: date, end: date, body_id: int | None = None) -> QuerySet[Activity]:
    """Return what is on the public agenda in a period; no actor is asked, it is for everyone."""
    rows = Activity.objects.filter(is_public=True, held_on__gte=start, held_on__lt=end).exclude(
        state=Activity.State.REPORTED
    )
    if body_id is not None:
        rows = rows.filter(body_id=body_id)
    return (
        rows.select_related("body", "place", "district")
        .defer("place__boundary", "district__boundary", "outcome")
        .order_by("held_on", "starts_at", "pk")
    )
