"""From what is stored of claims to what the science of ranking asks for, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qalqan.desk.rumours.models import Claim

if TYPE_CHECKING:
    from qalqan.science.rumours.merge import Embedder
    from qalqan.science.rumours.rank import Ranked, SeveritySuggestion

HORIZON = 24
"""Hours ahead for which further copies are foretold: until tomorrow at this time."""
HISTORY = 7 * 24
"""Hours of the past that the forecast looks at; the present hour counts as it is so far."""

S = Claim.State
MINUTES: Mapping[str, int] = {S.NEW: 45, S.TRIAGE: 40, S.CHECKING: 30, S.VERDICT: 15, S.RETURNED: 5}
"""Staff-minutes that a claim still needs, until the desk says otherwise on its own page."""

V = Claim.Severity
DEADLINES: Mapping[str, timedelta] = {
    V.THREAT_TO_LIFE: timedelta(minutes=30),
    V.VIOLENCE: timedelta(hours=2),
    V.PANIC: timedelta(hours=6),
    V.SERVICES: timedelta(hours=24),
    V.OTHER: timedelta(hours=72),
}
"""A claim that is open longer than this after it was first seen, or came back, is overdue."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Further copies of one claim until tomorrow.

    Parameters
    ----------
    expected, low, high
        Expected number and the ends of the 95 % interval.
    alarm_copies, alarm_probability
        "So many more or more, with this probability": a round number near the expectation.
    """

    expected: float
    low: float
    high: float
    alarm_copies: int
    alarm_probability: float


@dataclass(frozen=True, slots=True)
class ToWeigh:
    """What is known of one open claim."""

    claim_id: int
    text: str
    severity: str
    state: str
    hourly: NDArray[np.int64]
    age_hours: int
    no_match: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """A claim in its place, with all that its row in the queue says."""

    ranked: Ranked
    outlook: Outlook
    suggestion: SeveritySuggestion
    minutes: int


def round_number(value: float) -> int:
    """Return the nearest of 1, 2, 5 × 10ⁿ at or below a value, at least 1.

    >>> [round_number(v) for v in (0.2, 1, 4.9, 37, 230)]
    [1, 1, 2, 20, 200]
    """
    if value < 1:
        return 1
    scale = 10 ** int(np.floor(np.log10(value)))
    return int(max(step for step in (1, 2, 5) if step * scale <= value) * scale)


def outlooks(hourly: NDArray[np.int64], age_hours: Sequence[int]) -> list[Outlook]:
    """Foretell the copies of claims until tomorrow.

    Parameters
    ----------
    hourly
        Copies in each hour, the present one last; shape (claims, hours).
    age_hours
        Hours since each claim was first seen.
    """
    from qalqan.science.spread.forecast import forecast_copies

    found = forecast_copies(hourly, (HORIZON,), age_hours=np.maximum(age_hours, 1))
    levels = [round_number(float(value)) for value in found.mean[:, 0]]
    chances = found.prob_at_least(np.array(levels)[:, None])[:, 0]
    return [
        Outlook(float(mean), float(low), float(high), level, float(chance))
        for mean, low, high, level, chance in zip(
            found.mean[:, 0], found.low[:, 0], found.high[:, 0], levels, chances, strict=True
        )
    ]


@lru_cache(maxsize=50_000)
def suggestion(text: str) -> SeveritySuggestion:
    """Return the severity that a text suggests; the worker asks for the same ones every hour."""
    from qalqan.science.rumours.rank import suggest_severity

    return suggest_severity(text)


def weigh(claims: Sequence[ToWeigh], *, minutes: Mapping[str, int]) -> list[Weighed]:
    """Put claims in the order of expected harm averted for a minute of work.

    Parameters
    ----------
    minutes
        Staff-minutes by state; see `MINUTES`.
    """
    from qalqan.science.rumours.rank import Factor, QueueEntry, Severity, rank_queue

    if not claims:
        return []
    ahead = outlooks(
        np.stack([claim.hourly for claim in claims]), [claim.age_hours for claim in claims]
    )
    suggested = [suggestion(claim.text) for claim in claims]
    entries = [
        QueueEntry(
            claim_id=claim.claim_id,
            severity=Severity(claim.severity or said.severity),
            reach=Factor("reach", one.expected, min(one.low, one.expected),
                         max(one.high, one.expected), "forecast"),
            unresolved=Factor.certain("unresolved", claim.no_match, "match"),
            minutes=Factor.certain("minutes", float(minutes[claim.state]), claim.state),
            severity_source="person" if claim.severity else "words",
            round_the_queue=None if claim.severity else said.names_a_doer,
        )
        for claim, one, said in zip(claims, ahead, suggested, strict=True)
    ]  # fmt: skip
    by_id = {
        c.claim_id: (o, s, minutes[c.state])
        for c, o, s in zip(claims, ahead, suggested, strict=True)
    }
    return [Weighed(ranked, *by_id[ranked.claim_id]) for ranked in rank_queue(entries)]


class RememberingEmbedder:
    """An embedder that computes each text once a process; the worker sees the same ones often."""

    def __init__(self, inner: Embedder, *, most: int = 20_000) -> None:
        self.inner, self.most = inner, most
        self.name = inner.name
        self.known: dict[str, Any] = {}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (texts, dimensions)."""
        missing = [text for text in dict.fromkeys(texts) if text not in self.known]
        if missing or not texts:
            vectors = self.inner.embed(missing)
            if not texts:
                return vectors
            if len(self.known) + len(missing) > self.most:
                kept = {text: self.known[text] for text in texts if text in self.known}
                self.known = kept
            self.known.update(zip(missing, vectors, strict=True))
        return np.stack([self.known[text] for text in texts])


@lru_cache(maxsize=1)
def embedder() -> RememberingEmbedder:
    """Return the one embedder of this process: the bundled model, with a memory."""
    from qalqan.science.rumours.merge import bundled_embedder

    return RememberingEmbedder(bundled_embedder())
