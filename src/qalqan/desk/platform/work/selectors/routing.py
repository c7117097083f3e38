"""Reading rules of routing, and why work came to whoever has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor, Role, SystemActor
from qalqan.desk.platform.work.attention import Waiting, at, look
from qalqan.desk.platform.work.models import Routing, RoutingRule, WorkItem
from qalqan.desk.platform.work.rules import Facts, first, line_of, responsible

MOST_TRIED = 200
PAST = timedelta(days=90)
_S = RoutingRule.State
_DESK = SystemActor("work")


def rules(actor: Actor, *, state: str = "") -> QuerySet[RoutingRule]:
    """Return rules in the order in which they are asked, the newest version first."""
    rows: QuerySet[RoutingRule] = RoutingRule.objects.visible_to(actor)
    if state:
        rows = rows.filter(state=state)
    return (
        rows.select_related("area", "to_organisation")
        .defer("area__boundary")
        .order_by("position", "number", "-version")
    )


def in_force() -> list[RoutingRule]:
    """Return the rules that are asked now, in order; who asks for work sees the answer only.

    A rule to a body that was closed since is passed over: nobody would find the work there.
    """
    rows = RoutingRule.objects.filter(state=_S.ON, valid_from__isnull=False)
    rows = rows.exclude(to_organisation__is_active=False)
    return list(
        rows.select_related("area", "to_organisation")
        .defer("area__boundary")
        .order_by("position", "number")
    )


def rule_for(actor: Actor, rule_id: int) -> RoutingRule | None:
    """Return one version of a rule, or nothing."""
    return rules(actor).filter(pk=rule_id).first()


def versions_of(actor: Actor, rule: RoutingRule) -> QuerySet[RoutingRule]:
    """Return all versions of a rule, the newest first."""
    return rules(actor).filter(number=rule.number).order_by("-version")


def routing_of(actor: Actor, item: WorkItem) -> Routing | None:
    """Return why a piece of work came to whoever has it, where rules or matrix said so."""
    rows: QuerySet[Routing] = Routing.objects.visible_to(actor)
    return rows.filter(item=item).select_related("rule", "organisation", "area").first()


def words_of(row: Routing) -> str:
    """Say to whom work was routed, and why, in the reader's language."""
    who = str(row.organisation) if row.organisation_id else row.get_role_display()
    if row.rule is not None:
        said = _("To %(who)s, because rule %(number)s, version %(version)s: %(reason)s")
        return said % {
            "who": who, "number": row.rule.number, "version": row.rule.version,
            "reason": row.rule.reason,
        }  # fmt: skip
    if row.way == Routing.Way.MATRIX:
        return _("To %(who)s, because it leads in this matter in %(area)s.") % {
            "who": who, "area": row.area or "–",
        }  # fmt: skip
    return _("To %(who)s, because no rule matches and no one body leads there.") % {"who": who}


def words_of_items(keys: Sequence[int]) -> dict[int, str]:
    """Return why pieces of work came to whoever has them; the reader sees the work already."""
    rows = Routing.objects.filter(item_id__in=keys) if keys else Routing.objects.none()
    found = rows.select_related("rule", "organisation", "area").defer("area__boundary")
    return {row.item_id: words_of(row) for row in found if row.item_id is not None}


def applied(actor: Actor, told: Sequence[Waiting]) -> list[Waiting]:
    """Return what rooms tell, with those named to whom rules and matrix sent it.

    The rows are visible to the actor already, and why something came to somebody is told to
    whoever sees it; so no policy is asked again.
    """
    free = {
        (row.kind, row.subject)
        for row in told
        if row.owner_id is None and row.organisation_id is None and row.subject
    }
    if not free or not Routing.objects.filter(item__isnull=True).exists():
        return list(told)
    rows = Routing.objects.filter(
        item__isnull=True,
        kind__in={kind for kind, _subject in free},
        subject__in={subject for _kind, subject in free},
    ).select_related("rule", "organisation", "area")
    known = {(row.kind, row.subject, row.since): row for row in rows.defer("area__boundary")}
    return [_with(known.get((row.kind, row.subject, row.since)), row, actor) for row in told]


