"""Probabilities that hold although the payoffs are not known: intervals, and the worst case.

Kiekintveld C, Islam T, Kreinovich V (2013), Security games with interval uncertainty, AAMAS,
sections 4 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qalqan.science.protection.checks import ProtectionInputError, as_count, refuse
from qalqan.science.protection.game import solve
from qalqan.science.protection.payoffs import Payoffs, checked

_HALVINGS = 100


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Probabilities, and what the defender gets at least.

    Attributes
    ----------
    coverage : ndarray, shape (targets,)
        Sums to at most the resources.
    defender_value : float
        The least the defender gets under the assumption stated by the function.
    """

    coverage: NDArray[np.float64]
    defender_value: float


def maximin(payoffs: Payoffs, resources: int) -> Guarantee:
    """Hold the worst case as high as it can be held, whatever the attacker wants.

    Only the defender's payoffs count. The same as the equilibrium against an attacker who wants
    exactly what harms the defender.

    Examples
    --------
    >>> found = maximin(checked([0, 0], [-4, -2], [0, 0], [1, 9]), 1)
    >>> found.coverage.round(6).tolist(), round(found.defender_value, 6)
    ([0.666667, 0.333333], -1.333333)
    """
    mirrored = checked(
        payoffs.defender_covered, payoffs.defender_uncovered,
        -payoffs.defender_covered, -payoffs.defender_uncovered,
    )  # fmt: skip
    found = solve(mirrored, resources)
    return Guarantee(found.coverage, -found.attacker_value)


def interval(low: Payoffs, high: Payoffs, resources: int) -> Guarantee:
    """Guard against every attacker whose payoffs lie between two bounds.

    A target is out of danger if even at its highest the attacker gets no more there than he is
    sure of elsewhere; every other target must be covered well enough. For each guarantee the
    least coverage follows at once, and it grows with the guarantee: found by halving.

    Parameters
    ----------
    low, high : Payoffs
        Bounds of all payoffs. The defender's are taken at their low ends.
    resources : int
        Targets that can be covered at the same time.

    Returns
    -------
    Guarantee
        What the defender gets at least against any of these attackers; a target at which his
        highest payoff only equals what he is sure of elsewhere counts as out of danger.

    Raises
    ------
    ProtectionInputError
        A low end above its high end, or another number of targets.

    Examples
    --------
    >>> sure = checked([0, 0], [-4, -2], [0, 0], [4, 2])
    >>> round(interval(sure, sure, 1).defender_value, 6)
    -1.333333
    """
    amount = as_count(resources, "resources")
    if len(low) != len(high):
        raise ProtectionInputError("the bounds have different numbers of targets")
    refuse(
        low.attacker_covered > high.attacker_covered, "the low end is higher", "attacker_covered"
    )
    refuse(
        low.attacker_uncovered > high.attacker_uncovered, "the low end is higher",
        "attacker_uncovered",
    )  # fmt: skip
    worst, best = float(low.defender_uncovered.min()), float(low.defender_covered.max())
    sure, reached = _needed(low, high, worst), worst
    for _ in range(_HALVINGS):
        middle = (worst + best) / 2
        needed = _needed(low, high, middle)
        if needed.sum() <= amount:
            worst, sure, reached = middle, needed, middle
        else:
            best = middle
    return Guarantee(np.clip(sure, 0.0, 1.0), reached)


def _needed(low: Payoffs, high: Payoffs, value: float) -> NDArray[np.float64]:
    """Return the least coverage that guarantees a value; infinite where nothing does."""
    own = _share(low.defender_uncovered, low.defender_covered, value)
    held = own <= 1
    if not held.any():
        return np.full(len(low), np.inf)
    # What the attacker is sure of at each target that is covered just well enough.
    width = low.attacker_uncovered - low.attacker_covered
    level = float((low.attacker_uncovered - np.where(held, own, 0.0) * width)[held].max())
    other = _share(-high.attacker_uncovered, -high.attacker_covered, -level)
    return np.minimum(own, other)


def _share(
    uncovered: NDArray[np.float64], covered: NDArray[np.float64], value: float
) -> NDArray[np.float64]:
    """Return the coverage at which a payoff that grows with it reaches a value."""
    width = covered - uncovered
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (value - uncovered) / width
    share = np.where(uncovered >= value, 0.0, share)
    return np.where((covered < value) | np.isnan(share), np.inf, share)
