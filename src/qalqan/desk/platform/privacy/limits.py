"""How often one sender may hand something in; kept in memory, never stored.

An address is hashed with a salt that lives a day and only in this process, so that nobody can
tell later who wrote. Each web process counts by itself: the limit is a brake, not a wall.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from hashlib import blake2b
from threading import Lock

_MOST_SENDERS = 50_000


class RateLimit:
    """At most so many events a sender in a sliding window.

    Parameters
    ----------
    most
        Events allowed.
    window
        Length of the window.
    """

    def __init__(self, most: int, window: timedelta) -> None:
        self.most = most
        self.window = window
        self._seen: OrderedDict[bytes, list[datetime]] = OrderedDict()
        self._salt = b""
        self._day = 0
        self._lock = Lock()

    def allows(self, sender: str, *, now: datetime, cost: int = 1) -> bool:
        """Count an event and tell whether it is within the limit.

        Parameters
        ----------
        sender
            An address or the key of a token.
        now
            The time of the event.
        cost
            How many events it counts for.
        """
        with self._lock:
            key = self._key(sender, now)
            times = [at for at in self._seen.pop(key, []) if now - at < self.window]
            is_allowed = len(times) + cost <= self.most
            if is_allowed:
                times += [now] * cost
            self._seen[key] = times
            while len(self._seen) > _MOST_SENDERS:
                self._seen.popitem(last=False)
            return is_allowed

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._seen.clear()

    def _key(self, sender: str, now: datetime) -> bytes:
        if now.toordinal() != self._day:
            self._salt, self._day = secrets.token_bytes(16), now.toordinal()
            self._seen.clear()
        return blake2b(sender.encode(), key=self._salt, digest_size=16).digest()
