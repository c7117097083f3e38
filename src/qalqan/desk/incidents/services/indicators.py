"""Bring published numbers into the ledger, each with its period, definition and source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.incidents.models import Indicator
from qalqan.desk.incidents.services import parsing
from qalqan.desk.incidents.services.importing import ImportReport, counts, settle
from qalqan.desk.incidents.services.rows import SourceKind
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.sources import services as source_services
from qalqan.desk.platform.sources.tables import (
    BadFieldError,
    Problem,
    open_table,
    require_columns,
)

_COMPULSORY = ("code", "value", "unit", "period_from", "period_to", "source")
_OPTIONAL = (
    *("qualifier", "name_kk", "name_ru", "name_en", "definition", "citation", "source_kind"),
)


@transaction.atomic
def import_indicators(
    *, actor: Actor, path: Path, now: datetime, is_sample: bool = False
) -> ImportReport:
    """Read indicators from CSV; the same code, period and source are stored once.

    Raises
    ------
    InputError
        A row cannot be understood, or gives another value than the one that is stored.
    """
    require(actor, ADD, Indicator)
    report = ImportReport()
    with open_table(path) as table:
        require_columns(table, compulsory=_COMPULSORY, optional=_OPTIONAL)
        for row in table.rows:
            report.read += 1
            problem = row.problem
            try:
                if problem is None and _store(row.cells, actor, now, is_sample):
                    report.stored += 1
                elif problem is None:
                    report.known += 1
            except BadFieldError as error:
                problem = Problem(row.line, error.field, error.reason)
            if problem is not None:
                report.rejected += 1
                report.problems.append(problem)
    settle(report, path, keep_good=False)
    audit.record(
        actor=actor,
        action="incidents.import_indicators",
        subject="indicators",
        now=now,
        detail={"file": path.name[:120], **counts(report)},
    )
    return report


def _store(cells: Mapping[str, str], actor: Actor, now: datetime, is_sample: bool) -> bool:
    """Store one indicator; tell whether it is new."""
    for name in _COMPULSORY:
        if not cells.get(name):
            raise BadFieldError(name, _("this must not be empty"))
    values = _values(cells)
    kind = parsing.choice(cells.get("source_kind") or "press", "source_kind", SourceKind)
    source = source_services.get_or_create_source(
        actor=actor, name=parsing.short(cells["source"], "source", 200), kind=kind, now=now
    )
    indicator, created = Indicator.objects.get_or_create(
        code=parsing.short(cells["code"], "code", 60),
        period_from=values.pop("period_from"),
        period_to=values.pop("period_to"),
        source=source,
        defaults={**values, "recorded_at": now, "is_sample": is_sample},
    )
    if not created and (indicator.value, indicator.unit) != (values["value"], values["unit"]):
        raise BadFieldError(
            "value",
            _("this source gave %(value)s %(unit)s for the same period before")
            % {"value": f"{indicator.value.normalize():f}", "unit": indicator.unit},
        )
    return created


def _values(cells: Mapping[str, str]) -> dict[str, Any]:
    start = parsing.day(cells["period_from"], "period_from")
    end = parsing.day(cells["period_to"], "period_to", last=True)
    if end < start:
        raise BadFieldError("period_to", _("the end lies before the beginning"))
    qualifier = cells.get("qualifier") or "exact"
    return {
        "value": parsing.decimal(cells["value"], "value"),
        "qualifier": parsing.choice(qualifier, "qualifier", Indicator.Qualifier),
        "unit": parsing.short(cells["unit"], "unit", 40),
        "period_from": start,
        "period_to": end,
        "definition": screen(parsing.short(cells.get("definition", ""), "definition", 5000)).text,
        "citation": screen(parsing.short(cells.get("citation", ""), "citation", 500)).text[:500],
        **{
            name: parsing.short(cells.get(name, ""), name, 200)
            for name in ("name_kk", "name_ru", "name_en")
        },
    }
