"""Warnings for the browser: one that holds, one that waits, a draft, an exercise, an end."""

from __future__ import annotations

from datetime import timedelta


def seed() -> None:
    """Store warnings in every state, written and approved by two accounts of their own."""
    from django.utils import timezone
    from tests.support.alerts_factories import make_content, make_sent, make_submitted
    from tests.support.factories import make_organisation, make_user

    from qalqan.desk.alerts import services
    from qalqan.desk.alerts.content import Said
    from qalqan.desk.platform.places.models import Place
    from qalqan.desk.platform.policies import Role, SystemActor

    now = timezone.now()
    centre = make_organisation(name="Warning centre")
    writer = make_user(Role.PRESS_OFFICER, username="warning-writer", organisation=centre)
    second = make_user(Role.SECRETARY, username="warning-second", organisation=centre)
    services.install_templates(actor=SystemActor("demo"), now=now)
    place = Place.objects.exclude(kind="country").order_by("-boundary", "pk").first()
    assert place is not None
    content = make_content(place, minutes=1440)
    make_sent(writer, second, content=content, now=now - timedelta(minutes=5))
    make_sent(writer, second, status="Exercise", content=content, now=now - timedelta(minutes=9))
    over = make_sent(writer, second, content=content, now=now - timedelta(minutes=30))
    ending = services.prepare_cancel(
        actor=writer, alert=over.alert, why="over", now=now - timedelta(minutes=20)
    )
    services.approve(
        actor=second, version=ending, shown_hash=ending.xml_sha256, now=now - timedelta(minutes=19)
    )
    make_submitted(writer, content=content, now=now - timedelta(minutes=1))
    draft = services.start(actor=writer, status="Test", now=now)
    begun = make_content(said={"kk": Said(*["Сынақ"] * 5)}, minutes=60)
    services.save_draft(actor=writer, version=draft, content=begun, now=now)
