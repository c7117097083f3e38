"""The search for messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from qalqan.desk.platform.policies import VIEW, Actor, policy_of
from qalqan.desk.rumours.models import Message
from qalqan.desk.rumours.search import newest_matches
from qalqan.desk.rumours.selectors.counts import messages
from qalqan.desk.rumours.selectors.listing import MOST_FOUND

LOOKED_THROUGH = 20_000
"""Messages that one page of a filtered list looks through."""


@dataclass(frozen=True, slots=True)
class FoundMessages:
    """One page of the search for messages.

    Parameters
    ----------
    messages
        What was found, newest first.
    next_before
        Where the next page begins; ``None`` at the end.
    looked_back_to
        How far back the page looked, where it stopped before the end.
    is_cut
        Whether the search found more than it looks at.
    """

    messages: list[Message]
    next_before: tuple[datetime, int] | None
    looked_back_to: datetime | None
    is_cut: bool


def may_read_messages(actor: Actor) -> bool:
    """Tell whether the actor may read single messages at all."""
    return policy_of(Message).allows(actor, VIEW)


def find_messages(
    actor: Actor,
    *,
    query: str = "",
    kind: str = "",
    language: str = "",
    place_ids: Sequence[int] = (),
    since: date | None = None,
    until: date | None = None,
    before: tuple[datetime, int] | None = None,
    most: int = 50,
) -> FoundMessages:
    """Return messages, newest first; no page looks through more than `LOOKED_THROUGH` of them.

    Parameters
    ----------
    query
        Words of the message; endings do not matter.
    kind, language, place_ids
        Empty for all.
    since, until
        First and last day, of the province's calendar.
    before
        Time and key where the page before stopped.
    """
    rows = messages(actor)
    is_cut = False
    if query.strip():
        found = newest_matches("rumours_message_search", query, limit=MOST_FOUND + 1)
        is_cut = len(found) > MOST_FOUND
        rows = rows.filter(pk__in=found[:MOST_FOUND])
    if before is not None:
        rows = rows.filter(published_at__lte=before[0]).exclude(
            published_at=before[0], pk__gte=before[1]
        )
    if since is not None:
        rows = rows.filter(published_at__gte=_midnight(since))
    if until is not None:
        rows = rows.filter(published_at__lt=_midnight(until + timedelta(days=1)))
    rows = rows.order_by("-published_at", "-pk")
    narrow = Q()
    if kind:
        narrow &= Q(kind=kind)
    if language:
        narrow &= Q(language=language)
    if place_ids:
        narrow &= Q(place_id__in=place_ids)
    bound = None
    if narrow and not query.strip():
        ends = rows.values_list("published_at", flat=True)[LOOKED_THROUGH : LOOKED_THROUGH + 1]
        bound = next(iter(ends), None)
        if bound is not None:
            rows = rows.filter(published_at__gte=bound)
    page = list(rows.filter(narrow).select_related("source", "place")[: most + 1])
    if len(page) > most:
        last = page[most - 1]
        return FoundMessages(page[:most], (last.published_at, last.pk), None, is_cut)
    return FoundMessages(page, (bound, 0) if bound else None, bound, is_cut)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
