"""Analyses as they stand: what speaks against each hypothesis, and what that hangs on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, QuerySet

from qalqan.desk.incidents.models import (
    Analysis,
    AnalysisVersion,
    EvidenceItem,
    Hypothesis,
    HypothesisRelation,
    Incident,
    Mark,
    Reading,
    SoughtEvidence,
)
from qalqan.desk.platform.policies import CHANGE, Actor, policy_of
from qalqan.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qalqan.science.hypotheses.relations import Relations

CREDIBILITY = {1: 1.0, 2: 0.85, 3: 0.6, 4: 0.35, 5: 0.15, 6: 0.5}
RELEVANCE = {3: 1.0, 2: 0.6, 1: 0.3}
"""Weights of grades: conventions, stated on the page; the source's own grade never enters."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What all analysts together say of one item and one hypothesis."""

    said: list[tuple[str, int]]
    points: float


@dataclass(frozen=True, slots=True)
class Row:
    """One item against all hypotheses, and what the order owes to it."""

    item: EvidenceItem
    cells: list[Cell]
    diagnosticity: float
    changes_order: bool
    changes_first: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One hypothesis: what is against it, and how probable it is under what was stated."""

    hypothesis: Hypothesis
    against: float
    rank: int
    weighted: float
    rank_weighted: int
    posterior: float | None
    low: float | None
    high: float | None
    own: float | None


@dataclass(frozen=True, slots=True)
class Told:
    """What an item that is not there yet would tell."""

    sought: SoughtEvidence
    bits: float | None
    changes_first: float | None
    found: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """An analysis as all who handed in see it together."""

    readings: int
    columns: list[Column]
    rows: list[Row]
    agreement: float | None = None
    first: str = ""
    overturned_by: list[EvidenceItem] = field(default_factory=list)
    overturned_to: Hypothesis | None = None
    only_level: bool = False
    incoherent: list[tuple[Hypothesis, Hypothesis]] = field(default_factory=list)
    entropy: float | None = None
    told: list[Told] = field(default_factory=list)
    problem: str = ""

    @property
    def ranked(self) -> list[Column]:
        """Return the hypotheses, the one with least against it first."""
        return sorted(self.columns, key=lambda one: (one.rank, one.hypothesis.position))


def analyses(actor: Actor, *, incident: Incident | None = None) -> QuerySet[Analysis]:
    """Return analyses, the newest first, with how many handed in."""
    rows: QuerySet[Analysis] = Analysis.objects.visible_to(actor)
    if incident is not None:
        rows = rows.filter(incident=incident)
    handed_in = Count(
        "readings",
        filter=Q(readings__is_current=True, readings__handed_in_at__isnull=False),
        distinct=True,
    )
    rows = rows.select_related("incident", "truth").annotate(handed_in=handed_in)
    return rows.order_by("-opened_at", "-pk")


def analysis_for(actor: Actor, analysis_id: int) -> Analysis | None:
    """Return one analysis, or nothing."""
    return analyses(actor).filter(pk=analysis_id).first()


def hypotheses(actor: Actor, analysis: Analysis) -> list[Hypothesis]:
    """Return the hypotheses of an analysis in their order."""
    rows: QuerySet[Hypothesis] = Hypothesis.objects.visible_to(actor)
    return list(rows.filter(analysis=analysis).order_by("position"))


def items(actor: Actor, analysis: Analysis) -> list[EvidenceItem]:
    """Return all items of an analysis in their order, those taken back included."""
    rows: QuerySet[EvidenceItem] = EvidenceItem.objects.visible_to(actor)
    return list(rows.filter(analysis=analysis).select_related("source").order_by("position"))


def relations(actor: Actor, analysis: Analysis) -> list[HypothesisRelation]:
    """Return what was stated about how the hypotheses stand to each other."""
    rows: QuerySet[HypothesisRelation] = HypothesisRelation.objects.visible_to(actor)
    return list(rows.filter(first__analysis=analysis).select_related("first", "second"))


def versions(actor: Actor, analysis: Analysis) -> list[AnalysisVersion]:
    """Return what the analysis said before, the newest first."""
    rows: QuerySet[AnalysisVersion] = AnalysisVersion.objects.visible_to(actor)
    return list(rows.filter(analysis=analysis).order_by("-number"))


def version_for(actor: Actor, analysis: Analysis, number: int) -> AnalysisVersion | None:
    """Return one version, or nothing."""
    rows: QuerySet[AnalysisVersion] = AnalysisVersion.objects.visible_to(actor)
    return rows.filter(analysis=analysis, number=number).first()


def own_reading(actor: Actor, analysis: Analysis) -> Reading | None:
    """Return the actor's own draft, or else the marks that they handed in last."""
    rows: QuerySet[Reading] = Reading.objects.visible_to(actor)
    if not _is_person(actor):
        return None
    drafts_first = F("handed_in_at").desc(nulls_first=True)
    return rows.filter(analysis=analysis, is_current=True).order_by(drafts_first, "-pk").first()


