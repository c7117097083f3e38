"""Surveillance day by day: by hand, and with real scans of drawn data."""

from __future__ import annotations

import numpy as np
import pytest

from qalqan.science.flashpoints.scan import scan_permutation
from qalqan.science.flashpoints.scoring.checks import ScoreInputError
from qalqan.science.flashpoints.scoring.surveillance import (
    DailyResult,
    alert_days,
    detection,
    false_alerts,
    rejection_rate,
    run_daily,
)
from qalqan.science.flashpoints.zones import circular_zones

PLACES = [[x, y] for x in range(5) for y in range(5)]


def scan(known, seed):
    zones = circular_zones(PLACES, population=known.sum(axis=1), max_radius=1.5)
    return scan_permutation(
        known, zones, seed=seed, prospective=True, replicates=199, max_duration=3
    )


def quiet_cases(seed, periods=16):
    return np.random.default_rng(seed).poisson(1.0, (25, periods))


def run(*intervals, members=frozenset({1})):
    return [DailyResult(day, value, members) for day, value in enumerate(intervals)]


def test_rejections_by_hand():
    # 3 of 1,000 at 0.1 %: exact interval from tables of Clopper and Pearson.
    found = rejection_rate([0.001] * 3 + [0.5] * 997, alpha=0.001)
    assert found.value == pytest.approx(0.003)
    assert (round(found.low, 5), round(found.high, 5)) == (0.00062, 0.00874)
    assert rejection_rate([0.5]).low == 0
    assert rejection_rate([0.01]).high == 1


def test_a_p_value_that_is_exactly_alpha_counts():
    assert rejection_rate([50 / 1000, 5 / 100, 1 / 20]).hits == 3


def test_alerts_next_to_each_other_are_one_only_if_they_share_an_area():
    days = [
        DailyResult(0, 400, frozenset({1, 2})),
        DailyResult(1, 400, frozenset({2, 3})),
        DailyResult(2, 400, frozenset({9})),
        DailyResult(3, 400, frozenset({3})),
        DailyResult(9, 400, frozenset({3})),
    ]
    assert [day.day for day in alert_days(days, threshold=365, quiet=2)] == [0, 2, 9]
    assert len(alert_days(days, threshold=401)) == 0


def test_no_alert_at_all_still_has_an_upper_end():
    rate = false_alerts([run(*[1.0] * 365)], threshold=365, periods_per_year=365)
    assert rate.per_year == 0
    # The rule of three: upper end of nothing seen is -ln(0.025) a year.
    assert rate.high == pytest.approx(3.6889, abs=1e-4)


def test_only_the_right_area_from_the_onset_on_is_a_detection():
    early = run(500, 500, 1, 1)
    right = run(1, 1, 1, 500)
    wrong = run(1, 1, 500, 500, members=frozenset({8}))
    found = detection([early, right, wrong], onset=2, areas={1}, threshold=365)
    assert found.days == (None, 1, None)
    assert found.median == float("inf")
    assert found.within(1).hits == 1
    assert found.within(0).hits == 0


def test_a_planted_outbreak_is_found_soon_and_the_same_by_the_same_seed():
    cases = quiet_cases(3)
    cases[12, 13:] += 12
    days = run_daily(cases, scan, first=11, seed=5)
    assert [day.day for day in days] == [11, 12, 13, 14, 15]
    assert detection([days], onset=13, areas={12}, threshold=200).days == (0,)
    assert days == run_daily(cases, scan, first=11, seed=5)


def test_a_day_sees_nothing_of_the_days_after():
    cases = quiet_cases(4)
    changed = cases.copy()
    changed[:, 14:] = 0
    one, two = (run_daily(table, scan, first=12, seed=1) for table in (cases, changed))
    assert one[:2] == two[:2]


def test_at_a_recurrence_of_twenty_days_one_day_in_twenty_alerts():
    days = [
        day
        for seed in range(12)
        for day in run_daily(quiet_cases(seed, 24), scan, first=12, seed=seed)
    ]
    share = sum(day.recurrence_interval >= 20 for day in days) / len(days)
    # 144 days, neighbours not independent: four binomial standard errors, doubled.
    assert share == pytest.approx(0.05, abs=0.11)


def test_an_empty_map_gives_no_alert():
    days = run_daily(np.zeros((25, 8), int), scan, first=6, seed=1)
    assert [day.recurrence_interval for day in days] == [0.0, 0.0]


@pytest.mark.parametrize(
    "call",
    [
        lambda: rejection_rate([]),
        lambda: rejection_rate([1.5]),
        lambda: rejection_rate([0.5], alpha=5),
        lambda: run_daily(np.zeros((25, 8), int), scan, first=8, seed=1),
        lambda: alert_days([], threshold=0),
        lambda: false_alerts([], threshold=365, periods_per_year=365),
        lambda: detection([run(1.0)], onset=0, areas=[], threshold=365),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(ScoreInputError):
        call()
