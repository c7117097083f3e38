"""Who sees and moves which work."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    EVERY_ROLE,
    EXPORT,
    VIEW,
    Actor,
    Policy,
    Role,
    register,
)
from qalqan.desk.platform.policies.roles import SYSTEM_ROLE
from qalqan.desk.platform.work.models import (
    HandOver,
    Reminder,
    Routing,
    RoutingRule,
    WorkItem,
)

_SEES_ALL = frozenset({SYSTEM_ROLE, Role.SECRETARY, Role.AUDITOR})
_ACTS = EVERY_ROLE - {Role.AUDITOR}
_GIVES = frozenset({Role.SECRETARY, Role.DUTY_OFFICER, Role.ANALYST, Role.ADMINISTRATOR})


def _own(actor: Actor, prefix: str = "") -> Q:
    """Return the condition for work that the actor, their body, or nobody but their role owes."""
    mine = Q(**{f"{prefix}owner_id": getattr(actor, "pk", None) or 0})
    mine |= Q(
        **{f"{prefix}role": actor.role, f"{prefix}organisation": None, f"{prefix}owner": None}
    )
    if actor.organisation_id:
        mine |= Q(**{f"{prefix}organisation_id": actor.organisation_id})
    return mine


@register(WorkItem)
class WorkPolicy(Policy):
    """People see what they and their body owe, gave or are offered; the secretary sees all."""

    can = {VIEW: EVERY_ROLE, ADD: _GIVES, CHANGE: _ACTS, EXPORT: EVERY_ROLE}

    def allows(self, actor: Actor, action: str, subject: models.Model | None = None) -> bool:
        """Let only those change a piece of work whose body owes it, and the secretary."""
        if not super().allows(actor, action, subject):
            return False
        if action != CHANGE or not isinstance(subject, WorkItem) or actor.role in _SEES_ALL:
            return True
        if subject.owner_id is None and subject.organisation_id is None:
            return subject.role == actor.role
        return subject.owner_id == getattr(actor, "pk", None) or (
            actor.organisation_id is not None and subject.organisation_id == actor.organisation_id
        )

    def visible(self, actor: Actor, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Return what the actor gave, and what the actor's body owes or is offered just now."""
        if actor.role in _SEES_ALL:
            return rows
        offered = HandOver.objects.filter(
            item=OuterRef("pk"),
            to_organisation_id=actor.organisation_id or 0,
            state=HandOver.State.OFFERED,
        )
        given = Q(opened_by_id=getattr(actor, "pk", None) or 0)
        return rows.filter(_own(actor) | given | Exists(offered))


@register(HandOver)
class HandOverPolicy(Policy):
    """Both bodies see a hand-over; only the one that is offered the work answers."""

    can = {VIEW: EVERY_ROLE, CHANGE: _ACTS}

    def allows(self, actor: Actor, action: str, subject: models.Model | None = None) -> bool:
        """Let only the body that is offered the work answer."""
        if not super().allows(actor, action, subject):
            return False
        if action != CHANGE or not isinstance(subject, HandOver) or actor.role == SYSTEM_ROLE:
            return True
        return subject.to_organisation_id == actor.organisation_id

    def visible(self, actor: Actor, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Return the hand-overs from, to, or of work of the actor's body."""
        if actor.role in _SEES_ALL:
            return rows
        body = actor.organisation_id or 0
        return rows.filter(
            Q(from_organisation_id=body) | Q(to_organisation_id=body) | _own(actor, "item__")
        )


@register(Reminder)
class ReminderPolicy(Policy):
    """A reminder is seen by those who see its work."""

    can = {VIEW: EVERY_ROLE}

    def visible(self, actor: Actor, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Return the reminders of work that the actor or the actor's body owes."""
        return rows if actor.role in _SEES_ALL else rows.filter(_own(actor, "item__"))


_MAKES_RULES = frozenset({Role.SECRETARY, Role.ADMINISTRATOR})


@register(RoutingRule)
class RulePolicy(Policy):
    """Everybody whom a rule may concern reads the rules; two roles write them."""

    can = {VIEW: EVERY_ROLE, ADD: _MAKES_RULES, CHANGE: _MAKES_RULES}


@register(Routing)
class RoutingPolicy(Policy):
    """Why an item came to somebody is told to those who see the item; no list shows it alone."""

    can = {VIEW: EVERY_ROLE}

    def visible(self, actor: Actor, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Return the routings of work that the actor sees, and those to the actor or their body."""
        if actor.role in _SEES_ALL:
            return rows
        work = WorkItem.objects.visible_to(actor).values("pk")
        mine = Q(organisation_id=actor.organisation_id or 0) | Q(role=actor.role)
        return rows.filter(Q(item__in=work) | Q(item__isnull=True) & mine)
