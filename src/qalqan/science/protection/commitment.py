"""A seed shown as a hash before, in clear after: chance that can be audited.

Blum M (1983), Coin flipping by telephone, ACM SIGACT News 15(1).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence

import numpy as np

from qalqan.science.protection.checks import ProtectionInputError
from qalqan.science.protection.columngen import Shift

SEED_BYTES = 32
_DOMAIN = b"qalqan plan 1"


def digest(mixture: Sequence[Shift], slots: Sequence[int], label: str) -> str:
    """Return the hash of everything besides the seed that decides a week.

    Parameters
    ----------
    mixture : sequence of Shift
        In the order in which it is drawn from.
    slots : sequence of int
        Kind of each team-day.
    label : str
        What the plan is for, as an ISO week.

    Examples
    --------
    >>> digest([Shift(0, 0, (1,), 1.0)], [0], "2026-W48")[:16]
    'd6ee02c2ed957325'
    """
    rows = [[one.kind, one.zone, list(one.targets), one.share.hex()] for one in mixture]
    text = json.dumps([label, list(slots), rows], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def commit(seed: bytes, plan_digest: str) -> str:
    """Return the commitment: nobody can find the seed in it, or another seed for it.

    Raises
    ------
    ProtectionInputError
        The seed is not 32 bytes long; a shorter one could be found by trying.
    """
    if len(seed) != SEED_BYTES:
        raise ProtectionInputError(f"the seed must be {SEED_BYTES} bytes long, not {len(seed)}")
    return hashlib.sha256(_DOMAIN + seed + bytes.fromhex(plan_digest)).hexdigest()


def is_committed(seed: bytes, plan_digest: str, commitment: str) -> bool:
    """Tell whether a revealed seed is the one that was committed to.

    >>> is_committed(b"0" * 32, "00", commit(b"0" * 32, "00"))
    True
    """
    return len(seed) == SEED_BYTES and hmac.compare_digest(commit(seed, plan_digest), commitment)


def generator(seed: bytes) -> np.random.Generator:
    """Return the source of chance that a seed stands for: Philox, keyed by its hash."""
    key = hashlib.sha256(_DOMAIN + b" draws" + seed).digest()[:16]
    return np.random.Generator(np.random.Philox(key=int.from_bytes(key, "little")))
