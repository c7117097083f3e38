"""Guarantees under unknown payoffs: against a fine grid of coverages, and drawn attackers."""

from __future__ import annotations

import numpy as np
import pytest

from qalqan.science.protection.checks import ProtectionInputError
from qalqan.science.protection.game import solve
from qalqan.science.protection.payoffs import Payoffs, checked
from qalqan.science.protection.robust import interval, maximin


def bounds(n: int, rng: np.random.Generator, width: float) -> tuple[Payoffs, Payoffs]:
    a, b = rng.uniform(0, 3, n), rng.uniform(-10, -1, n)
    c, d = rng.uniform(-5, -2, n), rng.uniform(3, 9, n)
    low = checked(a, b, c, d)
    return low, checked(a, b, c + rng.uniform(0, width, n), d + rng.uniform(0, width, n))


def worst(low: Payoffs, high: Payoffs, cover: np.ndarray) -> float:
    """Return the least the defender gets: any target may be hit that may be a best response."""
    least = low.attacker_uncovered - cover * (low.attacker_uncovered - low.attacker_covered)
    most = high.attacker_uncovered - cover * (high.attacker_uncovered - high.attacker_covered)
    mine = low.defender_uncovered + cover * (low.defender_covered - low.defender_uncovered)
    return float(mine[most > least.max() + 1e-9].min(initial=mine[np.argmax(least)]))


@pytest.mark.parametrize("seed", range(6))
def test_no_coverage_on_a_grid_guarantees_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    low, high = bounds(3, rng, 1.5)
    found = interval(low, high, 1)
    assert found.coverage.sum() <= 1 + 1e-9
    assert worst(low, high, found.coverage) >= found.defender_value - 1e-6
    steps = np.arange(0, 1.0001, 0.01)
    best = max(
        worst(low, high, np.array([p, q, max(0.0, 1 - p - q)]))
        for p in steps
        for q in steps
        if p + q <= 1 + 1e-9
    )
    assert best <= found.defender_value + 1e-6
    assert best >= found.defender_value - 0.15


def test_holds_against_drawn_attackers() -> None:
    rng = np.random.default_rng(9)
    low, high = bounds(30, rng, 2.0)
    found = interval(low, high, 4)
    for _ in range(300):
        theirs = rng.uniform(low.attacker_covered, high.attacker_covered)
        uncovered = rng.uniform(low.attacker_uncovered, high.attacker_uncovered)
        payoff = uncovered - found.coverage * (uncovered - theirs)
        row = int(np.argmax(payoff))
        gain = low.defender_covered[row] - low.defender_uncovered[row]
        mine = low.defender_uncovered[row] + found.coverage[row] * gain
        assert mine >= found.defender_value - 1e-9


def test_known_payoffs_give_the_equilibrium_and_unknown_ones_lie_above_maximin() -> None:
    rng = np.random.default_rng(10)
    low, high = bounds(40, rng, 2.0)
    assert interval(low, low, 5).defender_value == pytest.approx(
        solve(low, 5).defender_value, abs=1e-6
    )
    floor, robust = maximin(low, 5).defender_value, interval(low, high, 5).defender_value
    assert floor - 1e-9 <= robust <= solve(low, 5).defender_value + 1e-6


def test_maximin_is_the_highest_floor() -> None:
    low, _high = bounds(25, np.random.default_rng(11), 0.0)
    found = maximin(low, 4)
    gain = low.defender_covered - low.defender_uncovered
    floor = low.defender_uncovered + found.coverage * gain
    assert floor.min() == pytest.approx(found.defender_value, abs=1e-9)
    # A little more everywhere below would need more than there is.
    needed = np.clip((found.defender_value + 1e-4 - low.defender_uncovered) / gain, 0, None)
    assert needed.sum() > 4


def test_refuses_bounds_the_wrong_way_round() -> None:
    low, high = bounds(4, np.random.default_rng(1), 1.0)
    with pytest.raises(ProtectionInputError, match="low end is higher"):
        interval(high, low, 1)
