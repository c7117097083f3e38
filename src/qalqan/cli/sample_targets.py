"""The sample's sirens, which take the sample's warnings and are never really called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime


def with_sample_targets(now: datetime, send: Callable[[], object]) -> int:
    """Let warnings be sent while the sample's targets are in use; return the deliveries told of."""
    from qalqan.desk.alerts.services import samples
    from qalqan.desk.platform.policies import SystemActor

    desk = SystemActor("demo")
    samples.add_sample_targets(actor=desk, now=now)
    send()
    return samples.settle_sample_deliveries(actor=desk, now=now)
