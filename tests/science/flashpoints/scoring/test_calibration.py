"""Right forecasts look right, wrong ones look wrong in the way the papers say."""

from __future__ import annotations

import numpy as np
import pytest

from qalqan.science.flashpoints.scoring.calibration import (
    pit_histogram,
    randomised_pit,
    reliability,
    uniformity,
)
from qalqan.science.flashpoints.scoring.checks import ScoreInputError
from qalqan.science.flashpoints.scoring.counts import Forecast

N = 20_000


def drawn(seed=1, size=2.0):
    rng = np.random.default_rng(seed)
    mean = rng.gamma(2.0, 1.0, N)
    return mean, rng.poisson(mean * rng.gamma(size, 1 / size, N)), rng


def test_the_transform_of_a_right_forecast_is_uniform():
    mean, seen, rng = drawn()
    values = randomised_pit(Forecast(mean, 0.5), seen, rng=rng)
    assert uniformity(values) > 0.001
    assert np.ptp(pit_histogram(Forecast(mean, 0.5), seen)) < 0.02


def test_a_forecast_too_narrow_has_heaps_at_both_ends():
    mean, seen, rng = drawn()
    heights = pit_histogram(Forecast(mean), seen)
    assert min(heights[0], heights[-1]) > 1.3 * heights[4]
    assert uniformity(randomised_pit(Forecast(mean), seen, rng=rng)) < 1e-6


def test_a_forecast_too_wide_has_a_heap_in_the_middle():
    mean, seen, _ = drawn(size=1e9)
    heights = pit_histogram(Forecast(mean, 1.0), seen)
    assert heights[5] > 1.3 * max(heights[0], heights[-1])


def test_both_histograms_agree():
    mean, seen, rng = drawn()
    forecast = Forecast(mean * 1.5, 0.2)
    random, _ = np.histogram(randomised_pit(forecast, seen, rng=rng), bins=10, range=(0, 1))
    # The random one is the other plus noise: four standard errors of a share near 0.1.
    np.testing.assert_allclose(random / N, pit_histogram(forecast, seen), atol=0.0085)


def test_the_histogram_sums_to_one_even_for_what_was_held_impossible():
    assert pit_histogram(Forecast([0.0, 1.0]), [5, 900]).sum() == pytest.approx(1)


def test_reliability_finds_the_factor():
    mean, seen, _ = drawn()
    right = reliability(Forecast(mean, 0.5), seen, bins=5)
    assert sum(row.cells for row in right) == N
    assert all(
        row.low <= 1 <= row.high for row in reliability(Forecast(mean, 0.5), seen, level=0.9999)
    )
    halved = reliability(Forecast(mean / 2, 0.5), seen, bins=5)
    assert all(row.low > 1.5 for row in halved)
    assert [row.ratio for row in halved] == pytest.approx([2 * row.ratio for row in right])


@pytest.mark.parametrize(
    "call",
    [
        lambda: pit_histogram(Forecast([1.0]), [1], bins=0),
        lambda: pit_histogram(Forecast(np.zeros(0)), np.zeros(0)),
        lambda: uniformity([0.5] * 9),
        lambda: reliability(Forecast([0.0]), [0]),
        lambda: reliability(Forecast([1.0]), [0], level=95),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(ScoreInputError):
        call()
