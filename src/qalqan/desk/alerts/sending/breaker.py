"""A fuse for one lane: after some failures in a row only one attempt at a time is made."""

from __future__ import annotations

import random

from qalqan.desk.alerts.sending.backoff import pause

TRIPS_AT = 5


class Breaker:
    """Counts failures in a row, and says how long to leave the target alone.

    Closed, a lane sends as wide as it may. From ``TRIPS_AT`` failures in a row it is open: the
    lane rests, then a single attempt (half-open) decides. Requests that were under way when the
    first of them failed tell nothing new, so they are not counted again.

    Parameters
    ----------
    failures
        Failures in a row that earlier workers saw.
    """

    __slots__ = ("failed_at", "failures")

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.failed_at = -1.0

    @property
    def is_open(self) -> bool:
        """Whether one attempt at a time is made."""
        return self.failures >= TRIPS_AT

    def width(self, full: int) -> int:
        """Return how many attempts may be under way."""
        return 1 if self.failures else full

    def succeed(self) -> None:
        """Note that the target took something."""
        self.failures = 0

    def fail(self, *, began: float, now: float, rng: random.Random, asked: float = 0.0) -> float:
        """Note a failure of the target; return the seconds to leave it alone.

        Parameters
        ----------
        began, now
            When the attempt began and ended, on a clock that never jumps.
        """
        if began >= self.failed_at:
            self.failures += 1
            self.failed_at = now
        return pause(self.failures, rng, asked=asked)
