"""The Bayesian reading, the worth of missing evidence, and scores, against sums by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.science.hypotheses import bayes, scoring
from qalqan.science.hypotheses.changes import poisson_interval, segments
from qalqan.science.hypotheses.checks import HypothesesInputError
from qalqan.science.hypotheses.relations import Relations

SHARES = st.floats(0.01, 1, allow_nan=False)


def test_the_posterior_is_bayes_rule_by_hand():
    found = bayes.read([[[2, -1], [0, 1]]], [0.2, 0.8])
    # 0.2 * 0.9 * 0.5 = 0.09 against 0.8 * 0.3 * 0.7 = 0.168.
    assert found.posterior.tolist() == pytest.approx([0.09 / 0.258, 0.168 / 0.258])
    assert found.low is None


def test_a_doubtful_item_tells_little_and_a_worthless_one_nothing():
    sure = bayes.read([[[2, -2]]], [0.5, 0.5]).posterior[0]
    half = bayes.read([[[2, -2]]], [0.5, 0.5], credibility=[0.5]).posterior[0]
    none = bayes.read([[[2, -2]]], [0.5, 0.5], credibility=[0.0]).posterior[0]
    # Half: 0.5 * 0.9 + 0.5 * 0.5 = 0.7 against 0.3.
    assert (sure, half, none) == pytest.approx((0.9, 0.7, 0.5))


def test_the_interval_is_the_spread_of_the_analysts():
    found = bayes.read([[[1, -1]], [[-1, 1]]], [0.5, 0.5])
    assert found.posterior.tolist() == pytest.approx([0.5, 0.5])
    assert found.low.tolist() == pytest.approx([0.3, 0.3])
    assert found.high.tolist() == pytest.approx([0.7, 0.7])


def test_a_whole_is_never_less_probable_than_its_part():
    relations = Relations(contains=[(0, 1)])
    found = bayes.read([[[-2, 2, 0]]], [0.5, 0.2, 0.5], relations=relations)
    assert found.own.sum() == pytest.approx(1)
    assert found.posterior[0] == pytest.approx(found.own[0] + found.own[1])
    assert found.posterior[0] >= found.posterior[1]


@pytest.mark.parametrize(
    ("priors", "table", "said"),
    [
        ([0.5, 0.6], bayes.LIKELIHOODS, "not to 1"),
        ([1.0], bayes.LIKELIHOODS, "has 1 rows"),
        ([-0.5, 1.5], bayes.LIKELIHOODS, "between 0 and 1"),
        ([0.5, 0.5], {**bayes.LIKELIHOODS, "I": 0}, "likelihood of I"),
        ([0.5, 0.5], {"CC": 1.0}, "likelihood of C "),
    ],
)
def test_what_is_not_stated_well_is_refused(priors, table, said):
    with pytest.raises(HypothesesInputError, match=said):
        bayes.read([[[1, -1]]], priors, likelihoods=table)


@given(st.lists(SHARES, min_size=2, max_size=4), st.lists(SHARES, min_size=2, max_size=4))
@settings(max_examples=40)
def test_expected_gain_is_mutual_information(left, right):
    prior = np.array(left) / sum(left)
    rng = np.random.default_rng(3)
    table = rng.dirichlet(np.array(right) + 0.1, len(prior)).T
    table /= table.sum(axis=0)
    joint = table * prior
    seen = joint.sum(axis=1)
    information = sum(
        joint[o, h] * np.log2(joint[o, h] / (seen[o] * prior[h]))
        for o in range(len(table))
        for h in range(len(prior))
        if joint[o, h] > 0
    )
    found = bayes.expected_gain(prior, table)
    assert found.bits == pytest.approx(information, abs=1e-9)
    assert found.outcomes == pytest.approx(seen)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=1, max_size=40),
    st.integers(1, 12),
)
@settings(max_examples=60)
def test_the_parts_of_the_brier_score_sum_to_it(rows, bins):
    said, true = zip(*rows, strict=True)
    found = scoring.decompose(said, true, bins)
    together = found.reliability - found.resolution + found.uncertainty + found.within
    assert together == pytest.approx(found.brier, abs=1e-12)


def test_scores_by_hand():
    assert scoring.brier([1, 0, 0], 0) == 0
    assert scoring.brier([0, 1, 0], 0) == 2
    assert scoring.log_score([0.25, 0.75], 0) == 2
    # Wilson (1927) for 5 of 10, as every textbook prints it.
    assert scoring.wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=0.0001)
    with pytest.raises(HypothesesInputError, match="none of the hypotheses"):
        scoring.brier([0.5, 0.5], 2)
    with pytest.raises(HypothesesInputError, match="neither 0 nor 1"):
        scoring.decompose([0.5], [0.5])


def test_groups_are_scored_and_small_ones_are_withheld():
    rng = np.random.default_rng(1)
    rows = [("centre", f"p{n % 3}", f"case {n // 3}", [0.8, 0.2], 0) for n in range(9)]
    rows += [("alone", "p9", "case 0", [0.1, 0.9], 0)]
    groups, people, cases, said, truth = zip(*rows, strict=True)
    alone, centre = scoring.by_group(groups, people, cases, said, truth, rng)
    assert (centre.members, centre.cases) == (3, 3)
    assert centre.brier == pytest.approx(0.08)
    assert centre.brier_low == pytest.approx(0.08)
    assert [one.number for one in centre.bins] == [9, 9]
    assert (alone.members, alone.brier, alone.bins) == (1, None, ())


def test_a_rate_of_a_hundred_has_its_published_interval():
    # Garwood (1936): 81.36 to 121.63 for 100 events; 0 to 3.69 for none.
    assert poisson_interval(100) == pytest.approx((81.36, 121.63), abs=0.01)
    assert poisson_interval(0) == pytest.approx((0, 3.69), abs=0.01)


def test_changes_are_found_where_they_are_and_nowhere_else():
    rng = np.random.default_rng(5)
    counts = np.concatenate([rng.poisson(4, 24), rng.poisson(14, 24), rng.poisson(5, 24)])
    found = segments(counts)
    assert [one.start for one in found] == pytest.approx([0, 24, 48], abs=1)
    for one, rate in zip(found, (4, 14, 5), strict=True):
        assert one.low <= rate <= one.high
    steady = [len(segments(rng.poisson(6, 48))) for _ in range(100)]
    assert sum(number > 1 for number in steady) <= 8


def test_short_and_wrong_series():
    assert segments([]) == []
    assert [(one.start, one.end) for one in segments([1, 50])] == [(0, 2)]
    with pytest.raises(HypothesesInputError, match="row 1"):
        segments([1, -1])
