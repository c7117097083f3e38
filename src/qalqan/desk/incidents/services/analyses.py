"""Every change of an analysis: opened, filled, marked blind, closed by the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

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
from qalqan.desk.incidents.selectors import analyses as selectors
from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, SystemActor, require
from qalqan.desk.platform.privacy.guard import refuse_traces
from qalqan.desk.platform.sources.models import Source
from qalqan.errors import ConflictError, InputError

MOST_HYPOTHESES = 12
MOST_ITEMS = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """One hypothesis to begin with."""

    kind: str
    text: str
    prior: float


@transaction.atomic
def open_analysis(
    *,
    actor: Actor,
    incident: Incident,
    question: str,
    wanted: Sequence[Wanted],
    now: datetime,
    is_sample: bool = False,
) -> Analysis:
    """Begin to weigh hypotheses about an incident.

    Raises
    ------
    InputError
        There are fewer than two hypotheses, two are the same, or priors do not sum to 1.
    RefusedError
        The actor may not weigh.
    """
    require(actor, ADD, Analysis)
    if not 2 <= len(wanted) <= MOST_HYPOTHESES:
        raise InputError(_("Weigh at least two hypotheses, and at most twelve."))
    if len({(one.kind, one.text) for one in wanted}) < len(wanted):
        raise InputError(_("Two hypotheses are the same."))
    _check_priors([one.prior for one in wanted])
    analysis = Analysis.objects.create(
        incident=incident, question=clean(question, 200), opened_at=now,
        opened_by=_person(actor), is_sample=is_sample,
    )  # fmt: skip
    Hypothesis.objects.bulk_create(
        Hypothesis(
            analysis=analysis, position=number, kind=one.kind, text=clean(one.text, 200, True),
            prior=one.prior,
        )
        for number, one in enumerate(wanted, 1)
    )  # fmt: skip
    _note(actor, analysis, "open_analysis", now, incident=incident.pk)
    return analysis


@transaction.atomic
def add_hypothesis(
    *, actor: Actor, analysis: Analysis, kind: str, text: str, now: datetime
) -> Hypothesis:
    """Add a hypothesis that nobody had thought of; its prior is 0 until priors are stated anew.

    Raises
    ------
    ConflictError
        The truth is stated already.
    InputError
        It is there already, or there are too many.
    """
    locked = _locked(actor, analysis)
    text = clean(text, 200, True)
    rows = Hypothesis.objects.filter(analysis=locked)
    if rows.count() >= MOST_HYPOTHESES:
        raise InputError(_("Weigh at least two hypotheses, and at most twelve."))
    if rows.filter(kind=kind, text=text).exists():
        raise InputError(_("Two hypotheses are the same."))
    one = Hypothesis.objects.create(
        analysis=locked, position=_next(rows), kind=kind, text=text, prior=0.0
    )
    _note(actor, locked, "add_hypothesis", now, hypothesis=one.position)
    return one


@transaction.atomic
def set_priors(
    *, actor: Actor, analysis: Analysis, priors: Mapping[int, float], now: datetime
) -> Analysis:
    """State how probable the hypotheses were before the evidence.

    Raises
    ------
    InputError
        They do not fit the hypotheses and their relations.
    """
    locked = _locked(actor, analysis)
    rows = selectors.hypotheses(actor, locked)
    if set(priors) != {one.pk for one in rows}:
        raise InputError(_("Each hypothesis needs its probability."))
    for one in rows:
        one.prior = priors[one.pk]
    _check_own(actor, locked, rows, selectors.relations(actor, locked))
    Hypothesis.objects.bulk_update(rows, ["prior"])
    _note(actor, locked, "set_priors", now)
    return locked


@transaction.atomic
def relate(
    *, actor: Actor, analysis: Analysis, first: Hypothesis, kind: str, second: Hypothesis,
    now: datetime,
) -> HypothesisRelation | None:  # fmt: skip
    """State how two hypotheses stand to each other, or take that back where kind is empty.

    Raises
    ------
    InputError
        It contradicts what was stated before.
    """
    locked = _locked(actor, analysis)
    if {first.analysis_id, second.analysis_id} != {locked.pk} or first.pk == second.pk:
        raise InputError(_("Choose two hypotheses of this analysis."))
    pair = [first.pk, second.pk]
    HypothesisRelation.objects.filter(first__in=pair, second__in=pair).delete()
    made = None
    if kind:
        made = HypothesisRelation.objects.create(first=first, kind=kind, second=second)
        place = {one.pk: k for k, one in enumerate(selectors.hypotheses(actor, locked))}
        try:
            selectors.relations_of(selectors.relations(actor, locked), place)
        except InputError:
            raise InputError(_("This contradicts the relations that are stated.")) from None
    _note(actor, locked, "relate", now, pair=[first.position, second.position], kind=kind)
    return made


@transaction.atomic
def add_item(
    *,
    actor: Actor,
    analysis: Analysis,
    text: str,
    now: datetime,
    source: Source | None = None,
    credibility: int = 6,
    relevance: int = 3,
    is_assumption: bool = False,
) -> EvidenceItem:
    """Add an item of evidence or an assumption, with its grade.

    Raises
    ------
    ConflictError
        The truth is stated already.
    InputError
        Evidence names no source, or there are too many items.
    """
    locked = _locked(actor, analysis)
    if source is None and not is_assumption:
        raise InputError(_("Evidence needs a source; what has none is an assumption."))
    rows = EvidenceItem.objects.filter(analysis=locked)
    if rows.count() >= MOST_ITEMS:
        raise InputError(_("An analysis holds at most sixty items."))
    item = EvidenceItem.objects.create(
        analysis=locked, position=_next(rows), text=clean(text, 300), source=source,
        credibility=credibility, relevance=relevance, is_assumption=is_assumption, added_at=now,
    )  # fmt: skip
    _note(actor, locked, "add_evidence", now, item=item.position)
    return item


@transaction.atomic
def take_back_item(*, actor: Actor, item: EvidenceItem, why: str, now: datetime) -> EvidenceItem:
    """Leave an item out from now on, because it was found false; it stays in the history.

    Raises
    ------
    ConflictError
        It is taken back already, or the truth is stated.
    """
    locked = _locked(actor, item.analysis)
    fresh: EvidenceItem = EvidenceItem.objects.select_for_update().get(pk=item.pk)
    if fresh.retracted_at is not None:
        raise ConflictError(_("This item is taken back already."))
    fresh.retracted_at, fresh.retracted_why = now, clean(why, 300)
    fresh.save(update_fields=["retracted_at", "retracted_why"])
    _note(actor, locked, "take_back_evidence", now, item=fresh.position)
    return fresh


@transaction.atomic
def save_marks(
    *,
    actor: Actor,
    analysis: Analysis,
    marks: Mapping[tuple[int, int], str],
    hand_in: bool,
    now: datetime,
) -> Reading:
    """Keep one's own marks; handed in, they count, and the others' become visible.

    Marks that were handed in before stay in the history and no longer count.

    Raises
    ------
    ConflictError
        The truth is stated already.
    InputError
        A mark is of no item or hypothesis here, or marks are missing on handing in.
    """
    locked = _locked(actor, analysis)
    person = _person(actor)
    if person is None:
        raise InputError(_("Only people mark."))
    wanted = {
        (item.pk, one.pk)
        for item in selectors.items(actor, locked)
        if item.retracted_at is None
        for one in selectors.hypotheses(actor, locked)
    }
    if not set(marks) <= wanted or not set(marks.values()) <= set(Mark.Value.values):
        raise InputError(_("A mark does not belong to this matrix. Load the page again."))
    if hand_in and (set(marks) != wanted or not wanted):
        raise InputError(_("Mark every cell before you hand in; NA where an item does not apply."))
    reading, _made = Reading.objects.get_or_create(
        analysis=locked, by=person, handed_in_at=None, defaults={"begun_at": now}
    )
    reading.marks.all().delete()
    Mark.objects.bulk_create(
        Mark(reading=reading, item_id=item, hypothesis_id=one, value=value)
        for (item, one), value in sorted(marks.items())
    )
    if hand_in:
        Reading.objects.filter(
            analysis=locked, by=person, is_current=True, handed_in_at__isnull=False
        ).update(is_current=False)
        reading.handed_in_at = now
        reading.save(update_fields=["handed_in_at"])
        _note(actor, locked, "hand_in", now, marks=len(marks))
    else:
        audit.record(actor=actor, action="incidents.save_marks", subject=locked, now=now)
    return reading


@transaction.atomic
def add_sought(
    *, actor: Actor, analysis: Analysis, text: str, chances: Mapping[int, float], now: datetime
) -> SoughtEvidence:
    """Note what could be looked for, and how probable it is to be found under each hypothesis.

    Raises
    ------
    InputError
        A hypothesis lacks its probability, or one is not between 0 and 1.
    """
    locked = _locked(actor, analysis)
    keys = {one.pk for one in selectors.hypotheses(actor, locked)}
    if set(chances) != keys or not all(0 <= chance <= 1 for chance in chances.values()):
        raise InputError(_("Each hypothesis needs its probability."))
    made = SoughtEvidence.objects.create(
        analysis=locked, text=clean(text, 300), added_at=now,
        chances={str(key): chance for key, chance in chances.items()},
    )  # fmt: skip
    _note(actor, locked, "add_sought", now)
    return made


@transaction.atomic
def state_truth(
    *, actor: Actor, analysis: Analysis, truth: Hypothesis, basis: str, misled_by: str,
    now: datetime,
) -> Analysis:  # fmt: skip
    """Close an analysis, because the truth is known: what was true, how we know, what misled us.

    Raises
    ------
    ConflictError
        It is stated already.
    InputError
        The hypothesis is of another analysis, or nothing says how it became known.
    """
    locked = _locked(actor, analysis)
    if truth.analysis_id != locked.pk:
        raise InputError(_("Choose one of the hypotheses of this analysis."))
    locked.truth, locked.solved_at, locked.state = truth, now, Analysis.State.SOLVED
    locked.truth_basis = clean(basis, 2000)
    locked.misled_by = clean(misled_by, 2000, True)
    locked.save(update_fields=["truth", "solved_at", "state", "truth_basis", "misled_by"])
    _note(actor, locked, "state_truth", now, truth=truth.position)
    return locked


def _locked(actor: Actor, analysis: Analysis) -> Analysis:
    require(actor, CHANGE, Analysis)
    locked: Analysis = Analysis.objects.select_for_update().get(pk=analysis.pk)
    if locked.state != Analysis.State.OPEN:
        raise ConflictError(_("The truth is stated; this analysis is closed."))
    return locked


def _note(actor: Actor, analysis: Analysis, act: str, now: datetime, **detail: Any) -> None:
    """Keep what the analysis says after the act as a version, and write the audit row."""
    seen = selectors.result(SystemActor("analysis"), analysis)
    content = {
        "readings": seen.readings,
        "items": sum(1 for _row in seen.rows),
        "agreement": seen.agreement,
        "hypotheses": [
            {
                "id": one.hypothesis.pk, "position": one.hypothesis.position,
                "kind": one.hypothesis.kind, "text": one.hypothesis.text,
                "prior": one.hypothesis.prior, "against": one.against, "rank": one.rank,
                "weighted": one.weighted, "posterior": one.posterior, "low": one.low,
                "high": one.high,
            }
            for one in seen.columns
        ],
    }  # fmt: skip
    last = AnalysisVersion.objects.filter(analysis=analysis).aggregate(last=Max("number"))["last"]
    AnalysisVersion.objects.create(
        analysis=analysis, number=(last or 0) + 1, at=now, act=act, content=content
    )
    audit.record(actor=actor, action=f"incidents.{act}", subject=analysis, now=now, detail=detail)


def _check_priors(priors: Sequence[float]) -> None:
    if not all(0 <= prior <= 1 for prior in priors) or abs(sum(priors) - 1) > 1e-6:
        raise InputError(_("The probabilities before the evidence must sum to 100 %."))


def _check_own(
    actor: Actor,
    analysis: Analysis,
    rows: Sequence[Hypothesis],
    stated: Sequence[HypothesisRelation],
) -> None:
    from qalqan.science.hypotheses.relations import own_priors

    place = {one.pk: k for k, one in enumerate(rows)}
    try:
        own_priors([one.prior for one in rows], selectors.relations_of(stated, place), len(rows))
    except InputError:
        raise InputError(
            _("The probabilities of hypotheses that lie in no other must sum to 100 %, and parts "
              "must not be more probable than their whole.")
        ) from None  # fmt: skip


def _next(rows: Any) -> int:
    return int(rows.aggregate(last=Max("position"))["last"] or 0) + 1


def _person(actor: Actor) -> User | None:
    return cast("User", actor) if isinstance(actor, User) else None


def clean(text: str, longest: int, may_be_empty: bool = False) -> str:
    """Return a text within its length that gives no private person away."""
    text = text.strip()
    if not text and not may_be_empty:
        raise InputError(_("This must not be empty."))
    if len(text) > longest:
        raise InputError(_("This text is too long."))
    try:
        refuse_traces(text)
    except ValidationError as error:
        raise InputError(" ".join(error.messages)) from None
    return text
