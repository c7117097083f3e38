"""New incidents of the ledger and overdue work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from qalqan.desk.brief.content import IncidentLine, Overdue
from qalqan.desk.brief.services.names import name_of
from qalqan.desk.brief.services.span import Span
from qalqan.desk.incidents import selectors as ledger
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.work import selectors as work

if TYPE_CHECKING:
    from qalqan.desk.incidents.models import Incident

_MOST_INCIDENTS = 8
_MOST_WORK = 100
"""More than a page shows: each reader sees those of this many that are theirs to see."""
_LATE_REPORT = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The new incidents, and what the ledger holds in all."""

    shown: list[IncidentLine]
    new: int
    all: int
    outside: int
    later: int
    last: datetime | None


NO_LEDGER = Ledger([], 0, 0, 0, 0, None)
NO_WORK: tuple[list[Overdue], int] = ([], 0)
"""What stands where the ledger could not be read."""


def incidents(actor: Actor, span: Span) -> Ledger:
    """Return what happened in the window, or in the days before and came in only now."""
    rows = ledger.incidents(actor)
    known = rows.filter(occurred_from__lte=span.as_of)
    fresh = known.filter(occurred_to__gte=span.start) | known.filter(
        occurred_to__gte=span.as_of - _LATE_REPORT,
        recorded_at__gte=span.start,
        recorded_at__lte=span.as_of,
    )
    # Of an event of which only the month is known, nobody can say that it is new.
    fresh = fresh.exclude(time_precision__in=("month", "year"))
    newest = rows.order_by("-occurred_from").first()
    shown = fresh.select_related("place").order_by("-occurred_from", "-id")[:_MOST_INCIDENTS]
    return Ledger(
        shown=[incident_line(actor, incident) for incident in shown],
        new=fresh.count(),
        all=rows.count(),
        outside=rows.filter(district__isnull=True).count(),
        later=rows.filter(occurred_from__gt=span.as_of).count(),
        last=newest.occurred_from if newest else None,
    )


def incident_line(actor: Actor, incident: Incident) -> IncidentLine:
    """Return an incident as the brief lists it."""
    grades = {
        f"{row.source.reliability}{row.credibility}"
        for row in ledger.sources_of(actor, incident)
        if row.source is not None
    }
    return IncidentLine(
        incident_id=incident.pk,
        title_kk=incident.title_kk,
        title_ru=incident.title_ru,
        title_en=incident.title_en,
        kind=incident.kind,
        occurred_from=incident.occurred_from,
        occurred_to=incident.occurred_to,
        time_precision=incident.time_precision,
        place=name_of(incident.place) if incident.place else None,
        place_text=incident.place_text,
        place_precision=incident.place_precision,
        killed=incident.killed,
        injured=incident.injured,
        recorded_at=incident.recorded_at,
        grades=sorted(grades),
        district_id=incident.district_id,
    )


def overdue(actor: Actor, moment: datetime) -> tuple[list[Overdue], int]:
    """Return the work that is overdue at a moment, the oldest first, and how much there is."""
    rows = work.overdue(actor, moment).select_related("owner", "organisation").order_by("due_at")
    shown = [
        Overdue(
            item_id=item.pk,
            kind=item.kind,
            title=item.title,
            # The account's name stays out of the stored brief: the body answers for the work.
            owner=str(item.organisation or ""),
            due_at=item.due_at,
            escalation_level=item.escalation_level,
            url=item.url,
        )
        for item in rows[:_MOST_WORK]
    ]
    return shown, rows.count()
