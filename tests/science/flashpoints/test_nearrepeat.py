"""The Knox test: plain twin, exact permutation distribution, invariances, refusals."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from qalqan.science.flashpoints.nearrepeat import knox
from qalqan.science.flashpoints.selfexciting.checks import EventInputError


def slow_distance(a, b, metric):
    if metric == "plane":
        return math.hypot(a[0] - b[0], a[1] - b[1])
    lat1, lon1, lat2, lon2 = (math.radians(x) for x in (*a, *b))
    share = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * 6371.0088 * math.asin(math.sqrt(share))


def slow_table(times, points, distances, periods, metric="plane"):
    """Look at every pair."""
    table = np.zeros((len(distances), len(periods)), int)
    for i, j in itertools.combinations(range(len(times)), 2):
        gap, wait = slow_distance(points[i], points[j], metric), abs(times[i] - times[j])
        row = next((k for k, bound in enumerate(distances) if gap <= bound), None)
        column = next((k for k, bound in enumerate(periods) if wait <= bound), None)
        if row is not None and column is not None:
            table[row, column] += 1
    return table


@pytest.mark.parametrize("metric", ["plane", "greatcircle"])
@pytest.mark.parametrize("whole", [True, False])
def test_the_table_equals_its_twin(metric, whole) -> None:
    rng = np.random.default_rng(3)
    times = rng.integers(0, 60, 150) if whole else rng.uniform(0, 60, 150)
    points = rng.uniform(0, 1, (150, 2)).round(2) + np.array([49.5, 57.0])
    distances = [0.0, 0.05, 0.1, 0.3] if metric == "plane" else [1.0, 5.0, 20.0]
    found = knox(
        times, points, distances=distances, periods=[0, 3, 7, 14], seed=1, permutations=9,
        metric=metric,
    )  # fmt: skip
    expected = slow_table(times, points, distances, [0, 3, 7, 14], metric)
    np.testing.assert_array_equal(found.observed, expected)
    assert expected.sum() > 50


def test_the_permutations_follow_the_exact_distribution() -> None:
    """With five events all 120 ways to deal the times can be listed."""
    times, distances, periods = [0, 1, 3, 7, 8], [1.5, 3], [1, 4]
    points = [[0, 0], [1, 0], [1, 1], [3, 3], [4, 3]]
    tables = np.array(
        [slow_table(t, points, distances, periods) for t in itertools.permutations(times)]
    )
    observed = slow_table(times, points, distances, periods)
    found = knox(times, points, distances=distances, periods=periods, seed=5, permutations=20_000)
    np.testing.assert_array_equal(found.observed, observed)
    error = 4 * tables.std(axis=0) / math.sqrt(20_000) + 1e-9
    assert np.all(np.abs(found.expected - tables.mean(axis=0)) < error)
    exact = (tables >= observed).mean(axis=0)
    assert np.all(np.abs(found.p_value - exact) < 4 * np.sqrt(exact / 20_000) + 1e-4)


def test_the_same_seed_gives_the_same_numbers_and_a_longer_run_begins_with_the_shorter() -> None:
    rng = np.random.default_rng(1)
    times, points = rng.integers(0, 50, 80), rng.uniform(0, 1, (80, 2))
    given = {"distances": [0.1, 0.2], "periods": [7, 14], "seed": 9}
    one, again = (knox(times, points, permutations=70, **given) for _ in range(2))
    np.testing.assert_array_equal(one.p_value, again.p_value)
    other = knox(times, points, permutations=70, distances=[0.1, 0.2], periods=[7, 14], seed=10)
    assert not np.array_equal(one.expected, other.expected)


def test_the_order_and_origin_of_the_events_do_not_matter() -> None:
    rng = np.random.default_rng(2)
    times, points = rng.integers(0, 50, 80), rng.uniform(0, 1, (80, 2))
    order = rng.permutation(80)
    given = {"distances": [0.1, 0.2], "periods": [7, 14], "seed": 9, "permutations": 3}
    one = knox(times, points, **given)
    two = knox(times[order] + 1000, points[order] - 5, **given)
    np.testing.assert_array_equal(one.observed, two.observed)


def test_planted_repeats_are_found_and_chance_is_not() -> None:
    rng = np.random.default_rng(6)
    times, points = rng.integers(0, 365, 300), rng.uniform(0, 10, (300, 2))
    given = {"distances": [0.2, 0.5], "periods": [7, 14], "seed": 4, "permutations": 499}
    assert knox(times, points, **given).p_any > 0.01
    echo = rng.integers(0, 300, 60)
    times = np.concatenate([times, times[echo] + rng.integers(1, 6, 60)])
    points = np.concatenate([points, points[echo] + rng.normal(0, 0.05, (60, 2))])
    found = knox(times, points, **given)
    assert found.p_any == pytest.approx(1 / 500)
    assert found.ratio[0, 0] > 3


def test_p_any_is_an_honest_test() -> None:
    """On 200 sets without interaction it raises an alarm at 5 % about 10 times."""
    rng = np.random.default_rng(7)
    alarms = 0
    for seed in range(200):
        times, points = rng.integers(0, 100, 60), rng.uniform(0, 1, (60, 2))
        found = knox(
            times, points, distances=[0.1, 0.2], periods=[7, 14], seed=seed, permutations=99
        )
        alarms += found.p_any <= 0.05
    assert 1 <= alarms <= 22


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"times": [1]}, "two events"),
        ({"points": [[0, 0]]}, r"shape \(2, 2\)"),
        ({"points": [[0, 0], [0, math.inf]]}, "not finite"),
        ({"distances": [2, 1]}, "distances must be 0 or more and increase"),
        ({"periods": []}, "periods must be 0 or more"),
        ({"permutations": 0}, "one permutation"),
        ({"seed": -1}, "seed"),
        ({"metric": "taxi"}, "unknown metric"),
        ({"metric": "greatcircle", "points": [[91, 0], [0, 0]]}, "out of range"),
    ],
)
def test_bad_input_is_named(change, words) -> None:
    given = {
        "times": [0, 1], "points": [[0, 0], [1, 1]], "distances": [1], "periods": [1],
        "seed": 1, "permutations": 9,
    } | change  # fmt: skip
    with pytest.raises(EventInputError, match=words):
        knox(given.pop("times"), given.pop("points"), **given)
