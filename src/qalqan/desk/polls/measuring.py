"""What is estimated of each question, and the figures of one measure by groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qalqan.desk.polls.answering import ATTRIBUTES, levels_of
from qalqan.desk.polls.models import PollQuestion, TrustFormula
from qalqan.desk.polls.weighing import Sheet

if TYPE_CHECKING:
    from qalqan.science.polls.design import Design

GROUPS = ("district", *ATTRIBUTES)
TRUST = "trust"
THIN_ANSWERS = 60
THIN_AREAS = 4
"""A group with fewer answers, or answers from fewer areas, is too thin for a figure of its own."""
_NOISE = 1e-9


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is estimated: a share or a mean of the answers to a question.

    ``values`` holds not-a-number where nothing was answered; shares are 0 and 1.
    """

    question: str
    level: str
    kind: str
    is_headline: bool
    values: NDArray[np.float64]

    @property
    def key(self) -> str:
        """The name of the measure in results."""
        return f"{self.question}.{self.level}" if self.level else self.question


def measures_of(questions: Sequence[PollQuestion], sheet: Sheet) -> list[Measure]:
    """Return what is estimated; the headline measure of a question is also shown by groups."""
    found: list[Measure] = []
    for question in questions:
        if question.kind != PollQuestion.Kind.TEXT:
            found += _of_question(question, sheet)
    return found


def _of_question(question: PollQuestion, sheet: Sheet) -> list[Measure]:
    code, kinds = question.code, PollQuestion.Kind
    given = [row.get(code) for row in sheet.answers]
    answered = np.array([value is not None for value in given])
    found: list[Measure] = []
    if question.kind in (kinds.SCALE, kinds.INTEGER, kinds.DECIMAL):
        values = np.array([float(v) if v is not None else np.nan for v in given])
        found.append(Measure(code, "", "mean", not question.counts, values))
    as_sets = [set(map(str, v)) if isinstance(v, list) else {str(v)} for v in given]
    levels = [] if question.kind in (kinds.INTEGER, kinds.DECIMAL) else levels_of(question)
    counted = set(question.counts)
    if not counted and levels and question.kind != kinds.SCALE:
        counted = {levels[0]}
    if counted:
        found.append(Measure(code, "counted", "share", True, _holds(as_sets, counted, answered)))
    for level in levels:
        found.append(Measure(code, level, "share", False, _holds(as_sets, {level}, answered)))
    return found


def _holds(
    given: list[set[str]], wanted: set[str], answered: NDArray[np.bool_]
) -> NDArray[np.float64]:
    held = np.array([bool(row & wanted) for row in given], float)
    return np.where(answered, held, np.nan)


def trust_measure(formula: TrustFormula | None, sheet: Sheet) -> Measure | None:
    """Return the trust index: the mean of the answered items, from 0 (lowest) to 100 (highest)."""
    if formula is None:
        return None
    items = np.array(
        [[float(row[c]) if isinstance(row.get(c), int | float) else np.nan for c in formula.items]
         for row in sheet.answers]
    ).reshape(len(sheet), len(formula.items))  # fmt: skip
    answered = (~np.isnan(items)).sum(axis=1)
    if not (answered >= formula.least_answered).any():
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(items, axis=1) / answered
    index = 100 * (mean - formula.low) / (formula.high - formula.low)
    values = np.where(answered >= formula.least_answered, index, np.nan)
    return Measure(TRUST, "", "mean", True, values)


def plain_rows(measure: Measure, sheet: Sheet) -> list[dict[str, Any]]:
    """Return counts and shares of those who answered, and nothing that a sample design gives.

    It is all that a convenience sample can say.
    """
    found = []
    for by, key, chosen in _groups(measure, sheet):
        values = measure.values[chosen & ~np.isnan(measure.values)]
        if len(values):
            found.append({"by": by, "key": key, "n": len(values), "value": float(values.mean())})
    return found


def _groups(measure: Measure, sheet: Sheet) -> list[tuple[str, str, NDArray[np.bool_]]]:
    found = [("all", "", np.ones(len(sheet), bool))]
    for by in GROUPS if measure.is_headline else ():
        levels = np.array(sheet.level(by))
        found += [(by, str(key), levels == key) for key in np.unique(levels) if key]
    return found


def estimated_rows(measure: Measure, sheet: Sheet, design: Design) -> list[dict[str, Any]]:
    """Return estimates with their doubt: for all, and for a headline measure by groups."""
    found = _estimated(measure, "all", [""], np.zeros(len(sheet), np.int64), sheet, design)
    for by in GROUPS if measure.is_headline else ():
        levels = sheet.level(by)
        names = sorted(set(levels) - {""})
        place = {name: number for number, name in enumerate(names)}
        code = np.array([place.get(level, -1) for level in levels], np.int64)
        if names:
            found += _estimated(measure, by, names, code, sheet, design)
    return found


def _estimated(
    measure: Measure, by: str, names: list[str], code: NDArray[np.int64], sheet: Sheet,
    design: Design,
) -> list[dict[str, Any]]:  # fmt: skip
    from qalqan.science.polls.estimate import mean, proportion
    from qalqan.science.polls.intervals import share_interval

    known = ~np.isnan(measure.values)
    present = np.unique(code[known & (code >= 0)])
    if not len(present):
        return []
    # Domains are numbered without gaps, so that each has an answer.
    dense = np.full(len(code), -1, np.int64)
    for number, old in enumerate(present):
        dense[code == old] = number
    dense[~known] = -1
    values = np.where(known, measure.values, 0.0)
    estimate = proportion if measure.kind == "share" else mean
    made = estimate(design, values, by=dense)
    df = np.maximum(made.df, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = (
            share_interval(made, "wilson", df=df)
            if measure.kind == "share"
            else made.interval(df=df)
        )
        # Where answers do not vary, the size is a number divided by what rounding left.
        effective = np.where(made.deff > _NOISE, made.effective_n, np.nan)
    areas = np.array(sheet.cluster if any(sheet.cluster) else range(len(sheet)))
    rows = []
    for number, old in enumerate(present):
        inside = dense == number
        spread = len(np.unique(areas[inside]))
        rows.append({
            "by": by, "key": names[int(old)], "n": int(made.n[number]),
            "value": _plain(made.value[number]), "low": _plain(ends[0][number]),
            "high": _plain(ends[1][number]), "se": _plain(made.se[number]),
            "deff": _plain(made.deff[number]), "effective_n": _plain(effective[number]),
            "df": int(df[number]), "areas": spread,
            "is_thin": bool(made.n[number] < THIN_ANSWERS or spread < THIN_AREAS),
        })  # fmt: skip
    return rows


def _plain(value: Any) -> float | None:
    number = float(value)
    return number if np.isfinite(number) else None
