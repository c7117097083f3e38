"""The verdict: right words, honest interval, same numbers from the same stream."""

from __future__ import annotations

import numpy as np
import pytest

from qalqan.science.flashpoints.scoring.checks import ScoreInputError
from qalqan.science.flashpoints.scoring.comparison import compare, moving_blocks

WEEKS, EVENTS = 52, np.full(52, 100)


def judged(gains, **options):
    base = np.full(len(gains), 500.0)
    rng = np.random.default_rng(2)
    return compare(base - gains, base, EVENTS[: len(gains)], rng=rng, resamples=999, **options)


def test_the_three_words():
    noise = np.random.default_rng(1).normal(size=WEEKS)
    assert judged(noise + 3).word == "gain"
    assert judged(noise - 3).word == "worse"
    same = judged(noise - noise.mean())
    assert same.word == "no evidence of gain"
    assert same.low < 0 < same.high
    assert same.gain == pytest.approx(0, abs=1e-12)
    assert "holds 0" in same.reason


def test_gain_is_the_difference_an_event():
    verdict = judged(np.tile([1.0, 3.0], 26))
    assert verdict.gain == pytest.approx(104 / 5200)
    assert verdict.periods == 52
    assert verdict.events == 5200


def test_a_forecast_without_any_advantage_seldom_gains():
    rng = np.random.default_rng(11)
    base = np.zeros(WEEKS)
    words = [
        compare(rng.normal(size=WEEKS), base, EVENTS, rng=rng, resamples=300).word
        for _ in range(600)
    ]
    # Nominal 2.5 % on each side; 600 trials and the short series allow twice as much.
    assert words.count("gain") <= 30
    assert words.count("worse") <= 30


def test_blocks_widen_the_interval_where_weeks_hang_together():
    waves = np.repeat(np.random.default_rng(4).normal(size=13), 4)
    one, four = judged(waves, block=1), judged(waves, block=4)
    assert four.high - four.low > 1.4 * (one.high - one.low)


def test_blocks_are_adjacent_periods():
    index = moving_blocks(10, 3, 50, np.random.default_rng(1))
    assert index.shape == (50, 10)
    assert index.min() >= 0
    assert index.max() <= 9
    assert (np.diff(index[:, :9].reshape(50, 3, 3), axis=2) == 1).all()


def test_the_same_stream_gives_the_same_interval():
    gains = np.random.default_rng(3).normal(size=WEEKS)
    assert judged(gains) == judged(gains)


def test_too_little_to_judge_is_no_evidence():
    few = judged(np.ones(19))
    assert few.word == "no evidence of gain"
    assert "19 periods are too few" in few.reason
    assert np.isnan(few.low)
    nothing = compare(np.ones(30), np.zeros(30), np.zeros(30), rng=np.random.default_rng(1))
    assert nothing.reason == "nothing happened in these periods"


@pytest.mark.parametrize(
    ("loss", "options", "word"),
    [
        (np.ones(51), {}, "51, 52 and 52 periods"),
        (np.full(52, np.inf), {}, "loss: not finite at 0"),
        (np.ones(52), {"block": 0}, "block"),
        (np.ones(52), {"resamples": 1}, "100 samples"),
        (np.ones(52), {"level": 1.0}, "level"),
    ],
)
def test_bad_input_is_named(loss, options, word):
    with pytest.raises(ScoreInputError, match=word):
        compare(loss, np.ones(52), EVENTS, rng=np.random.default_rng(1), **options)
