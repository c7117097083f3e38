"""Slow plain twins of the compiled scans: same seed, same numbers."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from qalqan.science.flashpoints.montecarlo import Multinomial, alias_table
from qalqan.science.flashpoints.scan import scan_permutation, scan_poisson
from qalqan.science.flashpoints.zones import circular_zones

MASK = 2**64 - 1
GAMMA = 0x9E3779B97F4A7C15


def slow_mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def slow_stream(seed: int, replicate: int):
    """Yield the random words of one replicate."""
    key = slow_mix(
        slow_mix((seed + GAMMA) & MASK) ^ slow_mix((replicate * GAMMA + 0xBF58476D1CE4E5B9) & MASK)
    )
    while True:
        key = (key + GAMMA) & MASK
        yield slow_mix(key)


def slow_multinomial(expected, total, seed, replicate):
    chance, alias = alias_table(np.asarray(expected, float).ravel())
    cases = np.zeros(np.shape(expected), np.int64).ravel()
    for word in itertools.islice(slow_stream(seed, replicate), total):
        cell = ((word >> 32) * len(chance)) >> 32
        cases[cell if (word & 0xFFFFFFFF) < chance[cell] else alias[cell]] += 1
    return cases.reshape(np.shape(expected))


def slow_permutation(cases, seed, replicate):
    areas, deck = [], []
    for (area, period), count in np.ndenumerate(cases):
        areas += [area] * count
        deck += [period] * count
    words = slow_stream(seed, replicate)
    shuffled = np.zeros_like(cases)
    for i in reversed(range(len(deck))):
        j = ((next(words) >> 32) * (i + 1)) >> 32
        deck[i], deck[j] = deck[j], deck[i]
        shuffled[areas[i], deck[i]] += 1
    return shuffled


def slow_ratio(count: int, expected: float, total: int) -> float:
    inside = count * math.log(count / expected) if count else 0.0
    rest = total - count
    return inside + (rest * math.log(rest / (total - expected)) if rest else 0.0)


def slow_maximum(cases, expected, zones, windows, direction, min_cases):
    """Look at every cylinder, one after the other."""
    total, best = int(cases.sum()), 0.0
    for centre in range(zones.n_areas):
        for end in range(zones.pointer[centre], zones.pointer[centre + 1]):
            if not zones.closed[end]:
                continue
            inside = zones.members[zones.pointer[centre] : end + 1]
            for first, last in windows:
                c = int(cases[inside, first : last + 1].sum())
                e = float(expected[inside, first : last + 1].sum())
                if not 1e-12 < e < total - 1e-9:
                    continue
                high = direction != "low" and c > e and c >= min_cases
                if high or (direction != "high" and c < e):
                    best = max(best, slow_ratio(c, e, total))
    return best


def windows_of(periods, longest, prospective):
    return [
        (a, b)
        for a in range(periods)
        for b in range(a, min(a + longest, periods))
        if not prospective or b == periods - 1
    ]


@pytest.fixture(scope="module")
def places() -> np.ndarray:
    return np.random.default_rng(5).uniform(0, 10, (9, 2)).round(1)


@pytest.mark.parametrize("direction", ["high", "low", "both"])
@pytest.mark.parametrize(("size", "replicates"), [(30, 70), (400, 5), (70_000, 2)])
def test_poisson_in_space_equals_its_twin(places, direction, size, replicates) -> None:
    """Totals of 30, 400 and 70,000 take counts of one, two and four bytes."""
    rng = np.random.default_rng(size)
    population = rng.integers(1, 100, len(places)).astype(float)
    population[3] = 0
    cases = rng.multinomial(size, population / population.sum())
    zones = circular_zones(places, population=population)
    result = scan_poisson(
        cases, population, zones, seed=11, replicates=replicates, direction=direction
    )
    expected = (population / population.sum() * size)[:, None]
    slow = [
        slow_maximum(
            slow_multinomial(expected, size, 11, r), expected, zones, [(0, 0)], direction, 2
        )
        for r in range(replicates)
    ]
    assert result.null_maxima == pytest.approx(slow, rel=1e-9, abs=1e-9)
    seen = slow_maximum(cases[:, None], expected, zones, [(0, 0)], direction, 2)
    assert result.clusters[0].log_likelihood_ratio == pytest.approx(seen, rel=1e-9)


@pytest.mark.parametrize("prospective", [False, True])
@pytest.mark.parametrize("direction", ["high", "low", "both"])
@pytest.mark.parametrize("model", ["poisson", "permutation"])
def test_space_time_equals_its_twin(places, model, direction, prospective) -> None:
    rng = np.random.default_rng(8)
    cases = rng.poisson(1.3, (len(places), 6))
    population = rng.uniform(1, 5, cases.shape)
    total, replicates = int(cases.sum()), 20
    settings = {
        "seed": 3, "replicates": replicates, "direction": direction,
        "prospective": prospective, "max_duration": 4, "min_cases": 3,
    }  # fmt: skip
    if model == "poisson":
        expected = population / population.sum() * total
        zones = circular_zones(places, population=population.sum(axis=1))
        result = scan_poisson(cases, population, zones, **settings)
    else:
        expected = np.outer(cases.sum(axis=1), cases.sum(axis=0)) / total
        zones = circular_zones(places, population=cases.sum(axis=1))
        result = scan_permutation(cases, zones, **settings)
    # A prospective scan runs backwards in time, so its replicates are drawn backwards too.
    turn = slice(None, None, -1) if prospective else slice(None)
    slow = []
    for r in range(replicates):
        if model == "poisson":
            null = slow_multinomial(expected[:, turn], total, 3, r)
        else:
            null = slow_permutation(cases[:, turn], 3, r)
        windows = windows_of(6, 4, prospective)
        slow.append(slow_maximum(null[:, turn], expected, zones, windows, direction, 3))
    assert result.null_maxima == pytest.approx(slow, rel=1e-9, abs=1e-9)
    seen = slow_maximum(cases, expected, zones, windows_of(6, 4, prospective), direction, 3)
    assert result.clusters[0].log_likelihood_ratio == pytest.approx(seen, rel=1e-9)


def test_splitmix_gives_its_published_words() -> None:
    """The first words of splitmix64 from state 1234567, as Vigna's reference code prints them."""
    words = [slow_mix((1234567 + GAMMA * i) & MASK) for i in range(1, 4)]
    assert words == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_the_compiled_mixer_equals_the_plain_one() -> None:
    from qalqan.science.flashpoints import _draw_kernels

    for word in (0, 1, GAMMA, MASK):
        assert int(_draw_kernels.mix(np.uint64(word))) == slow_mix(word)


def test_alias_table_keeps_the_shares() -> None:
    weights = np.array([0.0, 1, 2, 5, 0, 12, 0.5])
    chance, alias = alias_table(weights)
    shares = chance / 2.0**32
    got = shares.copy()
    np.add.at(got, alias, 1 - shares)
    assert got / len(weights) == pytest.approx(weights / weights.sum(), abs=1e-9)
    assert got[0] == got[4] == 0


def test_multinomial_replicates_have_the_right_mean_and_total() -> None:
    expected = np.array([[1.0, 2.0], [3.0, 14.0]])
    model = Multinomial.of(expected, 20)
    sums = np.zeros((2, 2))
    for first in range(0, 6400, 64):
        cells = np.zeros((2, 2, 64), np.uint8)
        model.fill(cells, 1, first, 64)
        assert (cells.sum(axis=(0, 1)) == 20).all()
        sums += cells.sum(axis=2)
    share = expected / 20
    error = np.sqrt(20 * share * (1 - share) / 6400)
    assert (np.abs(sums / 6400 - expected) < 4.5 * error).all()
