"""Sets drawn at maximum entropy: against every set written out, and by their frequencies."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import chi2

from qalqan.science.protection import _sampling_kernels as kernels
from qalqan.science.protection.checks import ProtectionInputError
from qalqan.science.protection.sampling import comb, comb_entropy_bits, conditional_poisson

SMALL = np.array([0.9, 0.7, 0.5, 0.4, 0.3, 0.2])


def table(n: int, count: int) -> np.ndarray:
    rows = np.zeros((len(list(combinations(range(n), count))), n))
    for row, chosen in enumerate(combinations(range(n), count)):
        rows[row, list(chosen)] = 1
    return rows


def highest_entropy_bits(marginals: np.ndarray, count: int) -> float:
    """Maximise the entropy over all distributions of sets, by its dual, known nothing of odds."""
    sets = table(len(marginals), count)

    def dual(price: np.ndarray) -> tuple[float, np.ndarray]:
        weight = sets @ price
        top = weight.max()
        shares = np.exp(weight - top)
        total = shares.sum()
        return float(top + np.log(total) - marginals @ price), shares / total @ sets - marginals

    found = minimize(dual, np.zeros(len(marginals)), jac=True, method="BFGS", tol=1e-12)
    return float(found.fun / np.log(2))


def test_no_distribution_with_these_marginals_has_more_entropy() -> None:
    found = conditional_poisson(SMALL, 3)
    assert found.entropy_bits == pytest.approx(highest_entropy_bits(SMALL, 3), abs=1e-7)
    assert found.entropy_bits > comb_entropy_bits(SMALL)


def test_marginals_and_entropy_equal_all_sets_written_out() -> None:
    found = conditional_poisson(SMALL, 3)
    sets = table(6, 3)
    weight = np.exp(sets @ np.log(found.odds))
    shares = weight / weight.sum()
    assert shares @ sets == pytest.approx(SMALL, abs=1e-12)
    assert found.entropy_bits == pytest.approx(-(shares * np.log2(shares)).sum(), abs=1e-10)
    surprise = [found.surprise_bits(np.flatnonzero(row)) for row in sets]
    assert surprise == pytest.approx(-np.log2(shares), abs=1e-9)


def test_chi_square_over_a_hundred_thousand_draws() -> None:
    found = conditional_poisson(SMALL, 3)
    draws = 100_000
    chosen = found.draw(draws, np.random.default_rng(11))
    assert chosen.shape == (draws, 3)
    sets = table(6, 3)
    weight = np.exp(sets @ np.log(found.odds))
    expected = draws * weight / weight.sum()
    key = {tuple(np.flatnonzero(row)): k for k, row in enumerate(sets)}
    seen = np.bincount([key[tuple(row)] for row in chosen.tolist()], minlength=len(sets))
    statistic = ((seen - expected) ** 2 / expected).sum()
    assert chi2.sf(statistic, len(sets) - 1) > 0.001
    counts = np.bincount(chosen.ravel(), minlength=6)
    assert np.all(np.abs(counts / draws - SMALL) < 4.5 * np.sqrt(SMALL * (1 - SMALL) / draws))


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=30), st.integers(1, 29))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_marginals_are_exact(parts: list[int], count: int) -> None:
    from qalqan.science.protection.baselines import proportional

    marginals = proportional(np.array(parts, dtype=float), min(count, len(parts)))
    found = conditional_poisson(marginals, round(float(marginals.sum())))
    assert found.error <= 1e-9
    drawn = found.draw(5, np.random.default_rng(0))
    assert all(len(set(row)) == found.count for row in drawn.tolist())
    assert all(set(found.certain.tolist()) <= set(row) for row in drawn.tolist())
    assert not np.isin(drawn, np.flatnonzero(marginals == 0)).any()


def test_kernels_equal_their_plain_twins() -> None:
    rng = np.random.default_rng(4)
    odds = np.exp(rng.normal(size=40))
    assert kernels.inclusion.py_func(odds, 7) == pytest.approx(kernels.inclusion(odds, 7))
    assert kernels.log_normaliser.py_func(odds, 7) == pytest.approx(kernels.log_normaliser(odds, 7))
    take = kernels.take_tables(odds, 7)
    assert kernels.take_tables.py_func(odds, 7) == pytest.approx(take)
    uniforms = rng.random((20, 40))
    plain = kernels.draw_sets.py_func(take, uniforms, 7)
    assert np.array_equal(plain, kernels.draw_sets(take, uniforms, 7))


def test_very_uneven_and_very_many() -> None:
    rng = np.random.default_rng(5)
    uneven = np.array([1e-7, 1 - 1e-7, 0.5, 0.5, 1.0, 0.0])
    assert conditional_poisson(uneven, 3).error <= 1e-9
    many = rng.random(3000)
    many *= 100 / many.sum()
    found = conditional_poisson(many, 100)
    assert found.error <= 1e-12
    assert len(found.draw(3, rng)[0]) == 100


def test_the_comb_has_the_marginals_but_few_sets() -> None:
    rng = np.random.default_rng(6)
    draws = np.concatenate([comb(SMALL, rng, shuffled=False) for _ in range(20_000)])
    assert np.bincount(draws) / 20_000 == pytest.approx(SMALL, abs=0.02)
    assert comb_entropy_bits(SMALL) < 2.6
    shuffled = np.concatenate([comb(SMALL, rng, shuffled=True) for _ in range(20_000)])
    assert np.bincount(shuffled) / 20_000 == pytest.approx(SMALL, abs=0.02)


def test_the_same_seed_draws_the_same() -> None:
    found = conditional_poisson(SMALL, 3)
    first, second = (found.draw(50, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first, second)


def test_says_what_is_wrong() -> None:
    with pytest.raises(ProtectionInputError, match=r"sum to 1\.500000, not to 2"):
        conditional_poisson([0.5, 0.5, 0.5], 2)
    with pytest.raises(ProtectionInputError, match="no probability") as caught:
        conditional_poisson([0.5, 1.5], 2)
    assert caught.value.row == 1
    assert conditional_poisson([1.0, 0.0], 1).entropy_bits == 0


@pytest.mark.parametrize(
    ("marginals", "count"),
    [
        ([0.49613577760204247, 0.5032855761739912, 0.0005786462239663567], 1),
        ([0.37, 0.01, 0.62], 1),
        ([0.36771616563065307, 0.9967321563705097, 0.6355516779988373], 2),
        ([1e-8, 3e-4, 0.5, 0.5 - 3e-4 - 1e-8], 1),
    ],
)
def test_odds_are_found_where_few_units_share_almost_everything(
    marginals: list[float], count: int
) -> None:
    found = conditional_poisson(marginals, count)
    sets = table(len(marginals), count)
    shares = np.exp(sets @ np.log(found.odds))
    assert shares / shares.sum() @ sets == pytest.approx(marginals, abs=1e-11)
    if count == 1:
        plain = -sum(p * np.log2(p) for p in marginals)
        assert found.entropy_bits == pytest.approx(plain, abs=1e-9)
