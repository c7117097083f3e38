"""What sources say: added, corrected by the source, disputed, retracted; nothing is deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.incidents.models import Dispute, Incident, IncidentVersion, Report
from qalqan.desk.incidents.services import settling
from qalqan.desk.incidents.services.acting import begin, live, reason_of
from qalqan.desk.incidents.services.settling import Done, Places
from qalqan.desk.incidents.services.stating import checked
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.sources.models import Source
from qalqan.errors import ConflictError, InputError

_Act = IncidentVersion.Act


@transaction.atomic
def add_report(
    *,
    actor: Actor,
    incident: Incident,
    source: Source,
    says: Mapping[str, Any],
    now: datetime,
    credibility: int = 6,
    citation: str = "",
    reported_at: datetime | None = None,
    is_official: bool = False,
    corrects: Report | None = None,
) -> Report:
    """Record what a source says of an incident; where it contradicts others, both stand.

    Parameters
    ----------
    says
        Values by attribute; what the source does not mention is left out.
    corrects
        An earlier report of the same source that this one takes the place of.

    Raises
    ------
    InputError
        It says nothing, or something impossible.
    ConflictError
        The incident was merged away, the source says it there already, or the report that is
        corrected is another source's or does not count any more.
    """
    require(actor, ADD, Report)
    (row,), moment = begin([incident.pk], now)
    places = Places()
    stated = {name: {"value": value} for name, value in checked(says, now).items()}
    if not stated:
        raise InputError(_("The report says nothing: fill in what the source states."))
    _check_time(reported_at, stated, now)
    if credibility not in range(1, 7):
        raise InputError(_("The credibility of an item is a grade from 1 to 6."))
    citation = screen(" ".join(citation.split())).text[:500]
    if corrects is not None:
        _end(_own(corrects, row, source), Report.End.CORRECTED, "", moment)
    same = row.reports.filter(source=source, citation=citation, ended_at__isnull=True)
    if same.exists():
        raise ConflictError(_("This source is recorded with this citation already. Correct that "
                              "report, or say where else the source says so."))  # fmt: skip
    made = Report.objects.create(
        incident=row, source=source, credibility=credibility, citation=citation,
        reported_at=reported_at, is_official=is_official, says=places.around(stated),
        recorded_at=moment, first_recorded_at=moment, recorded_by=settling.person(actor),
    )  # fmt: skip
    act = _Act.REPORT_CORRECTED if corrects is not None else _Act.REPORT_ADDED
    settling.settle(
        [Done(row, str(act), report=made)], actor=actor, moment=moment, places=places
    )  # fmt: skip
    audit.record(
        actor=actor, action="incidents.add_report", subject=row, now=now,
        detail={"report": made.pk, "attributes": sorted(stated), "is_official": is_official,
                "corrects": corrects.pk if corrects else None},
    )  # fmt: skip
    return made


@transaction.atomic
def retract_report(*, actor: Actor, report: Report, reason: str, now: datetime) -> Report:
    """Stop counting a report, with a reason; it stays in the history.

    Raises
    ------
    ConflictError
        It does not count any more, or its incident was merged away.
    """
    require(actor, CHANGE, Report)
    (row,), moment = begin([report.incident_id], now)
    fresh, why = live(report), reason_of(reason)
    _end(fresh, Report.End.RETRACTED, why, moment)
    settling.settle(
        [Done(row, str(_Act.REPORT_RETRACTED), why, fresh)],
        actor=actor, moment=moment, places=Places(),
    )  # fmt: skip
    audit.record(
        actor=actor, action="incidents.retract_report", subject=row, now=now,
        detail={"report": fresh.pk, "reason": why},
    )  # fmt: skip
    return fresh


@transaction.atomic
def dispute(
    *,
    actor: Actor,
    report: Report,
    attribute: str,
    reason: str,
    now: datetime,
    disputed_by: Source | None = None,
) -> Dispute:
    """Record that somebody contradicts what a report says of one attribute.

    Parameters
    ----------
    disputed_by
        Who contradicts; nobody where the desk itself does.

    Raises
    ------
    InputError
        The report says nothing of the attribute.
    ConflictError
        The same dispute is open already, or the report does not count any more.
    """
    require(actor, ADD, Dispute)
    (row,), moment = begin([report.incident_id], now)
    fresh, why = live(report), reason_of(reason)
    if attribute not in fresh.says:
        raise InputError(_("This report says nothing of that."))
    same = fresh.disputes.filter(
        attribute=attribute, disputed_by=disputed_by, ended_at__isnull=True
    )
    if same.exists():
        raise ConflictError(_("This is disputed by them already."))
    made = Dispute.objects.create(
        report=fresh, attribute=attribute, disputed_by=disputed_by, reason=why,
        recorded_at=moment, recorded_by=settling.person(actor),
    )  # fmt: skip
    settling.settle(
        [Done(row, str(_Act.DISPUTED), why, fresh)], actor=actor, moment=moment, places=Places()
    )
    audit.record(
        actor=actor, action="incidents.dispute", subject=row, now=now,
        detail={"report": fresh.pk, "attribute": attribute, "reason": why},
    )  # fmt: skip
    return made


@transaction.atomic
def end_dispute(*, actor: Actor, dispute: Dispute, reason: str, now: datetime) -> Dispute:
    """Close a dispute, with a reason; it stays in the history.

    Raises
    ------
    ConflictError
        It is closed already.
    """
    require(actor, CHANGE, Dispute)
    (row,), moment = begin([dispute.report.incident_id], now)
    fresh = Dispute.objects.select_for_update().select_related("report").get(pk=dispute.pk)
    if fresh.ended_at is not None or fresh.report.ended_at is not None:
        raise ConflictError(_("This dispute is closed already."))
    fresh.ended_at, fresh.ended_why = moment, reason_of(reason)
    fresh.save(update_fields=["ended_at", "ended_why"])
    settling.settle(
        [Done(row, str(_Act.DISPUTE_ENDED), fresh.ended_why, fresh.report)],
        actor=actor, moment=moment, places=Places(),
    )  # fmt: skip
    audit.record(
        actor=actor, action="incidents.end_dispute", subject=row, now=now,
        detail={"dispute": fresh.pk, "reason": fresh.ended_why},
    )  # fmt: skip
    return fresh


def _own(report: Report, incident: Incident, source: Source) -> Report:
    fresh = live(report)
    if (fresh.incident_id, fresh.source_id) != (incident.pk, source.pk):
        raise ConflictError(_("Only the source itself corrects its report."))
    return fresh


def _end(report: Report, how: str, why: str, moment: datetime) -> None:
    report.ended_at, report.ended_as, report.ended_why = moment, how, why
    report.save(update_fields=["ended_at", "ended_as", "ended_why"])


def _check_time(reported_at: datetime | None, says: Mapping[str, Any], now: datetime) -> None:
    if reported_at is None:
        return
    if reported_at > now + timedelta(days=1):
        raise InputError(_("The report lies in the future."))
    when = says.get("when")
    if when and reported_at < datetime.fromisoformat(when["value"]["from"]):
        raise InputError(_("The report lies before the event that it tells of."))
