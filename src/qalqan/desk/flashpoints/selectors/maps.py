"""What the map of a scan shows, and the rows of the table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qalqan.desk.flashpoints.method import ALPHA
from qalqan.desk.flashpoints.models import AreaKind, Finding, ScanRun
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.choropleth import MapArea
from qalqan.desk.platform.ui.formatting import format_number

Flags = Mapping[str, Any]
"""The finding that an area is in: by key of the district, or by cell."""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """What the map shows of one area, for the table beside it.

    Parameters
    ----------
    observed, expected
        Cases in the last days of the window; ``None`` where the area has no case.
    finding
        The surest finding that the area is in, if any counts.
    """

    name: str
    observed: float | None
    expected: float | None
    finding: Any

    @property
    def ratio(self) -> float | None:
        """Return observed over expected."""
        return self.observed / self.expected if self.observed and self.expected else None


@dataclass(frozen=True, slots=True)
class Drawn:
    """Areas as the map draws them, the outlines under them, and the rows of the table."""

    areas: list[MapArea]
    outlines: list[MapArea]
    rows: list[AreaRow]


def map_of(actor: Actor, run: ScanRun) -> Drawn:
    """Return what the map of a run shows.

    The shade is observed over expected cases in the last days of the window; an area is flagged
    where it is in a finding that counts at the run's own setting.
    """
    alpha = float(run.parameters.get("alpha", ALPHA))
    flags: dict[str, Any] = {}
    for finding in run.findings.all():
        if finding.p_value <= alpha:
            for area in finding.areas.all():
                flags.setdefault(area.cell or str(area.place_id), finding)
    return drawn_of(actor, run.area_kind, run.by_area, flags)


def map_of_finding(actor: Actor, finding: Finding) -> Drawn:
    """Return what the map of the run shows, with this finding alone flagged."""
    flags = {area.cell or str(area.place_id): finding for area in finding.areas.all()}
    return drawn_of(actor, finding.run.area_kind, finding.run.by_area, flags)


def drawn_of(actor: Actor, area_kind: str, by_area: Sequence[Any], flags: Flags) -> Drawn:
    """Return what a map shows of counts by area, be they stored or only tried."""
    if area_kind == AreaKind.GRID:
        return _cells(actor, by_area, flags)
    return _districts(actor, by_area, flags)


def _districts(actor: Actor, by_area: Sequence[Any], flags: Flags) -> Drawn:
    counted = {int(row[0]): (row[1], row[2]) for row in by_area}
    areas, rows = [], []
    for place in places.districts(actor):
        row = AreaRow(
            place.name, *counted.get(place.pk, (None, None)), flags.get(str(place.pk))
        )  # fmt: skip
        rows.append(row)
        areas.append(_area(str(place.pk), row, place.latitude, place.longitude, place.boundary))
    return Drawn(areas, [], rows)


def _cells(actor: Actor, by_area: Sequence[Any], flags: Flags) -> Drawn:
    """Return the cells that have a case in the last days or lie in a finding."""
    import h3

    shown = [row for row in by_area if row[1] or row[3] in flags]
    names = cell_names(actor, [row[3] for row in shown])
    areas, rows = [], []
    for _place, observed, expected, cell in shown:
        row = AreaRow(names[cell], observed, expected, flags.get(cell))
        latitude, longitude = h3.cell_to_latlng(cell)
        ring = [[east, north] for north, east in h3.cell_to_boundary(cell)]
        shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        rows.append(row)
        areas.append(
            _area(cell, row, latitude, longitude, shape, is_labelled=row.finding is not None)
        )
    rows.sort(key=lambda row: (row.finding is None, -(row.ratio or 0), row.name))
    outlines = [
        MapArea(str(one.pk), one.name, None, one.latitude, one.longitude, one.boundary)
        for one in places.districts(actor)
    ]
    return Drawn(areas, outlines, rows)


def _area(
    key: str,
    row: AreaRow,
    latitude: float,
    longitude: float,
    geometry: Any,
    *,
    is_labelled: bool = True,
) -> MapArea:
    return MapArea(
        key=key,
        name=row.name,
        value=round(row.ratio, 1) if row.ratio else 0,
        latitude=latitude,
        longitude=longitude,
        geometry=geometry,
        is_flagged=row.finding is not None,
        label=_observed_of(row.observed, row.expected),
        is_labelled=is_labelled,
    )


def _observed_of(observed: float | None, expected: float | None) -> str:
    if observed is None or expected is None:
        return "–"
    return f"{format_number(observed)} / {format_number(expected, 1)}"


def cell_names(actor: Actor, cells: Sequence[str]) -> dict[str, str]:
    """Return what people call each cell: its nearest settlement, and the end of its number.

    Two cells may have one settlement nearest; the number tells them apart.
    """
    if not cells:
        return {}
    import h3

    rows = list(places.places(actor).filter(kind="settlement").order_by("pk"))
    if not rows:
        return {cell: cell for cell in cells}
    spots = np.radians([[row.latitude, row.longitude] for row in rows])
    names = {}
    for cell in cells:
        north, east = np.radians(h3.cell_to_latlng(cell))
        away = (spots[:, 0] - north) ** 2 + ((spots[:, 1] - east) * np.cos(north)) ** 2
        names[cell] = f"{rows[int(np.argmin(away))].name} · {short(cell)}"
    return names


def short(cell: str) -> str:
    """Return the part of a cell's number that tells it from its neighbours.

    >>> short("8520a97bfffffff")
    '20a97b'
    """
    return cell[2:].rstrip("f")


def boundaries(actor: Actor) -> dict[int, Any]:
    """Return the boundary of each district that has one, by its key."""
    return dict(
        places.districts(actor).filter(boundary__isnull=False).values_list("pk", "boundary")
    )


def cell_boundary(cell: str) -> dict[str, Any]:
    """Return a cell of the grid as a GeoJSON polygon."""
    import h3

    ring = [[round(east, 6), round(north, 6)] for north, east in h3.cell_to_boundary(cell)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def has_approximate_boundaries(actor: Actor) -> bool:
    """Tell whether any district's boundary is only drawn around its seat."""
    return places.districts(actor).filter(boundary_is_approximate=True).exists()
