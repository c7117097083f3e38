"""Where to be with which probability, if whoever attacks has watched: security games.

Kiekintveld C, Jain M, Tsai J, Pita J, Ordóñez F, Tambe M (2009), Computing optimal randomized
resource allocations for massive security games, AAMAS, algorithm 1 (ORIGAMI).
Korzhyk D, Yin Z, Kiekintveld C, Conitzer V, Tambe M (2011), Stackelberg vs. Nash in security
games, Journal of Artificial Intelligence Research 41, theorem 3.9.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.protection._game_kernels import (
    attacker_level,
    best_response,
    needed_coverage,
)
from qalqan.science.protection.checks import as_count, as_vector, refuse
from qalqan.science.protection.payoffs import Payoffs

_TIE = 1e-12
"""Payoffs of the attacker that differ by less than this share of the largest are equal to him."""


@dataclass(frozen=True, slots=True)
class Response:
    """What a rational attacker who knows the probabilities does.

    Attributes
    ----------
    attacked : int
        Row of the target; among those equally good for the attacker, the best for the defender.
    attacker_value, defender_value : float
        What each side gets.
    """

    attacked: int
    attacker_value: float
    defender_value: float


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """Strong Stackelberg equilibrium of a security game.

    Attributes
    ----------
    coverage : ndarray, shape (targets,)
        Probability that somebody is on the spot; sums to at most the resources.
    attacked, attacker_value, defender_value
        As in `Response`.
    attack_set : int
        Number of targets that are equally good for the attacker, before spare resources are laid
        out.
    spare : float
        Resources beyond what the guarantee needs; laid out over all targets but the attacked one.
    passes : int
        Passes over the targets.
    """

    coverage: NDArray[np.float64]
    attacked: int
    attacker_value: float
    defender_value: float
    attack_set: int
    spare: float
    passes: int


def respond(payoffs: Payoffs, coverage: ArrayLike) -> Response:
    """Return the attacker's best response to known probabilities.

    Parameters
    ----------
    payoffs : Payoffs
        Of the targets.
    coverage : array_like, shape (targets,)
        Probabilities.

    Raises
    ------
    ProtectionInputError
        Another number of targets, or a probability outside 0 to 1.

    Examples
    --------
    >>> from qalqan.science.protection.payoffs import checked
    >>> respond(checked([0, 0], [-5, -3], [-1, -1], [5, 3]), [0.5, 0.5])
    Response(attacked=0, attacker_value=2.0, defender_value=-2.5)
    """
    shares = as_vector(coverage, "coverage", len(payoffs))
    refuse((shares < 0) | (shares > 1 + 1e-9), "coverage is no probability", "coverage")
    row, attacker, defender = best_response(
        payoffs.defender_covered, payoffs.defender_uncovered, payoffs.attacker_covered,
        payoffs.attacker_uncovered, np.minimum(shares, 1.0), _TIE * payoffs.scale, 0.0,
    )  # fmt: skip
    return Response(int(row), float(attacker), float(defender))


def solve(payoffs: Payoffs, resources: int) -> Equilibrium:
    """Compute the strong Stackelberg equilibrium: ORIGAMI by Newton's method.

    The defender announces probabilities, the attacker picks what is best for him and breaks ties
    in the defender's favour. Holding the attacker to the least value he can be held to is optimal
    for the defender as well, because covering never harms her and never helps him; the value is
    the root of a convex piecewise linear function, met in a few passes over the targets.

    Parameters
    ----------
    payoffs : Payoffs
        Of the targets.
    resources : int
        Targets that can be covered at the same time, any of them.

    Returns
    -------
    Equilibrium
        Probabilities, both values, and the target that is attacked.

    Raises
    ------
    ProtectionInputError
        The resources are no whole number of at least 0.

    Examples
    --------
    >>> from qalqan.science.protection.payoffs import checked
    >>> found = solve(checked([0, 0], [-4, -2], [0, 0], [4, 2]), 1)
    >>> found.coverage.round(6).tolist(), round(found.attacker_value, 6)
    ([0.666667, 0.333333], 1.333333)
    """
    amount = float(as_count(resources, "resources"))
    uncovered, covered = payoffs.attacker_uncovered, payoffs.attacker_covered
    level, passes = attacker_level(uncovered, covered, amount)
    coverage, needed = needed_coverage(uncovered, covered, level)
    spare, tie = max(0.0, amount - needed), _TIE * payoffs.scale
    if spare <= _TIE * amount:
        spare = 0.0
    row, attacker, defender = best_response(
        payoffs.defender_covered, payoffs.defender_uncovered, covered, uncovered, coverage, tie,
        spare,
    )  # fmt: skip
    attack_set = int(np.count_nonzero(uncovered >= level - tie))
    if spare:
        _lay_out(coverage, spare, row, bool(uncovered[row] == covered[row]))
    return Equilibrium(
        coverage, int(row), float(attacker), float(defender), attack_set, spare, int(passes)
    )


def _lay_out(coverage: NDArray[np.float64], spare: float, attacked: int, anyhow: bool) -> None:
    """Add what is left over, where it cannot drive the attacker off the attacked target."""
    if anyhow:
        added = min(spare, 1.0 - coverage[attacked])
        coverage[attacked] += added
        spare -= added
    own = coverage[attacked]
    room = float((1.0 - coverage).sum() - (1.0 - own))
    if room > 0:
        coverage += min(1.0, spare / room) * (1.0 - coverage)
        np.minimum(coverage, 1.0, out=coverage)
        coverage[attacked] = own
