"""What readers found useful, by kind of line; never by reader."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from qalqan.desk.brief.models import BriefEdition, KindReview, LineVote, VoteSum
from qalqan.desk.brief.ranking import KINDS
from qalqan.desk.platform.policies import VIEW, Actor, SystemActor, policy_of
from qalqan.desk.protection.selectors.notices import Share, share

LEAST_VOTES = 5
LEAST_READERS = 3
"""Fewer are not shown: a number of one or two votes names its voter in a small office."""
_DESK = SystemActor("brief")


@dataclass(frozen=True, slots=True)
class KindCount:
    """Votes on one kind of line.

    Parameters
    ----------
    useful, not_useful
        Votes, those of deleted rows among them; 0 where they are not shown.
    share
        Share of useful ones with Wilson's 95 % interval.
    is_shown
        Whether there are enough votes of enough readers.
    """

    kind: str
    useful: int
    not_useful: int
    share: Share
    is_shown: bool


def counts(actor: Actor) -> list[KindCount]:
    """Return the votes by kind, for those who review them; nothing for others."""
    if not policy_of(KindReview).allows(actor, VIEW):
        return []
    now = {
        kind: (yes, no, readers)
        for kind, yes, no, readers in LineVote.objects.visible_to(_DESK)
        .order_by()
        .values_list("kind")
        .annotate(
            yes=Count("pk", filter=Q(is_useful=True)),
            no=Count("pk", filter=Q(is_useful=False)),
            readers=Count("reader", distinct=True),
        )
    }
    past = {row.kind: row for row in VoteSum.objects.visible_to(actor)}
    return [
        _count(kind, now.get(kind, (0, 0, 0)), past.get(kind))
        for kind in KINDS
        if kind in now or kind in past
    ]


def _count(kind: str, now: tuple[int, int, int], past: VoteSum | None) -> KindCount:
    yes, no, readers = now
    stored = past.useful + past.not_useful if past else 0
    if past:
        yes, no = yes + past.useful, no + past.not_useful
    is_shown = yes + no >= LEAST_VOTES and (readers >= LEAST_READERS or stored >= LEAST_VOTES)
    if not is_shown:
        return KindCount(kind, 0, 0, share(0, 0), is_shown=False)
    return KindCount(kind, yes, no, share(yes, yes + no), is_shown=True)


def reviews(actor: Actor) -> QuerySet[KindReview]:
    """Return what was decided, newest first."""
    rows: QuerySet[KindReview] = KindReview.objects.visible_to(actor)
    return rows.select_related("decided_by__organisation").order_by("-decided_at", "-pk")


def own_votes(actor: Actor, edition: BriefEdition) -> dict[str, bool]:
    """Return the reader's own votes on an edition, by line."""
    rows = LineVote.objects.visible_to(actor).filter(edition=edition)
    return dict(rows.values_list("line", "is_useful"))
