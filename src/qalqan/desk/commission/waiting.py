"""What waits in this room, told to the one work list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.commission.models import (
    Agenda,
    Decision,
    Evidence,
    Meeting,
    Recommendation,
    RecommendationStep,
)
from qalqan.desk.platform.policies import ADD, CHANGE, policy_of
from qalqan.desk.platform.work import attention
from qalqan.desk.platform.work.attention import Ask, Waiting, end_of_day

_TO_JUDGE = timedelta(days=7)
_TO_RULE = timedelta(days=14)
_TO_CLOSE = timedelta(hours=12)
_BEFORE = timedelta(days=7)


def register() -> None:
    """Tell the work list of evidence, decisions, minutes and responses that wait."""
    attention.register("commission.judge_evidence", gettext_lazy("Judge evidence"), _to_judge)
    attention.register("commission.carry_out", gettext_lazy("Carry out a decision"), _decisions)
    attention.register("commission.meeting", gettext_lazy("Keep a meeting"), _meetings)
    attention.register("commission.rule", gettext_lazy("Rule on a response"), _to_rule)


def _to_judge(ask: Ask) -> Iterator[Waiting]:
    rows = Evidence.objects.visible_to(ask.actor).filter(state=Evidence.State.WAITING)
    page, name = attention.address("commission:decision"), _("Decision %(number)s: evidence")
    may_act = policy_of(Evidence).allows(ask.actor, CHANGE)
    words = _("It waits for somebody else than who showed it.")
    own = _("You showed it; another person judges it.")
    found = rows.order_by("given_at", "pk").values_list(
        "decision_id", "decision__number", "decision__year", "given_at", "given_by_id"
    )
    for key, number, year, at, giver in found[: ask.most]:
        yield Waiting(
            "commission.judge_evidence", name % {"number": f"{number}/{year}"}, page(key), at,
            at + _TO_JUDGE, None, None, own if giver == ask.me else words,
            may_act=may_act and giver != ask.me, subject=f"commission.decision:{key}",
        )  # fmt: skip


def _decisions(ask: Ask) -> Iterator[Waiting]:
    rows = Decision.objects.visible_to(ask.actor).filter(state=Decision.State.OPEN)
    rows = ask.narrow(rows, body="owner_id").order_by("due_on", "pk")
    page, name = attention.address("commission:decision"), _("Decision %(number)s: carry it out")
    may_act = policy_of(Evidence).allows(ask.actor, ADD)
    words = _("It was decided, and no evidence of it is shown yet.")
    fields = ("pk", "number", "year", "decided_at", "due_on", "owner_id")
    for key, number, year, at, due, owner in rows.values_list(*fields)[: ask.most]:
        yield Waiting(
            "commission.carry_out", name % {"number": f"{number}/{year}"}, page(key), at,
            end_of_day(due), owner, None, words, may_act=may_act,
            subject=f"commission.decision:{key}",
        )  # fmt: skip


def _meetings(ask: Ask) -> Iterator[Waiting]:
    """Yield meetings that are near or past their time, and those under way without minutes."""
    rows = Meeting.objects.visible_to(ask.actor).filter(
        Q(state=Meeting.State.OPEN)
        | Q(state=Meeting.State.PLANNED, starts_at__lte=ask.now + _BEFORE)
    )
    page, name = attention.address("commission:meeting"), _("Meeting № %(number)s")
    may_act = policy_of(Meeting).allows(ask.actor, CHANGE)
    left = Count("agenda", filter=Q(agenda__outcome=Agenda.Outcome.NONE))
    soon = _("It is called; its agenda and quorum are to be seen to.")
    open_ = _("It is under way: record %(count)s outcomes and close it, so that the minutes stand.")
    found = rows.annotate(left=left).order_by("starts_at", "pk")
    fields = ("pk", "number", "starts_at", "opened_at", "state", "left")
    for key, number, starts, opened, state, count in found.values_list(*fields)[: ask.most]:
        is_open = state == Meeting.State.OPEN
        yield Waiting(
            "commission.meeting", name % {"number": number}, page(key),
            opened if is_open and opened else min(starts, ask.now),
            (opened or starts) + _TO_CLOSE if is_open else starts, None, None,
            open_ % {"count": count} if is_open else soon, may_act=may_act,
            subject=f"commission.meeting:{key}",
        )  # fmt: skip


def _to_rule(ask: Ask) -> Iterator[Waiting]:
    """Yield open recommendations of which the last word is the addressee's."""
    last = RecommendationStep.objects.filter(recommendation=OuterRef("pk")).order_by("-at", "-pk")
    rows = Recommendation.objects.visible_to(ask.actor).filter(state__startswith="open_")
    rows = rows.annotate(
        answered=Subquery(last.values("is_response")[:1]), at=Subquery(last.values("at")[:1])
    ).filter(answered=True)
    page, name = attention.address("commission:recommendation"), _("Recommendation %(number)s")
    may_act = policy_of(Recommendation).allows(ask.actor, CHANGE)
    words = _("The addressee responded; the commission rules on it.")
    for key, number, at in rows.order_by("at", "pk").values_list("pk", "number", "at")[: ask.most]:
        yield Waiting(
            "commission.rule", name % {"number": number}, page(key), at, at + _TO_RULE, None,
            None, words, may_act=may_act, subject=f"commission.recommendation:{key}",
        )  # fmt: skip
