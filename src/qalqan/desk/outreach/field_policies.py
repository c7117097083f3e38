"""Who may see and change field notes, evaluations, and the phones that keep them offline."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from qalqan.desk.outreach.models import (
    DeviceReceipt,
    Evaluation,
    FieldNote,
    NotePicture,
    OutreachDevice,
    PlaceCount,
)
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, Actor, Policy, Role, register
from qalqan.desk.platform.policies.registry import ACTION_NAMES

ANSWER = "answer"
"""Answering a field note."""
ACTION_NAMES.setdefault(ANSWER, gettext_lazy("answer"))

_WEIGH = frozenset({Role.DUTY_OFFICER, Role.ANALYST})
_WORKERS = frozenset({Role.GROUP_WORKER})
_READERS = _WEIGH | {Role.SECRETARY, Role.AUDITOR}


class OwnBodyPolicy(Policy):
    """The desk sees every row; a group worker those of their own body."""

    body_field = "body"

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show group workers what their own body wrote."""
        if actor.role != Role.GROUP_WORKER:
            return rows
        return rows.filter(**{f"{self.body_field}_id": actor.organisation_id or 0})


@register(FieldNote)
class NotePolicy(OwnBodyPolicy):
    """Workers write notes and see what became of those of their body; the desk answers."""

    can = {VIEW: _READERS | _WORKERS, ADD: _WEIGH | _WORKERS, ANSWER: _WEIGH, CHANGE: _WEIGH}


@register(NotePicture)
class NotePicturePolicy(OwnBodyPolicy):
    """A picture is seen by whoever sees its note; the auditor sees that there is one."""

    body_field = "note__body"
    can = {VIEW: _WEIGH | _WORKERS, ADD: _WEIGH | _WORKERS}


@register(Evaluation)
class EvaluationPolicy(OwnBodyPolicy):
    """Bodies weigh their own work; the desk sees what each found."""

    can = {VIEW: _READERS | _WORKERS, ADD: _WEIGH | _WORKERS}


@register(OutreachDevice)
class DevicePolicy(Policy):
    """Workers see their own phones; the administrator all, and may have any wiped."""

    can = {
        VIEW: _WORKERS | _WEIGH | {Role.ADMINISTRATOR},
        CHANGE: _WORKERS | _WEIGH | {Role.ADMINISTRATOR},
    }

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show workers their own."""
        if actor.role == Role.ADMINISTRATOR:
            return rows
        return rows.filter(user_id=getattr(actor, "pk", None) or 0)


@register(DeviceReceipt)
class ReceiptPolicy(Policy):
    """Nobody reads these by themselves; they tell one sending from another."""


@register(PlaceCount)
class PlaceCountPolicy(Policy):
    """Where nothing happened is for the desk, the commission and those who plan."""

    can = {VIEW: _READERS | {Role.PRESS_OFFICER}}
