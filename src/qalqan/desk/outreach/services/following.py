"""What is left to do after an activity, as work with a deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.outreach.models import Activity, ActivityEvent
from qalqan.desk.outreach.services.activities import by_of
from qalqan.desk.outreach.services.facts import require_sound, text_problems
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import CHANGE, Actor, SystemActor, require
from qalqan.desk.platform.work import services as work
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError, InputError, Location

KIND = "outreach.follow_up"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is to be done after an activity, and until which day."""

    title: str
    due_on: date


@transaction.atomic
def give_follow_up(*, actor: Actor, activity: Activity, what: FollowUp, now: datetime) -> WorkItem:
    """Give the body that held an activity a piece of work that came out of it.

    Raises
    ------
    ConflictError
        The activity is cancelled, or its body has no organisation at the desk and the actor
        belongs to none.
    InputError
        The title is missing or gives somebody away, or the day is over.
    RefusedError
        The actor may not change the activity.
    """
    row: Activity = (
        Activity.objects.select_for_update(of=("self",)).select_related("body").get(pk=activity.pk)
    )
    require(actor, CHANGE, Activity, row)
    if row.state == Activity.State.CANCELLED:
        raise ConflictError(_("This activity is cancelled."))
    title = " ".join(what.title.split())
    if not title:
        raise InputError(_("Say what is to be done."), location=Location(field="title"))
    require_sound(text_problems("title", title, 200))
    if what.due_on < timezone.localdate(now):
        raise InputError(_("This day is over."), location=Location(field="due_on"))
    # A group may give itself work; the desk opens it, as groups may not give work to others.
    item = work.open_item(
        actor=SystemActor("outreach"), kind=KIND, title=title, subject=row, owner=None,
        organisation=_owing(actor, row), due_at=_evening(what.due_on), now=now,
        url=row.get_absolute_url(), is_sample=row.is_sample,
    )  # fmt: skip
    ActivityEvent.objects.create(
        activity=row, at=now, kind=ActivityEvent.Kind.FOLLOW_UP, by=by_of(actor),
        detail={"title": title},
    )  # fmt: skip
    audit.record(
        actor=actor, action="outreach.give_follow_up", subject=row, now=now,
        detail={"work": item.pk},
    )  # fmt: skip
    return item


def _owing(actor: Actor, row: Activity) -> Any:
    found = row.body.organisation or getattr(actor, "organisation", None)
    if found is None:
        raise ConflictError(_("The body that holds it has no organisation at the desk."))
    return found


def _evening(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(18)), timezone.get_default_timezone())
