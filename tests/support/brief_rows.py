"""Rows behind the lines of a brief made by hand: a line without its row is shown to nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.support import brief_factories as made
from tests.support.factories import make_organisation
from tests.support.incidents_factories import make_incident
from tests.support.protection_factories import make_site

from qalqan.desk.brief import content as c
from qalqan.desk.brief.models import BriefEdition
from qalqan.desk.brief.sealing import digest
from qalqan.desk.flashpoints.models import ScanRun
from qalqan.desk.incidents.models import Incident, OpenQuestion
from qalqan.desk.platform.work.models import WorkItem
from qalqan.desk.protection.models import Site
from qalqan.desk.rumours.models import Claim


def make_edition(brief: c.Brief | None = None, **fields: Any) -> BriefEdition:
    """Store an edition of a brief."""
    brief = brief or made.brief()
    payload = c.as_json(brief)
    fields = {"created_at": brief.made_at, "as_of": brief.as_of, "is_sample": True, **fields}
    return BriefEdition.objects.create(payload=payload, digest=digest(payload), **fields)


def make_rows(brief: c.Brief, *, body: Any = None) -> None:
    """Store what the lines of a brief are about; its work is owed by a body.

    Warnings, decisions and recommendations are not made: they need an act each.
    """
    body = body or make_organisation()
    Claim.objects.bulk_create(
        Claim(
            pk=pk, leader_text="…", language="kk-Cyrl", copies=1,
            first_seen=made.AS_OF, last_seen=made.AS_OF,
        )
        for pk in {one.claim_id for one in brief.rumours}
        | {one.claim_id for one in brief.changes if one.claim_id is not None}
    )  # fmt: skip
    for one in brief.incidents:
        make_incident(at=one.occurred_from, pk=one.incident_id)
    for scan in brief.scans:
        ScanRun.objects.create(
            pk=scan.run_id, stream=scan.stream, window_start=scan.window_start,
            window_end=scan.window_end, cases=scan.cases, areas=scan.areas, seed=scan.seed,
            replicates=scan.replicates, verdict=scan.verdict, created_at=made.AS_OF,
            data_hash=scan.data_hash,
        )  # fmt: skip
    for item in brief.overdue:
        WorkItem.objects.create(
            pk=item.item_id, kind="work.other", title=item.title, organisation=body,
            opened_at=item.due_at - timedelta(days=1), due_at=item.due_at,
        )  # fmt: skip
    for question in brief.questions:
        OpenQuestion.objects.create(
            pk=question.question_id, incident=Incident.objects.get(pk=question.incident_id),
            question=question.question, organisation=body, due_at=question.due_at,
            asked_at=question.due_at - timedelta(days=9),
        )  # fmt: skip
    for site in brief.protection.due if brief.protection else ():
        if not Site.objects.filter(pk=site.site_id).exists():
            make_site(pk=site.site_id, number=site.number, next_due_on=site.due_on)
