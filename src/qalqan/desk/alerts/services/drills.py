"""Exercises: planned, begun with an Exercise warning, ended with a report."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.alerts.models import Alert, AlertTemplate, Drill
from qalqan.desk.alerts.selectors.drills import drill_report
from qalqan.desk.alerts.services.common import account_of
from qalqan.desk.alerts.services.drafting import start
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.errors import ConflictError, InputError, Location


@transaction.atomic
def plan_drill(
    *, actor: Actor, title: str, planned_at: datetime, now: datetime, is_sample: bool = False
) -> Drill:
    """Plan an exercise.

    Raises
    ------
    InputError
        The title is missing.
    RefusedError
        The actor may not plan exercises.
    """
    require(actor, ADD, Drill)
    clean = screen(" ".join(title.split())).text[:200]
    if not clean:
        raise InputError(_("Say what is exercised."), location=Location(field="title"))
    drill = Drill.objects.create(
        title=clean, planned_at=planned_at, planned_by=account_of(actor), is_sample=is_sample
    )
    audit.record(actor=actor, action="alerts.plan_drill", subject=drill, now=now)
    return drill


@transaction.atomic
def begin_drill(
    *, actor: Actor, drill: Drill, now: datetime, template: AlertTemplate | None = None
) -> Drill:
    """Begin an exercise: a warning of the status Exercise is begun, which goes the usual way.

    Raises
    ------
    ConflictError
        It was begun already, or is over.
    RefusedError
        The actor may not plan exercises.
    """
    locked = _locked(actor, drill)
    if locked.state != Drill.State.PLANNED:
        raise ConflictError(_("This exercise was begun already, or is over."))
    version = start(
        actor=actor,
        status=Alert.Status.EXERCISE,
        now=now,
        template=template,
        is_sample=locked.is_sample,
    )
    locked.alert_id, locked.state, locked.begun_at = version.alert_id, Drill.State.RUNNING, now
    locked.save(update_fields=["alert", "state", "begun_at"])
    audit.record(actor=actor, action="alerts.begin_drill", subject=locked, now=now)
    return locked


@transaction.atomic
def end_drill(*, actor: Actor, drill: Drill, lessons: str, now: datetime) -> Drill:
    """End an exercise; what it showed is kept as it is now.

    Raises
    ------
    ConflictError
        It does not run.
    InputError
        What was learned is missing.
    RefusedError
        The actor may not plan exercises.
    """
    locked = _locked(actor, drill)
    if locked.state != Drill.State.RUNNING:
        raise ConflictError(_("This exercise does not run."))
    text = screen(" ".join(lessons.split())).text[:500]
    if not text:
        raise InputError(_("Say what was learned."), location=Location(field="lessons"))
    locked.ended_at, locked.state, locked.lessons = now, Drill.State.DONE, text
    locked.report = drill_report(actor, locked).as_json()
    locked.save(update_fields=["ended_at", "state", "lessons", "report"])
    detail = {"reached": locked.report["reached"], "intended": locked.report["intended"]}
    audit.record(actor=actor, action="alerts.end_drill", subject=locked, now=now, detail=detail)
    return locked


def _locked(actor: Actor, drill: Drill) -> Drill:
    require(actor, CHANGE, Drill)
    locked: Drill = Drill.objects.select_for_update().get(pk=drill.pk)
    return locked
