"""The desk's own judgement of an attribute, and its own words; each with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.incidents import beliefs
from qalqan.desk.incidents.models import (
    Attribute,
    Holding,
    Incident,
    IncidentVersion,
    State,
)
from qalqan.desk.incidents.services import settling
from qalqan.desk.incidents.services.acting import begin, reason_of
from qalqan.desk.incidents.services.settling import Done, Places
from qalqan.desk.incidents.services.stating import checked
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.errors import ConflictError, InputError

WORDS = {
    **dict.fromkeys(("title_kk", "title_ru", "title_en"), 200),
    **dict.fromkeys(("official_position", "what_is_known", "contested", "unknown"), 10_000),
}
"""What the desk words itself, and how long it may be."""

_Act = IncidentVersion.Act


@transaction.atomic
def hold(
    *,
    actor: Actor,
    incident: Incident,
    attribute: str,
    state: str,
    reason: str,
    now: datetime,
    value: Any = None,
    seen: int | None = None,
) -> Holding:
    """Judge one attribute: how it stands, and which value the desk holds.

    Parameters
    ----------
    value
        The value held; none leaves the one that the reports give.
    seen
        The version that the actor looked at.

    Raises
    ------
    InputError
        The value is impossible, or something is held for known that nobody states.
    ConflictError
        Somebody changed the incident meanwhile, or it was merged away.
    """
    require(actor, ADD, Holding)
    if attribute not in Attribute.values or state not in State.values:
        raise InputError(_("Choose an attribute and how it stands."))
    (row,), moment = begin([incident.pk], now, seen=seen)
    why = reason_of(reason)
    if state == State.UNKNOWN:
        value = None
    elif value is not None:
        value = Places().around({attribute: {"value": checked({attribute: value}, now)[attribute]}})
        value = value[attribute]["value"]
    row.holdings.filter(attribute=attribute, ended_at__isnull=True).update(
        ended_at=moment, ended_why=why
    )
    made = Holding.objects.create(
        incident=row, attribute=attribute, state=state, value=value, reason=why,
        recorded_at=moment, recorded_by=settling.person(actor),
    )  # fmt: skip
    belief = next(one for one in settling.believed([row.pk])[row.pk] if one.attribute == attribute)
    if state == State.KNOWN and belief.value is None:
        raise InputError(_("No report states it: give the value that is known."))
    _check_numbers(row, belief)
    settling.settle(
        [Done(row, str(_Act.HELD), why)], actor=actor, moment=moment, places=Places()
    )  # fmt: skip
    audit.record(
        actor=actor, action="incidents.hold", subject=row, now=now,
        detail={"attribute": attribute, "state": state, "reason": why},
    )  # fmt: skip
    return made


@transaction.atomic
def release(
    *, actor: Actor, holding: Holding, reason: str, now: datetime, seen: int | None = None
) -> Holding:
    """Take a judgement back: the reports speak for themselves again.

    Raises
    ------
    ConflictError
        It was taken back or replaced already.
    """
    require(actor, ADD, Holding)
    (row,), moment = begin([holding.incident_id], now, seen=seen)
    fresh = Holding.objects.select_for_update().get(pk=holding.pk)
    if fresh.ended_at is not None:
        raise ConflictError(_("This judgement does not stand any more."))
    fresh.ended_at, fresh.ended_why = moment, reason_of(reason)
    fresh.save(update_fields=["ended_at", "ended_why"])
    settling.settle(
        [Done(row, str(_Act.RELEASED), fresh.ended_why)],
        actor=actor, moment=moment, places=Places(),
    )  # fmt: skip
    audit.record(
        actor=actor, action="incidents.release", subject=row, now=now,
        detail={"attribute": fresh.attribute, "reason": fresh.ended_why},
    )  # fmt: skip
    return fresh


@transaction.atomic
def correct(
    *,
    actor: Actor,
    incident: Incident,
    words: Mapping[str, str],
    reason: str,
    now: datetime,
    seen: int | None = None,
) -> Incident:
    """Change the desk's own words about an incident: titles and notes.

    Parameters
    ----------
    words
        New texts by the names in `WORDS`; what is not there stays.

    Raises
    ------
    InputError
        Nothing would change, or a text is too long.
    ConflictError
        Somebody changed the incident meanwhile, or it was merged away.
    """
    require(actor, ADD, Holding)
    (row,), moment = begin([incident.pk], now, seen=seen)
    why = reason_of(reason)
    changed = []
    for name, text in words.items():
        if name not in WORDS or len(text) > WORDS[name]:
            raise InputError(_("A text is longer than it may be."))
        masked = screen(text.strip()).text[: WORDS[name]]
        if masked != getattr(row, name):
            setattr(row, name, masked)
            changed.append(name)
    if not changed:
        raise InputError(_("Nothing is changed."))
    settling.settle(
        [Done(row, str(_Act.CORRECTED), why)], actor=actor, moment=moment, places=Places()
    )
    audit.record(
        actor=actor, action="incidents.correct", subject=row, now=now,
        detail={"changed": sorted(changed), "reason": why},
    )  # fmt: skip
    return row


def _check_numbers(row: Incident, belief: beliefs.Belief) -> None:
    held = {"killed": row.killed, "officers_killed": row.officers_killed}
    if belief.attribute not in held:
        return
    held[belief.attribute] = belief.value
    killed, officers = held["killed"], held["officers_killed"]
    if killed is not None and officers is not None and officers > killed:
        raise InputError(_("More officers would be killed than people in all."))
