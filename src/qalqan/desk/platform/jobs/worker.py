"""The worker: look what is due, run what is on the queue, sleep a little, again."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker

from qalqan.desk.platform.jobs import services

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
    """
    worker = Worker(
        queue_names=["*"],
        interval=interval,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id=secrets.token_hex(8),
        excluded_queue_names=[],
    )
    if not once and threading.current_thread() is threading.main_thread():
        worker.configure_signals()
    looked = -_LOOK_EVERY
    while True:
        if time.monotonic() - looked >= _LOOK_EVERY:
            services.run_due(clock())
            looked = time.monotonic()
        worker.run()
        if once or not worker.running:
            return
        time.sleep(interval)
