"""Who may see and change what the room of outreach keeps."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet

from qalqan.desk.outreach.models import (
    Activity,
    ActivityDay,
    ActivityEvent,
    ActivityFeed,
    ActivityMargin,
    BodyMonth,
    OutreachCounter,
    QuestionHeard,
)
from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    EXPORT,
    VIEW,
    Actor,
    Policy,
    Role,
    register,
)

_STAFF = frozenset({Role.DUTY_OFFICER, Role.ANALYST, Role.PRESS_OFFICER, Role.SECRETARY})
"""Who keeps the activities of every body."""
_GROUPS = frozenset({Role.GROUP_WORKER})
_READERS = _STAFF | {Role.AUDITOR}


class OwnBodyPolicy(Policy):
    """The desk sees every row; a group's worker those of their own body."""

    path: ClassVar[str] = ""

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show a group's worker what their own body holds."""
        if actor.role != Role.GROUP_WORKER:
            return rows
        return rows.filter(**{f"{self.path}body__organisation_id": actor.organisation_id or 0})


@register(Activity)
class ActivityPolicy(OwnBodyPolicy):
    """Groups enter and correct their own; the desk any body's; the auditor reads."""

    can = {
        VIEW: _READERS | _GROUPS,
        ADD: _STAFF | _GROUPS,
        CHANGE: _STAFF | _GROUPS,
        EXPORT: _STAFF | _GROUPS,
    }

    def allows(self, actor: Actor, action: str, subject: Model | None = None) -> bool:
        """Let a group's worker change only what their own body holds."""
        if not super().allows(actor, action, subject):
            return False
        if actor.role != Role.GROUP_WORKER or not isinstance(subject, Activity):
            return True
        owner = subject.body.organisation_id
        return owner is not None and owner == actor.organisation_id


@register(QuestionHeard, ActivityEvent)
class ActivityPartPolicy(OwnBodyPolicy):
    """Seen by those who see the activity."""

    path = "activity__"
    can = {VIEW: _READERS | _GROUPS, ADD: _STAFF | _GROUPS}


@register(ActivityDay, ActivityMargin, BodyMonth)
class SumsPolicy(Policy):
    """Sums over all bodies are for the desk; a group sees its own activities summed."""

    can = {VIEW: _READERS}


@register(ActivityFeed)
class ActivityFeedPolicy(OwnBodyPolicy):
    """A group makes calendars of its own; the desk also those of others and of all."""

    can = {VIEW: _STAFF | _GROUPS, ADD: _STAFF | _GROUPS, CHANGE: _STAFF | _GROUPS}

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show staff the calendars they made, a group those of its own."""
        if actor.role == Role.GROUP_WORKER:
            return super().visible(actor, rows)
        return rows.filter(Q(made_by_id=getattr(actor, "pk", None) or 0))


@register(OutreachCounter)
class InnerPolicy(Policy):
    """Nobody reads numbers by themselves."""
