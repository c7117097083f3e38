"""Reading locked figures: control charts over time, funnels and tables over districts and bodies.

No unit is ranked: tables are in alphabetical order, and a unit is told apart only where it lies
outside what chance and the usual differences between units let expect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qalqan.desk.commission.models import FigureUnit, IndicatorDefinition, LockedFigure
from qalqan.desk.commission.selectors.formulas import FORMULAS
from qalqan.desk.commission.selectors.performance import LEAST

if TYPE_CHECKING:
    from qalqan.science.indicators.control import ControlChart
    from qalqan.science.indicators.funnel import Funnel
    from qalqan.science.indicators.rules import Signal
    from qalqan.science.indicators.series import Estimate

OUTSIDE_LEVEL = 0.998
"""A unit is told apart outside these limits; one of 500 equal ones is by chance."""
_LIMIT = 3.0


@dataclass(frozen=True, slots=True)
class Control:
    """The months of one definition with their limits.

    Parameters
    ----------
    figures
        The months that have a value that is not withheld, in order; as long as the chart.
    chart, signals
        Nothing where there are too few months for limits.
    alarm
        Chance of at least one false signal among so many months.
    trend
        Change a month; nothing where there are too few months.
    """

    figures: tuple[LockedFigure, ...]
    chart: ControlChart | None
    signals: tuple[Signal, ...]
    alarm: float | None
    trend: Estimate | None

    @property
    def signal_months(self) -> dict[date, list[str]]:
        """Which rules fired, by month."""
        found: dict[date, list[str]] = {}
        for one in self.signals:
            found.setdefault(self.figures[one.at].period_from, []).append(one.rule)
        return found


def control(definition: IndicatorDefinition, figures: Sequence[LockedFigure]) -> Control:
    """Read the months of a definition: Laney's p′ for shares, individuals for all else.

    Months beyond the limits are left out of centre and limits, once, if they are few.
    """
    from qalqan.science.indicators import rules
    from qalqan.science.indicators.control import LEAST as LEAST_POINTS
    from qalqan.science.indicators.series import trend

    known = tuple(
        row
        for row in figures
        if row.definition_id == definition.pk and row.value is not None and row.n >= LEAST
    )
    values = [float(row.value or 0) for row in known]
    slope = trend(values) if len(known) >= LEAST_POINTS else None
    if len(known) < LEAST_POINTS:
        return Control(known, None, (), None, slope)
    chart = _drawn(definition, known, None)
    out = np.abs(chart.z) > _LIMIT
    if 0 < out.sum() <= len(known) // 4:
        # Months that stand out would pull the centre to themselves and make others look odd.
        chart = _drawn(definition, known, ~out)
    found = tuple(rules.signals(chart.z, rules.FEW))
    return Control(known, chart, found, rules.false_alarm(rules.FEW, points=len(known)), slope)


def _drawn(
    definition: IndicatorDefinition, known: Sequence[LockedFigure], base: NDArray[np.bool_] | None
) -> ControlChart:
    from qalqan.science.indicators.control import shares_chart, xmr

    if FORMULAS[definition.formula].kind != "share":
        return xmr([float(row.value or 0) for row in known], baseline=base)
    return shares_chart(
        [row.counts["part"] for row in known], [row.counts["whole"] for row in known],
        laney=True, baseline=base,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One district or body.

    Parameters
    ----------
    name
        Empty for cases that lie nowhere known.
    cases
        Nothing where it is withheld; then nothing else is told either.
    value
        As counted: a share, or a rate per 1,000.
    shrunk, low, high
        Drawn towards the mean of all units, with its interval; nothing where there are too few
        units for that.
    outside
        ``above`` or ``below`` the limits; empty for within.
    """

    name: str
    cases: int | None
    part: float | None = None
    whole: float | None = None
    value: float | None = None
    shrunk: float | None = None
    low: float | None = None
    high: float | None = None
    outside: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Districts or bodies beside each other, in alphabetical order.

    Parameters
    ----------
    funnel
        Nothing where fewer than three units can be told.
    group
        For rates: how many people come together; limits allow for it.
    scale
        What values are multiplied by: 1,000 for rates.
    """

    rows: tuple[UnitRow, ...]
    shown: tuple[UnitRow, ...]
    funnel: Funnel | None
    group: float
    scale: float
    kind: str

    @property
    def withheld(self) -> int:
        """How many units are withheld."""
        return sum(row.cases is None for row in self.rows)


@dataclass
class _Sum:
    name: str
    part: float = 0.0
    whole: float = 0.0
    cases: int = 0
    spread: float = 0.0


def compare(definition: IndicatorDefinition, units: Sequence[FigureUnit]) -> Comparison:
    """Return units of one or several months beside each other."""
    kind = FORMULAS[definition.formula].kind
    is_rate = kind == "rate"
    sums = _summed(units)
    hidden = withheld({index: _rests_on(one, is_rate) for index, one in enumerate(sums)})
    told = [
        one for index, one in enumerate(sums) if index not in hidden and one.name and one.whole > 0
    ]
    scale = 1000.0 if is_rate else 1.0
    total = sum(one.part for one in told)
    group = sum(one.spread for one in told) / total if is_rate and total else 1.0
    funnel = _funnel(told, is_rate, group)
    shown = _rows(told, funnel, is_rate, group, scale)
    written = {id(one): row for one, row in zip(told, shown, strict=True)}
    rows = tuple(
        UnitRow(one.name, None) if index in hidden
        else written.get(id(one)) or UnitRow(one.name, one.cases, one.part, one.whole)
        for index, one in enumerate(sums)
    )  # fmt: skip
    return Comparison(rows, shown, funnel, group, scale, "rate" if is_rate else "share")


def _summed(units: Sequence[FigureUnit]) -> list[_Sum]:
    found: dict[tuple[int, int], _Sum] = {}
    for one in units:
        key = (one.place_id or 0, one.organisation_id or 0)
        name = str(one.place.name if one.place else one.organisation or "")
        row = found.setdefault(key, _Sum(name))
        row.part += one.part
        row.whole += one.whole
        row.cases += one.cases
        row.spread += one.spread
    return sorted(found.values(), key=lambda row: (not row.name, row.name.casefold()))


def _rests_on(one: _Sum, is_rate: bool) -> int:
    """Return how many cases a unit's number rests on: of times, those that are judged."""
    return one.cases if is_rate or one.whole <= 0 else min(one.cases, int(one.whole))


