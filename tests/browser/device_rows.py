"""Devices and signals for the browser: one that stands, one closed, a silent device, a drill."""

from __future__ import annotations

from datetime import timedelta


def seed() -> None:
    """Store them."""
    from django.utils import timezone
    from tests.support.devices_factories import make_device, make_signal, message_of

    from qalqan.desk.alerts.services import devices, drills, signals
    from qalqan.desk.platform.policies import SystemActor

    actor, now = SystemActor("tests"), timezone.now()
    button = make_device(code="PB-0001", site="№12 мектеп, кіреберіс", now=now)
    beat = message_of(button, 1, sent_at=now, kind="beat", battery=83)
    devices.take_message(code=button.code, data=beat, now=now)
    make_device(code="PB-0002", site="Орталық базар, 3-қақпа", now=now - timedelta(hours=2))
    closed = make_signal(device=button, now=now)
    signals.close_signal(
        actor=actor, signal=closed, outcome="Тазалау кезінде басылған", is_false_alarm=True, now=now
    )
    make_signal(device=button, now=now, kind="panic", exercise=True)
    drills.plan_drill(actor=actor, title="Су тасқыны", planned_at=now + timedelta(days=7), now=now)
