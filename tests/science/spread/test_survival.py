"""Times until an end, checked against published figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qalqan.errors import InputError
from qalqan.science.spread.survival import (
    band,
    before_after,
    kaplan_meier,
    suppress_small,
    time_quantile,
)

# Freireich et al. 1963, Blood 21:699-716: weeks in remission of 42 children with leukaemia; the
# data and the estimates below are in Kleinbaum and Klein, Survival Analysis, ch. 2, and in Cox and
# Oakes 1984, table 1.1.
SIX_MP = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
SIX_MP_ENDED = [True] * 9 + [False] * 12
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
# Miller 1981; printed by `survfit` of the R package survival (Therneau) in its documentation.
AML_KEPT = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]
AML_KEPT_ENDED = [True, True, False, True, True, False, True, True, False, True, False]
AML_NOT = [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
AML_NOT_ENDED = [True] * 5 + [False] + [True] * 6


def at(curve, week):
    return int(np.flatnonzero(curve.time == week)[0])


def test_remission_under_6_mp_as_published():
    curve = kaplan_meier(SIX_MP, SIX_MP_ENDED)
    published = {
        6: (21, 3, 0.857, 0.0764),
        7: (17, 1, 0.807, 0.0869),
        10: (15, 1, 0.753, 0.0963),
        13: (12, 1, 0.690, 0.1068),
        16: (11, 1, 0.627, 0.1141),
        22: (7, 1, 0.538, 0.1282),
        23: (6, 1, 0.448, 0.1346),
    }
    for week, (risk, events, share, error) in published.items():
        i = at(curve, week)
        assert (curve.at_risk[i], curve.events[i]) == (risk, events)
        assert curve.survival[i] == pytest.approx(share, abs=0.0006)
        deviation = curve.survival[i] * np.sqrt(curve.greenwood[i])
        assert deviation == pytest.approx(error, abs=0.00006)


def test_medians_of_both_arms_as_published():
    treated = time_quantile(kaplan_meier(SIX_MP, SIX_MP_ENDED), 0.5)
    assert (treated.time, treated.low, treated.high) == (23, 13, None)
    control = time_quantile(kaplan_meier(PLACEBO, [True] * 21), 0.5)
    assert (control.time, control.low, control.high) == (8, 4, 11)


def test_medians_on_the_log_scale_as_published():
    kept = time_quantile(kaplan_meier(AML_KEPT, AML_KEPT_ENDED), 0.5, transform="log")
    assert (kept.time, kept.low, kept.high) == (31, 18, None)
    other = time_quantile(kaplan_meier(AML_NOT, AML_NOT_ENDED), 0.5, transform="log")
    assert (other.time, other.low, other.high) == (23, 8, None)


def test_a_level_stretch_at_the_half_gives_its_middle():
    curve = kaplan_meier([1, 2, 5, 6], [True] * 4)
    assert time_quantile(curve, 0.5).time == 3.5


def test_what_nobody_ended_has_no_quantile():
    found = time_quantile(kaplan_meier([3, 4], [False, False]), 0.9)
    assert (found.time, found.low, found.high) == (None, None, None)


def test_nothing_at_all_is_an_empty_curve():
    curve = kaplan_meier([], [])
    assert curve.count == curve.ended == len(curve.time) == 0
    assert time_quantile(curve, 0.5).time is None


@pytest.mark.parametrize("times", [[-1.0], [np.nan], [np.inf]])
def test_a_time_that_cannot_be_is_refused(times):
    with pytest.raises(InputError):
        kaplan_meier(times, [True])


def test_lists_of_different_length_are_refused():
    with pytest.raises(InputError):
        kaplan_meier([1, 2], [True])


ROWS = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


@given(ROWS)
def test_without_open_ones_it_is_the_share_that_lasts_longer(rows):
    times = np.array([t for t, _ended in rows])
    curve = kaplan_meier(times, np.ones(len(times), bool))
    plain = [(times > t).mean() for t in curve.time]
    assert curve.survival == pytest.approx(plain)


@given(ROWS)
def test_the_curve_falls_and_lies_in_its_band(rows):
    curve = kaplan_meier([t for t, _ in rows], [e for _, e in rows])
    assert (np.diff(curve.survival) <= 1e-12).all()
    low, high = band(curve)
    known = ~np.isnan(low)
    assert (low[known] <= curve.survival[known] + 1e-12).all()
    assert (high[known] >= curve.survival[known] - 1e-12).all()


@given(ROWS)
def test_calling_open_ones_ended_never_makes_it_slower(rows):
    times = [t for t, _ in rows]
    honest = kaplan_meier(times, [e for _, e in rows]).survival
    flattering = kaplan_meier(times, [True] * len(rows)).survival
    assert (honest >= flattering - 1e-12).all()


def test_the_interval_of_the_median_covers():
    rng = np.random.default_rng(7)
    held, reached = 0, 0
    for _ in range(400):
        true, last = rng.exponential(10, 60), rng.uniform(5, 40, 60)
        curve = kaplan_meier(np.minimum(true, last), true <= last)
        found = time_quantile(curve, 0.5)
        if found.low is not None:
            reached += 1
            high = np.inf if found.high is None else found.high
            held += found.low <= 10 * np.log(2) <= high
    assert reached == 400
    assert 0.92 <= held / reached <= 0.985


def test_before_and_after_covers_the_ratio():
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        level = rng.gamma(2, 5, 60)
        found = before_after(
            rng.poisson(level * 3), rng.poisson(level * 0.4 * 2), [3] * 60, [2] * 60,
            rng=rng, draws=400,
        )  # fmt: skip
        low, high = found.ratio_interval
        held += low <= 0.4 <= high
    assert 0.90 <= held / 200 <= 0.99


def test_few_claims_are_not_compared():
    rng = np.random.default_rng(0)
    assert before_after([1] * 7, [1] * 7, [1] * 7, [1] * 7, rng=rng) is None


def test_a_side_without_time_is_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(InputError):
        before_after([1] * 9, [1] * 9, [0] * 9, [1] * 9, rng=rng)


def test_nothing_before_gives_no_ratio():
    found = before_after([0] * 9, [1] * 9, [1] * 9, [1] * 9, rng=np.random.default_rng(0))
    assert found.ratio is None
    assert found.ratio_interval is None


@given(st.lists(st.integers(0, 50), max_size=8))
def test_no_hidden_group_can_be_had_by_subtraction(counts):
    hidden = suppress_small(counts, least=10)
    assert all(hidden[i] for i, count in enumerate(counts) if 0 < count < 10)
    known = [count for count in counts if count]
    assert sum(hidden) != 1 or len(known) == 1
