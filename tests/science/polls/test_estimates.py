"""Estimates against a slow twin that follows the book row by row, and against identities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.science.polls import calibrate, replicates
from qalqan.science.polls.association import compare, independent
from qalqan.science.polls.checks import PollInputError
from qalqan.science.polls.design import Design, design
from qalqan.science.polls.estimate import mean, proportion, ratio, total
from qalqan.science.polls.intervals import KINDS, share_interval


def variance_by_the_book(stages, z) -> float:
    """Särndal and others 1992, 4.3: spread of the first stage, and of each cluster below it.

    `stages` is a list of (strata, clusters, population) a row; the recursion is written out.
    """
    strata, clusters, population = stages[0]
    found = 0.0
    for stratum in np.unique(strata):
        rows = strata == stratum
        names = np.unique(clusters[rows])
        drawn, held = len(names), population[rows][0]
        left = 1.0 if np.isinf(held) else 1 - drawn / held
        sums = np.array([z[rows & (clusters == name)].sum() for name in names])
        found += left * drawn / (drawn - 1) * ((sums - sums.mean()) ** 2).sum()
        if len(stages) > 1 and np.isfinite(held):
            for name in names:
                inner = rows & (clusters == name)
                below = [tuple(part[inner] for part in stage) for stage in stages[1:]]
                found += drawn / held * variance_by_the_book(below, z[inner])
    return found


def a_two_stage_sample(seed: int):
    """Two strata, three to five clusters each, two to four rows in a cluster."""
    rng = np.random.default_rng(seed)
    rows = []
    for stratum in range(2):
        for cluster in range(int(rng.integers(3, 6))):
            for unit in range(int(rng.integers(2, 5))):
                rows.append((stratum, 10 * stratum + cluster, len(rows), unit))
    table = np.array(rows)
    order = rng.permutation(len(table))
    strata, clusters, units = (table[order, k] for k in range(3))
    sizes = rng.integers(8, 20, 2)[strata].astype(float)
    inner = rng.integers(6, 12, 20)[clusters].astype(float)
    weights = rng.uniform(1, 9, len(table))
    return rng, strata, clusters, units, sizes, inner, weights


@given(st.integers(0, 10_000))
@settings(max_examples=15)
def test_two_stages_with_domains_equal_the_book(seed):
    rng, strata, clusters, units, sizes, inner, weights = a_two_stage_sample(seed)
    drawn = design(weights, strata=strata, clusters=[clusters, units], fpc=[sizes, inner])
    stages = [(strata, clusters, sizes), (clusters, units, inner)]
    y, group = rng.normal(5, 2, len(weights)), rng.integers(0, 3, len(weights))
    found, sums = mean(drawn, y, by=group), total(drawn, y, by=group)
    for domain in range(int(group.max()) + 1):
        here = weights * (group == domain)
        if not here.any():
            continue
        centre = (here @ y) / here.sum()
        score = here * (y - centre) / here.sum()
        assert found.value[domain] == pytest.approx(centre, rel=1e-12)
        assert found.se[domain] ** 2 == pytest.approx(
            variance_by_the_book(stages, score), rel=1e-10, abs=1e-20
        )
        assert sums.se[domain] ** 2 == pytest.approx(
            variance_by_the_book(stages, here * y), rel=1e-10
        )


@given(st.integers(0, 10_000))
@settings(max_examples=10)
def test_order_and_names_of_rows_do_not_matter(seed):
    rng, strata, clusters, units, sizes, inner, weights = a_two_stage_sample(seed)
    y = rng.normal(size=len(weights))
    order = rng.permutation(len(weights))
    names = np.array([f"village {k * 7 % 23}" for k in clusters])
    one = mean(design(weights, strata=strata, clusters=[clusters, units], fpc=[sizes, inner]), y)
    two = mean(
        design(
            weights[order], strata=strata[order], clusters=[names[order], units[order]],
            fpc=[sizes[order], inner[order]],
        ),
        y[order],
    )  # fmt: skip
    assert two.value[0] == pytest.approx(one.value[0], rel=1e-12)
    assert two.se[0] == pytest.approx(one.se[0], rel=1e-9)


def test_shares_drawn_say_the_same_as_counts():
    y = [1.0, 5, 2, 8]
    counts = mean(design([2.0] * 4, strata=[0, 0, 1, 1], fpc=[[4, 4, 10, 10]]), y)
    shares = mean(design([2.0] * 4, strata=[0, 0, 1, 1], fpc=[[0.5, 0.5, 0.2, 0.2]]), y)
    assert counts.se == pytest.approx(shares.se, rel=1e-12)


def test_a_whole_population_leaves_no_doubt():
    found = mean(design([1.0, 1, 1], fpc=[[3, 3, 3]]), [4.0, 7, 10])
    assert (found.value[0], found.se[0]) == (7.0, 0.0)


def test_great_values_keep_their_small_spread():
    """A billion beside a spread of one: a one-pass formula would lose all digits."""
    y = np.tile([0.0, 1.0, 2.0, 3.0], 25)
    drawn = design(np.full(100, 3.0))
    assert mean(drawn, y + 1e9).se[0] == pytest.approx(mean(drawn, y).se[0], rel=1e-6)


def test_rows_without_a_value_are_counted_not_lost():
    drawn = design([1.0] * 4)
    with pytest.raises(PollInputError, match="1 rows have no value"):
        mean(drawn, [1.0, np.nan, 3, 4])
    found = mean(drawn, [1.0, np.nan, 3, 4], missing="drop")
    assert (found.n[0], found.dropped) == (3, 1)
    assert found.value[0] == pytest.approx(8 / 3)


def test_a_domain_of_nobody_has_no_figure():
    found = mean(design([1.0] * 3), [1.0, 2, 3], by=[0, 0, 2])
    assert np.isnan(found.value[1])
    assert np.isnan(found.se[1])
    assert found.n.tolist() == [2, 0, 1]


@given(st.integers(0, 10_000))
@settings(max_examples=10)
def test_the_jackknife_equals_weights_written_out(seed):
    rng, strata, clusters, _, sizes, _, weights = a_two_stage_sample(seed)
    drawn = design(weights, strata=strata, clusters=[clusters], fpc=[sizes])
    y, x = rng.normal(5, 2, len(weights)), rng.uniform(1, 2, len(weights))
    made = replicates.jackknife(drawn)
    found = replicates.estimate(made, "ratio", y, x)
    thetas = np.array([(w @ y) / (w @ x) for w in replicates.replicate_weights(made)])
    assert found.thetas[:, 0] == pytest.approx(thetas, rel=1e-12)
    variance = (made.rscales * (thetas - thetas.mean()) ** 2).sum()
    assert found.estimates.se[0] ** 2 == pytest.approx(variance, rel=1e-10)


def test_the_jackknife_of_a_total_is_the_linearised_one():
    rng, strata, clusters, _, sizes, _, weights = a_two_stage_sample(5)
    drawn = design(weights, strata=strata, clusters=[clusters], fpc=[sizes])
    y = rng.normal(5, 2, len(weights))
    again = replicates.estimate(replicates.jackknife(drawn), "total", y)
    assert again.estimates.se == pytest.approx(total(drawn, y).se, rel=1e-10)


def test_the_bootstrap_comes_near_the_linearised_error():
    """20,000 replicates: their variance is known to about 1 %, three times that is allowed."""
    rng = np.random.default_rng(3)
    strata = np.repeat([0, 1], [12, 8])
    drawn = design(np.full(20, 4.0), strata=strata, fpc=[np.repeat([30.0, 16.0], [12, 8])])
    y = rng.normal(10, 3, 20)
    made = replicates.bootstrap(drawn, rng=np.random.default_rng(1), replicates=20_000)
    again = replicates.estimate(made, "total", y).estimates
    assert again.se[0] == pytest.approx(total(drawn, y).se[0], rel=0.02)


def test_known_totals_are_met():
    rng = np.random.default_rng(2)
    drawn = design(rng.uniform(1, 3, 200))
    first, second = rng.integers(0, 3, 200), rng.integers(0, 2, 200)
    raked = calibrate.rake(
        drawn, [(first, [100, 200, 100]), (second, [150, 250])], epsilon=1e-9, most=100
    )
    weights = raked.design.weights
    assert np.bincount(first, weights) == pytest.approx([100, 200, 100], rel=1e-6)
    assert np.bincount(second, weights) == pytest.approx([150, 250], rel=1e-12)
    columns = np.column_stack([np.ones(200), rng.uniform(0, 2, 200)])
    sums = [400.0, 410.0]
    for function, bounds in (("linear", None), ("raking", None), ("logit", (0.2, 3.0)),
                             ("linear", (0.2, 3.0))):  # fmt: skip
        done = calibrate.calibrate(drawn, columns, sums, function=function, bounds=bounds)
        assert columns.T @ done.design.weights == pytest.approx(sums, rel=1e-6)
        if bounds:
            assert done.factors.min() >= 0.2 - 1e-12
            assert done.factors.max() <= 3.0 + 1e-12


def test_raking_that_has_not_settled_says_so():
    drawn = design([1.0, 50.0, 50.0, 1.0])
    margins = [([0, 0, 1, 1], [90, 10]), ([0, 1, 0, 1], [80, 20])]
    short = calibrate.rake(drawn, margins, epsilon=1e-9, most=2)
    long = calibrate.rake(drawn, margins, epsilon=1e-9, most=500)
    assert (short.converged, long.converged) == (False, True)
    assert short.worst > long.worst


def test_a_total_that_is_known_has_no_doubt():
    rng = np.random.default_rng(2)
    drawn = design(rng.uniform(1, 3, 60))
    x = rng.uniform(0, 2, 60)
    done = calibrate.calibrate(drawn, np.column_stack([np.ones(60), x]), [130.0, 140.0])
    found = total(done.design, x)
    assert found.value[0] == pytest.approx(140)
    assert found.se[0] == pytest.approx(0, abs=1e-9)


def test_trimming_is_told():
    rng = np.random.default_rng(2)
    drawn = design(np.ones(50))
    x = rng.uniform(0, 2, 50)
    columns = np.column_stack([np.ones(50), x])
    done = calibrate.calibrate(drawn, columns, [60.0, 75.0], trim=(0.8, 1.5))
    plain = calibrate.calibrate(drawn, columns, [60.0, 75.0])
    outside = np.flatnonzero((plain.factors < 0.8) | (plain.factors > 1.5))
    assert done.trimmed.tolist() == outside.tolist()
    assert done.design.weights.sum() == pytest.approx(60)


@pytest.mark.parametrize("kind", KINDS)
def test_intervals_of_shares_hold_the_share_and_widen_with_the_level(kind):
    found = proportion(design([1.0] * 40), [1] * 4 + [0] * 36)
    low, high = share_interval(found, kind, level=0.8)
    lower, higher = share_interval(found, kind, level=0.99)
    assert lower[0] < low[0] < 0.1 < high[0] < higher[0]
    if kind != "mean":
        assert 0 <= lower[0] <= higher[0] <= 1


def test_a_share_of_nothing_still_has_an_upper_end():
    """Of 20 rows none: Clopper and Pearson's upper end is 1 - 0.025^(1/20)."""
    found = proportion(design([1.0] * 20), [0] * 20)
    low, high = share_interval(found, "beta", df=19)
    assert (low[0], high[0]) == (0.0, pytest.approx(1 - 0.025 ** (1 / 20)))


