"""Messages packed into one blob of bytes, and what a shard remembers of them.

Nothing here needs Spark: the same functions run in one process.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qalqan.science.rumours.signatures import Signatures

_TYPES = ("<u8", "<i8", "<u4", "|u1")
_HEAD = struct.Struct("<BQQ")


@dataclass(frozen=True, slots=True)
class Packed:
    """Signed messages of one shard.

    Attributes
    ----------
    names : list of str
        Their ids, each written as JSON.
    times : ndarray of int64, shape (n,)
        Microseconds since 1970.
    signed : Signatures
        A message whose tokens are left out is a copy of an earlier one.
    """

    names: list[str]
    times: NDArray[np.int64]
    signed: Signatures

    def to_bytes(self) -> bytes:
        """Return everything in one blob."""
        letters = json.dumps(self.names, ensure_ascii=False).encode("utf-8", "surrogatepass")
        s = self.signed
        keys = s.keys.ravel()
        arrays = (s.hashes, self.times, s.starts, s.tokens, keys, np.frombuffer(letters, np.uint8))
        parts = []
        for array in arrays:
            kind = _TYPES.index(array.dtype.str)
            parts.append(_HEAD.pack(kind, array.size, s.keys.shape[1]))
            parts.append(array.tobytes())
        return b"".join(parts)

    @classmethod
    def from_bytes(cls, blob: bytes) -> Packed:
        """Read what `to_bytes` made."""
        arrays, at, width = [], 0, 0
        while at < len(blob):
            kind, size, width = _HEAD.unpack_from(blob, at)
            at += _HEAD.size
            array = np.frombuffer(blob, _TYPES[kind], size, at)
            at += array.nbytes
            arrays.append(array)
        hashes, times, starts, tokens, keys, letters = arrays
        names = json.loads(letters.tobytes().decode("utf-8", "surrogatepass"))
        return cls(names, times, Signatures(hashes, tokens, starts, keys.reshape(-1, width)))

    def take(self, which: NDArray[np.int64]) -> Packed:
        """Return the messages at some places, in that order."""
        names = [self.names[i] for i in which.tolist()]
        return Packed(names, self.times[which], self.signed.take(which))

    def without_tokens(self, which: NDArray[np.bool_]) -> Packed:
        """Return the same messages, the signatures of the chosen ones without tokens and keys."""
        s = self.signed
        sizes = np.where(which, 0, np.diff(s.starts))
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        keep = np.repeat(~which, np.diff(s.starts))
        keys = np.where(which[:, None], np.uint32(0), s.keys)
        return Packed(self.names, self.times, Signatures(s.hashes, s.tokens[keep], starts, keys))


def join(parts: Sequence[Packed]) -> Packed:
    """Return several blobs' messages as one, at least one blob."""
    return Packed(
        [name for part in parts for name in part.names],
        np.concatenate([part.times for part in parts]),
        Signatures.concatenate([part.signed for part in parts]),
    )


def in_order(messages: Packed) -> Packed:
    """Return the messages by time, those of the same time by id."""
    names = np.array([name.encode("utf-8", "surrogatepass") for name in messages.names], object)
    order = np.argsort(messages.times, kind="stable")
    times = messages.times[order]
    places = order.tolist()
    edges = np.flatnonzero(np.diff(times)) + 1
    for start, stop in zip([0, *edges.tolist()], [*edges.tolist(), len(places)], strict=True):
        if stop - start > 1:
            places[start:stop] = sorted(places[start:stop], key=names.__getitem__)
    return messages.take(np.array(places, np.int64))


class Shard:
    """What one shard remembers: each text's hash, when it was first and last seen.

    Parameters
    ----------
    horizon : int
        Microseconds after which a text not seen again is forgotten.
    """

    def __init__(self, horizon: int) -> None:
        self.horizon = horizon
        self.hashes = np.empty(0, np.uint64)
        self.first = np.empty(0, np.int64)
        self.last = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self.hashes)

    def link(self, messages: Packed) -> Packed:
        """Link messages to the leaders of their texts: only leaders keep their tokens.

        A text's leader is its earliest message. One that comes late but is earlier than the
        leader so far (or of the same time) becomes the leader, and keeps its tokens, too; so
        whatever order messages come in, the earliest of each text always has tokens.
        """
        hashes, which = np.unique(messages.signed.hashes, return_inverse=True)
        first = np.full(len(hashes), np.iinfo(np.int64).max)
        last = np.full(len(hashes), np.iinfo(np.int64).min)
        np.minimum.at(first, which, messages.times)
        np.maximum.at(last, which, messages.times)
        at = np.searchsorted(self.hashes, hashes)
        known = np.zeros(len(hashes), np.bool_)
        known[at < len(self)] = self.hashes[at[at < len(self)]] == hashes[at < len(self)]
        bound = first.copy()
        bound[known] = np.minimum(first[known], self.first[at[known]])
        self.first[at[known]] = bound[known]
        self.last[at[known]] = np.maximum(self.last[at[known]], last[known])
        new = ~known
        self.hashes = np.insert(self.hashes, at[new], hashes[new])
        self.first = np.insert(self.first, at[new], first[new])
        self.last = np.insert(self.last, at[new], last[new])
        return messages.without_tokens(messages.times > bound[which])

    def expire(self) -> None:
        """Forget the texts not seen within the horizon of the newest message."""
        if len(self):
            keep = self.last >= self.last.max() - self.horizon
            self.hashes, self.first, self.last = (
                self.hashes[keep], self.first[keep], self.last[keep],
            )  # fmt: skip

    def to_bytes(self) -> bytes:
        """Return the state in one blob, 24 bytes a text."""
        return self.hashes.tobytes() + self.first.tobytes() + self.last.tobytes()

    @classmethod
    def from_bytes(cls, blob: bytes, horizon: int) -> Shard:
        """Read what `to_bytes` made."""
        shard = cls(horizon)
        n = len(blob) // 24
        shard.hashes = np.frombuffer(blob, "<u8", n).copy()
        shard.first = np.frombuffer(blob, "<i8", n, 8 * n).copy()
        shard.last = np.frombuffer(blob, "<i8", n, 16 * n).copy()
        return shard
