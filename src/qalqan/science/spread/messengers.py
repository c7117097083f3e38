"""Which groups and channels to ask first to pass on a correction.

The choice maximises the expected reach in the independent cascade model, up to a stated error with
a stated probability, and is always shown beside the plain choice: those with most connections. It
is called better only where simulated runs say so. Nodes are groups and channels, never people:
`KINDS` has no other, and the kind of every node must be given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.spread.network import Floats, Network
from qalqan.science.spread.simulate import Mean, Scenario, mean_of, simulate

KINDS = ("group", "channel")
"""What a messenger may be."""
_MOST_SETS = 20_000_000
_FAR = 1e9
"""An end that no cascade reaches."""


@dataclass(frozen=True, slots=True)
class Messengers:
    r"""Whom to ask, beside the plain choice.

    Parameters
    ----------
    chosen : (k,)
        Nodes in the order of their choice.
    most_connected : (k,)
        The nodes with most connections.
    epsilon, delta
        With probability at least :math:`1 - \delta` the expected reach is at least
        :math:`1 - 1/e - \epsilon` of the best possible.
    sets
        How many random sets the choice is based on.
    reach, plain_reach
        Simulated reach of either choice, with its interval.
    gain
        Mean difference of the two over the same runs, with its interval.
    better
        Whether the interval of the gain lies above zero; otherwise the plain choice does as well.
    """

    chosen: NDArray[np.int64]
    most_connected: NDArray[np.int64]
    epsilon: float
    delta: float
    sets: int
    reach: Mean
    plain_reach: Mean
    gain: Mean
    better: bool


def choose_messengers(
    network: Network,
    kinds: Sequence[str],
    how_many: int,
    *,
    weights: ArrayLike | None = None,
    allowed: ArrayLike | None = None,
    epsilon: float = 0.1,
    delta: float = 0.01,
    runs: int = 2000,
    seed: int = 0,
) -> Messengers:
    r"""Choose the groups and channels that together reach most.

    Random sets of nodes that would have reached a random node are drawn (reverse reachable sets);
    the nodes that lie in most of them, chosen one after the other, are within
    :math:`1 - 1/e - \epsilon` of the best. How many sets that needs follows from a lower bound of
    the best reach, found by halving (eqs. 7-9); the final sets are drawn afresh, as the bound
    would otherwise depend on them.

    Parameters
    ----------
    network
        Who passes on to whom, with which chance.
    kinds : (nodes,)
        ``"group"`` or ``"channel"`` for every node.
    how_many
        Messengers wanted.
    weights : (nodes,), optional
        What each node counts, members for instance; 1 by default.
    allowed : (nodes,) bool, optional
        Who may be asked; all by default.
    epsilon, delta
        Error and the chance to miss it.
    runs
        Simulated runs of the comparison.
    seed
        Randomness.

    Returns
    -------
    Messengers

    Raises
    ------
    ValueError
        A kind is neither group nor channel, or a parameter is out of range.

    References
    ----------
    Y. Tang, Y. Shi, X. Xiao, SIGMOD 2015, 1539-1554 (IMM, algorithms 1-3). W. Chen, "An issue in
    the martingale analysis of the influence maximization algorithm IMM", CSoNet 2018, 286-297
    (fresh sets, workaround 1).

    Examples
    --------
    >>> from qalqan.science.spread.network import network
    >>> star = network([0, 0, 0, 3], [1, 2, 3, 4], nodes=5)
    >>> choose_messengers(star, ["channel"] + ["group"] * 4, 1, runs=10).chosen.tolist()
    [0]
    """
    each, may = _checked(network, kinds, how_many, weights, allowed, epsilon, delta)
    sets, chosen = _imm(network, each, may, how_many, epsilon, delta, seed)
    plain = most_connected(network, how_many, allowed=may)
    first = seed + 1
    found, other = (
        simulate(
            network, Scenario(tuple(int(node) for node in nodes), end=_FAR), runs=runs,
            seed=first, weights=each,
        ).believed
        for nodes in (chosen, plain)
    )  # fmt: skip
    gain = mean_of(found - other)
    return Messengers(
        chosen, plain, epsilon, delta, sets, mean_of(found), mean_of(other), gain, gain.low > 0
    )


def most_connected(
    network: Network, how_many: int, *, allowed: ArrayLike | None = None
) -> NDArray[np.int64]:
    """Return the nodes that pass on to most others; of equals the first by number."""
    degrees = network.degrees.astype(np.int64)
    if allowed is not None:
        degrees = np.where(np.asarray(allowed, dtype=np.bool_), degrees, -1)
    return np.argsort(-degrees, kind="stable")[:how_many]


def _checked(
    network: Network,
    kinds: Sequence[str],
    how_many: int,
    weights: ArrayLike | None,
    allowed: ArrayLike | None,
    epsilon: float,
    delta: float,
) -> tuple[Floats, NDArray[np.bool_]]:
    n = network.nodes
    if len(kinds) != n:
        raise ValueError("the kind of every node must be given")
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"messengers are groups and channels, not {kind!r}")
    each = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    if each.shape != (n,) or not np.isfinite(each).all() or (each < 0).any() or each.sum() <= 0:
        raise ValueError("weights need one number of at least 0 for each node, not all 0")
    may = np.ones(n, np.bool_) if allowed is None else np.asarray(allowed, dtype=np.bool_)
    if may.shape != (n,) or not 1 <= how_many <= may.sum():
        raise ValueError(f"between 1 and {int(may.sum())} messengers can be chosen")
    if not (0 < epsilon < 1 and 0 < delta < 1):
        raise ValueError("epsilon and delta lie between 0 and 1")
    return each, may


def _imm(
    network: Network,
    weights: Floats,
    allowed: NDArray[np.bool_],
    how_many: int,
    epsilon: float,
    delta: float,
    seed: int,
) -> tuple[int, NDArray[np.int64]]:
    """Return the number of sets and the nodes chosen."""
    from scipy.special import gammaln

    from qalqan.science.spread._messenger_kernels import cover, reverse_sets

    back = network.reversed()
    cumulative = np.cumsum(weights)
    total, n = float(cumulative[-1]), max(network.nodes, 2)
    candidates = int(allowed.sum())
    choices = float(
        gammaln(candidates + 1) - gammaln(how_many + 1) - gammaln(candidates - how_many + 1)
    )

    def draw(count: float, first: int) -> tuple[NDArray[np.int64], float, int]:
        wanted = int(np.ceil(count))
        if wanted > _MOST_SETS:
            raise ValueError(f"so small an epsilon needs {wanted:,} sets: take a larger one")
        begins, members = reverse_sets(
            back.rows, back.targets, back.thresholds, cumulative, seed, first, wanted
        )
        chosen, covered = cover(begins, members, allowed.copy(), how_many)
        return chosen, covered / wanted, wanted

    # Half of delta for the lower bound, half for the choice (Tang et al., section 4.3).
    unsure = np.log(2 / delta)
    rough = np.sqrt(2) * epsilon
    halvings = max(int(np.ceil(np.log2(n))), 1)
    step = (2 + 2 * rough / 3) * (choices + unsure + np.log(halvings)) / rough**2
    # Whoever is chosen reaches at least itself.
    bound = float(np.sort(weights[allowed])[-how_many:].sum())
    for halving in range(1, halvings + 1):
        guess = total / 2**halving
        if guess <= bound:
            break
        _chosen, share, _count = draw(step * total / guess, 1 << 40)
        if total * share >= (1 + rough) * guess:
            bound = max(bound, total * share / (1 + rough))
            break
    share_best = 1 - 1 / np.e
    alpha, beta = np.sqrt(unsure), np.sqrt(share_best * (choices + unsure))
    needed = 2 * total * (share_best * alpha + beta) ** 2 / epsilon**2 / bound
    chosen, _share, count = draw(max(needed, 1000), 0)
    return count, chosen
