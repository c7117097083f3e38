"""Choice of messengers against every possible choice on networks small enough to try them all."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.science.spread._messenger_kernels import cover, reverse_sets
from qalqan.science.spread.messengers import choose_messengers, most_connected
from qalqan.science.spread.network import network


def exact_reach(edges, chances, weights, chosen):
    """Add up over all ways the edges can fall."""
    total = 0.0
    for world in itertools.product([False, True], repeat=len(edges)):
        chance = math.prod(p if open_ else 1 - p for open_, p in zip(world, chances, strict=True))
        reached, front = set(chosen), list(chosen)
        while front:
            node = front.pop()
            for (a, b), open_ in zip(edges, world, strict=True):
                if open_ and a == node and b not in reached:
                    reached.add(b)
                    front.append(b)
        total += chance * sum(weights[node] for node in reached)
    return total


@given(st.integers(0, 10**6))
@settings(max_examples=6)
def test_the_choice_is_within_its_promise_of_the_best_of_all(seed):
    rng = np.random.default_rng(seed)
    n, m, k = 6, 9, 2
    edges = [tuple(int(x) for x in rng.choice(n, 2, replace=False)) for _ in range(m)]
    chances, weights = rng.uniform(0.1, 0.9, m), rng.uniform(0.5, 5.0, n)
    net = network([a for a, _ in edges], [b for _, b in edges], nodes=n, chance=chances)
    found = choose_messengers(net, ["group"] * n, k, weights=weights, runs=1000, seed=seed)
    reach = {
        chosen: exact_reach(edges, chances, weights, chosen)
        for chosen in itertools.combinations(range(n), k)
    }
    best = max(reach.values())
    own = reach[tuple(sorted(found.chosen.tolist()))]
    assert own >= (1 - 1 / math.e - found.epsilon) * best
    # Far better than promised, as always on networks like these.
    assert own >= 0.95 * best
    # Simulated reach is that of the sum over all worlds, within four of its own errors.
    for mean, chosen in [(found.reach, found.chosen), (found.plain_reach, found.most_connected)]:
        exact = reach[tuple(sorted(chosen.tolist()))]
        assert abs(mean.value - exact) <= 2.1 * (mean.high - mean.low) + 1e-9


def test_sets_hold_a_node_as_often_as_it_reaches_the_rest():
    edges, chances = [(0, 1), (1, 2), (0, 2), (2, 3)], [0.5, 0.25, 0.75, 0.6]
    net = network([a for a, _ in edges], [b for _, b in edges], nodes=4, chance=chances)
    back, count = net.reversed(), 100_000
    begins, members = reverse_sets(
        back.rows, back.targets, back.thresholds, np.cumsum(np.ones(4)), 3, 0, count
    )
    assert begins[-1] == len(members)
    for node in range(4):
        share = (members == node).sum() / count
        expected = exact_reach(edges, chances, np.ones(4), [node]) / 4
        assert share == pytest.approx(expected, abs=0.01)


@given(st.lists(st.sets(st.integers(0, 7), min_size=1), min_size=1, max_size=20), st.integers(1, 4))
@settings(max_examples=60)
def test_covering_is_greedy(sets, k):
    rows = [sorted(one) for one in sets]
    begins = np.cumsum([0, *map(len, rows)])
    members = np.array([node for row in rows for node in row], dtype=np.int32)
    chosen, total = cover(begins, members, np.ones(8, np.bool_), k)
    left, expected = list(sets), []
    for _ in range(k):
        counts = [-1 if node in expected else sum(node in one for one in left) for node in range(8)]
        expected.append(int(np.argmax(counts)))
        left = [one for one in left if expected[-1] not in one]
    assert chosen.tolist() == expected
    assert total == len(sets) - len(left)


def two_stars():
    """Two hubs that reach the same ten, and a smaller one that reaches five others."""
    edges = [(hub, leaf) for hub in (0, 1) for leaf in range(3, 13)]
    edges += [(2, leaf) for leaf in range(13, 18)]
    return network([a for a, _ in edges], [b for _, b in edges], nodes=18)


def test_overlap_is_seen_where_connections_alone_do_not_see_it():
    found = choose_messengers(two_stars(), ["channel"] * 18, 2, runs=200)
    assert found.most_connected.tolist() == [0, 1]
    assert set(found.chosen.tolist()) in ({0, 2}, {1, 2})
    assert found.better
    assert found.gain.value == pytest.approx(5.0)


def test_no_better_is_said_where_it_is_no_better():
    star = network([0] * 9, range(1, 10), nodes=10, chance=0.5)
    found = choose_messengers(star, ["channel"] + ["group"] * 9, 1, runs=500)
    assert found.chosen.tolist() == found.most_connected.tolist() == [0]
    assert found.gain.value == 0
    assert not found.better


def test_only_those_who_may_be_asked_are_chosen():
    may = np.ones(18, dtype=bool)
    may[[0, 2]] = False
    found = choose_messengers(two_stars(), ["channel"] * 18, 3, allowed=may, runs=50)
    assert 1 in found.chosen
    assert not {0, 2} & set(found.chosen.tolist())
    assert most_connected(two_stars(), 1, allowed=may).tolist() == [1]


def test_the_same_seed_gives_the_same_choice():
    rng = np.random.default_rng(1)
    net = network(rng.integers(0, 300, 2000), rng.integers(0, 300, 2000), nodes=300, chance=0.05)
    first, second = (
        choose_messengers(net, ["group"] * 300, 5, epsilon=0.3, runs=100, seed=4) for _ in range(2)
    )
    np.testing.assert_array_equal(first.chosen, second.chosen)
    assert first.gain == second.gain


@pytest.mark.parametrize(
    ("kinds", "options", "said"),
    [
        (["group", "person"], {}, "groups and channels, not 'person'"),
        (["group"], {}, "every node"),
        (["group"] * 2, {"how_many": 3}, "between 1 and 2"),
        (["group"] * 2, {"epsilon": 0.0}, "epsilon"),
        (["group"] * 2, {"weights": [0.0, 0.0]}, "not all 0"),
        (["group"] * 2, {"epsilon": 1e-5}, "larger one"),
    ],
)
def test_what_cannot_be_chosen_from_is_refused(kinds, options, said):
    net = network([0], [1], nodes=2)
    with pytest.raises(ValueError, match=said):
        choose_messengers(net, kinds, **{"how_many": 1, "runs": 10, **options})
