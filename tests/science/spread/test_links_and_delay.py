"""Links tell broadcast from person-to-person spread; delay costs copies, where that is known."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qalqan.science.spread.cost_of_delay import cost_of_hour, cost_on_network, effect_of_answers
from qalqan.science.spread.forecast import forecast_copies
from qalqan.science.spread.links import kinds_of_spread
from qalqan.science.spread.network import network
from qalqan.science.spread.simulate import Scenario


@given(st.lists(st.floats(0, 1), min_size=25, max_size=60))
def test_copies_are_counted_by_their_parent(draws):
    parents = [-1, *(min(int(u * k), k - 1) for k, u in enumerate(draws, start=1))]
    found = kinds_of_spread(parents)
    assert found.identified
    assert found.broadcast == sum(p == 0 for p in parents)
    assert found.passed_on == sum(p > 0 for p in parents)
    assert found.per_copy == pytest.approx(found.passed_on / len(draws))
    assert found.low <= found.per_copy <= found.high


def test_timestamps_alone_identify_nothing():
    found = kinds_of_spread(None)
    assert not found.identified
    assert "timestamps" in found.reason
    assert np.isnan(found.per_copy)


def test_few_copies_or_many_without_a_parent_identify_nothing():
    assert "fewer than 20" in kinds_of_spread([-1] + [0] * 10).reason
    found = kinds_of_spread([-1] + [0] * 20 + [-2] * 10)
    assert "no known parent" in found.reason
    assert (found.copies, found.unknown, found.broadcast) == (30, 10, 20)


@pytest.mark.parametrize("parents", [[-1, 5], [-1, 1], [-3]])
def test_parents_that_are_none_are_refused(parents):
    with pytest.raises(ValueError, match="another row"):
        kinds_of_spread(parents)


def test_intervals_cover_the_mean_of_bursty_chains():
    rng, covered = np.random.default_rng(1), 0
    for _ in range(300):
        parents, front = [-1] + [0] * 150, list(range(1, 151))
        while front:
            node = front.pop()
            for _child in range(rng.negative_binomial(0.5, 0.5 / (0.5 + 0.4))):
                front.append(len(parents))
                parents.append(node)
        found = kinds_of_spread(parents)
        covered += found.low <= 0.4 <= found.high
    assert 0.88 < covered / 300 < 0.99


def test_links_of_real_rumours_add_up(shared_data):
    path = shared_data / "spread" / "cascades" / "mendoza2023_chile.jsonl.gz"
    if not path.is_file():
        pytest.skip("the folder of published data has no cascades")
    identified = 0
    with gzip.open(path, "rt") as lines:
        for row in map(json.loads, lines):
            found = kinds_of_spread(row["parent"])
            assert found.broadcast == row["parent"].count(0)
            assert found.broadcast + found.passed_on == found.copies == len(row["t"]) - 1
            identified += found.identified
            # A finished tree has fewer copies of copies than copies: arithmetic, not a finding.
            assert not found.identified or found.per_copy < 1
    assert identified > 100


def forecast_of(copies):
    table = np.zeros((len(copies), 48), dtype=np.int64)
    table[:, -3:] = np.array(copies)[:, None]
    return forecast_copies(table)


def test_an_hour_costs_what_an_answer_takes_away():
    rng = np.random.default_rng(2)
    expected = rng.gamma(2.0, 10.0, 200)
    effect = effect_of_answers(rng.poisson(0.6 * expected), expected, rng=rng)
    assert effect.known
    assert effect.low < 0.6 < effect.high
    forecast = forecast_of([40, 2])
    cost = cost_of_hour(forecast, effect, rng=rng)
    assert cost.known
    np.testing.assert_allclose(cost.mean, (1 - effect.remaining) * forecast.mean[:, 0])
    assert (cost.low <= cost.mean).all()
    assert (cost.mean <= cost.high).all()
    # The interval is that of (1 − ρ) times the copies of an hour: nearly the forecast's own.
    assert cost.high[0] == pytest.approx(0.4 * forecast.high[0, 0], rel=0.15)


@pytest.mark.parametrize(
    ("answers", "each", "said"), [(19, 50.0, "fewer than 20"), (30, 1.0, "fewer than 100")]
)
def test_thin_data_give_no_number(answers, each, said):
    rng = np.random.default_rng(3)
    effect = effect_of_answers(np.ones(answers), np.full(answers, each), rng=rng)
    assert not effect.known
    assert said in effect.reason
    cost = cost_of_hour(forecast_of([5]), effect, rng=rng)
    assert not cost.known
    assert cost.reason == effect.reason
    assert np.isnan([cost.mean, cost.low, cost.high]).all()


def test_what_cannot_be_compared_is_refused():
    rng = np.random.default_rng(4)
    with pytest.raises(ValueError, match="one entry"):
        effect_of_answers([1.0], [1.0, 2.0], rng=rng)
    with pytest.raises(ValueError, match="negative"):
        effect_of_answers([-1.0], [1.0], rng=rng)
    effect = effect_of_answers(np.ones(30), np.full(30, 5.0), rng=rng)
    day = forecast_copies(np.ones((1, 24), dtype=np.int64), (24,))
    with pytest.raises(ValueError, match="one hour"):
        cost_of_hour(day, effect, rng=rng)


def test_delay_on_a_line_costs_what_the_exponential_race_says():
    # 0 tells 1 after an exponential time of mean 2; 1 hears the truth itself at 1 or at 2 hours.
    net = network([0], [1], nodes=2)
    scenario = Scenario((0,), delay=2.0, answerers=(1,), answer_at=1.0, end=100.0)
    found = cost_on_network(net, scenario, runs=6000)
    exact = np.exp(-0.5) - np.exp(-1.0)
    assert found.low < exact < found.high
    with pytest.raises(ValueError, match="somebody must answer"):
        cost_on_network(net, Scenario((0,)))
