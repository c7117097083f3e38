"""Activities as calendars: private ones under an address nobody guesses, and the public agenda."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.outreach.models import Activity, ActivityFeed
from qalqan.desk.outreach.services.activities import by_of, check_body
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, PUBLIC, Actor, require
from qalqan.errors import ConflictError

_Body: Any = Activity._meta.get_field("body").related_model
BACK = timedelta(days=31)
AHEAD = timedelta(days=366)
MOST = 2_000


@transaction.atomic
def make_feed(*, actor: Actor, body_id: int | None, now: datetime) -> tuple[ActivityFeed, str]:
    """Make a private address of a calendar; its token is returned once and not kept.

    Parameters
    ----------
    body_id
        Whose activities it shows; none for those of all bodies, which a group may not have.

    Raises
    ------
    InputError
        There is no such body.
    RefusedError
        The actor may not have this calendar.
    """
    require(actor, ADD, ActivityFeed)
    if body_id is not None:
        check_body(actor, body_id)
    else:
        require(actor, ADD, Activity, Activity(body=_Body()))
    token = secrets.token_urlsafe(32)
    feed = ActivityFeed.objects.create(
        body_id=body_id, token_hash=_hash(token), made_at=now, made_by=by_of(actor)
    )
    audit.record(
        actor=actor, action="outreach.make_feed", subject=feed, now=now, detail={"body": body_id}
    )
    return feed, token


@transaction.atomic
def revoke_feed(*, actor: Actor, feed: ActivityFeed, now: datetime) -> None:
    """Let a private address answer no more.

    Raises
    ------
    ConflictError
        It is revoked already.
    RefusedError
        The actor may not revoke it.
    """
    require(actor, CHANGE, ActivityFeed, feed)
    rows = ActivityFeed.objects.visible_to(actor).filter(pk=feed.pk, revoked_at=None)
    if not rows.update(revoked_at=now):
        raise ConflictError(_("This calendar is revoked already."))
    audit.record(actor=actor, action="outreach.revoke_feed", subject=feed, now=now)


@transaction.atomic
def read_feed(*, token: str, now: datetime) -> bytes | None:
    """Return the calendar that a private address stands for, or none; the reading is recorded.

    An address reads no more than whoever made it might read today: it ends with their account,
    their role, or their leaving the body.
    """
    rows = ActivityFeed.objects.select_related("made_by")
    feed = rows.filter(token_hash=_hash(token), revoked_at=None).first()
    if feed is None or not _still_may(feed):
        return None
    ActivityFeed.objects.filter(pk=feed.pk).update(last_read_at=now)
    today = timezone.localdate(now)
    held = Activity.objects.filter(held_on__gte=today - BACK, held_on__lt=today + AHEAD)
    if feed.body_id is not None:
        held = held.filter(body_id=feed.body_id)
    found = held.select_related("body", "place").defer("place__boundary", "outcome")
    text = calendar(found.order_by("held_on", "pk")[:MOST], now)
    audit.record_read(actor=PUBLIC, subject=feed, now=now)
    return text


def _still_may(feed: ActivityFeed) -> bool:
    maker = feed.made_by
    if maker is None:
        return True
    seen = ActivityFeed.objects.visible_to(maker).filter(pk=feed.pk)
    return bool(maker.is_active and seen.exists())


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def calendar(rows: Iterable[Activity], now: datetime) -> bytes:
    """Write activities as iCalendar (RFC 5545): whole days, or hours where they are known."""
    from icalendar import Calendar, Event

    made = Calendar()
    made.add("prodid", "-//Qalqan//outreach//KK")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _("Activities"))
    for row in rows:
        event = Event()
        event.add("uid", f"activity-{row.client_id}@qalqan")
        event.add("dtstamp", now)
        event.add("last-modified", row.changed_at)
        event.add("dtstart", row.starts_at or row.held_on)
        if row.starts_at is not None:
            event.add("duration", timedelta(minutes=row.minutes or 60))
        event.add("summary", row.title)
        event.add("location", ", ".join(filter(None, [row.place.name, row.venue])))
        event.add("description", f"{row.get_kind_display()} · {row.body}")
        cancelled = row.state == Activity.State.CANCELLED
        event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
        made.add_component(event)
    return bytes(made.to_ical())
