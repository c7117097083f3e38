"""One sending worker from its first beat to its last."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import resource
import secrets
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.utils import timezone

from qalqan.desk.alerts.sending.engine import Engine, Limits
from qalqan.desk.alerts.sending.opening import Opener
from qalqan.desk.alerts.sending.store import Store
from qalqan.desk.alerts.sending.upkeep import Upkeep
from qalqan.desk.platform.privacy.sealing import lookups

logger = logging.getLogger(__name__)
_SPARE_FILES = 512


def make_engine(*, limits: Limits | None = None, may_be_private: bool | None = None) -> Engine:
    """Put an engine together from the desk's settings.

    Parameters
    ----------
    limits
        How much at once; by default as much as the open files of this process allow.
    may_be_private
        Whether webhooks and gateways may lie in a private network; the desk's setting by default.
    """
    name = secrets.token_hex(16)
    private = settings.QALQAN_TARGETS_MAY_BE_PRIVATE if may_be_private is None else may_be_private
    return Engine(
        Store(name=name, clock=timezone.now),
        Upkeep(name=name, clock=timezone.now),
        Opener(
            worker=name[:12],
            desk=lookups("desk", purpose="alerts.desk")[0],
            may_be_private=private,
        ),
        limits=limits or Limits(most=_most_open()),
        rng=random.Random(),  # noqa: S311 - spreads pauses, guards nothing
    )


def _most_open() -> int:
    """Allow ourselves all the open files we may have, and leave some to the rest."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = Limits().most + _SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
    return Limits().most if soft < 0 else max(64, min(Limits().most, soft - _SPARE_FILES))


def run_sending(*, until_empty: bool = False) -> int:
    """Send until stopped by a signal; return how many parcels were taken.

    Parameters
    ----------
    until_empty
        Return once everything that is due has been sent.
    """
    return _run(_send(until_empty))


def _run(work: Coroutine[Any, Any, int]) -> int:
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


async def _send(until_empty: bool) -> int:
    engine = make_engine()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # In a thread (tests, an embedded desk) there are no signals to take.
        with suppress(ValueError, RuntimeError, NotImplementedError):
            loop.add_signal_handler(number, engine.stop)
    logger.info("sending worker %s begins", os.getpid())
    await engine.run(until_empty=until_empty)
    return engine.sent
