"""What the room of protection brings to the menu and to the search."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.places.searching import beginnings_of_parts
from qalqan.desk.platform.policies import ADD, Actor
from qalqan.desk.platform.ui.navigation import NavItem, SearchHit
from qalqan.desk.protection.selectors import sites as selectors

ITEMS = [
    NavItem(_("Sites"), "protection:sites", "act", "protection.Site", key="o"),
    NavItem(_("Week plans"), "protection:plan_weeks", "act", "protection.PlanWeek", key="k"),
    NavItem(_("Inspections"), "protection:inspections", "act", "protection.Inspection"),
    NavItem(_("Inspect"), "protection:inspect", "act", "protection.Inspection", action=ADD),
    NavItem(_("Notices"), "protection:notices", "act", "protection.Notice"),
    NavItem(
        _("Phones of inspectors"), "protection:devices", "administer", "protection.FieldDevice"
    ),
    NavItem(_("Checklists"), "protection:checklists", "act", "protection.Checklist"),
    NavItem(_("Equipment"), "protection:budget_plans", "act", "protection.BudgetPlan"),
    NavItem(_("Who hears"), "protection:coverage", "act", "protection.HornPlan"),
]


def find(actor: Actor, text: str) -> list[SearchHit]:
    """Return the sites that have words beginning like those of the query."""
    wanted = selectors.SiteFilter(query=text, status="", order="number")
    if not beginnings_of_parts(text):
        return []
    rows = selectors.sites(actor, wanted, today=timezone.localdate())
    keys = list(rows.values_list("pk", flat=True)[:20])
    return [
        SearchHit(
            row.name, row.get_absolute_url(), _("Site"),
            " · ".join(part for part in (f"№ {row.number}" if row.number else "",
                                         str(row.get_category_display())) if part),
        )
        for row in selectors.in_list(actor, keys)
    ]  # fmt: skip


SEARCH = [find]
