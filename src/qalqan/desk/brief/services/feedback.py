"""What readers find useful: one vote a reader and line, counted by kind, changing no order."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.brief.candidates import candidates
from qalqan.desk.brief.models import BriefEdition, KindReview, LineVote, Look, VoteSum
from qalqan.desk.brief.ranking import KINDS
from qalqan.desk.brief.selectors import feedback
from qalqan.desk.brief.selectors.reading import for_reader
from qalqan.desk.brief.services.looking import KEPT
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, Actor, SystemActor, require
from qalqan.errors import InputError

COUNTING = SystemActor("brief")


@transaction.atomic
def vote(
    *, actor: Actor, edition: BriefEdition, line: str, is_useful: bool | None, now: datetime
) -> None:
    """Keep a reader's word on a line, in place of an earlier one; ``None`` takes it back.

    The audit row says that a vote was given in this edition, and neither by whom nor on which
    line: the record is kept for ever, votes are not.

    Raises
    ------
    InputError
        The edition shows the reader no such line.
    RefusedError
        The actor does not read the brief.
    """
    require(actor, ADD, LineVote)
    shown = {one.key: one.kind for one in candidates(for_reader(actor, edition.brief))}
    reader = getattr(actor, "pk", None)
    if line not in shown or not reader:
        raise InputError(_("There is no such line in this edition."))
    if is_useful is None:
        LineVote.objects.visible_to(actor).filter(edition=edition, line=line).delete()
    else:
        LineVote.objects.update_or_create(
            reader_id=reader, edition=edition, line=line,
            defaults={"kind": shown[line], "is_useful": is_useful,
                      "voted_on": timezone.localdate(now)},
        )  # fmt: skip
    audit.record(actor=COUNTING, action="brief.vote", subject=edition, now=now)


@transaction.atomic
def decide(*, actor: Actor, kind: str, decision: str, now: datetime) -> KindReview:
    """Record what was decided about a kind of line after looking at its votes.

    Nothing else changes: whoever changes the rule of the order does so in the code, with the
    decision as the reason.

    Raises
    ------
    InputError
        There is no such kind of line, or nothing is said.
    RefusedError
        The actor may not decide.
    """
    require(actor, ADD, KindReview)
    words = " ".join(decision.split())
    if kind not in KINDS:
        raise InputError(_("There is no such kind of line."))
    if not words:
        raise InputError(_("Say what was decided."))
    counted = next((one for one in feedback.counts(actor) if one.kind == kind), None)
    shown = counted is not None and counted.is_shown
    row: KindReview = KindReview.objects.create(
        kind=kind, decision=words[:500], decided_at=now, decided_by=cast("Any", actor),
        useful=counted.useful if counted and shown else 0,
        not_useful=counted.not_useful if counted and shown else 0,
    )  # fmt: skip
    audit.record(
        actor=actor, action="brief.review_votes", subject=row, now=now,
        detail={"kind": kind, "useful": row.useful, "not_useful": row.not_useful},
    )  # fmt: skip
    return row


@transaction.atomic
def forget(*, actor: Actor, now: datetime) -> int:
    """Delete looks and votes older than ninety days, adding the votes up by kind before.

    Returns
    -------
    int
        How many rows were deleted.
    """
    last = timezone.localdate(now) - KEPT
    old = LineVote.objects.filter(voted_on__lt=last)
    summed = (
        old.order_by()
        .values_list("kind")
        .annotate(
            yes=Count("pk", filter=Q(is_useful=True)), no=Count("pk", filter=Q(is_useful=False))
        )
    )
    for kind, yes, no in list(summed):
        row, _made = VoteSum.objects.get_or_create(kind=kind)
        VoteSum.objects.filter(pk=row.pk).update(
            useful=F("useful") + yes, not_useful=F("not_useful") + no
        )
    votes, _rows = old.delete()
    looks, _rows = Look.objects.filter(looked_on__lt=last).delete()
    if votes or looks:
        audit.record(
            actor=actor, action="brief.forget", subject="brief", now=now,
            detail={"votes": votes, "looks": looks},
        )  # fmt: skip
    return votes + looks
