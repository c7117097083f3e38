"""When the truth is known: what misled, and how good the readings were, by group only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qalqan.desk.incidents.models import (
    Analysis,
    EvidenceItem,
    Hypothesis,
    HypothesisRelation,
    Reading,
)
from qalqan.desk.incidents.selectors import analyses as selectors
from qalqan.desk.platform.policies import Actor
from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.science.hypotheses.scoring import Decomposition, GroupScore

_SEED = 12
_MOST = 500


@dataclass(frozen=True, slots=True)
class Step:
    """What a version gave the truth."""

    number: int
    at: datetime
    act: str
    rank: int | None
    posterior: float | None


@dataclass(frozen=True, slots=True)
class Misleading:
    """An item and how many points more it spoke against the truth than against the best other."""

    item: EvidenceItem
    points: float


@dataclass(frozen=True, slots=True)
class Aftermath:
    """The post-mortem of an analysis."""

    brier: float | None
    chance: float
    log_score: float | None
    rank: int | None
    first: str
    steps: list[Step]
    misleading: list[Misleading]


@dataclass(frozen=True, slots=True)
class Calibration:
    """All solved analyses together, and by group of analysts."""

    solved: int
    parts: Decomposition | None
    groups: list[GroupScore]


def aftermath(actor: Actor, analysis: Analysis) -> Aftermath | None:
    """Return how an analysis stood to the truth; nothing while that is not stated."""
    if analysis.truth is None:
        return None
    from qalqan.science.hypotheses import scoring

    result = selectors.result(actor, analysis)
    columns = result.columns
    where = next(
        (k for k, one in enumerate(columns) if one.hypothesis.pk == analysis.truth_id), None
    )
    said = [one.own for one in columns]
    known = [share for share in said if share is not None]
    scored = where is not None and len(known) == len(said)
    return Aftermath(
        brier=scoring.brier(known, where) if scored and where is not None else None,
        # What equal shares would have scored: the least that weighing must beat.
        chance=1 - 1 / len(columns) if columns else 1.0,
        log_score=scoring.log_score(known, where) if scored and where is not None else None,
        rank=None if where is None else columns[where].rank,
        first=result.first,
        steps=_steps(actor, analysis),
        misleading=_misleading(result, where),
    )


def _steps(actor: Actor, analysis: Analysis) -> list[Step]:
    steps = []
    for version in reversed(selectors.versions(actor, analysis)):
        row = next((one for one in version.hypotheses if one["id"] == analysis.truth_id), None)
        steps.append(
            Step(
                version.number,
                version.at,
                version.act,
                row["rank"] if row else None,
                row["posterior"] if row else None,
            )
        )
    return steps


def _misleading(result: selectors.Result, where: int | None) -> list[Misleading]:
    """Rank items by how much more they spoke against the truth than against the best other."""
    if where is None:
        return []
    found = []
    for row in result.rows:
        others = [cell.points for k, cell in enumerate(row.cells) if k != where]
        extra = row.cells[where].points - min(others)
        if extra > 0:
            found.append(Misleading(row.item, extra))
    return sorted(found, key=lambda one: -one.points)


def calibration(actor: Actor) -> Calibration:
    """Score every reading of every solved analysis, group by group."""
    import numpy as np

    from qalqan.science.hypotheses import scoring

    solved = list(
        selectors.analyses(actor).filter(state=Analysis.State.SOLVED).order_by("pk")[:_MOST]
    )
    groups: list[str] = []
    members: list[object] = []
    cases: list[object] = []
    forecasts: list[Any] = []
    truths: list[int] = []
    for one in _loaded(solved):
        truth = next(k for k, row in enumerate(one.columns) if row.pk == one.analysis.truth_id)
        for reading in one.readings:
            shares = _posterior(one, reading)
            if shares is not None:
                groups.append(str(reading.by.organisation or "–"))
                members.append(reading.by_id)
                cases.append(one.analysis.pk)
                forecasts.append(shares)
                truths.append(truth)
    if not forecasts:
        return Calibration(len(solved), None, [])
    said = np.concatenate(forecasts)
    true = np.concatenate(
        [np.arange(len(row)) == truth for row, truth in zip(forecasts, truths, strict=True)]
    )
    return Calibration(
        len(solved),
        scoring.decompose(said, true.astype(float)),
        scoring.by_group(groups, members, cases, forecasts, truths, np.random.default_rng(_SEED)),
    )


@dataclass(slots=True)
class _Solved:
    """One solved analysis with everything that scoring needs."""

    analysis: Analysis
    columns: list[Hypothesis] = field(default_factory=list)
    rows: list[EvidenceItem] = field(default_factory=list)
    stated: list[HypothesisRelation] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)


def _loaded(solved: Sequence[Analysis]) -> list[_Solved]:
    """Load all solved analyses in five queries, however many there are."""
    found = {one.pk: _Solved(one) for one in solved}
    for row in Hypothesis.objects.filter(analysis__in=found).order_by("position"):
        found[row.analysis_id].columns.append(row)
    items = EvidenceItem.objects.filter(analysis__in=found, retracted_at__isnull=True)
    for item in items.order_by("position"):
        found[item.analysis_id].rows.append(item)
    for pair in HypothesisRelation.objects.filter(first__analysis__in=found).select_related(
        "first"
    ):
        found[pair.first.analysis_id].stated.append(pair)
    # Every reading on purpose: only what a group's give together leaves this module.
    readings = Reading.objects.filter(
        analysis__in=found, is_current=True, handed_in_at__isnull=False
    )
    for reading in readings.select_related("by__organisation").prefetch_related("marks"):
        found[reading.analysis_id].readings.append(reading)
    return list(found.values())


def _posterior(one: _Solved, reading: Reading) -> Any:
    import numpy as np

    from qalqan.science.hypotheses import bayes
    from qalqan.science.hypotheses.matrix import MARKS

    marks = np.full((1, len(one.rows), len(one.columns)), np.nan)
    place = {row.pk: k for k, row in enumerate(one.columns)}
    of_item = {row.pk: n for n, row in enumerate(one.rows)}
    for mark in reading.marks.all():
        if mark.item_id in of_item:
            marks[0, of_item[mark.item_id], place[mark.hypothesis_id]] = MARKS[mark.value]
    try:
        return bayes.read(
            marks, [row.prior for row in one.columns],
            credibility=[selectors.CREDIBILITY[row.credibility] for row in one.rows],
            relevance=[selectors.RELEVANCE[row.relevance] for row in one.rows],
            relations=selectors.relations_of(one.stated, place),
        ).own  # fmt: skip
    except InputError:
        # Priors that do not fit give no probability, hence nothing to score.
        return None
