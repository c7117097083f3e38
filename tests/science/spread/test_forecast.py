"""Forecasts of copies: distribution, fit and intervals against scipy and simulated claims."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import check_grad
from scipy.stats import nbinom

from qalqan.science.spread import forecast_model
from qalqan.science.spread.forecast import (
    DEFAULT_COPIES_MODEL,
    alarms,
    expected_further_copies,
    forecast_copies,
    moments,
)
from qalqan.science.spread.forecast_model import START, HorizonModel, fit_copies_model, past_of

TABLES = st.lists(
    st.lists(st.integers(0, 60), min_size=30, max_size=30), min_size=1, max_size=5
).map(lambda rows: np.array(rows, dtype=np.int64))


def slowly(model, row):
    """Mean and size of one claim by the formula of the docstring."""
    n = len(row)
    first = next((k for k, copies in enumerate(row) if copies), n)
    age = min(max(n - first, 1), 168)
    lags = [(0, 1), (1, 3), (3, 6), (6, 12), (12, 24), (24, 72), (72, 168)]
    counts = [sum(row[max(n - b, 0) : max(n - a, 0)]) for a, b in lags]
    lead = np.exp(model.base) + sum(
        np.exp(w) * c for w, c in zip(model.weights, counts, strict=True)
    )
    drift = 0.0
    if age >= 6:
        drift = np.clip(np.log((counts[0] + counts[1] + 1) / (counts[2] + 1)), -2, 2)
    recent = sum(counts[:5])
    log_mean = model.power * np.log(lead) + model.drift * drift + model.age * np.log(age / 24)
    log_mean += model.quiet * (recent == 0)
    a, b, c = model.spread
    return np.exp(log_mean), np.exp(a + b * log_mean + c * np.log(1 + recent))


@given(TABLES)
def test_the_forecast_follows_its_formula(table):
    found = forecast_copies(table)
    for i, row in enumerate(table.tolist()):
        largest = 0.0
        for k, model in enumerate(DEFAULT_COPIES_MODEL.horizons):
            mean, size = slowly(model, row)
            largest = max(largest, mean)
            assert found.mean[i, k] == pytest.approx(largest)
            assert found.size[i, k] == pytest.approx(size)
    np.testing.assert_allclose(expected_further_copies(table, 1), found.mean[:, 0])


@given(TABLES, st.integers(1, 200))
def test_chances_and_quantiles_are_those_of_scipy(table, copies):
    found = forecast_copies(table)
    law = nbinom(found.size, found.size / (found.size + found.mean))
    np.testing.assert_allclose(found.prob_at_least(copies), law.sf(copies - 1), atol=1e-9)
    np.testing.assert_array_equal(found.median, law.ppf(0.5))
    np.testing.assert_allclose(found.sd, law.std())
    middle = lambda x: (law.cdf(x) + law.cdf(x - 1)) / 2  # noqa: E731
    assert (middle(found.low) >= 0.025 - 1e-12).all()
    assert (found.low <= found.high).all()
    from_zero = found.low == 0
    share = np.where(from_zero, 0.95, 0.975)
    inner = found.high > found.low
    assert (middle(found.high)[inner] <= share[inner] + 1e-9).all()
    assert (middle(found.high + 1) > share - 1e-9).all()


def test_a_longer_past_than_a_week_changes_nothing():
    rng = np.random.default_rng(1)
    table = rng.poisson(0.4, (20, 400))
    short = forecast_copies(table[:, -168:], age_hours=np.full(20, 400))
    np.testing.assert_array_equal(forecast_copies(table).mean, short.mean)


def test_horizons_between_the_fitted_ones_lie_between_them():
    table = np.random.default_rng(2).poisson(1.0, (30, 100))
    found = forecast_copies(table, (6, 9, 12, 18, 24))
    assert (np.diff(found.mean, axis=1) >= 0).all()
    assert (found.mean[:, 4] > found.mean[:, 0]).all()


def test_the_gradient_of_the_fit_is_that_of_differences():
    rng = np.random.default_rng(3)
    past = past_of(rng.poisson(0.7, (40, 168)) * (rng.random((40, 1)) < 0.8))
    y, weights = rng.poisson(5.0, 40).astype(float), np.full(40, 1 / 40)
    start = START.vector()

    def value(p):
        return forecast_model._loss(p, past, y, weights, start)[0]

    def slope(p):
        return forecast_model._loss(p, past, y, weights, start)[1]

    for _ in range(5):
        assert check_grad(value, slope, start + rng.normal(0, 0.2, len(start))) < 1e-5


def simulated(n, seed):
    """Claims whose next day follows a known negative binomial law of their last day."""
    rng = np.random.default_rng(seed)
    table = rng.poisson(rng.gamma(0.5, 2.0, (n, 1)), (n, 48))
    mean = 0.5 + 0.8 * table[:, -24:].sum(axis=1)
    return table, rng.negative_binomial(3.0, 3.0 / (3.0 + mean))[:, None]


def test_a_fit_finds_the_law_that_made_the_copies_and_its_intervals_hold():
    table, after = simulated(4000, 4)
    model = fit_copies_model(table, after, horizons=(24,))
    assert model.origins == 4000
    fresh, truth = simulated(4000, 5)
    found = forecast_copies(fresh, (24,), model=model)
    busy = fresh[:, -24:].sum(axis=1) > 5
    expected = 0.5 + 0.8 * fresh[busy, -24:].sum(axis=1)
    assert np.median(np.abs(found.mean[busy, 0] / expected - 1)) < 0.1
    covered = (truth >= found.low) & (truth <= found.high)
    assert 0.93 < covered[busy].mean() < 0.97


def test_moments_stand_where_the_future_is_known():
    table = np.zeros((2, 40), dtype=int)
    table[0, 5:20] = 1
    before, further, age = moments(table, horizons=(1, 6), ages=(1, 10, 34))
    assert age.tolist() == [1, 10]
    assert further.tolist() == [[1, 6], [1, 5]]
    assert before.sum(axis=1).tolist() == [1, 10]
    assert before[:, -1].tolist() == [1, 1]


def test_an_alarm_names_copies_hours_and_chance():
    table = np.zeros((2, 48), dtype=int)
    table[0, -5:] = [5, 10, 20, 40, 80]
    found = forecast_copies(table)
    alarm = alarms(found, more=100, probability=0.5)
    assert alarm.raised.tolist() == [True, False]
    assert alarm.hours == 24
    np.testing.assert_array_equal(alarm.chance, found.prob_at_least(100)[:, 2])
    assert alarms(found, more=10**6, probability=0.5, hours=6).raised.tolist() == [False, False]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda t: forecast_copies(t[0]), "claims as rows"),
        (lambda t: forecast_copies(-t - 1), "not be negative"),
        (lambda t: forecast_copies(t, (24, 6)), "ascending"),
        (lambda t: forecast_copies(t, ()), "ascending"),
        (lambda t: forecast_copies(t, (48,)), "from 1 to 24"),
        (lambda t: forecast_copies(t, level=1.0), "level"),
        (lambda t: alarms(forecast_copies(t), more=0, probability=0.5), "at least one copy"),
        (lambda t: alarms(forecast_copies(t), more=5, probability=0.5, hours=12), "12 hours"),
        (lambda t: fit_copies_model(t, t[:, :3]), "too few"),
        (lambda t: fit_copies_model(np.ones((200, 9)), np.ones((200, 2))), "one column"),
    ],
)
def test_what_cannot_be_forecast_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call(np.ones((3, 24), dtype=np.int64))


def test_a_model_survives_its_vector():
    model = DEFAULT_COPIES_MODEL.horizons[1]
    assert HorizonModel.of(6, model.vector()) == model


def test_no_claims_is_no_error():
    assert forecast_copies(np.zeros((0, 24), dtype=int)).mean.shape == (0, 3)
