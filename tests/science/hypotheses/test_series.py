"""Series of events: told from chance on simulated truth, and silent where there is nothing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from qalqan.science.hypotheses import linkage, series
from qalqan.science.hypotheses.checks import HypothesesInputError
from qalqan.science.hypotheses.simulated import simulate


def solved(seed, **options):
    """Return simulated events, the features of their pairs and the truth."""
    made = simulate(np.random.default_rng(seed), **options)
    first, second = series.all_pairs(len(made.events))
    found = series.features(made.events, first, second)
    return made, found, made.series[first] == made.series[second]


@pytest.fixture(scope="module")
def learnt():
    _, found, linked = solved(1)
    factors = series.learn(found, linked)
    _, held, truth = solved(2)
    return factors, linkage.isotonic(series.weigh(factors, held), truth)


def test_factors_are_ratios_of_shares():
    found = np.array([[0], [0], [1], [1], [1], [1]])
    linked = np.array([True, True, False, False, False, True])
    factors = series.learn(found, linked, smoothing=1e-9)
    # One of the three linked pairs lies in the second bin, as do all others.
    assert np.exp(factors.tables[0][1]) == pytest.approx((1 / 3) / 1)
    # A bin without others tells much, but never everything.
    assert np.isfinite(series.learn(found, linked).tables[0]).all()
    assert 1 < np.exp(series.learn(found, linked).tables[0][0]) < 20


def test_linked_pairs_are_told_from_others_and_probabilities_hold(learnt):
    factors, curve = learnt
    _, found, linked = solved(3)
    weights = series.weigh(factors, found)
    assert series.auc(weights, linked) > 0.98
    said = curve(weights)
    assert said.sum() == pytest.approx(linked.sum(), rel=0.35)
    for low, high in ((0.1, 0.5), (0.5, 1.0)):
        inside = (said >= low) & (said < high)
        assert said[inside].mean() == pytest.approx(linked[inside].mean(), abs=0.15)


def test_the_area_under_the_curve_is_a_plain_count():
    rng = np.random.default_rng(4)
    scores, linked = rng.integers(0, 5, 40).astype(float), rng.random(40) < 0.4
    wins = [(a > b) + (a == b) / 2 for a in scores[linked] for b in scores[~linked]]
    assert series.auc(scores, linked) == pytest.approx(np.mean(wins))


def test_calibration_rises_and_is_never_certain(learnt):
    _, found, linked = solved(2, offenders=15, alone=100)
    weights = series.weigh(learnt[0], found)
    grid = np.linspace(-40, 40, 200)
    for curve in (linkage.isotonic(weights, linked), linkage.platt(weights, linked)):
        said = curve(grid)
        assert (np.diff(said) >= -1e-12).all()
        assert said.min() > 0
        assert said.max() <= (linked.sum() + 1) / (linked.sum() + 2) + 1e-12


def test_nothing_known_moves_nothing(learnt):
    unknown = np.full(2, np.nan)
    events = series.Events(
        unknown, unknown, np.array([0.0, 400.0]), unknown, np.full((2, 5), series.UNKNOWN)
    )
    found = series.features(events, *series.all_pairs(2))
    assert found.tolist() == [[-1, len(series.GAP_DAYS), *[-1] * 6]]
    table = learnt[0].tables[1]
    assert series.weigh(learnt[0], found)[0] == pytest.approx(table[-1])


def test_false_series_keep_to_the_stated_rate(learnt):
    factors, curve = learnt
    made, _, _ = solved(6, offenders=15, alone=120)
    cut = linkage.cut_for_rate(made.events, factors, 0.5, np.random.default_rng(0), least=3)
    rng = np.random.default_rng(1)
    false = [
        len(linkage.suggest(linkage.shuffled(made.events, rng), factors, curve, cut, least=3))
        for _ in range(40)
    ]
    # Twenty expected in all; 32 would be seen less than once in a hundred times.
    assert sum(false) <= 32
    found = linkage.suggest(made.events, factors, curve, cut, least=3)
    assert found
    pairs = [
        made.series[i] == made.series[j]
        for one in found
        for i, j in itertools.combinations(one.members, 2)
    ]
    assert np.mean(pairs) > 0.7
    assert all(0 < one.weakest <= one.probability < 1 for one in found)


def test_pairs_of_a_group_are_its_own():
    weights = np.array([5.0, 5.0, -9.0, 5.0, -9.0, -9.0])
    assert linkage.cluster(weights, 4, 1.0) == [(0, 1, 2)]
    assert linkage.cluster(np.array([]), 1, 1.0) == []
    assert linkage._pairs_in((0, 2, 3), 4).tolist() == [1, 2, 5]


def test_what_cannot_be_learnt_is_refused():
    found = np.zeros((3, 1), dtype=np.int64)
    with pytest.raises(HypothesesInputError, match="learning needs"):
        series.learn(found, np.ones(3, dtype=bool))
    with pytest.raises(HypothesesInputError, match="calibration needs"):
        linkage.isotonic(np.zeros(3), np.zeros(3, dtype=bool))
    made, _, _ = solved(1, offenders=2, alone=5)
    with pytest.raises(HypothesesInputError, match="rate above 0"):
        linkage.cut_for_rate(made.events, None, 0.01, np.random.default_rng(0), draws=10)
