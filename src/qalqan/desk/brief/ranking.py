"""Which ten lines come first, by a stated rule, for each reader; numbers only, no words.

weight = severity × deadline × certainty × role × area

Each factor is written beside its value, so that a reader can be told why a line stands where it
does and anybody can compute it again. One edition serves all: nothing here is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

MOST = 10
MOST_OF_A_KIND = 4
"""No kind takes more than four of the ten lines while another kind has something to say."""

GRAVE = 5.0
"""Danger to life now."""
SERIOUS = 4.0
HIGH = 3.0
NOTABLE = 2.0
SMALL = 1.0

OWN = 4.0
"""A line of the reader's own task."""
NEAR = 3.0
"""A line about the reader's own district."""
LEAST_CERTAIN = 0.25
"""However wide its interval, a line keeps a quarter of its weight."""

_DEADLINES = (
    (timedelta(0), 2.0),
    (timedelta(days=1), 1.75),
    (timedelta(days=3), 1.5),
    (timedelta(days=7), 1.25),
)
"""Past the deadline; due within a day, three days, a week."""

TASKS: Mapping[str, frozenset[str]] = {
    "duty_officer": frozenset({"warning", "alone", "signal", "rumour"}),
    "press_officer": frozenset({"rumour"}),
    "inspector": frozenset({"site", "sites", "notices"}),
    "secretary": frozenset({"decision", "advice", "work"}),
    "analyst": frozenset({"area", "silent", "gap", "missing"}),
}
"""Kinds of lines that are a role's own task. Other roles have the plain order."""

KINDS = (
    "warning", "signal", "alone", "missing", "incident", "rumour", "area", "work", "decision",
    "question", "site", "sites", "notices", "advice", "device", "silent", "gap", "trust",
    "outreach",
)  # fmt: skip
"""All kinds; where two lines weigh the same, the kind that stands earlier comes first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may need somebody.

    Parameters
    ----------
    kind
        One of ``KINDS``.
    key
        Unique within an edition, and the same for the same thing in the next edition.
    severity
        1 to 5.
    due
        Its deadline; nothing where there is none.
    certainty
        Share of its number that the interval leaves standing, 0.25 to 1; 1 for what is counted.
    districts
        Where it is; empty where it is nowhere in particular.
    number
        What is compared with the edition that a reader saw last; nothing where only being there
        counts.
    subject
        The part of the brief that it is about.
    """

    kind: str
    key: str
    severity: float
    due: datetime | None = None
    certainty: float = 1.0
    districts: frozenset[int] = frozenset()
    number: float | None = None
    subject: Any = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its factors."""

    candidate: Candidate
    deadline: float
    role: float
    area: float

    @property
    def weight(self) -> float:
        """The product of the five factors."""
        one = self.candidate
        return one.severity * self.deadline * one.certainty * self.role * self.area


def certainty(low: float, value: float) -> float:
    """Return the share of an estimate that the lower end of its interval leaves standing.

    >>> certainty(3.9, 9.3) == 3.9 / 9.3, certainty(0.1, 8.0), certainty(2.0, 2.0)
    (True, 0.25, 1.0)
    """
    if value <= 0:
        return LEAST_CERTAIN
    return min(1.0, max(LEAST_CERTAIN, low / value))


def deadline(due: datetime | None, moment: datetime) -> float:
    """Return the factor of a deadline: 2 when it is past, 1 when it is far or there is none."""
    if due is None:
        return 1.0
    left = due - moment
    return next((factor for most, factor in _DEADLINES if left <= most), 1.0)


def rank(
    candidates: Iterable[Candidate],
    *,
    moment: datetime,
    role: str = "",
    districts: frozenset[int] = frozenset(),
) -> list[Ranked]:
    """Order everything for one reader, the weightiest first.

    Parameters
    ----------
    moment
        What deadlines are measured from: that of the brief, not that of reading.
    role, districts
        Of the reader; without a role, nobody's task comes first.
    """
    own = TASKS.get(role, frozenset())
    # Site by site for those who inspect them; to others their number says as much.
    passed = "sites" if "site" in own else "site"
    ranked = [
        Ranked(
            one,
            deadline(one.due, moment),
            OWN if one.kind in own else 1.0,
            NEAR if districts & one.districts else 1.0,
        )
        for one in candidates
        if one.kind != passed
    ]
    return sorted(ranked, key=lambda r: (-r.weight, KINDS.index(r.candidate.kind), r.candidate.key))


def first(ranked: list[Ranked], most: int = MOST) -> list[Ranked]:
    """Return at most ten lines, no kind with more than four while others have something to say.

    Danger to life is always among them, however much of the reader's own task weighs more. The
    order of weights is kept.
    """
    counted: Counter[str] = Counter()
    chosen: list[int] = []
    spare: list[int] = []
    for place, one in enumerate(ranked):
        counted[one.candidate.kind] += 1
        within = counted[one.candidate.kind] <= MOST_OF_A_KIND
        (chosen if within else spare).append(place)
    grave = [place for place in chosen if ranked[place].candidate.severity >= GRAVE]
    others = [place for place in chosen if ranked[place].candidate.severity < GRAVE]
    places = sorted([*grave, *others, *spare][:most])
    return [ranked[place] for place in places]
