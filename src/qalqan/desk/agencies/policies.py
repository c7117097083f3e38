"""Who may see and change what the room of agencies keeps.

Rights only add: a policy names who may, never who may not, and a grant on one's own body's
page opens a door that the role alone leaves shut.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy

from qalqan.desk.agencies.models import (
    Body,
    BodyEvent,
    Counter,
    Expertise,
    Grant,
    HandOver,
    Holding,
    Matter,
    Office,
    ProvinceKey,
    Registration,
    Responsibility,
    Return,
    ReturnCount,
)
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
from qalqan.desk.platform.policies.registry import ACTION_NAMES
from qalqan.desk.platform.policies.roles import SYSTEM_ROLE

KEEP_PAGE = "keep_page"
"""Changing offices, expertise and mandate on one's own body's page."""
TAKE = "take"
"""Answering or taking a matter for one's body."""
TRUST = "trust"
"""Deciding which key's signatures are believed."""
ACTION_NAMES.setdefault(KEEP_PAGE, gettext_lazy("keep the page"))
ACTION_NAMES.setdefault(TAKE, gettext_lazy("take for one's body"))
ACTION_NAMES.setdefault(TRUST, gettext_lazy("trust"))

KEEPERS = frozenset({Role.SECRETARY, Role.DUTY_OFFICER, Role.ADMINISTRATOR})
_READERS = KEEPERS | {Role.ANALYST, Role.PRESS_OFFICER, Role.INSPECTOR, Role.AUDITOR}
_GROUPS = frozenset({Role.GROUP_WORKER, Role.SUPPORT_WORKER})
_SEES_ALL_MATTERS = frozenset({Role.SECRETARY, Role.DUTY_OFFICER, Role.ANALYST, Role.AUDITOR})
_STAFF = frozenset(
    {Role.SECRETARY, Role.DUTY_OFFICER, Role.ANALYST, Role.PRESS_OFFICER, Role.INSPECTOR,
     Role.GROUP_WORKER}
)  # fmt: skip
_ANSWERS_FOR_ALL = frozenset({Role.SECRETARY})


def _own_body(actor: Actor) -> int:
    """Return the actor's organisation; 0 where there is none."""
    return actor.organisation_id or 0


def has_grant(actor: Actor, body_id: int, right: str) -> bool:
    """Tell whether the actor was given a right on its own body's page."""
    user_id = getattr(actor, "pk", None)
    if not user_id or not actor.organisation_id:
        return False
    return Grant.objects.filter(
        user_id=user_id, body_id=body_id, right=right,
        body__organisation_id=actor.organisation_id,
    ).exists()  # fmt: skip


@register(Body)
class BodyPolicy(Policy):
    """Staff see the directory; groups see their own entry and the state bodies to turn to."""

    can = {
        VIEW: _READERS | _GROUPS,
        ADD: KEEPERS,
        CHANGE: KEEPERS,
        EXPORT: KEEPERS | {Role.ANALYST},
        KEEP_PAGE: KEEPERS | _STAFF,
    }

    def allows(self, actor: Actor, action: str, subject: models.Model | None = None) -> bool:
        """Let a body's own staff keep its page where they were given the right."""
        if not super().allows(actor, action, subject):
            return False
        if action != KEEP_PAGE or subject is None or actor.role in KEEPERS | {SYSTEM_ROLE}:
            return True
        return has_grant(actor, subject.pk, Grant.Right.EDIT_PAGE)

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show groups their own entry and the state bodies that are open."""
        if actor.role not in _GROUPS:
            return rows
        state = Q(kind=Body.Kind.STATE, closed_on__isnull=True)
        return rows.filter(state | Q(organisation_id=_own_body(actor)))


class OfBodyPolicy(Policy):
    """Rows that hang on a body are seen by whoever sees the body."""

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show groups what belongs to their own entry and to open state bodies."""
        if actor.role not in _GROUPS:
            return rows
        state = Q(body__kind=Body.Kind.STATE, body__closed_on__isnull=True)
        return rows.filter(state | Q(body__organisation_id=_own_body(actor)))


@register(Office, Expertise)
class OfficePolicy(OfBodyPolicy):
    """Offices and fields are there to be found."""

    can = {VIEW: _READERS | _GROUPS, ADD: KEEPERS | _STAFF, CHANGE: KEEPERS | _STAFF}


@register(Registration)
class RegistrationPolicy(OfBodyPolicy):
    """How a body was registered is kept by those who keep the directory."""

    can = {VIEW: _READERS | _GROUPS, ADD: KEEPERS, CHANGE: KEEPERS}


@register(BodyEvent)
class BodyEventPolicy(Policy):
    """The history of an entry is for staff; a group sees that of its own."""

    can = {VIEW: _READERS | _GROUPS}

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show groups the history of their own entry."""
        if actor.role not in _GROUPS:
            return rows
        return rows.filter(body__organisation_id=_own_body(actor))


@register(Grant)
class GrantPolicy(Policy):
    """The administrator and the secretary give rights; everyone sees their own."""

    can = {
        VIEW: EVERY_ROLE,
        ADD: frozenset({Role.ADMINISTRATOR, Role.SECRETARY}),
        CHANGE: frozenset({Role.ADMINISTRATOR, Role.SECRETARY}),
    }

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show all to those who give them and to the auditor."""
        if actor.role in {SYSTEM_ROLE, Role.ADMINISTRATOR, Role.SECRETARY, Role.AUDITOR}:
            return rows
        return rows.filter(user_id=getattr(actor, "pk", None) or 0)


