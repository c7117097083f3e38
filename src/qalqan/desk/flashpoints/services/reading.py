"""Read what is to be scanned: cases by area and day, of one stream or of several."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from qalqan.desk.flashpoints.method import GRID_RESOLUTION, ScanSettings
from qalqan.desk.flashpoints.models import AreaKind, Stream
from qalqan.desk.flashpoints.streams import READERS, Case, Counts
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor

_FORMAT = 2
"""Raised when the meaning of a stored run changes, so that old runs are not taken for new."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases by stream, area and day, with the centres of the areas.

    Parameters
    ----------
    place_ids
        District of each area; shape (n,).
    cells
        Cell of the grid of each area; empty words where the areas are districts.
    counts
        Shape (streams, n, days).
    left_out
        Cases of which only the district is known, in a scan of the grid.
    """

    streams: tuple[Stream, ...]
    area_kind: str
    place_ids: NDArray[np.int64]
    cells: tuple[str, ...]
    days: list[date]
    counts: NDArray[np.int64]
    coordinates: NDArray[np.float64]
    left_out: int
    is_sample: bool

    @property
    def total(self) -> int:
        """Return all cases of all streams."""
        return int(self.counts.sum())

    @property
    def together(self) -> NDArray[np.int64]:
        """Return the cases by area and day, all streams added up."""
        return np.asarray(self.counts.sum(axis=0), np.int64)

    def expected(self) -> NDArray[np.float64]:
        """Return what area and day alone let expect, by stream, area and day."""
        means = [
            np.outer(one.sum(axis=1), one.sum(axis=0)) / max(int(one.sum()), 1)
            for one in self.counts
        ]
        return np.array(means).reshape(self.counts.shape)


def read_cases(
    actor: Actor, streams: Sequence[str], area_kind: str, start: date, end: date
) -> Cases:
    """Return what the streams hold in these days, by district or by cell of the grid."""
    chosen = tuple(Stream(value) for value in Stream.values if value in set(streams))
    if area_kind == AreaKind.GRID:
        return _on_grid(actor, chosen, start, end)
    return _in_districts(actor, chosen, start, end)


def _in_districts(actor: Actor, streams: tuple[Stream, ...], start: date, end: date) -> Cases:
    centres = {
        pk: (lat, lon)
        for pk, lat, lon in places.districts(actor).values_list("pk", "latitude", "longitude")
    }
    found: list[Counts] = [READERS[stream].counts(actor, start, end) for stream in streams]
    place_ids = np.unique(np.concatenate([ids for ids, _days, _counts in found]))
    place_ids = np.array([pk for pk in place_ids.tolist() if pk in centres], np.int64)
    counts = np.zeros((len(streams), len(place_ids), len(found[0][1])), np.int64)
    for number, (ids, _days, table) in enumerate(found):
        for pk, row in zip(ids.tolist(), table, strict=True):
            if pk in centres:
                counts[number, int(np.searchsorted(place_ids, pk))] = row
    coordinates = np.array([centres[pk] for pk in place_ids.tolist()], np.float64)
    return Cases(
        streams, AreaKind.DISTRICTS, place_ids, ("",) * len(place_ids), found[0][1], counts,
        coordinates.reshape(-1, 2), 0, _is_sample(actor, streams, counts, start, end),
    )  # fmt: skip


def _on_grid(actor: Actor, streams: tuple[Stream, ...], start: date, end: date) -> Cases:
    import h3

    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    tables: list[Counter[tuple[str, int]]] = []
    district_of: dict[str, Counter[int]] = {}
    left_out = 0
    for stream in streams:
        cases, without = READERS[stream].points(actor, start, end)
        left_out += without
        table: Counter[tuple[str, int]] = Counter()
        for cell, case in _once([(_cell(case), case) for case in cases]):
            table[cell, (case.day - start).days] += case.count
            district_of.setdefault(cell, Counter())[case.district] += case.count
        tables.append(table)
    cells = sorted(district_of)
    row = {cell: number for number, cell in enumerate(cells)}
    counts = np.zeros((len(streams), len(cells), len(days)), np.int64)
    for number, table in enumerate(tables):
        for (cell, day), count in table.items():
            counts[number, row[cell], day] = count
    coordinates = np.array([h3.cell_to_latlng(cell) for cell in cells], np.float64)
    # A cell on a border belongs to the district that most of its cases lie in.
    districts = [
        min((-count, district) for district, count in district_of[cell].items())[1]
        for cell in cells
    ]
    return Cases(
        streams, AreaKind.GRID, np.array(districts, np.int64), tuple(cells), days, counts,
        coordinates.reshape(-1, 2), left_out, _is_sample(actor, streams, counts, start, end),
    )  # fmt: skip


def _cell(case: Case) -> str:
    return places.h3_cell(case.latitude, case.longitude, GRID_RESOLUTION)


def _once(pairs: list[tuple[str, Case]]) -> list[tuple[str, Case]]:
    """Leave out what counts once in a cell and day and is there already."""
    seen: set[tuple[str, date, int]] = set()
    kept = []
    for cell, case in pairs:
        key = (cell, case.day, case.once)
        if case.once and key in seen:
            continue
        seen.add(key)
        kept.append((cell, case))
    return kept


def _is_sample(
    actor: Actor, streams: tuple[Stream, ...], counts: NDArray[np.int64], start: date, end: date
) -> bool:
    return any(
        bool(table.sum()) and READERS[stream].has_sample(actor, start, end)
        for stream, table in zip(streams, counts, strict=True)
    )


def digest_of(data: Cases, settings: ScanSettings) -> str:
    """Return a hash of everything that the result depends on, but for seed and replicates."""
    window = [str(data.days[0]), str(data.days[-1])]
    kind = str(data.area_kind)
    head = [_FORMAT, asdict(settings), *window, kind, data.streams, data.cells, data.left_out]
    digest = hashlib.sha256(json.dumps(head, sort_keys=True).encode())
    for array in (data.place_ids, data.counts, data.coordinates):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def by_area(data: Cases, days: int) -> list[list[float | str]]:
    """Return district, observed and expected cases, and cell, of each area in the last days."""
    recent = zip(
        data.place_ids.tolist(),
        data.together[:, -days:].sum(axis=1).tolist(),
        data.expected().sum(axis=0)[:, -days:].sum(axis=1).tolist(),
        data.cells,
        strict=True,
    )
    return [
        [place, observed, round(mean, 3), *([cell] if cell else [])]
        for place, observed, mean, cell in recent
    ]
