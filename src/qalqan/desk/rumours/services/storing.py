"""Storing messages: known ones are left out, new ones join their claims, counts are kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.db import models, transaction

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.rumours import claim_cache, storage
from qalqan.desk.rumours.batch import NewMessage
from qalqan.desk.rumours.models import Message, Tally
from qalqan.desk.rumours.storage import ClaimChange, Leader

HOTLINE = "hotline"


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch.

    Parameters
    ----------
    stored
        Messages that were new.
    known
        Messages that were there already, or twice in the batch.
    claims
        Claims that got their first message.
    """

    stored: int
    known: int
    claims: int


@transaction.atomic
def store_messages(
    *, actor: Actor, batch: Sequence[NewMessage], run: models.Model | str, now: datetime
) -> Stored:
    """Store a batch of screened messages, with claims, roll-ups and the audit row.

    Parameters
    ----------
    batch
        Messages in the order of their arrival; the result depends on the order alone, not on
        how a stream is cut into batches.
    run
        What brought them: an import run, or a word for the audit.

    Raises
    ------
    RefusedError
        The actor may not add messages.
    """
    require(actor, ADD, Message)
    tally = _locked_tally()
    fresh = _fresh(batch)
    before = tally.claims
    if fresh:
        numbers, opens = claim_cache.assign(
            tally, [m.text for m in fresh], [m.content_id for m in fresh]
        )
        listed = numbers.tolist()
        _note_rules(actor=actor, tally=tally, now=now)
        storage.insert_messages(fresh, listed, opens.tolist(), received_at=now)
        _count_claims(fresh, numbers, opens)
        _count_tips(fresh)
        _save_tally(tally, fresh)
    result = Stored(len(fresh), len(batch) - len(fresh), tally.claims - before)
    record(
        actor=actor,
        action="rumours.store_messages",
        subject=run,
        now=now,
        detail={"stored": result.stored, "known": result.known, "claims": result.claims},
    )
    return result


def can_store_now() -> bool:
    """Tell whether storing a message is a matter of milliseconds for this process."""
    return claim_cache.is_cheap(Tally.objects.filter(pk=1).first() or Tally(pk=1))


def _locked_tally() -> Tally:
    """Lock the row that all writers of messages lock."""
    row: Tally
    row, _created = Tally.objects.select_for_update().get_or_create(pk=1)
    return row


def _note_rules(*, actor: Actor, tally: Tally, now: datetime) -> None:
    """Make a change of the grouping rules visible: claims before it keep their numbers."""
    rules = claim_cache.rules()
    if rules == tally.rules:
        return
    if tally.messages:
        record(
            actor=actor,
            action="rumours.change_rules",
            subject=tally,
            now=now,
            detail={"from": tally.rules, "to": rules, "claims": tally.claims},
        )
    tally.rules = rules


def _save_tally(tally: Tally, fresh: Sequence[NewMessage]) -> None:
    times = [m.published_at for m in fresh]
    first, last = min(times), max(times)
    tally.messages += len(fresh)
    tally.first_published = min(tally.first_published or first, first)
    tally.last_published = max(tally.last_published or last, last)
    tally.save()


def _fresh(batch: Sequence[NewMessage]) -> list[NewMessage]:
    """Leave out what is stored already or comes twice."""
    seen = storage.known_identities(list({m.content_id: None for m in batch}))
    fresh: list[NewMessage] = []
    for message in batch:
        if message.content_id not in seen:
            seen.add(message.content_id)
            fresh.append(message)
    return fresh


def _count_claims(fresh: Sequence[NewMessage], numbers: np.ndarray, opens: np.ndarray) -> None:
    """Add the new copies to their claims; a claim's row begins with its second message."""
    distinct, counts = np.unique(numbers, return_counts=True)
    new = set(numbers[opens].tolist())
    old = [n for n in distinct.tolist() if n not in new]
    have = storage.counted_for(old)
    waiting = storage.leaders([n for n in old if n not in have])
    twice = {n for n, c in zip(distinct.tolist(), counts.tolist(), strict=True) if c > 1}
    copies: list[Leader] = list(waiting)
    opening: list[Leader] = list(waiting)
    for message, number, is_first in zip(fresh, numbers.tolist(), opens.tolist(), strict=True):
        if number in new and number not in twice:
            continue
        copy = Leader(
            have.get(number, number), message.text, message.language, message.published_at,
            message.place_id, message.kind, message.is_sample,
        )  # fmt: skip
        copies.append(copy)
        if is_first:
            opening.append(copy)
    if copies:
        storage.insert_claims(opening)
        add_copies(copies)


def add_copies(copies: Iterable[Leader]) -> None:
    """Add copies to the rows and roll-ups of claims that have a row."""
    by_hour: Counter[tuple[int, int]] = Counter()
    by_place: Counter[tuple[int, int]] = Counter()
    by_language: Counter[tuple[int, str]] = Counter()
    times: dict[int, list[datetime]] = defaultdict(list)
    tips: Counter[int] = Counter()
    for copy in copies:
        number = copy.number
        times[number].append(copy.published_at)
        by_hour[number, int(copy.published_at.timestamp()) // 3600] += 1
        by_language[number, copy.language] += 1
        if copy.place_id:
            by_place[number, copy.place_id] += 1
        if copy.kind == HOTLINE:
            tips[number] += 1
    storage.change_claims(
        [
            ClaimChange(len(seen), tips[number], min(seen), max(seen), number)
            for number, seen in sorted(times.items())
        ]
    )
    for table, key, counter in (
        ("rumours_claimhour", "hour", by_hour),
        ("rumours_claimplace", "place_id", by_place),
        ("rumours_claimlanguage", "language", by_language),
    ):
        rows = ((claim, value, count) for (claim, value), count in counter.items())
        storage.add_counts(table, ("claim_id", key), "copies", rows)


def _count_tips(fresh: Sequence[NewMessage]) -> None:
    """Count hotline reports by district and day of the province's calendar."""
    if not any(m.kind == HOTLINE and m.place_id for m in fresh):
        return
    zone = ZoneInfo(settings.TIME_ZONE)
    district_of = places.district_map()
    days: Counter[tuple[int, date]] = Counter()
    for message in fresh:
        district = district_of.get(message.place_id or 0)
        if message.kind == HOTLINE and district:
            days[district, message.published_at.astimezone(zone).date()] += 1
    storage.add_counts(
        "rumours_tipday",
        ("day", "place_id"),
        "count",
        ((day, place, count) for (place, day), count in days.items()),
    )
