"""Forecast next week by the count map and by the model, and keep both with their honest score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.flashpoints.forecast_method import (
    FORECAST_DEFAULTS,
    ForecastSettings,
    week_after,
)
from qalqan.desk.flashpoints.forecast_models import ForecastRun
from qalqan.desk.flashpoints.models import AreaKind, Stream
from qalqan.desk.flashpoints.services.forecast_reading import (
    WeeklyCases,
    digest_of,
    read_weeks,
)
from qalqan.desk.flashpoints.services.forecast_scoring import Expected, expect, score
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.errors import InputError

_YEAR = 52

_FIELDS = (
    *("window_start", "window_end", "weeks", "cases", "areas", "left_out", "parameters"),
    *("verdict", "score", "by_area", "elsewhere", "created_at", "is_sample"),
)


def run_forecast(
    *,
    actor: Actor,
    stream: str,
    area_kind: str = AreaKind.DISTRICTS,
    now: datetime,
    seed: int = 0,
    settings: ForecastSettings = FORECAST_DEFAULTS,
) -> ForecastRun:
    """Forecast the week after the running one, and score the method on the weeks before.

    The same data, settings and seed are computed once; the stored forecast is returned.

    Parameters
    ----------
    stream
        What is counted; one stream.
    area_kind
        ``districts`` or ``grid``.
    now
        Says which week is running in the province.
    seed
        Of ties, of the bootstrap and of the calibration.

    Raises
    ------
    InputError
        No such stream.
    RefusedError
        The actor may not order a forecast.
    """
    require(actor, ADD, ForecastRun)
    if stream not in Stream.values:
        raise InputError(_("There is no such stream: %(names)s.") % {"names": stream or "–"})
    week = week_after(now)
    data = read_weeks(actor, stream, area_kind, week, settings)
    run = ForecastRun(
        stream=stream, area_kind=area_kind, week=week, window_start=data.start,
        window_end=data.end, weeks=data.weeks, cases=int(data.counts.sum()),
        areas=len(data.place_ids), left_out=data.left_out, parameters=asdict(settings),
        seed=seed, created_at=now, data_hash=digest_of(data, stream, week, settings),
        is_sample=data.is_sample,
    )  # fmt: skip
    known: ForecastRun | None = ForecastRun.objects.filter(**_key(run)).first()
    if known is not None:
        return known
    _compute(run, data, settings)
    return _store(actor=actor, run=run, now=now)


def forecast_missing(*, actor: Actor, now: datetime) -> list[ForecastRun]:
    """Compute what is not there yet of the coming week: each stream, districts and grid.

    It may be called daily; what is there is left alone, so that the forecast of a week stands.
    """
    require(actor, ADD, ForecastRun)
    return [
        run_forecast(actor=actor, stream=stream, area_kind=area_kind, now=now)
        for stream, area_kind in _missing(week_after(now))
    ]


@transaction.atomic
def order_forecast(*, actor: Actor, now: datetime) -> None:
    """Have the worker compute what is missing of the coming week, without waiting for the night.

    Raises
    ------
    RefusedError
        The actor may not order a forecast.
    """
    require(actor, ADD, ForecastRun)
    audit.record(
        actor=actor, action="flashpoints.order_forecast", subject="forecast", now=now,
        detail={"week": week_after(now).isoformat()},
    )  # fmt: skip
    # Imported late: the task imports the services.
    from qalqan.desk.flashpoints.tasks import compute_forecasts

    compute_forecasts.enqueue()


def _missing(week: date) -> Iterator[tuple[str, str]]:
    # One without numbers is tried again: the records may have come in since.
    stored = ForecastRun.objects.filter(week=week).exclude(by_area=[])
    there = set(stored.values_list("stream", "area_kind"))
    for area_kind in AreaKind.values:
        for stream in Stream.values:
            if (stream, area_kind) not in there:
                yield stream, area_kind


def _key(run: ForecastRun) -> dict[str, Any]:
    return {
        name: getattr(run, name) for name in ("stream", "area_kind", "week", "data_hash", "seed")
    }  # fmt: skip


def _compute(run: ForecastRun, data: WeeklyCases, settings: ForecastSettings) -> None:
    """Write expectation, score and verdict on the run."""
    run.verdict = ForecastRun.Verdict.NOT_ENOUGH
    if run.weeks < settings.least_weeks or run.cases < settings.least_cases or run.areas < 2:
        return
    is_grid = run.area_kind == AreaKind.GRID
    base, model = expect(data, settings, is_grid=is_grid)
    run.by_area, run.elsewhere = _rows(data, base, model, is_grid=is_grid)
    run.score = score(data, settings, is_grid=is_grid, seed=run.seed)
    if run.score:
        run.verdict = run.score["word"]


def _rows(
    data: WeeklyCases, base: Expected, model: Expected, *, is_grid: bool
) -> tuple[list[list[Any]], dict[str, Any]]:
    """Return a row for each area; cells that never had a case are added up."""
    seen = data.counts[:, -_YEAR:].sum(axis=1)
    shown = data.counts.sum(axis=1) > 0 if is_grid else np.ones(len(seen), bool)
    rows: list[list[Any]] = []
    for at in np.flatnonzero(shown).tolist():
        numbers = [
            part for one in (base, model)
            for part in (round(float(one.mean[at]), 4), int(one.low[at]), int(one.high[at]))
        ]  # fmt: skip
        cell = [data.cells[at]] if is_grid else []
        rows.append([int(data.place_ids[at]), *numbers, int(seen[at]), *cell])
    if shown.all():
        return rows, {}
    rest = {
        "cells": int((~shown).sum()),
        "count_map": round(float(base.mean[~shown].sum()), 4),
        "model": round(float(model.mean[~shown].sum()), 4),
    }
    return rows, rest


@transaction.atomic
def _store(*, actor: Actor, run: ForecastRun, now: datetime) -> ForecastRun:
    """Store the forecast; if another process was faster, return its forecast."""
    stored, is_new = ForecastRun.objects.get_or_create(
        **_key(run), defaults={name: getattr(run, name) for name in _FIELDS}
    )
    if is_new:
        audit.record(
            actor=actor, action="flashpoints.forecast", subject=stored, now=now,
            detail={
                "stream": run.stream, "areas": str(run.area_kind), "week": run.week.isoformat(),
                "verdict": str(run.verdict),
            },
        )  # fmt: skip
    result: ForecastRun = stored
    return result
