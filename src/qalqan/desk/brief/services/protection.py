"""Which sites come next for inspection, and how many notices are past their deadline."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from qalqan.desk.brief.content import SiteDue, SitesNow
from qalqan.desk.platform.policies import Actor
from qalqan.desk.protection.selectors import notices, sites

MOST = 5
MOST_DUE = 60
"""So many that an inspector finds those of the own district among them."""
_MOST_NOTICES = 1000


def standing(actor: Actor, now: datetime) -> SitesNow | None:
    """Return how protection stands; nothing where the register is empty."""
    today = timezone.localdate(now)
    counts = sites.standing(actor, today=today)
    if not counts.listed:
        return None
    due = sites.sites(actor, sites.SiteFilter(due="soon", order="due"), today=today)
    rows = due.filter(number__isnull=False).values_list(
        "pk", "number", "district_id", "next_due_on"
    )
    following = [
        SiteDue(site_id, number, district_id, due_on)
        for site_id, number, district_id, due_on in rows[:MOST_DUE]
        if number is not None and due_on is not None
    ]
    return SitesNow(
        overdue=counts.overdue,
        soon=counts.soon,
        next_numbers=[site.number for site in following[:MOST]],
        notices_overdue=len(notices.overdue_notices(actor, now, most=_MOST_NOTICES)),
        due=following,
    )
