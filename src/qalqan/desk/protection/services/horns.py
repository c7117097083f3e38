"""Places for further loudspeakers: searched by the worker; coverage handed out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, EXPORT, Actor, SystemActor, require
from qalqan.desk.protection.horns import DENSITY, conditions
from qalqan.desk.protection.models import HornPlan
from qalqan.desk.protection.selectors import coverage as selectors
from qalqan.desk.protection.services.budgets import LONGEST_ERROR
from qalqan.desk.protection.services.exporting import Export, safe, watermark
from qalqan.desk.protection.services.numbers import next_numbers
from qalqan.desk.protection.services.sites import by_of
from qalqan.errors import InputError, Location, QalqanError

if TYPE_CHECKING:
    from qalqan.desk.protection.selectors.coverage import Hearing

SECONDS = 10.0
MOST_CANDIDATES = 2_000


@transaction.atomic
def order_search(
    *, actor: Actor, model: str, period: str, purpose: str, rated_level_db: float, number: int,
    now: datetime,
) -> HornPlan:  # fmt: skip
    """Order a search for places; the worker gets it in the same transaction.

    Raises
    ------
    RefusedError
        The actor may not order one.
    InputError
        A figure is out of its range.
    """
    require(actor, ADD, HornPlan)
    if not 60 <= rated_level_db <= 140:
        raise InputError(_("A rated level lies between 60 and 140 dB."),
                         location=Location(field="rated_level_db"))  # fmt: skip
    if not 1 <= number <= 50:
        raise InputError(_("Between 1 and 50 places are searched for."),
                         location=Location(field="number"))  # fmt: skip
    plan: HornPlan = HornPlan.objects.create(
        model=model, period=period, purpose=purpose, rated_level_db=rated_level_db, number=number,
        made_at=now, made_by=by_of(actor),
    )  # fmt: skip
    audit.record(
        actor=actor, action="protection.order_horns", subject=plan, now=now,
        detail={"model": model, "period": period, "number": number},
    )  # fmt: skip
    # Imported late: the task imports the services.
    from qalqan.desk.protection.tasks import compute_horns as task

    task.enqueue(plan.pk)
    return plan


def compute_search(
    *, plan: HornPlan, clock: Callable[[], datetime], seconds: Callable[[], float]
) -> HornPlan:
    """Compute an ordered search; an error is kept on it, an interrupted one begins anew."""
    row: HornPlan = HornPlan.objects.get(pk=plan.pk)
    if row.state == HornPlan.State.DONE:
        return row
    row.state = HornPlan.State.RUNNING
    row.save(update_fields=["state"])
    try:
        _compute(row, clock(), seconds)
    except QalqanError as error:
        row.state, row.finished_at = HornPlan.State.FAILED, clock()
        row.error = str(error.message)[:LONGEST_ERROR]
        row.save(update_fields=["state", "error", "finished_at"])
    return row


def _compute(row: HornPlan, now: datetime, seconds: Callable[[], float]) -> None:
    from qalqan.science.protection.acoustics import reach
    from qalqan.science.protection.coverage import maximal, on_sphere, within

    actor = SystemActor("protection")
    found = selectors.hearing(actor, model=row.model, period=row.period, purpose=row.purpose)
    towns = [town for town in found.settlements if town.people]
    if not towns:
        raise InputError(_("No settlement has a figure of its people. Take the population in."))
    latitude, longitude, people, at = selectors.demand(towns, DENSITY)
    deaf = ~selectors.reached(latitude, longitude, found.horns)
    far = float(
        reach(row.rated_level_db, row.purpose, conditions(row.model, row.period))[0]  # type: ignore[arg-type]
    )
    weights = np.where(deaf, people, 0.0)
    places = np.nonzero(deaf)[0]
    places = places[:: max(1, -(-len(places) // MOST_CANDIDATES))]
    points = on_sphere(latitude, longitude)
    covers = within(points, points[places], far)
    best = maximal(covers, weights, row.number, clock=seconds, time_limit=SECONDS)
    row.proposals = _proposals(
        best.chosen, covers, weights, places, (latitude, longitude), towns, at
    )
    row.objective, row.bound, row.gap = best.objective, best.bound, best.gap
    row.proof, row.reach_m = best.status, far
    row.people, row.already, row.is_sample = found.people, found.hear, found.is_sample
    row.state, row.finished_at = HornPlan.State.DONE, now
    with transaction.atomic():
        row.save()
        audit.record(
            actor=actor, action="protection.horns_computed", subject=row, now=now,
            detail={"status": best.status, "places": len(row.proposals)},
        )  # fmt: skip


def _proposals(
    chosen: tuple[int, ...],
    covers: Any,
    weights: Any,
    places: Any,
    points: Any,
    towns: Any,
    at: Any,
) -> list[dict[str, Any]]:
    """Return the places in the order of what each adds; those that add nobody are left out."""
    held, left, result = np.zeros(len(weights), np.bool_), set(chosen), []
    while left:
        gains = {site: float(weights[covers[site][~held[covers[site]]]].sum()) for site in left}
        site = max(sorted(left), key=lambda one: gains[one])
        if gains[site] < 0.5:
            break
        left.remove(site)
        held[covers[site]] = True
        point = int(places[site])
        town = towns[int(at[point])]
        result.append(
            {"place": town.place_id, "latitude": round(float(points[0][point]), 5),
             "longitude": round(float(points[1][point]), 5), "people": round(gains[site])}
        )  # fmt: skip
    return result


@transaction.atomic
def export_coverage(*, actor: Actor, hearing: Hearing, model: str, now: datetime) -> Export:
    """Write who hears and who does not as CSV, marked on every row, each with its model.

    Raises
    ------
    RefusedError
        The actor may not export it.
    """
    require(actor, EXPORT, HornPlan)
    number = next_numbers("export")[0]
    mark = watermark(actor, number, now)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["settlement", "people", "hear", "low", "high", "model", "exported"])
    for town in hearing.settlements:
        cells = [town.name, town.people, round(town.hear), round(town.low), round(town.high), model,
                 mark]  # fmt: skip
        writer.writerow([safe(cell) for cell in cells])
    audit.record(
        actor=actor, action="protection.export_coverage", subject="protection", now=now,
        detail={"number": number, "rows": len(hearing.settlements)},
    )  # fmt: skip
    return Export(
        f"coverage-{number}.csv", "text/csv; charset=utf-8", mark, buffer.getvalue().encode()
    )
