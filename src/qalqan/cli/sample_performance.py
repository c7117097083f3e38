"""A made-up year of locked figures for the sample desk, labelled as such."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any


def load_sample_performance(*, secretary: Any, duty: Any, now: datetime, seed: int) -> int:
    """Lock a year of made-up months, all of them or none; return how many figures there are.

    The month before this one is left open, so that somebody can lock it.

    Parameters
    ----------
    secretary, duty
        Members of the bodies that answer for the indicators.
    """
    from django.db import transaction

    from qalqan.desk.commission.selectors import performance as selectors
    from qalqan.desk.platform.policies import SystemActor

    actor = SystemActor("demo")
    if selectors.locked_months(actor):
        return 0
    with transaction.atomic():
        return _lock_year(actor, secretary, duty, now, seed)


def _lock_year(actor: Any, secretary: Any, duty: Any, now: datetime, seed: int) -> int:
    from qalqan.desk.commission.selectors import performance as selectors
    from qalqan.desk.commission.services import performance, performance_locking
    from qalqan.desk.platform.places import selectors as places
    from qalqan.sample import performance as sample

    months = _months(now)
    districts = list(places.districts(actor).defer("boundary").values_list("pk", flat=True))
    people = {key: row.count for key, row in places.latest_populations(actor, districts).items()}
    bodies = [duty.organisation, secretary.organisation]
    performance.enter_shipped(actor=actor, now=months[0].start_at, is_sample=True)
    rows = {row.code: row for row in selectors.indicators(actor)}
    _set_up(actor, rows, bodies, months[0], secretary)
    code, _formula, redefined = sample.REDEFINED
    made = 0
    for number, month in enumerate(months):
        locked_at = month.end_at + timedelta(days=4, hours=9)
        if number == redefined:
            _redefine(actor, rows[code], month, secretary)
        known = _inputs(number, people, [body.pk for body in bodies], seed)
        made += len(
            performance_locking.lock_month(
                actor=actor, month=month, now=locked_at, known=known, is_sample=True
            )
        )
    _comment(actor, rows, months, duty)
    late = _inputs(sample.MONTHS - 2, people, [body.pk for body in bodies], seed)
    _correct(actor, rows["decisions_in_time"], months[-2], late, secretary)
    return made


def _months(now: datetime) -> list[Any]:
    from django.utils import timezone

    from qalqan.desk.commission.selectors.formulas import Month
    from qalqan.sample import performance as sample

    month, found = Month(timezone.localdate(now).replace(day=1)).before(), []
    for _back in range(sample.MONTHS):
        month = month.before()
        found.append(month)
    return found[::-1]


def _inputs(number: int, people: Any, bodies: list[int], seed: int) -> dict[str, Any]:
    from qalqan.desk.commission.selectors.formulas import Case, Inputs
    from qalqan.sample import performance as sample

    known = {}
    for key, rows in sample.cases(number, people, bodies, seed=seed).items():
        found = tuple(Case((row.unit,), row.amount, row.is_ended) for row in rows)
        living = {unit: float(count) for unit, count in people.items()}
        known[key] = Inputs(found, living if key.startswith("reach") else {})
    return known


def _set_up(actor: Any, rows: Any, bodies: list[Any], first: Any, secretary: Any) -> None:
    from qalqan.desk.commission.services import performance
    from qalqan.sample import performance as sample

    why = sample.WHY_TARGET[secretary.language]
    for code, value in sample.TARGETS.items():
        performance.set_target(
            actor=actor, indicator=rows[code], value=value, since=first.first, reason=why,
            now=first.start_at,
        )  # fmt: skip
        body = bodies[1] if code == "decisions_in_time" else bodies[0]
        performance.set_responsible(
            actor=actor, indicator=rows[code], organisation=body, now=first.start_at
        )


def _redefine(actor: Any, row: Any, month: Any, secretary: Any) -> None:
    from qalqan.desk.commission.selectors import performance as selectors
    from qalqan.desk.commission.services import performance
    from qalqan.sample import performance as sample

    former = selectors.definitions(actor, row)[-1]
    performance.redefine(
        actor=actor, indicator=row, formula=sample.REDEFINED[1],
        names={code: former.said("name", code) for code in ("kk", "ru", "en")},
        definitions=sample.NEW_DEFINITION, valid_from=month.first,
        reason=sample.WHY_REDEFINED[secretary.language], now=month.start_at,
    )  # fmt: skip


def _comment(actor: Any, rows: Any, months: list[Any], duty: Any) -> None:
    from qalqan.desk.commission.services import performance
    from qalqan.sample import performance as sample

    for code, (number, words) in sample.COMMENTS.items():
        performance.comment(
            actor=actor, indicator=rows[code], month=months[number].first,
            text=words[duty.language], now=months[number].end_at + timedelta(days=6),
            organisation=duty.organisation, is_sample=True,
        )  # fmt: skip


def _correct(actor: Any, row: Any, month: Any, known: dict[str, Any], secretary: Any) -> None:
    """Count one month again, as if evidence had been entered late."""
    from dataclasses import replace

    from qalqan.desk.commission.selectors import performance as selectors
    from qalqan.desk.commission.selectors.formulas import Case
    from qalqan.desk.commission.services import performance_locking
    from qalqan.sample import performance as sample

    key = "decisions_in_time.1"
    before = known[key]
    late = tuple(Case(one.units, 1.0) for one in before.cases[:2])
    figure = next(one for one in selectors.figures(actor, row) if one.period_from == month.first)
    performance_locking.correct_figure(
        actor=actor, figure=figure, reason=sample.WHY_CORRECTED[secretary.language],
        now=month.end_at + timedelta(days=20),
        known={key: replace(before, cases=(*before.cases, *late))},
    )  # fmt: skip
