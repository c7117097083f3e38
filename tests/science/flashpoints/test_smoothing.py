"""Smoothing of rates, and local statistics: plain twins, theory, properties, refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from qalqan.science.flashpoints._local_kernels import first_places
from qalqan.science.flashpoints.local import getis_ord, local_moran
from qalqan.science.flashpoints.selfexciting.checks import EventInputError
from qalqan.science.flashpoints.smoothing import (
    gamma_poisson,
    global_empirical_bayes,
    spatial_empirical_bayes,
)
from qalqan.science.flashpoints.weights import (
    SpatialWeights,
    spatial_weights,
    weights_from_gal,
)


def lattice(side: int) -> SpatialWeights:
    rows = []
    for i in range(side * side):
        r, c = divmod(i, side)
        near = ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1))
        rows.append([a * side + b for a, b in near if 0 <= a < side and 0 <= b < side])
    return spatial_weights(rows)


def slow_marshall(cases, people, group):
    """Marshall's mean and variance between areas of one group, written out."""
    mean = sum(cases[i] for i in group) / sum(people[i] for i in group)
    total = sum(people[i] for i in group)
    spread = sum(people[i] * (cases[i] / people[i] - mean) ** 2 for i in group) / total
    return mean, max(spread - mean / (total / len(group)), 0.0)


def test_both_empirical_bayes_equal_their_twins() -> None:
    rng = np.random.default_rng(1)
    weights = lattice(6)
    people = rng.integers(100, 5000, 36).astype(float)
    cases = rng.poisson(people * rng.gamma(2, 0.002, 36))
    everywhere = global_empirical_bayes(cases, people)
    nearby = spatial_empirical_bayes(cases, people, weights)
    for i in range(36):
        row = weights.neighbours[weights.pointer[i] : weights.pointer[i + 1]]
        for ours, group in ((everywhere, range(36)), (nearby, [i, *row])):
            mean, between = slow_marshall(cases, people, list(group))
            chance = mean / people[i]
            share = between / (between + chance) if between + chance else 0.0
            plain = mean + share * (cases[i] / people[i] - mean)
            assert ours[i] == pytest.approx(plain, rel=1e-9, abs=1e-15)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10_000)), min_size=2, max_size=30))
@settings(max_examples=100, deadline=None)
def test_a_smoothed_rate_lies_between_the_crude_one_and_the_mean(areas) -> None:
    cases, people = (np.array(column, float) for column in zip(*areas, strict=True))
    mean, crude = cases.sum() / people.sum(), cases / people
    smooth = global_empirical_bayes(cases, people)
    assert np.all(smooth >= np.minimum(crude, mean) - 1e-12)
    assert np.all(smooth <= np.maximum(crude, mean) + 1e-12)


def test_gamma_poisson_is_the_maximum_of_the_negative_binomial_likelihood() -> None:
    rng = np.random.default_rng(2)
    people = rng.integers(100, 5000, 400).astype(float)
    cases = rng.poisson(people * rng.gamma(3, 0.002, 400))
    found = gamma_poisson(cases, people)

    def likelihood(shape, mean):
        return stats.nbinom.logpmf(cases, shape, shape / (shape + mean * people)).sum()

    best = likelihood(found.shape, found.mean)
    for a in (0.98, 1.0, 1.02):
        for b in (0.98, 1.0, 1.02):
            assert likelihood(found.shape * a, found.mean * b) <= best + 1e-6
    assert 2.2 < found.shape < 4
    middle = (found.shape + cases) / (found.shape / found.mean + people)
    np.testing.assert_allclose(found.rate, middle, rtol=1e-12)
    posterior = stats.gamma(found.shape + cases, scale=1 / (found.shape / found.mean + people))
    np.testing.assert_allclose(found.low, posterior.ppf(0.025), rtol=1e-9)
    np.testing.assert_allclose(found.high, posterior.ppf(0.975), rtol=1e-9)


def test_gamma_poisson_intervals_cover_the_rates() -> None:
    rng = np.random.default_rng(3)
    covered = []
    for _ in range(20):
        rates, people = rng.gamma(3, 0.002, 300), rng.integers(200, 3000, 300)
        found = gamma_poisson(rng.poisson(people * rates), people)
        covered.append(np.mean((found.low <= rates) & (rates <= found.high)))
    assert 0.93 < np.mean(covered) < 0.97


def test_areas_that_differ_no_more_than_chance_all_get_the_mean() -> None:
    found = gamma_poisson([5, 5, 5, 5], [100, 100, 100, 100])
    assert found.shape == math.inf
    np.testing.assert_allclose(found.rate, 0.05)


