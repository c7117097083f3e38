"""The worker: look what is due, run what is on the queue, sleep a little, again."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker

from qalqan.desk.platform.jobs import services
from qalqan.desk.platform.policies import SystemActor
from qalqan.errors import ConflictError

logger = logging.getLogger(__name__)
_PAUSE = 5.0
_LOOK_EVERY = 15.0
"""Seconds between two looks at the schedule; the queue is looked at more often."""


def run_worker(
    *, once: bool = False, interval: float = 1.0, clock: Callable[[], datetime] = timezone.now
) -> None:
    """Run what is due until stopped; an interrupt ends it after the task in hand.

    Parameters
    ----------
    once
        Run what is due now, and return.
    interval
        Seconds between two looks at the queue.

    Raises
    ------
    ConflictError
        Another worker runs for this desk's folder.
    """
    with _only_worker() as name:
        services.requeue_lost(actor=SystemActor("worker"), worker=name, now=clock())
        _work(name, once=once, interval=interval, clock=clock)


@contextmanager
def _only_worker() -> Iterator[str]:
    """Hold the lock of this desk's folder; the kernel frees it even when we are killed."""
    folder = settings.HOME
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "worker.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConflictError(_("Another worker runs for this desk."), hint=str(folder)) from None
        place = f"{socket.gethostname()}:{folder}"
        yield hashlib.sha256(place.encode()).hexdigest()[:16]
    finally:
        os.close(handle)


def _work(name: str, *, once: bool, interval: float, clock: Callable[[], datetime]) -> None:
    worker = Worker(
        queue_names=["*"],
        interval=interval,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{name}-{secrets.token_hex(8)}",
        excluded_queue_names=[],
    )
    if not once and threading.current_thread() is threading.main_thread():
        worker.configure_signals()
    looked = -_LOOK_EVERY
    while True:
        try:
            if time.monotonic() - looked >= _LOOK_EVERY:
                services.run_due(clock())
                looked = time.monotonic()
            worker.run()
        except (OperationalError, InterfaceError):
            # A database that restarts, or is locked for long, must not end the work of the night.
            if once:
                raise
            logger.exception("the database does not answer; trying again")
            connections.close_all()
            time.sleep(_PAUSE)
        if once or not worker.running:
            return
        time.sleep(interval)
