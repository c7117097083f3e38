"""Load the sample's analyses: two that people of the sample weighed, and an open question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from qalqan.desk.incidents import selectors
from qalqan.desk.incidents.models import Analysis, Incident
from qalqan.desk.incidents.services import analyses, questions
from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.sources.models import Source
from qalqan.desk.platform.sources.services import get_or_create_source

if TYPE_CHECKING:
    from qalqan.sample.weighed import SampleAnalysis


@transaction.atomic
def load_sample_weighing(*, actor: Actor, people: Sequence[User], now: datetime) -> int:
    """Let two people weigh hypotheses about sample incidents; return how many analyses came.

    Parameters
    ----------
    actor
        Who loads.
    people
        Two who weigh; the first also asks.
    now
        When the sample ends.
    """
    from qalqan.sample.weighed import KINDS, QUESTION, SOURCE, WEIGHED

    if Analysis.objects.filter(is_sample=True).exists():
        return 0
    source = get_or_create_source(actor=actor, name=SOURCE, kind="agency", now=now, is_sample=True)
    language = people[0].language
    made = 0
    for sample, kinds in zip(WEIGHED, KINDS, strict=True):
        incident = _incident(actor, kinds)
        if incident is None:
            continue
        _weigh(sample, incident, source, people, language, now - sample.ago)
        made += 1
        if made == 1 and people[0].organisation is not None:
            questions.ask(
                actor=people[0], incident=incident, question=QUESTION[language],
                organisation=people[0].organisation, due_at=now + timedelta(days=5), now=now,
                is_sample=True,
            )  # fmt: skip
    return made


def _incident(actor: Actor, kinds: Sequence[str]) -> Incident | None:
    """Return the newest made-up incident of the first kind that has any.

    Events that the sample took from the public record are left alone: nothing is made up of them.
    """
    for kind in kinds:
        rows = selectors.incidents(actor, kind=kind).filter(external_id__startswith="sample-")
        found = rows.filter(is_sample=True).first()
        if found is not None:
            return found
    return None


def _weigh(
    sample: SampleAnalysis, incident: Incident, source: Source, people: Sequence[User],
    language: str, at: datetime,
) -> None:  # fmt: skip
    first = people[0]
    analysis = analyses.open_analysis(
        actor=first, incident=incident, question=sample.question[language], now=at,
        wanted=[analyses.Wanted(kind, "", prior) for kind, prior in sample.hypotheses],
        is_sample=True,
    )  # fmt: skip
    rows = list(analysis.hypotheses.order_by("position"))
    items = [
        analyses.add_item(
            actor=first, analysis=analysis, text=item.text[language], now=at,
            source=source if item.credibility else None,
            credibility=item.credibility or 6, relevance=item.relevance,
            is_assumption=not item.credibility,
        )
        for item in sample.items
    ]  # fmt: skip
    for number, person in enumerate(people[:2]):
        marks = {
            (item.pk, row.pk): value
            for item, said in zip(items, sample.items, strict=True)
            for row, value in zip(rows, said.marks[number], strict=True)
        }
        analyses.save_marks(
            actor=person, analysis=analysis, marks=marks, hand_in=True,
            now=at + timedelta(hours=number + 1),
        )  # fmt: skip
    if sample.sought:
        chances = {row.pk: chance for row, chance in zip(rows, sample.chances, strict=True)}
        analyses.add_sought(
            actor=first, analysis=analysis, text=sample.sought[language], chances=chances,
            now=at + timedelta(hours=3),
        )  # fmt: skip
    if sample.truth:
        analyses.state_truth(
            actor=first, analysis=analysis, truth=rows[sample.truth - 1],
            basis=sample.basis[language], misled_by=sample.misled_by[language],
            now=at + timedelta(days=10),
        )  # fmt: skip
