"""Hand the register out, marked on every row with who took it, when, and under which number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import EXPORT, Actor, require
from qalqan.desk.protection.models import Site
from qalqan.desk.protection.services.numbers import next_numbers

COLUMNS = (
    "number", "name_kk", "name_ru", "name_en", "category", "capacity", "tier", "place",
    "district", "latitude", "longitude", "address", "owner", "owner_language", "duty_contact",
    "status", "last_inspected", "next_due", "exported",
)  # fmt: skip
FORMS = ("csv", "xlsx")
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Export:
    """A file to hand out: its name, type, mark and content."""

    name: str
    content_type: str
    mark: str
    data: bytes


def watermark(actor: Actor, number: int, now: datetime) -> str:
    """Return what stands on everything that is handed out: number, who, when."""
    who = getattr(actor, "username", "") or actor.actor_label
    when = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    return _("Export %(number)s · %(who)s · %(when)s") % {
        "number": number, "who": who, "when": when
    }  # fmt: skip


@transaction.atomic
def export_sites(*, actor: Actor, rows: QuerySet[Site], form: str, now: datetime) -> Export:
    """Write the register as CSV or XLSX in the columns that the import reads.

    Parameters
    ----------
    rows
        What to hand out; the caller has narrowed it to what the actor may see.
    form
        ``csv`` or ``xlsx``.

    Raises
    ------
    RefusedError
        The actor may not export the register.
    """
    require(actor, EXPORT, Site)
    number = next_numbers("export")[0]
    mark = watermark(actor, number, now)
    cells = [_cells(row, mark) for row in
             rows.select_related("place", "district").defer("place__boundary",
             "district__boundary", "search_text").iterator(chunk_size=_CHUNK)]  # fmt: skip
    data = _workbook(cells, mark, now) if form == "xlsx" else _text(cells)
    audit.record(
        actor=actor, action="protection.export_sites", subject="protection", now=now,
        detail={"number": number, "rows": len(cells), "form": form},
    )  # fmt: skip
    types = {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    return Export(f"sites-{number}.{form}", types[form], mark, data)


def _cells(row: Site, mark: str) -> list[Any]:
    return [
        row.number, row.name_kk, row.name_ru, row.name_en, row.category, row.capacity, row.tier,
        row.place.kato or row.place.name_ru,
        row.district.name_ru if row.district else "",
        row.latitude, row.longitude, row.address, row.owner_name, row.owner_language,
        row.duty_contact, row.status,
        row.last_inspected_on.isoformat() if row.last_inspected_on else "",
        row.next_due_on.isoformat() if row.next_due_on else "", mark,
    ]  # fmt: skip


def safe(cell: Any) -> Any:
    """Return a cell that no spreadsheet runs as a formula."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t"):
        return f"'{cell}"
    return cell


def _text(rows: Iterable[list[Any]]) -> bytes:
    return "".join(_lines(rows)).encode()


def _lines(rows: Iterable[list[Any]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
    yield buffer.getvalue()


def _workbook(rows: Iterable[list[Any]], mark: str, now: datetime) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "sites"
    sheet.append(list(COLUMNS))
    for row in rows:
        sheet.append([safe(cell) for cell in row])
    sheet.freeze_panes = "A2"
    sheet.oddHeader.center.text = sheet.oddFooter.center.text = mark.replace("&", "&&")
    book.properties.creator, book.properties.title = "Qalqan", mark
    book.properties.created = timezone.make_naive(now, timezone.get_default_timezone())
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
