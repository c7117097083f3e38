"""Server-sent events from a threaded server: few at a time, short-lived, cut when unread.

Each stream holds a thread of the server. So only so many run in one process; who comes later is
told to ask again by itself (polling), and no page depends on a stream.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

LOOK_SECONDS = 0.1
"""Time between two looks at the database."""
PING_SECONDS = 2.0
"""Longest silence: a line that says nothing, by which a reader who left is noticed."""
LIFE_SECONDS = 300.0
"""After this long the browser is sent to ask anew, and its right to read is checked anew."""
_DEFAULT_STREAMS = 2
_running = 0
_lock = threading.Lock()


def _most() -> int:
    return int(getattr(settings, "QALQAN_STREAMS", _DEFAULT_STREAMS))


def _enter() -> bool:
    global _running
    with _lock:
        if _running >= _most():
            return False
        _running += 1
        return True


def _leave() -> None:
    global _running
    with _lock:
        _running -= 1


def running() -> int:
    """Return how many streams this process serves now."""
    return _running


def event_stream(
    request: HttpRequest,
    *,
    mark: Callable[[], str],
    render: Callable[[], str],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> HttpResponseBase:
    """Answer with a stream that sends a part of a page at once and whenever its mark changes.

    Parameters
    ----------
    mark
        Returns a short text that changes with the content; asked ten times a second.
    render
        Returns the part as HTML.

    Returns
    -------
    HttpResponseBase
        The stream, or 204 with ``Retry-After`` where this process serves enough of them.
    """
    if not _enter():
        # 204 is how a stream is ended for good; a browser logs anything from 400 as a fault.
        return HttpResponse(status=204, headers={"Retry-After": "1"})
    body = _Body(_events(mark, render, clock, sleep))
    response = StreamingHttpResponse(body, content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


class _Body:
    """The lines of a stream; its place is given back once, however it ends."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._is_open = True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._lines)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the place back."""
        if self._is_open:
            self._is_open = False
            _leave()
            self._lines.close()  # type: ignore[attr-defined]

    def __del__(self) -> None:
        self.close()


def _events(
    mark: Callable[[], str],
    render: Callable[[], str],
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> Iterator[bytes]:
    began = spoke = clock()
    known = None
    with closing(connection):
        yield b"retry: 1000\n\n"
        while clock() - began < LIFE_SECONDS:
            current = mark()
            if current != known:
                known, spoke = current, clock()
                lines = "".join(f"data: {line}\n" for line in render().splitlines() or [""])
                yield f"id: {current}\n{lines}\n".encode()
            elif clock() - spoke > PING_SECONDS:
                spoke = clock()
                yield b": still here\n\n"
            sleep(LOOK_SECONDS)
