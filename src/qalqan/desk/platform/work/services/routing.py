"""Every change of the rules of routing, and routing itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, Role, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.work.attention import MOST, Waiting, look
from qalqan.desk.platform.work.models import Routing, RoutingRule, WorkItem
from qalqan.desk.platform.work.rules import Facts, is_pattern
from qalqan.desk.platform.work.selectors.routing import Named, Router, Tried, tried
from qalqan.desk.platform.work.services.items import open_item
from qalqan.errors import ConflictError, InputError

_S = RoutingRule.State
_LONGEST_DUE = 24 * 366
_LONGEST_REASON = 300
_MOST_ROUTED = 10 * MOST


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule asks, and what it says.

    Parameters
    ----------
    kinds
        ``*``, ``room.*`` or ``room.verb``.
    to_organisation, to_role
        Exactly one of them.
    due_within_hours
        The work is due so long after it came, or earlier; nothing leaves its date alone.
    """

    kinds: str
    position: int
    reason: str
    area: Place | None = None
    language: str = ""
    severity: str = ""
    to_organisation: Organisation | None = None
    to_role: str = ""
    due_within_hours: int | None = None

    def fields(self) -> dict[str, Any]:
        """Return the columns of a rule.

        Raises
        ------
        InputError
            The pattern names no kind, nobody or two are named, or the reason is missing.
        """
        if not is_pattern(self.kinds):
            raise InputError(_("Kinds are *, a room with .*, or one kind: rumours.check"))
        if (self.to_organisation is None) == (not self.to_role):
            raise InputError(_("A rule names either a body or a role."))
        if self.to_role and self.to_role not in Role.values:
            raise InputError(_("There is no such role."))
        if self.to_organisation is not None and not self.to_organisation.is_active:
            raise InputError(_("This body is closed."))
        hours = self.due_within_hours
        if hours is not None and not 1 <= hours <= _LONGEST_DUE:
            raise InputError(_("Due within: from one hour to a year."))
        reason = screen(" ".join(self.reason.split())).text
        if not reason or len(reason) > _LONGEST_REASON:
            raise InputError(_("Say why, in at most 300 characters."))
        return {
            "kinds": self.kinds, "position": self.position, "reason": reason, "area": self.area,
            "language": self.language, "severity": self.severity, "due_within_hours": hours,
            "to_organisation": self.to_organisation, "to_role": self.to_role,
        }  # fmt: skip


@transaction.atomic
def write_rule(
    *, actor: Actor, terms: Terms, now: datetime, is_sample: bool = False
) -> RoutingRule:
    """Write the first version of a rule; it is a draft until it was tried out and switched on.

    Raises
    ------
    InputError
        The terms make no rule.
    RefusedError
        The actor may not write rules.
    """
    require(actor, ADD, RoutingRule)
    last = RoutingRule.objects.aggregate(last=Max("number"))["last"] or 0
    row = RoutingRule.objects.create(
        number=last + 1, version=1, made_by=_person(actor), made_at=now, is_sample=is_sample,
        **terms.fields(),
    )  # fmt: skip
    audit.record(actor=actor, action="work.write_rule", subject=row, now=now, detail=_told(row))
    return row


@transaction.atomic
def change_rule(*, actor: Actor, rule: RoutingRule, terms: Terms, now: datetime) -> RoutingRule:
    """Change a draft, or begin the next version of a rule that was ever in force.

    A changed draft must be tried out anew.

    Raises
    ------
    ConflictError
        The rule has a draft already.
    InputError
        The terms make no rule.
    """
    require(actor, CHANGE, RoutingRule)
    locked = RoutingRule.objects.select_for_update().get(pk=rule.pk)
    fields = terms.fields()
    if locked.state == _S.DRAFT:
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.tried_at, locked.tried_on, locked.would_move = None, 0, 0
        locked.made_by, locked.made_at = _person(actor), now
        locked.save()
        row = locked
    else:
        others = RoutingRule.objects.filter(number=locked.number)
        if others.filter(state=_S.DRAFT).exists():
            raise ConflictError(_("This rule has a draft already; change that one."))
        last = others.aggregate(last=Max("version"))["last"]
        row = RoutingRule.objects.create(
            number=locked.number, version=last + 1, made_by=_person(actor), made_at=now,
            is_sample=locked.is_sample, **fields,
        )  # fmt: skip
    audit.record(actor=actor, action="work.change_rule", subject=row, now=now, detail=_told(row))
    return row


@transaction.atomic
def try_out(*, actor: Actor, rule: RoutingRule, now: datetime) -> Tried:
    """Say what a draft would have done with past items, and keep the figures with it.

    Raises
    ------
    ConflictError
        The rule is no draft any more.
    """
    require(actor, CHANGE, RoutingRule)
    locked = _draft(rule)
    found = tried(actor, locked, now=now)
    locked.tried_at, locked.tried_on, locked.would_move = now, found.looked_at, found.moved
    locked.save(update_fields=["tried_at", "tried_on", "would_move"])
    detail = {"looked_at": found.looked_at, "moved": found.moved}
    audit.record(actor=actor, action="work.try_rule", subject=locked, now=now, detail=detail)
    return found