@register(Counter)
class CounterPolicy(Policy):
    """Nobody reads counters; the acts use them."""

    can = {}


@register(Responsibility)
class ResponsibilityPolicy(Policy):
    """Staff read the matrix, its keepers change it; a group sees its own part."""

    can = {
        VIEW: _READERS | _GROUPS,
        ADD: KEEPERS,
        CHANGE: KEEPERS,
        EXPORT: KEEPERS | {Role.ANALYST},
    }

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show groups their own part."""
        if actor.role not in _GROUPS:
            return rows
        return rows.filter(body__organisation_id=_own_body(actor))


def _own_matters(actor: Actor) -> Q:
    """Return the condition for matters that the actor's body holds, held, or was offered."""
    body = _own_body(actor)
    offered = HandOver.objects.filter(matter=OuterRef("pk")).filter(
        Q(from_body__organisation_id=body) | Q(to_body__organisation_id=body)
    )
    return Q(holder__organisation_id=body) | Q(Exists(offered))


def _sought(actor: Actor) -> Q:
    """Return the condition for matters that seek a body such as the actor's."""
    parts = Responsibility.objects.filter(
        matter=OuterRef("kind"),
        body__organisation_id=_own_body(actor),
        part__in=[Responsibility.Part.LEADS, Responsibility.Part.HELPS],
        until__isnull=True,
    ).filter(
        Q(area_id=OuterRef("area_id"))
        | Q(area_id=OuterRef("area__parent_id"))
        | Q(area_id=OuterRef("area__parent__parent_id"))
        | Q(area_id=OuterRef("area__parent__parent__parent_id"))
    )
    return Q(seeks_body=True, state=Matter.State.OPEN) & Q(Exists(parts))


@register(Matter)
class MatterPolicy(Policy):
    """Those who watch over all see all; a body sees what it holds, was offered, or may take."""

    can = {
        VIEW: _SEES_ALL_MATTERS | _STAFF,
        ADD: frozenset({Role.SECRETARY, Role.DUTY_OFFICER, Role.ANALYST}),
        CHANGE: _STAFF,
        TAKE: _STAFF,
        EXPORT: frozenset({Role.SECRETARY, Role.DUTY_OFFICER, Role.ANALYST}),
    }

    def allows(self, actor: Actor, action: str, subject: models.Model | None = None) -> bool:
        """Let only the holder's staff change a matter, and the secretary for a body without."""
        if not super().allows(actor, action, subject):
            return False
        if action != CHANGE or not isinstance(subject, Matter) or actor.role == SYSTEM_ROLE:
            return True
        return may_act_for(actor, subject.holder)

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow to the body's own matters for those who do not watch over all."""
        if actor.role in _SEES_ALL_MATTERS | {SYSTEM_ROLE}:
            return rows
        if actor.role in _GROUPS and not _sees_matters(actor):
            return rows.none()
        return rows.filter(_own_matters(actor) | _sought(actor))


def _sees_matters(actor: Actor) -> bool:
    """Tell whether a group's worker was given the right to see its matters."""
    return Grant.objects.filter(
        user_id=getattr(actor, "pk", None) or 0,
        right__in=[Grant.Right.SEE_MATTERS, Grant.Right.ANSWER],
        body__organisation_id=_own_body(actor),
    ).exists()


def may_act_for(actor: Actor, body: Body) -> bool:
    """Tell whether the actor may answer for a body: its own staff, or the secretary for it.

    Staff of a state body answer for it by their role; a group's worker needs the right.
    """
    if actor.role in _ANSWERS_FOR_ALL | {SYSTEM_ROLE}:
        return True
    if actor.role not in _STAFF or body.organisation_id is None:
        return False
    if body.organisation_id != actor.organisation_id:
        return False
    return actor.role not in _GROUPS or has_grant(actor, body.pk, Grant.Right.ANSWER)


@register(HandOver, Holding)
class OfMatterPolicy(Policy):
    """Hand-overs and holders are seen by whoever sees the matter."""

    can = {VIEW: _SEES_ALL_MATTERS | _STAFF, CHANGE: _STAFF}

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show those of visible matters."""
        if actor.role in _SEES_ALL_MATTERS | {SYSTEM_ROLE}:
            return rows
        return rows.filter(matter__in=Matter.objects.visible_to(actor).values("pk"))


_REPORTS = frozenset({Role.SECRETARY, Role.DUTY_OFFICER, Role.ANALYST})


@register(Return, ReturnCount)
class ReturnPolicy(Policy):
    """Returns hold protected counts; staff read them, three roles make and take them."""

    can = {
        VIEW: _REPORTS | {Role.PRESS_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR},
        ADD: _REPORTS,
        EXPORT: _REPORTS,
    }


@register(ProvinceKey)
class ProvinceKeyPolicy(Policy):
    """The administrator says which keys are believed; those who take returns see them."""

    can = {
        VIEW: _REPORTS | {Role.AUDITOR, Role.ADMINISTRATOR},
        TRUST: frozenset({Role.ADMINISTRATOR}),
    }
