"""Control charts and their rules against published examples and run lengths."""

from __future__ import annotations

import numpy as np
import pytest

from qalqan.science.indicators.checks import IndicatorsInputError
from qalqan.science.indicators.control import rates_chart, shares_chart, xmr
from qalqan.science.indicators.rules import (
    NELSON,
    WESTERN_ELECTRIC,
    average_run_length,
    false_alarm,
    signals,
    simulated_false_alarm,
    trend_chance,
)

# Montgomery 2013, table 6.6 (costs of loans), table 7.1 (cans), section 7.3 (shipments).
LOANS = [310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306,
         301, 304]  # fmt: skip
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9,
        12, 7, 13, 9, 6]  # fmt: skip
SHIPMENTS = [2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4]


def test_individuals_of_montgomery():
    chart = xmr(LOANS)
    assert chart.centre == pytest.approx(300.5)
    assert chart.sigma[0] == pytest.approx(7.79 / 1.128, abs=0.002)
    assert (chart.low[0], chart.high[0]) == pytest.approx((279.78, 321.22), abs=0.005)
    assert signals(chart.z, ["beyond_3"]) == []


def test_shares_of_montgomery_with_the_two_samples_he_finds():
    chart = shares_chart(CANS, [50] * 30)
    assert sum(CANS) == 347
    assert chart.centre == pytest.approx(0.2313, abs=5e-5)
    assert (chart.low[0], chart.high[0]) == pytest.approx((0.0524, 0.4102), abs=5e-5)
    assert [one.at + 1 for one in signals(chart.z, ["beyond_3"])] == [15, 23]


def test_shares_of_montgomery_without_the_two_samples():
    """He leaves samples 15 and 23 out: mean 0.2150, limits 0.0407 and 0.3893."""
    kept = [number not in (15, 23) for number in range(1, 31)]
    chart = shares_chart(CANS, [50] * 30, baseline=kept)
    assert chart.centre == pytest.approx(0.2150, abs=5e-5)
    assert (chart.low[0], chart.high[0]) == pytest.approx((0.0407, 0.3893), abs=5e-5)


def test_rates_of_montgomery():
    chart = rates_chart(SHIPMENTS, [50] * 20)
    assert chart.centre == pytest.approx(0.0740)
    assert (chart.low[0], chart.high[0]) == pytest.approx((0.0, 0.1894), abs=5e-5)


@pytest.mark.parametrize("chart_of", [shares_chart, rates_chart])
def test_laney_is_the_plain_chart_widened_by_the_spread_of_neighbours(chart_of):
    plain, wide = chart_of(CANS, [50] * 30), chart_of(CANS, [50] * 30, laney=True)
    z = plain.z
    assert wide.sigma_z == pytest.approx(np.abs(np.diff(z)).mean() / 1.128)
    np.testing.assert_allclose(wide.sigma, plain.sigma * wide.sigma_z)


def test_laney_on_huge_samples_is_the_chart_of_individuals():
    """With so many cases chance is nothing; what is left is how periods differ (Laney 2002)."""
    rng = np.random.default_rng(4)
    size = np.full(24, 10_000_000)
    counts = rng.binomial(size, rng.normal(0.2, 0.01, 24))
    wide, single = shares_chart(counts, size, laney=True), xmr(counts / size)
    np.testing.assert_allclose(wide.sigma, single.sigma, rtol=1e-6)
    assert wide.sigma_z > 50


def test_laney_of_chance_alone_is_about_the_plain_chart():
    rng = np.random.default_rng(5)
    counts = rng.binomial(300, 0.2, 2000)
    assert shares_chart(counts, [300] * 2000, laney=True).sigma_z == pytest.approx(1, abs=0.04)


# Champ and Woodall 1987, table 1, a process that has not shifted.
@pytest.mark.parametrize(
    ("rules", "length"),
    [
        (("beyond_3",), 370.40),
        (("beyond_3", "two_of_three"), 225.44),
        (("beyond_3", "four_of_five"), 166.05),
        (("beyond_3", "eight_one_side"), 152.73),
        (("beyond_3", "two_of_three", "four_of_five"), 132.89),
        (("beyond_3", "two_of_three", "eight_one_side"), 122.05),
        (("beyond_3", "four_of_five", "eight_one_side"), 105.78),
        (WESTERN_ELECTRIC, 91.75),
    ],
)
def test_run_lengths_of_champ_and_woodall(rules, length):
    assert average_run_length(rules) == pytest.approx(length, abs=0.006)


def test_false_alarms_among_twelve_points_agree_with_simulation():
    exact = false_alarm(WESTERN_ELECTRIC, points=12)
    drawn = simulated_false_alarm(
        WESTERN_ELECTRIC, points=12, rng=np.random.default_rng(6), runs=1500
    )
    assert drawn == pytest.approx(exact, abs=0.03)


def test_more_rules_cry_wolf_more_often():
    few = simulated_false_alarm(["beyond_3"], points=20, rng=np.random.default_rng(7), runs=400)
    many = simulated_false_alarm(NELSON, points=20, rng=np.random.default_rng(7), runs=400)
    assert many > few + 0.05
    assert trend_chance(6) == pytest.approx(2 / 720)


@pytest.mark.parametrize(
    ("z", "rule", "at"),
    [
        ([0, 3.1], "beyond_3", 1),
        ([2.1, 0, 2.2], "two_of_three", 2),
        ([1.1, 1.2, 0, 1.3, 1.4], "four_of_five", 4),
        ([-0.1] * 8, "eight_one_side", 7),
        ([0.1] * 9, "nine_one_side", 8),
        ([0, 0.1, 0.2, 0.3, 0.4, 0.5], "six_trend", 5),
        ([0, 1] * 7, "fourteen_alternating", 13),
        ([0.5, -0.5] * 7 + [0.5], "fifteen_near", 14),
        ([1.5, -1.5] * 4, "eight_away", 7),
    ],
)
def test_each_rule_fires_at_the_point_that_completes_it(z, rule, at):
    assert [(one.rule, one.at) for one in signals(z, [rule])] == [(rule, at)]
    assert signals(z[:-1], [rule]) == []


def test_bad_input_is_refused():
    with pytest.raises(IndicatorsInputError, match="no rule"):
        signals([1], ["unheard"])
    with pytest.raises(IndicatorsInputError, match="exact run length"):
        average_run_length(["six_trend"])
    with pytest.raises(IndicatorsInputError, match="at least 2"):
        xmr([1])
    with pytest.raises(IndicatorsInputError, match="baseline"):
        xmr([1, 2, 3], baseline=9)
    with pytest.raises(IndicatorsInputError, match="baseline"):
        xmr([1, 2, 3], baseline=[True, False, False])
    with pytest.raises(IndicatorsInputError, match="points"):
        false_alarm(points=0)


def test_a_series_that_never_varies_has_no_signal():
    chart = xmr([4, 4, 4, 4])
    assert signals(chart.z) == []
