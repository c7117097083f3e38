"""Equipment plans: ordered, computed by the worker, handed out."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, EXPORT, Actor, SystemActor, require
from qalqan.desk.protection.measures import NEEDS, Measure
from qalqan.desk.protection.models import BudgetLine, BudgetPlan
from qalqan.desk.protection.selectors import budget as selectors
from qalqan.desk.protection.services.exporting import Export, safe, watermark
from qalqan.desk.protection.services.numbers import next_numbers
from qalqan.desk.protection.services.sites import by_of
from qalqan.errors import InputError, Location, QalqanError

if TYPE_CHECKING:
    from qalqan.science.protection.budget import Choices, Purchase

SECONDS = 10.0
CURVE = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
LONGEST_ERROR = 300


@transaction.atomic
def order_budget(
    *, actor: Actor, budget: float, floor: float, measures: Sequence[Measure], now: datetime
) -> BudgetPlan:
    """Order a plan; the worker gets it in the same transaction.

    Raises
    ------
    RefusedError
        The actor may not order one.
    InputError
        A figure is out of its range, or there is no measure.
    """
    require(actor, ADD, BudgetPlan)
    if not (math.isfinite(budget) and 0 <= budget <= 1e15):
        raise InputError(
            _("The budget must be 0 tenge or more."), location=Location(field="budget")
        )
    if not 0 <= floor <= 1:
        raise InputError(_("The floor must lie between 0 and 100 %."),
                         location=Location(field="floor"))  # fmt: skip
    if not measures:
        raise InputError(_("At least one measure needs a cost and an effect."))
    plan: BudgetPlan = BudgetPlan.objects.create(
        budget=budget, floor=floor, measures=[asdict(one) for one in measures], made_at=now,
        made_by=by_of(actor),
    )  # fmt: skip
    audit.record(
        actor=actor, action="protection.order_budget", subject=plan, now=now,
        detail={"budget": budget, "floor": floor, "measures": len(measures)},
    )  # fmt: skip
    # Imported late: the task imports the services.
    from qalqan.desk.protection.tasks import compute_budget as task

    task.enqueue(plan.pk)
    return plan


def compute_budget(*, plan: BudgetPlan, clock: Callable[[], datetime]) -> BudgetPlan:
    """Compute an ordered plan; an error is kept on it, an interrupted one simply begins anew."""
    row: BudgetPlan = BudgetPlan.objects.get(pk=plan.pk)
    if row.state == BudgetPlan.State.DONE:
        return row
    row.state = BudgetPlan.State.RUNNING
    row.save(update_fields=["state"])
    try:
        _compute(row, clock())
    except QalqanError as error:
        row.state, row.finished_at = BudgetPlan.State.FAILED, clock()
        row.error = str(error.message)[:LONGEST_ERROR]
        row.save(update_fields=["state", "error", "finished_at"])
    return row


def _compute(row: BudgetPlan, now: datetime) -> None:
    from qalqan.science.protection.budget import buy, marginal

    held = selectors.at_stake(SystemActor("protection"), timezone.localdate(now))
    if not held.ids:
        raise InputError(_("No site on the list has a place on the map."))
    measures = [Measure(**one) for one in row.measures]
    options, cost, areas = _options(held, measures)
    found = buy(options, row.budget, floor=row.floor, time_limit=SECONDS)
    least, most = marginal(options, found, row.budget, row.extra, floor=row.floor)
    row.curve = _curve(options, row.budget, row.floor)
    row.sites, row.at_stake = len(held.ids), math.fsum(held.points)
    row.objective, row.bound = found.objective, found.bound
    row.gap = found.gap if math.isfinite(found.gap) else None
    row.proof, row.spent = found.status, found.spent
    row.more_least, row.more_most = least, most
    row.districts = _by_district(options, found, areas, cost)
    row.is_sample = held.is_sample
    row.state, row.finished_at = BudgetPlan.State.DONE, now
    with transaction.atomic():
        row.save()
        BudgetLine.objects.filter(plan=row).delete()
        BudgetLine.objects.bulk_create(
            [
                BudgetLine(plan=row, site_id=held.ids[site], kind=measures[measure].kind,
                           cost=cost[site][measure])
                for site, measure in found.chosen
                if measures[measure].kind not in held.working.get(held.ids[site], set())
            ],
            batch_size=1000,
        )  # fmt: skip
        audit.record(
            actor=SystemActor("protection"), action="protection.budget_computed", subject=row,
            now=now, detail={"status": found.status, "measures": len(found.chosen)},
        )  # fmt: skip


def _options(
    held: selectors.AtStake, measures: Sequence[Measure]
) -> tuple[Choices, list[list[float]], list[int]]:
    """Return the sets of measures by site; what works there is neither bought nor counted again."""
    from qalqan.science.protection.budget import choices

    areas = sorted(set(held.districts))
    number = {area: k for k, area in enumerate(areas)}
    kinds = [one.kind for one in measures]
    weight, cost = [], []
    for site, points in zip(held.ids, held.points, strict=True):
        there = held.working.get(site, set())
        left = math.prod(1 - one.effect for one in measures if one.kind in there)
        weight.append(points * left)
        cost.append([math.inf if one.kind in there else one.cost for one in measures])
    # A prerequisite that is met by what stands there costs nothing and adds nothing.
    for row in cost:
        for k, price in enumerate(row):
            row[k] = 0.0 if price == math.inf else price
    effect = [
        [0.0 if one.kind in held.working.get(site, set()) else one.effect for one in measures]
        for site in held.ids
    ]
    needs = [
        [kinds.index(other) for other in NEEDS.get(kind, ()) if other in kinds] for kind in kinds
    ]
    options = choices(
        weight, cost, effect, needs=needs, district=[number[area] for area in held.districts]
    )
    return options, cost, areas


def _curve(options: Choices, budget: float, floor: float) -> list[list[float]]:
    """Return budget, what was found and what is proven, for smaller and larger budgets."""
    from qalqan.science.protection.budget import buy

    rows = []
    for part in CURVE:
        try:
            found = buy(options, part * budget, floor=floor, exact=False)
        except QalqanError:
            continue
        rows.append([part * budget, found.objective, found.bound])
    return rows


def _by_district(
    options: Choices, found: Purchase, areas: list[int], cost: list[list[float]]
) -> list[dict[str, Any]]:
    saved, most = options.saved(found.places), options.most()
    spent, count = [0.0] * len(areas), [0] * len(areas)
    for site, measure in found.chosen:
        area = int(options.district[site])
        spent[area] += cost[site][measure]
        count[area] += 1
    return [
        {"place": area, "saved": float(saved[k]), "possible": float(most[k]),
         "spent": spent[k], "measures": count[k]}
        for k, area in enumerate(areas)
    ]  # fmt: skip


def note_reading(*, actor: Actor, subject: Any, now: datetime) -> None:
    """Write that somebody looked at what is missing where."""
    audit.record_read(actor=actor, subject=subject, now=now)


@transaction.atomic
def export_budget(*, actor: Actor, plan: BudgetPlan, now: datetime) -> Export:
    """Write a plan as CSV, marked on every row with who took it, when, and under which number.

    Raises
    ------
    RefusedError
        The actor may not export it.
    """
    require(actor, EXPORT, BudgetPlan)
    number = next_numbers("export")[0]
    mark = watermark(actor, number, now)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["number", "site", "district", "measure", "cost", "exported"])
    rows = list(selectors.lines(actor, plan))
    for line in rows:
        site = line.site
        district = site.district.name if site.district else ""
        cells = [site.number, site.name, district, line.kind, round(line.cost), mark]
        writer.writerow([safe(cell) for cell in cells])
    audit.record(
        actor=actor, action="protection.export_budget", subject=plan, now=now,
        detail={"number": number, "rows": len(rows)},
    )  # fmt: skip
    return Export(
        f"equipment-{number}.csv", "text/csv; charset=utf-8", mark, buffer.getvalue().encode()
    )
