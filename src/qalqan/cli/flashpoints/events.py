"""Single events from plain files: a moment, and a place if there is one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qalqan.cli.flashpoints.columns import Named
from qalqan.cli.flashpoints.dates import parse
from qalqan.cli.flashpoints.lines import Source, Table, fault, read_table
from qalqan.errors import InputError

_SECONDS_A_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class EventList:
    """Events in order of time.

    Attributes
    ----------
    times : (n,) array of float64
        Days since ``start``, or the numbers of the file less the beginning.
    places : (n, 2) array of float64, optional
        Longitude and latitude, or x and y.
    degrees : bool
        Whether the places are degrees.
    horizon : float
        Length of the study in the unit of the times.
    dated : bool
        Whether times are dates; their unit is then the day.
    whole : bool
        Whether no time has a part of a day (or of a unit).
    start : str
        Beginning, as a date or number.
    left_out : int
        Events outside the study.
    """

    times: NDArray[np.float64]
    places: NDArray[np.float64] | None
    degrees: bool
    horizon: float
    dated: bool
    whole: bool
    start: str
    left_out: int


def read_events(
    path: Path, named: Named, *, places: bool, start: str = "", end: str = ""
) -> EventList:
    """Read events.

    Parameters
    ----------
    path
        CSV, one number a line, or (times alone) a ``.npy`` file.
    named
        Columns.
    places
        Whether a place is needed.
    start, end
        Study; events outside are left out and counted.

    Raises
    ------
    InputError
        A moment or a place that is none, with file and line.
    """
    if path.suffix.lower() == ".npy" and not places:
        moments, where, degrees, dated = _from_array(path), None, False, False
    else:
        moments, where, degrees, dated = _from_table(read_table(Source(path)), named, places)
    low = _bound(start, "--start", dated, last=False) if start else float(moments.min())
    # A day counts to its end: the study is closed at midnight after the last day.
    whole = bool(np.all(moments == np.floor(moments)))
    high = (
        _bound(end, "--end", dated, last=True)
        if end
        else float(moments.max()) + (1.0 if whole else 0.0)
    )
    if dated and not start:
        low = math.floor(low)
    elif not dated and not start:
        low = min(low, 0.0)
    inside = (moments >= low) & (moments <= high)
    order = np.flatnonzero(inside)[np.argsort(moments[inside], kind="stable")]
    if not order.size:
        raise fault(path, None, None, "no event lies inside the study")
    return EventList(
        moments[order] - low, None if where is None else where[order], degrees, high - low, dated,
        whole, datetime.fromordinal(int(low)).date().isoformat() if dated else f"{low:g}",
        int((~inside).sum()),
    )  # fmt: skip


def _from_array(path: Path) -> NDArray[np.float64]:
    """Return the times of a numpy file."""
    if not path.is_file():
        raise fault(path, None, None, "there is no such file")
    try:
        values = np.load(path, allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise fault(path, None, None, "this is no numpy file of numbers") from error
    if not isinstance(values, np.ndarray) or values.ndim != 1 or not values.size:
        raise fault(path, None, None, "a list of times is needed")
    if values.dtype.kind not in "iuf" or not np.isfinite(values).all():
        raise fault(path, None, None, "the times are no finite numbers")
    return values.astype(np.float64)


def _from_table(
    table: Table, named: Named, places: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None, bool, bool]:
    """Return moments, places, whether those are degrees, and whether the moments are dates."""
    from qalqan.cli.flashpoints.columns import event_layout

    layout = event_layout(table, named, places=places)
    texts = [(line, layout.text(line, row, "date")) for line, row in table.rows]
    dated = not _number(texts[0][1])
    moments = np.array([_moment(table, layout.title("date"), *pair, dated) for pair in texts])
    if not places:
        return moments, None, False, dated
    degrees = layout.has("longitude")
    first, second = ("longitude", "latitude") if degrees else ("x", "y")
    where = np.array(
        [
            [layout.number(line, row, role, least=-1e300) for role in (first, second)]
            for line, row in table.rows
        ]
    )
    if degrees:
        for column, limit, name in ((1, 90, "latitude"), (0, 180, "longitude")):
            bad = np.flatnonzero(np.abs(where[:, column]) > limit)
            if bad.size:
                raise table.fail(
                    table.rows[bad[0]][0], name,
                    f"{where[bad[0], column]:g} is outside -{limit} to {limit} degrees",
                )  # fmt: skip
    return moments, where, degrees, dated


def _number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _moment(table: Table, title: str, line: int, text: str, dated: bool) -> float:
    try:
        if not dated:
            value = float(text)
            if not math.isfinite(value):
                raise ValueError(f"{text!r} is no number")
            return value
        return _day(text)
    except ValueError as error:
        words = str(error) if "convert" not in str(error) else f"{text!r} is no number"
        raise table.fail(line, title, words) from error


def _day(text: str) -> float:
    """Return a date as days, with the part of the day if it is known."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return float(parse(text).first.toordinal())
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    return moment.toordinal() + seconds / _SECONDS_A_DAY


def _bound(text: str, option: str, dated: bool, *, last: bool) -> float:
    """Return an end of the study; a last day counts whole."""
    try:
        if not dated:
            return float(text)
        if "T" in text or " " in text:
            return _day(text)
        when = parse(text)
        return float(when.last.toordinal() + 1 if last else when.first.toordinal())
    except ValueError as error:
        raise InputError(f"{option}: {error}") from error


def in_plane(events: EventList) -> NDArray[np.float64]:
    """Return the places in km of a plane, or as they are if they lie in one already."""
    from qalqan.science.flashpoints.grid import to_plane

    if events.places is None:
        raise InputError("the events have no places")
    if not events.degrees:
        return events.places
    return to_plane(events.places[:, 0], events.places[:, 1])
