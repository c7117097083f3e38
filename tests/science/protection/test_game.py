"""The equilibrium equals linear programmes that know nothing of how it was computed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.science.protection.linear_programmes import (
    defender_value,
    defender_value_if_attacked,
    least_attacker_value,
)

from qalqan.science.protection import _game_kernels
from qalqan.science.protection.baselines import baselines, proportional
from qalqan.science.protection.checks import ProtectionInputError
from qalqan.science.protection.game import respond, solve
from qalqan.science.protection.payoffs import Payoffs, checked

WHOLE = st.integers(-6, 6).map(float)
FINE = st.integers(-10_000, 10_000).map(lambda n: n / 1000)


@st.composite
def games(draw: st.DrawFn, most: int = 6) -> Payoffs:
    """Draw games with many ties, targets that coverage does not change, and equal payoffs."""
    n = draw(st.integers(1, most))
    number = draw(st.sampled_from([WHOLE, FINE]))
    column = st.lists(number, min_size=n, max_size=n)
    a, b, c, d = (np.array(draw(column)) for _ in range(4))
    return checked(np.maximum(a, b), np.minimum(a, b), np.minimum(c, d), np.maximum(c, d))


def random_game(n: int, seed: int) -> Payoffs:
    rng = np.random.default_rng(seed)
    return checked(
        rng.uniform(0, 10, n), rng.uniform(-10, 0, n), rng.uniform(-10, 0, n), rng.uniform(0, 10, n)
    )


@given(games(), st.integers(0, 8))
@settings(
    max_examples=1000, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
def test_equals_one_programme_a_target(game: Payoffs, resources: int) -> None:
    found = solve(game, resources)
    assert found.attacker_value == pytest.approx(least_attacker_value(game, resources), abs=1e-9)
    assert found.defender_value == pytest.approx(defender_value(game, resources), abs=1e-9)
    _holds(game, resources)


def _holds(game: Payoffs, resources: int) -> None:
    """Check by the definition that it is an equilibrium, and what it promises."""
    found = solve(game, resources)
    cover = found.coverage
    assert cover.min() >= 0
    assert cover.max() <= 1
    assert cover.sum() <= resources + 1e-9
    theirs = game.attacker_uncovered - cover * (game.attacker_uncovered - game.attacker_covered)
    mine = game.defender_uncovered + cover * (game.defender_covered - game.defender_uncovered)
    assert found.attacker_value == pytest.approx(theirs.max(), abs=1e-9)
    assert theirs[found.attacked] == pytest.approx(theirs.max(), abs=1e-9)
    assert found.defender_value == pytest.approx(mine[found.attacked], abs=1e-9)
    again = respond(game, cover)
    assert again.defender_value == pytest.approx(found.defender_value, abs=1e-9)


@pytest.mark.parametrize(("n", "resources"), [(50, 5), (333, 20), (1000, 400), (10_000, 50)])
def test_equals_the_programme_where_there_are_many_targets(n: int, resources: int) -> None:
    game = random_game(n, seed=n)
    found = solve(game, resources)
    assert found.attacker_value == pytest.approx(least_attacker_value(game, resources), abs=1e-9)
    _holds(game, resources)


def test_no_other_target_would_be_better_for_the_defender() -> None:
    game = random_game(40, seed=3)
    found = solve(game, 4)
    others = [defender_value_if_attacked(game, 4, row) for row in range(40)]
    assert found.defender_value == pytest.approx(max(others), abs=1e-9)
    assert int(np.argmax(others)) == found.attacked


def test_worked_by_hand() -> None:
    # 4 (1 - c) = 2 (1 - (1 - c)) gives c = 2/3, and 4/3 to the attacker.
    found = solve(checked([0, 0], [-4, -2], [0, 0], [4, 2]), 1)
    assert found.coverage == pytest.approx([2 / 3, 1 / 3])
    assert found.attacker_value == pytest.approx(4 / 3)
    assert found.defender_value == pytest.approx(-4 / 3)


def test_no_resources_leave_all_uncovered() -> None:
    found = solve(checked([0, 0, 0], [-9, -5, -3], [0, 0, 0], [7, 7, 1]), 0)
    assert found.coverage.tolist() == [0, 0, 0]
    assert (found.attacker_value, found.defender_value, found.attacked) == (7, -5, 1)


def test_the_attacker_breaks_ties_for_the_defender_even_with_resources_for_all() -> None:
    # Full coverage everywhere would lead him to the first target, at -5; a half at the second
    # leaves him indifferent, and the defender at -0.5.
    game = checked([-5, 0], [-10, -1], [0, -10], [10, 10])
    found = solve(game, 2)
    assert found.coverage == pytest.approx([1, 0.5])
    assert found.attacked == 1
    assert found.defender_value == pytest.approx(-0.5)
    assert found.spare == pytest.approx(0.5)


def test_spare_resources_go_where_coverage_changes_nothing_for_the_attacker() -> None:
    found = solve(checked([5, 0], [-5, 0], [3, 0], [3, 1]), 1)
    assert found.attacked == 0
    assert found.coverage[0] == pytest.approx(1)
    assert found.defender_value == pytest.approx(5)


def test_all_targets_alike_get_the_same() -> None:
    found = solve(checked([1] * 7, [-1] * 7, [-1] * 7, [1] * 7), 3)
    assert found.coverage == pytest.approx([3 / 7] * 7)
    assert found.attack_set == 7


def test_kernels_equal_their_plain_twins() -> None:
    game = random_game(5000, seed=9)
    level, _passes = _game_kernels.attacker_level(
        game.attacker_uncovered, game.attacker_covered, 100.0
    )
    uncovered, width = game.attacker_uncovered, game.attacker_uncovered - game.attacker_covered

    def excess(value: float) -> float:
        return sum(max(0.0, (u - value) / w) for u, w in zip(uncovered, width, strict=True)) - 100

    low, high = float(game.attacker_covered.max()), float(uncovered.max())
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    assert level == pytest.approx(high, abs=1e-12)
    plain = _game_kernels.attacker_level.py_func(uncovered, game.attacker_covered, 100.0)
    assert plain[0] == pytest.approx(level, abs=1e-12)


@given(games(most=8), st.integers(0, 9))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_plain_rule_is_better(game: Payoffs, resources: int) -> None:
    found = solve(game, resources)
    for rule in baselines(game, resources).values():
        assert rule.coverage.sum() <= resources + 1e-9
        assert rule.response.defender_value <= found.defender_value + 1e-9


def test_what_exceeds_one_goes_to_the_others() -> None:
    shares = proportional(np.array([100.0, 50.0, 3.0, 2.0, 1.0, 0.0]), 3)
    assert shares == pytest.approx([1, 1, 0.5, 1 / 3, 1 / 6, 0])


def test_says_what_is_wrong_where() -> None:
    with pytest.raises(ProtectionInputError, match="attacker_covered is more") as caught:
        checked([0, 0], [-1, -1], [0, 2], [1, 1])
    assert (caught.value.row, caught.value.column) == (1, "attacker_covered")
    with pytest.raises(ProtectionInputError, match="no targets"):
        checked([], [], [], [])
    with pytest.raises(ProtectionInputError, match="at least 0"):
        solve(checked([0], [0], [0], [0]), -1)
    with pytest.raises(ProtectionInputError, match="no probability"):
        respond(checked([0], [0], [0], [0]), [1.5])
