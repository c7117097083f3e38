"""From cases to a figure: value, interval, counts, and what each district or body adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import exp, sqrt
from typing import Any

from django.utils.translation import gettext_lazy as _

from qalqan.desk.commission.selectors.formulas import Case, Formula, Inputs, Month
from qalqan.desk.platform.policies import Actor

METHODS: Mapping[str, Any] = {
    "kaplan_meier": _(
        "Median by Kaplan and Meier, open cases counted as open; 95 % interval of Brookmeyer and "
        "Crowley"
    ),
    "order_statistics": _("Median of what is open; 95 % interval between two values in order"),
    "wilson": _("Share with Wilson's 95 % interval"),
    "compound_poisson": _(
        "Rate; 95 % interval from how much single activities differ (compound Poisson)"
    ),
}
"""The methods in the reader's words; a stored method is the key."""
_Z95 = 1.959964
OTHER = 0
"""The unit of cases that lie in no known district or body."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one district or body adds; see `models.FigureUnit`."""

    part: float
    whole: float
    cases: int
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A figure that is not locked yet.

    Parameters
    ----------
    value, low, high
        Nothing where nothing was counted, or where a median or its end was not reached.
    n
        How many cases it rests on.
    counts
        What went in, by name.
    parts
        By key of the district or body; 0 for none known.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    counts: Mapping[str, Any]
    method: str
    parts: Mapping[int, Part]


def measured(
    actor: Actor, formula: Formula, month: Month, *, at: datetime, target: float | None
) -> Evaluated:
    """Return what a formula comes to in a month, with what is known at a moment."""
    return evaluate(formula, formula.collect(actor, month, at), target)


def evaluate(formula: Formula, inputs: Inputs, target: float | None) -> Evaluated:
    """Return the figure that cases come to.

    Parameters
    ----------
    target
        For times: within which they are compared between districts or bodies.
    """
    if formula.kind == "delay":
        return _delay(inputs, target)
    if formula.kind == "standing":
        return _standing(inputs, target)
    if formula.kind == "rate":
        return _rate(inputs)
    return _share(inputs)


def _by_unit(cases: tuple[Case, ...]) -> dict[int, list[Case]]:
    found: dict[int, list[Case]] = {}
    for case in cases:
        for unit in case.units or (OTHER,):
            found.setdefault(unit, []).append(case)
    return found


def _within(cases: list[Case], target: float | None) -> Part:
    """Count cases within the target, of those for which it is known whether they were."""
    if target is None:
        return Part(0, 0, len(cases))
    known = [case for case in cases if case.is_ended or case.amount > target]
    met = sum(1 for case in known if case.is_ended and case.amount <= target)
    return Part(met, len(known), len(cases))


def _delay(inputs: Inputs, target: float | None) -> Evaluated:
    from qalqan.science.spread.survival import kaplan_meier, time_quantile

    cases = inputs.cases
    ended = sum(case.is_ended for case in cases)
    value = low = high = None
    if cases:
        curve = kaplan_meier([case.amount for case in cases], [case.is_ended for case in cases])
        half = time_quantile(curve, 0.5)
        value, low, high = half.time, half.low, half.high
    counts = {
        "cases": len(cases), "ended": ended, "open": len(cases) - ended,
        "left_out": inputs.left_out, "within": target,
    }  # fmt: skip
    parts = {unit: _within(rows, target) for unit, rows in _by_unit(cases).items()}
    return Evaluated(value, low, high, len(cases), counts, "kaplan_meier", parts)


def _standing(inputs: Inputs, target: float | None) -> Evaluated:
    from qalqan.science.indicators.series import median

    cases = inputs.cases
    found = median([case.amount for case in cases]) if cases else None
    counts = {"cases": len(cases), "left_out": inputs.left_out, "within": target}
    parts = {
        unit: Part(
            sum(case.amount <= target for case in rows) if target is not None else 0,
            len(rows) if target is not None else 0, len(rows),
        )
        for unit, rows in _by_unit(cases).items()
    }  # fmt: skip
    return Evaluated(
        found.value if found else None, found.low if found else None,
        found.high if found else None, len(cases), counts, "order_statistics", parts,
    )  # fmt: skip


def _share(inputs: Inputs) -> Evaluated:
    from qalqan.science.indicators.series import share

    cases = inputs.cases
    part = int(sum(case.amount for case in cases))
    found = share(part, len(cases)) if cases else None
    counts = {"part": part, "whole": len(cases), "left_out": inputs.left_out}
    parts = {
        unit: Part(sum(case.amount for case in rows), len(rows), len(rows))
        for unit, rows in _by_unit(cases).items()
    }
    return Evaluated(
        found.value if found else None, found.low if found else None,
        found.high if found else None, len(cases), counts, "wilson", parts,
    )  # fmt: skip


def _rate(inputs: Inputs) -> Evaluated:
    people = sum(inputs.people.values())
    reached = sum(case.amount for case in inputs.cases)
    squares = sum(case.amount**2 for case in inputs.cases)
    value = low = high = None
    if people and inputs.cases:
        value = 1000 * reached / people
        # Activities come at random and differ in size: the variance of their sum is Σ of squares.
        factor = exp(_Z95 * sqrt(squares) / reached) if reached else 1.0
        low, high = value / factor, value * factor
    by_unit = _by_unit(inputs.cases)
    parts = {
        unit: Part(
            sum(case.amount for case in by_unit.get(unit, [])), count,
            len(by_unit.get(unit, [])), sum(c.amount**2 for c in by_unit.get(unit, [])),
        )
        for unit, count in inputs.people.items()
    }  # fmt: skip
    counts = {
        "activities": len(inputs.cases), "reached": int(reached), "people": int(people),
        "left_out": inputs.left_out,
    }  # fmt: skip
    return Evaluated(value, low, high, len(inputs.cases), counts, "compound_poisson", parts)
