"""Open questions, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief, QuestionLine
from qalqan.desk.brief.present.parts import (
    CRITICAL,
    PLAIN,
    Badge,
    Fact,
    Line,
    Section,
    Target,
)

KEY = "questions"
MOST = 8


def sections(brief: Brief) -> tuple[Section, ...]:
    """Return the section on open questions; none where nothing is asked."""
    if not brief.questions:
        return ()
    hidden = brief.questions_all - min(len(brief.questions), MOST)
    return (
        Section(
            key=KEY,
            title=_("Open questions"),
            lines=tuple(_line(brief, one) for one in brief.questions[:MOST]),
            empty="",
            more=_("Further open questions: %(number)s.") % {"number": w.count(hidden)}
            if hidden > 0
            else "",
        ),
    )


def _line(brief: Brief, one: QuestionLine) -> Line:
    late = max(0, (brief.as_of - one.due_at).days)
    is_late = one.due_at < brief.as_of
    badge = Badge(_("overdue by %(days)s d") % {"days": w.count(late)}, CRITICAL)
    return Line(
        key=f"question-{one.question_id}",
        headline=one.question,
        tone=CRITICAL if is_late else PLAIN,
        badges=(badge,) if is_late else (),
        facts=(
            Fact(_("Who finds out"), one.owner),
            Fact(_("Due"), w.when(one.due_at)),
        ),
        target=Target("incidents", one.incident_id),
        action=_("Open the incident"),
    )
