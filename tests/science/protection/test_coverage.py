"""Covering against every choice there is, and what may be called proven."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.science.protection._cover_bound import FREE, bounded, largest
from qalqan.science.protection._cover_kernels import exchange, fill, flip, values
from qalqan.science.protection._cover_reduce import dominated, reduce_cover
from qalqan.science.protection.checks import ProtectionInputError
from qalqan.science.protection.cover_tasks import everybody, twice
from qalqan.science.protection.coverage import maximal, on_sphere, within


@st.composite
def problems(draw, most_sites=9, most_demands=14):
    """A small table of who is reached by whom, with whole or broken weights."""
    sites = draw(st.integers(1, most_sites))
    demands = draw(st.integers(1, most_demands))
    bits = draw(st.lists(st.integers(0, 2**demands - 1), min_size=sites, max_size=sites))
    whole = st.integers(0, 20).map(float)
    broken = st.floats(0, 50, allow_nan=False, width=32)
    weights = draw(st.lists(draw(st.sampled_from([whole, broken])), min_size=demands,
                            max_size=demands))  # fmt: skip
    reach = [np.array([i for i in range(demands) if b >> i & 1], np.int32) for b in bits]
    return reach, np.array(weights), draw(st.integers(0, sites + 1))


def reached(reach, weights, chosen, times=1):
    held = np.zeros(len(weights), int)
    for site in chosen:
        held[reach[site]] += 1
    return math.fsum(weights[held >= times])


def every_choice(reach, count):
    return itertools.combinations(range(len(reach)), min(count, len(reach)))


def random_problem(seed, demands=400, sites=60, radius=0.16):
    rng = np.random.default_rng(seed)
    reach = within(rng.random((demands, 2)), rng.random((sites, 2)), radius)
    return reach, rng.integers(1, 100, demands).astype(float)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_best_of_all_choices_is_found_and_proven(problem):
    reach, weights, count = problem
    found = maximal(reach, weights, count)
    best = max(reached(reach, weights, chosen) for chosen in every_choice(reach, count))
    assert found.status == "optimal"
    assert found.objective == pytest.approx(best, rel=1e-9, abs=1e-12)
    assert found.bound == found.objective
    assert found.gap == 0
    assert reached(reach, weights, found.chosen) == pytest.approx(found.objective, rel=1e-12)
    assert len(set(found.chosen)) == len(found.chosen) == min(count, len(reach))


@settings(max_examples=60, deadline=None)
@given(problems(most_sites=7, most_demands=10), st.sampled_from([0.3, 0.7, 1.0]))
def test_the_fewest_sites_are_found(problem, share):
    reach, weights, _ = problem
    need = share * weights.sum()
    sizes = range(len(reach) + 1)
    least = next(
        (n for n in sizes for chosen in every_choice(reach, n)
         if reached(reach, weights, chosen) >= need * (1 - 1e-9)), None,
    )  # fmt: skip
    if least is None:
        with pytest.raises(ProtectionInputError, match="all sites together reach"):
            everybody(reach, weights, share=share)
        return
    found = everybody(reach, weights, share=share)
    assert (found.objective, found.status) == (least, "optimal")
    assert reached(reach, weights, found.chosen) >= need * (1 - 1e-6)


@settings(max_examples=60, deadline=None)
@given(problems(most_sites=7, most_demands=10), st.sampled_from([0.1, 0.3, 0.5]))
def test_a_second_site_counts_what_it_is_worth(problem, worth):
    reach, weights, count = problem
    found = twice(reach, weights, count, backup=worth)

    def value(chosen):
        again = reached(reach, weights, chosen, times=2)
        return (1 - worth) * reached(reach, weights, chosen) + worth * again

    best = max(value(chosen) for chosen in every_choice(reach, count))
    assert found.objective == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert value(found.chosen) == pytest.approx(found.objective, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_the_optimum_is_that_of_a_plain_programme(seed):
    from scipy.optimize import Bounds, LinearConstraint, milp

    reach, weights = random_problem(seed)
    found = maximal(reach, weights, 6)
    demands, sites = len(weights), len(reach)
    table = np.zeros((demands, sites))
    for site, part in enumerate(reach):
        table[part, site] = 1
    rows = np.vstack([np.hstack([-table, np.eye(demands)]),
                      np.r_[np.ones(sites), np.zeros(demands)]])  # fmt: skip
    plain = milp(
        np.r_[np.zeros(sites), -weights], bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, ub=np.r_[np.zeros(demands), 6]),
        integrality=np.r_[np.ones(sites), np.zeros(demands)], options={"mip_rel_gap": 0},
    )  # fmt: skip
    assert found.status == "optimal"
    assert found.objective == pytest.approx(-plain.fun)


def test_a_search_that_was_cut_off_says_so_and_its_bound_holds():
    reach, weights = random_problem(0, demands=2000, sites=300, radius=0.13)
    ticks = itertools.count()
    cut = maximal(reach, weights, 20, clock=lambda: float(next(ticks)), time_limit=6.0)
    full = maximal(reach, weights, 20, clock=lambda: 0.0, time_limit=1.0, gap=0.02)
    assert cut.status == "time_limit"
    assert cut.bound > cut.objective
    assert cut.gap == (cut.bound - cut.objective) / cut.objective
    assert cut.bound >= full.objective
    assert full.status in {"gap_limit", "optimal"}
    assert full.gap <= 0.02
    assert reached(reach, weights, cut.chosen) == cut.objective


def test_equal_seeds_give_equal_choices():
    reach, weights = random_problem(6)
    assert maximal(reach, weights, 8, seed=3) == maximal(reach, weights, 8, seed=3)


@settings(max_examples=100, deadline=None)
@given(problems())
def test_merged_demands_keep_their_weight_and_their_sites(problem):
    reach, weights, _ = problem
    reduced = reduce_cover(reach, weights)
    sets = [frozenset(j for j, part in enumerate(reach) if i in part) for i in range(len(weights))]
    assert len(reduced.weights) == len({one for one in sets if one})
    for i, one in enumerate(sets):
        group = reduced.members[i]
        assert (group < 0) == (not one)
        if one:
            assert {j for j, part in enumerate(reduced.reach) if group in part} == one
    for group, weight in enumerate(reduced.weights):
        assert weight == pytest.approx(weights[reduced.members == group].sum())
    pointer, index, columns, held = reduced.rows()
    for group in range(len(reduced.weights)):
        assert set(index[pointer[group] : pointer[group + 1]]) == {
            j for j, part in enumerate(reduced.reach) if group in part
        }
    for site, part in enumerate(reduced.reach):
        assert held[columns[site] : columns[site + 1]].tolist() == part.tolist()


@settings(max_examples=60, deadline=None)
@given(problems())
def test_a_dropped_site_is_never_needed(problem):
    reach, weights, _ = problem
    reduced = reduce_cover(reach, weights)
    out = dominated(reduced.reach, reduced.weights)
    kept = [set(part) for part, gone in zip(reduced.reach, out, strict=True) if not gone]
    for part, gone in zip(reduced.reach, out, strict=True):
        if gone and len(part):
            assert any(set(part) <= other for other in kept)


@settings(max_examples=60, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_kernels_keep_count_like_plain_sets(problem, random):
    reach, weights, count = problem
    cover = reduce_cover(reach, weights)
    rows, weights = cover.rows(), cover.weights
    chosen, held = np.zeros(len(reach), bool), np.zeros(len(weights), np.int32)
    value = values(rows, weights, chosen, held)
    for _ in range(12):
        flip(rows, weights, chosen, held, value, random.randrange(len(reach)))
        _same(cover.reach, weights, chosen, held, value)
    none = np.zeros(len(reach), bool)
    before = weights[held > 0].sum()
    fill(rows, weights, chosen, held, value, count, none)
    exchange(rows, weights, chosen, held, value, none, 100)
    _same(cover.reach, weights, chosen, held, value)
    assert weights[held > 0].sum() >= before - 1e-9


def _same(reach, weights, chosen, held, value):
    counts = np.zeros(len(weights), int)
    for site in np.nonzero(chosen)[0]:
        counts[reach[site]] += 1
    assert counts.tolist() == held.tolist()
    for site, part in enumerate(reach):
        wanted = 1 if chosen[site] else 0
        assert value[site] == pytest.approx(weights[part[counts[part] == wanted]].sum(), abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(problems(), st.floats(0, 1), st.integers(1, 30))
def test_a_bound_is_never_below_the_best_choice(problem, price, rounds):
    reach, weights, count = problem
    cover = reduce_cover(reach, weights)
    if not len(cover.weights) or count == 0:
        return
    count = min(count, len(reach))
    best = max(reached(cover.reach, cover.weights, c) for c in every_choice(cover.reach, count))
    state = np.full(len(reach), FREE, np.int8)
    bound, _, fixed, _ = bounded(
        cover.rows(), cover.weights, count, state, price * cover.weights, best, rounds, 1.0
    )
    assert bound >= best - 1e-9 * (1 + best)
    # What was fixed leaves a best choice.
    left = [
        c for c in every_choice(cover.reach, count)
        if reached(cover.reach, cover.weights, c) >= best - 1e-9
        and all((j in c) if kind == 1 else (j not in c) for j, kind in enumerate(fixed) if kind)
    ]  # fmt: skip
    assert left or bound <= best + 1e-9 * (1 + best)


@given(st.lists(st.integers(0, 6).map(float), min_size=1, max_size=40), st.data())
def test_the_largest_come_to_the_front(numbers, data):
    count = data.draw(st.integers(1, len(numbers)))
    order = np.arange(len(numbers))
    largest(np.array(numbers), count, order)
    assert sorted(order.tolist()) == list(range(len(numbers)))
    front = sorted((numbers[k] for k in order[:count]), reverse=True)
    assert front == sorted(numbers, reverse=True)[:count]


def test_distances_are_metres_and_the_edge_belongs_to_it():
    assert [p.tolist() for p in within([[3, 4], [3, 4.001]], [[0, 0]], 5)] == [[0]]
    # One minute of latitude is a nautical mile: 1,852 m on the mean sphere within 0.1 %.
    places = on_sphere([50.0, 50.0 + 1 / 60], [57.0, 57.0])
    assert np.linalg.norm(places[0] - places[1]) == pytest.approx(1852, rel=2e-3)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: maximal([np.array([0])], [-1.0], 1), "weight is below 0"),
        (lambda: maximal([np.array([0])], [math.nan], 1), "weight is not finite"),
        (lambda: maximal([np.array([0])], [1.0], -1), "choose must be at least 0"),
        (lambda: maximal([np.array([0])], [1.0], 1, time_limit=1.0), "needs a clock"),
        (lambda: within([[0.0, math.inf]], [[0.0, 0.0]], 1), "demand is not finite"),
        (lambda: within([[0.0, 0.0]], [[0.0, 0.0]], -1), "radius is below 0"),
        (lambda: everybody([np.array([0])], [1.0], share=0), "the share must lie"),
        (lambda: twice([np.array([0])], [1.0], 1, backup=0.6), "a second site is worth"),
    ],
)
def test_bad_numbers_are_refused(act, message):
    with pytest.raises(ProtectionInputError, match=message):
        act()
