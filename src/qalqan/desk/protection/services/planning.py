"""Draw a week: commit to the seed first, reveal it when the week is over."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.privacy.sealing import seal_bytes, unseal_bytes
from qalqan.desk.protection.models import PlannedVisit, PlanWeek, Team
from qalqan.desk.protection.policies import REVEAL
from qalqan.desk.protection.selectors import plan as selectors
from qalqan.errors import ConflictError, InputError

if TYPE_CHECKING:
    from qalqan.science.protection.columngen import Scheduled
    from qalqan.science.protection.planning import Travel
    from qalqan.science.protection.shifts import Shifts

PURPOSE = "protection plan seed"
EFFECT = 0.8
"""Part of a loss that a visit in the week averts: an assumption, shown with every plan."""
WEEK = 7


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What is known of a team."""

    name: str
    latitude: float
    longitude: float
    weekdays: tuple[int, ...]
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Computed:
    """A week's probabilities and what they were computed from."""

    risks: selectors.SiteRisks
    scores: list[float]
    parts: dict[str, list[float]]
    zones: list[int]
    held: Shifts
    found: Scheduled
    slots: list[list[Any]]
    baselines: dict[str, float]
    travel: Travel
    out_of_reach: int


@transaction.atomic
def save_team(
    *, actor: Actor, facts: TeamFacts, members: Sequence[User], now: datetime,
    team: Team | None = None, is_sample: bool = False,
) -> Team:  # fmt: skip
    """Enter a team, or correct it.

    Raises
    ------
    InputError
        No name, a name that another team has, no day of work, or a base that is not on Earth.
    RefusedError
        The actor may not enter teams.
    """
    require(actor, ADD if team is None else CHANGE, Team)
    name = screen(" ".join(facts.name.split())).text
    if not name or len(name) > 80:
        raise InputError(_("A team needs a name of at most 80 characters."))
    others = Team.objects.filter(name=name)
    if (others.exclude(pk=team.pk) if team else others).exists():
        raise InputError(_("Another team has this name."))
    days = sorted(set(facts.weekdays))
    if not days or not all(0 <= day < WEEK for day in days):
        raise InputError(_("A team needs at least one day of work."))
    if not (-90 <= facts.latitude <= 90 and -180 <= facts.longitude <= 180):
        raise InputError(_("The base is not on Earth."))
    row = team or Team(is_sample=is_sample)
    row.name, row.latitude, row.longitude = name, facts.latitude, facts.longitude
    row.weekdays, row.is_active = days, facts.is_active
    row.save()
    row.members.set(members)
    audit.record(
        actor=actor, action="protection.save_team", subject=row, now=now,
        detail={"weekdays": days, "members": sorted(user.pk for user in members)},
    )  # fmt: skip
    return row


def draw_plan(
    *, actor: Actor, monday: date, now: datetime, seed: bytes | None = None,
    is_sample: bool = False,
) -> PlanWeek:  # fmt: skip
    """Compute a week's probabilities, draw the visits, and commit to the seed in the audit.

    Parameters
    ----------
    monday
        First day of the week; not one that is over.
    seed
        32 bytes; from the system's source of chance where it is not given. It is stored sealed,
        and its commitment stands in the audit chain before anybody sees the plan.

    Raises
    ------
    ConflictError
        The week has a plan, or is over.
    InputError
        Not a Monday; no team goes out, no listed site has a place, or no team gets to any.
    RefusedError
        The actor may not draw plans.
    """
    require(actor, ADD, PlanWeek)
    if monday.weekday():
        raise InputError(_("A week begins on a Monday."))
    if monday + timedelta(days=WEEK) <= timezone.localdate(now):
        raise ConflictError(_("This week is over."))
    if PlanWeek.objects.filter(monday=monday).exists():
        raise ConflictError(_("This week has a plan."))
    computed = _compute(actor, monday)
    return _store(actor, monday, now, seed or secrets.token_bytes(32), computed, is_sample)


def _compute(actor: Actor, monday: date) -> Computed:
    from qalqan.science.protection.baselines import shift_baselines
    from qalqan.science.protection.columngen import solve_scheduled
    from qalqan.science.protection.planning import (
        Travel,
        fitting,
        payoffs_of,
        within_reach,
        zones,
    )
    from qalqan.science.protection.risk import score

    crews = list(selectors.teams(actor).filter(is_active=True))
    risks = selectors.site_risks(actor, monday)
    if not crews:
        raise InputError(_("No team goes out. Enter a team first."))
    if not risks.ids:
        raise InputError(_("No site on the list has a place on the map."))
    travel = Travel()
    zone = zones(risks.latitude, risks.longitude, travel)
    slots = [
        [kind, team.pk, (monday + timedelta(days=day)).isoformat()]
        for kind, team in enumerate(crews)
        for day in team.weekdays
    ]
    amounts = [len(team.weekdays) for team in crews]
    bases = [(team.latitude, team.longitude) for team in crews]
    held = fitting(risks.latitude, risks.longitude, zone, bases, amounts, travel)
    if not held.limits.any():
        raise InputError(_("No team gets to any site and back within a shift."))
    rows, held = within_reach(zone, held)
    out_of_reach, risks = len(risks.ids) - len(rows), risks.only(rows.tolist())
    scores = score(risks.components)
    payoffs = payoffs_of(scores.total, EFFECT)
    return Computed(
        risks, scores.total.tolist(),
        {name: part.tolist() for name, part in scores.parts.items()}, held.zone.tolist(), held,
        solve_scheduled(payoffs, held), slots,
        {
            name: rule.response.defender_value
            for name, rule in shift_baselines(payoffs, held).items()
        },
        travel, out_of_reach,
    )  # fmt: skip


