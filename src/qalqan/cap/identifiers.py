"""Identifiers that no other message bears: not in this process, second, or cluster.

CAP wants an identifier unique for its sender. One made of the time alone repeats as soon as two
messages are written in the same second, and a counter alone repeats after a restart. So one
holds the second, the node, a number drawn when the process began, and a count.
"""

from __future__ import annotations

import itertools
import os
import re
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

MOST_NODES: Final = 65_536
_BITS: Final = 63
_PREFIX: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._/-]{0,200}")


def _draw() -> int:
    return secrets.randbits(_BITS)


class IdentifierSource:
    """Makes identifiers such as ``urn:oid:2.49.0.1.398.0.2026.11.22.2.30.5.3.8817….1``.

    Every part after the prefix is a number without leading zeros, so that with a prefix
    ``urn:oid:…`` the whole is an object identifier.

    Parameters
    ----------
    prefix
        What the sender's registered identifiers begin with.
    node
        Number of this machine in its cluster, from 0 to 65 535.
    draw
        Draws the number of the process; 63 random bits by default.

    Raises
    ------
    ValueError
        The prefix holds signs that CAP forbids in identifiers, or the node is out of range.
    """

    def __init__(
        self, node: int, *, prefix: str = "urn:oid:2.49.0.1.398.0", draw: Callable[[], int] = _draw
    ) -> None:
        if not _PREFIX.fullmatch(prefix):
            raise ValueError("a prefix holds letters, digits and : . _ / - only")
        if not 0 <= node < MOST_NODES:
            raise ValueError(f"a node is a number from 0 to {MOST_NODES - 1}")
        self.prefix = prefix
        self.node = node
        self._draw = draw
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._number = self._draw()
        self._count = itertools.count(1)

    def new(self, now: datetime) -> str:
        """Return an identifier that was never returned before.

        Parameters
        ----------
        now
            The present, aware. A clock that jumps back makes no identifier come twice.

        Examples
        --------
        >>> source = IdentifierSource(3, draw=lambda: 8817)
        >>> source.new(datetime(2026, 11, 22, 2, 30, 5, tzinfo=UTC))
        'urn:oid:2.49.0.1.398.0.2026.11.22.2.30.5.3.8817.1'
        """
        if now.tzinfo is None:
            raise ValueError("now must be aware")
        with self._lock:
            # A forked child would go on with its parent's number and count.
            if os.getpid() != self._process:
                self._begin()
            number, count = self._number, next(self._count)
        at = now.astimezone(UTC)
        moment = (at.year, at.month, at.day, at.hour, at.minute, at.second)
        parts = (*moment, self.node, number, count)
        return f"{self.prefix}.{'.'.join(map(str, parts))}"
