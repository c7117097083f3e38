"""What the columns of a table mean: by their names, by the map given, or by their place."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from qalqan.cli.flashpoints.lines import Table
from qalqan.errors import InputError

Kind = Literal["cases", "controls", "population", "coordinates"]

_ID = (
    "id", "locationid", "location", "locid", "areaid", "area", "placeid", "place", "regionid",
    "region", "district", "county", "tract", "zip", "zcta", "postcode", "kato", "fipsno", "fips",
    "geoid", "code",
)  # fmt: skip
_NAMES: dict[str, tuple[str, ...]] = {
    "cases": ("cases", "count", "n", "observed", "events", "number"),
    "controls": ("controls", "control", "count", "n", "number"),
    "population": (
        "population", "pop", "people", "persons", "atrisk", "expected", "baseline", "count",
    ),
    "size": ("size", "dispersion"),
    "date": (
        "date", "day", "time", "datetime", "moment", "week", "month", "year", "period", "t",
        "datesingle", "datestart",
    ),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "long", "lng"),
    "x": ("x", "easting", "east"),
    "y": ("y", "northing", "north"),
    "shape": ("wkt", "geometry", "thegeom"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """Names of columns that a person gave; the others are found by looking."""

    id: str = ""
    cases: str = ""
    controls: str = ""
    population: str = ""
    size: str = ""
    date: str = ""
    x: str = ""
    y: str = ""
    covariates: tuple[str, ...] = ()


@dataclass(slots=True)
class Layout:
    """Where each thing stands in the rows of one table; -1 for what is not there."""

    table: Table
    places: dict[str, int] = field(default_factory=dict)
    strata: tuple[int, ...] | None = None
    unused: tuple[str, ...] = ()

    def has(self, role: str) -> bool:
        """Return whether there is such a column."""
        return self.places.get(role, -1) >= 0

    def title(self, role: str) -> str:
        """Return what to call a column in a message."""
        place = self.places.get(role, -1)
        if place < 0:
            return role
        return self.table.header[place] if self.table.header else f"{role} (column {place + 1})"

    def text(self, line: int, row: Sequence[str], role: str) -> str:
        """Return a field that must not be empty."""
        place = self.places[role]
        value = row[place] if place < len(row) else ""
        if not value:
            raise self.table.fail(line, self.title(role), "the field is missing or empty")
        return value

    def number(self, line: int, row: Sequence[str], role: str, *, least: float) -> float:
        """Return a finite number that is not below the least."""
        text = self.text(line, row, role)
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or "_" in text:
            raise self.table.fail(line, self.title(role), f"{text!r} is no number")
        if value < least:
            words = "is negative" if least == 0 else f"is less than {least:g}"
            raise self.table.fail(line, self.title(role), f"{text} {words}")
        return value

    def area(self, line: int, row: Sequence[str], position: int) -> str:
        """Return the name of the area; without such a column, the number of the row from 1."""
        return self.text(line, row, "id") if self.has("id") else str(position)

    def stratum(self, line: int, row: Sequence[str]) -> tuple[str, ...]:
        """Return the values of the covariates."""
        if self.strata is None:
            return tuple(row[self._after() :])
        for place in self.strata:
            if place >= len(row) or not row[place]:
                title = self.table.header[place] if self.table.header else f"column {place + 1}"
                raise self.table.fail(line, title, "the covariate is missing or empty")
        return tuple(row[place] for place in self.strata)

    def _after(self) -> int:
        return 1 + max(self.places.values(), default=-1)


def layout_of(table: Table, kind: Kind, named: Named, *, dated: bool | None = None) -> Layout:
    """Find the columns of a table.

    Parameters
    ----------
    table
        The rows.
    kind
        What the table holds.
    named
        Names that a person gave.
    dated
        Whether a table without header holds dates; found by looking if not given.

    Raises
    ------
    InputError
        If a column that is needed is not there.
    """
    asked = "" if kind == "coordinates" else getattr(named, kind)
    if asked and not table.header:
        raise table.fail(1, asked, "the file has no names of columns in its first line")
    layout = _by_header(table, kind, named) if table.header else _by_place(table, kind, dated)
    if kind != "coordinates" and not layout.has(kind):
        raise _missing(table, kind)
    return layout


def _missing(table: Table, role: str) -> InputError:
    """Return the error of a column that is not there."""
    return table.fail(
        1, role, f"there is no column for the {role}", f"there are: {', '.join(table.header)}"
    )


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _by_header(table: Table, kind: Kind, named: Named) -> Layout:
    """Find the columns by their names."""
    columns = {_plain(name): i for i, name in reversed(list(enumerate(table.header)))}
    layout = Layout(table)
    roles = {
        "cases": ("cases", "date"), "controls": ("controls", "date"),
        "population": ("population", "date", "size"), "coordinates": (),
    }[kind]  # fmt: skip
    layout.places["id"] = _id_column(table, columns, named)
    for role in roles:
        must = role in (kind, "size") or kind == "cases"
        layout.places[role] = _chosen(table, columns, role, getattr(named, role), must=must)
    if kind == "coordinates":
        _find_coordinates(layout, columns, named)
    strata: tuple[int, ...] = ()
    if kind in ("cases", "population"):
        strata = tuple(_exact(table, columns, name) for name in named.covariates)
    layout.strata = strata
    used = {*layout.places.values(), *strata}
    layout.unused = tuple(name for i, name in enumerate(table.header) if i not in used)
    return layout


def _chosen(table: Table, columns: dict[str, int], role: str, given: str, *, must: bool) -> int:
    """Return the column that was named, or else one that is called like the role."""
    if given and (must or _plain(given) in columns):
        return _exact(table, columns, given)
    return next((columns[name] for name in _NAMES[role] if name in columns), -1)


def _exact(table: Table, columns: dict[str, int], name: str) -> int:
    if _plain(name) not in columns:
        raise table.fail(
            1, name, "there is no such column",
            f"there are: {', '.join(table.header)}",
        )  # fmt: skip
    return columns[_plain(name)]


def _id_column(table: Table, columns: dict[str, int], named: Named) -> int:
    """Return the column of the area; -1 if the rows are to be numbered."""
    if named.id:
        return _exact(table, columns, named.id)
    for name in _ID:
        if name in columns:
            return columns[name]
    for name, place in columns.items():
        if name.endswith(("id", "code")) or "fips" in name:
            return place
    return columns.get("name", -1)


def _find_coordinates(layout: Layout, columns: dict[str, int], named: Named) -> None:
    """Find two columns of coordinates, or one of shapes."""
    table = layout.table
    if named.x or named.y:
        if not (named.x and named.y):
            raise InputError("--x-column and --y-column belong together")
        layout.places["x"] = _exact(table, columns, named.x)
        layout.places["y"] = _exact(table, columns, named.y)
        return
    for first, second in (("longitude", "latitude"), ("x", "y")):
        pair = [_chosen(table, columns, role, "", must=False) for role in (first, second)]
        if min(pair) >= 0:
            layout.places[first], layout.places[second] = pair
            return
    layout.places["shape"] = _chosen(table, columns, "shape", "", must=False)
    if layout.places["shape"] < 0:
        raise _missing(table, "coordinates")


def _by_place(table: Table, kind: Kind, dated: bool | None) -> Layout:
    """Find the columns by their place, as in SaTScan's own files."""
    layout = Layout(table, {"id": 0})
    widths = {len(row) for _, row in table.rows}
    if kind == "coordinates":
        layout.places.update(first=1, second=2)
        layout.strata = ()
    elif kind == "population":
        with_date = max(widths) > 2 if dated is None else dated
        layout.places.update(date=1, population=2) if with_date else layout.places.update(
            population=1
        )
    else:
        layout.places[kind] = 1
        if _looks_dated(table) if dated is None else dated:
            layout.places["date"] = 2
    return layout


def _looks_dated(table: Table) -> bool:
    """Return whether the third column of all rows holds dates, not covariates."""
    match: Callable[[str], object] = re.compile(r"\d{4}|\d+[/.*-]\d+([/.*-]\d+)?").fullmatch
    return all(len(row) > 2 and match(row[2]) for _, row in table.rows[:1000])


def event_layout(table: Table, named: Named, *, places: bool) -> Layout:
    """Find the columns of single events.

    Raises
    ------
    InputError
        If there is no moment, or no place where one is needed.
    """
    layout = Layout(table, strata=())
    if not table.header:
        layout.places["date"] = 0
        if places:
            layout.places.update(x=1, y=2)
        return layout
    columns = {_plain(name): i for i, name in reversed(list(enumerate(table.header)))}
    layout.places["date"] = _chosen(table, columns, "date", named.date, must=True)
    if not layout.has("date"):
        if len(table.header) > 1:
            raise _missing(table, "date")
        layout.places["date"] = 0
    if places:
        _find_coordinates(layout, columns, named)
        if layout.has("shape"):
            raise _missing(table, "coordinates")
    return layout
