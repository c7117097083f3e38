"""What waits in this room, told to the one work list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.flashpoints.models import FindingArea, FlashPoint, Judgement
from qalqan.desk.flashpoints.policies import DECIDE, REVIEW
from qalqan.desk.platform.policies import policy_of
from qalqan.desk.platform.work import attention, rules
from qalqan.desk.platform.work.attention import Ask, Waiting

_TO_REVIEW = timedelta(days=1)
_TO_DECIDE = timedelta(days=2)
_MATTER = "agencies.tension"
_S = FlashPoint.State


def register() -> None:
    """Tell the work list of flash-points that wait to be reviewed or decided on."""
    rules.register_matter(_MATTER, "flashpoints.look", "flashpoints.act")
    attention.register("flashpoints.review", gettext_lazy("Review a flash-point"), _to_review)
    attention.register("flashpoints.decide", gettext_lazy("Decide on a flash-point"), _to_decide)


def _to_review(ask: Ask) -> Iterator[Waiting]:
    words = _("Nobody has said yet what it is.")
    return _told(ask, "flashpoints.review", _S.NEW, REVIEW, _TO_REVIEW, words)


def _to_decide(ask: Ask) -> Iterator[Waiting]:
    words = _("It was reviewed, and nobody has decided what is done.")
    return _told(ask, "flashpoints.decide", _S.REVIEWED, DECIDE, _TO_DECIDE, words)


def _told(
    ask: Ask, kind: str, state: str, action: str, term: timedelta, words: str
) -> Iterator[Waiting]:
    rows = FlashPoint.objects.visible_to(ask.actor).filter(state=state, newest__isnull=False)
    rows = rows.exclude(judgement=Judgement.ARTEFACT)
    found = list(
        rows.order_by("changed_at", "pk").values_list("pk", "newest_id", "opened_at", "changed_at")[
            : ask.most
        ]
    )
    areas = _areas(ask, [newest for _pk, newest, _opened, _changed in found])
    page, name = attention.address("flashpoints:finding"), _("Flash-point %(number)s")
    may_act = policy_of(FlashPoint).allows(ask.actor, action)
    for key, newest, opened, changed in found:
        since = opened if state == _S.NEW else changed
        yield Waiting(
            kind, name % {"number": key}, page(newest), since, since + term, None, None, words,
            may_act=may_act, subject=f"flashpoints.flashpoint:{key}", matter=_MATTER,
            area_id=areas.get(newest),
        )  # fmt: skip


def _areas(ask: Ask, findings: list[int]) -> dict[int, int]:
    """Return the first area of each finding."""
    rows = FindingArea.objects.visible_to(ask.actor).filter(finding_id__in=findings)
    return dict(rows.order_by("-order").values_list("finding_id", "place_id"))
