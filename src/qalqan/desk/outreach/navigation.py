"""What the room of outreach brings to the menu and to the search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qalqan.desk.outreach.selectors import activities as selectors
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.formatting import format_date
from qalqan.desk.platform.ui.navigation import NavItem, SearchHit

ITEMS = [
    NavItem(_("Activities"), "outreach:activities", "act", "outreach.Activity", key="v"),
    NavItem(_("Totals and map"), "outreach:totals", "act", "outreach.Activity"),
    NavItem(_("Coverage"), "outreach:coverage", "act", "outreach.ActivityDay"),
    NavItem(_("Field notes"), "outreach:notes", "act", "outreach.FieldNote"),
    NavItem(_("Evaluations"), "outreach:evaluations", "act", "outreach.Evaluation"),
]


def find(actor: Actor, text: str) -> list[SearchHit]:
    """Return the activity that has this number, if the actor may see it."""
    number = text.strip().removeprefix("№").strip()
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        return []
    row = selectors.activity_for(actor, int(number))
    if row is None:
        return []
    note = f"№ {row.pk} · {format_date(row.held_on, 'date')}"
    return [SearchHit(row.title, row.get_absolute_url(), _("Activity"), note)]


SEARCH = [find]
