"""How panic buttons and sensors are, and whether one of them waits for an answer."""

from __future__ import annotations

from datetime import datetime

from qalqan.desk.alerts.selectors import devices
from qalqan.desk.brief.content import DevicesNow
from qalqan.desk.platform.policies import Actor


def health_now(actor: Actor, now: datetime) -> DevicesNow | None:
    """Return the health of the devices; nothing where none is in use."""
    found = devices.health(actor, now=now)
    waiting = devices.signals_open_count(actor)
    if not (found.in_use or waiting):
        return None
    return DevicesNow(
        in_use=found.in_use,
        silent=found.silent,
        faulty=found.faulty,
        low_battery=found.low_battery,
        refused=found.refused_today,
        unanswered=waiting,
    )
