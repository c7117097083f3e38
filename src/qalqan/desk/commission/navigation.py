"""What the room of the commission brings to the menu and to the search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qalqan.desk.commission.selectors import lessons
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.navigation import NavItem, SearchHit

ITEMS = [
    NavItem(_("Commission"), "commission:overview", "decide", "commission.Meeting"),
    NavItem(_("Decisions"), "commission:decisions", "decide", "commission.Decision"),
    NavItem(_("Lessons"), "commission:lessons", "measure", "commission.Review"),
    NavItem(_("Performance"), "commission:performance", "measure", "commission.LockedFigure"),
    NavItem(_("Accounts of operations"), "commission:accounts", "publish", "commission.Account"),
    NavItem(_("Quarterly reports"), "commission:reports", "publish", "commission.QuarterReport"),
]


def find(actor: Actor, text: str) -> list[SearchHit]:
    """Return the lessons that have words beginning like those of the query."""
    if len(text.strip()) < 3:
        return []
    rows = lessons.recommendations(actor, state="", query=text)[:10]
    return [
        SearchHit(row.text[:120], row.get_absolute_url(), _("Recommendation"),
                  f"{row.reference} · {row.get_state_display()}")
        for row in rows
    ] + [
        SearchHit(row.title, row.get_absolute_url(), _("Review"), str(row.get_about_display()))
        for row in lessons.reviews(actor, text)[:10]
    ]  # fmt: skip


SEARCH = [find]
