"""Hand a forecast out as CSV or GeoJSON: the numbers of both maps, with method and data."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from qalqan.desk.flashpoints.forecast_models import ForecastRun
from qalqan.desk.flashpoints.selectors.forecasts import ForecastRow, forecast_rows
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import EXPORT, Actor, require

_COLUMNS = (
    *("area", "cell", "week_start", "week_end"),
    *("count_map", "count_map_low", "count_map_high", "model", "model_low", "model_high"),
    *("seen_52_weeks", "stream", "area_kind", "method", "verdict", "gain_nats", "gain_low"),
    *("gain_high", "scored_weeks", "window_start", "window_end", "weeks", "cases", "left_out"),
    *("seed", "data_hash", "is_sample"),
)


@transaction.atomic
def export_forecast_csv(*, actor: Actor, run: ForecastRun, now: datetime) -> str:
    """Return a forecast as CSV, an area a row; cells that never had a case are one row.

    Raises
    ------
    RefusedError
        The actor may not export forecasts.
    """
    _record(actor, run, now, "csv")
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _COLUMNS)
    writer.writeheader()
    common = _common(run)
    for row in forecast_rows(actor, run):
        writer.writerow(_numbers(row) | common)
    if run.elsewhere:
        rest = {"area": f"{run.elsewhere['cells']} other cells"}
        rest |= {name: run.elsewhere[name] for name in ("count_map", "model")}
        writer.writerow(rest | {"seen_52_weeks": 0} | common)
    return buffer.getvalue()


@transaction.atomic
def export_forecast_geojson(*, actor: Actor, run: ForecastRun, now: datetime) -> str:
    """Return a forecast as GeoJSON, a feature for each district or cell that had a case.

    Raises
    ------
    RefusedError
        The actor may not export forecasts.
    """
    _record(actor, run, now, "geojson")
    common = _common(run)
    features = [
        {
            "type": "Feature",
            "geometry": row.geometry
            or {"type": "Point", "coordinates": [row.longitude, row.latitude]},
            "properties": _numbers(row) | common,
        }
        for row in forecast_rows(actor, run)
    ]
    whole = {"type": "FeatureCollection", "features": features, "elsewhere": run.elsewhere}
    return json.dumps(whole, ensure_ascii=False)


def _record(actor: Actor, run: ForecastRun, now: datetime, form: str) -> None:
    require(actor, EXPORT, ForecastRun)
    audit.record(
        actor=actor, action="flashpoints.export", subject=run, now=now, detail={"form": form}
    )


def _numbers(row: ForecastRow) -> dict[str, Any]:
    return {
        "area": row.name,
        "cell": row.cell,
        "count_map": row.count_map.mean,
        "count_map_low": row.count_map.low,
        "count_map_high": row.count_map.high,
        "model": row.model.mean,
        "model_low": row.model.low,
        "model_high": row.model.high,
        "seen_52_weeks": row.seen,
    }


def _common(run: ForecastRun) -> dict[str, Any]:
    log = run.score.get("log", {})
    return {
        "week_start": run.week.isoformat(),
        "week_end": run.last_day.isoformat(),
        "stream": run.stream,
        "area_kind": run.area_kind,
        "method": run.method,
        "verdict": run.verdict,
        "gain_nats": log.get("gain"),
        "gain_low": log.get("low"),
        "gain_high": log.get("high"),
        "scored_weeks": run.score.get("weeks"),
        "window_start": run.window_start.isoformat(),
        "window_end": run.window_end.isoformat(),
        "weeks": run.weeks,
        "cases": run.cases,
        "left_out": run.left_out,
        "seed": run.seed,
        "data_hash": run.data_hash,
        "is_sample": run.is_sample,
    }
