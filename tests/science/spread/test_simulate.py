"""Simulated spread: against a plain twin, and against what is known of percolation."""

import heapq
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from qalqan.science.spread.network import Network, network, random_network
from qalqan.science.spread.simulate import Mean, Scenario, later, mean_of, simulate

WORD = 2**64 - 1
GAMMA, MIX_1, MIX_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def mix(z):
    z = ((z ^ (z >> 30)) * MIX_1) & WORD
    z = ((z ^ (z >> 27)) * MIX_2) & WORD
    return z ^ (z >> 31)


def twin(net, scenario, seed, run, weights):
    """Work off one run with a plain queue and dictionaries."""
    key = mix(mix((seed + GAMMA) & WORD) ^ mix((run * GAMMA + MIX_1) & WORD))

    def draw(edge, use):
        return mix((key + (edge * 4 + use + 1) * GAMMA) & WORD)

    def wait(word, mean):
        return -mean * math.log(((word >> 11) + 0.5) / 2**53)

    def below(word, threshold):
        return (word >> 32) < threshold or threshold == 2**32 - 1

    queue = [(0.0, node, node, "claim") for node in scenario.starts]
    if scenario.answer_at <= scenario.end:
        queue += [(scenario.answer_at, node, node, "convinces") for node in scenario.answerers]
    heapq.heapify(queue)
    state, believed = {}, set()
    while queue:
        now, node, source, kind = heapq.heappop(queue)
        held = state.get(node)
        if kind == "claim":
            if held or (source != node and state.get(source) != "claim"):
                continue
            state[node] = "claim"
            believed.add(node)
        else:
            if held == "answer" or (held == "claim" and kind == "informs"):
                continue
            state[node] = "answer"
        for edge in range(int(net.rows[node]), int(net.rows[node + 1])):
            threshold = int(net.thresholds[edge if len(net.thresholds) > 1 else 0])
            target = int(net.targets[edge])
            if kind == "claim":
                if not below(draw(edge, 0), threshold):
                    continue
                at, sort = now + wait(draw(edge, 1), scenario.delay), "claim"
            else:
                word = draw(edge, 2)
                if not below(word, int(min(threshold * scenario.answer_ratio, 2**32 - 1))):
                    continue
                at = now + wait(draw(edge, 3), scenario.answer_delay)
                low = word & 0xFFFFFFFF
                sort = "convinces" if low < int(scenario.convinces * 2**32) else "informs"
            if at <= scenario.end:
                heapq.heappush(queue, (at, target, node, sort))
    total = lambda nodes: sum(weights[node] for node in nodes)  # noqa: E731
    return (
        total(believed),
        total(node for node, held in state.items() if held == "answer"),
        total(node for node, held in state.items() if held == "claim"),
    )


@st.composite
def cases(draw):
    n = draw(st.integers(2, 12))
    node = st.integers(0, n - 1)
    edges = draw(
        st.lists(st.tuples(node, node, st.sampled_from([0.0, 0.3, 0.8, 1.0])), max_size=40)
    )
    net = network(
        [a for a, _, _ in edges], [b for _, b, _ in edges], nodes=n,
        chance=[p for _, _, p in edges] if edges else 0.5,
    )  # fmt: skip
    scenario = Scenario(
        tuple(draw(st.lists(node, min_size=1, max_size=3))),
        delay=draw(st.sampled_from([0.2, 1.0, 30.0])),
        answerers=tuple(draw(st.lists(node, max_size=3))),
        answer_at=draw(st.sampled_from([0.5, 2.0, 500.0])),
        answer_delay=draw(st.sampled_from([0.1, 2.0])),
        answer_ratio=draw(st.sampled_from([0.0, 0.5, 1.0, 4.0])),
        convinces=draw(st.sampled_from([0.0, 0.6, 1.0])),
        end=draw(st.sampled_from([1.0, 40.0, 1e4])),
    )
    return net, scenario, draw(st.integers(0, 2**40))


