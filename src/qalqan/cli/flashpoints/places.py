"""Where the areas lie, and which are neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qalqan.cli.flashpoints.columns import Layout, Named, layout_of
from qalqan.cli.flashpoints.lines import Source, fault, read_table, read_text
from qalqan.errors import InputError
from qalqan.science.flashpoints.zones import Metric

_TITLES = {
    "i",
    "j",
    "from",
    "to",
    "id",
    "area",
    "place",
    "neighbour",
    "neighbor",
    "source",
    "target",
}
"""Names of columns of neighbours, by which a first row without numbers is known."""


@dataclass(frozen=True, slots=True)
class Places:
    """Areas in the order of their file.

    Attributes
    ----------
    ids : list of str
        Names.
    coordinates : (n, 2) array of float64
        As the scan wants them: latitude and longitude, or two axes of a plane.
    metric : str
        ``plane`` or ``greatcircle``.
    lines : list of int
        Line of each area.
    """

    ids: list[str]
    coordinates: NDArray[np.float64]
    metric: Metric
    lines: list[int]


def read_places(
    source: Source, named: Named, metric: str, notes: list[str], *, strict: bool = True
) -> Places:
    """Read coordinates.

    Parameters
    ----------
    source, named
        The file and its columns.
    metric
        ``plane``, ``greatcircle``, or ``auto``: degrees if the columns are called so, or if they
        have no names and all values could be latitudes and longitudes.
    notes
        Gains what the reader must know.
    strict
        Whether an area named twice is refused even if both places are the same.

    Raises
    ------
    InputError
        A bad number, an area named twice, degrees that are none; with file and line.
    """
    table = read_table(source)
    layout = layout_of(table, "coordinates", named)
    seen: dict[str, int] = {}
    ids: list[str] = []
    lines: list[int] = []
    pairs: list[tuple[float, float]] = []
    for position, (line, row) in enumerate(table.rows, start=1):
        area = layout.area(line, row, position)
        pair = _pair(layout, line, row)
        if area in seen:
            if not strict and pairs[seen[area]] == pair:
                continue
            raise table.fail(
                line, layout.title("id"),
                f"area {area!r} has coordinates twice, first on line {lines[seen[area]]}",
            )  # fmt: skip
        seen[area] = len(ids)
        ids.append(area)
        lines.append(line)
        pairs.append(pair)
    places = np.array(pairs, dtype=np.float64)
    chosen, places = _oriented(layout, places, metric, notes)
    if chosen == "greatcircle":
        _check_degrees(layout, places, lines)
    _tell_doubles(source.path, ids, places, lines, notes)
    return Places(ids, places, chosen, lines)


def _pair(layout: Layout, line: int, row: list[str]) -> tuple[float, float]:
    """Return both coordinates of a row."""
    if layout.has("shape"):
        return _centroid(layout, line, row)
    for first, second in (("first", "second"), ("longitude", "latitude"), ("x", "y")):
        if layout.has(first):
            return tuple(  # type: ignore[return-value]
                layout.number(line, row, role, least=-1e300) for role in (first, second)
            )
    raise layout.table.fail(line, "coordinates", "there are no coordinates")


def _centroid(layout: Layout, line: int, row: list[str]) -> tuple[float, float]:
    """Return the middle of a shape in well-known text."""
    import shapely

    text = layout.text(line, row, "shape")
    try:
        middle = shapely.from_wkt(text).centroid
    except shapely.errors.GEOSException as error:
        raise layout.table.fail(
            line, layout.title("shape"), "this is no shape in well-known text"
        ) from error
    if middle.is_empty:
        raise layout.table.fail(line, layout.title("shape"), "the shape is empty")
    return float(middle.x), float(middle.y)


def _oriented(
    layout: Layout, places: NDArray[np.float64], metric: str, notes: list[str]
) -> tuple[Metric, NDArray[np.float64]]:
    """Return the metric, and the coordinates in the order it wants."""
    first, second = np.abs(places).max(axis=0)
    chosen: Metric = "greatcircle" if metric == "greatcircle" else "plane"
    if metric == "auto" and layout.has("first"):
        chosen = "greatcircle" if first <= 90 and second <= 180 else "plane"
        notes.append(
            "coordinates taken as latitude and longitude; --metric plane if they are not"
            if chosen == "greatcircle"
            else "coordinates taken as those of a plane"
        )
    elif metric == "auto" and layout.has("shape"):
        chosen = "greatcircle" if second <= 90 and first <= 180 else "plane"
        notes.append(f"the middle of each shape is its place, metric {chosen}")
    elif metric == "auto":
        chosen = "greatcircle" if layout.has("longitude") else "plane"
    swap = chosen == "greatcircle" and not layout.has("first")
    return chosen, np.ascontiguousarray(places[:, ::-1] if swap else places)


def _check_degrees(layout: Layout, places: NDArray[np.float64], lines: list[int]) -> None:
    """Refuse degrees that are no place on Earth."""
    for column, limit, name in ((0, 90, "latitude"), (1, 180, "longitude")):
        bad = np.flatnonzero(np.abs(places[:, column]) > limit)
        if bad.size:
            value = places[bad[0], column]
            raise layout.table.fail(
                lines[bad[0]], name, f"{value:g} is outside -{limit} to {limit} degrees",
                "for coordinates of a plane choose --metric plane",
            )  # fmt: skip


def _tell_doubles(
    path: Path, ids: list[str], places: NDArray[np.float64], lines: list[int], notes: list[str]
) -> None:
    """Say which areas lie on one spot: they always enter a zone together."""
    spots: dict[tuple[float, float], int] = {}
    doubles = []
    for i, spot in enumerate(map(tuple, places.tolist())):
        first = spots.setdefault(spot, i)
        if first != i:
            doubles.append(
                f"{ids[i]} (line {lines[i]}) on the spot of {ids[first]} (line {lines[first]})"
            )
    if doubles:
        more = f" and {len(doubles) - 3} more" if len(doubles) > 3 else ""
        notes.append(f"{path}: duplicate coordinates: {'; '.join(doubles[:3])}{more}")


def read_edges(path: Path, ids: list[str], notes: list[str]) -> NDArray[np.int64]:
    """Read pairs of neighbours: two columns of a CSV file, or a GAL file.

    Names that are no areas but whole numbers are numbers of rows of the coordinates, from 1.

    Raises
    ------
    InputError
        A neighbour that is no area, with file and line.
    """
    if path.suffix.lower() == ".gal":
        pairs = _gal_pairs(path)
    else:
        table = read_table(Source(path))
        if any(len(row) < 2 for _, row in table.rows):
            line = next(line for line, row in table.rows if len(row) < 2)
            raise table.fail(line, "neighbour", "two areas are needed on each line")
        pairs = [(line, row[0], row[1]) for line, row in table.rows]
        if len(pairs) > 1 and not table.header and {*pairs[0][1:]} <= _TITLES - set(ids):
            pairs = pairs[1:]
    index = {name: i for i, name in enumerate(ids)}
    if any(one not in index or two not in index for _, one, two in pairs) and all(
        one.isdigit() and two.isdigit() for _, one, two in pairs
    ):
        notes.append(f"{path}: neighbours taken as numbers of rows of the coordinates, from 1")
        index = {str(i + 1): i for i in range(len(ids))}
    result = np.empty((len(pairs), 2), np.int64)
    for i, (line, *names) in enumerate(pairs):
        for j, name in enumerate(names):
            if name not in index:
                raise fault(path, line, "neighbour", f"{name!r} is no area of the coordinates")
            result[i, j] = index[name]
    return result


def _gal_pairs(path: Path) -> list[tuple[int, str, str]]:
    """Return the pairs of a GAL file with their lines."""
    rows = [
        (line, text.split())
        for line, text in enumerate(read_text(path).split("\n"), start=1)
        if text.strip()
    ]
    pairs: list[tuple[int, str, str]] = []
    place = 1
    while place < len(rows):
        line, words = rows[place]
        if len(words) != 2 or not words[1].isdecimal():
            raise _gal_fault(path, line)
        size = int(words[1])
        place += 1
        if size:
            if place >= len(rows) or len(rows[place][1]) != size:
                raise _gal_fault(path, line)
            pairs.extend((rows[place][0], words[0], other) for other in rows[place][1])
            place += 1
    return pairs


def _gal_fault(path: Path, line: int) -> InputError:
    return fault(
        path, line, "neighbours", "a GAL file names an area, how many neighbours, and those"
    )
