"""Who may see and change what the room of support keeps: support workers, and nobody above.

That a policy lets a worker view cases is only the outer door: what a case says opens with the
worker's own key alone, which neither the administrator nor the auditor nor the desk has.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, Actor, Policy, Role, register
from qalqan.desk.platform.policies.roles import SYSTEM_ROLE
from qalqan.desk.support.models import (
    Case,
    CourtOrder,
    EnquiryCount,
    Entry,
    Helper,
    Service,
    Sight,
    Tally,
    Voucher,
    Wrap,
)

WORKERS = frozenset({Role.SUPPORT_WORKER})
KEEPERS_OF_SERVICES = frozenset({Role.ADMINISTRATOR})


def _mine(actor: Actor) -> dict[str, Any]:
    return {"helper__user_id": getattr(actor, "pk", None) or 0, "helper__left_on": None}


@register(Case)
class CasePolicy(Policy):
    """A worker sees the cases whose key is wrapped for that worker."""

    can = {VIEW: WORKERS, ADD: WORKERS, CHANGE: WORKERS}

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the cases that the actor's key opens."""
        if actor.role == SYSTEM_ROLE:
            return rows
        held = Wrap.objects.filter(**_mine(actor)).values("case_id")
        return rows.filter(pk__in=held)


@register(Entry, Sight, CourtOrder)
class PartPolicy(Policy):
    """A part of a case is seen by those who see the case."""

    can = {VIEW: WORKERS, ADD: WORKERS, CHANGE: WORKERS}

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the parts of the cases that the actor's key opens."""
        if actor.role == SYSTEM_ROLE:
            return rows
        held = Wrap.objects.filter(**_mine(actor)).values("case_id")
        return rows.filter(case_id__in=held)


@register(Wrap)
class WrapPolicy(Policy):
    """A worker sees the keys wrapped for that worker."""

    can = {VIEW: WORKERS}

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the actor's own."""
        return rows if actor.role == SYSTEM_ROLE else rows.filter(**_mine(actor))


@register(Helper, Voucher)
class HelperPolicy(Policy):
    """Workers see each other's public keys, make their own and vouch for colleagues."""

    can = {VIEW: WORKERS, ADD: WORKERS, CHANGE: WORKERS}


@register(Service)
class ServicePolicy(Policy):
    """The administrator keeps the list; whoever works with it reads it."""

    can = {
        VIEW: WORKERS | KEEPERS_OF_SERVICES,
        ADD: KEEPERS_OF_SERVICES,
        CHANGE: KEEPERS_OF_SERVICES,
    }


@register(EnquiryCount, Tally)
class CountPolicy(Policy):
    """Raw counts stay in the room; others get what was released, protected."""

    can = {VIEW: WORKERS, ADD: WORKERS}
