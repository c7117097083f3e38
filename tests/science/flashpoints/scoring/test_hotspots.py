"""Hit rate, PAI and PEI by hand."""

from __future__ import annotations

import numpy as np
import pytest

from qalqan.science.flashpoints.scoring.checks import ScoreInputError
from qalqan.science.flashpoints.scoring.hotspots import hotspots, pooled


def rng():
    return np.random.default_rng(5)


def test_pai_and_pei_by_hand():
    # 10 cells, 2 may be chosen; they catch 5 + 1 of 20 events, the best two would catch 5 + 9.
    forecast = [9, 8, 1, 1, 1, 1, 1, 1, 1, 1]
    observed = [5, 1, 9, 5, 0, 0, 0, 0, 0, 0]
    score = hotspots(forecast, observed, share_of_area=0.2, rng=rng())
    assert score.cells == (0, 1)
    assert (score.hits, score.events, score.best_hits) == (6, 20, 14)
    assert score.hit_rate == pytest.approx(0.3)
    assert score.pai == pytest.approx(0.3 / 0.2)
    assert score.pei == pytest.approx(6 / 14)


def test_the_denser_cell_comes_first_where_areas_differ():
    score = hotspots([4, 3], [1, 1], share_of_area=0.3, rng=rng(), area=[3, 1])
    assert score.cells == (1,)
    assert score.area_share == pytest.approx(0.25)


def test_a_tenth_of_ten_cells_is_one_cell():
    for n in (10, 30, 70, 110):
        score = hotspots(np.arange(n), np.zeros(n), share_of_area=0.1, rng=rng())
        assert len(score.cells) == n // 10


def test_ties_are_broken_at_random_and_so_score_like_chance():
    flat, observed = np.ones(20), np.zeros(20)
    observed[0] = 1
    stream = rng()
    hits = [hotspots(flat, observed, share_of_area=0.1, rng=stream).hits for _ in range(4_000)]
    # Chance is 2 of 20; four standard errors of 4,000 draws are 0.019.
    assert np.mean(hits) == pytest.approx(0.1, abs=0.019)


def test_the_same_stream_gives_the_same_cells():
    one = hotspots(np.ones(50), np.ones(50), share_of_area=0.2, rng=rng())
    assert one == hotspots(np.ones(50), np.ones(50), share_of_area=0.2, rng=rng())


def test_without_events_the_rates_are_no_numbers():
    score = hotspots([1, 2], [0, 0], share_of_area=0.5, rng=rng())
    assert np.isnan(score.hit_rate)
    assert np.isnan(score.pei)
    assert np.isnan(pooled([])["hit_rate"])


@pytest.mark.parametrize(
    ("forecast", "observed", "share", "area", "word"),
    [
        ([1, 2], [1], 0.5, None, "2, 1 and 1 cells"),
        ([1, 2], [1, 2], 0.0, None, "share of area"),
        ([1, -2], [1, 2], 0.5, None, "forecast: negative at 1"),
        ([1, 2], [1, -2], 0.5, None, "observed: negative"),
        ([1, 2], [1, 2], 0.5, [1, 0], "area: not above 0 at 1"),
    ],
)
def test_bad_input_is_named(forecast, observed, share, area, word):
    with pytest.raises(ScoreInputError, match=word):
        hotspots(forecast, observed, share_of_area=share, rng=rng(), area=area)
