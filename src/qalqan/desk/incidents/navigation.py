"""What the ledger brings to the menu and to the search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qalqan.desk.incidents import selectors
from qalqan.desk.incidents.wording import time_in_words
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.navigation import NavItem, SearchHit

ITEMS = [
    NavItem(_("Incidents"), "incidents:incidents", "understand", "incidents.Incident", key="i"),
    NavItem(_("Analyses"), "incidents:analyses", "understand", "incidents.Analysis"),
    NavItem(_("Series"), "incidents:series", "understand", "incidents.SeriesSuggestion"),
    NavItem(_("Open questions"), "incidents:questions", "act", "incidents.OpenQuestion"),
    NavItem(_("Picture of the threat"), "incidents:picture", "measure", "incidents.Incident"),
    NavItem(_("Indicators"), "incidents:indicators", "measure", "incidents.Indicator"),
]


def find(actor: Actor, text: str) -> list[SearchHit]:
    """Return the newest incidents that contain the words."""
    keys = selectors.incidents(actor, query=text).values_list("pk", flat=True)[:20]
    return [
        SearchHit(row.title, row.get_absolute_url(), _("Incident"), time_in_words(row))
        for row in selectors.in_list(actor, list(keys))
    ]


SEARCH = [find]