def withheld(cases: dict[int, int]) -> set[int]:
    """Return the units that are not told: those with few cases, and never so that others tell them.

    The total is known. A single one could be computed from it, and so could two that have one
    case each: the next smallest go with them until there are two, of `LEAST` cases together.

    >>> sorted(withheld({0: 3, 1: 40, 2: 9})), sorted(withheld({0: 0, 1: 40, 2: 9}))
    ([0, 2], [])
    >>> sorted(withheld({0: 1, 1: 40, 2: 1, 3: 9}))
    [0, 2, 3]
    """
    hidden = {key for key, count in cases.items() if 0 < count < LEAST}
    rest = sorted((count, key) for key, count in cases.items() if count >= LEAST)
    together = sum(cases[key] for key in hidden)
    for count, key in rest if hidden else []:
        if len(hidden) > 1 and together >= LEAST:
            break
        hidden.add(key)
        together += count
    return hidden


def _funnel(told: Sequence[_Sum], is_rate: bool, group: float) -> Funnel | None:
    from qalqan.science.indicators.funnel import funnel

    part, whole = sum(one.part for one in told), sum(one.whole for one in told)
    if len(told) < 3 or part <= 0 or (not is_rate and part >= whole):
        return None
    return funnel(
        [one.part / group for one in told], [one.whole / group for one in told],
        kind="rate" if is_rate else "share",
    )  # fmt: skip


def _rows(
    told: Sequence[_Sum], funnel: Funnel | None, is_rate: bool, group: float, scale: float
) -> tuple[UnitRow, ...]:
    from qalqan.science.indicators.shrinkage import beta_binomial, gamma_poisson

    drawn = None
    outside = funnel.outside(OUTSIDE_LEVEL) if funnel is not None else None
    if funnel is not None:
        fit = gamma_poisson if is_rate else beta_binomial
        drawn = fit([one.part / group for one in told], [one.whole / group for one in told])
    rows = []
    for index, one in enumerate(told):
        word = ""
        if funnel is not None and outside is not None and outside[index]:
            word = "above" if funnel.adjusted_z[index] > 0 else "below"
        rows.append(
            UnitRow(
                one.name, one.cases, one.part, one.whole, scale * one.part / one.whole,
                scale * float(drawn.value[index]) if drawn else None,
                scale * float(drawn.low[index]) if drawn else None,
                scale * float(drawn.high[index]) if drawn else None, word,
            )
        )  # fmt: skip
    return tuple(rows)


def is_met(definition: IndicatorDefinition, figure: LockedFigure) -> bool | None:
    """Tell whether a figure reached its target; nothing where there is none, or no value."""
    if figure.target is None or figure.value is None or figure.n < LEAST:
        return None
    if definition.direction == IndicatorDefinition.Direction.NEITHER:
        return None
    lower = definition.direction == IndicatorDefinition.Direction.LOWER
    return figure.value <= figure.target if lower else figure.value >= figure.target
