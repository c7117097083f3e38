"""Gains beside published numbers; no claim without an interval, and "no gain" is an answer."""

import math
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.errors import InputError
from qalqan.science.outreach.cover import next_events, objective
from qalqan.science.outreach.districts import difference_in_differences
from qalqan.science.outreach.gains import (
    Gain,
    paired_points,
    paired_shares,
    two_points,
    two_shares,
    wilson,
)

NEWCOMBE = [
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0000),
    ((10, 10), (0, 10), 0.6075, 1.0000),
]
SLEEP = (
    # Student (1908), extra hours of sleep by two drugs, the same ten people.
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
)


@pytest.mark.parametrize(("first", "second", "low", "high"), NEWCOMBE)
def test_newcombes_table(first, second, low, high):
    gain = two_shares(second, first)
    assert (round(gain.low, 4), round(gain.high, 4)) == (low, high)


def test_wilsons_interval_of_newcombes_single_share_paper():
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
    table = [
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]  # fmt: skip
    for successes, size, low, high in table:
        assert [round(end, 4) for end in wilson(successes, size)] == [low, high]


def test_r_on_students_sleep():
    # R 4: t.test(extra ~ group, data = sleep), with and without paired = TRUE.
    paired, welch = paired_points(*SLEEP), two_points(*SLEEP)
    assert paired.value == pytest.approx(1.58)
    assert (paired.low, paired.high) == pytest.approx((0.7001142, 2.4598858), abs=1e-7)
    assert (welch.low, welch.high) == pytest.approx((-0.2054832, 3.3654832), abs=1e-7)
    assert (paired.verdict, welch.verdict) == ("gain", "no_gain")


def test_approval_of_the_prime_minister():
    # Agresti (2002), Categorical Data Analysis, section 10.1: -0.04, 95 % from -0.06 to -0.02.
    gain = paired_shares(794, 86, 150, 570)
    assert [round(x, 2) for x in (gain.value, gain.low, gain.high)] == [-0.04, -0.06, -0.02]
    assert gain.verdict == "loss"


@settings(max_examples=25)
@given(st.tuples(*[st.integers(0, 30)] * 4).filter(any))
def test_the_paired_interval_holds_zero_just_when_mcnemars_score_allows_it(counts):
    both, gained, lost, neither = counts
    gain = paired_shares(both, gained, lost, neither)
    mirrored = paired_shares(both, lost, gained, neither)
    z = (gained - lost) / math.sqrt(gained + lost) if gained + lost else 0.0
    assert (gain.low > 0) == (z > 1.959963984540054)
    assert (gain.high < 0) == (z < -1.959963984540054)
    assert -1 <= gain.low <= gain.value <= gain.high <= 1
    assert (mirrored.low, mirrored.high) == pytest.approx((-gain.high, -gain.low), abs=1e-9)


def test_card_and_krueger():
    # Card and Krueger (1994), table 3: jobs in fast food, New Jersey +0.59, Pennsylvania -2.16.
    found = difference_in_differences(
        [20.44, 23.33], [21.03, 21.17], [True, False], rng=np.random.default_rng(1)
    )
    assert found.value == pytest.approx(2.75, abs=0.005)
    assert (found.with_it, found.without) == pytest.approx((0.59, -2.16))
    assert (found.low, found.high, found.smallest_p) == (-math.inf, math.inf, 1.0)


def test_efron_and_tibshiranis_mice():
    # An Introduction to the Bootstrap (1993), chapters 2 and 15: 30.63 days.
    treated = [94, 197, 16, 38, 99, 141, 23]
    control = [52, 104, 146, 10, 51, 30, 40, 27, 46]
    days = np.array([*treated, *control], float)
    sides = np.arange(16) < 7
    found = difference_in_differences(np.zeros(16), days, sides, rng=np.random.default_rng(1))
    every = [
        days[list(rows)].mean() - np.delete(days, list(rows)).mean()
        for rows in combinations(range(16), 7)
    ]
    assert round(found.value, 2) == 30.63
    assert found.is_exact
    assert found.assignments == len(every)
    assert found.p_value == pytest.approx(
        np.mean(np.abs(every) >= abs(found.value) - 1e-9), abs=1e-12
    )
    # Their one-sided level by 1,000 permutations is 0.132.
    assert np.mean(np.array(every) >= found.value - 1e-9) == pytest.approx(0.132, abs=0.02)
    assert found.low < 0 < found.high


def test_the_interval_is_what_the_permutation_test_does_not_refuse():
    rng = np.random.default_rng(3)
    after = rng.normal(size=10) + np.array([1.5] * 5 + [0] * 5)
    sides = np.arange(10) < 5
    found = difference_in_differences(np.zeros(10), after, sides, rng=rng)

    def refused(effect):
        shifted = difference_in_differences(np.zeros(10), after - effect * sides, sides, rng=rng)
        return shifted.p_value <= 0.05

    width = found.high - found.low
    assert refused(found.low - 0.02 * width)
    assert refused(found.high + 0.02 * width)
    assert not refused(found.low + 0.02 * width)
    assert not refused(found.high - 0.02 * width)


def test_too_few_districts_say_so():
    rng = np.random.default_rng(1)
    few = difference_in_differences(
        [1, 2, 1, 2, 1, 2], [9, 9, 9, 2, 1, 2], [True] * 3 + [False] * 3, rng=rng
    )
    assert few.smallest_p == pytest.approx(0.1)
    assert math.isinf(few.low)
    assert math.isinf(few.high)
    assert Gain(1, -math.inf, math.inf, 0, 1, 6, "x").verdict == "too_few"


def test_many_districts_are_drawn_and_alike_for_the_same_seed():
    after = np.linspace(0, 1, 24)
    sides = np.arange(24) % 2 == 0
    one, two = (
        difference_in_differences(np.zeros(24), after, sides, rng=np.random.default_rng(9))
        for _again in range(2)
    )
    assert one == two
    assert not one.is_exact


@pytest.mark.parametrize(
    "act",
    [
        lambda: wilson(3, 2), lambda: wilson(0, 0), lambda: two_shares((1, 0), (1, 2)),
        lambda: paired_shares(0, 0, 0, 0), lambda: paired_shares(-1, 2, 3, 4),
        lambda: paired_points([1, 2], [1]), lambda: two_points([1], [1, 2]),
        lambda: two_points([1, math.nan], [1, 2]), lambda: two_shares((1, 2), (1, 2), level=1),
        lambda: difference_in_differences([1], [1], [True], rng=np.random.default_rng(1)),
        lambda: next_events([1], [1, 2], [[1]], number=1),
        lambda: next_events([-1], [1], [[1]], number=1),
    ],
)  # fmt: skip
def test_impossible_numbers_are_refused(act):
    with pytest.raises(InputError):
        act()


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_the_greedy_plan_is_never_below_its_bound(seed):
    rng = np.random.default_rng(seed)
    gaps, weights = rng.uniform(0, 9, 4), rng.uniform(0, 3, 4)
    reached = rng.uniform(0, 6, (4, 4)) * (rng.random((4, 4)) < 0.6)
    plan = next_events(gaps, weights, reached, number=3)
    got = objective(gaps, weights, reached, [one.candidate for one in plan])
    best = max(
        objective(gaps, weights, reached, list(chosen)) for chosen in product(range(4), repeat=3)
    )
    assert got == pytest.approx(sum(one.gain for one in plan))
    assert got >= (1 - 1 / math.e) * best - 1e-9
    assert all(a.gain >= b.gain - 1e-9 for a, b in pairwise(plan))
