"""What waits in this room, told to the one work list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.agencies.models import HandOver, Matter, Return
from qalqan.desk.agencies.selectors.matrix import responsible
from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.policies import ADD, CHANGE, SystemActor, policy_of
from qalqan.desk.platform.work import attention, rules
from qalqan.desk.platform.work.attention import Ask, Waiting, end_of_day

_DAY_OF_RETURN = 10
"""By this day of the month the return of the month before is made."""


def register() -> None:
    """Tell the work list of hand-overs and returns that wait, and routing of the matrix."""
    attention.register("agencies.answer", gettext_lazy("Answer an offered matter"), _offered)
    attention.register("agencies.find_body", gettext_lazy("Find a body for a matter"), _sought)
    attention.register("agencies.make_return", gettext_lazy("Make the monthly return"), _returns)
    rules.register_resolver(leading_body)


def leading_body(matter: str, area_id: int, on: date) -> Organisation | None:
    """Return the organisation of the one body that leads in a matter at a place on a day."""
    found = responsible(SystemActor("work"), matter=matter, place=area_id, on=on).lead
    return found.organisation if found is not None and found.closed_on is None else None


def _offered(ask: Ask) -> Iterator[Waiting]:
    rows = HandOver.objects.visible_to(ask.actor).filter(state=HandOver.State.OFFERED)
    rows = ask.narrow(rows, body="to_body__organisation_id").order_by("answer_by", "pk")
    page, name = attention.address("agencies:matter"), _("Matter %(number)s: %(title)s")
    may_act = policy_of(HandOver).allows(ask.actor, CHANGE)
    words = _("It is offered, and the body has not answered.")
    fields = ("matter_id", "matter__number", "matter__title", "offered_at", "answer_by",
              "to_body__organisation_id", "matter__kind", "matter__area_id")  # fmt: skip
    for key, number, title, at, due, body, kind, area in rows.values_list(*fields)[: ask.most]:
        yield Waiting(
            "agencies.answer", name % {"number": number, "title": title}, page(key), at, due,
            body, None, words, may_act=may_act, subject=f"agencies.matter:{key}", matter=kind,
            area_id=area,
        )  # fmt: skip


def _sought(ask: Ask) -> Iterator[Waiting]:
    rows = Matter.objects.visible_to(ask.actor).filter(seeks_body=True, state=Matter.State.OPEN)
    page, name = attention.address("agencies:matter"), _("Matter %(number)s: %(title)s")
    may_act = policy_of(Matter).allows(ask.actor, CHANGE)
    words = _("No body holds it for good: one is sought.")
    fields = ("pk", "number", "title", "opened_at", "due_at", "kind", "area_id")
    found = rows.order_by("due_at", "pk").values_list(*fields)
    for key, number, title, at, due, kind, area in found[: ask.most]:
        yield Waiting(
            "agencies.find_body", name % {"number": number, "title": title}, page(key), at, due,
            None, None, words, may_act=may_act, subject=f"agencies.matter:{key}", matter=kind,
            area_id=area,
        )  # fmt: skip


def _returns(ask: Ask) -> Iterator[Waiting]:
    """Yield the return of the last month, if this desk makes returns and has not made it."""
    made = Return.objects.visible_to(ask.actor).filter(origin=Return.Origin.MADE)
    newest = made.order_by("-month").values_list("month", flat=True).first()
    today = timezone.localdate(ask.now)
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    if newest is None or newest >= month:
        return
    due = today.replace(day=_DAY_OF_RETURN)
    yield Waiting(
        "agencies.make_return",
        _("Return for %(month)s") % {"month": date_format(month, "F Y")},
        reverse("agencies:returns"), end_of_day(today.replace(day=1) - timedelta(days=1)),
        end_of_day(due), None, None, _("The month is over, and its return is not made."),
        may_act=policy_of(Return).allows(ask.actor, ADD), subject=f"agencies.return:{month}",
    )  # fmt: skip
