"""Counts and populations from tables, each record with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from qalqan.cli.flashpoints.columns import Kind, Layout, Named, layout_of
from qalqan.cli.flashpoints.dates import RANK, Precision, When, generic_day, parse
from qalqan.cli.flashpoints.job import Fractions
from qalqan.cli.flashpoints.lines import Source, Table, read_table
from qalqan.errors import InputError


@dataclass(frozen=True, slots=True)
class Record:
    """One row.

    Attributes
    ----------
    line : int
        Where it stands.
    area : str
        Name of the area.
    value : float
        Cases, controls or people.
    when : When or date, optional
        Date as far as it is known; a day for a time of whole numbers.
    strata : tuple of str
        Covariates.
    size : float, optional
        Size of the negative binomial.
    """

    line: int
    area: str
    value: float
    when: When | date | None = None
    strata: tuple[str, ...] = ()
    size: float | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """All records of one file."""

    table: Table
    layout: Layout
    rows: list[Record]

    def fail(self, record: Record | None, role: str, message: str, hint: str = "") -> InputError:
        """Return an error that names file, line and field."""
        line = record.line if record else None
        return self.table.fail(line, self.layout.title(role), message, hint)


def read_records(
    source: Source,
    kind: Kind,
    named: Named,
    *,
    precision: Precision | None,
    centuries: tuple[int, int] | None,
    fractions: Fractions = "nearest",
    dated: bool | None = None,
) -> Records:
    """Read counts or populations.

    Parameters
    ----------
    source, kind, named, dated
        As for :func:`qalqan.cli.flashpoints.columns.layout_of`.
    precision
        Of the dates; ``generic`` for whole numbers, ``none`` if dates are not to be read.
    centuries
        First and last year of the study, for years of two digits.
    fractions
        What to do with counts that are no whole number.

    Raises
    ------
    InputError
        The first field that is wrong, with file and line.
    """
    table = read_table(source)
    layout = layout_of(table, kind, named, dated=dated)
    moment = _reader(precision, centuries, layout, kind)
    rows = []
    for position, (line, row) in enumerate(table.rows, start=1):
        value = layout.number(line, row, kind, least=0)
        if kind != "population":
            value = _whole(value, fractions, layout, line)
        when = moment(line, row) if kind == "population" or value else None
        size = layout.number(line, row, "size", least=0) if layout.has("size") else None
        rows.append(
            Record(
                line, layout.area(line, row, position), value, when, layout.stratum(line, row),
                size,
            )
        )  # fmt: skip
    return Records(table, layout, rows)


def _reader(
    precision: Precision | None, centuries: tuple[int, int] | None, layout: Layout, kind: Kind
) -> Callable[[int, list[str]], When | date | None]:
    """Return what reads the date of a row."""
    if precision == "none" and kind != "population":
        return lambda line, row: None
    if not layout.has("date"):
        if precision not in (None, "none") and kind != "population":
            raise layout.table.fail(None, "date", f"there is no column for the date of the {kind}")
        return lambda line, row: None

    def moment(line: int, row: list[str]) -> When | date | None:
        text = layout.text(line, row, "date")
        if kind == "population" and text.lower() == "unspecified":
            return None
        try:
            return generic_day(text) if precision == "generic" else parse(text, centuries)
        except (ValueError, OverflowError) as error:
            raise layout.table.fail(line, layout.title("date"), str(error)) from error

    return moment


def _whole(value: float, fractions: Fractions, layout: Layout, line: int) -> float:
    """Return a whole count, or say that it is none."""
    if value == int(value):
        return value
    if fractions == "refuse":
        title = layout.title("cases" if layout.has("cases") else "controls")
        raise layout.table.fail(
            line, title, f"{value:g} is no whole number",
            "if the counts are estimates, choose --fractions down or nearest",
        )  # fmt: skip
    return float(int(value) if fractions == "down" else round(value))


def coarsest(records: Records, precision: Precision | None) -> Precision:
    """Return how precise the dates are, or say which is less precise than it should be."""
    if precision not in (None, "none"):
        for record in _dated(records):
            if isinstance(record.when, When) and RANK[record.when.precision] < RANK[precision]:
                raise records.fail(
                    record, "date", f"the date has no {precision}",
                    "every date must be as precise as the time precision says",
                )  # fmt: skip
        return precision
    known = [record.when for record in _dated(records) if isinstance(record.when, When)]
    if not known:
        return "none"
    return min((when.precision for when in known), key=RANK.__getitem__)


def _dated(records: Records) -> Iterator[Record]:
    return (record for record in records.rows if record.when is not None)