def own_marks(actor: Actor, reading: Reading | None) -> dict[tuple[int, int], str]:
    """Return the actor's own marks by item and hypothesis."""
    if reading is None:
        return {}
    rows: QuerySet[Mark] = Mark.objects.visible_to(actor)
    found = rows.filter(reading=reading).values_list("item_id", "hypothesis_id", "value")
    return {(item, hypothesis): value for item, hypothesis, value in found}


def _is_person(actor: Actor) -> bool:
    return getattr(actor, "pk", None) is not None


def may_see_result(actor: Actor, analysis: Analysis) -> bool:
    """Tell whether the actor may see what the others marked: only after handing in themselves."""
    if analysis.state != Analysis.State.OPEN or not policy_of(Reading).allows(actor, CHANGE):
        return True
    if not _is_person(actor):
        return True
    rows: QuerySet[Reading] = Reading.objects.visible_to(actor)
    return rows.filter(analysis=analysis, handed_in_at__isnull=False, is_current=True).exists()


def result(
    actor: Actor,
    analysis: Analysis,
    *,
    columns: list[Hypothesis] | None = None,
    evidence: list[EvidenceItem] | None = None,
    stated: list[HypothesisRelation] | None = None,
) -> Result:
    """Weigh the marks that were handed in; names and single readings stay behind.

    Parameters
    ----------
    columns, evidence, stated
        Hypotheses, items and relations where they are loaded already.
    """
    columns = hypotheses(actor, analysis) if columns is None else columns
    evidence = items(actor, analysis) if evidence is None else evidence
    stated = relations(actor, analysis) if stated is None else stated
    rows = [item for item in evidence if item.retracted_at is None]
    sought = list(SoughtEvidence.objects.visible_to(actor).filter(analysis=analysis))
    marks, said = _marks(analysis, rows, columns)
    if len(columns) < 2 or not rows or not len(marks):
        return Result(len(marks), [], [])
    return _weighed(columns, rows, marks, said, stated, sought)


def _marks(
    analysis: Analysis, rows: Sequence[EvidenceItem], columns: Sequence[Hypothesis]
) -> tuple[NDArray[Any], dict[tuple[int, int], Counter[str]]]:
    """Return the marks that count, one layer a reading, and how often each was given."""
    import numpy as np

    from qalqan.science.hypotheses.matrix import MARKS

    # Not through the policy on purpose: only what all give together leaves this module.
    stored = Mark.objects.filter(
        reading__analysis=analysis, reading__is_current=True, reading__handed_in_at__isnull=False
    )
    given = list(
        stored.order_by("reading_id").values_list("reading_id", "item_id", "hypothesis_id", "value")
    )
    layers = {pk: n for n, pk in enumerate(sorted({row[0] for row in given}))}
    of_item = {item.pk: n for n, item in enumerate(rows)}
    of_hypothesis = {one.pk: n for n, one in enumerate(columns)}
    marks = np.full((len(layers), len(rows), len(columns)), np.nan)
    said: dict[tuple[int, int], Counter[str]] = {}
    for reading, item, hypothesis, value in given:
        if item in of_item and hypothesis in of_hypothesis:
            cell = (of_item[item], of_hypothesis[hypothesis])
            marks[(layers[reading], *cell)] = MARKS[value]
            said.setdefault(cell, Counter())[value] += 1
    return marks, said


