"""Decisions and recommendations that somebody must move, in words."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import AdviceLine, Brief, DecisionLine
from qalqan.desk.brief.present.parts import (
    CRITICAL,
    PLAIN,
    WARNING,
    Badge,
    Fact,
    Line,
    Section,
    Target,
)

KEY = "decisions"
MOST = 6


def sections(brief: Brief) -> tuple[Section, ...]:
    """Return the section on decisions; none where nothing is owed."""
    now = brief.decisions
    if now is None or not (now.shown or now.advice or now.live):
        return ()
    lines = [
        *(_decision(brief, one) for one in now.shown),
        *(_advice(brief, a) for a in now.advice),
    ]
    hidden = len(lines) - MOST
    return (
        Section(
            key=KEY,
            title=_("Decisions and recommendations"),
            lines=tuple(lines[:MOST]),
            empty="" if lines else _("Nothing is late or due within a week."),
            note=_("Decisions that are owed: %(live)s; past their day: %(late)s; with evidence to "
                   "judge: %(judge)s. Recommendations past their day: %(advice)s.")
            % {"live": w.count(now.live), "late": w.count(now.overdue),
               "judge": w.count(now.to_judge), "advice": w.count(now.advice_overdue)},
            more=_("Further decisions and recommendations: %(number)s.")
            % {"number": w.count(hidden)}
            if hidden > 0
            else "",
        ),
    )  # fmt: skip


def _decision(brief: Brief, one: DecisionLine) -> Line:
    text = w.chosen(one.text_kk, one.text_ru, one.text_en)
    badges = list(_late(brief, one.due_on))
    if one.state == "shown":
        badges.append(Badge(_("evidence to judge"), WARNING))
    return Line(
        key=f"decision-{one.decision_id}",
        headline=f"{one.reference}: {w.shortened(text, 160)}",
        tone=CRITICAL if _late(brief, one.due_on) else PLAIN,
        badges=tuple(badges),
        facts=(Fact(_("Owed by"), one.owner), Fact(_("Due"), w.day(one.due_on))),
        target=Target("decisions", one.decision_id),
        action=_("Open the decision"),
    )


def _advice(brief: Brief, one: AdviceLine) -> Line:
    return Line(
        key=f"advice-{one.recommendation_id}",
        headline=f"{one.reference}: {w.shortened(one.text, 160)}",
        tone=CRITICAL,
        badges=_late(brief, one.due_on),
        facts=(Fact(_("Addressed to"), one.addressee), Fact(_("Response due"), w.day(one.due_on))),
        target=Target("recommendations", one.recommendation_id),
        action=_("Open the recommendation"),
    )


def _late(brief: Brief, due: date) -> tuple[Badge, ...]:
    late = (timezone.localdate(brief.as_of) - due).days
    if late <= 0:
        return ()
    return (Badge(_("overdue by %(days)s d") % {"days": w.count(late)}, CRITICAL),)
