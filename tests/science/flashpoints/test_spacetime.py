"""The self-exciting process in space and time: twins, derivatives, recovery, edges, refusals."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy import integrate, special

from qalqan.science.flashpoints.selfexciting._region_kernels import mass_inside
from qalqan.science.flashpoints.selfexciting._shapes import exponentials
from qalqan.science.flashpoints.selfexciting.band import Settings, branching_band
from qalqan.science.flashpoints.selfexciting.checks import EventInputError
from qalqan.science.flashpoints.selfexciting.goodness import rescaled_times, rescaling_test
from qalqan.science.flashpoints.selfexciting.region import polygon, rectangle
from qalqan.science.flashpoints.selfexciting.simulate import simulate_space_time
from qalqan.science.flashpoints.selfexciting.spacetime import (
    Model,
    fit_space_time,
    log_likelihood,
    prepare,
)

SQUARE = rectangle(0, 0, 4, 4)
MODELS = [
    Model(3.0, 0.5, time=0.8, space=0.2, max_lag=6.0, max_distance=0.9),
    Model(
        3.0, 0.5, time=0.5, space=0.1, max_lag=6.0, max_distance=0.9, time_shape="omori",
        space_shape="power", time_power=0.7, space_power=1.3,
    ),
]  # fmt: skip


@cache
def whole_in_time(model):
    return integrate.quad(lambda t: raw_in_time(model, t), 0, model.max_lag, epsabs=1e-12)[0]


@cache
def whole_in_space(model):
    return integrate.quad(
        lambda r: 2 * math.pi * r * raw_in_space(model, r), 0, model.max_distance, epsabs=1e-12
    )[0]


def raw_in_time(model, t):
    if model.time_shape == "exponential":
        return math.exp(-model.time * t)
    return (1 + t / model.time) ** -(1 + model.time_power)


def raw_in_space(model, r):
    if model.space_shape == "gaussian":
        return math.exp(-0.5 * (r / model.space) ** 2)
    return (1 + (r / model.space) ** 2) ** -(1 + model.space_power)


def time_density(model, lag):
    """Return the density of a lag from its formula, scaled by numerical integration."""
    return raw_in_time(model, lag) / whole_in_time(model) if lag <= model.max_lag else 0.0


def space_density(model, distance):
    inside = distance <= model.max_distance
    return raw_in_space(model, distance) / whole_in_space(model) if inside else 0.0


def share_in_square(model, x, y, side=4.0):
    """Integrate the kernel over the square strip by strip."""
    reach = model.max_distance

    def strip(u):
        half = math.sqrt(max(reach**2 - u**2, 0.0))
        low, high = max(-half, -y), min(half, side - y)
        if low >= high:
            return 0.0
        return integrate.quad(lambda v: space_density(model, math.hypot(u, v)), low, high)[0]

    return integrate.quad(strip, max(-reach, -x), min(reach, side - x), limit=80)[0]


def slow_log_likelihood(times, points, density, model, horizon, shares):
    total = -model.mu * horizon
    for i, t in enumerate(times):
        rate = model.mu * density[i]
        for j, s in enumerate(times):
            gap = math.dist(points[i], points[j])
            if s < t and t - s <= model.max_lag and gap <= model.max_distance:
                rate += model.alpha * time_density(model, t - s) * space_density(model, gap)
        total += math.log(rate)
        upper = min(horizon - t, model.max_lag)
        lasted = integrate.quad(lambda lag: time_density(model, lag), 0, upper)[0]
        total -= model.alpha * lasted * shares[i]
    return total


@pytest.fixture(scope="module")
def events() -> tuple[np.ndarray, np.ndarray]:
    """Forty events, some at the same instant, some near the edge."""
    times, points, _ = simulate_space_time(MODELS[0], SQUARE, 6.0, rng=np.random.default_rng(5))
    times = times.copy()
    times[3] = times[2]
    return times[:25], points[:25]


@pytest.mark.parametrize("model", MODELS, ids=["exponential", "power"])
def test_log_likelihood_equals_its_twin(events, model) -> None:
    times, points = events
    density = np.linspace(0.03, 0.09, times.size)
    near = SQUARE.distance_to_boundary(points) < model.max_distance
    shares = [
        share_in_square(model, x, y) if edge else 1.0
        for (x, y), edge in zip(points, near, strict=True)
    ]
    plain = slow_log_likelihood(times, points, density, model, 6.0, shares)
    ready = prepare(times, points, SQUARE, 6.0, max_lag=6.0, max_distance=0.9)
    assert log_likelihood(ready, density, model)[0] == pytest.approx(plain, abs=1e-5)
    assert near.any()


@pytest.mark.parametrize("model", MODELS, ids=["exponential", "power"])
@pytest.mark.parametrize("part", [(0.0, None), (2.0, 5.0)])
def test_the_gradient_equals_finite_differences(events, model, part) -> None:
    times, points = events
    density = np.full(times.size, 1 / 16)
    ready = prepare(times, points, SQUARE, 6.0, max_lag=6.0, max_distance=0.9)
    start, end = part
    _, gradient, _ = log_likelihood(ready, density, model, start=start, end=end)
    for k in np.flatnonzero(model.free):
        step = 1e-5 * np.eye(6)[k]
        up, down = (
            log_likelihood(ready, density, model.moved(s), start=start, end=end)[0]
            for s in (step, -step)
        )
        assert gradient[k] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-6)


def test_the_parts_of_a_period_add_up(events) -> None:
    times, points = events
    density = np.full(times.size, 1 / 16)
    ready = prepare(times, points, SQUARE, 6.0, max_lag=6.0, max_distance=0.9)
    parts = [
        log_likelihood(ready, density, MODELS[0], start=a, end=b)[0]
        for a, b in ((0.0, 2.5), (2.5, None))
    ]
    assert sum(parts) == pytest.approx(log_likelihood(ready, density, MODELS[0])[0], abs=1e-9)


def test_the_mass_in_a_rectangle_equals_the_closed_form() -> None:
    points = np.random.default_rng(1).uniform(0, 1, (500, 2))
    unit = rectangle(0, 0, 1, 1)
    for width in (0.02, 0.1, 0.5):
        ours = mass_inside(points, unit.edges, 0, width, 1.0, 12 * width)[:, 0]
        sides = [
            special.ndtr((1 - points[:, k]) / width) - special.ndtr(-points[:, k] / width)
            for k in range(2)
        ]
        np.testing.assert_allclose(ours, sides[0] * sides[1], atol=1e-7)


def test_the_mass_in_a_polygon_with_a_hole_equals_the_difference() -> None:
    points = np.random.default_rng(2).uniform(0, 1, (200, 2))
    whole, hole = rectangle(0, 0, 4, 4), rectangle(1, 1, 2, 3)
    ring = polygon([[0, 0], [0, 4], [4, 4], [4, 0]], [[[1, 1], [2, 1], [2, 3], [1, 3]]])
    for kind in (0, 1):
        masses = [mass_inside(points, r.edges, kind, 0.4, 0.8, 3.0)[:, 0] for r in (whole, hole)]
        ours = mass_inside(points, ring.edges, kind, 0.4, 0.8, 3.0)[:, 0]
        np.testing.assert_allclose(ours, masses[0] - masses[1], atol=1e-9)
    assert ring.area == 14
    assert not ring.contains([[1.5, 2.0]])[0]


def test_the_vector_exponential_is_exact() -> None:
    values = np.concatenate([-np.random.default_rng(3).exponential(30, 5000), [0.0, 1.0, -700.0]])
    ours = values.copy()
    exponentials(ours, ours.size)
    np.testing.assert_allclose(ours, np.exp(values), rtol=1e-14)


@pytest.mark.parametrize("model", MODELS, ids=["exponential", "power"])
def test_twenty_simulations_give_the_parameters_back(model) -> None:
    """Of 20 × (4 or 6) estimates about one in twenty lies beyond two standard errors."""
    truth, rng = replace(model, mu=10.0), np.random.default_rng(20261121)
    beyond, errors = 0, []
    for _ in range(20):
        times, points, _ = simulate_space_time(truth, SQUARE, 100.0, rng=rng)
        ready = prepare(times, points, SQUARE, 100.0, max_lag=6.0, max_distance=0.9)
        fit = fit_space_time(
            ready, np.full(times.size, 1 / 16), time_shape=model.time_shape,
            space_shape=model.space_shape,
        )  # fmt: skip
        assert fit.converged
        apart = np.log(fit.model.parameters / truth.parameters)[model.free]
        scaled = apart / np.sqrt(np.diag(fit.log_covariance))[model.free]
        errors.append(scaled)
        beyond += int(np.sum(np.abs(scaled) > 2))
    assert beyond <= 0.13 * 20 * model.free.sum()
    assert np.all(np.abs(np.mean(errors, axis=0)) < 4 / math.sqrt(20))


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    truth, runs, covered = replace(MODELS[0], mu=10.0), 100, np.zeros(6)
    rng = np.random.default_rng(20261121)
    for _ in range(runs):
        times, points, _ = simulate_space_time(truth, SQUARE, 60.0, rng=rng)
        ready = prepare(times, points, SQUARE, 60.0, max_lag=6.0, max_distance=0.9)
        limits = fit_space_time(ready, np.full(times.size, 1 / 16)).intervals()
        covered += (limits[:, 0] <= truth.parameters) & (truth.parameters <= limits[:, 1])
    assert np.all(covered[truth.free] / runs >= 0.90)
    assert np.all(covered[truth.free] / runs <= 0.99 + 1e-9)


def test_simulated_children_follow_their_kernels() -> None:
    truth = replace(MODELS[1], mu=2000.0, alpha=0.3)
    _, points, born = simulate_space_time(
        truth, rectangle(0, 0, 400, 400), 10.0, rng=np.random.default_rng(1)
    )
    assert points.shape == (born.size, 2)
    first = np.count_nonzero(born == 1) / np.count_nonzero(born == 0)
    assert 0.2 < first < 0.3


def test_rescaled_times_accept_the_true_model_and_refuse_another() -> None:
    truth = replace(MODELS[0], mu=10.0)
    times, points, _ = simulate_space_time(truth, SQUARE, 150.0, rng=np.random.default_rng(9))
    ready = prepare(times, points, SQUARE, 150.0, max_lag=6.0, max_distance=0.9)
    assert rescaling_test(rescaled_times(ready, truth)).p_value > 0.01
    wrong = replace(truth, alpha=1e-9)
    assert rescaling_test(rescaled_times(ready, wrong)).p_value < 0.01
    last = rescaled_times(ready, truth)[-1]
    end = log_likelihood(ready, np.full(times.size, 1 / 16), truth)[1]
    assert last == pytest.approx(times.size - end[0] - end[1], rel=0.02)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"points": [[0, 0], [9, 9]]}, "1 points lie outside the region"),
        ({"points": [[0, 0]]}, r"shape \(2, 2\)"),
        ({"times": [2.0, 1.0]}, "not in order"),
        ({"max_lag": 0.0}, "greatest lag must be above 0"),
        ({"max_distance": -1.0}, "greatest distance must be above 0"),
    ],
)
def test_bad_events_are_named(change, words) -> None:
    given = {
        "times": [1.0, 2.0], "points": [[1, 1], [2, 2]], "max_lag": 1.0, "max_distance": 1.0,
    } | change  # fmt: skip
    with pytest.raises(EventInputError, match=words):
        prepare(given.pop("times"), given.pop("points"), SQUARE, 6.0, **given)


def test_bad_densities_and_too_few_events_are_named(events) -> None:
    ready = prepare(*events, SQUARE, 6.0, max_lag=6.0, max_distance=0.9)
    with pytest.raises(EventInputError, match="negative"):
        fit_space_time(ready, np.full(25, -1.0))
    with pytest.raises(EventInputError, match="shape"):
        fit_space_time(ready, [1.0])
    with pytest.raises(EventInputError, match="twenty events"):
        fit_space_time(ready, np.ones(25), until=0.5)


def test_events_on_one_spot_are_refused_and_shifted_apart_by_the_band() -> None:
    truth = Model(40.0, 0.4, time=2.0, space=0.15, max_lag=3.0, max_distance=0.8)
    times, points, _ = simulate_space_time(truth, SQUARE, 30.0, rng=np.random.default_rng(5))
    grid = np.clip(np.round(points / 0.05) * 0.05, 0, 4)
    ready = prepare(times, grid, SQUARE, 30.0, max_lag=3.0, max_distance=0.8)
    with pytest.raises(EventInputError, match="exactly one spot"):
        fit_space_time(ready, np.full(times.size, 1 / 16))
    settings = Settings(max_lag=3.0, max_distance=0.8)
    band = branching_band(
        times, grid, SQUARE, 30.0, bandwidths=[1.0, 2.0], jitter=0.025, settings=settings,
        rng=np.random.default_rng(6), jitters=2,
    )  # fmt: skip
    assert band.converged
    assert band.wide_low < truth.alpha < band.wide_high
    with pytest.raises(EventInputError, match="exactly one spot"):
        branching_band(
            times, grid, SQUARE, 30.0, bandwidths=[1.0], jitter=0.0, settings=settings,
            rng=np.random.default_rng(6),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("corners", "words"),
    [([[0, 0], [1, 1]], "three corners"), ([[0, 0], [1, 1], [2, 2]], "an area"), ([1], "a ring")],
)
def test_bad_regions_are_named(corners, words) -> None:
    with pytest.raises(EventInputError, match=words):
        polygon(corners)
