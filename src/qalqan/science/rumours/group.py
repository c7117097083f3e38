"""Streaming grouping of messages that say the same thing in nearly the same words.

The first message of a claim is its leader, and only leaders are remembered: by a hash of the
whole normalised text, by the set of hashes of their word stems, and by the smallest hashes of
neighbouring pairs of stems, which lead through bounded newest-first buckets to the few leaders
worth comparing. Resemblance is Jaccard's index of the stems, those weighted down that many
leaders share. A message that resembles some leader enough joins a claim, else it leads a new one.
Of several leaders that fit, the oldest that comes near the likest wins. The cost of a message does
not depend on how many came before, and the state depends on the leaders alone, in their order.

References
----------
Broder, A. Z. (1997). On the resemblance and containment of documents. Proceedings of
Compression and Complexity of Sequences, 21-29 (resemblance; sketches of the smallest hashes).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qalqan.science.rumours.signatures import Signatures, sign_batch, sign_texts
from qalqan.science.text.normalise import NormalisedBatch

_BATCH = 1024
_FORMAT = 3
_PARTS = 64
_FIRST_PAIRS = 512
_FIRST_LEADERS = 4096
_ARRAYS = ("exact", "pairs", "counts", "flat", "starts", "spread")

RULES = 3
"""Version of the rules; raised with every change that gives some text another claim."""


@dataclass(frozen=True, slots=True)
class GroupParameters:
    """What decides a grouping; equal parameters and equal texts give equal claims.

    Attributes
    ----------
    threshold : float
        Least weighted resemblance of word stems, in (0, 1], for joining a claim.
    min_words : int
        Texts with fewer words join only claims whose leader is an exact normalised copy.
    stem : int
        Letters of a word that count; words that differ later are taken for inflections.
    reach : int
        Pairs of stems at most this far apart are looked up.
    keys : int
        Pairs kept for a text at most: of as many equal ranges of the hash the smallest in each.
    seed : int
        Seed of all hashes.
    copies : bool
        Remember every text by its hash, not leaders only: exact copies of any message join its
        claim. The index can then not be rebuilt from the leaders alone.
    """

    threshold: float = 0.30
    min_words: int = 8
    stem: int = 5
    reach: int = 2
    keys: int = 16
    seed: int = 20110517
    copies: bool = False

    def __post_init__(self) -> None:
        if not 0.0 < self.threshold <= 1.0:
            raise ValueError(f"threshold must lie in (0, 1], not {self.threshold}")
        for name in ("min_words", "stem", "reach", "keys"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, not {getattr(self, name)}")


class ClaimIndex:
    """Give each message of a stream the number of its claim.

    Parameters
    ----------
    **params
        The fields of `GroupParameters`.

    Raises
    ------
    ValueError
        If a parameter is out of range.

    Examples
    --------
    >>> index = ClaimIndex()
    >>> index.add("Ертең Ақтөбеде таңнан бастап су болмайды дейді, сақтанып су құйып алыңыздар")
    0
    >>> index.add("Завтра в городе закроют все школы и детские сады на две недели")
    1
    >>> index.add("ЕРТЕҢ Ақтөбеде таңнан бастап су болмайды деп жатыр, су құйып алыңыздар!")
    0
    """

    def __init__(self, **params: Any) -> None:
        self.params = GroupParameters(**params)
        self._n = 0
        self._floor = 0
        self._known = 0
        self._exact = np.zeros((2 * _FIRST_LEADERS, 2), np.uint64)
        self._pairs = np.zeros(_PARTS * _FIRST_PAIRS, np.uint64)
        self._counts = np.zeros(_PARTS, np.int64)
        self._flat = np.zeros(16 * _FIRST_LEADERS, np.uint32)
        self._starts = np.zeros(_FIRST_LEADERS + 1, np.int64)
        self._spread = np.zeros((1 << 16) + 1, np.uint32)

    @classmethod
    def from_leaders(
        cls, leader_texts: Sequence[str], *, forced: bool = False, **params: Any
    ) -> ClaimIndex:
        """Rebuild an index from the first messages of its claims, in claim order.

        Parameters
        ----------
        leader_texts : sequence of str
            The leaders' texts as they were added.
        forced : bool
            Let every text lead a claim, whatever it resembles: for texts that led claims under
            other rules or parameters.
        **params
            The parameters of the original index.

        Returns
        -------
        ClaimIndex
            Assigns every further message as the original would.

        Raises
        ------
        ValueError
            If some text is not a leader under these parameters, which means that the texts,
            their order or the parameters differ from the original's; never if ``forced``.

        Examples
        --------
        >>> ClaimIndex.from_leaders(["су жоқ", "газ жоқ"]).add("Газ жоқ!")
        1
        """
        index = cls(**params)
        if forced:
            index.add_leaders(leader_texts)
            return index
        got = index.add_many(leader_texts)
        wrong = np.flatnonzero(got != np.arange(len(got)))
        if wrong.size:
            at = int(wrong[0])
            raise ValueError(
                f"leader text {at} joins claim {int(got[at])}: not the leaders of one index"
            )
        return index

    @property
    def n_claims(self) -> int:
        """Number of claims so far."""
        return self._n

    @property
    def rules(self) -> str:
        """The version of the rules and all parameters, in one line."""
        fields = " ".join(f"{name}={value}" for name, value in asdict(self.params).items())
        return f"{RULES} {fields}"

    @property
    def threshold(self) -> float:
        """Least resemblance for joining a claim."""
        return self.params.threshold

    @property
    def nbytes(self) -> int:
        """Memory held by the index, in bytes."""
        return sum(getattr(self, "_" + name).nbytes for name in _ARRAYS)

    def add(self, text: str) -> int:
        """Return the claim number of one message.

        Parameters
        ----------
        text : str
            The message.

        Returns
        -------
        int
            Claim number from 0; equal to the previous `n_claims` if it leads a new claim.
        """
        return int(self.add_many([text])[0])

    def add_many(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return the claim numbers of messages, as if added one by one.

        Parameters
        ----------
        texts : sequence of str
            The messages in order, shape (n,).

        Returns
        -------
        ndarray of int64, shape (n,)
            Claim numbers.
        """
        parts = [
            self.add_signed(self.sign(texts[start : start + _BATCH]))
            for start in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def add_leaders(self, texts: Sequence[str]) -> None:
        """Let each text lead a new claim, whatever it resembles.

        Parameters
        ----------
        texts : sequence of str
            First messages of claims, in claim order. If they led claims of an index under the
            same rules, this index becomes equal to that one.
        """
        for start in range(0, len(texts), _BATCH):
            self._assign(self.sign(texts[start : start + _BATCH]), forced=True)

    def add_batch(self, batch: NormalisedBatch) -> NDArray[np.int64]:
        """Return the claim numbers of texts that are normalised already.

        Parameters
        ----------
        batch : NormalisedBatch
            From `qalqan.science.text.normalise.normalise_batch`.

        Returns
        -------
        ndarray of int64, shape (n,)
            Claim numbers.
        """
        return self.add_signed(sign_batch(batch, **self._signing))

    def sign(self, texts: Sequence[str]) -> Signatures:
        """Return what the index needs to know of texts; it depends on the parameters only.

        Parameters
        ----------
        texts : sequence of str
            The messages.
        """
        return sign_texts(texts, **self._signing)

    def add_signed(self, signed: Signatures) -> NDArray[np.int64]:
        """Return the claim numbers of signed texts.

        Parameters
        ----------
        signed : Signatures
            From `sign` under the same parameters.

        Returns
        -------
        ndarray of int64, shape (n,)
            Claim numbers.
        """
        return self._assign(signed, forced=False)

    @property
    def _signing(self) -> dict[str, int]:
        p = self.params
        return {
            "stem": p.stem,
            "min_words": p.min_words,
            "reach": p.reach,
            "keys": p.keys,
            "seed": p.seed,
        }

    def _assign(self, signed: Signatures, *, forced: bool) -> NDArray[np.int64]:
        from qalqan.science.rumours import _kernels

        p = self.params
        out = np.empty(len(signed), np.int64)
        done = 0
        while done < len(signed):
            n = self._n
            room = (self._flat.size - int(self._starts[n])) // _kernels.MAX_TOKENS
            done, self._n, self._known = _kernels.assign(
                signed.hashes, signed.tokens, signed.starts, signed.keys,
                done, min(self._starts.size - 1, n + room), len(self._exact) * 3 // 4,
                p.threshold, self._floor, forced, p.copies, n, self._known,
                self._exact, self._pairs, self._counts, self._flat, self._starts, self._spread, out,
            )  # fmt: skip
            if done < len(signed):
                self._grow()
        return out

    def _grow(self) -> None:
        """Make room for more leaders where it runs short.

        Arrays grow in place by an eighth: a second copy would double the memory for a moment.
        """
        from qalqan.science.rumours import _kernels

        n, used = self._n, int(self._starts[self._n])
        if self._flat.size - used < _kernels.MAX_TOKENS:
            self._flat.resize(_more(self._flat.size), refcheck=False)
        size = len(self._pairs) // _PARTS
        if int(self._counts.max()) > size * 4 // 5 - self.params.keys:
            larger = _more(size)
            self._pairs.resize(_PARTS * larger, refcheck=False)
            _kernels.spread_parts(self._pairs, size, larger, self._counts)
        if n == self._starts.size - 1:
            self._starts.resize(_more(n) + 1, refcheck=False)
        if self._known >= len(self._exact) * 3 // 4:
            known = self._exact
            self._exact = np.zeros((_more(len(known)), 2), np.uint64)
            _kernels.fill_exact(self._exact, known)

    def expire_before(self, claim_number: int) -> None:
        """Forget all claims before a number: no later message joins them.

        Their room in the buckets passes to newer claims; the arrays do not shrink.

        Parameters
        ----------
        claim_number : int
            First claim to keep.

        Raises
        ------
        ValueError
            If there is no such claim yet.
        """
        if not 0 <= claim_number <= self.n_claims:
            raise ValueError(f"claim_number must lie in 0..{self.n_claims}, not {claim_number}")
        self._floor = max(self._floor, claim_number)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the index to one ``.npz`` file, whole or not at all.

        Parameters
        ----------
        path : path-like
            The file; replaced if it exists.
        """
        target = Path(path)
        part = target.with_name(target.name + ".part")
        names = list(asdict(self.params))
        values = np.array([float(getattr(self.params, name)) for name in names])
        with part.open("wb") as file:
            np.savez(
                file,
                format=np.array([_FORMAT, self._n, self._floor, self._known], np.int64),
                names=np.array(names),
                values=values,
                **{name: getattr(self, "_" + name) for name in _ARRAYS},
            )
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> ClaimIndex:
        """Read an index that `save` wrote.

        Parameters
        ----------
        path : path-like
            The file.

        Returns
        -------
        ClaimIndex
            Equal to the saved one.

        Raises
        ------
        ValueError
            If the file is of another format.
        """
        with np.load(path, allow_pickle=False) as file:
            header = file["format"] if "format" in file else np.zeros(1, np.int64)
            if header[0] != _FORMAT:
                raise ValueError(f"{path}: format {header[0]} of a claim index is not known")
            params: dict[str, Any] = dict(zip(file["names"].tolist(), file["values"], strict=True))
            threshold = float(params.pop("threshold"))
            copies = bool(params.pop("copies"))
            index = cls(
                threshold=threshold, copies=copies, **{k: int(v) for k, v in params.items()}
            )
            index._n, index._floor, index._known = (int(value) for value in header[1:])
            for name in _ARRAYS:
                # A copy owns its memory, which growing in place needs.
                setattr(index, "_" + name, np.array(file[name]))
        return index


def _more(size: int) -> int:
    return size + max(size // 8, 64)
