"""Feeds: adding them, polling them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.intake.fetch import Answer, fetch
from qalqan.desk.intake.models import Feed, MessageKind
from qalqan.desk.intake.pipeline import SOURCE_KINDS, Pipeline
from qalqan.desk.intake.readers import Record, Rejected
from qalqan.desk.intake.readers.feed import read_feed_stream
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.sources.services import get_or_create_source
from qalqan.desk.rumours import services as rumours
from qalqan.errors import ConflictError, InputError, Location, QalqanError

_MOST_ITEMS = 1_000
_LONGEST_PAUSE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll brought."""

    stored: int
    known: int
    rejected: int
    error: str = ""


@transaction.atomic
def add_feed(
    *, actor: Actor, url: str, source_name: str, kind: str = MessageKind.NEWS, now: datetime
) -> Feed:
    """Have the worker poll a feed from now on.

    Raises
    ------
    RefusedError
        The actor may not choose feeds.
    InputError
        The address is no http or https address.
    ConflictError
        The feed is there already.
    """
    require(actor, ADD, Feed)
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise InputError(
            _("Only plain http and https addresses are fetched."), location=Location(field="url")
        )
    source = get_or_create_source(actor=actor, name=source_name, kind=SOURCE_KINDS[kind], now=now)
    if Feed.objects.filter(url=url.strip()).exists() or Feed.objects.filter(source=source).exists():
        raise ConflictError(_("This feed is there already."), location=Location(field="url"))
    feed = Feed.objects.create(source=source, url=url.strip(), kind=kind, next_poll_at=now)
    record(actor=actor, action="intake.add_feed", subject=feed, now=now, detail={"kind": kind})
    return feed


@transaction.atomic
def set_feed_active(*, actor: Actor, feed: Feed, is_active: bool, now: datetime) -> Feed:
    """Pause a feed or take it up again.

    Raises
    ------
    RefusedError
        The actor may not change feeds.
    """
    require(actor, CHANGE, Feed, feed)
    row: Feed = Feed.objects.select_for_update().get(pk=feed.pk)
    row.is_active, row.next_poll_at = is_active, now
    row.save(update_fields=["is_active", "next_poll_at"])
    action = "intake.resume_feed" if is_active else "intake.pause_feed"
    record(actor=actor, action=action, subject=row, now=now)
    return row


def poll_due_feeds(*, actor: Actor, now: datetime) -> list[Polled]:
    """Poll the feeds whose time has come; one that fails does not keep others waiting."""
    due = Feed.objects.filter(is_active=True, next_poll_at__lte=now).order_by("next_poll_at", "pk")
    return [poll_feed(actor=actor, feed=feed, now=now) for feed in due.select_related("source")]


def poll_feed(*, actor: Actor, feed: Feed, now: datetime) -> Polled:
    """Fetch a feed and store what is new; note the error where that fails."""
    try:
        answer = fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
        return _take(actor=actor, feed=feed, answer=answer, now=now)
    except QalqanError as error:
        return _fail(feed=feed, error=error, now=now)
    except (ValueError, LookupError) as error:
        # Whatever one feed sends, the others must not wait for it for ever.
        return _fail(feed=feed, error=InputError(type(error).__name__), now=now)


@transaction.atomic
def _take(*, actor: Actor, feed: Feed, answer: Answer, now: datetime) -> Polled:
    good: list[Record] = []
    bad: list[Rejected] = []
    if answer.body is not None:
        zone = ZoneInfo(settings.TIME_ZONE)
        for item in read_feed_stream(BytesIO(answer.body), feed.url, zone):
            if isinstance(item, Rejected):
                bad.append(item)
            elif len(good) < _MOST_ITEMS:
                # The name a feed gives itself may change; its source stays.
                good.append(item._replace(channel=feed.source.name))
        if not good and bad:
            raise bad[0].error
    stored = known = 0
    if good:
        pipeline = Pipeline(actor, now, feed.source.name, kind=feed.kind)
        result = rumours.store_messages(
            actor=actor, batch=pipeline.process(good), run=feed, now=now
        )
        stored, known = result.stored, result.known
    Feed.objects.filter(pk=feed.pk).update(
        etag=answer.etag,
        last_modified=answer.last_modified,
        polled_at=now,
        next_poll_at=now + timedelta(minutes=feed.every_minutes),
        failures=0,
        last_error=str(bad[0].error)[:300] if bad else "",
    )
    return Polled(stored, known, len(bad))


def _fail(*, feed: Feed, error: QalqanError, now: datetime) -> Polled:
    pause = timedelta(minutes=feed.every_minutes) * 2 ** min(feed.failures + 1, 8)
    Feed.objects.filter(pk=feed.pk).update(
        polled_at=now,
        next_poll_at=now + min(pause, _LONGEST_PAUSE),
        failures=feed.failures + 1,
        last_error=str(error)[:300],
    )
    return Polled(0, 0, 0, str(error))
