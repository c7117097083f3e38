"""What is planned: teams, weeks, visits, what a change would cost, whether chance was fair."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from qalqan.desk.platform.policies import Actor
from qalqan.desk.protection.models import (
    CalendarFeed,
    Inspection,
    PlanChange,
    PlannedVisit,
    PlanWeek,
    Site,
    Team,
)

if TYPE_CHECKING:
    from qalqan.science.protection.columngen import Shift
    from qalqan.science.protection.planning import Price

COMPONENTS = ("vulnerability", "consequence", "exposure")
_BY_RESULT = {"pass": 0.1, "minor": 0.5, "serious": 0.9}
_UNKNOWN = 0.5
_NEVER_DAYS = 3650.0
_TIERS = 3


@dataclass(frozen=True, slots=True)
class SiteRisks:
    """Listed sites that have a place, and the parts of their scores, 0 to 1."""

    ids: list[int]
    latitude: list[float]
    longitude: list[float]
    components: dict[str, list[float]]
    is_sample: bool

    def only(self, rows: Sequence[int]) -> SiteRisks:
        """Return these rows."""
        return SiteRisks(
            [self.ids[row] for row in rows], [self.latitude[row] for row in rows],
            [self.longitude[row] for row in rows],
            {name: [part[row] for row in rows] for name, part in self.components.items()},
            self.is_sample,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """What recomputing a plan from its revealed seed says."""

    is_revealed: bool
    is_committed: bool
    is_drawn: bool
    by_hand: int

    @property
    def is_fair(self) -> bool:
        """Whether seed and visits are those committed to, apart from recorded changes."""
        return self.is_committed and self.is_drawn


def site_risks(actor: Actor, today: date) -> SiteRisks:
    """Return what the plan weighs: what failed last, how many people, how long not looked at."""
    newest = Inspection.objects.filter(site=OuterRef("pk")).order_by("-finished_at", "-pk")
    rows = list(
        Site.objects.visible_to(actor)
        .filter(status=Site.Status.LISTED, latitude__isnull=False, longitude__isnull=False)
        .annotate(passed=Subquery(newest.values("score")[:1]))
        .order_by("pk")
        .values_list(
            "pk", "latitude", "longitude", "tier", "last_inspected_on", "last_result", "passed",
            "is_sample",
        )
    )  # fmt: skip
    from qalqan.science.protection.risk import staleness

    days = [max(0.0, float((today - row[4]).days)) if row[4] else _NEVER_DAYS for row in rows]
    failed = [
        _BY_RESULT.get(row[5], _UNKNOWN) if row[6] is None else min(1.0, max(0.0, 1.0 - row[6]))
        for row in rows
    ]
    return SiteRisks(
        [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows],
        {
            "vulnerability": failed,
            "consequence": [row[3] / _TIERS for row in rows],
            "exposure": staleness(days).tolist() if days else [],
        },
        any(row[7] for row in rows),
    )  # fmt: skip


def teams(actor: Actor) -> QuerySet[Team]:
    """Return the teams."""
    return Team.objects.visible_to(actor).prefetch_related("members")


def team_for(actor: Actor, team_id: int) -> Team | None:
    """Return a team that the actor may see."""
    return teams(actor).filter(pk=team_id).first()


def feeds(actor: Actor) -> QuerySet[CalendarFeed]:
    """Return the calendar feeds that still answer."""
    return CalendarFeed.objects.visible_to(actor).filter(revoked_at=None).select_related("team")


def feed_for(actor: Actor, feed_id: int) -> CalendarFeed | None:
    """Return a feed that still answers."""
    return feeds(actor).filter(pk=feed_id).first()


def weeks(actor: Actor) -> QuerySet[PlanWeek]:
    """Return the plans, newest first, without what they were computed from."""
    return PlanWeek.objects.visible_to(actor).only(
        "monday", "made_at", "guarantee", "bound", "baselines", "seed", "changes_made",
        "is_sample",
    )  # fmt: skip


def week_for(actor: Actor, week_id: int) -> PlanWeek | None:
    """Return a plan that the actor may see."""
    return PlanWeek.objects.visible_to(actor).filter(pk=week_id).first()


def visits(actor: Actor, week: PlanWeek) -> QuerySet[PlannedVisit]:
    """Return the visits of a week that the actor may see, by day and team."""
    return (
        PlannedVisit.objects.visible_to(actor)
        .filter(week=week)
        .select_related("team", "site__place")
        .defer("site__search_text", "site__place__boundary")
        .order_by("day", "team__name", "pk")
    )


def visit_for(actor: Actor, visit_id: int) -> PlannedVisit | None:
    """Return a visit that is still planned."""
    rows = PlannedVisit.objects.visible_to(actor).filter(state=PlannedVisit.State.PLANNED)
    return rows.select_related("week", "team", "site").filter(pk=visit_id).first()


def changes(actor: Actor, week: PlanWeek) -> QuerySet[PlanChange]:
    """Return the changes by hand that the actor may see."""
    rows = PlanChange.objects.visible_to(actor).filter(week=week)
    return rows.select_related("team", "taken_out", "put_in")


def instead_of(actor: Actor, visit: PlannedVisit, *, most: int = 200) -> list[Site]:
    """Return the sites that could be visited instead: not planned yet, the same zone first."""
    week = visit.week
    planned = set(
        PlannedVisit.objects.filter(week=week, state=PlannedVisit.State.PLANNED).values_list(
            "site_id", flat=True
        )
    )
    zone = dict(zip(week.site_ids, week.zones, strict=True))
    here = zone.get(visit.site_id)
    free = [pk for pk in week.site_ids if pk not in planned]
    free.sort(key=lambda pk: zone[pk] != here)
    rows = Site.objects.visible_to(actor).in_bulk(free[:most])
    return [rows[pk] for pk in free[:most] if pk in rows]


def is_near(visit: PlannedVisit, site_id: int) -> bool:
    """Tell whether a site lies in the zone of the visit, so that it fits into the shift."""
    zone = dict(zip(visit.week.site_ids, visit.week.zones, strict=True))
    return zone.get(site_id, -1) == zone.get(visit.site_id, -2)


def mixture_of(week: PlanWeek) -> list[Shift]:
    """Return the shifts with their probabilities."""
    from qalqan.science.protection.columngen import Shift

    return [
        Shift(int(kind), int(zone), tuple(targets), float.fromhex(share))
        for kind, zone, targets, share in week.mixture
    ]


def price_of(week: PlanWeek, visit: PlannedVisit, new_site_id: int | None) -> Price:
    """Return what a change would cost in protection and in unpredictability."""
    import numpy as np

    from qalqan.science.protection.planning import payoffs_of, price_of_change

    row_of = {pk: row for row, pk in enumerate(week.site_ids)}
    kinds = [int(slot[0]) for slot in week.slots]
    kind = kinds[visit.slot]
    return price_of_change(
        payoffs_of(week.scores, week.parameters["effect"]), np.array(week.coverage),
        mixture_of(week), kind=kind, amount=kinds.count(kind), old=row_of[visit.site_id],
        new=None if new_site_id is None else row_of[new_site_id],
    )  # fmt: skip


def label_of(week_label: str, site_ids: Sequence[int], slots: Sequence[Sequence[Any]]) -> str:
    """Return what the commitment says about whom and what: the week, the sites, the team-days."""
    rows = json.dumps([list(site_ids), [list(slot) for slot in slots]], separators=(",", ":"))
    return f"{week_label} {sha256(rows.encode()).hexdigest()}"


def recompute(week: PlanWeek) -> Check:
    """Draw a plan again from its revealed seed, and compare with what was planned."""
    by_hand = PlannedVisit.objects.filter(week=week, by_hand=True).count()
    if not week.seed:
        return Check(False, False, False, by_hand)
    from qalqan.science.protection.commitment import digest, generator, is_committed
    from qalqan.science.protection.rounding import draw_week

    mixture, kinds = mixture_of(week), [int(slot[0]) for slot in week.slots]
    seed = bytes.fromhex(week.seed)
    hashed = digest(mixture, kinds, label_of(week.label, week.site_ids, week.slots))
    drawn = {
        (one.slot, week.site_ids[row])
        for one in draw_week(mixture, kinds, generator(seed))
        for row in one.targets
    }
    stored = set(
        PlannedVisit.objects.filter(week=week, by_hand=False).values_list("slot", "site_id")
    )
    return Check(True, is_committed(seed, hashed, week.commitment), drawn == stored, by_hand)


def planned_days(actor: Actor, now: datetime) -> dict[int, str]:
    """Return the sites that this week's plan gives to the actor's teams, with the day."""
    pk = getattr(actor, "pk", None)
    if pk is None:
        return {}
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday())
    rows = PlannedVisit.objects.visible_to(actor).filter(
        team__members=pk, state=PlannedVisit.State.PLANNED, day__gte=monday,
        day__lte=monday + timedelta(days=6),
    )  # fmt: skip
    return {site: day.isoformat() for site, day in rows.values_list("site_id", "day")}


def feed_visits(feed: CalendarFeed, today: date) -> list[PlannedVisit]:
    """Return what a team's calendar shows: two weeks back, and all that lies ahead."""
    rows = PlannedVisit.objects.filter(team=feed.team, day__gte=today - timedelta(days=14))
    return list(rows.select_related("site__place", "week").order_by("day", "pk"))
