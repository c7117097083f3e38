"""What is done without a game: everywhere alike, by loss, or a fixed list."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qalqan.science.protection.checks import as_count
from qalqan.science.protection.game import Response, respond
from qalqan.science.protection.payoffs import Payoffs
from qalqan.science.protection.shifts import Shifts, best_visits


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


def shift_baselines(payoffs: Payoffs, held: Shifts) -> dict[str, Baseline]:
    """Return the plain rules for teams that go by shifts, bound by the same zones and limits.

    Uniform and proportional: each team draws its zones, alike or by the losses there, and in a
    zone the sites likewise; two teams that draw the same zone make one visit less. Fixed: team
    after team always takes the zone where it averts most.

    >>> from qalqan.science.protection.payoffs import checked
    >>> from qalqan.science.protection.shifts import shifts
    >>> game = checked([0, 0], [-4, -2], [0, 0], [4, 2])
    >>> found = shift_baselines(game, shifts([0, 1], [[1, 1]], [1]))
    >>> {name: rule.coverage.round(3).tolist() for name, rule in found.items()}
    {'uniform': [0.5, 0.5], 'proportional': [0.667, 0.333], 'fixed': [1.0, 0.0]}
    """
    rules = {
        "uniform": _drawn(np.ones(len(payoffs)), held),
        "proportional": _drawn(payoffs.losses, held),
        "fixed": _always(payoffs.losses, held),
    }
    return {name: Baseline(shares, respond(payoffs, shares)) for name, shares in rules.items()}


def _drawn(sizes: NDArray[np.float64], held: Shifts) -> NDArray[np.float64]:
    missed = np.ones(len(sizes))
    for kind, amount in enumerate(held.amounts.tolist()):
        open_zones = np.flatnonzero(held.limits[kind] > 0)
        if not len(open_zones) or not amount:
            continue
        totals = np.zeros(held.zones)
        np.add.at(totals, held.zone, sizes)
        wanted = proportional(totals[open_zones], amount)
        for zone, share in zip(open_zones, wanted, strict=True):
            here = np.flatnonzero((held.zone == zone) & held.eligible[kind])
            if len(here):
                visits = int(held.limits[kind, zone])
                missed[here] *= 1.0 - share * proportional(sizes[here], visits)
    return 1.0 - missed


def _always(sizes: NDArray[np.float64], held: Shifts) -> NDArray[np.float64]:
    coverage, taken = np.zeros(len(sizes)), np.zeros(held.zones, dtype=bool)
    for kind, amount in enumerate(held.amounts.tolist()):
        values, targets, zones = best_visits(sizes, kind, held)
        for zone in np.argsort(-np.where(taken, -1.0, values), kind="stable")[:amount]:
            if not taken[zone] and values[zone] > 0:
                coverage[targets[zones == zone]] = 1.0
                taken[zone] = True
    return coverage
