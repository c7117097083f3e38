"""The exponential Hawkes process: plain twin, derivatives, simulation, refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qalqan.science.flashpoints.selfexciting.checks import EventInputError
from qalqan.science.flashpoints.selfexciting.exponential import (
    fit_exponential,
    integrated_rate,
    log_likelihood,
    simulate_exponential,
)
from qalqan.science.flashpoints.selfexciting.goodness import rescaling_test


def slow_rate(t, times, mu, alpha, beta):
    return mu + sum(alpha * beta * math.exp(-beta * (t - s)) for s in times if s < t)


def slow_log_likelihood(times, horizon, mu, alpha, beta):
    """Add up every pair."""
    logs = sum(math.log(slow_rate(t, times, mu, alpha, beta)) for t in times)
    grown = sum(1 - math.exp(-beta * (horizon - t)) for t in times)
    return logs - mu * horizon - alpha * grown


@pytest.fixture(scope="module")
def times() -> np.ndarray:
    return simulate_exponential(0.7, 0.5, 1.5, 60.0, rng=np.random.default_rng(11))


@pytest.mark.parametrize("tied", [False, True])
def test_log_likelihood_equals_the_sum_over_all_pairs(times, tied) -> None:
    values = np.floor(times) if tied else times
    if tied:
        assert np.any(np.diff(values) == 0)
    ours = log_likelihood(values, 60.0, 0.6, 0.4, 1.2)[0]
    assert ours == pytest.approx(slow_log_likelihood(list(values), 60.0, 0.6, 0.4, 1.2), abs=1e-9)


@pytest.mark.parametrize("tied", [False, True])
def test_derivatives_equal_finite_differences(times, tied) -> None:
    values = np.floor(times) if tied else times
    where, step = np.array([0.6, 0.4, 1.2]), 1e-5
    _, gradient, hessian = log_likelihood(values, 60.0, *where)
    for k in range(3):
        shift = step * np.eye(3)[k]
        up, down = (log_likelihood(values, 60.0, *(where + s)) for s in (shift, -shift))
        assert gradient[k] == pytest.approx((up[0] - down[0]) / (2 * step), rel=1e-6)
        np.testing.assert_allclose(hessian[k], (up[1] - down[1]) / (2 * step), rtol=1e-5, atol=1e-6)


def test_the_gradient_vanishes_at_the_maximum(times) -> None:
    fit = fit_exponential(times, 60.0)
    gradient = log_likelihood(times, 60.0, fit.mu, fit.alpha, fit.beta)[1]
    np.testing.assert_allclose(gradient * [fit.mu, fit.alpha, fit.beta], 0, atol=1e-4)


def test_nothing_nearby_is_likelier(times) -> None:
    fit = fit_exponential(times, 60.0)
    rng = np.random.default_rng(1)
    for _ in range(200):
        near = np.array([fit.mu, fit.alpha, fit.beta]) * np.exp(rng.normal(0, 0.3, 3))
        assert log_likelihood(times, 60.0, *near)[0] <= fit.log_likelihood + 1e-9


def test_another_unit_of_time_changes_the_rates_alone(times) -> None:
    hours, days = fit_exponential(times, 60.0), fit_exponential(times / 24, 60.0 / 24)
    assert days.alpha == pytest.approx(hours.alpha, rel=1e-4)
    assert days.mu == pytest.approx(24 * hours.mu, rel=1e-4)
    assert days.beta == pytest.approx(24 * hours.beta, rel=1e-4)


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    truth, covered, runs = np.array([0.5, 0.6, 2.0]), np.zeros(3), 200
    rng = np.random.default_rng(20261121)
    for _ in range(runs):
        fit = fit_exponential(simulate_exponential(*truth, 1500.0, rng=rng), 1500.0)
        limits = fit.intervals()
        covered += (limits[:, 0] <= truth) & (truth <= limits[:, 1])
    assert np.all(covered / runs >= 0.90)
    assert np.all(covered / runs <= 0.99)


def test_the_integrated_rate_equals_its_sum_over_pairs(times) -> None:
    ours = integrated_rate(times, 60.0, 0.6, 0.4, 1.2)
    for i in (0, 7, len(times) - 1):
        past = times[:i]
        plain = 0.6 * times[i] + 0.4 * np.sum(1 - np.exp(-1.2 * (times[i] - past)))
        assert ours[i] == pytest.approx(plain, abs=1e-9)


def test_rescaled_times_tell_the_right_model_from_a_wrong_one() -> None:
    times = simulate_exponential(0.5, 0.6, 2.0, 4000.0, rng=np.random.default_rng(8))
    fit = fit_exponential(times, 4000.0)
    right = integrated_rate(times, 4000.0, fit.mu, fit.alpha, fit.beta)
    poisson = integrated_rate(times, 4000.0, times.size / 4000.0, 1e-9, 1.0)
    assert rescaling_test(right).p_value > 0.05
    assert rescaling_test(poisson).p_value < 1e-10


def test_without_echo_the_likelihood_gains_next_to_nothing() -> None:
    """Twice the gain over an even rate stays below the 99.9 % point of chi² with two degrees."""
    times = np.sort(np.random.default_rng(2).uniform(0, 1000, 1000))
    even = -1000.0
    assert 0 <= 2 * (fit_exponential(times, 1000.0).log_likelihood - even) < 13.8


def test_the_simulation_is_as_frequent_as_theory_says() -> None:
    """The mean rate is mu / (1 - alpha), less what the empty past costs (Hawkes 1971, eq. 9)."""
    counts = [
        simulate_exponential(1.0, 0.5, 4.0, 500.0, rng=np.random.default_rng(seed)).size
        for seed in range(100)
    ]
    expected = 1.0 * 500 / 0.5
    error = math.sqrt(1.0 * 500 / 0.5**3) / 10
    assert abs(np.mean(counts) - expected) < 4 * error


@pytest.mark.parametrize(
    ("times", "horizon", "words"),
    [
        ([], 1.0, "with an event"),
        ([1.0, 0.5], 2.0, r"not in order \(at 1, from 0\)"),
        ([0.5, 3.0], 2.0, "outside the period"),
        ([0.5, float("nan")], 2.0, r"not finite \(at 1, from 0\)"),
        (["x"], 2.0, "no array of numbers"),
        ([0.5, 0.6], 2.0, "ten are the least"),
        ([0.5] * 12, -1.0, "horizon must be above 0"),
    ],
)
def test_bad_events_are_named(times, horizon, words) -> None:
    with pytest.raises(EventInputError, match=words) as caught:
        fit_exponential(times, horizon)
    assert caught.value.code == "events.invalid_input"


def test_an_explosive_process_is_not_simulated() -> None:
    with pytest.raises(EventInputError, match="never end"):
        simulate_exponential(1.0, 1.0, 1.0, 10.0, rng=np.random.default_rng(1))


def test_parameters_must_be_positive() -> None:
    with pytest.raises(EventInputError, match="the alpha must be above 0"):
        log_likelihood([1.0], 2.0, 1.0, 0.0, 1.0)
