"""What every adapter offers, and what it may answer."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from qalqan.desk.alerts.sending.message import Parcel
from qalqan.desk.alerts.sending.wire import Reply


class Verdict(enum.Enum):
    """What became of an attempt."""

    TAKEN = "taken"
    """The target took it."""
    REFUSED = "refused"
    """The target will never take this one; others may be tried."""
    LATER = "later"
    """Not this receiver now; others behind the same target may be tried."""
    TROUBLE = "trouble"
    """The target itself is in trouble: the whole lane rests."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an attempt; ``asked`` are seconds that the target asked us to wait."""

    verdict: Verdict
    detail: str = ""
    asked: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """A target as an adapter sees it, opened."""

    target_id: int
    kind: str
    address: str
    secret: str
    options: Mapping[str, Any]
    language: str


class Sender(Protocol):
    """Sends parcels to one target."""

    width: int
    """How many may be under way at once."""
    host: str
    """What the limit a host counts by; empty for none."""

    async def send(self, parcel: Parcel) -> Outcome:
        """Make one attempt. Whatever goes wrong is told by the outcome."""

    async def close(self) -> None:
        """Let go of what only this sender holds."""


_NEVER = frozenset({400, 405, 406, 411, 413, 414, 415, 422, 431, 451})


def judge(reply: Reply) -> Outcome:
    """Read a status: what says "never this body" is refused; all else may get better.

    A wrong key or address (401, 403, 404, 410) is mended by people while the warning still
    holds, so the lane rests and tries again instead of giving the warning up.
    """
    detail = str(reply.status)
    if 200 <= reply.status < 300:
        return Outcome(Verdict.TAKEN, detail)
    if reply.status in _NEVER:
        return Outcome(Verdict.REFUSED, detail)
    if reply.status == 409:
        return Outcome(Verdict.LATER, detail)
    return Outcome(Verdict.TROUBLE, detail, reply.retry_after)