@transaction.atomic
def _store(
    actor: Actor, monday: date, now: datetime, seed: bytes, computed: Computed, is_sample: bool
) -> PlanWeek:
    from qalqan.science.protection.commitment import commit, digest
    from qalqan.science.protection.rounding import slot_entropy_bits

    if PlanWeek.objects.filter(monday=monday).exists():
        raise ConflictError(_("This week has a plan."))
    found, slots = computed.found, computed.slots
    week = PlanWeek(monday=monday, made_at=now, is_sample=is_sample or computed.risks.is_sample)
    label = selectors.label_of(week.label, computed.risks.ids, slots)
    week.digest = digest(found.shifts, [slot[0] for slot in slots], label)
    week.commitment = commit(seed, week.digest)
    week.sealed_seed = seal_bytes(seed, purpose=PURPOSE)
    week.made_by = actor if isinstance(actor, User) else None
    week.parameters = {
        "effect": EFFECT, "out_of_reach": computed.out_of_reach, **asdict(computed.travel),
    }  # fmt: skip
    week.site_ids, week.scores, week.zones = (
        computed.risks.ids, computed.scores, computed.zones,
    )  # fmt: skip
    week.limits = computed.held.limits.tolist()
    week.coverage = [min(1.0, max(0.0, share)) for share in found.coverage.tolist()]
    week.mixture = [[s.kind, s.zone, list(s.targets), s.share.hex()] for s in found.shifts]
    week.slots, week.baselines = slots, computed.baselines
    week.guarantee, week.bound = found.defender_value, found.defender_bound
    week.bits = slot_entropy_bits(found.shifts, computed.held.amounts.tolist())
    week.save()
    drawn = _draw(week, seed, computed)
    audit.record(
        actor=actor, action="protection.draw_plan", subject=week, now=now,
        detail={
            "week": week.label, "commitment": week.commitment, "digest": week.digest,
            "visits": drawn,
        },
    )  # fmt: skip
    return week


def _draw(week: PlanWeek, seed: bytes, computed: Computed) -> int:
    from qalqan.science.protection.commitment import generator
    from qalqan.science.protection.rounding import draw_week

    kinds = [slot[0] for slot in week.slots]
    rows = [
        PlannedVisit(
            week=week, team_id=week.slots[one.slot][1], slot=one.slot,
            day=date.fromisoformat(week.slots[one.slot][2]), site_id=week.site_ids[row],
            probability=week.coverage[row], reason=_reason(computed, row),
        )
        for one in draw_week(computed.found.shifts, kinds, generator(seed))
        for row in one.targets
    ]  # fmt: skip
    PlannedVisit.objects.bulk_create(rows)
    return len(rows)


def _reason(computed: Computed, row: int) -> dict[str, float]:
    parts = {name: round(part[row], 1) for name, part in computed.parts.items()}
    return {"score": round(computed.scores[row], 1), **parts}


@transaction.atomic
def reveal_seed(*, actor: Actor, week: PlanWeek, now: datetime) -> PlanWeek:
    """Show the seed of a week that is over, on the page and in the audit.

    Raises
    ------
    ConflictError
        The week is not over, or the seed is shown already.
    RefusedError
        The actor may not reveal seeds.
    """
    require(actor, REVEAL, PlanWeek)
    locked: PlanWeek = PlanWeek.objects.select_for_update().get(pk=week.pk)
    if locked.seed:
        raise ConflictError(_("The seed is revealed already."))
    if timezone.localdate(now) <= locked.last_day:
        raise ConflictError(_("The seed is revealed when the week is over."))
    locked.seed = unseal_bytes(bytes(locked.sealed_seed), purpose=PURPOSE).hex()
    locked.revealed_at = now
    locked.save(update_fields=["seed", "revealed_at"])
    audit.record(
        actor=actor, action="protection.reveal_seed", subject=locked, now=now,
        detail={"week": locked.label, "seed": locked.seed, "commitment": locked.commitment},
    )  # fmt: skip
    return locked


@transaction.atomic
def note_reading(*, actor: Actor, subject: PlanWeek | str, now: datetime) -> None:
    """Write that somebody looked at where teams will be."""
    audit.record_read(actor=actor, subject=subject, now=now)
