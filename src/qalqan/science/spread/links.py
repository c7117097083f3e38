"""Broadcast and person-to-person spread apart, where it is known who copied from whom.

Timestamps alone identify neither: the same counts follow from one loud channel and from many quiet
chains. Then the result says so, and gives no number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

ROOT, UNKNOWN = -1, -2
"""Parents of the first copy, and of a copy whose parent is not known."""
_LEAST = 20
_MOST_UNKNOWN = 0.2


@dataclass(frozen=True, slots=True)
class Kinds:
    """How a claim spread, as far as its links tell.

    Parameters
    ----------
    identified
        Whether the numbers below mean anything.
    reason
        Why not; empty where they do.
    copies, unknown
        Copies besides the root, and how many of them have no known parent.
    broadcast
        Copies taken from the root itself.
    passed_on
        Copies taken from other copies.
    per_copy, low, high
        Mean number of copies taken from a copy that is not the root, with its interval; NaN where
        not identified. Copies too recent to have been copied themselves are not corrected for. In
        a finished tree this is below 1 by arithmetic, however far the claim went: it says how much
        of the spread was chains, and is no alarm.
    """

    identified: bool
    reason: str
    copies: int
    unknown: int
    broadcast: int
    passed_on: int
    per_copy: float
    low: float
    high: float


def kinds_of_spread(parents: ArrayLike | None, *, level: float = 0.95) -> Kinds:
    r"""Tell broadcast from person-to-person spread.

    Each copy besides the root is either taken from the root (broadcast) or from another copy. The
    number taken from one copy has mean :math:`\hat R`; its interval is that of a gamma posterior
    (Jeffreys) whose evidence is divided by the variance over the mean of the numbers of children,
    at least 1, since a few copies bring forth most.

    Parameters
    ----------
    parents : (n,), optional
        Row of the copy that each copy was taken from; -1 for the root, -2 where it is not known.
        None where only timestamps are known.
    level
        Coverage of the interval.

    Returns
    -------
    Kinds

    Raises
    ------
    ValueError
        A parent is no row, or a copy was taken from itself.

    References
    ----------
    S. Goel, A. Anderson, J. Hofman, D. J. Watts, Management Science 62 (2016) 180-196 (broadcast
    and viral spread). P. McCullagh, J. Nelder, "Generalized Linear Models" (1989), section 6.2
    (overdispersion).

    Examples
    --------
    >>> kinds_of_spread(None).identified
    False
    >>> found = kinds_of_spread([-1] + [0] * 30 + [1] * 6)
    >>> found.broadcast, found.passed_on, round(found.per_copy, 3)
    (30, 6, 0.167)
    """
    if parents is None:
        return _not_identified("only timestamps are known", 0, 0, 0, 0)
    rows = np.asarray(parents, dtype=np.int64)
    n = len(rows)
    if ((rows < UNKNOWN) | (rows >= n) | (rows == np.arange(n))).any():
        raise ValueError("each parent is another row, -1 for the root or -2 where unknown")
    root = rows == ROOT
    taken = rows >= 0
    broadcast = int((taken & root[np.maximum(rows, 0)]).sum())
    passed_on = int(taken.sum()) - broadcast
    unknown = int((rows == UNKNOWN).sum())
    copies = broadcast + passed_on + unknown
    if copies < _LEAST:
        return _not_identified(
            f"fewer than {_LEAST} copies besides the root", copies, unknown, broadcast, passed_on
        )
    if unknown > _MOST_UNKNOWN * copies:
        return _not_identified(
            "more than a fifth of the copies has no known parent", copies, unknown, broadcast,
            passed_on,
        )  # fmt: skip
    children = np.bincount(rows[taken], minlength=n)[~root]
    return Kinds(True, "", copies, unknown, broadcast, passed_on, *_interval(children, level))


def _interval(children: np.ndarray, level: float) -> tuple[float, float, float]:
    from scipy.special import gammaincinv

    mean = float(children.mean())
    spread = max(1.0, float(children.var(ddof=1)) / mean) if mean > 0 else 1.0
    count, copies = children.sum() / spread, len(children) / spread
    tail = (1 - level) / 2
    low, high = (float(gammaincinv(count + 0.5, chance)) / copies for chance in (tail, 1 - tail))
    return mean, (low if mean > 0 else 0.0), high


def _not_identified(
    reason: str, copies: int, unknown: int, broadcast: int, passed_on: int
) -> Kinds:
    nan = float("nan")
    return Kinds(False, reason, copies, unknown, broadcast, passed_on, nan, nan, nan)
