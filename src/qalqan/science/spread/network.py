"""Who passes on to whom: a directed network in compressed rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Network:
    """A directed network of groups, channels, or simulated places in between.

    Parameters
    ----------
    rows : (n + 1,) int64
        Where the edges of each node begin.
    targets : (m,) int32
        Whom each edge leads to.
    thresholds : (m,) uint32, or (1,)
        Chance that the edge passes on, in units of 2⁻³²; the largest number stands for 1. One
        entry stands for all edges.
    """

    rows: NDArray[np.int64]
    targets: NDArray[np.int32]
    thresholds: NDArray[np.uint32]

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.rows) - 1

    @property
    def degrees(self) -> NDArray[np.int64]:
        """Number of edges that leave each node."""
        return np.diff(self.rows)

    def chances(self) -> Floats:
        """Return the chance of each edge to pass on."""
        values = np.where(self.thresholds == 2**32 - 1, 1.0, self.thresholds / 2**32)
        return np.broadcast_to(values, self.targets.shape)

    def reversed(self) -> Network:
        """Return the network with every edge turned round."""
        source = np.repeat(np.arange(self.nodes, dtype=np.int32), self.degrees)
        order = np.argsort(self.targets, kind="stable")
        rows = np.zeros(self.nodes + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.targets, minlength=self.nodes), out=rows[1:])
        own = len(self.thresholds) == len(self.targets) and len(self.targets) > 1
        return Network(rows, source[order], self.thresholds[order] if own else self.thresholds)


def network(
    source: ArrayLike,
    target: ArrayLike,
    *,
    nodes: int,
    chance: ArrayLike = 1.0,
    both_ways: bool = False,
) -> Network:
    """Build a network from a list of edges.

    Parameters
    ----------
    source, target : (m,)
        Numbers of the nodes, from 0.
    nodes
        How many nodes there are, at most 2³⁰.
    chance : (m,) or number
        Probability that an edge passes on, in [0, 1].
    both_ways
        Whether every edge also leads back.

    Returns
    -------
    Network

    Raises
    ------
    ValueError
        A number of a node or a chance is out of range.

    Examples
    --------
    >>> path = network([0, 1], [1, 2], nodes=3, chance=0.5)
    >>> path.degrees.tolist()
    [1, 1, 0]
    """
    a, b = np.asarray(source), np.asarray(target)
    a, b = (side if side.size else side.astype(np.int64) for side in (a, b))
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError("edges need as many sources as targets")
    if not 0 < nodes <= 2**30:
        raise ValueError("a network has between 1 and 1073741824 nodes")
    if len(a) and (min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= nodes):
        raise ValueError(f"nodes are numbered from 0 to {nodes - 1}")
    p = np.asarray(chance, dtype=np.float64)
    if p.shape not in ((), a.shape) or not np.isfinite(p).all() or (p < 0).any() or (p > 1).any():
        raise ValueError("chances lie between 0 and 1, one for all edges or one an edge")
    from qalqan.science.spread._kernels import compress

    steps = np.minimum(np.rint(np.atleast_1d(p) * 2**32), 2**32 - 1).astype(np.uint32)
    rows, targets, thresholds = compress(a, b, steps, nodes, both_ways)
    return Network(rows, targets, thresholds)


def random_network(degrees: ArrayLike, *, chance: float, rng: np.random.Generator) -> Network:
    """Draw a network with given degrees: half-edges are joined at random (configuration model).

    Parameters
    ----------
    degrees : (n,)
        Number of neighbours of each node; one half-edge is dropped where the sum is odd.
    chance
        Probability that an edge passes on.
    rng
        Randomness.

    Returns
    -------
    Network
        Loops and double edges stay: they are few.

    References
    ----------
    M. E. J. Newman, S. H. Strogatz, D. J. Watts, Physical Review E 64 (2001) 026118.
    """
    wanted = np.asarray(degrees, dtype=np.int64)
    ends = np.repeat(np.arange(len(wanted), dtype=np.int32), wanted)
    rng.shuffle(ends)
    half = len(ends) // 2
    return network(
        ends[:half], ends[half : 2 * half], nodes=len(wanted), chance=chance, both_ways=True
    )