@given(cases())
@settings(max_examples=100)
def test_every_run_equals_its_twin(case):
    net, scenario, seed = case
    weights = np.arange(1.0, net.nodes + 1)
    found = simulate(net, scenario, runs=3, seed=seed, first_run=7, weights=weights, bins=4)
    for r in range(3):
        expected = twin(net, scenario, seed, 7 + r, weights)
        got = found.believed[r], found.corrected[r], found.still_believing[r]
        assert got == pytest.approx(expected)
        assert found.curve[r].sum() == pytest.approx(expected[0])


def test_a_larger_network_with_hubs_equals_its_twin():
    rng = np.random.default_rng(1)
    degrees = np.concatenate([[900], rng.integers(1, 8, 3000)])
    net = random_network(degrees, chance=0.35, rng=rng)
    scenario = Scenario((0, 5), answerers=(9,), answer_at=1.5, convinces=0.7, end=50.0)
    weights = np.ones(net.nodes)
    found = simulate(net, scenario, runs=2, seed=3)
    for r in range(2):
        assert (found.believed[r], found.corrected[r], found.still_believing[r]) == pytest.approx(
            twin(net, scenario, 3, r, weights)
        )


def test_the_number_of_threads_changes_nothing():
    rng = np.random.default_rng(2)
    net = random_network(rng.poisson(5, 2000), chance=0.3, rng=rng)
    scenario = Scenario((0, 1), answerers=(2,), answer_at=2.0)
    alone = simulate(net, scenario, runs=23, seed=5, threads=1, bins=8)
    for threads in (2, 5):
        many = simulate(net, scenario, runs=23, seed=5, threads=threads, bins=8)
        np.testing.assert_array_equal(many.believed, alone.believed)
        np.testing.assert_array_equal(many.curve, alone.curve)
    parts = [simulate(net, scenario, runs=1, seed=5, first_run=r).believed[0] for r in range(23)]
    np.testing.assert_array_equal(parts, alone.believed)


def test_the_final_size_on_a_complete_graph_is_that_of_kermack_and_mckendrick():
    n, r0 = 2000, 1.8
    sources, targets = np.nonzero(~np.eye(n, dtype=bool))
    net = network(sources, targets, nodes=n, chance=r0 / n)
    shares = simulate(net, Scenario((0,), end=1e6), runs=200, seed=1).believed / n
    size = brentq(lambda z: 1 - math.exp(-r0 * z) - z, 0.1, 1)
    large = shares > 0.2
    assert shares[large].mean() == pytest.approx(size, abs=0.01)
    # With a fixed chance for every edge, a chain dies out as often as it does not grow large.
    assert large.mean() == pytest.approx(size, abs=3 * math.sqrt(size * (1 - size) / 200))


def test_size_and_extinction_on_a_random_network_are_those_of_newman():
    rng = np.random.default_rng(4)
    n, chance, mean = 20_000, 0.4, 4.0
    degrees = rng.poisson(mean, n)
    net = random_network(degrees, chance=chance, rng=rng)
    shares = (
        simulate(net, Scenario((int(np.argmax(degrees == 4)),), end=1e6), runs=300).believed / n
    )
    # Poisson degrees: u = exp(mean · chance · (u − 1)); a node of degree 4 fails with
    # (1 − chance + chance · u)⁴.
    u = brentq(lambda x: math.exp(mean * chance * (x - 1)) - x, 0.0, 0.9)
    dies = (1 - chance + chance * u) ** 4
    small = shares < 0.1
    assert shares[~small].mean() == pytest.approx(1 - u, abs=0.01)
    assert small.mean() == pytest.approx(dies, abs=3 * math.sqrt(dies * (1 - dies) / 300))


def test_a_line_passes_on_at_exponential_times():
    net = network([0], [1], nodes=2)
    found = simulate(net, Scenario((0,), delay=3.0, end=2.0), runs=4000)
    reached = (found.believed == 2).mean()
    chance = 1 - math.exp(-2 / 3)
    assert reached == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / 4000))


def test_an_earlier_correction_never_makes_more_believe_on_average():
    rng = np.random.default_rng(6)
    net = random_network(rng.poisson(6, 3000), chance=0.3, rng=rng)
    base = Scenario((0, 1, 2), answerers=(7, 8), answer_at=1.0)
    means = [simulate(net, later(base, h), runs=60).believed.mean() for h in (0, 1, 2, 4)]
    assert means == sorted(means)


