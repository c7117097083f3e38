"""Count the places to protect by district, from a file of coordinates."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from django.utils.translation import gettext as _

from qalqan.desk.platform.places import selectors as places
from qalqan.errors import InputError, Location


def count_sites(path: Path) -> dict[int, int]:
    """Return the number of sites in each district.

    Parameters
    ----------
    path
        CSV with the columns ``latitude`` and ``longitude`` in degrees; others are not read.

    Raises
    ------
    InputError
        The file is no such table; file, line and column are named.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            spots = _spots(csv.DictReader(handle, strict=True), path.name)
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            _("The file is no CSV table in UTF-8."), location=Location(path.name)
        ) from error
    except OSError as error:
        raise InputError(str(error.strerror), location=Location(path.name)) from error
    found = places.districts_at([spot[0] for spot in spots], [spot[1] for spot in spots])
    return dict(Counter(int(pk) for pk in found if pk))


def _spots(rows: csv.DictReader[str], name: str) -> list[tuple[float, float]]:
    columns = rows.fieldnames or []
    for column in ("latitude", "longitude"):
        if column not in columns:
            raise InputError(_("The column is missing."), location=Location(name, 1, column))
    return [
        (
            _degrees(row, "latitude", 90, Location(name, rows.line_num, "latitude")),
            _degrees(row, "longitude", 180, Location(name, rows.line_num, "longitude")),
        )
        for row in rows
    ]


def _degrees(row: dict[str, str], column: str, most: float, where: Location) -> float:
    text = (row[column] or "").strip()
    try:
        value = float(text)
    except ValueError:
        raise InputError(_("“%(text)s” is no number.") % {"text": text}, location=where) from None
    if not -most <= value <= most:
        raise InputError(_("%(value)s is no degree on Earth.") % {"value": value}, location=where)
    return value