def test_change_of_waves_apart_and_in_one_panel():
    """Two waves of the same ten villages: what they share must shrink the doubt of the change."""
    rng = np.random.default_rng(4)
    village = np.repeat(np.arange(10), 8)
    level = rng.normal(0, 3, 10)[village]
    waves = [10 + level + rng.normal(0, 1, 80), 11 + level + rng.normal(0, 1, 80)]
    drawn: Design = design(np.ones(80), clusters=[village])
    apart = independent(*(mean(drawn, wave) for wave in waves))[0]
    panel = compare(
        design(np.ones(160), clusters=[np.tile(village, 2)]), np.concatenate(waves),
        np.repeat([0, 1], 80),
    )  # fmt: skip
    assert panel.value == pytest.approx(apart.value)
    assert panel.se < apart.se / 3
    # By hand: the change of each village's mean, ten of them.
    moves = [(waves[1] - waves[0])[village == k].mean() for k in range(10)]
    assert panel.se == pytest.approx(np.std(moves, ddof=1) / 10**0.5)


def test_a_ratio_of_a_column_to_itself_is_certain():
    y = np.random.default_rng(1).uniform(1, 2, 30)
    found = ratio(design([2.0] * 30), y, y)
    assert (found.value[0], found.se[0]) == (pytest.approx(1.0), pytest.approx(0, abs=1e-15))
