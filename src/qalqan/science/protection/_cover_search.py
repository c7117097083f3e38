"""Branch and bound for maximal covering: priced bounds, local search, sites fixed on the way."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from qalqan.science.protection._compile import Flags, Floats
from qalqan.science.protection._cover_bound import BARRED, FREE, TAKEN, bounded
from qalqan.science.protection._cover_kernels import Cover, Index, complete, kicked

_ROOT_ROUNDS, _ROOT_STEP = 1200, 1.0
_NODE_ROUNDS, _NODE_STEP = 80, 0.3
_KICK = 3
_QUICK_KICKS, _LONG_KICKS, _MOST_KICKS = 60, 300, 20_000
_MOST_BYTES = 400_000_000
_HEURISTIC_EVERY = 10


@dataclass(order=True, slots=True)
class _Node:
    """A part of the search: what is taken and barred, and the prices that bound it."""

    rank: tuple[float, int]
    bound: float = field(compare=False)
    state: Index = field(compare=False)
    prices: Floats = field(compare=False)
    share: Floats = field(compare=False)


class Search:
    """One run of branch and bound.

    Parameters
    ----------
    cover, weights, choose
        The problem; weights are positive.
    left : callable
        Seconds that are left; the search ends when there are none.
    gap : float
        Relative gap at which the search may end.
    seed : int
        Seed of the random exchanges.
    """

    def __init__(
        self,
        cover: Cover,
        weights: Floats,
        choose: int,
        *,
        left: Callable[[], float],
        gap: float,
        seed: int,
    ) -> None:
        self.cover, self.weights, self.choose = cover, weights, choose
        self.left, self.gap = left, gap
        self.rng = np.random.default_rng(seed)
        self.unit = _unit(weights)
        self.none = np.zeros(len(cover[2]) - 1, np.bool_)
        self.best = -1.0
        self.chosen: Flags = self.none
        self.bound = float(weights.sum())
        self.nodes = 0

    def run(self) -> None:
        """Search until the best choice is proven, the gap is small enough, or time is over."""
        self._offer(*complete(self.cover, self.weights, self.choose, self.none, self.none))
        self._kick(_QUICK_KICKS)
        root = self._root()
        if self._within():
            return
        self._kick(_LONG_KICKS)
        open_nodes = [root]
        size = self.weights.nbytes + 16 * len(self.none)
        while open_nodes and self.left() > 0 and len(open_nodes) * size < _MOST_BYTES:
            node = heapq.heappop(open_nodes)
            self.bound = min(self.bound, max(node.bound, self.best))
            if self._within() or node.bound < self.floor:
                open_nodes.append(node)
                break
            for child in self._children(node):
                heapq.heappush(open_nodes, child)
        rest = max((node.bound for node in open_nodes), default=self.best)
        self.bound = max(self.best, min(self.bound, rest))
        if rest < self.floor:
            self.bound = self.best
        elif not self._within():
            self._kick(_MOST_KICKS)

    @property
    def floor(self) -> float:
        """The least weight that would be better than the best choice known."""
        slack = 1e-6 + 1e-11 * self.best
        return self.best + (self.unit - slack if self.unit else max(slack, 1e-9 * self.best))

    def _within(self) -> bool:
        return self.bound < self.floor or self.bound <= self.best * (1 + self.gap)

    def _offer(self, reached: float, chosen: Flags) -> None:
        if reached > self.best:
            self.best, self.chosen = reached, chosen

    def _kick(self, rounds: int) -> None:
        """Exchange sites at random, a few at a time so that the clock is heard."""
        done, batch = 0, 20
        while done < rounds and self.left() > 0 and not self._within():
            picks = self.rng.random((batch, 2 * _KICK))
            self._offer(*kicked(self.cover, self.weights, self.choose, self.chosen, picks, _KICK))
            done += batch

    def _root(self) -> _Node:
        rows = self.cover[0]
        state = np.zeros(len(self.none), np.int8)
        prices = self.weights / np.maximum(np.diff(rows), 1)
        step, share = _ROOT_STEP, np.zeros(len(state))
        # The clock is asked between batches: one batch takes a second at most.
        per_batch = max(20, min(_ROOT_ROUNDS, int(2e8 / max(len(self.cover[1]), 1))))
        for start in range(0, _ROOT_ROUNDS, per_batch):
            bound, prices, state, share = bounded(
                self.cover, self.weights, self.choose, state, prices, self.floor, per_batch, step
            )
            better = self.bound - bound > 1e-5 * bound
            self.bound = min(self.bound, bound)
            self._round(state, share)
            if self._within() or self.left() <= 0 or (start and not better):
                break
            step *= 0.6
        return _Node((-self.bound, 0), self.bound, state, prices, share)

    def _round(self, state: Index, share: Floats) -> None:
        """Make a choice of the averaged one and improve it."""
        start = state == TAKEN
        room = self.choose - int(start.sum())
        if room < 0:
            return
        wanted = np.argsort(-np.where(state == FREE, share, -1.0), kind="stable")[:room]
        start[wanted] = True
        self._offer(*complete(self.cover, self.weights, self.choose, start, self.none))

    def _children(self, node: _Node) -> list[_Node]:
        """Take or bar the site about which the averaged choice is least sure."""
        free = np.nonzero(node.state == FREE)[0]
        taken = int((node.state == TAKEN).sum())
        if taken > self.choose:
            return []
        if taken == self.choose or taken + len(free) <= self.choose:
            last = node.state == TAKEN if taken == self.choose else node.state != BARRED
            self._offer(*complete(self.cover, self.weights, self.choose, last, self.none))
            return []
        site = free[np.argmin(np.abs(node.share[free] - 0.5))]
        result = []
        for kind in (TAKEN, BARRED):
            state = node.state.copy()
            state[site] = kind
            self.nodes += 1
            bound, prices, state, share = bounded(
                self.cover, self.weights, self.choose, state, node.prices, self.floor,
                _NODE_ROUNDS, _NODE_STEP,
            )  # fmt: skip
            bound = min(bound, node.bound)
            if self.nodes % _HEURISTIC_EVERY == 0:
                self._round(state, share)
            if bound >= self.floor:
                result.append(_Node((-bound, self.nodes), bound, state, prices, share))
        return result


def _unit(weights: Floats) -> float:
    """Return the number of which all weights are multiples; 0 if there is none to rely on."""
    whole = np.round(weights)
    if len(weights) == 0 or np.any(whole != weights) or weights.sum() > 1e9:
        return 0.0
    return float(math.gcd(*(int(value) for value in np.unique(whole))))
