"""Counts of claims and messages over time, as arrays, for those who compare days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Count, Prefetch
from numpy.typing import NDArray

from qalqan.desk.platform.policies import Actor
from qalqan.desk.rumours.models import (
    Answer,
    Claim,
    ClaimHour,
    ClaimLanguage,
    ClaimPlace,
    Message,
)
from qalqan.desk.rumours.selectors.counts import latest_answers


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """Messages of one source by block of time, the oldest block first."""

    source_id: int
    name: str
    kind: str
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    """A claim with its places, languages and newest answer."""

    claim: Claim
    places: list[tuple[int, int]]
    languages: list[tuple[str, int]]
    answer: Answer | None


def hourly_counts(
    actor: Actor, *, first_hour: int, last_hour: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return copies by claim and hour, for every claim with a copy in the hours.

    Parameters
    ----------
    first_hour, last_hour
        Whole hours since 1970, both counted.

    Returns
    -------
    claim_ids, hours, copies : (n,) arrays of int64
    """
    rows = (
        ClaimHour.objects.visible_to(actor)
        .filter(hour__gte=first_hour, hour__lte=last_hour)
        .order_by()
        .values_list("claim_id", "hour", "copies")
    )
    table = np.fromiter(
        (value for row in rows.iterator(chunk_size=10_000) for value in row), dtype=np.int64
    ).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def by_source_and_block(
    actor: Actor, *, end: datetime, blocks: int, hours: int = 24
) -> list[SourceCounts]:
    """Count messages by source in blocks of time that end at a moment.

    Parameters
    ----------
    end
        End of the newest block; not counted itself.
    blocks
        How many blocks.
    hours
        Length of a block.
    """
    found: dict[tuple[int, str, str], NDArray[np.int64]] = {}
    length = timedelta(hours=hours)
    for block in range(blocks):
        start = end - (blocks - block) * length
        rows = (
            Message.objects.visible_to(actor)
            .filter(published_at__gte=start, published_at__lt=start + length)
            .order_by()
            .values_list("source_id", "source__name", "source__kind")
            .annotate(number=Count("pk"))
        )
        for source_id, name, kind, number in rows:
            key = (source_id, name, kind)
            found.setdefault(key, np.zeros(blocks, dtype=np.int64))[block] = number
    return [SourceCounts(*key, counts) for key, counts in found.items()]


def claim_details(actor: Actor, claim_ids: Collection[int]) -> dict[int, ClaimDetail]:
    """Return the claims with what was counted about them, in five queries."""
    rows = (
        Claim.objects.visible_to(actor)
        .filter(pk__in=list(claim_ids))
        .prefetch_related(
            Prefetch(
                "places", ClaimPlace.objects.visible_to(actor).order_by("-copies", "place_id")
            ),
            Prefetch(
                "languages",
                ClaimLanguage.objects.visible_to(actor).order_by("-copies", "language"),
            ),
        )
    )
    answers = latest_answers(actor, list(claim_ids))
    return {claim.pk: _detail(claim, answers.get(claim.pk)) for claim in rows}


def _detail(claim: Claim, answer: Answer | None) -> ClaimDetail:
    return ClaimDetail(
        claim=claim,
        places=[(row.place_id, row.copies) for row in claim.places.all()],
        languages=[(row.language, row.copies) for row in claim.languages.all()],
        answer=answer,
    )
