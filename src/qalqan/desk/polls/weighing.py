"""From stored answers to a design of `qalqan.science.polls` with weights, and what was done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qalqan.desk.polls.models import DrawnCluster, Margin, Poll, Response

if TYPE_CHECKING:
    from qalqan.science.polls.design import Design

FIELDS = ("pk", "stratum", "cluster", "district", "age_band", "sex", "settlement", "answers")
LEAST_IN_AREA = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """All answers of a poll as columns."""

    stratum: list[str]
    cluster: list[str]
    district: list[int]
    age_band: list[str]
    sex: list[str]
    settlement: list[str]
    answers: list[dict[str, Any]]

    def __len__(self) -> int:
        return len(self.answers)

    def level(self, variable: str) -> list[str]:
        """Return a grouping variable as texts; empty where it is not known."""
        values: list[Any] = getattr(self, variable)
        return [str(value) if value else "" for value in values]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A design with its weights, and a log of how they came about, as plain data."""

    design: Design
    log: dict[str, Any]


def sheet_of(poll: Poll) -> Sheet:
    """Read all answers of a poll, in the order of areas: nothing of the order they came in."""
    rows = Response.objects.filter(poll=poll).order_by("stratum", "cluster", "pk")
    found = list(rows.values_list(*FIELDS[1:]))
    columns: list[list[Any]] = [list(column) for column in zip(*found, strict=True)] or [
        [] for _name in FIELDS[1:]
    ]
    columns[2] = [value or 0 for value in columns[2]]
    return Sheet(*columns)


def weighed(poll: Poll, sheet: Sheet) -> Weighed:
    """Return the design of a probability sample with its weights.

    Raises
    ------
    PollInputError
        The design cannot be estimated from, or known totals cannot be met.
    """
    from qalqan.science.polls.design import design

    strata = {row.code: row for row in poll.strata.all()}
    if poll.method:
        parts = _of_areas(poll, sheet, strata)
    else:
        per = Counter(sheet.stratum)
        people = np.array([strata[name].population for name in sheet.stratum], float)
        taken = np.array([per[name] for name in sheet.stratum], float)
        # More answers than people would be a mistake in the design; the science says so.
        parts = {"weights": people / taken, "strata": sheet.stratum, "fpc": [people]}
    made = design(**parts, lonely="adjust")
    log: dict[str, Any] = {
        "base": {"least": float(made.weights.min()), "greatest": float(made.weights.max()),
                 "people": float(made.weights.sum())},
        "adjustment": poll.adjustment, "variables": [],
    }  # fmt: skip
    if poll.adjustment:
        made = _adjusted(poll, sheet, made, log)
    share = made.weights / made.weights.sum()
    log["kish_deff"] = float(len(share) * (share**2).sum())
    return Weighed(made, log)


def _of_areas(poll: Poll, sheet: Sheet, strata: dict[str, Any]) -> dict[str, Any]:
    """Weights of answers in drawn areas: people of the area, by answers there, by its chance."""
    rows: dict[str, DrawnCluster] = {
        row.unit.code: row for row in poll.clusters.select_related("unit")
    }
    per = Counter(sheet.cluster)
    people = np.array([rows[code].unit.size for code in sheet.cluster], float)
    chance = np.array([rows[code].probability for code in sheet.cluster])
    taken = np.array([per[code] for code in sheet.cluster], float)
    parts: dict[str, Any] = {
        "weights": people / taken / chance, "strata": sheet.stratum, "clusters": [sheet.cluster],
    }  # fmt: skip
    if poll.method != Poll.Method.PPS:
        # Areas drawn with equal chances are a finite population; drawn in proportion to size they
        # are taken as drawn with replacement, which makes intervals rather too wide than too small.
        areas = np.array([strata[name].areas for name in sheet.stratum], float)
        parts["fpc"] = [areas]
    return parts


def _codes(
    levels: list[str], totals: dict[str, float], weights: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], int]:
    """Return codes and totals of one margin; answers without a level keep their share."""
    names = sorted(totals)
    place = {name: number for number, name in enumerate(names)}
    code = np.array([place.get(level, len(names)) for level in levels], np.int64)
    known = np.array([totals[name] for name in names], float)
    missing = code == len(names)
    if missing.any():
        share = float(weights[missing].sum() / weights.sum())
        known = np.append(known * (1 - share), known.sum() * share)
    return code, known, int(missing.sum())


def _adjusted(poll: Poll, sheet: Sheet, made: Design, log: dict[str, Any]) -> Design:
    from qalqan.science.polls.calibrate import calibrate, poststratify, rake

    by_variable: dict[str, dict[str, float]] = {}
    for row in Margin.objects.filter(poll=poll):
        by_variable.setdefault(row.variable, {})[row.level] = row.total
    margins = []
    for variable, totals in sorted(by_variable.items()):
        code, known, missing = _codes(sheet.level(variable), totals, made.weights)
        margins.append((code, known))
        log["variables"].append({"variable": variable, "levels": totals, "missing": missing})
    bounds = (
        (poll.trim_low, poll.trim_high)
        if poll.trim_low is not None and poll.trim_high is not None
        else None
    )
    if poll.adjustment == Poll.Adjustment.POSTSTRATIFY and len(margins) == 1:
        found = poststratify(made, *margins[0])
    elif poll.adjustment != Poll.Adjustment.CALIBRATE and bounds is None:
        found = rake(made, margins, epsilon=1e-7, most=200)
    else:
        columns, totals_ = _columns(margins)
        function = "raking" if poll.adjustment == Poll.Adjustment.RAKE else "linear"
        found = calibrate(made, columns, totals_, function=function, bounds=bounds)  # type: ignore[arg-type]
    log["steps"], log["converged"], log["worst"] = found.steps, found.converged, found.worst
    log["factors"] = {"least": float(found.factors.min()), "greatest": float(found.factors.max())}
    log["trimming"] = _trimming(found.factors, bounds)
    return found.design


def _columns(
    margins: list[tuple[NDArray[np.int64], NDArray[np.float64]]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return indicator columns: all levels of the first margin, all but one of the others."""
    columns, totals = [], []
    for number, (code, known) in enumerate(margins):
        for level in range(1 if number else 0, len(known)):
            columns.append((code == level).astype(float))
            totals.append(known[level])
    return np.column_stack(columns), np.array(totals)


def _trimming(factors: NDArray[np.float64], bounds: Any) -> dict[str, Any]:
    """Return which factors stand at a bound, by count."""
    if bounds is None:
        return {"low": None, "high": None, "at_low": 0, "at_high": 0}
    low, high = bounds
    return {"low": low, "high": high, "at_low": int((factors <= low * (1 + 1e-9)).sum()),
            "at_high": int((factors >= high * (1 - 1e-9)).sum())}  # fmt: skip
