"""What every reader of a foreign file hands to the import: a table, and what was left unread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from qalqan.desk.incidents.services.readers.json_text import Element, JsonText
from qalqan.desk.platform.sources.tables import BadFieldError, Problem, Row, Table


@dataclass(frozen=True, slots=True)
class Opened:
    """An open file as a table.

    Parameters
    ----------
    table
        Its columns and rows.
    notes
        What the reader left unread, in words; rows may add to it while they are read.
    line_of
        The line of a field in a row; files of tables know only where the row begins.
    form
        The form of the file: ``csv``, ``geojson`` or ``stix``.
    """

    table: Table
    form: str
    notes: list[str] = field(default_factory=list)
    line_of: Callable[[Row, str | None], int] = lambda row, _field: row.line


def json_table(
    text: JsonText, elements: list[Element], cells_of: Callable[[Any], dict[str, str]],
) -> tuple[Table, Callable[[Row, str | None], int]]:  # fmt: skip
    """Make a table of JSON objects: one row each, the columns in the order they are met."""
    rows: list[Row] = []
    columns: dict[str, None] = {}
    for number, element in enumerate(elements):
        problem, cells = None, {}
        try:
            cells = cells_of(element.value)
        except BadFieldError as error:
            # An object that the row needs may stand elsewhere and be what is wrong.
            line = getattr(error, "line", None) or text.line_of_key(element, error.field)
            problem = Problem(line, error.field, error.reason)
        columns |= dict.fromkeys(cells)
        rows.append(Row(element.line, cells, (str(number),), problem))

    def line_of(row: Row, field: str | None) -> int:
        return text.line_of_key(elements[int(row.raw[0])], field)

    return Table(text.file, tuple(columns), "", iter(rows)), line_of
