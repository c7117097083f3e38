"""The sample's panic buttons, a signal that was a false alarm, and a planned exercise."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

DEVICES = (
    ("SAMPLE-1", "panic", "№12 мектеп, кіреберіс (үлгі)", 86_400, 83),
    ("SAMPLE-2", "panic", "Орталық базар, 3-қақпа (үлгі)", 86_400, 14),
    ("SAMPLE-3", "sensor", "Су қоймасы, қақпа (үлгі)", 300, 96),
)


def register_sample_devices(now: datetime) -> int:
    """Register the sample's devices, all or none; return how many."""
    from django.db import transaction

    from qalqan.desk.alerts.envelope import seal_message
    from qalqan.desk.alerts.selectors import devices as selectors
    from qalqan.desk.alerts.services import devices, drills, signals
    from qalqan.desk.platform.places import selectors as places
    from qalqan.desk.platform.policies import SystemActor

    desk: Any = SystemActor("demo")
    if selectors.devices(desk).exists():
        return 0
    district = places.districts(desk).first()
    heard = now - timedelta(hours=1)
    signal = None
    with transaction.atomic():
        for code, kind, site, beat, battery in DEVICES:
            device, key = devices.register_device(
                actor=desk, code=code, kind=kind, site=site, district=district,
                now=heard, beat_seconds=beat, is_sample=True,
            )  # fmt: skip
            content = {"kind": "beat", "battery": battery}
            data = seal_message(code, key, count=1, sent_at=heard, content=content)
            devices.take_message(code=device.code, data=data, now=heard)
            if code == "SAMPLE-1":
                pressed = seal_message(code, key, count=2, sent_at=heard, content={"kind": "panic"})
                signal = devices.take_message(code=code, data=pressed, now=heard)
        if signal is not None:
            signals.close_signal(
                actor=desk, signal=signal, outcome="Тазалау кезінде басылған (үлгі)",
                is_false_alarm=True, now=heard + timedelta(minutes=3),
            )  # fmt: skip
        drills.plan_drill(
            actor=desk, title="Су тасқыны (үлгі)", planned_at=now + timedelta(days=7), now=now,
            is_sample=True,
        )  # fmt: skip
    return len(DEVICES)
