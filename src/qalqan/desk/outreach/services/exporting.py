"""Hand activities out, marked on every row with who took them, when, and under which number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.outreach.models import BAND_FIELDS, Activity, OutreachCounter
from qalqan.desk.platform import numbers
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import EXPORT, Actor, require
from qalqan.errors import InputError

COLUMNS = (
    "number", "client_id", "title", "kind", "theme", "state", "body", "partners", "place",
    "district", "venue", "date", "starts", "minutes", "language", "public", "reach", "reach_is",
    *BAND_FIELDS, "cost", "views", "comments", "comments_answered", "outcome", "cancel_reason",
    "exported",
)  # fmt: skip
FORMS = ("csv", "xlsx")
MOST_ROWS = 100_000
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Export:
    """A file to hand out: its name, type and content."""

    name: str
    content_type: str
    data: bytes


def watermark(actor: Actor, number: int, now: datetime) -> str:
    """Return what stands on everything that is handed out: number, who, when."""
    who = getattr(actor, "username", "") or actor.actor_label
    when = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    return _("Export %(number)s · %(who)s · %(when)s") % {
        "number": number, "who": who, "when": when
    }  # fmt: skip


def next_number(series: str) -> int:
    """Take the next number of a series of files, as `numbers.next_numbers`."""
    return numbers.next_numbers(OutreachCounter, series)[0]


@transaction.atomic
def export_activities(
    *, actor: Actor, rows: QuerySet[Activity], form: str, now: datetime
) -> Export:
    """Write activities as CSV or XLSX in the columns that the import reads.

    Parameters
    ----------
    rows
        What to hand out; the caller has narrowed it to what the actor may see.
    form
        ``csv`` or ``xlsx``.

    Raises
    ------
    InputError
        There are more than 100,000.
    RefusedError
        The actor may not export activities.
    """
    require(actor, EXPORT, Activity)
    found = rows.select_related("body", "place", "district").defer(
        "place__boundary", "district__boundary", "body__mandate", "body__search_text"
    )[: MOST_ROWS + 1]
    number = next_number("export")
    mark = watermark(actor, number, now)
    cells = [
        _cells(row, mark)
        for row in found.prefetch_related("partners").iterator(chunk_size=_CHUNK)
    ]  # fmt: skip
    if len(cells) > MOST_ROWS:
        raise InputError(
            _("More than %(most)s activities match; narrow the list.") % {"most": MOST_ROWS}
        )
    data = _workbook(cells, mark, now) if form == "xlsx" else _text(cells)
    audit.record(
        actor=actor, action="outreach.export_activities", subject="outreach", now=now,
        detail={"number": number, "rows": len(cells), "form": form},
    )  # fmt: skip
    types = {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    return Export(f"activities-{number}.{form}", types[form], data)


def _cells(row: Activity, mark: str) -> list[Any]:
    starts = timezone.localtime(row.starts_at).strftime("%H:%M") if row.starts_at else ""
    return [
        row.pk, str(row.client_id), row.title, row.kind, row.theme, row.state, row.body.number,
        "; ".join(str(partner.number) for partner in row.partners.all()),
        row.place.kato or row.place.name_ru, row.district.name_ru, row.venue,
        row.held_on.isoformat(), starts, row.minutes, row.language,
        "yes" if row.is_public else "no", row.reach, row.reach_is,
        *(getattr(row, name) for name in BAND_FIELDS.values()), row.cost, row.views, row.comments,
        row.comments_answered, row.outcome, row.cancel_reason, mark,
    ]  # fmt: skip


def safe(cell: Any) -> Any:
    """Return a cell that no spreadsheet runs as a formula."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t"):
        return f"'{cell}"
    return cell


def _text(rows: Iterable[list[Any]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode()


def _workbook(rows: Iterable[list[Any]], mark: str, now: datetime) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("activities")
    sheet.freeze_panes = "A2"
    sheet.oddHeader.center.text = sheet.oddFooter.center.text = mark.replace("&", "&&")
    sheet.append(list(COLUMNS))
    for row in rows:
        sheet.append([safe(cell) for cell in row])
    book.properties.creator, book.properties.title = "Qalqan", mark
    book.properties.created = timezone.make_naive(now, timezone.get_default_timezone())
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
