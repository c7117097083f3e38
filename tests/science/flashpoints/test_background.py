"""Backgrounds and the band of the branching ratio: twins, properties, the known trap."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qalqan.science.flashpoints.selfexciting.background import (
    count_map,
    covariate_map,
    even_background,
    kernel_map,
    make_grid,
)
from qalqan.science.flashpoints.selfexciting.band import (
    Settings,
    branching_band,
    choose_bandwidth,
    spread_ties,
)
from qalqan.science.flashpoints.selfexciting.checks import EventInputError
from qalqan.science.flashpoints.selfexciting.region import polygon, rectangle
from qalqan.science.flashpoints.selfexciting.simulate import simulate_space_time
from qalqan.science.flashpoints.selfexciting.spacetime import Model, prepare

SQUARE = rectangle(0, 0, 4, 4)
TRIANGLE = polygon([[0, 0], [4, 0], [0, 4]])


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    return SQUARE.sample(300, np.random.default_rng(1)) ** 2 / 4


@pytest.mark.parametrize("region", [SQUARE, TRIANGLE], ids=["square", "triangle"])
def test_every_background_has_integral_one(points, region) -> None:
    inside = points[region.contains(points)]
    grid = make_grid(region, 0.5)
    slope = np.dstack(np.meshgrid(np.arange(grid.columns), np.arange(grid.rows)))
    for background in (
        even_background(region, 0.5),
        count_map(inside, region, 0.5),
        kernel_map(inside, region, 0.3),
        covariate_map(inside, region, 0.5, slope),
    ):
        assert (background.density * background.grid.areas).sum() == pytest.approx(1)
        assert np.all(background.at(inside) > 0)
        assert np.all(background.at_own_events(inside) <= background.at(inside))
        drawn = background.sample(200, np.random.default_rng(2))
        assert region.contains(drawn).all()


def test_the_kernel_map_equals_the_sum_over_events_in_the_middle() -> None:
    """Far from the boundary, with fine cells, to the error of the cells."""
    points = SQUARE.sample(4000, np.random.default_rng(3))
    ours = kernel_map(points, SQUARE, 0.4, floor=0.0).at([[2.0, 2.0], [1.7, 2.4]])
    for value, place in zip(ours, ([2.0, 2.0], [1.7, 2.4]), strict=True):
        squares = ((points - place) ** 2).sum(axis=1)
        plain = np.exp(-squares / (2 * 0.16)).sum() / (2 * math.pi * 0.16 * len(points))
        assert value == pytest.approx(plain, rel=0.03)


def test_an_event_does_not_explain_itself() -> None:
    """A lone event far from all others has next to no background at its own place."""
    points = np.array([[3.5, 3.5], [0.5, 0.5], [0.6, 0.5], [0.5, 0.6]])
    background = kernel_map(points, SQUARE, 0.1, floor=0.0)
    assert background.at(points)[0] > 1
    assert background.at_own_events(points)[0] == pytest.approx(0, abs=1e-9)
    assert background.at_own_events(points)[1] > 1


def test_the_regression_on_covariates_finds_the_slope() -> None:
    grid = make_grid(SQUARE, 0.5)
    slope = np.repeat(np.arange(8.0)[None, :], 8, axis=0)[:, :, None]
    rng = np.random.default_rng(4)
    rates = np.exp(0.4 * slope[:, :, 0])
    counts = rng.poisson(20_000 * rates / rates.sum())
    row, column = np.divmod(np.repeat(np.arange(64), counts.ravel()), 8)
    points = (np.column_stack([column, row]) + 0.5) * 0.5
    density = covariate_map(points, SQUARE, 0.5, slope).density
    assert grid.areas.shape == density.shape
    assert np.log(density[0, 7] / density[0, 0]) / 7 == pytest.approx(0.4, abs=0.02)


def test_the_band_shows_that_a_smooth_background_looks_like_contagion() -> None:
    """The truth is 0.4 around 20 busy places; a background too smooth makes it far more."""
    rng = np.random.default_rng(7)
    places = SQUARE.sample(20, rng)
    busy = places[rng.integers(0, 20, 8000)] + rng.normal(0, 0.15, (8000, 2))
    truth = kernel_map(busy[SQUARE.contains(busy)], SQUARE, 0.1)
    model = Model(12.0, 0.4, time=1.0, space=0.05, max_lag=8.0, max_distance=0.5)
    times, points, _ = simulate_space_time(model, SQUARE, 80.0, rng=rng, background=truth.sample)
    found = branching_band(
        times, points, SQUARE, 80.0, bandwidths=[0.1, 0.2, 1.5], jitter=0.01,
        settings=Settings(8.0, 0.5, decluster=2), rng=rng, jitters=2,
    )  # fmt: skip
    assert found.converged
    assert found.choice.best < 1.5
    assert not found.choice.as_good[2]
    assert found.by_bandwidth[2] > found.estimate + 0.1
    assert found.band_low <= found.estimate <= found.band_high
    assert found.wide_low <= found.low < found.estimate < found.high <= found.wide_high
    assert found.band_low == min(*found.by_bandwidth, *found.by_jitter)
    assert found.low - 0.1 < 0.4 < found.high + 0.1
    assert found.by_jitter.shape == (2,)


def test_bad_choices_are_named(points) -> None:
    ready = prepare(
        np.linspace(0, 9, len(points)), points, SQUARE, 10.0, max_lag=1.0, max_distance=0.5
    )
    with pytest.raises(EventInputError, match="no bandwidth"):
        choose_bandwidth(ready, [], Settings(1.0, 0.5))
    with pytest.raises(EventInputError, match="between 0 and 1"):
        choose_bandwidth(ready, [0.5], Settings(1.0, 0.5, held_out=1.0))
    with pytest.raises(EventInputError, match="twenty each"):
        choose_bandwidth(ready, [0.5], Settings(1.0, 0.5, held_out=0.001))
    with pytest.raises(EventInputError, match="bandwidth must be above 0"):
        kernel_map(points, SQUARE, 0.0)
    with pytest.raises(EventInputError, match="one for each point"):
        kernel_map(points, SQUARE, 0.1, weights=[1.0])
    with pytest.raises(EventInputError, match="too many"):
        make_grid(SQUARE, 1e-4)
    with pytest.raises(EventInputError, match="covariates must have shape"):
        covariate_map(points, SQUARE, 0.5, np.ones((2, 2, 1)))
    with pytest.raises(EventInputError, match="0 or more"):
        branching_band(
            [1.0], [[1, 1]], SQUARE, 2.0, bandwidths=[1.0], jitter=-1.0,
            settings=Settings(1.0, 0.5), rng=np.random.default_rng(1),
        )  # fmt: skip


def test_spread_ties_stay_within_their_day() -> None:
    days = np.repeat(np.arange(10.0), 5)
    moved, order = spread_ties(days, 1.0, 9.5, rng=np.random.default_rng(1))
    assert np.all(np.diff(moved) >= 0)
    assert np.all((moved >= days[order]) & (moved <= np.minimum(days[order] + 1, 9.5)))
