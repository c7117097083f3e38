"""The periodic jobs of all rooms: each room lists its own in ``jobs.PERIODIC``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that the worker runs again and again.

    Parameters
    ----------
    name
        ``room.verb``; never changed, since its history hangs on it.
    label
        What it does, in the reader's words; a lazy translation.
    run
        Called with the present moment. It must bear to be run twice.
    every
        Time from one run to the next.
    at
        Time of day in the province; only for jobs that run daily.
    """

    name: str
    label: Any
    run: Callable[[datetime], object]
    every: timedelta = timedelta(days=1)
    at: time | None = None

    def next_after(self, moment: datetime, zone: tzinfo) -> datetime:
        """Return when the job is due next after a moment.

        >>> from datetime import UTC
        >>> nightly = Periodic("x.y", "", print, at=time(3))
        >>> nightly.next_after(datetime(2026, 3, 2, 2, 59, tzinfo=UTC), UTC).isoformat()
        '2026-03-02T03:00:00+00:00'
        """
        if self.at is None:
            return moment + self.every
        local = moment.astimezone(zone)
        due = datetime.combine(local.date(), self.at, zone)
        return due if due > local else datetime.combine(due.date() + self.every, self.at, zone)


def _found() -> Iterator[Periodic]:
    for config in apps.get_app_configs():
        if config.name.startswith("qalqan.desk.") and find_spec(f"{config.name}.jobs"):
            yield from getattr(import_module(f"{config.name}.jobs"), "PERIODIC", ())


@cache
def periodic_jobs() -> dict[str, Periodic]:
    """Return the periodic jobs of all rooms by name."""
    jobs: dict[str, Periodic] = {}
    for job in _found():
        if job.name in jobs:
            raise ValueError(f"two periodic jobs are called {job.name!r}")
        jobs[job.name] = job
    return jobs
