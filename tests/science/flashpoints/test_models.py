"""Slow plain twins of the models besides Poisson and permutation, and of several streams."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom

from qalqan.errors import QalqanError
from qalqan.science.flashpoints import nulls
from qalqan.science.flashpoints.engine import Plan, run
from qalqan.science.flashpoints.models import (
    Counted,
    bernoulli_counted,
    expectation_counted,
    permutation_counted,
    poisson_counted,
)
from qalqan.science.flashpoints.zones import Zones, circular_zones

PLACES = np.random.default_rng(5).uniform(0, 10, (8, 2)).round(1)
PERIODS = 5


def xlogx(x: float) -> float:
    return x * math.log(x) if x > 0 else 0.0


def slow_statistic(model: str, c, e, total, people) -> float:
    if model in ("poisson", "permutation"):
        return xlogx(c) - c * math.log(e) + xlogx(total - c) - (total - c) * math.log(total - e)
    if model == "ebpoisson":
        return (c * math.log(c / e) if c else 0.0) + e - c
    if model == "negbin":
        return abs(c - e) / math.sqrt(e)
    n = e * people / total
    free = xlogx(c) + xlogx(n - c) - xlogx(n)
    free += xlogx(total - c) + xlogx(people - n - total + c) - xlogx(people - n)
    return free - xlogx(total) - xlogx(people - total) + xlogx(people)


def zone_sets(zones: Zones):
    for row in range(len(zones.pointer) - 1):
        for end in range(zones.pointer[row], zones.pointer[row + 1]):
            if zones.closed[end]:
                yield zones.members[zones.pointer[row] : end + 1]


def slow_maximum(tables, streams, zones, windows, direction, min_cases) -> float:
    """Look at every cylinder of all streams; ``tables`` are counts as the statistic takes them."""
    best = 0.0
    for inside in zone_sets(zones):
        for first, last in windows:
            high = low = cases = 0.0
            for table, stream in zip(tables, streams, strict=True):
                c = float(table[inside, first : last + 1].sum())
                e = float(stream.scanned[1][inside, first : last + 1].sum())
                cases += c
                if not 1e-12 < e < stream.limit - 1e-9 or abs(c - e) < 1e-12:
                    continue
                value = slow_statistic(stream.model, c, e, stream.total, stream.n_people)
                high, low = high + value * (c > e), low + value * (c < e)
            if direction != "low" and (cases >= min_cases or streams[0].model == "negbin"):
                best = max(best, high)
            if direction != "high":
                best = max(best, low)
    return best


def counted(model: str, rng: np.random.Generator) -> Counted:
    cases = rng.poisson(1.5, (8, PERIODS))
    if model == "poisson":
        return poisson_counted(cases, rng.uniform(1, 3, cases.shape), 8)
    if model == "permutation":
        return permutation_counted(cases, 8)
    if model == "bernoulli":
        return bernoulli_counted(cases, rng.poisson(2.0, cases.shape), 8)
    expected = rng.uniform(0.5, 2.5, cases.shape)
    return expectation_counted(cases, expected, 8, 1.7 if model == "negbin" else None)


def slow_null(stream: Counted, seed: int, replicate: int) -> np.ndarray:
    """Draw one replicate by the null model alone, one lane, wide integers."""
    kind = float if stream.size is not None else np.int64
    cells = np.zeros((*stream.cases.shape, 1), kind)
    assert stream.null().fill(cells, seed, replicate, 1)
    return cells[:, :, 0]


@pytest.mark.parametrize("direction", ["high", "low", "both"])
@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("model", ["poisson", "bernoulli", "permutation", "ebpoisson", "negbin"])
def test_model_equals_its_twin(model, number, direction) -> None:
    rng = np.random.default_rng(11)
    streams = [counted(model, rng) for _ in range(number)]
    weights = np.sum([stream.expected.sum(axis=1) for stream in streams], axis=0)
    zones = circular_zones(PLACES, population=weights)
    plan = Plan(7, 12, direction, False, (1, 3), 3, 1, None)
    result = run(streams, zones, plan)
    windows = [(a, b) for a in range(PERIODS) for b in range(a, min(a + 3, PERIODS))]
    slow = []
    for r in range(12):
        seeds = [(7 + s * 0x9E3779B97F4A7C15) % 2**64 for s in range(number)]
        tables = [slow_null(s, seed, r) for s, seed in zip(streams, seeds, strict=True)]
        slow.append(slow_maximum(tables, streams, zones, windows, direction, 3))
    assert result.null_maxima == pytest.approx(slow, rel=1e-9, abs=1e-9)
    tables = [stream.scanned[0] for stream in streams]
    seen = slow_maximum(tables, streams, zones, windows, direction, 3)
    assert result.clusters[0].log_likelihood_ratio == pytest.approx(seen, rel=1e-9)
    assert len(result.clusters[0].streams) == (number if number > 1 else 0)


def test_bernoulli_replicates_choose_persons_without_replacement() -> None:
    people = np.array([[1, 0], [2, 5]])
    model = nulls.Hypergeometric.of(people, 4)
    cells = np.zeros((2, 2, 4000), np.uint8)
    assert model.fill(cells, 3, 0, 4000)
    assert (cells.sum(axis=(0, 1)) == 4).all()
    assert (cells <= people[:, :, None]).all()
    share = people / 8
    error = np.sqrt(4 * share * (1 - share) / 4000)
    assert (np.abs(cells.mean(axis=2) - 4 * share) <= 4.5 * error).all()


def test_free_totals_have_the_mean_and_variance_of_their_model() -> None:
    mean = np.array([[2.0, 0.5], [4.0, 1.0]])
    cells = np.zeros((2, 2, 4000), np.int64)
    nulls.PoissonCells.of(mean).fill(cells, 1, 0, 4000)
    assert cells.mean(axis=2) == pytest.approx(mean, rel=0.1)
    assert cells.var(axis=2) == pytest.approx(mean, rel=0.15)
    model = nulls.NegativeBinomial(mean, np.full((2, 2), 2.0))
    scaled = np.zeros((2, 2, 4000))
    model.fill(scaled, 1, 0, 4000)
    raw = scaled * model.overdispersion[:, :, None]
    assert raw.mean(axis=2) == pytest.approx(mean, rel=0.12)
    assert raw.var(axis=2) == pytest.approx(mean + mean**2 / 2.0, rel=0.25)


def test_narrow_integers_that_overflow_are_drawn_anew() -> None:
    """More than 255 cases in one area need more than a byte, though few areas have so many."""
    cases = np.zeros(8)
    cases[:] = [600, 3, 2, 1, 2, 3, 1, 2]
    population = cases.copy()
    zones = circular_zones(PLACES, population=np.ones(8))
    streams = [poisson_counted(cases, population, 8)]
    result = run(streams, zones, Plan(1, 5, "high", False, (1, 1), 2, 1, None, space_only=True))
    slow = [
        slow_maximum([slow_null(streams[0], 1, r)], streams, zones, [(0, 0)], "high", 2)
        for r in range(5)
    ]
    assert result.null_maxima == pytest.approx(slow, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("model", ["bernoulli", "ebpoisson", "negbin"])
def test_false_alarms_keep_to_the_level(model) -> None:
    """With 300 sets without a cluster, p <= 0.05 must be binomial with 5 %."""
    rng = np.random.default_rng(78)
    zones = circular_zones(PLACES, population=np.ones(8))
    alarms = 0
    for trial in range(300):
        if model == "bernoulli":
            people = np.full(8, 6)
            cases = rng.multivariate_hypergeometric(people, 16)
            stream = bernoulli_counted(cases, people - cases, 8)
        elif model == "ebpoisson":
            stream = expectation_counted(rng.poisson(3.0, 8), np.full(8, 3.0), 8)
        else:
            drawn = rng.negative_binomial(2.0, 2.0 / 5.0, 8)
            stream = expectation_counted(drawn, np.full(8, 3.0), 8, 2.0)
        plan = Plan(trial, 99, "high", False, (1, 1), 1, 1, None, space_only=True)
        result = run([stream], zones, plan)
        alarms += bool(result.clusters and result.clusters[0].p_value <= 0.05)
    # Ties of few cases make p conservative, so only the upper end is an equality.
    assert binom.ppf(1e-4, 300, 0.02) <= alarms <= binom.ppf(1 - 1e-4, 300, 0.05)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: bernoulli_counted([1, 2], [0, 0], 2), "both cases and controls"),
        (lambda: bernoulli_counted([1, 2], [[1, 0], [0, 1]], 2), "controls of shape"),
        (lambda: bernoulli_counted([1, 2], [1, -1], 2), "controls are negative .area 1"),
        (lambda: expectation_counted([1, 2], [1, 0], 2), "cases but no population .area 1"),
        (lambda: expectation_counted([1, 2], [1, 1], 2, 0.0), "size of the negative binomial"),
    ],
)
def test_bad_input_is_named(make, words) -> None:
    with pytest.raises(QalqanError, match=words):
        make()
