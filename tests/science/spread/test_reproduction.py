"""Reproduction numbers against plain loops, closed forms and simulated trees."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import integrate, stats

from qalqan.science.spread.ancestry import wallinga_teunis
from qalqan.science.spread.interval import checked_interval, discretise
from qalqan.science.spread.reproduction import estimate, infectivity

SERIES = st.lists(st.integers(0, 40), min_size=4, max_size=25)
WEIGHTS = st.lists(st.floats(0.01, 1.0), min_size=1, max_size=8).map(
    lambda raw: [0.0, *(np.array(raw) / sum(raw))]
)


def slowly(counts, weights, window, prior_shape, prior_scale):
    """Follow the definition, one window at a time."""
    rows = []
    mean_interval = sum(lag * weight for lag, weight in enumerate(weights))
    for start in range(2, len(counts) - window + 2):
        end = start + window - 1
        shape, rate = prior_shape, 1 / prior_scale
        for t in range(start, end + 1):
            shape += counts[t - 1]
            for lag in range(1, min(len(weights), t)):
                rate += weights[lag] * counts[t - 1 - lag]
        gamma = stats.gamma(shape, scale=1 / rate)
        known = end > mean_interval
        rows.append([gamma.mean(), gamma.std(), *gamma.ppf([0.025, 0.5, 0.975])] if known else None)
    return rows


@given(SERIES, WEIGHTS, st.integers(1, 3), st.floats(0.5, 3.0), st.floats(0.5, 6.0))
def test_estimates_follow_the_definition(counts, weights, window, shape, scale):
    mean_interval = np.arange(len(weights)) @ np.array(weights)
    assume(len(weights) == 2 or abs(mean_interval - round(mean_interval)) > 1e-9)
    found = estimate(counts, weights, window=window, prior_shape=shape, prior_scale=scale)
    for k, row in enumerate(slowly(counts, weights, window, shape, scale)):
        values = [found.mean[0, k], found.sd[0, k], *found.quantiles[:, 0, k]]
        if row is None:
            assert np.isnan(values).all()
        else:
            np.testing.assert_allclose(values, row, rtol=1e-9)


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 12), min_size=1, max_size=6), WEIGHTS)
def test_many_series_at_once_equal_each_alone(rows, weights):
    together = estimate(rows, weights, window=3)
    for k, row in enumerate(rows):
        alone = estimate(row, weights, window=3)
        np.testing.assert_array_equal(together.mean[k], alone.mean[0])
        np.testing.assert_array_equal(together.quantiles[:, k], alone.quantiles[:, 0])


def test_counts_that_are_not_whole_are_taken_too():
    found = estimate([1.5, 2.25, 3.5, 2.0], [0.0, 1.0], window=2)
    shape, scale = 1 + 2.25 + 3.5, 1 / (0.2 + 1.5 + 2.25)
    expected = stats.gamma(shape, scale=scale).ppf([0.025, 0.5, 0.975])
    np.testing.assert_allclose(found.quantiles[:, 0, 0], expected, rtol=1e-9)


def test_a_steady_doubling_has_twice_as_many_children():
    counts = 5 * 2 ** np.arange(14)
    found = estimate(counts, [0.0, 1.0], window=3)
    assert found.mean[0, -1] == pytest.approx(2.0, rel=1e-3)
    assert found.quantiles[0, 0, -1] < 2.0 < found.quantiles[2, 0, -1]


def test_intervals_cover_the_number_that_made_the_counts():
    rng, weights = np.random.default_rng(1), np.array([0.0, 0.5, 0.3, 0.2])
    counts = np.zeros((2000, 16))
    counts[:, 0] = 30
    for t in range(1, 16):
        counts[:, t] = rng.poisson(1.2 * infectivity(counts[:, : t + 1], weights)[:, t])
    found = estimate(counts, weights, window=5)
    covered = (found.quantiles[0] <= 1.2) & (found.quantiles[2] >= 1.2)
    assert 0.93 < covered[:, 5:].mean() < 0.97


@pytest.mark.parametrize("shape", ["gamma", "lognormal"])
@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_lags_have_the_chance_of_a_delay_from_anywhere_in_a_step(shape, shift):
    mean, sd = 3.4 - shift, 1.9
    if shape == "gamma":
        delay = stats.gamma((mean / sd) ** 2, scale=sd**2 / mean)
    else:
        spread = np.sqrt(np.log1p((sd / mean) ** 2))
        delay = stats.lognorm(spread, scale=np.exp(np.log(mean) - spread**2 / 2))
    found = discretise(40, 3.4, sd, shape=shape, shift=shift)
    for lag in (0, 1, 2, 5, 11):
        chance = integrate.quad(
            lambda u, k=lag - shift: delay.cdf(k + 1 - u) - delay.cdf(k - u), 0, 1, epsabs=1e-10
        )[0]
        assert found[lag] == pytest.approx(chance, abs=1e-8)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((0, 2.6, 1.5), "at least one lag"),
        ((5, 1.0, 1.5), "must exceed the shift"),
        ((5, 2.6, 0.0), "standard deviation"),
        ((5, float("nan"), 1.0), "must exceed"),
    ],
)
def test_impossible_intervals_are_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        discretise(*arguments)
    with pytest.raises(ValueError, match="unknown distribution"):
        discretise(5, 2.6, 1.5, shape="weibull")


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([0.0], "at least two"),
        ([0.1, 0.9], "lag 0"),
        ([0.0, -0.1, 1.1], "at least 0"),
        ([0.0, float("nan")], "at least 0"),
        ([0.0, 0.5], "sum to 0.5"),
    ],
)
def test_probabilities_that_are_none_are_refused(weights, said):
    with pytest.raises(ValueError, match=said):
        checked_interval(weights)


@pytest.mark.parametrize(
    ("counts", "options", "said"),
    [
        ([1, -1, 2], {}, "at least 0"),
        ([1], {}, "at least two steps"),
        ([1, 2, 3], {"window": 3}, "at least 4"),
        ([1, 2, 3], {"window": 0}, "a window of 0"),
        ([1, 2, 3], {"window": 1, "prior_scale": 0.0}, "prior"),
        ([1, 2, 3], {"window": 1, "levels": (1.5,)}, "between 0 and 1"),
        ([1, 2, 3], {"windows": ([1], [2])}, "between step 2"),
        ([1, 2, 3], {"windows": ([], [])}, "at least one"),
        ([1, 2, 3], {"window": 1, "imported": [0, 3, 0]}, "between 0 and the counts"),
        ([1, 2, 3], {"window": 1, "imported": [0, 0]}, "shape of the counts"),
    ],
)
def test_what_cannot_be_estimated_is_refused(counts, options, said):
    with pytest.raises(ValueError, match=said):
        estimate(counts, [0.0, 1.0], **options)


def test_cohort_numbers_are_those_of_drawn_trees():
    counts, weights = [2, 3, 4, 6, 5, 3, 1], [0.0, 0.6, 0.3, 0.1]
    found = wallinga_teunis(counts, weights, window=2)
    rng = np.random.default_rng(2)
    born = np.repeat(np.arange(7), counts)
    trees = np.full((20_000, born.size), -1)
    for copy, t in enumerate(born):
        chances = np.array([
            weights[t - j] * counts[j] if 0 < t - j < len(weights) else 0.0 for j in range(7)
        ])  # fmt: skip
        if chances.sum() > 0:
            trees[:, copy] = rng.choice(7, size=20_000, p=chances / chances.sum())
    for k, (start, end) in enumerate(zip(found.start, found.end, strict=True)):
        children = ((trees >= start - 1) & (trees <= end - 1)).sum(axis=1)
        ratio = children / sum(counts[start - 1 : end])
        assert found.mean[k] == pytest.approx(ratio.mean(), abs=0.01)
        assert found.sd[k] == pytest.approx(ratio.std(), abs=0.01)
        step = 1 / sum(counts[start - 1 : end])
        assert abs(found.low[k] - np.quantile(ratio, 0.025)) <= step + 1e-9
        assert abs(found.high[k] - np.quantile(ratio, 0.975)) <= step + 1e-9


def test_cohort_quantiles_of_large_counts_agree_with_the_exact_ones(monkeypatch):
    from qalqan.science.spread import ancestry

    counts, weights = (np.arange(1, 13) * 150).tolist(), [0.0, 0.5, 0.5]
    exact = wallinga_teunis(counts, weights)
    monkeypatch.setattr(ancestry, "_EXACT", 0)
    approximate = wallinga_teunis(counts, weights)
    np.testing.assert_allclose(approximate.low, exact.low, atol=1e-3)
    np.testing.assert_allclose(approximate.high, exact.high, atol=1e-3)


def test_cohort_windows_without_copies_are_left_out():
    found = wallinga_teunis([0, 0, 2, 3, 0, 0, 0, 1], [0.0, 1.0], window=2)
    # Before step 4 nothing was seen; steps 5 to 7 hold no copy.
    assert found.start.tolist() == [4, 7]
