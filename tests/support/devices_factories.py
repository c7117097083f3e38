"""Devices and signals for tests."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from tests.support.factories import NOW

from qalqan.desk.alerts.envelope import seal_message
from qalqan.desk.alerts.models import Device, Signal
from qalqan.desk.alerts.services import devices as services
from qalqan.desk.platform.policies import SystemActor

_numbers = itertools.count(1)


def make_device(*, code: str | None = None, now: datetime = NOW, **fields: Any) -> Device:
    """Register a device."""
    fields = {"kind": "panic", "site": "School 12, entrance", "district": None, **fields}
    device, _key = services.register_device(
        actor=SystemActor("tests"), code=code or f"PB-{next(_numbers)}", now=now, **fields
    )
    return device


def message_of(device: Device, count: int, *, sent_at: datetime = NOW, **content: Any) -> bytes:
    """Return the bytes a device sends; a pressed panic button unless told otherwise."""
    content = content or {"kind": "panic"}
    return seal_message(
        device.code, services.key_of(device), count=count, sent_at=sent_at, content=content
    )


def make_signal(*, device: Device | None = None, now: datetime = NOW, **content: Any) -> Signal:
    """Press a button."""
    device = device or make_device()
    data = message_of(device, next(_numbers), sent_at=now, **content)
    signal = services.take_message(code=device.code, data=data, now=now)
    assert signal is not None
    return signal
