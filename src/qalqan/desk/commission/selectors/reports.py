"""Every reading of quarterly reports."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from qalqan.desk.commission import report_parts
from qalqan.desk.commission.models import QuarterReport, ReportPaper
from qalqan.desk.platform.policies import PUBLIC, Actor

_HEAVY = ("data", "chain_file")


@dataclass(frozen=True, slots=True)
class ReportCorrection:
    """One published correction of a report.

    Parameters
    ----------
    name
        The quarter, as "2026-Q3".
    version, corrects
        The new version, and the one that it takes the place of.
    reason
        Why, by language.
    changes
        The figures that changed, each with its label by language and what stood before and
        after, as the report's data have it.
    """

    name: str
    version: int
    corrects: int
    at: datetime
    reason: dict[str, str]
    changes: tuple[dict[str, Any], ...]
    is_sample: bool


def reports(actor: Actor) -> QuerySet[QuarterReport]:
    """Return the reports the actor may see, the newest quarter and version first, without data."""
    rows: QuerySet[QuarterReport] = QuarterReport.objects.visible_to(actor)
    return rows.defer(*_HEAVY).order_by("-year", "-quarter", "-version", "-pk")


def report_for(actor: Actor, key: int) -> QuarterReport | None:
    """Return one report with its data, or nothing."""
    rows: QuerySet[QuarterReport] = QuarterReport.objects.visible_to(actor)
    return rows.defer("chain_file").filter(pk=key).first()


def published(actor: Actor = PUBLIC) -> list[QuarterReport]:
    """Return every published version, the newest quarter and version first, without data."""
    return list(reports(actor).filter(state=QuarterReport.State.PUBLISHED))


def published_version(
    year: int, quarter: int, version: int | None = None, *, whole: bool = False
) -> QuarterReport | None:
    """Return a published version of a quarter's report; the newest where none is named.

    Parameters
    ----------
    whole
        With the chain file, which may be large.
    """
    rows = QuarterReport.objects.visible_to(PUBLIC).filter(
        state=QuarterReport.State.PUBLISHED, year=year, quarter=quarter
    )
    if version is not None:
        rows = rows.filter(version=version)
    found: QuarterReport | None = (
        (rows if whole else rows.defer("chain_file")).order_by("-version").first()
    )
    return found


def versions(year: int, quarter: int) -> list[QuarterReport]:
    """Return the published versions of a quarter's report, newest first, without data."""
    rows = reports(PUBLIC).filter(state=QuarterReport.State.PUBLISHED)
    return list(rows.filter(year=year, quarter=quarter))


def paper(report: QuarterReport, language: str) -> ReportPaper | None:
    """Return the signed PDF of a published report in a language."""
    found: ReportPaper | None = (
        ReportPaper.objects.visible_to(PUBLIC).filter(report=report, language=language).first()
    )
    return found


def shown(report: QuarterReport, language: str) -> dict[str, Any]:
    """Return a report as a page shows it, in the words and figures of its paper."""
    return report_parts.shown(json.loads(report.data), language)


def chain_of(report: QuarterReport) -> bytes:
    """Return the chain file of a published report as it is handed out."""
    return zlib.decompress(bytes(report.chain_file))


def corrections(actor: Actor = PUBLIC) -> list[ReportCorrection]:
    """Return the published corrections of reports, newest first."""
    rows = QuarterReport.objects.visible_to(actor).filter(
        state=QuarterReport.State.PUBLISHED, version__gt=1
    )
    return [_correction(row) for row in rows.defer("chain_file").order_by("-published_at", "-pk")]


def _correction(row: QuarterReport) -> ReportCorrection:
    corrects = json.loads(row.data)["report"]["corrects"]
    return ReportCorrection(
        row.name, row.version, corrects["version"], row.published_at or row.drafted_at,
        dict(corrects["reason"]), tuple(corrects["changes"]), row.is_sample,
    )  # fmt: skip
