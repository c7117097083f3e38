"""Who may see and change what the room of alerts keeps."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from qalqan.desk.alerts.models import (
    Alert,
    AlertDistrict,
    AlertTemplate,
    AlertVersion,
    Delivery,
    Device,
    Dispatch,
    Drill,
    Lane,
    Receipt,
    SendingWorker,
    Signal,
    Spread,
    Subscriber,
    Target,
)
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, Actor, Policy, Role, register
from qalqan.desk.platform.policies.registry import ACTION_NAMES
from qalqan.desk.platform.policies.roles import PUBLIC_ROLE

APPROVE = "approve"
ACTION_NAMES.setdefault(APPROVE, gettext_lazy("approve"))
BREAK_GLASS = "break_glass"
"""Sending without a second person, in need; told to the others at once and reviewed later."""
ACTION_NAMES.setdefault(BREAK_GLASS, gettext_lazy("send alone in need"))
READ = "read"
"""Reading warnings at the desk, drafts and all; the public only views what was sent."""
ACTION_NAMES.setdefault(READ, gettext_lazy("see"))

READERS = frozenset(
    {
        Role.DUTY_OFFICER,
        Role.ANALYST,
        Role.PRESS_OFFICER,
        Role.INSPECTOR,
        Role.SECRETARY,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    }
)
WRITERS = frozenset({Role.DUTY_OFFICER, Role.PRESS_OFFICER})
APPROVERS = WRITERS | {Role.SECRETARY}


@register(Alert)
class AlertPolicy(Policy):
    """The duty officer and the press officer write; they or the secretary approve.

    Nobody approves what they wrote: the service asks, and the database refuses.
    """

    can = {
        VIEW: READERS | {PUBLIC_ROLE},
        READ: READERS,
        ADD: WRITERS,
        CHANGE: WRITERS,
        APPROVE: APPROVERS,
        BREAK_GLASS: frozenset({Role.DUTY_OFFICER}),
    }

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show the public what was sent."""
        if actor.role != PUBLIC_ROLE:
            return rows
        return rows.exclude(state=Alert.State.DRAFT)


@register(AlertVersion)
class AlertVersionPolicy(Policy):
    """The public reads the messages that were approved; the desk all of them."""

    can = {
        VIEW: READERS | {PUBLIC_ROLE},
        READ: READERS,
        ADD: WRITERS,
        CHANGE: WRITERS,
        APPROVE: APPROVERS,
    }

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show the public what was approved."""
        if actor.role != PUBLIC_ROLE:
            return rows
        return rows.filter(approved_at__isnull=False)


@register(AlertDistrict)
class AlertDistrictPolicy(Policy):
    """Which districts a warning concerns is read by those who read warnings."""

    can = {VIEW: READERS}


@register(AlertTemplate)
class AlertTemplatePolicy(Policy):
    """Writers use templates; the press officer and the administrator bring them in."""

    can = {
        VIEW: READERS,
        ADD: frozenset({Role.PRESS_OFFICER, Role.ADMINISTRATOR}),
        CHANGE: frozenset({Role.PRESS_OFFICER, Role.ADMINISTRATOR}),
    }


@register(Target)
class TargetPolicy(Policy):
    """The administrator says where alerts go; the desk sees it, without addresses."""

    can = {
        VIEW: READERS,
        ADD: frozenset({Role.ADMINISTRATOR}),
        CHANGE: frozenset({Role.ADMINISTRATOR}),
    }


@register(Delivery, Receipt, Dispatch)
class DeliveryPolicy(Policy):
    """How far a warning has got is for the desk; who may approve may send to the rest again."""

    can = {VIEW: READERS, CHANGE: APPROVERS}


@register(Lane, SendingWorker, Spread)
class SendingPolicy(Policy):
    """How the sending goes is seen by those who see where alerts go."""

    can = {VIEW: READERS}


@register(Subscriber)
class SubscriberPolicy(Policy):
    """Nobody at the desk reads who subscribed; people enter and leave by themselves."""

    can = {ADD: frozenset({PUBLIC_ROLE}), CHANGE: frozenset({PUBLIC_ROLE})}


@register(Device)
class DevicePolicy(Policy):
    """The administrator registers devices and hands out their keys; the desk sees their health."""

    can = {
        VIEW: READERS,
        ADD: frozenset({Role.ADMINISTRATOR}),
        CHANGE: frozenset({Role.ADMINISTRATOR}),
    }


@register(Signal)
class SignalPolicy(Policy):
    """The duty officer answers signals; the desk sees them."""

    can = {VIEW: READERS, CHANGE: frozenset({Role.DUTY_OFFICER})}


@register(Drill)
class DrillPolicy(Policy):
    """Those who write warnings plan exercises; the desk reads what they showed."""

    can = {VIEW: READERS, ADD: WRITERS, CHANGE: WRITERS}
