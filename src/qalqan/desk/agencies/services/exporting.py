"""Hand the directory out, marked on every row with who took it, when, and its number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.agencies.models import Body, Expertise, Office, Registration
from qalqan.desk.agencies.services.importing import COMPULSORY, OPTIONAL
from qalqan.desk.agencies.services.numbers import next_numbers
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import EXPORT, Actor, require

COLUMNS = (
    "number", *COMPULSORY, *(name for name in OPTIONAL if name != "number"), "exported"
)  # fmt: skip
FORMS = ("csv", "xlsx")
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Export:
    """A file to hand out: its name, type, mark and content."""

    name: str
    content_type: str
    mark: str
    data: bytes


@transaction.atomic
def export_bodies(*, actor: Actor, rows: QuerySet[Body], form: str, now: datetime) -> Export:
    """Write the directory as CSV or XLSX in the columns that the import reads.

    Parameters
    ----------
    rows
        What to hand out; the caller has narrowed it to what the actor may see.
    form
        ``csv`` or ``xlsx``.

    Raises
    ------
    RefusedError
        The actor may not export the directory.
    """
    require(actor, EXPORT, Body)
    number = next_numbers("export")[0]
    who = getattr(actor, "username", "") or actor.actor_label
    mark = _("Export %(number)s · %(who)s · %(when)s") % {
        "number": number, "who": who,
        "when": timezone.localtime(now).strftime("%Y-%m-%d %H:%M"),
    }  # fmt: skip
    cells = [_cells(row, mark) for row in _whole(rows)]
    data = _workbook(cells, mark, now) if form == "xlsx" else _text(cells)
    audit.record(
        actor=actor, action="agencies.export_bodies", subject="agencies", now=now,
        detail={"number": number, "rows": len(cells), "form": form},
    )  # fmt: skip
    return Export(f"bodies-{number}.{form}", _TYPES[form], mark, data)


def _whole(rows: QuerySet[Body]) -> QuerySet[Body]:
    there = {"removed_at__isnull": True}
    return (
        rows.select_related("area", "organisation")
        .defer("area__boundary", "search_text")
        .prefetch_related(
            Prefetch("registrations", Registration.objects.filter(until__isnull=True)),
            Prefetch("offices", Office.objects.filter(**there).order_by("pk")),
            Prefetch("expertise", Expertise.objects.filter(**there).order_by("field", "pk")),
        )
    )


def _cells(row: Body, mark: str) -> list[Any]:
    now = next(iter(row.registrations.all()), None)
    office = next(iter(row.offices.all()), None)
    told = {
        "number": row.number, "kind": row.kind, "type": row.type,
        "area": row.area.kato or row.area.name_ru, "name_kk": row.name_kk,
        "name_ru": row.name_ru, "name_en": row.name_en, "mandate": row.mandate,
        "languages": ",".join(row.languages),
        "organisation": row.organisation.name if row.organisation else "",
        "registration": now.status if now else "",
        "registered_since": now.since.isoformat() if now else "",
        "registration_source": now.source if now else "",
        "office": office.title if office else "", "address": office.address if office else "",
        "phone": office.switchboard if office else "", "mail": office.mail if office else "",
        "hours": office.hours if office else "",
        "expertise": "; ".join(f"{one.field}: {one.role}" for one in row.expertise.all()),
        "exported": mark,
    }  # fmt: skip
    return [told[name] for name in COLUMNS]


def safe(cell: Any) -> Any:
    """Return a cell that no spreadsheet runs as a formula."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t"):
        return f"'{cell}"
    return cell


def _text(rows: Iterable[list[Any]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
    return buffer.getvalue().encode()


def _workbook(rows: Iterable[list[Any]], mark: str, now: datetime) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "bodies"
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
