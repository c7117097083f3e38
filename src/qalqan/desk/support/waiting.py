"""What the one work list is told of this room: that a quarter's counts were not released.

No case, no number of cases and no reminder leaves the room; its workers see their own reminders
as pieces of work that are theirs in person.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.platform.policies import VIEW, policy_of
from qalqan.desk.platform.releases.models import Release
from qalqan.desk.platform.work import attention
from qalqan.desk.platform.work.attention import Ask, Waiting
from qalqan.desk.support.selectors.counts import editions
from qalqan.desk.support.services.releasing import last_quarter

_TO_RELEASE = timedelta(days=30)


def register() -> None:
    """Tell the work list of a quarter that is over and not released."""
    attention.register("support.release", gettext_lazy("Release the quarter's counts"), _quarter)


def _quarter(ask: Ask) -> Iterator[Waiting]:
    """Yield the quarter that is over, once one was ever released and this one is not."""
    if not policy_of(Release).allows(ask.actor, VIEW):
        return
    released = editions()
    first, after = last_quarter(timezone.localdate(ask.now))
    edition = f"{first.year}-Q{(first.month + 2) // 3}"
    if not released or edition in released:
        return
    since = timezone.make_aware(datetime.combine(after, time.min))
    yield Waiting(
        "support.release", _("Counts of helping, %(edition)s") % {"edition": edition},
        f"{reverse('releases:releases')}?series=support", since, since + _TO_RELEASE, None, None,
        _("The quarter is over, and its counts are not released."),
        may_act=policy_of(Release).allows(ask.actor, "add"), subject=f"support.release:{edition}",
    )  # fmt: skip
