"""Draw areas from a frame with a stated seed, and say with which probability each was drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Draw:
    """What was drawn: positions in the frame in the order of the draw, and their chances.

    Parameters
    ----------
    chosen
        Positions in the frame, shape (n,).
    probability
        The chance that each of them had to be in the sample, shape (n,).
    """

    chosen: NDArray[np.int64]
    probability: NDArray[np.float64]


def simple_random(size: int, n: int, rng: np.random.Generator) -> Draw:
    """Draw ``n`` of ``size`` areas, each with the same chance, without replacement.

    Raises
    ------
    ValueError
        ``n`` is not from 1 to ``size``.

    Examples
    --------
    >>> drawn = simple_random(10, 4, np.random.default_rng(7))
    >>> len(set(drawn.chosen.tolist())), drawn.probability.tolist()
    (4, [0.4, 0.4, 0.4, 0.4])
    """
    if not 1 <= n <= size:
        raise ValueError("the number to draw must be from 1 to the number of areas")
    return Draw(rng.permutation(size)[:n].astype(np.int64), np.full(n, n / size))


def chances(sizes: ArrayLike, n: int) -> NDArray[np.float64]:
    """Return the chance of each area to be among ``n`` drawn in proportion to size.

    Areas so large that their chance would pass 1 are taken for certain, and the rest share what
    is left, until no chance passes 1.

    Parameters
    ----------
    sizes
        Sizes, shape (m,), all above nought.
    n
        How many are drawn, from 1 to m.

    Raises
    ------
    ValueError
        A size is not above nought, or ``n`` is not from 1 to m.

    References
    ----------
    Särndal, Swensson & Wretman, Model Assisted Survey Sampling, 1992, section 3.6.2.

    Examples
    --------
    >>> chances([10, 10, 20, 60], 2).tolist()
    [0.25, 0.25, 0.5, 1.0]
    """
    weight = np.asarray(sizes, dtype=float)
    if weight.ndim != 1 or not np.all(np.isfinite(weight) & (weight > 0)):
        raise ValueError("every area needs a size above nought")
    if not 1 <= n <= weight.size:
        raise ValueError("the number to draw must be from 1 to the number of areas")
    found = np.zeros(weight.size)
    certain = np.zeros(weight.size, bool)
    while True:
        left = n - int(certain.sum())
        found = np.where(certain, 1.0, left * weight / max(weight[~certain].sum(), 1e-300))
        more = ~certain & (found >= 1.0)
        if not more.any():
            return found
        certain |= more


def in_proportion(sizes: ArrayLike, n: int, rng: np.random.Generator) -> Draw:
    """Draw ``n`` areas in proportion to size: systematically, after putting them in random order.

    Raises
    ------
    ValueError
        A size is not above nought, or ``n`` is not from 1 to the number of areas.

    References
    ----------
    Madow, On the theory of systematic sampling II, 1949; Hartley & Rao, 1962.

    Examples
    --------
    >>> drawn = in_proportion([10, 10, 20, 60], 2, np.random.default_rng(1))
    >>> len(drawn.chosen), 3 in drawn.chosen.tolist(), drawn.probability.max().item()
    (2, True, 1.0)
    """
    chance = chances(sizes, n)
    order = rng.permutation(chance.size)
    steps = np.cumsum(chance[order])
    start = rng.random()
    before = np.concatenate(([0.0], steps[:-1]))
    # An area is taken where a whole number plus the start falls into its stretch.
    taken = np.floor(steps - start + 1e-9) > np.floor(before - start + 1e-9)
    chosen = order[taken].astype(np.int64)
    return Draw(chosen, chance[chosen])
