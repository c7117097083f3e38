"""Two incidents found to be one, and one found to be two; nothing is lost either way."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.incidents.models import Dispute, Holding, Incident, IncidentVersion, Report
from qalqan.desk.incidents.services import settling
from qalqan.desk.incidents.services.acting import begin, reason_of
from qalqan.desk.incidents.services.holding import WORDS
from qalqan.desk.incidents.services.settling import HELD, Done, Places
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.errors import ConflictError, InputError

_Act = IncidentVersion.Act


@transaction.atomic
def merge(
    *,
    actor: Actor,
    incident: Incident,
    into: Incident,
    reason: str,
    now: datetime,
    seen: int | None = None,
) -> Incident:
    """Make an incident part of another: its reports move there, and its page leads there.

    Raises
    ------
    InputError
        It is the same incident.
    ConflictError
        One of them was merged away, or somebody changed the first meanwhile.
    """
    require(actor, ADD, Holding)
    if incident.pk == into.pk:
        raise InputError(_("An incident cannot be merged into itself."))
    (gone, kept), moment = begin([incident.pk, into.pk], now, seen=seen)
    why = reason_of(reason)
    moved = _move(_live(gone), kept, why, moment)
    gone.merged_into = kept
    settling.settle(
        [Done(gone, str(_Act.MERGED), why), Done(kept, str(_Act.MERGED_HERE), why)],
        actor=actor, moment=moment, places=Places(),
    )  # fmt: skip
    audit.record(
        actor=actor, action="incidents.merge", subject=gone, now=now,
        detail={"into": kept.pk, "reports": len(moved), "reason": why},
    )  # fmt: skip
    return kept


@transaction.atomic
def split(
    *,
    actor: Actor,
    incident: Incident,
    reports: Sequence[Report],
    reason: str,
    now: datetime,
    titles: Mapping[str, str] | None = None,
    seen: int | None = None,
) -> Incident:
    """Make chosen reports an incident of their own.

    Where they are all that came from an incident that was merged here, that incident is
    restored, with what was judged of it; otherwise a new one begins.

    Raises
    ------
    InputError
        No report is chosen, or none would be left.
    ConflictError
        A chosen report does not count here any more, or somebody changed the incident meanwhile.
    """
    require(actor, ADD, Holding)
    (row,), moment = begin([incident.pk], now, seen=seen)
    why = reason_of(reason)
    here = _live(row)
    wanted = {one.pk for one in reports}
    chosen = [one for one in here if one.pk in wanted]
    if len(chosen) != len(wanted):
        raise ConflictError(_("A chosen report does not count here any more."))
    if not chosen:
        raise InputError(_("Choose the reports that tell of the other incident."))
    restored = _restorable(row, here, wanted)
    if len(chosen) == len(here) and restored is None:
        raise InputError(_("No report would be left here: nothing is split."))
    other = restored or _new(row, chosen, titles or {}, moment)
    _move(chosen, other, why, moment)
    return _settled(actor, row, other, restored is not None, why, moment, now)


@transaction.atomic
def restore(*, actor: Actor, incident: Incident, reason: str, now: datetime) -> Incident:
    """Undo a merge: the incident gets back the reports that came from it and still count.

    Raises
    ------
    ConflictError
        It is not merged, or what it was merged into was itself merged away.
    """
    require(actor, ADD, Holding)
    target = incident.merged_into_id
    if target is None:
        raise ConflictError(_("This incident is not merged into another."))
    (row,), moment = begin([target], now)
    (other,) = settling.locked([incident.pk])
    if other.merged_into_id != row.pk:
        raise ConflictError(_("This incident is not merged into another."))
    why = reason_of(reason)
    own = [one for one in _live(row) if _origin(one) == other.pk]
    other.merged_into = None
    _move(own, other, why, moment)
    return _settled(actor, row, other, True, why, moment, now)


def _settled(
    actor: Actor, row: Incident, other: Incident, restored: bool, why: str, moment: datetime,
    now: datetime,
) -> Incident:  # fmt: skip
    act = _Act.RESTORED if restored else _Act.SPLIT_OFF
    settling.settle(
        [Done(row, str(_Act.SPLIT), why), Done(other, str(act), why)],
        actor=actor, moment=moment, places=Places(),
    )  # fmt: skip
    audit.record(
        actor=actor, action="incidents.split", subject=row, now=now,
        detail={"other": other.pk, "restored": restored, "reason": why},
    )  # fmt: skip
    return other


def _live(row: Incident) -> list[Report]:
    rows = row.reports.filter(ended_at__isnull=True).select_related("moved_from")
    return list(rows.order_by("first_recorded_at", "pk"))


def _origin(report: Report) -> int | None:
    before = getattr(report, "moved_from", None)
    return before.incident_id if before is not None else None


def _move(reports: Sequence[Report], to: Incident, why: str, moment: datetime) -> list[Report]:
    """End reports here and let them begin there, in the same order, with their disputes."""
    moved = []
    for one in reports:
        disputes = list(Dispute.objects.filter(report=one, ended_at__isnull=True).order_by("pk"))
        copy = Report.objects.create(
            incident=to, source_id=one.source_id, credibility=one.credibility,
            citation=one.citation, reported_at=one.reported_at, is_official=one.is_official,
            says=one.says, recorded_at=moment, first_recorded_at=one.first_recorded_at,
            recorded_by_id=one.recorded_by_id,
        )  # fmt: skip
        for dispute in disputes:
            Dispute.objects.create(
                report=copy, attribute=dispute.attribute, reason=dispute.reason,
                disputed_by_id=dispute.disputed_by_id, recorded_at=moment,
                recorded_by_id=dispute.recorded_by_id,
            )  # fmt: skip
        one.ended_at, one.ended_as, one.ended_why = moment, Report.End.MOVED, why
        one.moved_to = copy
        one.save(update_fields=["ended_at", "ended_as", "ended_why", "moved_to"])
        moved.append(copy)
    return moved


def _restorable(row: Incident, here: Sequence[Report], wanted: set[int]) -> Incident | None:
    """Return the incident that the chosen reports came from, where all that came are chosen."""
    origins: dict[int, set[int]] = {}
    for one in here:
        if (origin := _origin(one)) is not None:
            origins.setdefault(origin, set()).add(one.pk)
    whole = [key for key, came in origins.items() if came <= wanted]
    found = [one for one in settling.locked(whole) if one.merged_into_id == row.pk]
    if not found:
        return None
    first = max(found, key=lambda one: (len(origins[one.pk]), -one.pk))
    first.merged_into = None
    return first


def _new(
    row: Incident, chosen: Sequence[Report], titles: Mapping[str, str], moment: datetime
) -> Incident:
    content = f"split {row.pk} {moment.isoformat()} {[one.pk for one in chosen]}"
    held = {name: getattr(row, name) for name in HELD if name not in (*WORDS, "external_id")}
    words = {
        name: screen(titles.get(name, "").strip()).text[: WORDS[name]]
        for name in ("title_kk", "title_ru", "title_en")
    }
    return Incident.objects.create(
        **{**held, "states": {}, "reported_at": chosen[0].reported_at, **words},
        identity=hashlib.blake2b(content.encode(), digest_size=16).hexdigest(),
        recorded_at=moment, split_from=row,
    )  # fmt: skip
