"""The work list as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import EXPORT, Actor, require
from qalqan.desk.platform.ui.formatting import format_date
from qalqan.desk.platform.work.attention import Waiting
from qalqan.desk.platform.work.models import WorkItem
from qalqan.desk.platform.work.selectors.desk_list import (
    group_labels,
    group_of,
    label_of,
    organisation_names,
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _cell(value: str) -> str:
    """Return a cell that no spreadsheet runs as a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


@transaction.atomic
def export_list(*, actor: Actor, rows: Sequence[Waiting], now: datetime, more: str = "") -> str:
    """Return the reader's list as CSV, without persons and without words of messages.

    Parameters
    ----------
    more
        What the list lacks, in words; stands below it, so that no file passes for the whole.

    Raises
    ------
    RefusedError
        The actor may not export work.
    """
    require(actor, EXPORT, WorkItem)
    bodies, groups = organisation_names(rows), group_labels()
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(
        [_("Urgency"), _("Kind"), _("What"), _("Waits since"), _("Due"), _("Body"), _("Why"),
         _("Page")]
    )  # fmt: skip
    for row in rows:
        cells = (
            groups[group_of(row, now)], label_of(row.kind), row.plain or row.title,
            format_date(row.since), format_date(row.due_at) if row.due_at else "",
            bodies.get(row.organisation_id or 0, ""), row.why, row.url,
        )  # fmt: skip
        writer.writerow([_cell(str(cell)) for cell in cells])
    if more:
        writer.writerow([_cell(more)])
    detail = {"rows": len(rows)}
    audit.record(actor=actor, action="work.export", subject="work", now=now, detail=detail)
    return buffer.getvalue()
