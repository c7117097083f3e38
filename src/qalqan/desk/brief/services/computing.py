"""Compute a brief and keep it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from django.db import transaction

from qalqan.desk.brief import selectors
from qalqan.desk.brief.content import AuditMark, Brief, Change, as_json
from qalqan.desk.brief.models import BriefEdition
from qalqan.desk.brief.sealing import digest
from qalqan.desk.brief.services.comparing import changes
from qalqan.desk.brief.services.decisions import owed
from qalqan.desk.brief.services.devices import health_now
from qalqan.desk.brief.services.failing import Rooms
from qalqan.desk.brief.services.flashpoints import Found, excesses_and_map
from qalqan.desk.brief.services.gaps import not_arrived
from qalqan.desk.brief.services.happening import acts_between
from qalqan.desk.brief.services.ledger import NO_LEDGER, NO_WORK, incidents, overdue
from qalqan.desk.brief.services.names import province
from qalqan.desk.brief.services.outreach import gaps
from qalqan.desk.brief.services.protection import standing
from qalqan.desk.brief.services.questions import NO_QUESTIONS, asked
from qalqan.desk.brief.services.rumours import NO_RUMOURS, growing
from qalqan.desk.brief.services.span import Span
from qalqan.desk.brief.services.trust import trust_now
from qalqan.desk.brief.services.warnings import NO_WARNINGS, holding
from qalqan.desk.platform.audit import selectors as audit_selectors
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.ui import sample

__all__ = ["compute_brief", "digest"]

Progress = Callable[[str, int, int], None]
ROOM_OF_CHANGE = {
    "rumour": "rumours", "answer": "rumours", "area": "flashpoints", "scan": "flashpoints",
    "incident": "incidents", "work": "overdue",
}  # fmt: skip
"""Which room a change is read from."""


def compute_brief(
    *,
    actor: Actor,
    now: datetime,
    as_of: datetime | None = None,
    as_of_rule: str = "now",
    seed: int = 0,
    replicates: int = 999,
    sites: dict[int, int] | None = None,
    progress: Progress | None = None,
) -> BriefEdition:
    """Compute the brief from what the desk holds, and store it with its audit row.

    Parameters
    ----------
    actor
        Who has it computed; the brief holds what this actor may see.
    now
        The time of making.
    as_of
        The moment that the brief speaks of; ``now`` by default.
    as_of_rule
        ``now``, or ``last_data`` where ``as_of`` was chosen because the data are old; the brief
        says so.
    seed, replicates
        Of the Monte Carlo tests.
    sites
        Places to protect by district, where they are known.
    progress
        Called with a stage, and done and wanted steps of it.

    Raises
    ------
    RefusedError
        The actor may not have a brief computed.
    """
    require(actor, ADD, BriefEdition)
    report = progress or (lambda stage, done, total: None)
    brief = _gathered(actor, Span(as_of or now), now, seed, replicates, sites, report)
    report("brief", 0, 1)
    edition = _store(actor, replace(brief, as_of_rule=as_of_rule))
    report("brief", 1, 1)
    return edition


def _gathered(
    actor: Actor,
    span: Span,
    now: datetime,
    seed: int,
    replicates: int,
    sites: dict[int, int] | None,
    report: Progress,
) -> Brief:
    """Read and compute everything but what depends on the edition before.

    A room that fails is named in the brief, and the others are read.
    """
    rooms, moment = Rooms(), span.as_of
    report("growing rumours", 0, 1)
    rumours, method, health = rooms.read("rumours", lambda: growing(actor, span), NO_RUMOURS)
    report("growing rumours", 1, 1)
    found = rooms.read(
        "flashpoints",
        lambda: excesses_and_map(
            actor, moment, seed=seed, replicates=replicates, sites=sites,
            progress=lambda done, total: report("flash-points", done, total),
        ),
        Found([], [], None, 0, are_approximate=False),
    )  # fmt: skip
    ledger = rooms.read("incidents", lambda: incidents(actor, span), NO_LEDGER)
    work, work_all = rooms.read("overdue", lambda: overdue(actor, moment), NO_WORK)
    warnings, unreviewed = rooms.read("warnings", lambda: holding(actor, moment), NO_WARNINGS)
    questions, questions_all = rooms.read("questions", lambda: asked(actor, moment), NO_QUESTIONS)
    brief = Brief(
        made_at=now,
        as_of=moment,
        as_of_rule="now",
        window_start=span.start,
        previous_as_of=None,
        is_sample=False,
        province=rooms.read("places", lambda: province(actor), None),
        growth=method,
        rumours=rumours,
        scans=found.scans,
        excesses=found.excesses,
        incidents=ledger.shown,
        incidents_new=ledger.new,
        overdue=work,
        overdue_all=work_all,
        warnings=warnings,
        warnings_unreviewed=unreviewed,
        protection=rooms.read("protection", lambda: standing(actor, moment), None),
        outreach=rooms.read("outreach", lambda: gaps(actor, moment), None),
        trust=rooms.read("trust", lambda: trust_now(actor, moment), None),
        questions=questions,
        questions_all=questions_all,
        decisions=rooms.read("decisions", lambda: owed(actor, moment), None),
        devices=rooms.read("devices", lambda: health_now(actor, moment), None),
        gaps=rooms.read("gaps", lambda: not_arrived(actor, moment), []),
        changes=[],
        health=replace(
            health,
            incidents=ledger.all,
            incidents_outside=ledger.outside,
            incidents_later=ledger.later,
            last_incident=ledger.last,
            districts=found.districts,
            boundaries_approximate=found.are_approximate,
        ),
        audit=None,
        map=found.map,
    )
    sample.forget()
    return replace(brief, is_sample=sample.is_loaded(), missing=rooms.missing)


@transaction.atomic
def _store(actor: Actor, brief: Brief) -> BriefEdition:
    """Compare with the edition before, seal with the audit head, and keep."""
    edition = BriefEdition(created_at=brief.made_at, as_of=brief.as_of, is_sample=brief.is_sample)
    before = selectors.previous(actor, edition)
    head = audit_selectors.head()
    rooms = Rooms()
    brief = replace(
        brief,
        previous_as_of=before.as_of if before else None,
        changes=rooms.read("changes", partial(_since, actor, before, brief), []),
        audit=AuditMark(head.sequence, head.hash, head.written_at) if head else None,
    )
    edition.payload = as_json(replace(brief, missing=[*brief.missing, *rooms.missing]))
    edition.digest = digest(edition.payload)
    edition.save()
    audit.record(
        actor=actor,
        action="brief.compute",
        subject=edition,
        now=brief.made_at,
        detail={
            "as_of": brief.as_of.isoformat(),
            "digest": edition.digest,
            "rumours": len(brief.rumours),
            "excesses": len(brief.excesses),
            "missing": [room.room for room in [*brief.missing, *rooms.missing]],
        },
    )
    return edition


def _since(actor: Actor, edition: BriefEdition | None, after: Brief) -> list[Change]:
    """Return what changed since an edition, but for rooms that either of the two is without."""
    if edition is None:
        return []
    before = edition.brief
    unknown = {one.room for one in [*before.missing, *after.missing]}
    found = [*changes(before, after), *acts_between(actor, before, after)]
    return [change for change in found if ROOM_OF_CHANGE[change.what] not in unknown]
