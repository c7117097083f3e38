"""Everything that reads evaluations."""

from __future__ import annotations

from django.db.models import QuerySet

from qalqan.desk.outreach.models import Evaluation
from qalqan.desk.platform.policies import Actor


def evaluations(actor: Actor) -> QuerySet[Evaluation]:
    """Return the evaluations, newest first."""
    rows: QuerySet[Evaluation] = Evaluation.objects.visible_to(actor)
    return rows.select_related("body").order_by("-made_at", "-pk")


def evaluation_for(actor: Actor, evaluation_id: int) -> Evaluation | None:
    """Return one evaluation, or nothing where it is absent or hidden."""
    return evaluations(actor).select_related("activity").filter(pk=evaluation_id).first()
