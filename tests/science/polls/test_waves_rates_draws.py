"""Waves against SciPy, rates by hand, draws against their own chances over many seeds."""

import math

import numpy as np
import pytest
from scipy import stats

from qalqan.science.polls.draws import chances, in_proportion, simple_random
from qalqan.science.polls.rates import DISPOSITIONS, FORMULAS, outcome_rates
from qalqan.science.polls.waves import association, change, false_discoveries


def test_a_change_is_welchs_test():
    found = change(52.0, 9.1 / math.sqrt(31), 30, 47.5, 12.4 / math.sqrt(44), 43)
    other = stats.ttest_ind_from_stats(47.5, 12.4, 44, 52.0, 9.1, 31, equal_var=False)
    assert found.t == pytest.approx(other.statistic, rel=1e-12)
    assert found.p == pytest.approx(other.pvalue, rel=1e-9)
    assert found.low < found.difference < found.high


@pytest.mark.parametrize("bad", [(1, 0, 5, 2, 0, 5), (1, -1, 5, 2, 1, 5), (1, 1, 0, 2, 1, 5)])
def test_a_change_without_doubt_is_refused(bad):
    with pytest.raises(ValueError, match="above nought"):
        change(*bad)


def test_false_discoveries_are_those_of_scipy():
    p = np.random.default_rng(3).random(40) ** 2
    np.testing.assert_allclose(false_discoveries(p), stats.false_discovery_control(p), rtol=1e-12)


def test_an_association_is_spearmans_and_needs_five_areas():
    rng = np.random.default_rng(4)
    first, second = rng.integers(0, 8, 13), rng.random(13)
    found = association(first, second)
    assert found.rho == pytest.approx(stats.spearmanr(first, second).statistic, rel=1e-12)
    assert -1 <= found.low < found.rho < found.high <= 1
    assert association([1, 2, 3, 4], [1, 2, 3, 4]) is None
    assert association([1] * 6, [1, 2, 3, 4, 5, 6]) is None


def test_every_rate_is_its_formula():
    rng = np.random.default_rng(5)
    counts = {code: int(rng.integers(1, 99)) for code in DISPOSITIONS}
    names = {**counts, "e": 0.4}
    found = outcome_rates(counts, e=0.4)
    for name, formula in FORMULAS.items():
        text = formula.replace("e(", "e*(")
        assert found[name] == pytest.approx(eval(text, {"__builtins__": {}}, names))  # noqa: S307


@pytest.mark.parametrize("bad", [{"X": 1}, {"I": -1}])
def test_wrong_counts_are_refused(bad):
    with pytest.raises(ValueError, match=r"disposition|negative"):
        outcome_rates(bad)
    assert outcome_rates({})["RR1"] is None


def test_areas_come_as_often_as_their_chance_says():
    sizes, n, seeds = np.array([3.0, 5, 8, 13, 21, 34, 55, 300]), 3, 3000
    met = np.zeros(len(sizes))
    for seed in range(seeds):
        drawn = in_proportion(sizes, n, np.random.default_rng(seed))
        assert len(drawn.chosen) == n
        met[drawn.chosen] += 1
    expected = chances(sizes, n)
    assert expected[-1] == 1
    assert expected.sum() == pytest.approx(n)
    spread = np.sqrt(expected * (1 - expected) / seeds)
    assert np.all(np.abs(met / seeds - expected) <= 4.5 * spread + 1e-12)


@pytest.mark.parametrize("n", [0, 4])
def test_more_areas_than_there_are_cannot_be_drawn(n):
    rng = np.random.default_rng(1)
    for draw in (lambda: simple_random(3, n, rng), lambda: in_proportion([1, 1, 1], n, rng)):
        with pytest.raises(ValueError, match="number to draw"):
            draw()
    with pytest.raises(ValueError, match="size"):
        chances([1, 0], 1)
