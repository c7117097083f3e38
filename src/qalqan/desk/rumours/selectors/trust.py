"""Trust in official word beside how long the desk's answers take, by district.

What is beside each other here is no cause and no effect: both differ by district for many reasons.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qalqan.desk.platform.policies import Actor
from qalqan.desk.polls import selectors as polls
from qalqan.desk.rumours.selectors import measured

if TYPE_CHECKING:
    from qalqan.science.polls.waves import Association

LEAST_CLAIMS = 5
"""A district with fewer claims has no delay that could be told."""


@dataclass(frozen=True, slots=True)
class Side:
    """One district: its index of trust, and its claims.

    Parameters
    ----------
    median
        Hours until half of its claims were answered; nothing where that was not reached.
    answered
        Share of its claims that were answered, 0 to 1.
    """

    name: str
    figure: polls.Figure
    claims: int
    answered: float
    median: float | None


@dataclass(frozen=True, slots=True)
class TrustBesideDelay:
    """Trust and delays by district, and how they go together over districts."""

    board: polls.TrustBoard
    sides: tuple[Side, ...]
    with_delay: Association | None
    with_answered: Association | None
    as_of: datetime
    days: int


def trust_beside_delay(actor: Actor) -> TrustBesideDelay | None:
    """Return trust beside the desk's delays; nothing where one of the two was never measured."""
    from qalqan.science.polls.waves import association

    board, edition = polls.trust(actor), measured.latest(actor)
    if board is None or edition is None:
        return None
    content = measured.narrowed(edition.content, "all")
    sides = []
    for group in content["by"]["place"]:
        key = str(group["key"])
        figure = board.districts.get(int(key)) if key.isdigit() else None
        if figure is None or figure.value is None or group["count"] < LEAST_CLAIMS:
            continue
        sides.append(
            Side(figure.label, figure, group["count"], group["answered"] / group["count"],
                 _finite(group["median"][0]))
        )  # fmt: skip
    sides.sort(key=lambda side: -(side.figure.value or 0))
    index = [side.figure.value or 0.0 for side in sides]
    # Ranks only: a median that was not reached is longer than every one that was.
    delays = [math.inf if side.median is None else side.median for side in sides]
    longest = 1 + max([d for d in delays if math.isfinite(d)], default=0)
    return TrustBesideDelay(
        board, tuple(sides),
        association(index, [min(d, longest) for d in delays]),
        association(index, [side.answered for side in sides]),
        edition.computed_at, int(edition.content["days"]),
    )  # fmt: skip


def _finite(value: Any) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
