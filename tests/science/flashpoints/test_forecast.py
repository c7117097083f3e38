"""Forecasters: by hand, on drawn data whose truth is known, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from qalqan.science.flashpoints.checks import ScanInputError
from qalqan.science.flashpoints.forecast import (
    CountMap,
    KernelDensity,
    RecentCounts,
    SeasonalCountMap,
    SelfExciting,
    fitted_size,
    shrunk,
)
from qalqan.science.flashpoints.grid import RectangularGrid, count_events, to_plane
from qalqan.science.flashpoints.scoring.checks import ScoreInputError
from qalqan.science.flashpoints.scoring.rolling import (
    Events,
    History,
    Panel,
    backtest,
    judge,
    rolling_origins,
)
from qalqan.science.flashpoints.selfexciting.spacetime import Model
from qalqan.science.flashpoints.stacked import StackedMaps, mixing_weights

SIDE = 12
CENTRES = RectangularGrid(0.0, 0.0, 1.0, SIDE, SIDE).centres


def gamma_rates(seed=1, n=144, shape=2.0):
    return np.random.default_rng(seed).gamma(shape, 0.5, n)


def test_the_fitted_size_is_that_of_the_drawn_rates():
    rng = np.random.default_rng(2)
    rates = rng.gamma(2.0, 5.0, 20_000)
    totals = rng.poisson(rates).astype(float)
    assert fitted_size(totals, np.full(20_000, 10.0)) == pytest.approx(2.0, rel=0.05)


def test_shrinkage_is_the_posterior_of_the_gamma_prior():
    totals, periods = np.array([0.0, 3.0, 9.0, 2.0, 1.0]), 6.0
    size = fitted_size(totals, np.full(5, 3.0))
    found = shrunk(totals, periods)
    # Prior gamma(size, rate size / m) on the rate a period, m = 3 / 6.
    np.testing.assert_allclose(found.mean, (size + totals) / (size / 0.5 + periods))
    np.testing.assert_allclose(found.dispersion, 1 / (size + totals))


def test_the_count_map_keeps_the_total():
    counts = np.random.default_rng(1).poisson(gamma_rates()[:, None], (144, 30)).astype(float)
    mean = CountMap().forecast(History(counts)).mean
    assert mean.sum() == pytest.approx(counts.sum() / 30)


def test_recent_counts_follow_a_change_and_the_count_map_does_not():
    counts = np.zeros((20, 40))
    counts[0, :20] = counts[1, 20:] = 4
    old, new = RecentCounts(4.0).forecast(History(counts)).mean[:2]
    assert new > 5 * old
    same = CountMap().forecast(History(counts)).mean
    assert same[0] == pytest.approx(same[1])


def test_the_wave_of_the_year_is_carried_on():
    weeks = np.arange(160)
    level = 200 * np.exp(0.5 * np.cos(2 * np.pi * weeks / 52.1775))
    counts = np.round(np.outer(np.full(10, 0.1), level))
    for lead in (1, 26):
        history = History(counts[:, :130], lead=lead)
        assert SeasonalCountMap().expected_total(history) == pytest.approx(
            level[130 - 1 + lead], rel=0.03
        )
    short = History(counts[:, :40])
    assert SeasonalCountMap().forecast(short).mean.sum() == pytest.approx(counts[:, :40].sum() / 40)


def test_the_bandwidth_that_made_the_data_is_preferred():
    rng = np.random.default_rng(5)
    distance = np.linalg.norm(CENTRES - [6, 6], axis=1)
    rates = 3 * np.exp(-0.5 * (distance / 3) ** 2)
    counts = rng.poisson(rates[:, None] / 10, (144, 40)).astype(float)
    kernel = KernelDensity(bandwidths=(0.05, 1.2, 30.0))
    history = History(counts, centres=CENTRES)
    assert kernel.chosen(history) == 1.2
    assert kernel.forecast(history).mean.sum() == pytest.approx(counts.sum() / 40)


def test_the_mixture_finds_the_map_that_is_right():
    rng = np.random.default_rng(1)
    right, wrong = rng.dirichlet(np.ones(50)), np.full(50, 0.02)
    counts = rng.multinomial(400, right, size=20).astype(float)
    weights = mixing_weights(np.stack([np.tile(m, (20, 1)) for m in (wrong, right)]), counts)
    assert weights.sum() == pytest.approx(1)
    assert weights[1] > 0.97


def test_stacking_gains_where_the_map_moves_and_not_where_it_stands():
    rng = np.random.default_rng(3)
    still = np.tile(gamma_rates()[:, None], 130)
    moving = still.copy()
    moving[:, 80:] = np.roll(moving[:, 80:], 40, axis=0)
    words = []
    for rates in (still, moving):
        panel = Panel(rng.poisson(rates), CENTRES)
        origins = rolling_origins(130, first=106)
        maps = StackedMaps(components=((None, None), (8.0, None)), window=26)
        base, ours = (backtest(model, panel, origins, seed=1) for model in (CountMap(), maps))
        words.append(judge(ours, base, rng=np.random.default_rng(1)).word)
    assert words[0] != "gain"
    assert words[1] == "gain"


def test_offspring_fall_near_their_parents_and_add_up():
    model = Model(5.0, 0.4, 2.0, 0.3, 8.0, 2.0)
    counts = np.zeros((144, 10))
    counts[:, :5] = 1
    events = Events(np.array([[6.5, 6.5]]), np.array([9.9]))
    history = History(counts, 1, CENTRES, events)
    quiet = History(counts, 1, CENTRES, Events(np.zeros((0, 2)), np.zeros(0)))
    extra = (
        SelfExciting(model, 1.0).forecast(history).mean
        - SelfExciting(model, 1.0).forecast(quiet).mean
    )
    # Total progeny of one event between 0.1 and 1.1 after it, all generations.
    slow = 0.6 * 2.0
    assert extra.sum() == pytest.approx(0.4 / 0.6 * (np.exp(-slow * 0.1) - np.exp(-slow * 1.1)))
    assert extra.argmax() == 6 * SIDE + 6
    # Far from the known events only newcomers and their offspring are left: mu / (1 - alpha).
    far = SelfExciting(model, 1.0).forecast(History(counts, 200, CENTRES, events)).mean
    assert far.sum() == pytest.approx(5.0 / 0.6, rel=1e-6)
    told = SelfExciting(model, 1.0, SeasonalCountMap()).forecast(history).mean
    assert told.sum() == pytest.approx(counts.sum() / 10)


def test_cells_by_hand():
    grid = RectangularGrid.over([[0.0, 0.0], [2.0, 1.0]], size=1.0)
    assert (grid.columns, grid.rows) == (3, 2)
    assert grid.cells(grid.centres).tolist() == list(range(6))
    assert grid.cells([[-0.1, 0.0], [0.0, 2.0]]).tolist() == [-1, -1]
    table = count_events(np.array([0, 0, 5, -1]), np.array([1, 1, 0, 0]), n_cells=6, n_periods=2)
    assert table.sum() == 3
    assert table[0, 1] == 2


def test_the_plane_agrees_with_the_great_circle_across_a_city():
    plane = to_plane([-74.25, -73.70], [40.50, 40.91])
    # Haversine with the same radius.
    a, b = np.radians([[40.50, -74.25], [40.91, -73.70]])
    h = (
        np.sin((b[0] - a[0]) / 2) ** 2
        + np.cos(a[0]) * np.cos(b[0]) * np.sin((b[1] - a[1]) / 2) ** 2
    )
    assert np.linalg.norm(plane[1] - plane[0]) == pytest.approx(
        2 * 6371.0088 * np.arcsin(np.sqrt(h)), rel=1e-4
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: CountMap().forecast(History(np.zeros((3, 0)))),
        lambda: RecentCounts(0.0),
        lambda: KernelDensity(bandwidths=()),
        lambda: KernelDensity().forecast(History(np.ones((3, 3)))),
        lambda: SeasonalCountMap(least=10),
        lambda: StackedMaps(components=()),
        lambda: StackedMaps(components=((0.0, None),)),
        lambda: SelfExciting(Model(1.0, 1.2, 1.0, 1.0, 8.0, 2.0), 1.0),
        lambda: SelfExciting(Model(1.0, 0.2, 1.0, 1.0, 8.0, 2.0), 1.0).forecast(
            History(np.ones((3, 3)))
        ),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(ScoreInputError):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: to_plane([200.0], [0.0]),
        lambda: to_plane([1.0, 2.0], [0.0]),
        lambda: RectangularGrid.over([[0.0, 0.0]], size=0),
        lambda: RectangularGrid.over([[0.0, np.nan]], size=1),
    ],
)
def test_bad_places_are_refused(call):
    with pytest.raises(ScanInputError):
        call()
