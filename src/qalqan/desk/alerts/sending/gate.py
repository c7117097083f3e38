"""How many requests run at once; those that take long step aside for the others."""

from __future__ import annotations

import asyncio
import heapq
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pass:
    """The right to send; it is young until the target has had its time to answer."""

    is_young: bool = True
    timer: asyncio.TimerHandle | None = None


@dataclass(order=True, slots=True)
class _Waiting:
    priority: int
    number: int
    future: asyncio.Future[None] = field(compare=False)


class Gate:
    """At most ``young`` requests that have just begun and ``most`` in all; urgent ones first.

    A dead target costs nothing but an open socket, while one that answers costs the processor.
    So a request that has had no answer for ``patience`` seconds gives its place to another: a
    thousand dead targets do not keep one that lives waiting, and memory stays bounded.

    Parameters
    ----------
    young
        Requests that may be young at once.
    most
        Requests that may be open at once.
    patience
        Seconds after which a request is no longer young.
    """

    def __init__(self, *, young: int, most: int, patience: float = 0.25) -> None:
        self._young, self._most, self._patience = young, most, patience
        self._young_now = self._open_now = self._number = 0
        self._waiting: list[_Waiting] = []

    @property
    def waiting(self) -> int:
        """How many ask to enter."""
        return len(self._waiting)

    @property
    def open_now(self) -> int:
        """How many requests are open."""
        return self._open_now

    async def enter(self, priority: int) -> Pass:
        """Wait for a place; the lower the number, the sooner."""
        if self._waiting or not self._is_free():
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._number += 1
            heapq.heappush(self._waiting, _Waiting(priority, self._number, future))
            self._admit()
            try:
                await future
            except asyncio.CancelledError:
                if future.done() and not future.cancelled():
                    self._open_now -= 1
                    self._young_now -= 1
                    self._admit()
                raise
        else:
            self._open_now += 1
            self._young_now += 1
        ticket = Pass()
        loop = asyncio.get_running_loop()
        ticket.timer = loop.call_later(self._patience, self._step_aside, ticket)
        return ticket

    def leave(self, ticket: Pass) -> None:
        """Give the place back."""
        if ticket.timer is not None:
            ticket.timer.cancel()
        self._open_now -= 1
        if ticket.is_young:
            ticket.is_young = False
            self._young_now -= 1
        self._admit()

    def _is_free(self) -> bool:
        return self._young_now < self._young and self._open_now < self._most

    def _step_aside(self, ticket: Pass) -> None:
        if ticket.is_young:
            ticket.is_young = False
            self._young_now -= 1
            self._admit()

    def _admit(self) -> None:
        while self._waiting and self._is_free():
            first = heapq.heappop(self._waiting)
            if first.future.done():
                continue
            self._open_now += 1
            self._young_now += 1
            first.future.set_result(None)


class Hosts:
    """At most so many requests to one host, however many targets it has.

    Parameters
    ----------
    most
        Requests at once to one host.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._now: dict[str, int] = {}

    def enter(self, host: str) -> bool:
        """Take a place if there is one; who gets none comes back later."""
        count = self._now.get(host, 0)
        if count >= self._most:
            return False
        self._now[host] = count + 1
        return True

    def leave(self, host: str) -> None:
        """Give the place back."""
        count = self._now[host] - 1
        if count:
            self._now[host] = count
        else:
            del self._now[host]
