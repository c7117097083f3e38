"""What the sample province lacks: work that is owed and offered, a feed, a token."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone


def seed() -> None:
    """Fill the lists that would be empty."""
    _work()
    _doors()


def _doors() -> None:
    """Have a feed polled, by nobody here, and give a program a key."""
    from qalqan.desk.intake import services
    from qalqan.desk.platform.policies import SystemActor
    from qalqan.desk.platform.sources.models import Source

    now, actor = timezone.now(), SystemActor("tests")
    services.add_feed(
        actor=actor, url="https://news.example.kz/rss", source_name="Example news", now=now
    )
    source = Source.objects.get(name="Example news")
    services.create_token(actor=actor, name="Monitoring program", source=source, now=now)


def _work() -> None:
    """Open two pieces of work; the first is late, the second is offered to the duty centre."""
    from qalqan.desk.platform.accounts.models import Organisation
    from qalqan.desk.platform.policies import SystemActor
    from qalqan.desk.platform.work import services

    now, actor = timezone.now(), SystemActor("tests")
    centre = Organisation.objects.get(name="Aktobe duty centre")
    water = Organisation.objects.exclude(pk=centre.pk).order_by("pk").first()
    assert water is not None
    for title, body, hours in (
        ("Ask the water office about the smell in the second district", centre, -30),
        ("Publish the result of the water test in all three languages", water, 40),
    ):
        item = services.open_item(
            actor=actor,
            kind="rumours.check",
            title=title,
            subject="tests",
            owner=None,
            organisation=body,
            due_at=now + timedelta(hours=hours),
            now=now,
            is_sample=True,
        )
    services.hand_over(
        actor=actor, item=item, organisation=centre, reason="You speak to the press.", now=now
    )
