"""How long to wait after a failure: twice as long each time, half of it drawn at random."""

from __future__ import annotations

import random
from datetime import timedelta

FIRST = 0.5
LONGEST = 60.0
"""Seconds. A warning lives for hours, so that a target that comes back is found within a minute."""
FAR = timedelta(seconds=10 * LONGEST)
"""Nothing waits longer than this. What seems to is the mark of a clock that jumped: it is due."""


def pause(failures: int, rng: random.Random, *, asked: float = 0.0) -> float:
    """Return the seconds to wait after so many failures in a row.

    Equal jitter: half of the pause is fixed, half is drawn, so that targets that fell together
    do not all come back together.

    Parameters
    ----------
    failures
        Failures in a row, 1 or more.
    rng
        Where the draw comes from.
    asked
        Seconds that the target itself asked for; kept up to ``LONGEST``.

    >>> [round(pause(n, random.Random(1)), 2) for n in (1, 2, 3, 20)]
    [0.28, 0.57, 1.13, 34.03]
    """
    whole = min(LONGEST, FIRST * 2.0 ** min(failures - 1, 16))
    return max(whole / 2 + rng.random() * whole / 2, min(asked, LONGEST))
