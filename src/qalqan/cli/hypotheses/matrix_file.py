"""Read a matrix of evidence against hypotheses from CSV."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qalqan.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SPECIAL = ("evidence", "analyst", "credibility", "relevance")
COLUMNS = (
    "evidence, then one column a hypothesis with marks CC, C, N, I, II, NA or ++, +, 0, -, --; "
    "also analyst (one row an item and analyst), credibility and relevance (0 to 1)"
)


@dataclass(frozen=True, slots=True)
class MatrixFile:
    """What a file says.

    Parameters
    ----------
    evidence, hypotheses, analysts
        Names, in the order of the file.
    marks
        Shape (analysts, evidence, hypotheses).
    credibility, relevance
        Weights of the items; ones where the file has no such column.
    """

    evidence: list[str]
    hypotheses: list[str]
    analysts: list[str]
    marks: NDArray[Any]
    credibility: NDArray[Any]
    relevance: NDArray[Any]


def read_matrix(path: Path) -> MatrixFile:
    """Read a matrix.

    Raises
    ------
    InputError
        The file is no such table; line and column are named.
    """
    from qalqan.cli.tables import cells_of, csv_rows, read_text

    rows = csv_rows(path, read_text(path))
    line, header = next(rows)
    names = _names(path, line, header)
    hypotheses = [name for name in names if name not in SPECIAL]
    if len(hypotheses) < 2:
        raise InputError(
            "a matrix needs at least two hypotheses, each in a column of its own",
            location=Location(str(path), line),
        )
    entries = _Entries(path, hypotheses)
    for at, row in rows:
        cells = dict(
            zip(names, (one.strip() for one in cells_of(path, at, row, names)), strict=True)
        )
        entries.take(at, cells)
    return entries.matrix()


def _names(path: Path, line: int, header: list[str]) -> list[str]:
    """Return the names of the columns; the first is the evidence, whatever it is called."""
    names = [name.strip() for name in header]
    names = [name.lower() if name.lower() in SPECIAL else name for name in names]
    if "evidence" not in names:
        names[0] = "evidence"
    for place, name in enumerate(names):
        where = Location(str(path), line)
        if not name:
            raise InputError(f"column {place + 1} has no name", location=where)
        if name in names[:place]:
            raise InputError(f"there are two columns {name[:40]!r}", location=where)
    return names


class _Entries:
    """Rows as they come, each item and analyst once."""

    def __init__(self, path: Path, hypotheses: list[str]) -> None:
        self._path = path
        self._hypotheses = hypotheses
        self._analysts: dict[str, int] = {}
        self._items: dict[str, tuple[float, float]] = {}
        self._marks: dict[tuple[str, str], list[float]] = {}

    def take(self, line: int, cells: dict[str, str]) -> None:
        """Take one row."""
        item = cells["evidence"]
        if not item:
            raise self._wrong("there is no value", line, "evidence")
        analyst = cells.get("analyst", "")
        if (item, analyst) in self._marks:
            raise self._wrong(f"{item[:40]!r} stands here twice", line, "evidence")
        weights = (
            self._weight(cells, "credibility", line), self._weight(cells, "relevance", line)
        )  # fmt: skip
        if self._items.setdefault(item, weights) != weights:
            raise self._wrong("the item has other weights in another row", line, "credibility")
        self._analysts.setdefault(analyst, len(self._analysts))
        self._marks[item, analyst] = [self._mark(cells, name, line) for name in self._hypotheses]

    def matrix(self) -> MatrixFile:
        """Return what was read."""
        import numpy as np

        if not self._items:
            raise InputError("there are no rows", location=Location(str(self._path)))
        nothing = [float("nan")] * len(self._hypotheses)
        marks = np.array(
            [
                [self._marks.get((item, analyst), nothing) for item in self._items]
                for analyst in self._analysts
            ]
        )
        weights = np.array(list(self._items.values()))
        return MatrixFile(
            list(self._items), self._hypotheses, list(self._analysts), marks, weights[:, 0],
            weights[:, 1],
        )  # fmt: skip

    def _mark(self, cells: dict[str, str], name: str, line: int) -> float:
        from qalqan.science.hypotheses.checks import HypothesesInputError
        from qalqan.science.hypotheses.matrix import mark_of

        try:
            return mark_of(cells[name])
        except HypothesesInputError as error:
            raise self._wrong(str(error.message), line, name) from None

    def _weight(self, cells: dict[str, str], name: str, line: int) -> float:
        text = cells.get(name, "")
        if not text:
            return 1.0
        try:
            value = float(text)
        except ValueError:
            raise self._wrong(f"{text[:40]!r} is not a number", line, name) from None
        if not 0 <= value <= 1:
            raise self._wrong(f"{text[:40]} is not between 0 and 1", line, name)
        return value

    def _wrong(self, message: str, line: int, field: str) -> InputError:
        return InputError(message, location=Location(str(self._path), line, field))


def written(order: Iterator[tuple[int, str]]) -> str:
    """Write an order with its ties: ``H2 > H1 = H3``.

    >>> written(iter([(1, "H2"), (2, "H1"), (2, "H3")]))
    'H2 > H1 = H3'
    """
    text, last = "", 0
    for rank, name in order:
        text += ("" if not last else " = " if rank == last else " > ") + name
        last = rank
    return text


def in_order(ranks: NDArray[Any], names: list[str]) -> str:
    """Write names in the order of their ranks, the one with least against it first."""
    pairs = sorted(zip((int(rank) for rank in ranks), names, strict=True), key=lambda one: one[0])
    return written(iter(pairs))
