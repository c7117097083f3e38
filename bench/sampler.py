"""Schedules at maximum entropy beside the comb: bits, marginals by chi-square, speed.

    python bench/sampler.py [--seed 1] [--draws 100000]

The highest entropy is found independently where all sets can be written out (by its dual, with
scipy); elsewhere it is the entropy of the conditional Poisson distribution itself.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from scipy.stats import chi2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.science.protection.test_sampling import highest_entropy_bits, table  # noqa: E402

from qalqan.science.protection.baselines import proportional  # noqa: E402
from qalqan.science.protection.sampling import (  # noqa: E402
    comb,
    comb_entropy_bits,
    conditional_poisson,
)


def entropy_of(sets: np.ndarray) -> float:
    """Return the entropy of drawn sets, corrected after Miller and Madow."""
    _rows, counts = np.unique(sets, axis=0, return_counts=True)
    shares = counts / counts.sum()
    return float(
        -(shares * np.log2(shares)).sum() + (len(counts) - 1) / (2 * len(sets) * np.log(2))
    )


def marginal_test(drawn: np.ndarray, marginals: np.ndarray) -> tuple[float, int]:
    """Return the p value that drawn sets of fixed size have these marginals.

    Counts of units in one set are dependent; the statistic uses their estimated covariance.
    """
    held = (marginals > 1e-9) & (marginals < 1 - 1e-9)
    units = np.flatnonzero(held)[:-1]
    places = np.zeros((len(drawn), len(marginals)))
    np.put_along_axis(places, drawn, 1.0, axis=1)
    part = places[:, units]
    off = part.mean(axis=0) - marginals[units]
    spread = np.cov(part, rowvar=False)
    statistic = len(drawn) * off @ np.linalg.solve(spread, off)
    return float(chi2.sf(statistic, len(units))), len(units)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draws", type=int, default=100_000)
    given = parser.parse_args()
    rng = np.random.default_rng(given.seed)
    for n, count in ((8, 3), (10, 3), (12, 4), (50, 5), (200, 20)):
        marginals = proportional(rng.gamma(2.0, size=n), count)
        found = conditional_poisson(marginals, count)
        start = time.process_time()
        drawn = found.draw(given.draws, rng)
        spent = time.process_time() - start
        p_value, units = marginal_test(drawn, marginals)
        plain = comb_entropy_bits(marginals)
        line = f"{n:4} units, {count:2} a set: {found.entropy_bits:7.3f} bits"
        if n <= 12:
            best = highest_entropy_bits(marginals, count)
            sets = [comb(marginals, rng, shuffled=True) for _ in range(given.draws // 5)]
            line += f", highest possible {best:.3f} ({found.entropy_bits / best:.4%})"
            line += (
                f", drawn {entropy_of(drawn):.3f}, shuffled comb {entropy_of(np.array(sets)):.3f}"
            )
            line += f" of {np.log2(len(table(n, count))):.2f} for {len(table(n, count))} sets alike"
        print(f"{line}; comb in fixed order {plain:.3f}; marginals' error {found.error:.0e}, "
              f"chi-square over {given.draws:,} draws p = {p_value:.3f} ({units} degrees); "
              f"{spent / given.draws * 1e6:.2f} µs a draw")  # fmt: skip


if __name__ == "__main__":
    main()