def test_local_moran_permutations_equal_their_twin() -> None:
    """Strike the area out of each permutation, and take the first of the rest."""
    weights = lattice(4).row_standardised()
    rng = np.random.default_rng(4)
    values = rng.integers(0, 5, 16).astype(float)
    found = local_moran(values, weights, seed=7, replicates=50)
    z = values - values.mean()
    places = first_places(16, 5, 7, 50)
    for i in range(16):
        row = slice(weights.pointer[i], weights.pointer[i + 1])
        observed = float(weights.values[row] @ z[weights.neighbours[row]])
        assert found.value[i] == pytest.approx(z[i] * observed / np.mean(z**2))
        above = 0
        for r in range(50):
            others = [p for p in places[:, r] if p != i]
            lag = sum(w * z[p] for w, p in zip(weights.values[row], others, strict=False))
            above += lag >= observed - 1e-12
        assert found.p_high[i] == pytest.approx((1 + above) / 51)


def test_first_places_are_even_and_without_repeats() -> None:
    places = first_places(7, 4, 3, 7000)
    assert all(len(set(column)) == 4 for column in places.T)
    for row in places:
        assert stats.chisquare(np.bincount(row, minlength=7)).pvalue > 1e-4


def test_local_p_values_are_even_when_nothing_is_there() -> None:
    weights = lattice(30).row_standardised()
    shares = [
        np.mean(
            local_moran(
                np.random.default_rng(seed).normal(size=900), weights, seed=seed, replicates=199
            ).p_value
            <= 0.05
        )
        for seed in range(20)
    ]
    assert 0.035 < np.mean(shares) < 0.065


def test_a_planted_hot_spot_is_found_by_both() -> None:
    values = np.random.default_rng(5).normal(size=400)
    spot = [r * 20 + c for r in range(5, 9) for c in range(5, 9)]
    values[spot] += 4
    middle = [r * 20 + c for r in (6, 7) for c in (6, 7)]
    weights = lattice(20)
    moran = local_moran(values, weights.row_standardised(), seed=1)
    ord_ = getis_ord(values, weights, seed=1)
    assert np.all(moran.quadrant[middle] == 1)
    assert np.all(moran.p_value[middle] <= 0.01)
    assert np.all(ord_.value[middle] > 3)
    assert ord_.value.argmax() in spot


def test_the_scores_do_not_depend_on_unit_or_origin() -> None:
    values, weights = np.random.default_rng(6).normal(size=36), lattice(6)
    for statistic in (local_moran, getis_ord):
        one = statistic(values, weights, seed=1, replicates=99)
        two = statistic(1000 * values + 5, weights, seed=1, replicates=99)
        np.testing.assert_allclose(one.value, two.value, rtol=1e-9)
        np.testing.assert_array_equal(one.p_value, two.p_value)


def test_an_area_without_neighbours_has_no_statistic() -> None:
    weights = spatial_weights([[1], [0], [], [1]])
    found = local_moran([1, 2, 3, 5], weights, seed=1, replicates=19)
    assert np.isnan(found.value[2])
    assert np.isnan(found.q_value[2])
    assert found.quadrant[2] == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: global_empirical_bayes([1, -1], [5, 5]), r"negative \(area 1, from 0\)"),
        (lambda: global_empirical_bayes([1, 1], [5, 0]), r"nobody lives there \(area 1"),
        (lambda: global_empirical_bayes([1, 1], [5]), "do not match"),
        (lambda: gamma_poisson([0, 0], [5, 5]), "one of them above 0"),
        (lambda: gamma_poisson([0.5, 1], [5, 5]), "whole numbers"),
        (lambda: spatial_empirical_bayes([1], [5], lattice(2)), "the weights have 4"),
        (lambda: local_moran([1, 1, 1, 1], lattice(2), seed=1), "the same value"),
        (lambda: local_moran([1, 2, 3, np.nan], lattice(2), seed=1), "not finite"),
        (lambda: local_moran([1, 2, 3, 4], lattice(2), seed=1, replicates=0), "one replicate"),
        (lambda: getis_ord([1, 2, 3, 4], lattice(2), seed=1, own_weight=0), "above 0"),
        (lambda: spatial_weights([[5]]), "unknown neighbour"),
        (lambda: spatial_weights([[0]]), "its own neighbour"),
        (lambda: spatial_weights([[1, 1], []]), "twice"),
        (lambda: spatial_weights([[1], []], [[-1], []]), "negative weight"),
        (lambda: spatial_weights([[1], []], [[], []]), "do not match"),
        (lambda: weights_from_gal(["2", "a 2", "b", "b 0"]), "2 neighbours announced"),
        (lambda: weights_from_gal(["1", "a 1", "c"]), "unknown neighbour c"),
        (lambda: weights_from_gal([]), "number of areas"),
    ],
)
def test_bad_input_is_named(call, words) -> None:
    with pytest.raises(EventInputError, match=words):
        call()
