"""Hand findings out as CSV or GeoJSON."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from qalqan.desk.flashpoints import selectors
from qalqan.desk.flashpoints.models import Finding, ScanRun
from qalqan.desk.flashpoints.sheet import sheet_pdf
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import EXPORT, Actor, require

_COLUMNS = (
    *("rank", "areas", "start", "end", "observed", "expected", "relative_risk"),
    *("relative_risk_low", "relative_risk_high", "log_likelihood_ratio", "p_value"),
    *("recurrence_interval_days", "reporting_ratio", "reporting_low", "reporting_high"),
    *("state", "judgement", "stream", "area_kind", "left_out"),
    *("method", "window_start", "window_end", "replicates"),
    *("seed", "data_hash", "is_sample"),
)


@transaction.atomic
def export_csv(*, actor: Actor, run: ScanRun, now: datetime) -> str:
    """Return a run's findings as CSV, one a row, each with its method and data.

    Raises
    ------
    RefusedError
        The actor may not export findings.
    """
    _record(actor, run, now, "csv")
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _COLUMNS)
    writer.writeheader()
    for finding in run.findings.all():
        writer.writerow(_properties(run, finding))
    return buffer.getvalue()


@transaction.atomic
def export_geojson(*, actor: Actor, run: ScanRun, now: datetime) -> str:
    """Return a run's findings as GeoJSON, one feature for each district or cell in a finding.

    Raises
    ------
    RefusedError
        The actor may not export findings.
    """
    _record(actor, run, now, "geojson")
    boundaries = selectors.boundaries(actor)
    features = []
    for finding in run.findings.all():
        for area in finding.areas.all():
            place = area.place
            cell = selectors.cell_boundary(area.cell) if area.cell else None
            point = {"type": "Point", "coordinates": [place.longitude, place.latitude]}
            features.append(
                {
                    "type": "Feature",
                    "geometry": cell or boundaries.get(place.pk) or point,
                    "properties": {
                        "name_kk": place.name_kk,
                        "name_ru": place.name_ru,
                        "name_en": place.name_en,
                        "kato": place.kato,
                        "cell": area.cell,
                        **_properties(run, finding),
                    },
                }
            )
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


@transaction.atomic
def export_sheet(*, actor: Actor, finding: Finding, language: str, now: datetime) -> bytes:
    """Return one finding as a PDF of one sheet for the commission.

    Parameters
    ----------
    language
        ``kk``, ``ru`` or ``en``.

    Raises
    ------
    RefusedError
        The actor may not export findings.
    """
    require(actor, EXPORT, Finding)
    audit.record(
        actor=actor, action="flashpoints.export", subject=finding, now=now,
        detail={"form": "pdf", "language": language},
    )  # fmt: skip
    return sheet_pdf(actor, finding, language=language, now=now)


def _record(actor: Actor, run: ScanRun, now: datetime, form: str) -> None:
    require(actor, EXPORT, ScanRun)
    audit.record(
        actor=actor, action="flashpoints.export", subject=run, now=now, detail={"form": form}
    )


def _properties(run: ScanRun, finding: Finding) -> dict[str, Any]:
    return {
        "rank": finding.rank,
        "areas": "; ".join(
            f"{area.place.name} {area.cell}".strip() for area in finding.areas.all()
        ),
        "start": finding.start.isoformat(),
        "end": finding.end.isoformat(),
        "observed": finding.observed,
        "expected": round(finding.expected, 4),
        "relative_risk": finding.relative_risk,
        "relative_risk_low": finding.relative_risk_low,
        "relative_risk_high": finding.relative_risk_high,
        "log_likelihood_ratio": finding.log_likelihood_ratio,
        "p_value": finding.p_value,
        "recurrence_interval_days": finding.recurrence_interval,
        "reporting_ratio": finding.reporting.get("ratio"),
        "reporting_low": finding.reporting.get("low"),
        "reporting_high": finding.reporting.get("high"),
        "state": finding.flash_point.state if finding.flash_point else "",
        "judgement": finding.flash_point.judgement if finding.flash_point else "",
        "stream": run.stream,
        "area_kind": run.area_kind,
        "left_out": run.left_out,
        "method": run.model,
        "window_start": run.window_start.isoformat(),
        "window_end": run.window_end.isoformat(),
        "replicates": run.replicates,
        "seed": run.seed,
        "data_hash": run.data_hash,
        "is_sample": run.is_sample,
    }