def _with(found: Routing | None, row: Waiting, actor: Actor) -> Waiting:
    if found is None or row.owner_id is not None or row.organisation_id is not None:
        return row
    due = min(filter(None, (found.due_at, row.due_at)), default=None)
    return at(
        row, organisation_id=found.organisation_id, role=found.role, due_at=due,
        why=f"{row.why} {words_of(found)}",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """Whom rules or matrix name, and by which of them."""

    way: str
    rule: RoutingRule | None = None
    organisation: Organisation | None = None
    role: str = ""


class Router:
    """The rules in force with the places they speak of, read once for many pieces of work."""

    def __init__(self, rules: Sequence[RoutingRule] | None = None) -> None:
        self.rules = in_force() if rules is None else rules
        self._parents: dict[int, int | None] | None = None

    def line(self, area_id: int | None) -> frozenset[int]:
        """Return a place and all it lies in."""
        if area_id is None or all(rule.area_id is None for rule in self.rules):
            return frozenset()
        if self._parents is None:
            rows = places.places(_DESK).order_by().values_list("pk", "parent_id")
            self._parents = dict(rows)
        return line_of(area_id, self._parents)

    def rule(self, facts: Facts) -> RoutingRule | None:
        """Return the first rule that matches, or nothing."""
        return first(self.rules, facts, self.line(facts.area_id))

    def named(self, facts: Facts, now: datetime) -> Named | None:
        """Return whom the rules name, or else the matrix; nothing where neither names anybody."""
        rule = self.rule(facts)
        if rule is not None:
            return Named(Routing.Way.RULE, rule, rule.to_organisation, rule.to_role)
        body = responsible(facts, timezone.localdate(now))
        return Named(Routing.Way.MATRIX, organisation=body) if body is not None else None

    def named_or_secretary(self, facts: Facts, now: datetime) -> Named:
        """Return whom the rules name, or else the matrix, or else the commission's secretary."""
        return self.named(facts, now) or Named(Routing.Way.SECRETARY, role=Role.SECRETARY)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule would have done: items looked at, meant by it, moved by it; some of those."""

    looked_at: int
    meant: int
    moved: int
    examples: tuple[tuple[Waiting, str], ...]


def tried(actor: Actor, rule: RoutingRule, *, now: datetime) -> Tried:
    """Return what a rule, standing where it stands, would have done with past items.

    Only items that the actor may see are counted: a count may tell no more than a list.
    """
    others = [row for row in in_force() if row.number != rule.number]
    router = Router(sorted([*others, rule], key=lambda row: (row.position, row.number)))
    past = _past(actor, now)
    meant = [row for row, facts in past if router.rule(facts) is rule]
    target = (rule.to_organisation_id, rule.to_role)
    moved = [row for row in meant if (row.organisation_id, row.role) != target]
    names = _names(row.organisation_id for row in moved)
    shown = tuple((row, _holder(row, names)) for row in moved[:20])
    return Tried(len(past), len(meant), len(moved), shown)


def _names(keys: Iterable[int | None]) -> dict[int, str]:
    wanted = {key for key in keys if key}
    return {row.pk: str(row) for row in Organisation.objects.filter(pk__in=wanted)}


def _holder(row: Waiting, names: dict[int, str]) -> str:
    if row.organisation_id:
        return names.get(row.organisation_id, "–")
    return str(Role(row.role).label) if row.role else _("nobody named")


def _past(actor: Actor, now: datetime) -> list[tuple[Waiting, Facts]]:
    """Return the newest items with what rules may ask of them: given work, and what waits."""
    rows = WorkItem.objects.visible_to(actor).filter(opened_at__gte=now - PAST)
    found: list[Any] = list(
        rows.select_related("routing").order_by("-opened_at", "-pk")[:MOST_TRIED]
    )
    past = [(_as_waiting(item), _facts_of(item)) for item in found]
    past += [
        (row, Facts(row.kind, row.area_id, row.language, row.severity, row.matter))
        for row in look(actor, now=now, most=MOST_TRIED).rows
        if row.item_id is None and row.subject and row.owner_id is None
    ]
    return sorted(past, key=lambda pair: pair[0].since, reverse=True)[:MOST_TRIED]


def _as_waiting(item: WorkItem) -> Waiting:
    return Waiting(
        item.kind, item.title, item.get_absolute_url(), item.opened_at, item.due_at,
        item.organisation_id, None, "", role=item.role, item_id=item.pk,
    )  # fmt: skip


def _facts_of(item: WorkItem) -> Facts:
    row: Routing | None = getattr(item, "routing", None)
    if row is None:
        return Facts(item.kind)
    return Facts(item.kind, row.area_id, row.language, row.severity, row.matter)
