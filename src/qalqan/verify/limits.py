"""How much time and memory a file that nobody vouches for may take."""

from __future__ import annotations

import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from qalqan.verify.refusals import BadReportError

MOST_SECONDS = 60.0
"""Of the processor, so that a busy machine refuses nothing."""

MOST_MEMORY = 2_000_000_000
"""Bytes beyond what the program has when it begins."""


class _OverError(BaseException):
    """The time is over; no reader of PDF may swallow it, so it is no `Exception`."""


@contextmanager
def limited(*, seconds: float = MOST_SECONDS, memory: int = MOST_MEMORY) -> Iterator[None]:
    """Do something with bounded time and memory; afterwards the former bounds hold again.

    Outside the main thread no signal can be caught, and only memory is bounded.

    Raises
    ------
    BadReportError
        The time is over.
    """
    former = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_bounded(_in_use() + memory, former), former[1]))
    is_main = threading.current_thread() is threading.main_thread()
    caught = signal.signal(signal.SIGPROF, _over) if is_main else None
    try:
        if is_main:
            signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
        yield
    except _OverError:
        raise BadReportError(f"it takes over {seconds:g} s to read; it is not read") from None
    finally:
        if is_main:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, caught)
        resource.setrlimit(resource.RLIMIT_AS, former)


def _over(_number: int, _frame: Any) -> None:
    raise _OverError


def _in_use() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 4_000_000_000


def _bounded(wanted: int, former: tuple[int, int]) -> int:
    known = [one for one in former if one != resource.RLIM_INFINITY]
    return min([wanted, *known])
