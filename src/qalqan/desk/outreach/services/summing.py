"""Keep the sums of activities: what each change adds and takes away, in its own transaction.

A change is told as what an activity was worth before and what it is worth after; the difference
is added to its day, its month and its year, to the margins of each, and to its body's month.
Adding differences needs no order of the days, so late entries and corrections of old ones cost
the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

from django.db import connections, router, transaction

from qalqan.desk.outreach.models import (
    BAND_FIELDS,
    DIMENSIONS,
    STATES,
    SUMS,
    Activity,
    ActivityDay,
    ActivityMargin,
    BodyMonth,
    sums_of,
)

BANDS = tuple(BAND_FIELDS.values())
DAY_KEY = ("span", "day", "district_id", "theme", "kind", "language")
BODY_KEY = ("month", "body_id")
MARGIN_KEY = ("span", "cut", "day", "key")
_SINGLE: list[tuple[tuple[int, ...], str]] = [((at,), name) for at, name in enumerate(DIMENSIONS)]
_PAIRS: list[tuple[tuple[int, ...], str]] = [
    ((one, two), f"{DIMENSIONS[one]}+{DIMENSIONS[two]}")
    for one, two in combinations(range(len(DIMENSIONS)), 2)
]
_CUTS = {"day": _SINGLE, "month": [*_SINGLE, *_PAIRS], "year": [*_SINGLE, *_PAIRS]}


class Worth(NamedTuple):
    """Where an activity is summed, and what it adds there."""

    day: date
    district_id: int
    theme: str
    kind: str
    language: str
    body_id: int
    sums: tuple[int, ...]


def worth_of(row: Activity) -> Worth:
    """Return what an activity adds to the sums as it stands now."""
    return Worth(
        row.held_on, row.district_id, row.theme, row.kind, row.language, row.body_id,
        sums_of(row.state, row.reach, row.reach_is, [getattr(row, name) for name in BANDS],
                row.cost, (row.views, row.comments, row.comments_answered)),
    )  # fmt: skip


class Differences:
    """What is to be added to the sums; several changes of one row come together."""

    def __init__(self) -> None:
        self._days: dict[tuple[Any, ...], list[int]] = {}
        self._bodies: dict[tuple[Any, ...], list[int]] = {}

    def add(self, worth: Worth, sign: int = 1) -> None:
        """Add what an activity is worth, or take it away."""
        day, district, theme, kind, language, body, sums = worth
        month = day.replace(day=1)
        where = (district, theme, kind, language)
        for span, first in (("day", day), ("month", month), ("year", day.replace(month=1, day=1))):
            _accumulate(self._days, (span, first, *where), sums, sign)
        _accumulate(self._bodies, (month, body), sums, sign)

    def store(self) -> None:
        """Add the differences to the sums.

        Raises
        ------
        TransactionManagementError
            There is no transaction; sums stand or fall with their act.
        """
        using = router.db_for_write(ActivityDay)
        if not transaction.get_connection(using).in_atomic_block:
            raise transaction.TransactionManagementError("sums are kept inside the act")
        _add(using, ActivityDay, DAY_KEY, self._days)
        _add(using, ActivityMargin, MARGIN_KEY, _margins(self._days))
        _add(using, BodyMonth, BODY_KEY, self._bodies)


def _margins(days: dict[tuple[Any, ...], list[int]]) -> dict[tuple[Any, ...], list[int]]:
    """Return what cells add to the margins: their sums by one dimension, and by two."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for (span, day, *where), sums in days.items():
        parts = [str(part) for part in where]
        known = [(position, value) for position, value in enumerate(sums) if value]
        for places, cut in _CUTS[span]:
            key = (span, cut, day, "|".join([parts[at] for at in places]))
            cell = found.get(key)
            if cell is None:
                found[key] = list(sums)
                continue
            for position, value in known:
                cell[position] += value
    return found


def _accumulate(
    cells: dict[tuple[Any, ...], list[int]], key: tuple[Any, ...], sums: tuple[int, ...], sign: int
) -> None:
    cell = cells.get(key)
    if cell is None:
        cells[key] = [sign * value for value in sums]
        return
    for position, value in enumerate(sums):
        if value:
            cell[position] += sign * value


def _add(
    using: str, model: Any, key_names: tuple[str, ...], cells: dict[tuple[Any, ...], list[int]]
) -> None:
    connection = connections[using]
    plain = connection.ops.adapt_datefield_value

    def written(key: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(plain(part) if isinstance(part, date) else part for part in key)

    # Always in the same order, so that two acts never wait for each other's rows.
    ordered = sorted((key, cell) for key, cell in cells.items() if any(cell))
    if not ordered:
        return
    table = model._meta.db_table
    names = (*key_names, *SUMS)
    sql = (
        f"INSERT INTO {table} ({', '.join(names)}) "  # noqa: S608 - names of our own columns
        f"VALUES ({', '.join(['%s'] * len(names))}) "
        f"ON CONFLICT ({', '.join(key_names)}) DO UPDATE SET "
        + ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in SUMS)
    )
    emptied = [written(key) for key, cell in ordered if min(cell[:4]) < 0]
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(*written(key), *cell) for key, cell in ordered])
        if emptied:
            where = " AND ".join(f"{name} = %s" for name in key_names)
            none = " AND ".join(f"{state} = 0" for state in STATES)
            cursor.executemany(f"DELETE FROM {table} WHERE {where} AND {none}", emptied)  # noqa: S608


def keep(before: Worth | None, after: Worth | None) -> None:
    """Bring the sums from what an activity was worth to what it is worth now."""
    differences = Differences()
    if before is not None:
        differences.add(before, -1)
    if after is not None:
        differences.add(after)
    differences.store()


def recount(rows: Iterable[Activity] | None = None) -> Differences:
    """Sum all activities anew, without storing: what the sums ought to be."""
    differences = Differences()
    for row in Activity.objects.all().iterator(chunk_size=5_000) if rows is None else rows:
        differences.add(worth_of(row))
    return differences


@transaction.atomic
def rebuild() -> None:
    """Throw the sums away and sum all activities anew."""
    ActivityDay.objects.all().delete()
    ActivityMargin.objects.all().delete()
    BodyMonth.objects.all().delete()
    recount().store()
