"""Shrinkage, medians and trends against published numbers."""

from __future__ import annotations

import numpy as np
import pytest

from qalqan.science.flashpoints.smoothing import gamma_poisson as of_flash_points
from qalqan.science.indicators.checks import IndicatorsInputError
from qalqan.science.indicators.series import median, share, trend
from qalqan.science.indicators.shrinkage import beta_binomial, gamma_poisson

# Tumours in rats of 71 groups: Tarone 1982, as in Gelman et al. 2013, table 5.1.
RATS = """0/20 0/20 0/20 0/20 0/20 0/20 0/20 0/19 0/19 0/19 0/19 0/18 0/18 0/17 1/20 1/20 1/20
1/20 1/19 1/19 1/18 1/18 2/25 2/24 2/23 2/20 2/20 2/20 2/20 2/20 2/20 1/10 5/49 2/19 5/46 3/27
2/17 7/49 7/47 3/20 3/20 2/13 9/48 10/50 4/20 4/20 4/20 4/20 4/20 4/20 4/20 10/48 4/19 4/19 4/19
5/22 11/46 12/49 5/20 5/20 6/23 5/19 6/22 6/20 6/20 6/20 16/52 15/46 15/47 9/24 4/14"""


def rats() -> tuple[np.ndarray, np.ndarray]:
    pairs = [one.split("/") for one in RATS.split()]
    return np.array([int(a) for a, _b in pairs]), np.array([int(b) for _a, b in pairs])


def test_the_table_is_the_one_in_the_book():
    """Mean and standard deviation of the 70 earlier groups are 0.136 and 0.103 (p. 102)."""
    tumours, number = rats()
    shares = tumours[:70] / number[:70]
    assert len(tumours) == 71
    assert shares.mean() == pytest.approx(0.136, abs=5e-4)
    assert shares.std(ddof=1) == pytest.approx(0.103, abs=5e-4)


def test_beta_binomial_of_the_rats():
    """The likeliest prior lies where the book's marginal posterior has its mode (figure 5.2).

    There log(α/β) is about -1.8 and log(α + β) about 2.75; posterior means of α and β are 2.4
    and 14.3 (p. 112). The book integrates over the prior, we take its likeliest value.
    """
    found = beta_binomial(*rats())
    a, b = found.mean * found.size, (1 - found.mean) * found.size
    assert np.log(a / b) == pytest.approx(-1.8, abs=0.05)
    assert np.log(a + b) == pytest.approx(2.75, abs=0.2)
    assert (a, b) == pytest.approx((2.4, 14.3), rel=0.1)
    # Of 0 in 20 the estimate lies well above nought, of 4 in 14 below 0.286 (figure 5.4).
    assert 0.05 < found.value[0] < 0.09
    assert 0.18 < found.value[70] < 0.23
    assert (found.low < found.value).all()
    assert (found.value < found.high).all()


def test_units_that_differ_no_more_than_chance_are_taken_as_equal():
    found = beta_binomial([10] * 12, [100] * 12)
    assert found.size == np.inf
    assert set(found.value) == {0.1}
    # 120 of 1,200 together: the interval is theirs, not a point.
    assert (found.low[0], found.high[0]) == pytest.approx((0.084, 0.118), abs=0.001)
    equal = gamma_poisson([10] * 12, [100] * 12)
    assert equal.size == np.inf
    assert (equal.low[0], equal.high[0]) == pytest.approx((0.0833, 0.119), abs=0.001)


def test_small_units_move_furthest():
    found = beta_binomial([3, 60, 10, 90, 30], [4, 100, 50, 120, 100])
    raw = np.array([0.75, 0.6, 0.2, 0.75, 0.3])
    moved = np.abs(found.value - raw)
    assert moved[0] > moved[3] * 3


def test_gamma_poisson_agrees_with_the_one_of_the_flash_points():
    """Another program, another way to the maximum, the same likelihood (Clayton and Kaldor)."""
    rng = np.random.default_rng(8)
    people = rng.integers(500, 40_000, 40)
    cases = rng.poisson(people * rng.gamma(4, 0.001 / 4, 40))
    ours, theirs = gamma_poisson(cases, people), of_flash_points(cases, people)
    np.testing.assert_allclose(ours.value, theirs.rate, rtol=2e-3)
    np.testing.assert_allclose(ours.low, theirs.low, rtol=5e-3)
    assert ours.mean == pytest.approx(theirs.mean, rel=2e-3)


def test_intervals_hold_what_they_say():
    rng = np.random.default_rng(9)
    true = rng.beta(3, 12, 400)
    size = rng.integers(5, 60, 400)
    found = beta_binomial(rng.binomial(size, true), size)
    held = ((found.low <= true) & (true <= found.high)).mean()
    assert held == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize(
    ("number", "low", "held"), [(6, 1, 0.9688), (10, 2, 0.9785), (12, 3, 0.9614), (20, 6, 0.9586)]
)
def test_interval_of_a_median_as_in_tables_of_the_sign_test(number, low, held):
    found = median(range(1, number + 1))
    assert (found.low, found.high) == (low, number + 1 - low)
    assert found.level == pytest.approx(held, abs=5e-5)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_wilson_as_newcombe_prints_it(part, whole, low, high):
    """Newcombe 1998, table I, method 3."""
    found = share(part, whole)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_a_share_of_nothing_is_refused():
    with pytest.raises(IndicatorsInputError, match="whole"):
        share(0, 0)


def test_five_values_have_no_interval_at_95_percent():
    assert median([1, 2, 3, 4, 5]).low is None


def test_slope_of_hollander_and_wolfe():
    """Example 9.1: slope -0.056, the interval (-0.130, 0.010) holds 1 - 2·0.042."""
    found = trend([1.26, 1.27, 1.12, 1.16, 1.03], level=0.9)
    assert found.value == pytest.approx(-0.05625)
    assert (found.low, found.high) == pytest.approx((-0.13, 0.01))
    assert found.level == pytest.approx(1 - 2 * 5 / 120)
    assert not found.is_evident


def test_trends_of_noise_are_found_as_rarely_as_the_level_says():
    rng = np.random.default_rng(10)
    evident = sum(trend(rng.standard_normal(12)).is_evident for _run in range(600))
    assert evident / 600 == pytest.approx(0.045, abs=0.03)
    assert trend(np.arange(12) + rng.standard_normal(12)).is_evident


def test_long_series_pass_to_the_normal_distribution_without_a_jump():
    rng = np.random.default_rng(11)
    series = rng.standard_normal(41)
    short, long = trend(series[:40]), trend(series)
    assert (long.high - long.low) == pytest.approx(short.high - short.low, rel=0.35)


def test_units_that_are_all_or_nothing_are_not_certain():
    found = beta_binomial([0, 5, 0, 5, 10], [5, 5, 5, 5, 10])
    assert np.isfinite([found.value, found.low, found.high]).all()
    # Jeffreys' interval for none of five ends at 0.379, and begins at 0.621 for five of five; a
    # prior that weighs as much but has another mean cannot be far from it.
    assert found.high[0] == pytest.approx(0.379, abs=0.1)
    assert found.low[1] == pytest.approx(0.621, abs=0.1)
    assert found.size == pytest.approx(1)


def test_bad_input_is_refused():
    with pytest.raises(IndicatorsInputError, match="three values"):
        trend([1, 2])
    with pytest.raises(IndicatorsInputError, match="level"):
        median([1, 2], level=1.0)
