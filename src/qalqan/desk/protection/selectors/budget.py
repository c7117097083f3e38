"""Everything that reads equipment plans, and what a new one starts from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from qalqan.desk.platform.policies import Actor
from qalqan.desk.protection.models import BudgetLine, BudgetPlan, Equipment, Site
from qalqan.desk.protection.selectors.plan import site_risks


@dataclass(frozen=True, slots=True)
class AtStake:
    """Sites on the list with the points of risk that measures may remove."""

    ids: list[int]
    districts: list[int]
    points: list[float]
    working: dict[int, set[str]]
    is_sample: bool


def at_stake(actor: Actor, today: date) -> AtStake:
    """Return each site's score, its district, and what works there already."""
    from qalqan.science.protection.risk import score

    risks = site_risks(actor, today)
    if not risks.ids:
        return AtStake([], [], [], {}, False)
    areas = dict(
        Site.objects.visible_to(actor).filter(pk__in=risks.ids).values_list("pk", "district_id")
    )
    working: dict[int, set[str]] = {}
    rows = Equipment.objects.visible_to(actor).filter(
        site_id__in=risks.ids, removed_at=None, state=Equipment.State.WORKS
    )
    for site, kind in rows.values_list("site_id", "kind"):
        if site is not None:
            working.setdefault(site, set()).add(kind)
    return AtStake(
        risks.ids, [areas.get(site) or 0 for site in risks.ids],
        [float(points) for points in score(risks.components).total], working, risks.is_sample,
    )  # fmt: skip


def plans(actor: Actor) -> QuerySet[BudgetPlan]:
    """Return equipment plans, the newest first."""
    return BudgetPlan.objects.visible_to(actor)


def plan_for(actor: Actor, plan_id: int) -> BudgetPlan | None:
    """Return one plan, or nothing where it is absent or hidden from the actor."""
    return plans(actor).filter(pk=plan_id).first()


def lines(actor: Actor, plan: BudgetPlan) -> QuerySet[BudgetLine]:
    """Return the measures of a plan with their sites."""
    return (
        BudgetLine.objects.visible_to(actor)
        .filter(plan=plan)
        .select_related("site", "site__district")
        .defer("site__search_text", "site__district__boundary")
        .order_by("site__number", "kind")
    )
