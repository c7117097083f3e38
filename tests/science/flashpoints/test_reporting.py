"""The check against the reporting rate: numbers by hand, coverage by simulation, bad input."""

import math

import numpy as np
import pytest

from qalqan.science.flashpoints.checks import ScanInputError
from qalqan.science.flashpoints.reporting import (
    LEAST_REPORTS,
    ReportingRise,
    left_over,
    new_share,
    reporting_rise,
)


def test_ratio_and_expectation_are_those_of_the_four_fold_table():
    # By hand: 30·400 / (40·100) = 3; elsewhere 100 of 500 came in the period: 40·100/400 = 10.
    rise = reporting_rise([10, 10, 20, 15, 15], [150, 150, 100, 50, 50], start=3, end=4)
    assert rise.ratio == pytest.approx(30 * 400 / (40 * 100))
    assert (rise.reports, rise.expected) == (30, pytest.approx(10.0))


def test_the_interval_is_woolfs_where_days_scatter_no_more_than_chance():
    # One day in each part: no degree of freedom is left, so the dispersion is 1.
    rise = reporting_rise([40, 30], [400, 100], start=1, end=1)
    half = 1.959963985 * math.sqrt(1 / 30 + 1 / 40 + 1 / 100 + 1 / 400)
    assert rise.dispersion == 1
    assert rise.low == pytest.approx(3 * math.exp(-half))
    assert rise.high == pytest.approx(3 * math.exp(half))
    assert rise.verdict == "rose"


def test_bursts_widen_the_interval_by_the_root_of_the_dispersion():
    smooth = reporting_rise([10] * 8, [40] * 8, start=6, end=7)
    bursts = reporting_rise([0, 20] * 4, [40] * 8, start=6, end=7)
    assert smooth.ratio == bursts.ratio == 1
    # By hand: shares 0 of 40 and 20 of 60 around 20 of 100; both days of a pair give 8 + 32/3 ...
    pair = 8**2 / (40 * 0.2 * 0.8) + 8**2 / (60 * 0.2 * 0.8)
    assert bursts.dispersion == pytest.approx(4 * pair / (1 + 5))
    wider = math.log(bursts.high) / math.log(smooth.high)
    assert wider == pytest.approx(math.sqrt(bursts.dispersion))


def test_a_day_on_which_everybody_reports_more_changes_nothing():
    calm = reporting_rise([5, 5, 5, 5], [20, 20, 20, 20], start=3, end=3)
    loud = reporting_rise([5, 5, 5, 50], [20, 20, 20, 200], start=3, end=3)
    assert calm.ratio == loud.ratio == 1


def test_fewer_reports_are_said_to_have_fallen():
    rise = reporting_rise([50, 50, 50, 5], [50, 50, 50, 50], start=3, end=3)
    assert rise.high < 1
    assert rise.verdict == "fell"


@pytest.mark.parametrize(
    ("inside", "outside"),
    [([0, 0, 0], [5, 5, 5]), ([1, 1, 2], [0, 0, 0]), ([1, 1, 2], [1, 1, 1])],
)
def test_too_little_is_said_and_no_conclusion_drawn(inside, outside):
    assert sum(inside) < LEAST_REPORTS
    assert reporting_rise(inside, outside, start=2, end=2).verdict == "not_enough"


def test_nothing_to_compare_with_gives_no_ratio():
    rise = reporting_rise([5, 5, 9], [0, 0, 0], start=2, end=2)
    assert math.isnan(rise.ratio)
    assert rise.verdict == "not_enough"


def test_an_empty_corner_of_the_table_still_gives_a_finite_interval():
    # Haldane and Anscombe: one half is added to each of 20, 0, 30, 60.
    rise = reporting_rise([0, 0, 20], [30, 30, 30], start=2, end=2)
    assert rise.ratio == pytest.approx(20.5 * 60.5 / (0.5 * 30.5))
    assert 1 < rise.low < rise.ratio < rise.high < math.inf


@pytest.mark.parametrize("burst", [0.0, 0.5])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(burst):
    rng = np.random.default_rng(20260302)
    truth, held, rounds = 1.5, 0, 600
    for _ in range(rounds):
        share = np.full(60, 0.2)
        odds = share / (1 - share)
        odds[-14:] *= truth
        if burst:
            odds = odds * rng.lognormal(0, burst, 60)
        inside = rng.binomial(40, odds / (1 + odds))
        rise = reporting_rise(inside, 40 - inside, start=46, end=59)
        held += rise.low <= truth <= rise.high
    # 95 % with three standard errors either side, and a point for the approximation.
    slack = 3 * math.sqrt(0.95 * 0.05 / rounds) + 0.01
    assert abs(held / rounds - 0.95) < slack


def test_what_is_left_adds_up_the_variances():
    rise = ReportingRise(2.0, 1.0, 4.0, 20, 10.0, 1.0, "no_sign")
    ratio, low, high = left_over((6.0, 3.0, 12.0), rise)
    # Both logarithms have half a width of log 2; together √2 times that.
    assert ratio == pytest.approx(3)
    assert high / ratio == pytest.approx(2 ** math.sqrt(2))
    assert ratio / low == pytest.approx(2 ** math.sqrt(2))


def test_wilsons_interval_is_the_published_one():
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3: 81/263 and 15/148.
    assert [round(v, 4) for v in new_share(81, 263)[1:]] == [0.2553, 0.3662]
    assert [round(v, 4) for v in new_share(15, 148)[1:]] == [0.0624, 0.1605]


@pytest.mark.parametrize(
    ("inside", "outside", "start", "end", "words"),
    [
        ([1, 2], [1], 0, 0, "2 days inside"),
        ([1, -1], [1, 1], 0, 0, "none negative"),
        ([1, 1.5], [1, 1], 0, 0, "whole numbers"),
        ([1, 1], [1, 1], 1, 2, "do not lie"),
        ([1, 1], [1, 1], 1, 0, "do not lie"),
        ([], [], 0, 0, "list of days"),
    ],
)
def test_bad_input_is_named(inside, outside, start, end, words):
    with pytest.raises(ScanInputError, match=words):
        reporting_rise(inside, outside, start=start, end=end)


def test_more_new_sources_than_sources_is_refused():
    with pytest.raises(ScanInputError, match="3 of 2"):
        new_share(3, 2)


def test_an_endless_risk_has_nothing_left_over():
    rise = ReportingRise(2.0, 1.0, 4.0, 20, 10.0, 1.0, "no_sign")
    with pytest.raises(ScanInputError, match="not above 0 and finite"):
        left_over((math.inf, 3.0, math.inf), rise)
