"""Scores of counts against their definitions, summed without any closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qalqan.science.flashpoints.scoring.checks import ScoreInputError
from qalqan.science.flashpoints.scoring.counts import (
    Forecast,
    crps,
    distribution,
    log_score,
    mass,
    share_log_score,
)


def frozen(mean: float, dispersion: float):
    """The same distribution from scipy.stats, which our scores do not use."""
    if dispersion == 0:
        return stats.poisson(mean)
    return stats.nbinom(1 / dispersion, 1 / (1 + dispersion * mean))


@pytest.mark.parametrize("mean", [1e-4, 0.2, 1.0, 7.5, 60.0])
@pytest.mark.parametrize("dispersion", [0.0, 1e-6, 5e-5, 1e-4, 0.05, 0.5, 1.0, 4.0])
def test_crps_is_the_sum_of_squared_differences_of_distributions(mean, dispersion):
    values = np.arange(60_000 if dispersion > 1 else 6_000)
    below = frozen(mean, dispersion).cdf(values)
    for seen in (0, 1, 5, round(3 * mean)):
        expected = float(((below - (values >= seen)) ** 2).sum())
        assert crps(Forecast([mean], dispersion), [seen])[0] == pytest.approx(expected, rel=2e-6)


@pytest.mark.parametrize("dispersion", [0.0, 1e-5, 0.3, 2.0])
def test_log_score_and_distribution_equal_those_of_scipy(dispersion):
    for mean in (0.01, 1.0, 30.0):
        seen = np.array([0, 1, 2, 10, 50])
        forecast = Forecast(np.full(5, mean), dispersion)
        twin = frozen(mean, dispersion)
        np.testing.assert_allclose(
            log_score(forecast, seen), -twin.logpmf(seen), rtol=1e-8, atol=1e-8
        )
        np.testing.assert_allclose(distribution(forecast, seen), twin.cdf(seen), rtol=1e-9)
        np.testing.assert_allclose(mass(forecast, seen), twin.pmf(seen), rtol=1e-8, atol=1e-9)


def test_values_that_can_be_worked_out_by_hand():
    # Geometric distribution with mean 1: probabilities 1/2, 1/4, 1/8 ...
    geometric = Forecast([1.0], [1.0])
    assert log_score(geometric, [2])[0] == pytest.approx(math.log(8))
    # Sum over k of (1/2)^(2(k+1)), which is 1/3, for an observed 0.
    assert crps(geometric, [0])[0] == pytest.approx(1 / 3)


def test_a_certain_forecast_scores_its_distance():
    certain = Forecast([0.0, 0.0])
    assert crps(certain, [0, 4]).tolist() == [0.0, 4.0]
    assert log_score(certain, [0, 4]).tolist() == [0.0, math.inf]


@given(st.floats(0.05, 20), st.floats(0, 2), st.floats(0.05, 20), st.floats(0, 2))
def test_no_other_forecast_scores_better_than_the_truth_on_average(mean, spread, other, wide):
    values = np.arange(2_000)
    weight = mass(Forecast(np.full(2_000, mean), spread), values)
    truth = Forecast(np.full(2_000, mean), spread)
    wrong = Forecast(np.full(2_000, other), wide)
    for score in (log_score, crps):
        assert weight @ score(truth, values) <= weight @ score(wrong, values) + 1e-9


def test_the_score_of_a_map_ignores_its_total():
    seen = [1, 0, 3]
    one, ten = (
        share_log_score(Forecast([1, 2, 3]), seen),
        share_log_score(Forecast([10, 20, 30]), seen),
    )
    np.testing.assert_allclose(one, ten)
    assert one.sum() == pytest.approx(math.log(6) + 3 * math.log(2))


@pytest.mark.parametrize(
    ("mean", "dispersion", "seen", "word"),
    [
        ([-1.0], 0.0, [0], "mean: negative at 0"),
        ([1.0], [-0.1], [0], "dispersion: negative"),
        ([1.0, np.nan], 0.0, [0, 0], "mean: not finite at 1"),
        ([1.0, 1.0], [0.0, 0.0, 0.0], [0, 0], "does not match"),
        ([1.0], 0.0, [-1], "observed: negative"),
        ([1.0], 0.0, [0.5], "observed: no whole number"),
        ([1.0], 0.0, [0, 0], "does not match"),
        ([1.0], 0.0, ["many"], "observed: no array of numbers"),
    ],
)
def test_bad_input_is_named(mean, dispersion, seen, word):
    with pytest.raises(ScoreInputError, match=word):
        log_score(Forecast(mean, dispersion), seen)
