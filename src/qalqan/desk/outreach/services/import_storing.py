"""Store the activities of a file in bulk, with their sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from qalqan.desk.outreach.models import Activity, QuestionHeard
from qalqan.desk.outreach.services.activities import by_of
from qalqan.desk.outreach.services.facts import (
    ActivityFacts,
    Outcome,
    apply_facts,
    apply_outcome,
)
from qalqan.desk.outreach.services.summing import Differences, worth_of
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.sources.tables import Problem, Reject, Row

SHOWN = 20
"""How many reasons a report names."""
_CHUNK = 400
_BATCH = 2_000


@dataclass(slots=True)
class ActivityImport:
    """What became of the rows of a file.

    Parameters
    ----------
    read
        Rows in the file.
    stored
        New activities.
    known
        Rows that were at the desk already, and were left as they are.
    rejected
        Rows that could not be taken and were left out.
    problems
        The first of the reasons.
    """

    read: int = 0
    stored: int = 0
    known: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Good:
    """One row, understood; ``is_numbered`` tells whether the file gave its number."""

    row: Row
    client_id: UUID
    is_numbered: bool
    facts: ActivityFacts
    outcome: Outcome | None
    state: str
    cancel_reason: str


def refuse(row: Row, problem: Problem, report: ActivityImport, reject: Reject) -> None:
    """Count a row that is left out, and hand it to whoever collects such rows."""
    report.rejected += 1
    if len(report.problems) < SHOWN:
        report.problems.append(problem)
    reject(row, problem)


def store(
    good: list[Good], report: ActivityImport, reject: Reject, *, actor: Actor, now: datetime,
    is_sample: bool, is_form: bool, district: Callable[[int], int],
) -> None:  # fmt: skip
    """Store what is new; what is known is counted, what stands twice is refused or known."""
    new = _new_ones(good, report, reject)
    report.stored = len(new)
    origins = Activity.Origin
    origin = origins.PHONE if is_form else origins.FILE
    by = by_of(actor)
    differences = Differences()
    for start in range(0, len(new), _BATCH):
        part = new[start : start + _BATCH]
        rows = []
        for one in part:
            row = Activity(
                client_id=one.client_id, origin=origin, recorded_at=now, changed_at=now,
                recorded_by=by, is_sample=is_sample, state=one.state,
                cancel_reason=one.cancel_reason,
            )  # fmt: skip
            apply_facts(row, one.facts, district_id=district(one.facts.place_id))
            if one.outcome is not None:
                apply_outcome(row, one.outcome)
            differences.add(worth_of(row))
            rows.append(row)
        Activity.objects.bulk_create(rows, batch_size=_BATCH)
        _add_parts(rows, part, now)
    differences.store()


def _new_ones(good: list[Good], report: ActivityImport, reject: Reject) -> list[Good]:
    stored = _stored(one.client_id for one in good)
    seen: dict[UUID, Good] = {}
    new = []
    for one in good:
        body_id = stored.get(one.client_id)
        earlier = seen.get(one.client_id)
        problem = None
        if body_id is not None and body_id != one.facts.body_id:
            problem = Problem(
                one.row.line, "client_id", _("another body has entered an activity of this number")
            )
        elif earlier is not None and (
            not one.is_numbered or (earlier.facts, earlier.outcome) != (one.facts, one.outcome)
        ):
            problem = _twice(one, earlier)
        if problem is not None:
            refuse(one.row, problem, report, reject)
        elif body_id is not None or earlier is not None:
            report.known += 1
        else:
            new.append(one)
        seen.setdefault(one.client_id, one)
    return new


def _twice(one: Good, earlier: Good) -> Problem:
    line = {"line": earlier.row.line}
    if one.is_numbered:
        return Problem(
            one.row.line, "client_id", _("line %(line)s says something else of this number") % line
        )
    why = _("this activity stands on line %(line)s already; if both are meant, give each a "
            "client_id") % line  # fmt: skip
    return Problem(one.row.line, "title", why)


def _stored(numbers: Iterable[UUID]) -> dict[UUID, int]:
    wanted = list(dict.fromkeys(numbers))
    found: dict[UUID, int] = {}
    for start in range(0, len(wanted), _CHUNK):
        rows = Activity.objects.filter(client_id__in=wanted[start : start + _CHUNK])
        found.update(rows.values_list("client_id", "body_id"))
    return found


def _add_parts(rows: list[Activity], part: list[Good], now: datetime) -> None:
    """Store partners and questions of activities that were just stored."""
    through = Activity.partners.through
    links, questions = [], []
    for row, one in zip(rows, part, strict=True):
        links += [through(activity_id=row.pk, body_id=body) for body in one.facts.partner_ids]
        if one.outcome is not None and one.outcome.asked:
            questions.append(
                QuestionHeard(activity_id=row.pk, asked=one.outcome.asked,
                              answered=one.outcome.answered, heard_at=now)
            )  # fmt: skip
    through.objects.bulk_create(links, batch_size=_BATCH)
    QuestionHeard.objects.bulk_create(questions, batch_size=_BATCH)
