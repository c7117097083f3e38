"""Boosted trees with their numbers in JSON: no pickle, and no training library at run time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Trees:
    """A sum of decision trees.

    Attributes
    ----------
    roots : ndarray of int64
        Node at which each tree begins.
    feature : ndarray of int64
        Feature that a node asks for; -1 for a leaf.
    threshold : ndarray of float64
        Go left where the feature is at most this.
    left, right : ndarray of int64
        The next nodes.
    value : ndarray of float64
        What a leaf adds.
    start : float
        What the sum begins with.
    """

    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]
    start: float

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Trees:
        """Read trees: each a flat list of nodes, five numbers a node.

        Raises
        ------
        ValueError
            A tree is empty, points outside itself, or would not end.
        """
        roots: list[int] = []
        nodes: list[Sequence[float]] = []
        for tree in data["trees"]:
            rows = [tree[at : at + 5] for at in range(0, len(tree), 5)]
            if not rows:
                raise ValueError("a tree without nodes")
            base = len(nodes)
            roots.append(base)
            for at, (feature, threshold, left, right, value) in enumerate(rows):
                if feature >= 0 and not (at < left < len(rows) and at < right < len(rows)):
                    raise ValueError("a tree that does not end")
                nodes.append((feature, threshold, left + base, right + base, value))
        table = np.array(nodes, np.float64)
        whole = table[:, [0, 2, 3]].astype(np.int64)
        return cls(
            roots=np.array(roots, np.int64),
            feature=whole[:, 0],
            threshold=table[:, 1],
            left=whole[:, 1],
            right=whole[:, 2],
            value=table[:, 4],
            start=float(data["start"]),
        )

    def score(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum of all trees for each row.

        Parameters
        ----------
        rows : ndarray of float64, shape (n, features)
            Features.

        Returns
        -------
        ndarray of float64, shape (n,)
            Log-odds before calibration.

        Examples
        --------
        >>> nodes = [0, 1.0, 1, 2, 0, -1, 0, 0, 0, -2.0, -1, 0, 0, 0, 2.0]
        >>> stump = Trees.from_json({"start": 0.5, "trees": [nodes]})
        >>> stump.score(np.array([[0.0], [3.0]])).tolist()
        [-1.5, 2.5]
        """
        at = np.tile(self.roots, (len(rows), 1))
        while True:
            asked = self.feature[at]
            inner = asked >= 0
            if not inner.any():
                break
            values = np.take_along_axis(rows, np.where(inner, asked, 0), axis=1)
            onward = np.where(values <= self.threshold[at], self.left[at], self.right[at])
            at = np.where(inner, onward, at)
        return np.asarray(self.start + self.value[at].sum(axis=1), np.float64)
