"""What every act on an incident begins with."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from qalqan.desk.incidents.models import Incident, Report
from qalqan.desk.incidents.services.settling import locked, moment_after
from qalqan.errors import ConflictError, InputError


def begin(
    incident_ids: list[int], now: datetime, *, seen: int | None = None
) -> tuple[list[Incident], datetime]:
    """Lock incidents in the order asked for; return them and when the act counts.

    Parameters
    ----------
    seen
        The version of the first incident that the actor saw; an act on an older one is refused.

    Raises
    ------
    ConflictError
        One was merged away, or somebody changed the first meanwhile.
    """
    found = {row.pk: row for row in locked(incident_ids)}
    rows = [found[key] for key in incident_ids]
    for row in rows:
        if row.merged_into_id is not None:
            raise ConflictError(_("This incident was merged into another; act on that one."))
    if seen is not None and rows[0].version != seen:
        raise ConflictError(_("Somebody changed this incident meanwhile; look at it again."))
    return rows, moment_after(now)


def live(report: Report) -> Report:
    """Return the report as it stands, if it still counts.

    Raises
    ------
    ConflictError
        It was retracted, corrected or moved.
    """
    fresh = Report.objects.select_for_update().get(pk=report.pk)
    if fresh.ended_at is not None:
        raise ConflictError(_("This report does not count any more."))
    return fresh


def reason_of(text: str) -> str:
    """Return a reason, masked; it must be given.

    Raises
    ------
    InputError
        It is empty or too long.
    """
    from qalqan.desk.incidents.services.analyses import clean

    if not text.strip():
        raise InputError(_("Give a reason; it stays in the history."))
    return clean(text, 500)
