"""What waits in this room, told to the one work list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.platform.policies import ADD, policy_of
from qalqan.desk.platform.releases.models import Release
from qalqan.desk.platform.work import attention
from qalqan.desk.platform.work.attention import Ask, Waiting

_TO_SETTLE = timedelta(days=7)


def register() -> None:
    """Tell the work list of counts that were refused and not released since."""
    attention.register("releases.refused", gettext_lazy("Settle a refused release"), _refused)


def _refused(ask: Ask) -> Iterator[Waiting]:
    """Yield the newest refusal of each edition that was not published afterwards."""
    later = Release.objects.filter(
        series=OuterRef("series"), edition=OuterRef("edition"), number__gt=OuterRef("number")
    )
    rows = Release.objects.visible_to(ask.actor).filter(~Exists(later), state=Release.State.REFUSED)
    page, name = attention.address("releases:release"), _("%(series)s, %(edition)s")
    may_act = policy_of(Release).allows(ask.actor, ADD)
    words = _("It was refused, so that no count tells of single people; nothing of it is out.")
    found = rows.order_by("released_at", "pk").values_list(
        "pk", "series__code", "edition", "released_at"
    )
    for key, series, edition, at in found[: ask.most]:
        yield Waiting(
            "releases.refused", name % {"series": series, "edition": edition}, page(key), at,
            at + _TO_SETTLE, None, None, words, may_act=may_act,
            subject=f"releases.release:{key}",
        )  # fmt: skip
