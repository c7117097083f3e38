"""Record an incident by hand: the same way in as a file takes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qalqan.desk.incidents.models import Incident
from qalqan.desk.incidents.services.importing import ImportReport
from qalqan.desk.incidents.services.rows import ParsedIncident
from qalqan.desk.incidents.services.storing import Ledger, identity_of
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.sources.tables import Row
from qalqan.errors import InputError


@transaction.atomic
def record_incident(
    *, actor: Actor, parsed: ParsedIncident, now: datetime, is_sample: bool = False
) -> Incident:
    """Store an incident with its first report; where it is there already, add the report to it.

    Raises
    ------
    InputError
        Its number stands for another incident.
    RefusedError
        The actor may not record incidents.
    """
    require(actor, ADD, Incident)
    report = ImportReport()
    ledger = Ledger(actor=actor, now=now, is_sample=is_sample)
    refused = ledger.store([(Row(0, {}, ()), parsed)], report)
    for _row, problem in refused:
        raise InputError(problem.reason)
    incident = Incident.objects.get(identity=identity_of(parsed))
    while incident.merged_into is not None:
        incident = incident.merged_into
    audit.record(
        actor=actor, action="incidents.record", subject=incident, now=now,
        detail={"is_new": bool(report.stored), "reports": report.stored + report.sourced},
    )  # fmt: skip
    return incident
