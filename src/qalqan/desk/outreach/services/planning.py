"""Acts that follow from coverage: accept proposed events, count activities by place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.outreach.models import Activity, AgeBand, PlaceCount
from qalqan.desk.outreach.services.activities import enter_activity
from qalqan.desk.outreach.services.facts import ActivityFacts
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.repeating import told_once
from qalqan.errors import InputError, Location

MOST = 20
FARTHEST = timedelta(days=366)
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Pick:
    """A proposed event that was accepted."""

    district_id: int
    theme: str
    language: str
    band: str


@told_once
@transaction.atomic
def accept_plan(
    *, actor: Actor, plan_id: UUID, picks: Sequence[Pick], body_id: int, first_day: date,
    every_days: int, now: datetime,
) -> list[Activity]:  # fmt: skip
    """Plan the accepted events, one every so many days; return those that are new.

    Each event of a plan is planned once, however often the plan is sent.

    Parameters
    ----------
    plan_id
        Number of the proposal that was looked at.
    picks
        At most 20, in the order in which they are to be held.
    body_id
        The body that holds them.
    first_day
        Day of the first event, today or later.

    Raises
    ------
    InputError
        Nothing or too much is picked, the day is past, or a part is not known.
    RefusedError
        The actor may not plan activities of this body.
    """
    require(actor, ADD, Activity)
    if not 1 <= len(picks) <= MOST:
        raise InputError(_("Choose 1 to %(most)s events.") % {"most": MOST})
    today = timezone.localdate(now)
    if not today <= first_day <= today + FARTHEST:
        raise InputError(
            _("Choose a day from today to a year ahead."), location=Location(field="first_day")
        )
    if not 0 <= every_days <= 31:
        raise InputError(
            _("Choose 0 to 31 days between events."), location=Location(field="every_days")
        )
    entered = [
        enter_activity(
            actor=actor, now=now, client_id=number,
            facts=_facts(pick, body_id, first_day + timedelta(days=every_days * place)),
        )
        for place, (number, pick) in enumerate(zip(_numbers(plan_id, picks), picks, strict=True))
    ]  # fmt: skip
    made = [row for row, is_new in entered if is_new]
    if not made:
        return made
    audit.record(
        actor=actor, action="outreach.accept_plan", subject="outreach:plan", now=now,
        detail={"activities": len(made), "body": body_id},
    )  # fmt: skip
    return made


def _numbers(plan_id: UUID, picks: Sequence[Pick]) -> list[UUID]:
    """Return a number for each event that the same event of the same plan gets every time."""
    seen: Counter[Pick] = Counter()
    found = []
    for pick in picks:
        seen[pick] += 1
        said = f"{pick.district_id}:{pick.theme}:{pick.language}:{pick.band}:{seen[pick]}"
        found.append(uuid5(plan_id, said))
    return found


def _facts(pick: Pick, body_id: int, day: date) -> ActivityFacts:
    if pick.theme not in Activity.Theme.values or pick.band not in AgeBand.values:
        raise InputError(_("This event is not known."), location=Location(field="picks"))
    if not Place.objects.filter(pk=pick.district_id, kind=Place.Kind.DISTRICT).exists():
        raise InputError(_("There is no such place."), location=Location(field="picks"))
    title = f"{Activity.Theme(pick.theme).label}, {AgeBand(pick.band).label}"
    return ActivityFacts(
        title=title, kind=Activity.Kind.TALK, theme=pick.theme, place_id=pick.district_id,
        body_id=body_id, held_on=day, language=pick.language,
    )  # fmt: skip


@transaction.atomic
def count_places(*, now: datetime) -> int:
    """Count the activities of the last year by place; return how many places had some."""
    today = timezone.localdate(now)
    rows = (
        Activity.objects.filter(
            held_on__gt=today - _YEAR, held_on__lte=today,
            state__in=(Activity.State.HELD, Activity.State.REPORTED),
        )
        .order_by()
        .values("place_id")
        .annotate(activities=Count("pk"), reached=Sum("reach"))
    )  # fmt: skip
    found = [
        PlaceCount(
            place_id=row["place_id"], activities=row["activities"],
            reached=row["reached"] or 0, counted_on=today,
        )
        for row in rows
    ]  # fmt: skip
    PlaceCount.objects.all().delete()
    PlaceCount.objects.bulk_create(found, batch_size=500)
    return len(found)
