"""What is done without a game: everywhere alike, by loss, or a fixed list."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qalqan.science.protection.checks import as_count
from qalqan.science.protection.game import Response, respond
from qalqan.science.protection.payoffs import Payoffs


@dataclass(frozen=True, slots=True)
class Baseline:
    """A plain rule, and what it gets against the same attacker.

    Attributes
    ----------
    coverage : ndarray, shape (targets,)
        Probabilities.
    response : Response
        Of the attacker, ties broken in the defender's favour as in the equilibrium.
    """

    coverage: NDArray[np.float64]
    response: Response


def uniform(targets: int, resources: int) -> NDArray[np.float64]:
    """Return the same probability for each target.

    >>> uniform(4, 1).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    return np.full(targets, min(1.0, resources / targets))


def proportional(sizes: NDArray[np.float64], resources: int) -> NDArray[np.float64]:
    """Return probabilities in proportion to sizes; what exceeds 1 goes to the others.

    All alike where every size is 0.

    >>> proportional(np.array([8.0, 1.0, 1.0]), 2).tolist()
    [1.0, 0.5, 0.5]
    """
    if resources >= len(sizes) or not sizes.sum() > 0:
        return uniform(len(sizes), resources)
    order = np.argsort(-sizes, kind="stable")
    ranked = sizes[order]
    rest = np.cumsum(ranked[::-1])[::-1]
    left = resources - np.arange(len(sizes))
    full = int(np.argmax((left <= 0) | (ranked * left <= rest)))
    shares = np.ones(len(sizes))
    if rest[full] > 0:
        shares[full:] = ranked[full:] * max(0, left[full]) / rest[full]
    else:
        shares[full:] = max(0, left[full]) / (len(sizes) - full)
    result = np.empty_like(shares)
    result[order] = np.minimum(shares, 1.0)
    return result


def fixed_list(sizes: NDArray[np.float64], resources: int) -> NDArray[np.float64]:
    """Return 1 for the largest, 0 for all others; equal sizes in the order given.

    >>> fixed_list(np.array([1.0, 3.0, 2.0]), 2).tolist()
    [0.0, 1.0, 1.0]
    """
    coverage = np.zeros(len(sizes))
    coverage[np.argsort(-sizes, kind="stable")[:resources]] = 1.0
    return coverage


def baselines(payoffs: Payoffs, resources: int) -> dict[str, Baseline]:
    """Return the three plain rules beside which each equilibrium stands.

    Sizes are the defender's losses at uncovered targets.

    >>> from qalqan.science.protection.payoffs import checked
    >>> found = baselines(checked([0, 0], [-5, -3], [-1, -1], [5, 3]), 1)
    >>> {name: round(one.response.defender_value, 3) for name, one in found.items()}
    {'uniform': -2.5, 'proportional': -1.875, 'fixed': -3.0}
    """
    count = as_count(resources, "resources")
    rules = {
        "uniform": uniform(len(payoffs), count),
        "proportional": proportional(payoffs.losses, count),
        "fixed": fixed_list(payoffs.losses, count),
    }
    return {name: Baseline(shares, respond(payoffs, shares)) for name, shares in rules.items()}
