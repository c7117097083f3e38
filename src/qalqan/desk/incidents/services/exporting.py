"""Hand the ledger out as CSV, in the columns that the import reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from qalqan.desk.incidents.models import Incident
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import EXPORT, Actor, require

COLUMNS = (
    *("id", "time", "time_precision", "place", "latitude", "longitude", "place_precision"),
    *("kind", "killed", "injured", "officers_killed", "weapons", "official_position"),
    *("known", "contested", "unknown", "title_kk", "title_ru", "title_en", "reported_at"),
)
_CHUNK = 2_000


@transaction.atomic
def export_incidents(*, actor: Actor, rows: QuerySet[Incident], now: datetime) -> Iterator[str]:
    """Record that the ledger is handed out, and return its lines.

    Parameters
    ----------
    rows
        What to hand out; the caller has narrowed it to what the actor may see.

    Raises
    ------
    RefusedError
        The actor may not export the ledger.
    """
    require(actor, EXPORT, Incident)
    audit.record(
        actor=actor,
        action="incidents.export",
        subject="incidents",
        now=now,
        detail={"rows": rows.count()},
    )
    return _lines(rows.select_related("place").defer("place__boundary", "search_text"))


def _lines(rows: QuerySet[Incident]) -> Iterator[str]:
    yield _line(COLUMNS)
    for row in rows.iterator(chunk_size=_CHUNK):
        yield _line(_cells(row))


def _cells(row: Incident) -> tuple[object, ...]:
    start, end = (_time(moment) for moment in (row.occurred_from, row.occurred_to))
    return (
        row.external_id,
        start if start == end else f"{start}/{end}",
        row.time_precision,
        row.place.name_ru if row.place else row.place_text,
        row.latitude,
        row.longitude,
        row.place_precision,
        row.kind,
        row.killed,
        row.injured,
        row.officers_killed,
        row.weapons,
        row.official_position,
        row.what_is_known,
        row.contested,
        row.unknown,
        row.title_kk,
        row.title_ru,
        row.title_en,
        _time(row.reported_at) if row.reported_at else "",
    )


def _time(moment: datetime) -> str:
    return timezone.localtime(moment, timezone.get_default_timezone()).isoformat(timespec="seconds")


def _line(cells: tuple[object, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(
        # A spreadsheet would run a text that begins like a formula.
        f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell
        for cell in ("" if value is None else value for value in cells)
    )
    return buffer.getvalue()
