"""Pure schedules from probabilities, with as little pattern as possible.

Chen X-H, Dempster AP, Liu JS (1994), Weighted finite population sampling to maximize entropy,
Biometrika 81(3), 457–469. Tillé Y (2006), Sampling algorithms, Springer, section 5.3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.protection._sampling_kernels import (
    draw_sets,
    inclusion,
    log_normaliser,
    take_tables,
)
from qalqan.science.protection.checks import ProtectionInputError, as_count, as_vector, refuse

_NEAR = 1e-9
"""Probabilities nearer than this to 0 or 1 are 0 or 1."""
_SUM = 1e-6
_EXACT = 1e-12
_LEAST = 1e-15
_MEMORY = 5
_LONGEST = 5.0
_STEPS = 500
_CELLS = 20_000_000
_LARGEST = 200_000_000


@dataclass(frozen=True, slots=True)
class ConditionalPoisson:
    """The distribution of sets of fixed size with given marginals and the highest entropy.

    Attributes
    ----------
    marginals : ndarray, shape (units,)
        Probability of each unit; sums to ``count``.
    count : int
        Units in each set.
    certain, open : ndarray of int
        Units in every set, and units that are drawn.
    odds : ndarray, shape (open,)
        Odds of the independent draws that are conditioned on their number.
    entropy_bits : float
        Entropy of the distribution: no other with these marginals and sizes has more.
    error : float
        Largest difference between a marginal and the one the odds give.
    """

    marginals: NDArray[np.float64]
    count: int
    certain: NDArray[np.int64]
    open: NDArray[np.int64]
    odds: NDArray[np.float64]
    entropy_bits: float
    error: float

    def draw(self, draws: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Return independent sets.

        Parameters
        ----------
        draws : int
            How many.
        rng : numpy.random.Generator
            Source of chance.

        Returns
        -------
        ndarray of int, shape (draws, count)
            Units of each set, ascending.
        """
        drawn = self.count - len(self.certain)
        parts = []
        take = take_tables(self.odds, drawn)
        for size in _blocks(draws, len(self.open)):
            uniforms = rng.random((size, len(self.open)))
            parts.append(self.open[draw_sets(take, uniforms, drawn)])
        found = np.concatenate(parts) if parts else np.empty((0, drawn), dtype=np.int64)
        fixed = np.broadcast_to(self.certain, (len(found), len(self.certain)))
        return np.sort(np.concatenate([fixed, found], axis=1), axis=1)

    def surprise_bits(self, chosen: ArrayLike) -> float:
        """Return minus the binary logarithm of a set's probability."""
        place = np.full(len(self.marginals), -1)
        place[self.open] = np.arange(len(self.open))
        rows = place[np.asarray(chosen, dtype=np.int64)]
        logs = np.log(self.odds[rows[rows >= 0]]).sum()
        total = log_normaliser(self.odds, self.count - len(self.certain))
        return float((total - logs) / math.log(2))


