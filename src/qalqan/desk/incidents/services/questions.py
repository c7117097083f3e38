"""Open questions: asked of a body, due, answered or declared unanswerable with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qalqan.desk.incidents.models import Incident, OpenQuestion
from qalqan.desk.incidents.services.analyses import clean
from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, SystemActor, require
from qalqan.desk.platform.work import services as work
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError, InputError

WORK_KIND = "incidents.question"


@transaction.atomic
def ask(
    *,
    actor: Actor,
    incident: Incident,
    question: str,
    organisation: Organisation,
    due_at: datetime,
    now: datetime,
    is_sample: bool = False,
) -> OpenQuestion:
    """Ask what nobody knows yet, and of whom; it becomes work of that body.

    Raises
    ------
    InputError
        The question is empty or too long, or its date lies in the past.
    RefusedError
        The actor may not ask.
    """
    require(actor, ADD, OpenQuestion)
    if due_at <= now and not is_sample:
        raise InputError(_("The date lies in the past."))
    asked = OpenQuestion.objects.create(
        incident=incident, question=clean(question, 200), organisation=organisation,
        due_at=due_at, asked_at=now, asked_by=actor if isinstance(actor, User) else None,
        is_sample=is_sample,
    )  # fmt: skip
    asked.work = work.open_item(
        actor=SystemActor("incidents"), kind=WORK_KIND, title=asked.question, subject=asked,
        owner=None, organisation=organisation, due_at=due_at, now=now,
        url=f"{reverse('incidents:questions')}?state=open", is_sample=is_sample,
    )  # fmt: skip
    asked.save(update_fields=["work"])
    audit.record(
        actor=actor, action="incidents.ask", subject=asked, now=now,
        detail={"incident": incident.pk, "due_at": due_at.isoformat()},
    )  # fmt: skip
    return asked


@transaction.atomic
def close_question(
    *, actor: Actor, question: OpenQuestion, answered: bool, answer: str, now: datetime
) -> OpenQuestion:
    """Answer a question, or declare that it cannot be answered, and why.

    Raises
    ------
    ConflictError
        It is closed already.
    InputError
        There is no answer or reason.
    """
    require(actor, CHANGE, OpenQuestion)
    locked: OpenQuestion = OpenQuestion.objects.select_for_update().get(pk=question.pk)
    if locked.state != OpenQuestion.State.OPEN:
        raise ConflictError(_("This question is closed already."))
    state = OpenQuestion.State.ANSWERED if answered else OpenQuestion.State.UNANSWERABLE
    locked.state, locked.answer, locked.closed_at = state, clean(answer, 2000), now
    locked.closed_by = actor if isinstance(actor, User) else None
    locked.save(update_fields=["state", "answer", "closed_at", "closed_by"])
    item = locked.work
    if item is not None and item.state in (WorkItem.State.OPEN, WorkItem.State.ACCEPTED):
        work.close_item(
            actor=SystemActor("incidents"), item=item, outcome=locked.answer[:500], now=now,
            cancelled=not answered,
        )  # fmt: skip
    audit.record(
        actor=actor, action="incidents.close_question", subject=locked, now=now,
        detail={"state": str(state)},
    )  # fmt: skip
    return locked
