"""What waits in this room, told to the one work list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.platform.policies import ADD, CHANGE, policy_of
from qalqan.desk.platform.work import attention, rules
from qalqan.desk.platform.work.attention import Ask, Waiting
from qalqan.desk.rumours import weighing
from qalqan.desk.rumours.models import Answer, Claim, ClaimPlace
from qalqan.desk.rumours.policies import APPROVE
from qalqan.desk.rumours.selectors import queueing, waiting_answers

_S = Claim.State
_UNANSWERED = (_S.NEW, _S.TRIAGE, _S.CHECKING, _S.VERDICT)
_LANGUAGES = {"kk-Cyrl": "kk", "kk-Latn": "kk", "ru": "ru", "en": "en"}
_MATTER = "rumours.claim"
_SHOWN = 100
_TO_APPROVE = timedelta(hours=2)
_FIELDS = (
    "claim_id", "claim__leader_text", "claim__language", "claim__first_seen", "claim__state",
    "claim__state_since", "claim__owner_id", "claim__severity", "suggested_severity",
)  # fmt: skip


def register() -> None:
    """Tell the work list of claims that need an answer and answers that wait for somebody."""
    rules.register_matter(_MATTER, "rumours.check", "rumours.threat")
    attention.register("rumours.check", gettext_lazy("Check a rumour"), _claims)
    attention.register(
        "rumours.returned", gettext_lazy("Look at a rumour that came back"), _returned
    )
    attention.register("rumours.approve", gettext_lazy("Approve an answer"), _to_approve)
    attention.register("rumours.rewrite", gettext_lazy("Write an answer anew"), _sent_back)


def _claims(ask: Ask) -> Iterator[Waiting]:
    words = {
        _S.NEW: _("Nobody has looked at it yet."),
        _S.TRIAGE: _("It was looked at, and nobody checks it yet."),
        _S.CHECKING: _("It is being checked."),
        _S.VERDICT: _("It is checked, and no answer is written yet."),
    }
    return _of_claims(ask, "rumours.check", _UNANSWERED, words)


def _returned(ask: Ask) -> Iterator[Waiting]:
    words = {_S.RETURNED: _("New copies came after it was answered.")}
    return _of_claims(ask, "rumours.returned", (_S.RETURNED,), words)


def _of_claims(
    ask: Ask, kind: str, states: tuple[str, ...], words: dict[Any, str]
) -> Iterator[Waiting]:
    """Yield claims in the order of the queue: by harm, the urgent first."""
    rows = queueing.ranks(ask.actor).filter(claim__state__in=states)
    rows = ask.narrow(rows, owner="claim__owner_id")
    ranked = rows.order_by("-is_urgent", "-score", "-claim_id")
    found = list(ranked.values_list(*_FIELDS)[: ask.most])
    places = _places([row[0] for row in found], ask)
    page, name = attention.address("rumours:claim"), _("Rumour %(number)s")
    may_act = policy_of(Claim).allows(ask.actor, CHANGE)
    mine = _("You have taken it.")
    for key, text, language, first, state, changed, owner, said, suggested in found:
        severity = said or suggested or "other"
        since = changed if state == _S.RETURNED and changed else first
        plain = name % {"number": key}
        why = f"{mine} {words[state]}" if owner == ask.me and owner else words[state]
        yield Waiting(
            kind, f"{plain}: {text[:_SHOWN]}", page(key), since,
            since + weighing.DEADLINES[severity], None, owner, why, may_act=may_act,
            subject=f"rumours.claim:{key}", plain=plain, matter=_MATTER, severity=severity,
            area_id=places.get(key), language=_LANGUAGES.get(language, ""),
        )  # fmt: skip


def _places(claims: list[int], ask: Ask) -> dict[int, int]:
    """Return the place that most copies of each claim name."""
    rows = ClaimPlace.objects.visible_to(ask.actor).filter(claim_id__in=claims)
    return dict(rows.order_by("copies", "-pk").values_list("claim_id", "place_id"))


def _to_approve(ask: Ask) -> Iterator[Waiting]:
    page, name = attention.address("rumours:review"), _("Answer %(number)s to rumour %(claim)s")
    may_act = policy_of(Answer).allows(ask.actor, APPROVE)
    other = _("It waits for the approval of a second person.")
    own = _("You wrote it; another person approves it.")
    waits: Any = waiting_answers(ask.actor)
    rows = waits.values_list("pk", "claim_id", "written_at", "writer")
    for key, claim, written, writer in rows[: ask.most]:
        yield Waiting(
            "rumours.approve", name % {"number": key, "claim": claim}, page(key), written,
            written + _TO_APPROVE, None, None, own if writer == ask.me else other,
            may_act=may_act and writer != ask.me, subject=f"rumours.answer:{key}",
            matter=_MATTER,
        )  # fmt: skip


def _sent_back(ask: Ask) -> Iterator[Waiting]:
    name = _("Answer %(number)s to rumour %(claim)s")
    may_act = policy_of(Answer).allows(ask.actor, ADD)
    # It is written on a page of its rumour; who only reads it finds it on its own.
    anew, read = attention.address("rumours:answer"), attention.address("rumours:review")
    rows = Answer.objects.visible_to(ask.actor).filter(state=Answer.State.DRAFT)
    found = rows.order_by("recorded_at", "pk").values_list("pk", "claim_id", "recorded_at")
    for key, claim, since in found[: ask.most]:
        yield Waiting(
            "rumours.rewrite", name % {"number": key, "claim": claim},
            anew(claim) if may_act else read(key), since, since + _TO_APPROVE, None, None,
            _("It was sent back to whoever writes answers."), may_act=may_act,
            subject=f"rumours.answer:{key}", matter=_MATTER,
        )  # fmt: skip
