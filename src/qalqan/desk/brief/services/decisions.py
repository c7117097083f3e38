"""Decisions and recommendations of the commission that somebody must move."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from qalqan.desk.brief.content import AdviceLine, DecisionLine, DecisionsNow
from qalqan.desk.commission.selectors import lessons, table
from qalqan.desk.platform.policies import Actor

SOON = timedelta(days=7)
MOST = 40
MOST_TEXT = 200


def owed(actor: Actor, moment: datetime) -> DecisionsNow | None:
    """Return what is late, due within a week, or waits to be judged; nothing where none is live."""
    today = timezone.localdate(moment)
    standing = table.standing(actor, today)
    advice = lessons.recommendations(actor, state="overdue", today=today)
    late = [
        AdviceLine(row.pk, str(row), row.text[:MOST_TEXT], str(row.addressee), row.due_on)
        for row in advice[:MOST]
    ]
    if not (standing.live or late):
        return None
    rows = table.decisions(actor, state="live", today=today)
    wanted = rows.filter(due_on__lte=today + SOON) | rows.filter(state="shown")
    return DecisionsNow(
        live=standing.live,
        overdue=standing.overdue,
        to_judge=standing.to_judge,
        shown=[
            DecisionLine(
                row.pk,
                str(row),
                row.text_kk[:MOST_TEXT],
                row.text_ru[:MOST_TEXT],
                row.text_en[:MOST_TEXT],
                str(row.owner),
                row.due_on,
                row.state,
            )
            for row in wanted[:MOST]
        ],
        advice_overdue=advice.count() if len(late) == MOST else len(late),
        advice=late,
    )
