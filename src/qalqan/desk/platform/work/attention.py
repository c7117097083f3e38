"""One work list over all rooms: each room tells what waits, for whom, since when, and why.

A room registers one provider for each kind of waiting in its ``ready()``. A provider starts from
``visible_to(ask.actor)``, so nothing is told through a list or a count that its page would hide.
It returns the most urgent first and stops after ``ask.most``; who has more is told so. Of a kind
whose provider fails the list goes without, and names it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.work.kinds import label_of as label_of_work

MINE, BODY, ALL = "mine", "body", "all"
MOST = 200
"""So many of each kind are listed; the most urgent ones."""
_log = logging.getLogger(__name__)
_FAR = datetime.max.replace(tzinfo=timezone.get_fixed_timezone(0))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for somebody.

    Parameters
    ----------
    kind
        ``room.verb``; what it is called is registered with it.
    title, url
        What it is, and the page where it is done.
    since, due_at
        Since when it waits; until when it should be done, if anybody said.
    organisation_id, owner_id
        Who owes it: a body, a person of the desk, or nobody yet.
    why
        Why it stands on the reader's list, in the reader's language.
    may_act
        Whether the reader may do it.
    role
        The role it waits for where neither body nor person is named.
    subject
        ``app.model:key``; with the kind it says that work given for it is the same thing.
    plain
        What it is called where the list leaves the desk; empty where that is the title.
    matter, area_id, language, severity
        What rules of routing may ask; nothing else is known to them.
    item_id
        Key of the piece of work, where it is one.
    """

    kind: str
    title: str
    url: str
    since: datetime
    due_at: datetime | None
    organisation_id: int | None
    owner_id: int | None
    why: str
    may_act: bool = False
    role: str = ""
    subject: str = ""
    plain: str = ""
    matter: str = ""
    area_id: int | None = None
    language: str = ""
    severity: str = ""
    item_id: int | None = None

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        """The soonest due first; without a date, the longest waiting first."""
        return (self.due_at or _FAR, self.since, self.title)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a provider is asked: for whom, when, whose, and how many at most."""

    actor: Actor
    now: datetime
    whose: str = ALL
    most: int = MOST

    @property
    def me(self) -> int:
        """Key of the reader's account; 0 for the desk itself."""
        return getattr(self.actor, "pk", None) or 0

    def narrow(self, rows: Any, *, owner: str = "", body: str = "") -> Any:
        """Leave out what is plainly not on the list that is asked for.

        Parameters
        ----------
        owner, body
            Fields that hold the person and the body who owe it; empty where there is none.
        """
        if self.whose == BODY and body:
            return rows.filter(**{body: self.actor.organisation_id or 0})
        if self.whose != MINE:
            return rows
        free = Q(**{owner: None}) if owner else Q()
        if body:
            own = self.actor.organisation_id or 0
            free &= Q(**{body: None}) | Q(**{body: own})
        return rows.filter(Q(**{owner: self.me}) | free if owner else free)


Provider = Callable[[Ask], Iterable[Waiting]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of waiting: its code, what it is called, and who tells of it."""

    code: str
    label: Any
    provider: Provider


_kinds: dict[str, Kind] = {}


def register(code: str, label: Any, provider: Provider) -> None:
    """Name a kind of waiting and who tells of it; a lazy translation is welcome."""
    _kinds[code] = Kind(code, label, provider)


def known() -> list[tuple[str, str]]:
    """Return the kinds that the rooms have named, by what they are called."""
    rows = [(kind.code, str(kind.label)) for kind in _kinds.values()]
    return sorted(rows, key=lambda one: one[1])


def label_of(code: str) -> str:
    """Return what a kind is called, of waiting or of work."""
    return str(_kinds[code].label) if code in _kinds else label_of_work(code)


def address(name: str) -> Callable[[int], str]:
    """Return a function that makes addresses of pages by number, without a look-up for each."""
    head, _zero, tail = reverse(name, args=[0]).rpartition("0")
    return lambda key: f"{head}{key}{tail}"


def end_of_day(day: date) -> datetime:
    """Return the last moment of a day at the desk; what is due on a day is late after it."""
    return timezone.make_aware(datetime.combine(day, time.max))


@dataclass(frozen=True, slots=True)
class Look:
    """What waits, the most urgent first.

    Parameters
    ----------
    capped
        Kinds of which there is more than shown.
    failed
        Kinds that could not be read; nothing of them is among the rows.
    """

    rows: Sequence[Waiting]
    capped: frozenset[str] = field(default_factory=frozenset)
    failed: frozenset[str] = field(default_factory=frozenset)


def look(
    actor: Actor, *, now: datetime, whose: str = ALL, kinds: Sequence[str] = (), most: int = MOST
) -> Look:
    """Return what waits, as far as the actor may see it.

    Work that somebody was given for a thing stands for the thing: it is listed once.

    Parameters
    ----------
    whose
        ``mine`` (what the actor took, and what nobody has and the actor may do), ``body`` or
        ``all``.
    kinds
        Only these; empty for all.
    most
        So many of each kind.
    """
    from qalqan.desk.platform.work.selectors import routing, worklist

    ask = Ask(actor, now, whose, most + 1)
    capped: set[str] = set()
    given = list(worklist.given(ask, kinds))
    if len(given) > most:
        capped.add(worklist.WORK)
        given = given[:most]
    told: list[Waiting] = []
    failed: set[str] = set()
    for code, kind in _kinds.items():
        if kinds and code not in kinds:
            continue
        rows = _told(kind, ask)
        if rows is None:
            failed.add(code)
            continue
        if len(rows) > most:
            capped.add(code)
        told.extend(rows[:most])
    told = routing.applied(actor, told)
    same = worklist.stands_for(ask, told)
    told = [row for row in told if (row.kind, row.subject) not in same]
    rows = [row for row in (*given, *told) if _is_on(ask, row)]
    return Look(sorted(rows, key=lambda row: row.order), frozenset(capped), frozenset(failed))


def _told(kind: Kind, ask: Ask) -> list[Waiting] | None:
    """Return what a provider tells; nothing where it fails, which is logged."""
    try:
        return list(kind.provider(ask))
    except Exception as error:
        if isinstance(error, DatabaseError) and connection.in_atomic_block:
            # The transaction is lost with it: nothing else could be read.
            raise
        _log.exception("the work list goes without %s", kind.code)
        return None


def _is_on(ask: Ask, row: Waiting) -> bool:
    """Tell whether a row belongs to the list that is asked for."""
    own = ask.actor.organisation_id
    if ask.whose == BODY:
        return own is not None and row.organisation_id == own
    if ask.whose == MINE:
        if row.owner_id is not None:
            return row.owner_id == ask.me
        if row.organisation_id is not None and row.organisation_id != own:
            return False
        return row.may_act and row.role in ("", ask.actor.role)
    return True


def waiting(actor: Actor, *, now: datetime) -> list[Waiting]:
    """Return all that waits and the actor may see, the most urgent first."""
    return list(look(actor, now=now).rows)


def at(row: Waiting, **changes: Any) -> Waiting:
    """Return a row with some things said otherwise."""
    return replace(row, **changes)
