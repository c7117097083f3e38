"""Opening a case: the one way from a holder's key to what the case says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.policies import Role
from qalqan.desk.support import crypto, ring
from qalqan.desk.support.models import Case, Entry, Helper, Wrap
from qalqan.errors import IntegrityError

CODE = "code"
"""The holder's name of whoever has the code."""


@dataclass
class Opened:
    """A case that is open in memory: its key, whose key opened it, and its consents."""

    case: Case
    key: bytes
    keys: crypto.Keys
    helper: Helper | None
    half: bytes
    consents: dict[str, Any] = field(default_factory=dict)

    @property
    def recipients(self) -> list[dict[str, Any]]:
        """Every consent that was given, with the days."""
        return list(self.consents["recipients"])

    @property
    def standing(self) -> set[int]:
        """The services whose consent stands."""
        return {one["service"] for one in self.recipients if one["withdrawn"] is None}


@dataclass(frozen=True, slots=True)
class Page:
    """One entry of a case in the clear."""

    id: UUID
    field: str
    version: int
    data: dict[str, Any]


def holder_name(helper_id: UUID | None) -> str:
    """Return how a holder is bound into a wrapped key."""
    return CODE if helper_id is None else helper_id.hex


def open_wrap(wrap: Wrap, keys: crypto.Keys) -> Opened:
    """Open a case with one holder's keys.

    Raises
    ------
    IntegrityError
        The key was destroyed, or the rows are not what they were.
    """
    case = wrap.case
    half = ring.read_half(case.pk, case.generation)
    key = crypto.unwrap(
        bytes(wrap.wrapped), keys, half,
        case=case.pk, holder=holder_name(wrap.helper_id), generation=case.generation,
    )  # fmt: skip
    return Opened(case, key, keys, wrap.helper, half)


def read_entry(opened: Opened, entry: Entry) -> Page:
    """Return one entry in the clear."""
    plain = crypto.open_field(
        bytes(entry.sealed), opened.key,
        case=opened.case.pk, entry=entry.pk, field=entry.field, version=entry.version,
    )  # fmt: skip
    return Page(entry.pk, entry.field, entry.version, json.loads(plain))


def pages(opened: Opened, *fields: str) -> list[Page]:
    """Return the entries of an opened case, oldest first; only some fields where named."""
    rows = Entry.objects.filter(case=opened.case)
    if fields:
        rows = rows.filter(field__in=fields)
    found = [read_entry(opened, row) for row in rows]
    return sorted(found, key=lambda page: (page.data.get("on", ""), page.data.get("nr", 0)))


def _wrap_for(actor: User, case_id: UUID) -> Wrap | None:
    # One query whatever is wrong, so that "not there" and "not yours" take the same work.
    row: Wrap | None = (
        Wrap.objects.visible_to(actor)
        .select_related("case__owner__user", "helper__user")
        .filter(
            case_id=case_id, helper__user=actor, helper__left_on=None,
            helper__user__is_active=True, helper__user__role=Role.SUPPORT_WORKER,
        )
        .first()
    )  # fmt: skip
    return row


def open_case(actor: User, keys: crypto.Keys, case_id: UUID) -> Opened | None:
    """Open a case as a worker; nothing where there is none, or none for this worker."""
    wrap = _wrap_for(actor, case_id)
    if wrap is None:
        return None
    opened = with_consents(open_wrap(wrap, keys))
    return opened if _has_consent(actor, opened) else None


def _has_consent(actor: User, opened: Opened) -> bool:
    # A worker who has moved to another body holds a wrapped key until a colleague opens the
    # case, but no consent.
    services = opened.consents["bodies"]
    return actor.organisation_id in {services.get(str(one)) for one in opened.standing}


def open_with_code(code: str) -> Opened | None:
    """Open a case as the one who is helped; nothing where the code is of no case."""
    wrap = (
        Wrap.objects.select_related("case__owner__user")
        .filter(helper=None, case__code_hash=crypto.code_hash(code))
        .first()
    )
    if wrap is None or ring.is_erased(wrap.case_id):
        return None
    return with_consents(open_wrap(wrap, crypto.Keys.of_code(code)))


def with_consents(opened: Opened) -> Opened:
    """Read the consents of a case, which tell who may open it."""
    found = pages(opened, Entry.Field.CONSENTS)
    if len(found) != 1:
        raise IntegrityError("a case has one entry of consents")
    opened.consents = found[0].data
    return opened


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a worker's list."""

    case: Case
    pseudonym: str
    is_owner: bool
    is_due: bool


def my_cases(actor: User, keys: crypto.Keys, *, today: date) -> Iterator[Listed]:
    """Yield the cases that the worker's key opens, what is due first, then by pseudonym."""
    wraps = list(
        Wrap.objects.visible_to(actor)
        .filter(helper__user=actor)
        .select_related("case__owner", "helper")
    )
    needed = [Entry.Field.PSEUDONYM, Entry.Field.CONSENTS]
    entries: dict[UUID, dict[str, Entry]] = {}
    for row in Entry.objects.visible_to(actor).filter(field__in=needed):
        entries.setdefault(row.case_id, {})[row.field] = row
    listed = []
    for wrap in wraps:
        mine = entries.get(wrap.case_id, {})
        if ring.is_erased(wrap.case_id) or len(mine) < len(needed):
            continue
        try:
            opened = open_wrap(wrap, keys)
            opened.consents = read_entry(opened, mine[Entry.Field.CONSENTS]).data
            if not _has_consent(actor, opened):
                continue
            name = read_entry(opened, mine[Entry.Field.PSEUDONYM]).data["text"]
        except IntegrityError:
            # Told by its own page; one damaged case must not close the list of the others.
            name = "?"
        case = wrap.case
        is_due = case.state == Case.State.OPEN and case.review_on <= today
        listed.append(Listed(case, name, case.owner_id == wrap.helper_id, is_due))
    yield from sorted(listed, key=lambda one: (not one.is_due, one.pseudonym))
