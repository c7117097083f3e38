"""Pieces of work as rows of the work list, and what stands for what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.work.attention import MINE, Ask, Look, Waiting, address, label_of
from qalqan.desk.platform.work.attention import register as register_kind
from qalqan.desk.platform.work.models import HandOver, WorkItem

WORK = "work"
"""Under this name the list says that there is more work than it shows."""
OFFER = "work.offer"
LIVE = (WorkItem.State.OPEN, WorkItem.State.ACCEPTED)
_FIELDS = (
    "pk", "kind", "title", "subject", "opened_at", "due_at", "organisation_id", "owner_id",
    "role", "opened_by_id", "escalation_level",
)  # fmt: skip


def given(ask: Ask, kinds: Sequence[str] = ()) -> Iterator[Waiting]:
    """Yield the live work that the actor may see, the soonest due first."""
    rows: Any = WorkItem.objects.visible_to(ask.actor).filter(state__in=LIVE)
    # What is offered to the reader's body is told as the offer that it is.
    rows = rows.exclude(pk__in=_open_offers(ask).values("item_id"))
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if ask.whose == MINE:
        rows = rows.filter(_mine(ask))
    else:
        rows = ask.narrow(rows, owner="owner_id", body="organisation_id")
    page = address("work:item")
    why = _Why(ask)
    found = rows.order_by("due_at", "pk").values_list(*_FIELDS)[: ask.most]
    for key, kind, title, subject, since, due, body, owner, role, giver, level in found:
        yield Waiting(
            kind, title, page(key), since, due, body, owner, why(body, owner, role, giver, level),
            may_act=why.may_act(body, owner, role), role=role, subject=subject, item_id=key,
        )  # fmt: skip


def _mine(ask: Ask) -> Q:
    own = Q(organisation_id=ask.actor.organisation_id or 0, owner__isnull=True)
    by_role = Q(role=ask.actor.role, organisation__isnull=True, owner__isnull=True)
    return Q(owner_id=ask.me) | own | by_role


class _Why:
    """Says of each piece of work why it stands on the reader's list; words are looked up once."""

    def __init__(self, ask: Ask) -> None:
        self.me, self.own, self.role = ask.me, ask.actor.organisation_id, ask.actor.role
        self.acts = ask.actor.role != Role.AUDITOR
        self.taken = _("You have taken it.")
        self.free = _("Your body owes it, and nobody has taken it.")
        self.ours = _("Your body owes it; somebody has taken it.")
        self.by_role = _("It waits for anybody in your role.")
        self.gave = _("You gave it.")
        self.sees = _("You see the work of all bodies.")
        self.high = _("The commission was told that it is late.")

    def may_act(self, body: int | None, owner: int | None, role: str) -> bool:
        """Tell whether the reader may do it."""
        if owner is not None:
            return self.acts and owner == self.me
        if body is None:
            return self.acts and role == self.role
        return self.acts and body == self.own

    def __call__(
        self, body: int | None, owner: int | None, role: str, giver: int | None, level: int
    ) -> str:
        """Return the reason in words."""
        if owner == self.me and owner:
            words = self.taken
        elif body is not None and body == self.own:
            words = self.ours if owner else self.free
        elif body is None and owner is None and role == self.role:
            words = self.by_role
        else:
            words = self.gave if giver and giver == self.me else self.sees
        return f"{words} {self.high}" if level >= 3 else words


def register() -> None:
    """Tell the list of work that is offered to the reader's body."""
    register_kind(OFFER, gettext_lazy("Work offered to your body"), _offered)


def _open_offers(ask: Ask) -> QuerySet[Any]:
    """Return the open offers to the actor's body."""
    own = ask.actor.organisation_id or 0
    return HandOver.objects.filter(state=HandOver.State.OFFERED, to_organisation_id=own)


def _offered(ask: Ask) -> Iterator[Waiting]:
    """Yield the work that is offered to the actor's body and not answered."""
    rows: QuerySet[Any] = HandOver.objects.visible_to(ask.actor).filter(
        state=HandOver.State.OFFERED, to_organisation_id=ask.actor.organisation_id or 0,
        item__state__in=LIVE,
    )  # fmt: skip
    page = address("work:item")
    words = _("Offered to your body: %(reason)s")
    found = rows.order_by("offered_at", "pk").values_list(
        "item_id", "item__title", "offered_at", "item__due_at", "to_organisation_id", "reason"
    )[: ask.most]
    for key, title, since, due, body, reason in found:
        yield Waiting(
            OFFER, title, page(key), since, due, body, None, words % {"reason": reason},
            may_act=ask.actor.role != Role.AUDITOR, subject=f"work.offer:{key}",
        )  # fmt: skip


def stands_for(ask: Ask, told: Sequence[Waiting]) -> set[tuple[str, str]]:
    """Return the kind and subject of live work that is given for what the rooms tell."""
    subjects = {row.subject for row in told if row.subject}
    if not subjects:
        return set()
    rows = WorkItem.objects.visible_to(ask.actor).filter(
        state__in=LIVE, kind__in={row.kind for row in told}
    )
    found = rows.values_list("kind", "subject")
    return {pair for pair in found if pair[1] in subjects}


def incomplete_words(seen: Look, most: int) -> str:
    """Say which kinds could not be read, and of which there is more; empty where all is shown."""
    failed = ", ".join(sorted(label_of(code) for code in seen.failed))
    words = (
        _("Not read because of a fault in the desk, and missing here: %(names)s.")
        % {"names": failed}
        if failed else ""
    )  # fmt: skip
    return " ".join(filter(None, (words, _capped_words(seen.capped, most))))


def _capped_words(capped: frozenset[str], most: int) -> str:
    if not capped:
        return ""

    def label(code: str) -> str:
        return _("given work") if code == WORK else label_of(code)

    names = ", ".join(sorted(label(code) for code in capped))
    return ngettext(
        "Only the %(most)s most urgent are shown of: %(names)s.",
        "Only the %(most)s most urgent are shown of each: %(names)s.",
        len(capped),
    ) % {"most": most, "names": names}
