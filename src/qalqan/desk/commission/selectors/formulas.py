"""Formulas of indicators, by version: which cases each is counted from.

A formula is never changed. Another way to count is another entry here, and a definition that
names it; what was locked by the former stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.db.models import Min, Q
from django.utils import timezone

from qalqan.desk.alerts.selectors import for_indicators as alerts
from qalqan.desk.commission.models import Decision, Evidence
from qalqan.desk.incidents.selectors import questions
from qalqan.desk.outreach.selectors import for_indicators as outreach
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.protection.selectors import for_indicators as protection
from qalqan.desk.rumours.selectors import for_indicators as rumours

Kind = Literal["delay", "share", "standing", "rate"]
"""How a formula's cases become a figure: see `evaluating`."""
UnitKind = Literal["district", "organisation"]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the province's calendar."""

    first: date

    @property
    def end(self) -> date:
        """The first day of the next month."""
        return (self.first.replace(day=28) + timedelta(days=4)).replace(day=1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    @property
    def start_at(self) -> datetime:
        """Its first instant."""
        return timezone.make_aware(datetime.combine(self.first, time()))

    @property
    def end_at(self) -> datetime:
        """The first instant after it."""
        return timezone.make_aware(datetime.combine(self.end, time()))

    def before(self) -> Month:
        """Return the month before."""
        return Month((self.first - timedelta(days=1)).replace(day=1))


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Parameters
    ----------
    units
        Keys of the districts, or of the body, that it belongs to; empty for none known.
    amount
        Time for delays and what stands, 1 or 0 for shares, people for rates.
    is_ended
        For delays: whether it came to an end, or was last seen open.
    """

    units: tuple[int, ...]
    amount: float
    is_ended: bool = True


@dataclass(frozen=True, slots=True)
class Inputs:
    """All cases of a month; for rates how many people live in each district."""

    cases: tuple[Case, ...]
    people: Mapping[int, float] = field(default_factory=dict)
    left_out: int = 0


Collect = Callable[[Actor, Month, datetime], Inputs]


@dataclass(frozen=True, slots=True)
class Formula:
    """A way to count, under a name that is never given to another.

    Parameters
    ----------
    adds_up
        Whether months hold different cases, so that they may be added; what stands at the end of
        a month would be counted twice.
    """

    key: str
    kind: Kind
    unit_kind: UnitKind
    collect: Collect
    adds_up: bool = True


def _unit(key: int | None) -> tuple[int, ...]:
    return (key,) if key else ()


def _answer_delay(actor: Actor, month: Month, at: datetime) -> Inputs:
    rows = rumours.waits(actor, start=month.start_at, end=month.end_at, at=at)
    return Inputs(tuple(Case(_unit(r.district_id), r.hours, r.is_answered) for r in rows))


def _findings(by_first_deadline: bool) -> Collect:
    def collect(actor: Actor, month: Month, at: datetime) -> Inputs:
        rows = protection.findings_due(
            actor, start=month.first, end=month.end, at=at, by_first_deadline=by_first_deadline
        )
        return Inputs(tuple(Case(_unit(r.district_id), float(r.is_so)) for r in rows))

    return collect


def _sites(actor: Actor, month: Month, at: datetime) -> Inputs:
    rows, unknown = protection.sites_due(actor, day=month.last)
    cases = tuple(Case(_unit(r.district_id), float(r.is_so)) for r in rows)
    return Inputs(cases, left_out=unknown)


def _approvals(actor: Actor, month: Month, at: datetime) -> Inputs:
    rows = alerts.approvals(actor, start=month.start_at, end=month.end_at, at=at)
    return Inputs(tuple(Case(r.district_ids, r.minutes, r.is_done) for r in rows))


def _deliveries(actor: Actor, month: Month, at: datetime) -> Inputs:
    rows = alerts.deliveries(actor, start=month.start_at, end=month.end_at, at=at)
    return Inputs(tuple(Case(r.district_ids, r.minutes, r.is_done) for r in rows))


def _reach(actor: Actor, month: Month, at: datetime) -> Inputs:
    rows, silent = outreach.reached(actor, start=month.first, end=month.end)
    known = places.districts(actor).defer("boundary").values_list("pk", flat=True)
    people = places.latest_populations(actor, list(known))
    cases = [Case((r.district_id,), float(r.people)) for r in rows if r.district_id in people]
    return Inputs(
        tuple(cases), {key: float(row.count) for key, row in people.items()},
        silent + len(rows) - len(cases),
    )  # fmt: skip


def _questions(actor: Actor, month: Month, at: datetime) -> Inputs:
    end = min(month.end_at, at)
    rows = (
        questions.questions(actor)
        .filter(asked_at__lt=end)
        .exclude(closed_at__lt=end)
        .order_by("pk")
        .values_list("organisation_id", "asked_at")
    )
    day = 86_400.0
    return Inputs(
        tuple(Case(_unit(body), (end - asked).total_seconds() / day) for body, asked in rows)
    )


def _decisions(actor: Actor, month: Month, at: datetime) -> Inputs:
    shown = Min("evidence__given_at", filter=Q(evidence__state=Evidence.State.ACCEPTED))
    rows = (
        Decision.objects.visible_to(actor)
        .filter(due_on__gte=month.first, due_on__lt=month.end)
        .exclude(state__in=(Decision.State.CANCELLED, Decision.State.REPLACED))
        .order_by("pk")
        .annotate(shown=shown)
        .values_list("owner_id", "due_on", "shown", "closed_at")
    )
    return Inputs(
        tuple(
            Case(
                _unit(owner),
                float(
                    shown is not None and closed is not None and closed <= at
                    and timezone.localdate(shown) <= due
                ),
            )
            for owner, due, shown, closed in rows
        )
    )  # fmt: skip


FORMULAS: dict[str, Formula] = {
    one.key: one
    for one in (
        Formula("answer_delay.1", "delay", "district", _answer_delay),
        Formula("findings_in_time.1", "share", "district", _findings(False)),
        Formula("findings_in_time.2", "share", "district", _findings(True)),
        Formula("alert_approval.1", "delay", "district", _approvals),
        Formula("alert_delivery.1", "delay", "district", _deliveries),
        Formula("sites_overdue.1", "share", "district", _sites, adds_up=False),
        Formula("reach_per_head.1", "rate", "district", _reach),
        Formula("question_wait.1", "standing", "organisation", _questions, adds_up=False),
        Formula("decisions_in_time.1", "share", "organisation", _decisions),
    )
}


def formulas_of(code: str) -> list[str]:
    """Return the formulas of an indicator, the first first.

    >>> formulas_of("findings_in_time")
    ['findings_in_time.1', 'findings_in_time.2']
    """
    return [key for key in FORMULAS if key.rpartition(".")[0] == code]
