"""Change a plan by hand, at its price; hand it out, marked; give a team its calendar."""

from __future__ import annotations

import csv
import io
import secrets
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, EXPORT, PUBLIC, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.protection.models import (
    CalendarFeed,
    PlanChange,
    PlannedVisit,
    PlanWeek,
    Site,
    Team,
)
from qalqan.desk.protection.selectors import plan as selectors
from qalqan.desk.protection.services.exporting import safe, watermark
from qalqan.desk.protection.services.numbers import next_numbers
from qalqan.errors import ConflictError, InputError

LONGEST_WHY = 500
COLUMNS = (
    "day", "team", "site_number", "site", "place", "probability", "score", "by_hand", "state",
    "exported",
)  # fmt: skip


@transaction.atomic
def change_visit(
    *, actor: Actor, visit: PlannedVisit, put_in: Site | None, why: str, now: datetime,
    after_changes: int | None = None,
) -> PlanChange:  # fmt: skip
    """Take a visit out, and put another site in its place or none; record what it costs.

    Parameters
    ----------
    put_in
        Site of the plan that is not planned yet; none leaves the time free.
    after_changes
        Changes of the week that the actor had seen; by default whatever there are now.

    Raises
    ------
    ConflictError
        The visit is over or taken out, the site is planned already, the seed is revealed, or
        somebody has changed the week meanwhile.
    InputError
        No reason, or a site that the plan does not know.
    RefusedError
        The actor may not change plans.
    """
    require(actor, CHANGE, PlanWeek)
    week: PlanWeek = PlanWeek.objects.select_for_update().get(pk=visit.week_id)
    if after_changes is not None and after_changes != week.changes_made:
        raise ConflictError(_("Somebody has changed this week meanwhile; look at it again."))
    old: PlannedVisit = PlannedVisit.objects.select_for_update().get(pk=visit.pk)
    if week.seed or old.day < timezone.localdate(now):
        raise ConflictError(_("What is over cannot be changed."))
    if old.state != PlannedVisit.State.PLANNED:
        raise ConflictError(_("This visit is taken out already."))
    text = screen(" ".join(why.split())).text
    if not text or len(text) > LONGEST_WHY:
        raise InputError(_("Say why, in at most 500 characters."))
    _check_new(week, put_in)
    old.week = week
    price = selectors.price_of(week, old, put_in.pk if put_in else None)
    old.state = PlannedVisit.State.TAKEN_OUT
    old.save(update_fields=["state"])
    if put_in is not None:
        row = week.site_ids.index(put_in.pk)
        PlannedVisit.objects.create(
            week=week, team=old.team, slot=old.slot, day=old.day, site=put_in, by_hand=True,
            probability=week.coverage[row], reason={"score": round(week.scores[row], 1)},
        )  # fmt: skip
    week.changes_made += 1
    week.save(update_fields=["changes_made"])
    change = PlanChange.objects.create(
        week=week, team=old.team, day=old.day, taken_out=old.site, put_in=put_in, why=text,
        protection_lost=price.lost, bits_lost=price.bits_lost, at=now,
        by=actor if isinstance(actor, User) else None,
    )  # fmt: skip
    audit.record(
        actor=actor, action="protection.change_plan", subject=change, now=now,
        detail={
            "week": week.label, "taken_out": old.site_id, "put_in": put_in.pk if put_in else None,
            "protection_lost": round(price.lost, 6), "bits_lost": round(price.bits_lost, 6),
        },
    )  # fmt: skip
    return change


def _check_new(week: PlanWeek, put_in: Site | None) -> None:
    if put_in is None:
        return
    if put_in.pk not in week.site_ids:
        raise InputError(_("The plan of this week does not know this site."))
    planned = PlannedVisit.objects.filter(week=week, site=put_in, state=PlannedVisit.State.PLANNED)
    if planned.exists():
        raise ConflictError(_("This site is planned for this week already."))


@transaction.atomic
def export_plan(*, actor: Actor, week: PlanWeek, now: datetime) -> tuple[str, bytes]:
    """Write a week as CSV, each row marked with who took it, when, and under which number.

    Raises
    ------
    RefusedError
        The actor may not hand out plans.
    """
    require(actor, EXPORT, PlanWeek)
    number = next_numbers("export")[0]
    mark = watermark(actor, number, now)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    rows = list(selectors.visits(actor, week))
    for one in rows:
        cells = [
            one.day.isoformat(), one.team.name, one.site.number, one.site.name,
            one.site.place.name, f"{one.probability:.4f}", one.reason.get("score", ""),
            "yes" if one.by_hand else "no", one.state, mark,
        ]  # fmt: skip
        writer.writerow([safe(cell) for cell in cells])
    audit.record(
        actor=actor, action="protection.export_plan", subject=week, now=now,
        detail={"number": number, "rows": len(rows)},
    )  # fmt: skip
    return f"plan-{week.label}-{number}.csv", buffer.getvalue().encode()


@transaction.atomic
def make_feed(*, actor: Actor, team: Team, now: datetime) -> tuple[CalendarFeed, str]:
    """Make a private address of a team's calendar; its token is returned once and not kept.

    Raises
    ------
    RefusedError
        The actor may not make feeds.
    """
    require(actor, ADD, CalendarFeed)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        team=team, token_hash=_hash(token), made_at=now,
        made_by=actor if isinstance(actor, User) else None,
    )  # fmt: skip
    audit.record(actor=actor, action="protection.make_feed", subject=feed, now=now)
    return feed, token


@transaction.atomic
def revoke_feed(*, actor: Actor, feed: CalendarFeed, now: datetime) -> None:
    """Let a private address answer no more.

    Raises
    ------
    ConflictError
        It is revoked already.
    RefusedError
        The actor may not revoke feeds.
    """
    require(actor, CHANGE, CalendarFeed)
    changed = CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=now)
    if not changed:
        raise ConflictError(_("This calendar is revoked already."))
    audit.record(actor=actor, action="protection.revoke_feed", subject=feed, now=now)


@transaction.atomic
def read_feed(*, token: str, now: datetime) -> bytes | None:
    """Return the calendar that a private address stands for, or none; the reading is recorded."""
    feed = (
        CalendarFeed.objects.select_related("team")
        .filter(token_hash=_hash(token), revoked_at=None, team__is_active=True)
        .first()
    )
    if feed is None:
        return None
    CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=now)
    text = _calendar(feed, now)
    audit.record_read(actor=PUBLIC, subject=feed, now=now)
    return text


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _calendar(feed: CalendarFeed, now: datetime) -> bytes:
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Qalqan//protection//KK")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", feed.team.name)
    for one in selectors.feed_visits(feed, timezone.localdate(now)):
        event = Event()
        event.add("uid", f"visit-{one.pk}@qalqan")
        event.add("dtstamp", now)
        event.add("dtstart", one.day)
        event.add("summary", f"{one.site.number or ''} {one.site.name}".strip())
        event.add("location", ", ".join(filter(None, [one.site.place.name, one.site.address])))
        event.add("class", "CONFIDENTIAL")
        planned = one.state == PlannedVisit.State.PLANNED
        event.add("status", "CONFIRMED" if planned else "CANCELLED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
