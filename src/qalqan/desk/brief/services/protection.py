"""Which sites come next for inspection, and how many notices are past their deadline."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from qalqan.desk.brief.content import SitesNow
from qalqan.desk.platform.policies import Actor
from qalqan.desk.protection.selectors import notices, sites

MOST = 5
_MOST_NOTICES = 1000


def standing(actor: Actor, now: datetime) -> SitesNow | None:
    """Return how protection stands; nothing where the register is empty."""
    today = timezone.localdate(now)
    counts = sites.standing(actor, today=today)
    if not counts.listed:
        return None
    following = sites.next_sites(actor, today=today, limit=MOST)
    return SitesNow(
        overdue=counts.overdue,
        soon=counts.soon,
        next_numbers=[site.number for site in following if site.number is not None],
        notices_overdue=len(notices.overdue_notices(actor, now, most=_MOST_NOTICES)),
    )
