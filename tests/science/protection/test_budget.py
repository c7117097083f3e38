"""Budgets against every purchase there is, and what may be called proven."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qalqan.science.protection._budget_kernels import frontier, hull, subsets
from qalqan.science.protection.budget import buy, choices, marginal
from qalqan.science.protection.checks import ProtectionInputError

NEEDS = [(), (0,), (), (1, 2)]


@st.composite
def problems(draw, sites=3, measures=3):
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    n, k = draw(st.integers(1, sites)), draw(st.integers(1, measures))
    cost = rng.integers(0, 20, (n, k)).astype(float)
    cost[rng.random((n, k)) < 0.1] = np.inf
    effect = np.round(rng.random((n, k)), 2)
    district = rng.integers(0, 2, n)
    needs = [[j for j in NEEDS[i] if j < k] for i in range(k)]
    return rng.integers(0, 50, n).astype(float), cost, effect, needs, district


def purchases(problem):
    """Yield cost, gain by district and sets of every purchase, in plain words."""
    weight, cost, effect, needs, district = problem
    n, k = cost.shape
    sets = []
    for i in range(n):
        mine = []
        for size in range(k + 1):
            for one in itertools.combinations(range(k), size):
                price = sum(cost[i, j] for j in one)
                if math.isfinite(price) and all(set(needs[j]) <= set(one) for j in one):
                    left = math.prod(1 - effect[i, j] for j in one)
                    mine.append((price, weight[i] * (1 - left)))
        sets.append(mine)
    for pick in itertools.product(*sets):
        gains = np.zeros(2)
        for i, (_, gain) in enumerate(pick):
            gains[district[i]] += gain
        yield sum(price for price, _ in pick), gains


@settings(max_examples=120, deadline=None)
@given(problems(), st.integers(0, 60), st.sampled_from([0.0, 0.0, 0.3, 0.6]))
def test_the_best_of_all_purchases_is_found_and_proven(problem, budget, floor):
    weight, cost, effect, needs, district = problem
    options = choices(weight, cost, effect, needs=needs, district=district.tolist())
    every = list(purchases(problem))
    most = np.max([gains for _, gains in every], axis=0)
    fit = [
        gains.sum() for price, gains in every
        if price <= budget and np.all(gains >= floor * most * (1 - 1e-9))
    ]  # fmt: skip
    if not fit:
        with pytest.raises(ProtectionInputError, match="floors"):
            buy(options, budget, floor=floor)
        return
    found = buy(options, budget, floor=floor)
    assert found.status == "optimal"
    assert found.objective == pytest.approx(max(fit), rel=1e-6, abs=1e-6)
    assert found.bound == found.objective
    assert found.spent <= budget + 1e-9
    _check_bought(problem, found)


def _check_bought(problem, found):
    weight, cost, effect, needs, _ = problem
    saved = 0.0
    for i in range(len(weight)):
        mine = {measure for site, measure in found.chosen if site == i}
        assert all(set(needs[j]) <= mine for j in mine)
        saved += weight[i] * (1 - math.prod(1 - effect[i, j] for j in mine))
    assert found.spent == pytest.approx(sum(cost[pair] for pair in found.chosen))
    assert found.objective == pytest.approx(saved)


@settings(max_examples=60, deadline=None)
@given(problems(sites=4), st.integers(0, 60))
def test_without_a_solver_the_bound_still_holds(problem, budget):
    weight, cost, effect, needs, district = problem
    options = choices(weight, cost, effect, needs=needs, district=district.tolist())
    quick = buy(options, budget, exact=False)
    best = max(gains.sum() for price, gains in purchases(problem) if price <= budget)
    assert quick.objective <= best + 1e-9
    assert quick.bound >= best - 1e-9
    if quick.status == "optimal":
        assert quick.objective == pytest.approx(best)
    else:
        assert quick.status == "time_limit"
        assert quick.gap > 0


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(0, 40), st.integers(1, 20))
def test_more_money_is_worth_what_the_two_optima_differ(problem, budget, extra):
    weight, cost, effect, needs, district = problem
    options = choices(weight, cost, effect, needs=needs, district=district.tolist())
    found = buy(options, budget)
    least, most = marginal(options, found, budget, extra)
    truth = buy(options, budget + extra).objective - found.objective
    assert least - 1e-9 <= truth <= most + 1e-9


def test_a_large_budget_is_closed_within_a_hundredth_of_a_percent_by_sorting_alone():
    rng = np.random.default_rng(3)
    n, k = 600, 8
    cost = rng.uniform(1e5, 2e6, k) * rng.uniform(0.7, 1.5, (n, k))
    effect = rng.uniform(0.05, 0.4, (n, k))
    district = rng.integers(0, 13, n).tolist()
    options = choices(rng.lognormal(3, 1, n), cost, effect, district=district)
    found = buy(options, 4e8, floor=0.25, exact=False)
    assert 0 < found.gap < 1e-3
    shares = options.saved(found.places) / options.most()
    assert shares.min() >= 0.25 - 1e-9
    free = buy(options, 4e8, exact=False)
    assert free.bound >= found.objective


@given(st.integers(0, 10**6), st.integers(1, 5))
def test_sets_are_those_with_all_prerequisites(seed, count):
    rng = np.random.default_rng(seed)
    cost, effect = rng.integers(0, 9, count).astype(float), rng.random(count)
    masks = np.array([1 if k and rng.random() < 0.5 else 0 for k in range(count)], np.int64)
    costs, gains, bits = subsets(cost, effect, masks)
    expected = {
        one for one in range(2**count)
        if all(not (one >> k & 1) or one & masks[k] == masks[k] for k in range(count))
    }  # fmt: skip
    assert set(bits.tolist()) == expected
    for price, gain, one in zip(costs, gains, bits, strict=True):
        inside = [k for k in range(count) if one >> k & 1]
        assert price == pytest.approx(cost[inside].sum())
        assert gain == pytest.approx(1 - np.prod(1 - effect[inside]))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12))
def test_the_frontier_is_what_nothing_beats(points):
    costs = np.array([float(a) for a, _ in points])
    gains = np.array([float(b) for _, b in points])
    kept = frontier(costs, gains)
    found = list(zip(costs[kept].tolist(), gains[kept].tolist(), strict=True))
    unbeaten = sorted(
        {(a, b) for a, b in points
         if not any((c <= a and d >= b) and (c, d) != (a, b) for c, d in points)}
    )  # fmt: skip
    assert found == unbeaten
    outer = hull(costs[kept], gains[kept])
    slopes = [
        (found[b][1] - found[a][1]) / (found[b][0] - found[a][0])
        for a, b in itertools.pairwise(outer.tolist())
    ]
    assert all(left > right for left, right in itertools.pairwise(slopes))
    assert {0, len(found) - 1} <= set(outer.tolist())


def test_floors_that_cost_too_much_are_told_with_their_price():
    options = choices([10.0, 10.0], [[5.0], [7.0]], [[0.5], [0.5]], district=[0, 1])
    with pytest.raises(ProtectionInputError, match="at least 12, more than the budget of 10"):
        buy(options, 10, floor=1.0)
    assert buy(options, 12, floor=1.0).objective == 10.0


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: choices([-1.0], [[1.0]], [[0.5]]), "weight is below 0"),
        (lambda: choices([1.0], [[-1.0]], [[0.5]]), "cost is below 0"),
        (lambda: choices([1.0], [[math.nan]], [[0.5]]), "cost is below 0 or no number"),
        (lambda: choices([1.0], [[1.0]], [[1.5]]), "effect is not between"),
        (lambda: choices([1.0], [[1.0] * 17], [[0.5] * 17]), "at most 16 measures"),
        (lambda: choices([1.0], [[1.0]], [[0.5]], needs=[[0]]), "cannot need"),
        (lambda: choices([1.0], [[1.0]], [[0.5]], district=[-1]), "district needs"),
        (lambda: buy(choices([1.0], [[1.0]], [[0.5]]), -1), "the budget must be"),
        (lambda: buy(choices([1.0], [[1.0]], [[0.5]]), 1, floor=2), "the floor must lie"),
    ],
)
def test_bad_numbers_are_refused(act, message):
    with pytest.raises(ProtectionInputError, match=message):
        act()


@settings(max_examples=25, deadline=None)
@given(problems(), st.integers(0, 60), st.integers(1, 30))
def test_money_never_hurts(problem, budget, extra):
    weight, cost, effect, needs, district = problem
    assume(weight.sum() > 0)
    options = choices(weight, cost, effect, needs=needs, district=district.tolist())
    assert buy(options, budget + extra).objective >= buy(options, budget).objective - 1e-9


def test_a_floor_of_all_that_can_be_saved_asks_for_nothing_that_saves_nothing() -> None:
    # 0.9 * 0.002 + 0.4 * 0.002 added up falls just short of the floor, by rounding alone.
    options = choices([0.002, 0.002, 0.0], [[0.0], [3.0], [2.0]], [[0.9], [0.4], [0.5]])
    found = buy(options, 4.0, floor=1.0)
    assert found.objective == pytest.approx(0.0026)
    assert found.status == "optimal"
    assert found.spent <= 4.0
