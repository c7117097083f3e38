"""What waits in this room, told to the one work list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.platform.policies import CHANGE, policy_of
from qalqan.desk.platform.work import attention
from qalqan.desk.platform.work.attention import Ask, Waiting, end_of_day
from qalqan.desk.polls.models import Batch, PaperSheet, Poll, PollEdition

_TO_COMPUTE = timedelta(days=7)


def register() -> None:
    """Tell the work list of polls to close, results to compute and sheets to enter again."""
    attention.register("polls.close", gettext_lazy("Close a poll"), _to_close)
    attention.register("polls.compute", gettext_lazy("Compute a poll's results"), _to_compute)
    attention.register("polls.second_entry", gettext_lazy("Enter sheets again"), _sheets)


def _to_close(ask: Ask) -> Iterator[Waiting]:
    rows = Poll.objects.visible_to(ask.actor).filter(
        state=Poll.State.OPEN, ends_on__lt=timezone.localdate(ask.now)
    )
    page, words = attention.address("polls:poll"), _("Its last day is over, and it is still open.")
    may_act = policy_of(Poll).allows(ask.actor, CHANGE)
    for poll in rows.order_by("ends_on", "pk")[: ask.most]:
        due = end_of_day(poll.ends_on)
        yield Waiting(
            "polls.close", poll.title, page(poll.pk), due, due, None, None, words,
            may_act=may_act, subject=f"polls.poll:{poll.pk}",
        )  # fmt: skip


def _to_compute(ask: Ask) -> Iterator[Waiting]:
    if not policy_of(PollEdition).allows(ask.actor, "view"):
        return
    rows = Poll.objects.visible_to(ask.actor).filter(
        ~Exists(PollEdition.objects.filter(poll=OuterRef("pk"))),
        state=Poll.State.CLOSED, closed_at__isnull=False,
    )  # fmt: skip
    page, words = attention.address("polls:results"), _("It is closed, and has no results yet.")
    may_act = policy_of(Poll).allows(ask.actor, CHANGE)
    for poll in rows.order_by("closed_at", "pk")[: ask.most]:
        yield Waiting(
            "polls.compute", poll.title, page(poll.pk), poll.closed_at,
            poll.closed_at + _TO_COMPUTE, None, None, words, may_act=may_act,
            subject=f"polls.poll:{poll.pk}",
        )  # fmt: skip


def _sheets(ask: Ask) -> Iterator[Waiting]:
    if not policy_of(PaperSheet).allows(ask.actor, "view"):
        return
    unclear = Q(sheets__state__in=(PaperSheet.State.ONCE, PaperSheet.State.DIFFERS))
    rows = (
        Batch.objects.visible_to(ask.actor)
        .filter(poll__state=Poll.State.OPEN, channel=Batch.Channel.PAPER)
        .annotate(left=Count("sheets", filter=unclear))
        .filter(left__gt=0)
        .order_by("opened_at", "pk")
    )
    page = attention.address("polls:batch")
    name = _("Batch %(number)s: %(count)s sheets")
    may_act = policy_of(PaperSheet).allows(ask.actor, CHANGE)
    words = _("A sheet counts once two entries say the same.")
    fields = ("pk", "number", "opened_at", "poll__ends_on", "left")
    for key, number, opened, ends, left in rows.values_list(*fields)[: ask.most]:
        yield Waiting(
            "polls.second_entry", name % {"number": number, "count": left}, page(key), opened,
            end_of_day(ends), None, None, words, may_act=may_act, subject=f"polls.batch:{key}",
        )  # fmt: skip