@transaction.atomic
def switch_on(*, actor: Actor, rule: RoutingRule, now: datetime) -> RoutingRule:
    """Put a draft in force in place of the version before it; work that came earlier stays.

    Raises
    ------
    ConflictError
        It is no draft, or was not tried out as it stands.
    """
    require(actor, CHANGE, RoutingRule)
    locked = _draft(rule)
    if locked.tried_at is None:
        raise ConflictError(_("Try the rule out first: then you see what it would have moved."))
    RoutingRule.objects.filter(number=locked.number, state=_S.ON).update(
        state=_S.OVER, valid_until=now
    )
    locked.state, locked.valid_from = _S.ON, now
    locked.save(update_fields=["state", "valid_from"])
    audit.record(actor=actor, action="work.switch_rule_on", subject=locked, now=now)
    return locked


@transaction.atomic
def switch_off(*, actor: Actor, rule: RoutingRule, now: datetime) -> RoutingRule:
    """End a rule; what it routed stays where it is, and still names it.

    Raises
    ------
    ConflictError
        It is not in force.
    """
    require(actor, CHANGE, RoutingRule)
    locked = RoutingRule.objects.select_for_update().get(pk=rule.pk)
    if locked.state != _S.ON:
        raise ConflictError(_("This version is not in force."))
    locked.state, locked.valid_until = _S.OVER, now
    locked.save(update_fields=["state", "valid_until"])
    audit.record(actor=actor, action="work.switch_rule_off", subject=locked, now=now)
    return locked


@transaction.atomic
def open_routed(
    *, actor: Actor, facts: Facts, title: str, subject: models.Model | str, due_at: datetime,
    now: datetime, url: str = "", is_sample: bool = False,
) -> WorkItem:  # fmt: skip
    """Put work on the list of whom the rules name, or the matrix, or the commission's secretary.

    Parameters
    ----------
    facts
        The kind, and what else rules may ask.

    Raises
    ------
    InputError
        The title is empty or too long, or the address leaves the desk.
    RefusedError
        The actor may not open work.
    """
    named = Router().named_or_secretary(facts, now)
    due = _due(named, now, due_at)
    item = open_item(
        actor=actor, kind=facts.kind, title=title, subject=subject, owner=None,
        organisation=named.organisation, role=named.role, due_at=due, now=now, url=url,
        is_sample=is_sample,
    )  # fmt: skip
    row = _routing(named, facts, item.subject, now, now)
    row.item, row.due_at = item, due
    row.subject = f"{item.subject}:{item.pk}"[:120]
    row.save()
    audit.record(actor=actor, action="work.route", subject=item, now=now, detail=_routed(row))
    return item


@transaction.atomic
def route_waiting(*, actor: Actor, now: datetime) -> int:
    """Name whom rules or matrix name for what waits in the rooms for nobody; return how many.

    What neither names stays with those whose role lets them do it. Nobody gets to see more by
    it: a body finds it on its list only where the room shows it to its people.
    """
    told = look(actor, now=now, most=_MOST_ROUTED).rows
    free = [
        row for row in told
        if row.item_id is None and row.owner_id is None and row.organisation_id is None
        and row.subject and not row.role
    ]  # fmt: skip
    router, made = Router(), []
    for row in free:
        facts = Facts(row.kind, row.area_id, row.language, row.severity, row.matter)
        named = router.named(facts, now)
        if named is not None:
            made.append(_of_waiting(named, facts, row, now))
    if not made:
        return 0
    Routing.objects.bulk_create(made, ignore_conflicts=True)
    detail = {"ways": dict(Counter(str(row.way) for row in made))}
    audit.record(actor=actor, action="work.route_waiting", subject="work", now=now, detail=detail)
    return len(made)


def _of_waiting(named: Named, facts: Facts, row: Waiting, now: datetime) -> Routing:
    found = _routing(named, facts, row.subject, row.since, now)
    if named.rule is not None and named.rule.due_within_hours:
        found.due_at = row.since + timedelta(hours=named.rule.due_within_hours)
    return found


def _routing(named: Named, facts: Facts, subject: str, since: datetime, now: datetime) -> Routing:
    return Routing(
        kind=facts.kind, subject=subject, since=since, way=named.way, rule=named.rule,
        organisation=named.organisation, role=named.role, area_id=facts.area_id,
        matter=facts.matter, language=facts.language, severity=facts.severity, routed_at=now,
    )  # fmt: skip


def _due(named: Named, now: datetime, asked: datetime) -> datetime:
    """Return when work is due: what was asked for, or earlier where the rule says so."""
    hours = named.rule.due_within_hours if named.rule is not None else None
    return min(asked, now + timedelta(hours=hours)) if hours else asked


def _draft(rule: RoutingRule) -> RoutingRule:
    locked: RoutingRule = RoutingRule.objects.select_for_update().get(pk=rule.pk)
    if locked.state != _S.DRAFT:
        raise ConflictError(_("This version is no draft any more."))
    return locked


def _person(actor: Actor) -> Any:
    return actor if isinstance(actor, get_user_model()) else None


def _told(row: RoutingRule) -> dict[str, Any]:
    """Return what the record keeps of a version: all that it asks and says but its words."""
    return {
        "number": row.number, "version": row.version, "kinds": row.kinds, "area": row.area_id,
        "language": row.language, "severity": row.severity, "body": row.to_organisation_id,
        "role": row.to_role, "hours": row.due_within_hours, "position": row.position,
    }  # fmt: skip


def _routed(row: Routing) -> dict[str, Any]:
    return {
        "way": str(row.way), "rule": str(row.rule) if row.rule else None,
        "body": row.organisation_id, "role": row.role,
    }  # fmt: skip