def _blocks(draws: int, units: int) -> Iterator[int]:
    step = max(1, _CELLS // max(1, units))
    for start in range(0, draws, step):
        yield min(step, draws - start)


def conditional_poisson(marginals: ArrayLike, count: int) -> ConditionalPoisson:
    """Find the distribution of highest entropy over sets of ``count`` units.

    Independent draws conditioned on their number: an exponential family, so the highest entropy
    among all distributions with its marginals. The odds are found by adding, again and again, the
    difference between the logits wanted and the logits reached.

    Parameters
    ----------
    marginals : array_like, shape (units,)
        Probability of each unit, 0 to 1; their sum is ``count`` to 1e-6.
    count : int
        Units in each set.

    Returns
    -------
    ConditionalPoisson
        Exact marginals (to 1e-12), entropy, and draws.

    Raises
    ------
    ProtectionInputError
        A number that is no probability, or a sum that is not ``count``.

    Examples
    --------
    >>> found = conditional_poisson([0.5, 0.5, 0.5, 0.5], 2)
    >>> round(found.entropy_bits, 6)  # six pairs, all alike
    2.584963
    """
    size = as_count(count, "count")
    wanted = as_vector(marginals, "probability")
    refuse((wanted < -_NEAR) | (wanted > 1 + _NEAR), "this is no probability", "probability")
    total = float(wanted.sum())
    if abs(total - size) > _SUM:
        raise ProtectionInputError(
            f"the probabilities sum to {total:.6f}, not to {size}", column="probability"
        )
    certain = np.flatnonzero(wanted >= 1 - _NEAR)
    open_units = np.flatnonzero((wanted > _NEAR) & (wanted < 1 - _NEAR))
    drawn = size - len(certain)
    if len(open_units) * (drawn + 1) > _LARGEST:
        raise ProtectionInputError("there are too many units times draws; split them by district")
    if not len(open_units) or drawn == 0:
        return ConditionalPoisson(wanted, size, certain, open_units[:0], np.empty(0), 0.0, 0.0)
    target = wanted[open_units]
    target = target * (drawn / target.sum())
    odds, error = _fitted(target, drawn)
    nats = log_normaliser(odds, drawn) - float(target @ np.log(odds))
    return ConditionalPoisson(
        wanted, size, certain, open_units, odds, max(0.0, nats / math.log(2)), error
    )


def _fitted(target: NDArray[np.float64], drawn: int) -> tuple[NDArray[np.float64], float]:
    wanted = np.log(target) - np.log1p(-target)
    logits, tried, error, damp = wanted, wanted, math.inf, 1.0
    height = apart = math.inf
    change = np.zeros_like(wanted)
    path: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    for _ in range(_STEPS):
        reached = np.minimum(inclusion(np.exp(tried), drawn), 1.0 - _LEAST)
        there = log_normaliser(np.exp(tried), drawn) - float(target @ tried)
        off = float(((reached - target) ** 2 / (target * (1.0 - target))).sum())
        # The odds are where a convex function is least; the change leads down from anywhere. The
        # nearer, the less its height can tell, and the more the distance of the marginals.
        if there < height or off < apart:
            logits, height, apart, damp = tried, there, off, 1.0
            error = float(np.abs(reached - target).max())
            if error <= _EXACT:
                break
            change = wanted - (np.log(reached) - np.log1p(-reached))
            change -= change.mean()
            path = [*path[-_MEMORY:], (logits, change)]
            tried = logits + _mixed(path)
        else:
            path, damp = path[-1:], damp / 2
            tried = logits + damp * change
    if error > _NEAR:
        raise ProtectionInputError(f"the odds could not be found: error {error:.1e}")
    return np.exp(logits), error


def _mixed(path: list[tuple[NDArray[np.float64], NDArray[np.float64]]]) -> NDArray[np.float64]:
    """Return the next step, bent by what the last ones did (Anderson 1965, Journal of the ACM 12).

    With two or three units the plain step swings from side to side.
    """
    places, changes = (np.diff(np.stack(rows), axis=0).T for rows in zip(*path, strict=True))
    last = path[-1][1]
    if len(path) == 1:
        return last
    weights = np.linalg.lstsq(changes, last, rcond=None)[0]
    mixed: NDArray[np.float64] = last - (places + changes) @ weights
    return np.clip(mixed, -_LONGEST, _LONGEST)


def comb(marginals: ArrayLike, rng: np.random.Generator, *, shuffled: bool) -> NDArray[np.int64]:
    """Draw a set by a comb of unit spacing over the summed probabilities.

    The plain way, kept for comparison: in the order given its sets are few and easily learnt.

    Examples
    --------
    >>> comb([0.5, 0.5, 0.5, 0.5], np.random.default_rng(1), shuffled=False).tolist()
    [1, 3]
    """
    values = as_vector(marginals, "probability")
    order = rng.permutation(len(values)) if shuffled else np.arange(len(values))
    ends = np.cumsum(values[order])
    teeth = np.arange(round(ends[-1])) + rng.random()
    picked = np.searchsorted(ends, teeth, side="right")
    return np.sort(order[np.minimum(picked, len(values) - 1)])


def comb_entropy_bits(marginals: ArrayLike) -> float:
    """Return the entropy of the comb in the order given: each set holds on a stretch of starts.

    >>> comb_entropy_bits([0.5, 0.5, 0.5, 0.5])  # two sets only
    1.0
    """
    ends = np.cumsum(as_vector(marginals, "probability"))
    cuts = np.unique(np.concatenate([[0.0, 1.0], np.clip(ends - np.floor(ends), 0.0, 1.0)]))
    # At each cut one tooth moves on to another unit and none ever comes back.
    lengths = np.diff(cuts)
    lengths = lengths[lengths > _EXACT]
    return abs(-float((lengths * np.log2(lengths)).sum()))
