"""Compute a brief and keep it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from qalqan.desk.brief import selectors
from qalqan.desk.brief.content import AuditMark, Brief, Change, as_json
from qalqan.desk.brief.models import BriefEdition
from qalqan.desk.brief.services.comparing import changes
from qalqan.desk.brief.services.flashpoints import excesses_and_map
from qalqan.desk.brief.services.happening import acts_between
from qalqan.desk.brief.services.ledger import incidents, overdue
from qalqan.desk.brief.services.names import province
from qalqan.desk.brief.services.outreach import gaps
from qalqan.desk.brief.services.protection import standing
from qalqan.desk.brief.services.questions import asked
from qalqan.desk.brief.services.rumours import growing
from qalqan.desk.brief.services.span import Span
from qalqan.desk.brief.services.trust import trust_now
from qalqan.desk.brief.services.warnings import holding
from qalqan.desk.platform.audit import selectors as audit_selectors
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.ui import sample

Progress = Callable[[str, int, int], None]


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
    """Read and compute everything but what depends on the edition before."""
    report("growing rumours", 0, 1)
    rumours, method, health = growing(actor, span)
    report("growing rumours", 1, 1)
    found = excesses_and_map(
        actor, span.as_of, seed=seed, replicates=replicates, sites=sites,
        progress=lambda done, total: report("flash-points", done, total),
    )  # fmt: skip
    ledger = incidents(actor, span)
    work, work_all = overdue(actor, span.as_of)
    warnings, unreviewed = holding(actor, span.as_of)
    questions, questions_all = asked(actor, span.as_of)
    sample.forget()
    return Brief(
        made_at=now,
        as_of=span.as_of,
        as_of_rule="now",
        window_start=span.start,
        previous_as_of=None,
        is_sample=sample.is_loaded(),
        province=province(actor),
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
        protection=standing(actor, span.as_of),
        outreach=gaps(actor, span.as_of),
        trust=trust_now(actor, span.as_of),
        questions=questions,
        questions_all=questions_all,
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


@transaction.atomic
def _store(actor: Actor, brief: Brief) -> BriefEdition:
    """Compare with the edition before, seal with the audit head, and keep."""
    edition = BriefEdition(created_at=brief.made_at, as_of=brief.as_of, is_sample=brief.is_sample)
    before = selectors.previous(actor, edition)
    head = audit_selectors.head()
    brief = replace(
        brief,
        previous_as_of=before.as_of if before else None,
        changes=_since(actor, before.brief, brief) if before else [],
        audit=AuditMark(head.sequence, head.hash, head.written_at) if head else None,
    )
    edition.payload = as_json(brief)
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
        },
    )
    return edition


def _since(actor: Actor, before: Brief, after: Brief) -> list[Change]:
    return [*changes(before, after), *acts_between(actor, before, after)]


def digest(payload: dict[str, Any]) -> str:
    """Return the SHA-256 of a content, whatever the order of its keys."""
    canonical = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
