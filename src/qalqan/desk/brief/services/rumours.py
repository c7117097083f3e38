"""Which claims grow now, and how the channels do."""

from __future__ import annotations

import math
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from qalqan.desk.brief.content import (
    Channel,
    EarlierAnswer,
    GrowthMethod,
    Health,
    LanguageCount,
    PlaceCount,
    PlaceName,
    Rumour,
)
from qalqan.desk.brief.services.names import names_of
from qalqan.desk.brief.services.span import BLOCKS, HISTORY_DAYS, WINDOW_HOURS, Span
from qalqan.desk.platform.policies import Actor
from qalqan.desk.rumours.selectors import blocks as counts
from qalqan.desk.rumours.selectors import message_window
from qalqan.desk.rumours.selectors.blocks import ClaimDetail, SourceCounts
from qalqan.science.spread.growth import Growth, Verdict, growing_now, to_blocks

FALSE_DISCOVERY_RATE = 0.01
"""About one morning in a hundred brings a line that chance alone put there."""
MINIMUM_COPIES = 5
_MOST_RUMOURS = 8
_MOST_PLACES = 6
_MOST_CHANNELS = 10
_MOST_TEXT = 400
_SILENCE = 5

NO_GROWTH = GrowthMethod(
    claims_examined=0, claims_growing=0, window_hours=WINDOW_HOURS, history_days=HISTORY_DAYS,
    minimum_copies=MINIMUM_COPIES, false_discovery_rate=FALSE_DISCOVERY_RATE, discount=1.0,
    size=1.0, pairs=0,
)  # fmt: skip
NO_HEALTH = Health(
    messages=0, messages_window=0, first_message=None, last_message=None, channels=[],
    channels_left_out=0, incidents=0, incidents_outside=0, incidents_later=0,
    last_incident=None, districts=0, boundaries_approximate=False,
)  # fmt: skip
NO_RUMOURS: tuple[list[Rumour], GrowthMethod, Health] = ([], NO_GROWTH, NO_HEALTH)
"""What stands where the rumours could not be read."""


def growing(actor: Actor, span: Span) -> tuple[list[Rumour], GrowthMethod, Health]:
    """Return the claims that grow, how they were found, and the state of the channels.

    Health is returned without what only the ledger and the places know.
    """
    sources = counts.by_source_and_block(actor, end=span.end, blocks=BLOCKS, hours=WINDOW_HOURS)
    totals = sum((source.counts for source in sources), np.zeros(BLOCKS, dtype=np.int64))
    claim_ids, table = _claim_blocks(actor, span)
    growth = growing_now(
        table, totals=totals, minimum_copies=MINIMUM_COPIES, alpha=FALSE_DISCOVERY_RATE
    )
    rows = [row for row, verdict in enumerate(growth.verdicts) if verdict is Verdict.GROWING]
    rumours = _rumours(actor, rows, claim_ids, table, growth)
    method = GrowthMethod(
        claims_examined=growth.examined,
        claims_growing=len(rows),
        window_hours=WINDOW_HOURS,
        history_days=HISTORY_DAYS,
        minimum_copies=MINIMUM_COPIES,
        false_discovery_rate=FALSE_DISCOVERY_RATE,
        discount=round(growth.model.discount, 4),
        size=round(growth.model.size, 4),
        pairs=growth.model.pairs + growth.model.new_pairs,
    )
    return rumours, method, _health(actor, sources, totals)


def _claim_blocks(actor: Actor, span: Span) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    found, hours, copies = counts.hourly_counts(
        actor, first_hour=span.first_hour, last_hour=span.last_hour
    )
    claim_ids, row = np.unique(found, return_inverse=True)
    table = to_blocks(
        row,
        span.last_hour - hours,
        copies,
        claims=len(claim_ids),
        blocks=BLOCKS,
        window_hours=WINDOW_HOURS,
    )
    return claim_ids, table


def _rumours(
    actor: Actor,
    rows: list[int],
    claim_ids: NDArray[np.int64],
    table: NDArray[np.int64],
    growth: Growth,
) -> list[Rumour]:
    """Describe the growing claims: those without an answer first, then the most copied."""
    details = counts.claim_details(actor, [int(claim_ids[row]) for row in rows])
    place_ids = {place for detail in details.values() for place, _copies in detail.places}
    names = names_of(actor, place_ids)
    described = [
        _rumour(details[int(claim_ids[row])], row, table, growth, names)
        for row in rows
        if int(claim_ids[row]) in details
    ]
    described.sort(key=lambda r: (r.answer is not None, -r.copies_window, r.claim_id))
    return described[:_MOST_RUMOURS]


def _rumour(
    detail: ClaimDetail,
    row: int,
    table: NDArray[np.int64],
    growth: Growth,
    names: dict[int, PlaceName],
) -> Rumour:
    claim = detail.claim
    high = float(growth.high[row])
    named = (PlaceCount(names[pk], copies) for pk, copies in detail.places if pk in names)
    return Rumour(
        claim_id=claim.pk,
        text=claim.leader_text[:_MOST_TEXT],
        language=claim.language,
        first_seen=claim.first_seen,
        copies=claim.copies,
        copies_window=int(growth.copies[row]),
        copies_before=int(growth.previous[row]),
        is_new=bool(growth.is_new[row]),
        expected=_rounded(growth.expected[row]),
        rate_ratio=_rounded(growth.rate_ratio[row]),
        rate_ratio_low=_rounded(growth.low[row]),
        rate_ratio_high=_rounded(high) if math.isfinite(high) else None,
        p_value=float(growth.p_value[row]),
        q_value=float(growth.q_value[row]),
        days=table[row].tolist(),
        places=list(islice(named, _MOST_PLACES)),
        languages=[LanguageCount(code, copies) for code, copies in detail.languages],
        answer=_earlier(detail),
    )


def _earlier(detail: ClaimDetail) -> EarlierAnswer | None:
    answer = detail.answer
    if answer is None or answer.published_at is None:
        return None
    return EarlierAnswer(answer.verdict, answer.published_at)


def _rounded(value: float) -> float:
    """Keep four figures; more would pretend to be known."""
    return float(f"{float(value):.4g}")


def _health(actor: Actor, sources: list[SourceCounts], totals: NDArray[np.int64]) -> Health:
    first, last, number = message_window(actor)
    seen = np.flatnonzero(totals)
    first_block = int(seen[0]) if len(seen) else 0
    channels = [_channel(source, first_block) for source in sources]
    channels.sort(key=lambda channel: (channel.state != "silent", -channel.recent, channel.name))
    return Health(
        messages=number,
        messages_window=int(totals[-1]),
        first_message=first,
        last_message=last,
        channels=channels[:_MOST_CHANNELS],
        channels_left_out=max(0, len(channels) - _MOST_CHANNELS),
        incidents=0,
        incidents_outside=0,
        incidents_later=0,
        last_incident=None,
        districts=0,
        boundaries_approximate=False,
    )


def _channel(source: SourceCounts, first_block: int) -> Channel:
    """Compare a channel's last day with its earlier days, since there are any data."""
    recent = int(source.counts[-1])
    earlier = source.counts[first_block:-1]
    if not earlier.any():
        return Channel(source.name, source.kind, recent, None, None, None, "new")
    low, usual, high = (float(x) for x in np.quantile(earlier, [0.1, 0.5, 0.9]))
    state = "usual"
    if recent == 0 and usual >= _SILENCE:
        state = "silent"
    elif recent < low:
        state = "low"
    elif recent > high:
        state = "high"
    return Channel(source.name, source.kind, recent, usual, low, high, state)
