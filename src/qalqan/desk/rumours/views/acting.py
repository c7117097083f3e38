"""What can be done with a claim next: the part of its page that acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy

from qalqan.desk.platform.policies import ADD, CHANGE, Actor, policy_of
from qalqan.desk.rumours import services
from qalqan.desk.rumours.answer_forms import EvidenceForm, ReasonForm, VerdictForm
from qalqan.desk.rumours.models import (
    Answer,
    AnswerVersion,
    Claim,
    Evidence,
    Publication,
    Verdict,
)
from qalqan.desk.rumours.states import DECIDED, FREE, OWNED

S = Claim.State


class Act(NamedTuple):
    """A button on the claim page: its words, its service, whether it asks for a reason."""

    label: Any
    service: Callable[..., Any]
    states: frozenset[str]
    asks_reason: bool = False
    is_first: bool = False


ACTS: dict[str, Act] = {
    "take": Act(
        gettext_lazy("I check this"), services.take_claim, FREE, is_first=True,
    ),
    "triage": Act(
        gettext_lazy("Worth a look"), services.triage_claim, frozenset({S.NEW, S.CLOSED})
    ),
    "take-over": Act(
        gettext_lazy("Take it over"), services.take_over_claim, OWNED, asks_reason=True
    ),
    "give-back": Act(
        gettext_lazy("Leave it to others"), services.give_back_claim, frozenset({S.CHECKING})
    ),
    "unverifiable": Act(
        gettext_lazy("Nothing can be found out"), services.leave_unverifiable, OWNED,
        asks_reason=True,
    ),
    "watch": Act(
        gettext_lazy("Watch whether it comes back"), services.watch_claim, frozenset({S.ANSWERED})
    ),
    "recheck": Act(
        gettext_lazy("Check it again"), services.recheck_claim, DECIDED, asks_reason=True,
    ),
    "close": Act(
        gettext_lazy("Close it"), services.close_claim,
        frozenset({S.NEW, S.TRIAGE, S.ANSWERED, S.WATCHING, S.RETURNED, S.UNVERIFIABLE}),
        asks_reason=True,
    ),
}  # fmt: skip
"""In the order in which they are offered."""


def offered(actor: Actor, claim: Claim) -> list[tuple[str, Act]]:
    """Return what the actor may do with a claim in its state."""
    if not policy_of(Claim).allows(actor, CHANGE, claim):
        return []
    is_mine = claim.owner_id is not None and claim.owner_id == getattr(actor, "pk", None)
    hidden = set()
    if is_mine or claim.owner_id is None:
        hidden.add("take-over")
    if not is_mine and claim.owner_id is not None:
        hidden |= {"give-back", "unverifiable", "recheck"}
    return [
        (name, act)
        for name, act in ACTS.items()
        if claim.state in act.states and name not in hidden
    ]


def act_context(
    actor: Actor,
    claim: Claim,
    *,
    evidence_form: EvidenceForm | None = None,
    verdict_form: VerdictForm | None = None,
) -> dict[str, Any]:
    """Return what the acting part of the claim page shows."""
    items = list(
        Evidence.objects.visible_to(actor).filter(claim=claim).select_related("source", "added_by")
    )
    approved = AnswerVersion.objects.visible_to(actor).order_by("-number")
    answers = list(
        Answer.objects.visible_to(actor)
        .filter(claim=claim)
        .prefetch_related(Prefetch("versions", approved, to_attr="newest_first"))
        .order_by("-pk")
    )
    live = next(
        (a for a in answers if not a.is_from_elsewhere and a.state != Answer.State.WITHDRAWN), None
    )
    verdicts = list(Verdict.objects.visible_to(actor).filter(claim=claim))
    checking = policy_of(Evidence).allows(actor, ADD) and claim.state in OWNED
    decides = checking and claim.owner_id in (None, getattr(actor, "pk", None))
    may_answer = policy_of(Answer).allows(actor, ADD)
    can_write = bool(verdicts) and (claim.state == S.VERDICT or bool(live and live.published_at))
    return {
        "state_tone": tone_of(claim.state),
        "acts": offered(actor, claim),
        "reason_form": ReasonForm(),
        "evidence": items,
        "verdicts": verdicts,
        "answers": answers,
        "live_answer": live,
        "may_write": may_answer and can_write,
        "may_repeat": may_answer
        and claim.state == S.RETURNED
        and live is not None
        and live.state == Answer.State.PUBLISHED,
        "evidence_form": (evidence_form or EvidenceForm(initial={"found_at": timezone.localtime()}))
        if checking
        else None,
        "verdict_form": (verdict_form or VerdictForm(items=items)) if decides else None,
        "publications": list(
            Publication.objects.visible_to(actor)
            .filter(answer__claim=claim)
            .select_related("by", "version")[:20]
        ),
    }


def tone_of(state: str) -> str:
    """Return the tone of a state's badge."""
    if state in (S.ANSWERED, S.WATCHING):
        return "good"
    if state == S.RETURNED:
        return "critical"
    return "warning" if state in OWNED else "info" if state in (S.NEW, S.TRIAGE) else "neutral"
