"""What is asked and not yet answered."""

from __future__ import annotations

from django.db.models import QuerySet

from qalqan.desk.incidents.models import Incident, OpenQuestion
from qalqan.desk.platform.policies import Actor


def questions(
    actor: Actor, *, incident: Incident | None = None, state: str = ""
) -> QuerySet[OpenQuestion]:
    """Return questions, the first due first; of an incident, or in a state, where asked for."""
    rows: QuerySet[OpenQuestion] = OpenQuestion.objects.visible_to(actor)
    if incident is not None:
        rows = rows.filter(incident=incident)
    if state:
        rows = rows.filter(state=state)
    return rows.select_related("incident", "organisation").order_by("due_at", "pk")


def open_questions(actor: Actor) -> QuerySet[OpenQuestion]:
    """Return what stays on the brief: asked, and neither answered nor declared unanswerable."""
    return questions(actor, state=OpenQuestion.State.OPEN)


def question_for(actor: Actor, question_id: int) -> OpenQuestion | None:
    """Return one question, or nothing."""
    return questions(actor).filter(pk=question_id).first()
