"""No forecast sees what it could not have known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from qalqan.science.flashpoints.forecast import CountMap
from qalqan.science.flashpoints.scoring.checks import ScoreInputError
from qalqan.science.flashpoints.scoring.counts import Forecast
from qalqan.science.flashpoints.scoring.rolling import (
    Events,
    History,
    Panel,
    backtest,
    judge,
    rolling_origins,
)


@dataclass
class Spy:
    """Keeps what it was shown and forecasts one event everywhere."""

    seen: list[History]

    def forecast(self, history: History) -> Forecast:
        self.seen.append(history)
        return Forecast(np.ones(len(history.counts)))


def numbered(cells=3, periods=10):
    return np.tile(np.arange(periods), (cells, 1))


@pytest.mark.parametrize("embargo", [0, 1, 3])
def test_the_embargo_hides_the_periods_before_the_target(embargo):
    spy = Spy([])
    scores = backtest(spy, Panel(numbered()), rolling_origins(10, first=5, embargo=embargo), seed=1)
    for history, score in zip(spy.seen, scores, strict=True):
        target = score.origin.target
        assert history.counts.max() == target - embargo - 1
        assert history.lead == embargo + 1
        assert (score.observed == target).all()


def test_an_event_is_seen_only_once_it_is_known():
    events = Events(np.zeros((3, 2)), np.array([0.5, 1.5, 1.6]))
    counts = np.array([[1, 2, 0, 0]])
    panel = Panel(
        counts, np.zeros((1, 2)), events, known_at=np.array([0.6, 1.7, 2.5]), cell=np.zeros(3, int)
    )
    spy = Spy([])
    backtest(spy, panel, rolling_origins(4, first=2), seed=1)
    assert [history.counts.tolist() for history in spy.seen] == [[[1, 1]], [[1, 2, 0]]]
    assert [len(history.events.times) for history in spy.seen] == [2, 3]


def test_scores_do_not_depend_on_the_other_origins():
    rng = np.random.default_rng(1)
    panel = Panel(rng.poisson(1.0, (40, 12)))
    origins = rolling_origins(12, first=6)
    whole = backtest(CountMap(), panel, origins, seed=9)
    alone = backtest(CountMap(), panel, origins[3:4], seed=9)
    assert whole[3].hotspots == alone[0].hotspots
    assert whole[3].log_score == alone[0].log_score


def test_judging_the_baseline_by_itself_is_no_evidence():
    panel = Panel(np.random.default_rng(1).poisson(1.0, (20, 60)))
    scores = backtest(CountMap(), panel, rolling_origins(60, first=30), seed=1)
    verdict = judge(scores, scores, rng=np.random.default_rng(1))
    assert verdict.word == "no evidence of gain"
    with pytest.raises(ScoreInputError, match="same origins"):
        judge(scores, scores[1:], rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    "call",
    [
        lambda: rolling_origins(10, first=10),
        lambda: rolling_origins(10, first=2, embargo=2),
        lambda: rolling_origins(10, first=5, step=0),
        lambda: Panel([[1.5]]),
        lambda: Panel([[1]], centres=[[0, 0], [1, 1]]),
        lambda: Panel([[1]], known_at=np.ones(1)),
        lambda: Panel(
            [[1]],
            None,
            Events(np.zeros((1, 2)), np.array([0.5])),
            np.array([0.1]),
            np.zeros(1, int),
        ),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(ScoreInputError):
        call()
