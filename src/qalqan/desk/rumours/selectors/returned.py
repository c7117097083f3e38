"""What the monthly return of a province counts of rumours: answers, by how long they took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from qalqan.desk.agencies import matters, returns
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.rumours.models import Answer, ClaimPlace

_DAY, _THREE = timedelta(hours=24), timedelta(hours=72)


def _answered(
    actor: Actor, start: datetime, end: datetime, within: Callable[[timedelta], bool]
) -> Mapping[int, int]:
    """Count first answers by the district that most copies of the claim name; 0 for none."""
    rows = Answer.objects.visible_to(actor).filter(published_at__gte=start, published_at__lt=end)
    claims = {
        claim for claim, seen, at in rows.values_list("claim_id", "claim__first_seen",
                                                      "published_at") if within(at - seen)
    }  # fmt: skip
    districts = places.district_map() if claims else {}
    best: dict[int, int] = {}
    found = ClaimPlace.objects.visible_to(actor).filter(claim_id__in=claims)
    for claim, place in found.order_by("copies", "-pk").values_list("claim_id", "place_id"):
        if districts.get(place):
            best[claim] = districts[place]
    return Counter(best.get(claim, 0) for claim in claims)


def register() -> None:
    """Name the counts, and the kind of matter."""
    matters.register("rumours.claim", _("Rumours and answers"))
    returns.register(
        "rumours.answered_1_day", _("Rumours answered within 24 hours"),
        lambda actor, start, end: _answered(actor, start, end, lambda took: took <= _DAY),
    )  # fmt: skip
    returns.register(
        "rumours.answered_3_days", _("Rumours answered after 24 to 72 hours"),
        lambda actor, start, end: _answered(actor, start, end, lambda took: _DAY < took <= _THREE),
    )  # fmt: skip
    returns.register(
        "rumours.answered_later", _("Rumours answered after more than 72 hours"),
        lambda actor, start, end: _answered(actor, start, end, lambda took: took > _THREE),
    )  # fmt: skip
