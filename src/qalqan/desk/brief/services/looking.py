"""Which edition a reader saw last, and the end of that memory."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from qalqan.desk.brief.models import BriefEdition, Look
from qalqan.desk.platform.policies import ADD, Actor, require

KEPT = timedelta(days=90)
"""So long a look or a vote is kept after its day."""


def look(*, actor: Actor, edition: BriefEdition, now: datetime) -> Look | None:
    """Remember that a reader saw an edition; return what is remembered, or nothing for the desk.

    Looking at the same edition again changes nothing but the day, so the comparison with the
    edition seen before stays until a newer one is there. No audit row is written: the record of
    acts is kept for ever, and who read the brief when is not.

    Raises
    ------
    RefusedError
        The actor does not read the brief.
    """
    require(actor, ADD, Look)
    reader = getattr(actor, "pk", None)
    if not reader:
        return None
    today = timezone.localdate(now)
    row: Look | None = (
        Look.objects.visible_to(actor)
        .select_related("edition", "earlier")
        .defer("edition__payload")
        .first()
    )
    if row is None:
        return _first(reader, edition, today)
    if row.looked_on == today and row.edition_id == edition.pk:
        return row
    # Of two editions of one moment the one made later is the newer, as in the list of editions.
    if (edition.as_of, edition.pk) > (row.edition.as_of, row.edition_id):
        row.earlier, row.edition = row.edition, edition
    row.looked_on = today
    row.save(update_fields=["edition", "earlier", "looked_on"])
    return row


def _first(reader: int, edition: BriefEdition, today: date) -> Look | None:
    try:
        with transaction.atomic():
            made: Look = Look.objects.create(reader_id=reader, edition=edition, looked_on=today)
            return made
    except IntegrityError:  # Two pages of one reader at once: the other has written it.
        return None
