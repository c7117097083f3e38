"""Claims, their counts and their history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from qalqan.desk.platform.policies import Actor
from qalqan.desk.rumours import storage
from qalqan.desk.rumours.models import (
    Answer,
    Claim,
    ClaimHour,
    ClaimLanguage,
    ClaimPlace,
    Message,
    Tally,
    TipDay,
)

DAY_HOURS = 24
MOST_GROWING = 500
"""Claims with the most recent copies, among which growth is compared."""
_FEW, _NEAR = 2, 8


@dataclass(frozen=True, slots=True)
class ClaimGrowth:
    """A claim that was repeated in the window, with its history.

    Parameters
    ----------
    claim_id, leader_text, language, first_seen, copies_total, is_sample
        Of the claim.
    recent
        Copies published in the window.
    hourly
        Copies in each hour of the history, oldest first, the window at its end; shape (h,).
    places, languages
        Copies by place and by language since the claim began, most first.
    answer
        The newest answer, if there is one.
    """

    claim_id: int
    leader_text: str
    language: str
    first_seen: datetime
    copies_total: int
    recent: int
    hourly: NDArray[np.int64]
    places: list[tuple[int, int]]
    languages: list[tuple[str, int]]
    answer: Answer | None
    is_sample: bool


def hour_of(moment: datetime) -> int:
    """Return the number of the hour a moment lies in, since 1970."""
    return int(moment.timestamp()) // 3600


def claims(actor: Actor) -> QuerySet[Claim]:
    """Return the claims the actor may see; what was merged into another is not one any more."""
    return Claim.objects.visible_to(actor).filter(merged_into__isnull=True)


def messages(actor: Actor) -> QuerySet[Message]:
    """Return the messages the actor may see."""
    return Message.objects.visible_to(actor)


def claim_for(actor: Actor, claim_id: int) -> Claim | None:
    """Return one claim, merged or not; nothing where it is absent or hidden from the actor."""
    return Claim.objects.visible_to(actor).filter(pk=claim_id).first()


def claims_among(actor: Actor, numbers: Sequence[int]) -> set[int]:
    """Return those numbers of claims that have a page of their own."""
    rows = Claim.objects.visible_to(actor).filter(pk__in=set(numbers))
    return set(rows.values_list("pk", flat=True))


def family(actor: Actor, claim: Claim) -> list[int]:
    """Return the numbers of all groups of messages that count for a claim, its own first."""
    merged = Claim.objects.visible_to(actor).filter(merged_into=claim).order_by("pk")
    return [claim.pk, *merged.values_list("pk", flat=True)]


def stored_identities(content_ids: Sequence[bytes]) -> set[bytes]:
    """Return those content identities that are stored already."""
    return storage.known_identities(content_ids)


def message_window(actor: Actor) -> tuple[datetime | None, datetime | None, int]:
    """Return when the oldest and the newest message were published, and how many there are."""
    tally = Tally.objects.visible_to(actor).filter(pk=1).first()
    if tally is None:
        return None, None, 0
    return tally.first_published, tally.last_published, tally.messages


def as_of(actor: Actor, now: datetime) -> datetime:
    """Return now, or the time of the newest message where that is more than two days old.

    Old data looked at today would show nothing recent at all; the pages say which time is meant.
    """
    last = message_window(actor)[1]
    if last is not None and now - last > timedelta(days=2):
        return last
    return now


def growth_table(
    actor: Actor,
    *,
    now: datetime,
    window_hours: int = DAY_HOURS,
    history_days: int = 14,
    most: int = MOST_GROWING,
) -> list[ClaimGrowth]:
    """Return the claims that were repeated in the window, most recent copies first.

    Parameters
    ----------
    now
        End of the window; copies published later do not count.
    window_hours
        Length of the window; it ends with the hour of ``now``.
    history_days
        Length of the history, the window included.
    most
        Claims returned at most.
    """
    last = hour_of(now)
    recent = recent_copies(actor, last, window_hours, most)
    if not recent:
        return []
    first = last - history_days * DAY_HOURS + 1
    ids = list(recent)
    hourly = _hourly(actor, ids, first, last)
    by_place = _grouped(ClaimPlace.objects.visible_to(actor), ids, "place_id")
    by_language = _grouped(ClaimLanguage.objects.visible_to(actor), ids, "language")
    answers = latest_answers(actor, ids)
    rows = claims(actor).in_bulk(ids)
    return [
        ClaimGrowth(
            pk, row.leader_text, row.language, row.first_seen, row.copies, recent[pk],
            hourly[pk], by_place.get(pk, []), by_language.get(pk, []), answers.get(pk),
            row.is_sample,
        )
        for pk in ids
        if (row := rows.get(pk)) is not None
    ]  # fmt: skip


def recent_copies(actor: Actor, last: int, window_hours: int, most: int) -> dict[int, int]:
    """Return copies in the window by claim, most first; equal ones by the older claim.

    Most claims have a copy or two in an hour. Grouping only the fuller hours takes a third of the
    time and misses at most two copies an hour, so whatever belongs among the first is that near to
    the last of them. Those few are summed whole, or else all.
    """
    inside = ClaimHour.objects.visible_to(actor).filter(
        hour__gt=last - window_hours, hour__lte=last
    )
    busy = list(_by_sum(inside.filter(copies__gt=_FEW))[: _NEAR * most])
    least = busy[most - 1][1] - _FEW * window_hours if len(busy) == _NEAR * most else 0
    if least <= _FEW * window_hours or busy[-1][1] >= least:
        return dict(_by_sum(inside)[:most])
    near = [pk for pk, recent in busy if recent >= least]
    return dict(_by_sum(inside.filter(claim_id__in=near))[:most])


def _by_sum(rows: QuerySet[ClaimHour]) -> Any:
    summed = rows.values("claim_id").annotate(recent=Sum("copies"))
    return summed.order_by("-recent", "claim_id").values_list("claim_id", "recent")


def _hourly(
    actor: Actor, ids: Sequence[int], first: int, last: int
) -> dict[int, NDArray[np.int64]]:
    table = np.zeros((len(ids), last - first + 1), np.int64)
    at = {pk: row for row, pk in enumerate(ids)}
    rows = ClaimHour.objects.visible_to(actor).filter(
        claim_id__in=ids, hour__gte=first, hour__lte=last
    )
    for claim_id, hour, copies in rows.values_list("claim_id", "hour", "copies"):
        table[at[claim_id], hour - first] = copies
    return {pk: table[row] for pk, row in at.items()}


def _grouped(rows: QuerySet[Any], ids: Sequence[int], key: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    wanted = rows.filter(claim_id__in=ids).order_by("claim_id", "-copies", key)
    for claim_id, value, copies in wanted.values_list("claim_id", key, "copies"):
        found.setdefault(claim_id, []).append((value, copies))
    return found


def _published(actor: Actor) -> QuerySet[Answer]:
    """Return the answers that stand; one under correction stands as it was."""
    rows = Answer.objects.visible_to(actor).filter(published_at__isnull=False)
    return rows.exclude(state=Answer.State.WITHDRAWN)


def latest_answers(actor: Actor, claim_ids: Sequence[int]) -> dict[int, Answer]:
    """Return the newest published answer of each claim that has one."""
    rows = _published(actor).filter(Q(claim_id__in=claim_ids) | Q(claim__merged_into__in=claim_ids))
    rows = rows.annotate(root=Coalesce("claim__merged_into", "claim"))
    return {row.root: row for row in rows.order_by("published_at", "pk")}


def answers_of(actor: Actor, claim: Claim) -> QuerySet[Answer]:
    """Return the answers to a claim and to those merged into it, with versions, newest first."""
    rows = Answer.objects.visible_to(actor).filter(Q(claim=claim) | Q(claim__merged_into=claim))
    return rows.prefetch_related("versions").order_by("-pk")


def answers_between(actor: Actor, *, after: datetime, until: datetime) -> QuerySet[Answer]:
    """Return the answers said after one moment and until another, newest first."""
    rows = _published(actor).filter(changed_at__gt=after, changed_at__lte=until)
    return rows.select_related("claim").order_by("-changed_at", "-pk")


def claim_history(
    actor: Actor, claim: Claim, *, until: datetime, days: int = 14
) -> tuple[int, NDArray[np.int64]]:
    """Return the first hour of the history of a claim and its copies in each hour since."""
    last = hour_of(until)
    first = last - days * DAY_HOURS + 1
    return first, _hourly(actor, [claim.pk], first, last)[claim.pk]


def claim_places(actor: Actor, claim: Claim, *, most: int = 12) -> list[tuple[Any, int]]:
    """Return the places that copies of a claim name, most first."""
    rows = ClaimPlace.objects.visible_to(actor).filter(claim=claim).select_related("place")
    return [(row.place, row.copies) for row in rows.order_by("-copies", "place_id")[:most]]


def claim_languages(actor: Actor, claim: Claim) -> list[tuple[str, int]]:
    """Return the languages of the copies of a claim, most first."""
    rows = ClaimLanguage.objects.visible_to(actor).filter(claim=claim)
    return [(row.language, row.copies) for row in rows.order_by("-copies", "language")]


def claim_messages(
    actor: Actor, claim: Claim, *, before: tuple[datetime, int] | None = None, most: int = 25
) -> list[Message]:
    """Return copies of a claim, newest first, from a place in the list on.

    Parameters
    ----------
    before
        Time and key of the last message shown.
    """
    rows = messages(actor).filter(claim_number__in=family(actor, claim))
    if before is not None:
        when, key = before
        rows = rows.filter(published_at__lte=when).exclude(published_at=when, pk__gte=key)
    return list(rows.select_related("source", "place").order_by("-published_at", "-pk")[:most])


def tips_by_day(
    actor: Actor, *, start: date, end: date
) -> tuple[NDArray[np.int64], list[date], NDArray[np.int64]]:
    """Return hotline reports by district and day.

    Parameters
    ----------
    start, end
        First and last day of the province's calendar.

    Returns
    -------
    place_ids
        Districts with a report in the period, ascending; shape (p,).
    days
        All days of the period; shape (d,).
    counts
        Reports, shape (p, d).
    """
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    rows = list(
        TipDay.objects.visible_to(actor)
        .filter(day__gte=start, day__lte=end)
        .values_list("place_id", "day", "count")
    )
    places = np.unique(np.array([row[0] for row in rows], np.int64))
    counts = np.zeros((len(places), len(days)), np.int64)
    for place_id, day, count in rows:
        counts[np.searchsorted(places, place_id), (day - start).days] += count
    return places, days, counts
