"""Forecasts, and what their two maps and the table beside them show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from qalqan.desk.flashpoints.forecast_models import ForecastRun
from qalqan.desk.flashpoints.models import AreaKind
from qalqan.desk.flashpoints.selectors.maps import cell_boundary, cell_names
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor

MOST_CELLS = 60
"""Cells that a map draws; those from which most is expected."""


@dataclass(frozen=True, slots=True)
class Band:
    """An expected number of cases and the ends of its interval."""

    mean: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """What both maps say of one area.

    Parameters
    ----------
    seen
        Cases of the last 52 weeks.
    geometry
        Boundary as GeoJSON, if known.
    """

    key: str
    name: str
    count_map: Band
    model: Band
    seen: int
    latitude: float
    longitude: float
    geometry: Any
    place_id: int
    cell: str = ""


def forecasts(actor: Actor) -> QuerySet[ForecastRun]:
    """Return the forecasts, newest first."""
    rows: QuerySet[ForecastRun] = ForecastRun.objects.visible_to(actor)
    return rows.order_by("-created_at", "-id")


def newest_forecast(actor: Actor, *, stream: str, area_kind: str) -> ForecastRun | None:
    """Return the newest forecast of a stream, or nothing."""
    return forecasts(actor).filter(stream=stream, area_kind=area_kind).first()


def earlier_forecasts(actor: Actor, run: ForecastRun, *, most: int = 8) -> list[ForecastRun]:
    """Return the forecasts of the same stream and areas that were computed before, newest first."""
    rows = forecasts(actor).filter(
        stream=run.stream, area_kind=run.area_kind, created_at__lt=run.created_at
    )
    return list(rows.defer("by_area", "score", "elsewhere", "parameters")[:most])


def forecast_for(actor: Actor, run_id: int) -> ForecastRun | None:
    """Return one forecast, or nothing."""
    return forecasts(actor).filter(pk=run_id).first()


def forecast_rows(actor: Actor, run: ForecastRun, *, most: int | None = None) -> list[ForecastRow]:
    """Return a row for each area of a forecast, most expected by the model first.

    Parameters
    ----------
    most
        Cells of the grid that are wanted; districts are always all there.
    """
    if run.area_kind == AreaKind.GRID:
        # Cut before naming: finding the nearest settlement of each cell takes the longest.
        wanted = sorted(run.by_area, key=lambda row: (-row[4], -row[1], row[8]))[:most]
        rows = _cells(actor, wanted)
    else:
        rows = _districts(actor, run)
    return sorted(rows, key=lambda row: (-row.model.mean, -row.count_map.mean, row.name))


def outlines(actor: Actor) -> list[tuple[str, str, float, float, Any]]:
    """Return key, name, centre and boundary of each district, to draw under the grid."""
    return [
        (str(one.pk), one.name, one.latitude, one.longitude, one.boundary)
        for one in places.districts(actor)
    ]


def _districts(actor: Actor, run: ForecastRun) -> list[ForecastRow]:
    numbers = {int(row[0]): row for row in run.by_area}
    return [
        ForecastRow(
            str(place.pk), place.name, *_bands(numbers[place.pk]), place.latitude,
            place.longitude, place.boundary, place.pk,
        )
        for place in places.districts(actor)
        if place.pk in numbers
    ]  # fmt: skip


def _cells(actor: Actor, by_area: Sequence[Sequence[Any]]) -> list[ForecastRow]:
    import h3

    names = cell_names(actor, [row[8] for row in by_area])
    rows = []
    for row in by_area:
        cell = row[8]
        latitude, longitude = h3.cell_to_latlng(cell)
        rows.append(
            ForecastRow(
                cell, names[cell], *_bands(row), latitude, longitude, cell_boundary(cell),
                int(row[0]), cell,
            )
        )  # fmt: skip
    return rows


def _bands(row: Sequence[Any]) -> tuple[Band, Band, int]:
    return Band(*row[1:4]), Band(*row[4:7]), int(row[7])
