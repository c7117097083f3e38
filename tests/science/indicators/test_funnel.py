"""Funnel plots: limits, over-dispersion, random effects.

Spiegelhalter 2005 prints no table of limits, so the limits are checked against the algebra of his
appendix A.1 and against tables of the binomial and Poisson distributions.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.science.indicators.checks import IndicatorsInputError
from qalqan.science.indicators.funnel import exact_limits, funnel, widened_limits, winsorised


def binomial_below(number: int, share: float, most: int) -> float:
    """Return P(R ≤ most), summed term by term."""
    return math.fsum(
        math.comb(number, k) * share**k * (1 - share) ** (number - k) for k in range(most + 1)
    )


def poisson_below(mean: float, most: int) -> float:
    """Return P(R ≤ most), summed term by term."""
    return math.fsum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(most + 1))


def interpolated(below, at: float) -> float:
    """Return the distribution between whole counts, drawn straight."""
    lower = math.floor(at)
    first = below(lower) if lower >= 0 else 0.0
    return first + (at - lower) * (below(lower + 1) - first)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 80), st.floats(0.1, 0.9), st.sampled_from([0.9, 0.95, 0.998]))
def test_at_a_limit_the_interpolated_binomial_has_exactly_the_tail(number, share, level):
    found = exact_limits(share, [number], kind="share", level=level)
    for limit, tail in ((found.low[0], (1 - level) / 2), (found.high[0], (1 + level) / 2)):
        if 0 < limit < 1:
            at = interpolated(lambda k: binomial_below(number, share, k), limit * number)
            assert at == pytest.approx(tail, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.5, 40), st.sampled_from([0.95, 0.998]))
def test_at_a_limit_the_interpolated_poisson_has_exactly_the_tail(mean, level):
    found = exact_limits(0.02, [mean / 0.02], kind="rate", level=level)
    for limit, tail in ((found.low[0], (1 - level) / 2), (found.high[0], (1 + level) / 2)):
        if limit > 0:
            at = interpolated(lambda k: poisson_below(mean, k), limit * mean / 0.02)
            assert at == pytest.approx(tail, abs=1e-9)


def test_limits_narrow_with_size_and_stay_within_what_a_share_can_be():
    found = exact_limits(0.1, [1, 5, 20, 100, 1000], kind="share", level=0.998)
    assert found.low.min() >= 0
    assert found.high.max() <= 1
    assert (np.diff(found.high - found.low)[1:] < 0).all()


def test_equal_units_are_outside_as_rarely_as_the_level_says():
    rng = np.random.default_rng(1)
    size = np.full(4000, 200)
    found = funnel(rng.binomial(200, 0.3, 4000), size, kind="share", target=0.3)
    assert not found.is_overdispersed
    assert found.tau2 == 0
    assert found.outside(0.95).mean() == pytest.approx(0.05, abs=0.012)


def test_the_spread_between_units_is_found_again():
    rng = np.random.default_rng(2)
    true = rng.normal(0.4, 0.05, 3000)
    size = rng.integers(150, 400, 3000)
    found = funnel(rng.binomial(size, true), size, kind="share", target=0.4, winsorise=0.0)
    assert found.is_overdispersed
    assert math.sqrt(found.tau2) == pytest.approx(0.05, rel=0.06)
    assert found.outside(0.95).mean() == pytest.approx(0.05, abs=0.012)


def test_moments_against_the_formula_by_hand():
    # Four units, target 0.5: variances 0.25/n; z = ±0.2/√(0.25/100) = ±4.
    found = funnel([70, 30, 70, 30], [100] * 4, kind="share", winsorise=0.0)
    assert found.phi == pytest.approx(16)
    # (4·16 − 3) / (4·400 − 400) with weights 400 each.
    assert found.tau2 == pytest.approx(61 / 1200)
    limits = widened_limits(0.5, [100], kind="share", tau2=found.tau2)
    assert limits.high[0] == pytest.approx(0.5 + 1.959964 * math.sqrt(0.0025 + 61 / 1200))


def test_one_outlier_does_not_make_all_units_look_dispersed():
    z = np.concatenate([np.random.default_rng(3).standard_normal(99), [40.0]])
    assert np.mean(z**2) > 15
    assert np.mean(winsorised(z) ** 2) < 1.2


@pytest.mark.parametrize(
    ("counts", "out_of", "target", "words"),
    [
        ([1, 2], [3], None, "same length"),
        ([4], [3], None, "exceeds"),
        ([-1], [3], None, "negative"),
        ([1], [0], None, "not above 0"),
        ([1], [3], 1.5, "between 0 and 1"),
        ([0], [3], None, "between 0 and 1"),
        ([], [], None, "at least 1"),
        (["a"], [3], None, "must be numbers"),
        ([float("inf")], [3], None, "no number in row 0"),
    ],
)
def test_what_is_no_count_is_refused(counts, out_of, target, words):
    with pytest.raises(IndicatorsInputError, match=words):
        funnel(counts, out_of, kind="share", target=target)
