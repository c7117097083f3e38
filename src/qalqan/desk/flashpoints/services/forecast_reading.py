"""Read what is to be forecast: cases by area and whole week, with every area of the province."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qalqan.desk.flashpoints.forecast_method import WEEK, ForecastSettings
from qalqan.desk.flashpoints.method import GRID_RESOLUTION
from qalqan.desk.flashpoints.models import AreaKind
from qalqan.desk.flashpoints.services.reading import Cases, read_cases
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor

_FORMAT = 1
"""Raised when the meaning of a stored forecast changes, so that old ones are not taken for new."""

_KM_A_DEGREE = 111.195


@dataclass(frozen=True, slots=True)
class WeeklyCases:
    """Cases of one stream by area and week.

    Parameters
    ----------
    place_ids
        District of each area; 0 for cells without a case.
    cells
        Cell of the grid of each area; empty words where the areas are districts.
    counts
        Shape (n, weeks); from the first week with a case on.
    centres
        Plane coordinates in km; shape (n, 2).
    sizes
        Area in km², or 1 each where the boundary of a district is missing.
    """

    place_ids: NDArray[np.int64]
    cells: tuple[str, ...]
    start: date
    end: date
    counts: NDArray[np.int64]
    centres: NDArray[np.float64]
    sizes: NDArray[np.float64]
    left_out: int
    is_sample: bool

    @property
    def weeks(self) -> int:
        """Return how many whole weeks there are."""
        return int(self.counts.shape[1])


def read_weeks(
    actor: Actor, stream: str, area_kind: str, week: date, settings: ForecastSettings
) -> WeeklyCases:
    """Return the whole weeks before the running one; the forecast is of the week after it.

    Districts and cells without any case are areas as well: what has not happened there yet can.
    """
    end = week - WEEK - timedelta(days=1)
    start = end - WEEK * settings.most_weeks + timedelta(days=1)
    data = read_cases(actor, (stream,), area_kind, start, end)
    weekly = data.counts[0].reshape(len(data.place_ids), settings.most_weeks, 7).sum(axis=2)
    happened = np.flatnonzero(weekly.sum(axis=0))
    first = int(happened[0]) if len(happened) else weekly.shape[1]
    weekly = weekly[:, first:]
    rows = _on_grid(actor, data) if area_kind == AreaKind.GRID else _in_districts(actor, data)
    ids, cells, spots, sizes = rows
    counts = np.zeros((len(ids), weekly.shape[1]), np.int64)
    counts[: len(weekly)] = weekly
    return WeeklyCases(
        ids, cells, min(start + WEEK * first, end), end, counts, _plane(spots), sizes,
        data.left_out, data.is_sample,
    )  # fmt: skip


Rows = tuple[NDArray[np.int64], tuple[str, ...], NDArray[np.float64], NDArray[np.float64]]
"""Districts, cells, latitude and longitude, and size of the areas; those with cases first."""


def _in_districts(actor: Actor, data: Cases) -> Rows:
    every = {
        pk: (latitude, longitude, boundary)
        for pk, latitude, longitude, boundary in places.districts(actor)
        .order_by("pk")
        .values_list("pk", "latitude", "longitude", "boundary")
    }
    known = data.place_ids.tolist()
    ids = [*known, *(pk for pk in every if pk not in set(known))]
    spots = np.array([every[pk][:2] for pk in ids], np.float64).reshape(-1, 2)
    sizes = [_size(every[pk][2]) for pk in ids]
    if not all(sizes):
        sizes = [1.0] * len(ids)
    return np.array(ids, np.int64), ("",) * len(ids), spots, np.array(sizes, np.float64)


def _on_grid(actor: Actor, data: Cases) -> Rows:
    import h3

    inside: set[str] = set()
    for boundary in places.districts(actor).values_list("boundary", flat=True):
        if boundary:
            inside.update(h3.geo_to_cells(boundary, GRID_RESOLUTION))
    district_of = places.district_map()
    for pk, latitude, longitude in (
        places.places(actor)
        .filter(kind="settlement")
        .values_list("pk", "latitude", "longitude")
    ):  # fmt: skip
        if district_of.get(pk):
            inside.add(places.h3_cell(latitude, longitude, GRID_RESOLUTION))
    others = sorted(inside - set(data.cells))
    cells = (*data.cells, *others)
    ids = np.concatenate([data.place_ids, np.zeros(len(others), np.int64)])
    spots = np.array([h3.cell_to_latlng(cell) for cell in cells], np.float64).reshape(-1, 2)
    return ids, cells, spots, np.ones(len(cells))


def _size(geometry: dict[str, Any] | None) -> float:
    """Return the area of a boundary in km²: equirectangular around its own middle."""
    if not geometry:
        return 0.0
    import shapely

    shape = shapely.from_geojson(json.dumps(geometry))
    stretch = math.cos(math.radians(shape.centroid.y)) if not shape.is_empty else 0.0
    return float(shape.area) * stretch * _KM_A_DEGREE**2


def _plane(spots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put degrees on a plane in km, around their middle."""
    if not len(spots):
        return np.zeros((0, 2))
    middle = (spots.min(axis=0) + spots.max(axis=0)) / 2
    scale = np.array([1.0, math.cos(math.radians(float(middle[0])))]) * _KM_A_DEGREE
    return np.asarray((spots - middle) * scale)[:, ::-1].copy()


def digest_of(data: WeeklyCases, stream: str, week: date, settings: ForecastSettings) -> str:
    """Return a hash of everything that the result depends on, but for the seed."""
    head = [
        _FORMAT, asdict(settings), stream, str(week), str(data.start), str(data.end), data.cells,
        data.left_out,
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(head, sort_keys=True).encode())
    for array in (data.place_ids, data.counts, data.centres, data.sizes):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