def test_means_have_the_interval_of_the_normal_distribution():
    sample = np.random.default_rng(7).normal(5, 2, 400)
    found = mean_of(sample)
    half = 1.959964 * sample.std(ddof=1) / 20
    assert found.high - found.value == pytest.approx(half, rel=1e-6)
    assert mean_of([3.0]) == Mean(3.0, -np.inf, np.inf)


def test_a_network_turned_round_twice_is_itself():
    rng = np.random.default_rng(8)
    net = network(rng.integers(0, 9, 30), rng.integers(0, 9, 30), nodes=9, chance=rng.random(30))
    back = net.reversed()
    edges = lambda g, flip: sorted(  # noqa: E731
        (int(b), int(a), int(t)) if flip else (int(a), int(b), int(t))
        for a, b, t in zip(np.repeat(np.arange(9), g.degrees), g.targets, g.thresholds, strict=True)
    )
    assert edges(back, True) == edges(net, False)
    assert edges(back.reversed(), False) == edges(net, False)


def test_both_ways_are_edges_in_each_direction():
    net = network([0, 1], [1, 2], nodes=3, chance=[0.25, 1.0], both_ways=True)
    assert net.degrees.tolist() == [1, 2, 1]
    assert net.targets.tolist() == [1, 0, 2, 1]
    assert net.chances().tolist() == [0.25, 0.25, 1.0, 1.0]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: network([0], [0, 1], nodes=2), "as many sources"),
        (lambda: network([0], [2], nodes=2), "numbered from 0 to 1"),
        (lambda: network([-1], [0], nodes=2), "numbered"),
        (lambda: network([], [], nodes=0), "between 1"),
        (lambda: network([0], [1], nodes=2, chance=1.5), "between 0 and 1"),
        (lambda: network([0], [1], nodes=2, chance=[0.1, 0.2]), "one an edge"),
    ],
)
def test_networks_that_are_none_are_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()


@pytest.mark.parametrize(
    ("scenario", "options", "said"),
    [
        (Scenario(()), {}, "starts nowhere"),
        (Scenario((5,)), {}, "numbered"),
        (Scenario((0,), answerers=(9,)), {}, "numbered"),
        (Scenario((0,), delay=0.0), {}, "above 0"),
        (Scenario((0,), end=float("inf")), {}, "above 0"),
        (Scenario((0,), answer_at=-1.0), {}, "not before 0"),
        (Scenario((0,), convinces=1.1), {}, "between 0 and 1"),
        (Scenario((0,)), {"runs": 0}, "at least one run"),
        (Scenario((0,)), {"weights": [1.0]}, "one number"),
    ],
)
def test_scenarios_that_are_none_are_refused(scenario, options, said):
    net = network([0], [1], nodes=2)
    with pytest.raises(ValueError, match=said):
        simulate(net, scenario, **{"runs": 1, **options})


def test_a_million_nodes_need_less_than_400_megabytes():
    if not Path("/proc/self/status").exists():
        pytest.skip("the system does not tell how much memory was used")
    code = (
        "import numpy as np\n"
        "from pathlib import Path\n"
        "from qalqan.science.spread.network import random_network\n"
        "from qalqan.science.spread.simulate import Scenario, simulate\n"
        "rng = np.random.default_rng(1)\n"
        "net = random_network(rng.poisson(6, 1_000_000), chance=0.25, rng=rng)\n"
        "found = simulate(net, Scenario((0, 1, 2)), runs=2, threads=2)\n"
        "assert found.believed.max() > 100_000\n"
        # Not getrusage: that counts the process this one was started from.
        "status = dict(l.split(':') for l in Path('/proc/self/status').open())\n"
        "print(int(status['VmHWM'].split()[0]) // 1024)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) < 400


def test_a_network_without_edges_stays_where_it_is():
    net = network([], [], nodes=4)
    assert isinstance(net, Network)
    assert simulate(net, Scenario((1, 2)), runs=2).believed.tolist() == [2.0, 2.0]
