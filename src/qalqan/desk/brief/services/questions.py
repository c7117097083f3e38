"""What nobody knows yet; it stays on the brief until answered or declared unanswerable."""

from __future__ import annotations

from datetime import datetime

from qalqan.desk.brief.content import QuestionLine
from qalqan.desk.incidents.selectors.questions import open_questions
from qalqan.desk.platform.policies import Actor

_MOST = 40
NO_QUESTIONS: tuple[list[QuestionLine], int] = ([], 0)


def asked(actor: Actor, moment: datetime) -> tuple[list[QuestionLine], int]:
    """Return the open questions asked until a moment, the first due first, and how many."""
    rows = open_questions(actor).filter(asked_at__lte=moment)
    shown = [
        QuestionLine(
            question_id=one.pk,
            incident_id=one.incident_id,
            question=one.question,
            owner=str(one.organisation),
            due_at=one.due_at,
        )
        for one in rows[:_MOST]
    ]
    return shown, rows.count()
