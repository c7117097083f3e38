"""Equilibrium under shifts: against every pure plan written out, and drawn exactly."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from scipy.optimize import linprog

from qalqan.science.protection.checks import ProtectionInputError
from qalqan.science.protection.columngen import Shift, solve_scheduled
from qalqan.science.protection.game import solve
from qalqan.science.protection.payoffs import Payoffs, checked
from qalqan.science.protection.rounding import draw_week, round_flow, slot_entropy_bits
from qalqan.science.protection.shifts import Shifts, shifts


def random_game(n: int, rng: np.random.Generator) -> Payoffs:
    return checked(
        rng.uniform(1, 5, n), rng.uniform(-10, -1, n), rng.uniform(-5, -1, n), rng.uniform(1, 10, n)
    )


def pure_plans(held: Shifts) -> np.ndarray:
    """Write out each plan: every team in some zone or at home, no zone twice."""
    slots = [kind for kind, amount in enumerate(held.amounts) for _ in range(amount)]
    plans = set()
    for where in product(range(-1, held.zones), repeat=len(slots)):
        used = [zone for zone in where if zone >= 0]
        if len(set(used)) < len(used):
            continue
        choices = []
        for kind, zone in zip(slots, where, strict=True):
            here = np.flatnonzero((held.zone == zone) & held.eligible[kind]) if zone >= 0 else []
            most = int(held.limits[kind, zone]) if zone >= 0 else 0
            choices.append(
                [c for size in range(min(most, len(here)) + 1) for c in combinations(here, size)]
            )
        for chosen in product(*choices):
            plans.add(frozenset(int(t) for part in chosen for t in part))
    table = np.zeros((len(plans), len(held.zone)))
    for row, plan in enumerate(plans):
        table[row, list(plan)] = 1
    return table


def value_by_plans(game: Payoffs, plans: np.ndarray) -> tuple[float, float]:
    """Return the attacker's and the defender's value in the strong equilibrium over plans."""
    width = game.attacker_uncovered - game.attacker_covered
    gain = game.defender_covered - game.defender_uncovered
    best = (np.nan, -np.inf)
    for target in range(len(game)):
        # His payoff at each other target is at most that at this one.
        rows = (plans * -width)[:, :] - (plans[:, target] * -width[target])[:, None]
        limits = game.attacker_uncovered[target] - game.attacker_uncovered
        found = linprog(
            -gain[target] * plans[:, target], A_ub=rows.T, b_ub=limits,
            A_eq=np.ones((1, len(plans))), b_eq=[1], bounds=(0, None), method="highs",
        )  # fmt: skip
        if found.status == 0:
            cover = float(found.x @ plans[:, target])
            value = game.defender_uncovered[target] + cover * gain[target]
            if value > best[1] + 1e-9:
                best = (float(game.attacker_uncovered[target] - cover * width[target]), value)
    return best


@pytest.mark.parametrize("seed", range(8))
def test_equals_all_plans_written_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = random_game(7, rng)
    held = shifts(
        rng.integers(0, 3, 7), rng.integers(1, 3, (2, 3)), [1, 1], rng.random((2, 7)) < 0.9
    )
    found = solve_scheduled(game, held)
    attacker, defender = value_by_plans(game, pure_plans(held))
    assert found.defender_value == pytest.approx(defender, abs=1e-6)
    assert found.attacker_value == pytest.approx(attacker, abs=1e-6)
    assert found.defender_bound >= defender - 1e-6
    assert found.attacker_bound <= attacker + 1e-6
    assert found.gap < 1e-6


def test_without_constraints_it_is_the_plain_game() -> None:
    rng = np.random.default_rng(5)
    game = random_game(60, rng)
    free = shifts(np.arange(60), np.ones((1, 60)), [6])
    found, plain = solve_scheduled(game, free), solve(game, 6)
    assert found.attacker_value == pytest.approx(plain.attacker_value, abs=1e-7)
    assert found.defender_value == pytest.approx(plain.defender_value, abs=1e-6)


def test_the_mixture_keeps_what_the_teams_can_do() -> None:
    rng = np.random.default_rng(6)
    game = random_game(120, rng)
    held = shifts(
        rng.integers(0, 20, 120), rng.integers(0, 4, (3, 20)), [4, 3, 2], rng.random((3, 120)) < 0.7
    )
    found = solve_scheduled(game, held)
    zones, kinds, cover = np.zeros(20), np.zeros(3), np.zeros(120)
    for one in found.shifts:
        assert len(one.targets) <= held.limits[one.kind, one.zone]
        assert all(held.eligible[one.kind, t] and held.zone[t] == one.zone for t in one.targets)
        zones[one.zone] += one.share
        kinds[one.kind] += one.share
        cover[list(one.targets)] += one.share
    assert zones.max() <= 1 + 1e-7
    assert (kinds <= held.amounts + 1e-7).all()
    assert cover == pytest.approx(found.coverage, abs=1e-7)


def test_weeks_are_drawn_with_exactly_these_probabilities() -> None:
    rng = np.random.default_rng(7)
    game = random_game(20, rng)
    held = shifts(rng.integers(0, 8, 20), np.full((2, 8), 2), [2, 1])
    found, slots, draws = solve_scheduled(game, held), [0, 0, 1], 4000
    counts = np.zeros(20)
    for _ in range(draws):
        week = draw_week(found.shifts, slots, rng)
        assert len({one.slot for one in week}) == len(week)
        assert len({one.zone for one in week}) == len(week)
        for one in week:
            counts[list(one.targets)] += 1
    error = np.sqrt(np.maximum(found.coverage * (1 - found.coverage), 1e-12) / draws)
    assert np.all(np.abs(counts / draws - found.coverage) <= 4.5 * error + 1e-9)


def test_rounding_keeps_sums_and_shares() -> None:
    rng = np.random.default_rng(8)
    left, right = np.repeat(np.arange(4), 6), np.tile(np.arange(6), 4)
    shares = np.full(24, 1 / 6)
    taken = np.array([round_flow(left, right, shares, rng) for _ in range(3000)])
    assert np.all(taken.reshape(-1, 4, 6).sum(axis=2) == 1)
    assert taken.reshape(-1, 4, 6).sum(axis=1).max() == 1
    assert np.all(np.abs(taken.mean(axis=0) - 1 / 6) < 4.5 * np.sqrt(5 / 36 / 3000))


def test_bits_of_one_shift() -> None:
    four = [Shift(0, zone, (zone,), 0.25) for zone in range(4)]
    assert slot_entropy_bits(four, [1]) == pytest.approx([2.0])
    # Twice as many shifts over the same mixture: each is free half of the time.
    assert slot_entropy_bits(four, [2]) == pytest.approx([0.5 * 1 + 4 * 0.125 * 3])


def test_refuses_what_does_not_fit() -> None:
    game = checked([0], [-1], [0], [1])
    with pytest.raises(ProtectionInputError, match="different numbers"):
        solve_scheduled(game, shifts([0, 0], [[1]], [1]))
    with pytest.raises(ProtectionInputError, match="no such zone"):
        shifts([0, 3], [[1]], [1])
    with pytest.raises(ProtectionInputError, match="no slot"):
        draw_week([Shift(1, 0, (0,), 0.5)], [0], np.random.default_rng(0))


@pytest.mark.parametrize("unit", [1e-9, 1e-6, 1e6, 1e9])
def test_the_unit_of_the_payoffs_changes_nothing(unit: float) -> None:
    rng = np.random.default_rng(17)
    held = shifts(rng.integers(0, 4, 12), rng.integers(1, 3, (2, 4)), [1, 1])
    first, second = np.sort(rng.normal(size=(2, 12)), axis=0)
    low, high = np.sort(rng.normal(size=(2, 12)), axis=0)
    plain = solve_scheduled(checked(second, first, low, high), held)
    other = solve_scheduled(checked(second * unit, first * unit, low * unit, high * unit), held)
    assert plain.gap < 1e-6
    assert other.defender_value / unit == pytest.approx(plain.defender_value, abs=1e-6)
    assert other.attacker_value / unit == pytest.approx(plain.attacker_value, abs=1e-6)
    assert other.defender_bound / unit == pytest.approx(plain.defender_bound, abs=1e-6)
