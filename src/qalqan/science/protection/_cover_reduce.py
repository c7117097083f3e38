"""Smaller problems with the same answer: demands reached by the same sites become one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qalqan.science.protection._compile import Flags, Floats

Index = NDArray[np.int64]
Short = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Reduced:
    """Groups of demands with one set of sites each; demands that no site reaches are gone.

    Attributes
    ----------
    weights : ndarray, shape (groups,)
        Sum of the weights of the demands in each.
    reach : list of ndarray
        Groups that each site reaches.
    members : ndarray, shape (demands,)
        Group of each demand; -1 if no site reaches it.
    """

    weights: Floats
    reach: list[Short]
    members: Index

    def rows(self) -> tuple[Index, Short, Index, Short]:
        """Return the cover compressed by group and by site."""
        counts = np.array([len(part) for part in self.reach], dtype=np.int64)
        columns = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        held = np.concatenate(self.reach) if self.reach else np.empty(0, np.int32)
        site = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        order = np.argsort(held, kind="stable")
        rows = np.zeros(len(self.weights) + 1, np.int64)
        np.cumsum(np.bincount(held, minlength=len(self.weights)), out=rows[1:])
        return rows, site[order], columns, held.astype(np.int32)


def reduce_cover(reach: list[Short], weights: Floats) -> Reduced:
    """Merge demands that exactly the same sites reach.

    Sets are told apart by the sum of one random 64-bit number a site; a group is then checked
    against every site, so that no chance agreement can merge demands that differ.

    Parameters
    ----------
    reach : list of ndarray
        Demands that each site reaches, each at most once.
    weights : ndarray, shape (demands,)
        Weight of each demand.

    Examples
    --------
    >>> one = reduce_cover([np.array([0, 1]), np.array([0, 1, 2])], np.array([1.0, 2.0, 4.0, 8.0]))
    >>> sorted(one.weights.tolist()), one.members[3].item()
    ([3.0, 4.0], -1)
    """
    marks = np.random.default_rng(0).integers(1, 2**63, len(reach), dtype=np.uint64)
    key = np.zeros(len(weights), np.uint64)
    reached = np.zeros(len(weights), np.bool_)
    for part, mark in zip(reach, marks, strict=True):
        key[part] += mark
        reached[part] = True
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    if not _agree(reach, group, len(first)):
        first, group = np.arange(len(weights)), np.arange(len(weights))
    keep = reached[first]
    label = np.full(len(first), -1, np.int64)
    label[keep] = np.arange(int(keep.sum()))
    members = label[group]
    member = members >= 0
    total = np.bincount(members[member], weights[member], minlength=int(keep.sum()))
    lead = np.zeros(len(weights), np.bool_)
    lead[first[keep]] = True
    thin = [members[part[lead[part]]].astype(np.int32) for part in reach]
    return Reduced(total.astype(np.float64), [np.sort(part) for part in thin], members)


def _agree(reach: list[Short], group: Index, groups: int) -> bool:
    """Return whether each site reaches all of a group or none of it."""
    size = np.bincount(group, minlength=groups)
    for part in reach:
        held = np.bincount(group[part], minlength=groups)
        if np.any((held > 0) & (held != size)):
            return False
    return True


def dominated(reach: list[Short], weights: Floats, *, most_pairs: int = 50_000_000) -> Flags:
    """Return the sites whose demands another site reaches as well, (sites,).

    Of two equal sites the later one is dominated. Left undone (nothing dominated) if more than
    ``most_pairs`` meetings of two sites at one demand would have to be counted.
    """
    from scipy.sparse import csr_matrix

    sizes = np.array([len(part) for part in reach], dtype=np.int64)
    out = np.zeros(len(reach), np.bool_)
    if not sizes.sum():
        out[1:] = True
        return out
    index = np.concatenate(reach)
    meetings = np.bincount(index).astype(np.float64)
    if float((meetings**2).sum()) > most_pairs:
        return out
    pointer = np.concatenate([[0], np.cumsum(sizes)])
    table = csr_matrix(
        (np.ones(len(index), np.int32), index, pointer), shape=(len(reach), len(weights))
    )
    shared = (table @ table.T).tocoo()
    inside = (shared.data == sizes[shared.row]) & (shared.row != shared.col)
    larger = sizes[shared.col] > sizes[shared.row]
    earlier = (sizes[shared.col] == sizes[shared.row]) & (shared.col < shared.row)
    out[shared.row[inside & (larger | earlier)]] = True
    out[sizes == 0] = True
    return out