def _weighed(
    columns: list[Hypothesis],
    rows: list[EvidenceItem],
    marks: NDArray[Any],
    said: dict[tuple[int, int], Counter[str]],
    stated: list[HypothesisRelation],
    sought: list[SoughtEvidence],
) -> Result:
    from qalqan.science.hypotheses import matrix
    from qalqan.science.hypotheses.relations import incoherent
    from qalqan.science.hypotheses.sensitivity import sensitivity

    weights = (
        [CREDIBILITY[item.credibility] for item in rows],
        [RELEVANCE[item.relevance] for item in rows],
    )
    ranking, points = matrix.rank(marks, *weights), matrix.against(marks)
    told, hangs = matrix.diagnosticity(marks), sensitivity(marks)
    between, posterior, problem = _read(columns, marks, weights, stated)
    easiest = hangs.smallest
    overturning = (easiest.passes or easiest.ties or ()) if easiest else ()
    firsts = [one.name for k, one in enumerate(columns) if ranking.plain_ranks[k] == 1]
    return Result(
        readings=len(marks),
        columns=[
            Column(
                one, float(ranking.plain[k]), int(ranking.plain_ranks[k]),
                float(ranking.weighted[k]), int(ranking.weighted_ranks[k]), *posterior[k],
            )
            for k, one in enumerate(columns)
        ],
        rows=[
            Row(
                item, [Cell(_ordered(said.get((n, k))), float(points[n, k]))
                       for k in range(len(columns))],
                float(told[n]), hangs.singles[n].changes_order, hangs.singles[n].changes_first,
            )
            for n, item in enumerate(rows)
        ],
        agreement=matrix.agreement(marks),
        first=", ".join(firsts),
        overturned_by=[rows[n] for n in overturning],
        overturned_to=columns[easiest.behind] if easiest and overturning else None,
        only_level=bool(easiest and easiest.passes is None),
        incoherent=[
            (columns[whole], columns[part])
            for whole, part in (incoherent(ranking.plain, between) if between else [])
        ],
        entropy=None if problem else _entropy(posterior.own),
        told=[_gain(one, columns, posterior.own) for one in sought],
        problem=problem,
    )  # fmt: skip


def _ordered(counts: Counter[str] | None) -> list[tuple[str, int]]:
    order = list(Mark.Value.values)
    return sorted((counts or {}).items(), key=lambda one: order.index(one[0]))


class _Posterior(list[tuple[float | None, ...]]):
    """Posterior with its spread by hypothesis, and the parts that shut each other out."""

    own: NDArray[Any] | None = None


def _read(
    columns: list[Hypothesis],
    marks: NDArray[Any],
    weights: tuple[list[float], list[float]],
    stated: list[HypothesisRelation],
) -> tuple[Relations | None, _Posterior, str]:
    """Return the relations, the Bayesian reading, and why there is none where there is none."""
    from qalqan.science.hypotheses import bayes

    place = {one.pk: k for k, one in enumerate(columns)}
    found = _Posterior([(None,) * 4] * len(columns))
    try:
        between = relations_of(stated, place)
        reading = bayes.read(
            marks, [one.prior for one in columns], credibility=weights[0], relevance=weights[1],
            relations=between,
        )  # fmt: skip
    except InputError as error:
        return None, found, str(error.message)
    for k in range(len(columns)):
        low = None if reading.low is None else float(reading.low[k])
        high = None if reading.high is None else float(reading.high[k])
        found[k] = (float(reading.posterior[k]), low, high, float(reading.own[k]))
    found.own = reading.own
    return between, found, ""


def relations_of(stated: Sequence[HypothesisRelation], place: dict[int, int]) -> Relations:
    """Return relations by position; raises where they contradict each other."""
    from qalqan.science.hypotheses.relations import Relations, wholes

    pairs: dict[str, list[tuple[int, int]]] = {"exclusive": [], "contains": []}
    for one in stated:
        pairs[one.kind].append((place[one.first_id], place[one.second_id]))
    found = Relations(pairs["exclusive"], pairs["contains"])
    wholes(found, len(place))
    return found


def _entropy(own: NDArray[Any] | None) -> float | None:
    from qalqan.science.hypotheses.bayes import entropy

    return None if own is None else entropy(own)


def _gain(one: SoughtEvidence, columns: list[Hypothesis], own: NDArray[Any] | None) -> Told:
    from qalqan.science.hypotheses.bayes import expected_gain

    if own is None:
        return Told(one, None, None, None)
    # A hypothesis that was added later has no stated chance: finding it tells nothing there.
    chances = [float(one.chances.get(str(column.pk), 0.5)) for column in columns]
    gain = expected_gain(own, [chances, [1 - chance for chance in chances]])
    return Told(one, gain.bits, gain.changes_first, float(gain.outcomes[0]))
