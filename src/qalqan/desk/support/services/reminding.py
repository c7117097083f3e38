"""Reviews that are due become work, in words that tell nothing of any case."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.work import services as work
from qalqan.desk.platform.work.models import WorkItem
from qalqan.desk.support.models import Case
from qalqan.desk.support.services.common import today

KIND = "support.review"
WITHIN = timedelta(days=14)


def remind(*, actor: Actor, now: datetime) -> int:
    """Open one piece of work for each owner of due reviews who has none; return how many."""
    due = Case.objects.filter(
        state=Case.State.OPEN, review_on__lte=today(now), owner__left_on=None,
        owner__user__is_active=True,
    ).select_related("owner__user__organisation")  # fmt: skip
    owners = {case.owner.user_id: case.owner.user for case in due if case.owner}
    busy = set(
        WorkItem.objects.filter(
            kind=KIND, owner_id__in=owners, state__in=["open", "accepted"]
        ).values_list("owner_id", flat=True)
    )
    new = [user for key, user in sorted(owners.items()) if key not in busy]
    for user in new:
        with translation.override(user.language):
            title = _("Look through your own list: something is due")
        work.open_item(
            actor=actor, kind=KIND, title=title, subject="support", owner=user,
            organisation=user.organisation, due_at=now + WITHIN, now=now, url="/support/",
        )  # fmt: skip
    return len(new)
