"""Compute the results of a poll, and keep them as they were computed."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.polls.measuring import (
    Measure,
    estimated_rows,
    measures_of,
    plain_rows,
    trust_measure,
)
from qalqan.desk.polls.models import OutcomeCount, Poll, PollEdition, Response, TrustFormula
from qalqan.desk.polls.services.collecting import questions_of
from qalqan.desk.polls.weighing import Sheet, sheet_of, weighed
from qalqan.errors import ConflictError, InputError, QalqanError

SCHEMA = "qalqan.poll/1"
LEAST_ANSWERS = 30


class EstimateError(InputError):
    """The results of a poll cannot be computed."""

    code = "polls.estimate"


def compute(*, actor: Actor, poll: Poll, now: datetime) -> PollEdition:
    """Compute the results of a poll as a new edition.

    A probability sample gives estimates with intervals. A convenience sample gives counts and
    shares of those who answered, and no other figure is ever computed of it.

    Raises
    ------
    EstimateError
        There are too few answers, or the design cannot be estimated from.
    ConflictError
        The poll is still being prepared.
    RefusedError
        The actor may not compute results.
    """
    require(actor, ADD, PollEdition)
    if poll.state == Poll.State.DRAFT:
        raise ConflictError(_("The poll was not opened yet."))
    sheet = sheet_of(poll)
    if len(sheet) < LEAST_ANSWERS:
        raise EstimateError(
            _("There are %(count)s answers; results need at least %(least)s.")
            % {"count": len(sheet), "least": LEAST_ANSWERS}
        )
    try:
        content = _content(poll, sheet, actor)
    except QalqanError as error:
        raise EstimateError(str(error.message), hint=error.hint) from error
    return _stored(actor, poll, content, now)


@transaction.atomic
def _stored(actor: Actor, poll: Poll, content: dict[str, Any], now: datetime) -> PollEdition:
    Poll.objects.select_for_update().get(pk=poll.pk)
    last = poll.editions.aggregate(last=Max("number"))["last"] or 0
    edition = PollEdition.objects.create(
        poll=poll, number=last + 1, computed_at=now, content=content
    )
    audit.record(actor=actor, action="polls.compute", subject=edition, now=now,
                 detail={"poll": poll.pk, "kind": poll.kind, "n": content["n"]})  # fmt: skip
    return edition


def _content(poll: Poll, sheet: Sheet, actor: Actor) -> dict[str, Any]:
    questions = questions_of(poll)
    measures = measures_of(questions, sheet)
    formula = TrustFormula.objects.filter(since__lte=poll.ends_on).order_by("-version").first()
    trust = trust_measure(formula, sheet)
    if trust is not None:
        measures.insert(0, trust)
    content: dict[str, Any] = {
        "schema": SCHEMA, "kind": poll.kind, "n": len(sheet),
        "window": [poll.starts_on.isoformat(), poll.ends_on.isoformat()],
        "rates": outcome_content(poll),
        "trust": None if trust is None or formula is None else {
            "version": formula.version, "items": formula.items, "low": formula.low,
            "high": formula.high, "least_answered": formula.least_answered,
        },
    }  # fmt: skip
    if poll.is_probability:
        made = weighed(poll, sheet)
        rows = {m.key: estimated_rows(m, sheet, made.design) for m in measures}
        content["design"] = {**made.design.describe(), "method": poll.method, "seed": poll.seed}
        content["weights"] = made.log
        _add_small_areas(measures, rows, actor)
    else:
        rows = {m.key: plain_rows(m, sheet) for m in measures}
    content["measures"] = [
        {"key": m.key, "question": m.question, "level": m.level, "kind": m.kind,
         "is_headline": m.is_headline, "rows": rows[m.key]}
        for m in measures
    ]  # fmt: skip
    if poll.is_probability:
        content["changes"] = _changes(poll, content)
    return content


def outcome_content(poll: Poll) -> dict[str, Any] | None:
    """Return counts of outcomes and AAPOR's rates; nothing where no outcome is counted.

    Only interviews are people who said something of what they think; all the rest are counts.
    """
    from qalqan.science.polls.rates import outcome_rates

    rows = OutcomeCount.objects.filter(batch__poll=poll).values_list("code")
    counts = {code: int(total) for code, total in rows.annotate(total=Sum("count")).order_by()}
    if not counts:
        return None
    answers = Response.objects.filter(poll=poll, batch__outcomes__isnull=True).distinct()
    return {
        "counts": counts, "e": poll.response_e, "rates": outcome_rates(counts, e=poll.response_e),
        "outside": answers.count(),
    }  # fmt: skip


def _add_small_areas(
    measures: list[Measure], rows: dict[str, list[dict[str, Any]]], actor: Actor
) -> None:
    """Add to each thin district an estimate that borrows strength from all, and says so."""
    population = {
        str(pk): row.count
        for pk, row in places.latest_populations(
            actor, list(places.districts(actor).values_list("pk", flat=True))
        ).items()
    }
    for measure in measures:
        if not measure.is_headline:
            continue
        areas = [row for row in rows[measure.key] if row["by"] == "district"]
        if any(row["is_thin"] for row in areas):
            whole = next(row for row in rows[measure.key] if row["by"] == "all")
            _borrow(measure, areas, whole, population)


def _borrow(
    measure: Measure, areas: list[dict[str, Any]], whole: dict[str, Any],
    population: dict[str, int],
) -> None:  # fmt: skip
    """Fit Fay and Herriot's model to the direct estimates and write its values beside them.

    The sampling variance of a district with two areas is itself hardly known, so it is smoothed:
    the spread of a single answer in the whole poll, times its design effect, by the answers there.
    """
    from qalqan.science.polls.smallarea import fay_herriot

    usable = [row for row in areas if row["n"] >= 2 and row["value"] is not None
              and population.get(row["key"])]  # fmt: skip
    if len(usable) < 6 or not whole["deff"]:
        return
    direct = np.array([row["value"] for row in usable])
    if measure.kind == "share":
        spread = whole["value"] * (1 - whole["value"])
    else:
        spread = float(np.nanvar(measure.values))
    variance = spread * max(whole["deff"], 1.0) / np.array([row["n"] for row in usable])
    if not spread > 0:
        return
    size = np.log([population[row["key"]] for row in usable])
    columns = np.column_stack([np.ones(len(usable)), size - size.mean()])
    try:
        made = fay_herriot(direct, np.sqrt(variance), columns, method="reml")
    except QalqanError:
        return
    top = 1.0 if measure.kind == "share" else math.inf
    for number, row in enumerate(usable):
        value, reach = float(made.eblup[number]), 1.96 * math.sqrt(max(float(made.mse[number]), 0))
        row["model"] = {
            "value": min(max(value, 0.0), top), "low": max(0.0, value - reach),
            "high": min(top, value + reach), "rmse": reach / 1.96,
        }  # fmt: skip


def _changes(poll: Poll, content: dict[str, Any]) -> list[dict[str, Any]]:
    """Test headline measures against the wave before, where neither figure is too thin."""
    from qalqan.science.polls.waves import change, false_discoveries

    before = (
        PollEdition.objects.filter(
            poll__series=poll.series, poll__wave__lt=poll.wave, poll__kind=poll.kind
        )
        .order_by("-poll__wave", "-number")
        .select_related("poll")
        .first()
    )
    if before is None:
        return []
    known = {
        (m["key"], r["by"], r["key"]): r
        for m in before.content["measures"] if m["is_headline"] for r in m["rows"]
    }  # fmt: skip
    if (before.content.get("trust") or {}).get("version") != (content["trust"] or {}).get(
        "version"
    ):
        # Another formula makes another index; the two are not compared.
        known = {key: row for key, row in known.items() if key[0] != "trust"}
    found = []
    for m in content["measures"]:
        tested = []
        for row in m["rows"] if m["is_headline"] else []:
            old = known.get((m["key"], row["by"], row["key"]))
            if old is None or row["is_thin"] or old["is_thin"] or not (row["se"] and old["se"]):
                continue
            made = change(
                old["value"], old["se"], max(old["df"], 1), row["value"], row["se"],
                max(row["df"], 1),
            )  # fmt: skip
            tested.append({
                "measure": m["key"], "by": row["by"], "key": row["key"],
                "wave": before.poll.wave, "edition": before.number, "before": old["value"],
                "now": row["value"], "difference": made.difference, "low": made.low,
                "high": made.high, "se": made.se, "t": made.t, "df": made.df, "p": made.p,
            })  # fmt: skip
        if tested:
            adjusted = false_discoveries([row["p"] for row in tested])
            found += [{**row, "q": float(q)} for row, q in zip(tested, adjusted, strict=True)]
    return found
