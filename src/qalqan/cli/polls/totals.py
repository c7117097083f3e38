"""Known totals: a CSV of variable, level, total, and what the data must hold for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qalqan.errors import InputError, Location

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qalqan.cli.polls.table import Table

COLUMNS = ("variable", "level", "total")
INTERCEPT = frozenset({"(Intercept)", "intercept", "Intercept", "_cons", "1"})


@dataclass(frozen=True, slots=True)
class Margin:
    """One variable of the file, with the line of each level."""

    variable: str
    levels: dict[str, float]
    lines: dict[str, int]

    @property
    def columns(self) -> list[str]:
        """Columns of the data that it needs."""
        if self.variable in INTERCEPT:
            return []
        return self.variable.split(":")


@dataclass(frozen=True, slots=True)
class Totals:
    """The file, variable by variable."""

    path: Path
    margins: list[Margin]

    @property
    def columns(self) -> list[str]:
        """Columns of the data that it needs, each once."""
        return list(dict.fromkeys(name for one in self.margins for name in one.columns))

    def wrong(self, message: str, line: int | None, hint: str | None = None) -> InputError:
        """Return the error that says what is wrong where."""
        where = Location(str(self.path), line, "total" if line else None)
        return InputError(message, location=where, hint=hint)


def read_totals(path: Path) -> Totals:
    """Read known totals; levels may be blank for a column of numbers.

    Raises
    ------
    InputError
        Missing columns, a total that is no number or below 0, a level that stands there twice.
    """
    from qalqan.cli.polls.table import read_table

    table = read_table(path, COLUMNS)
    totals = table.filled_numbers("total")
    margins: dict[str, Margin] = {}
    for row, (variable, level) in enumerate(
        zip(table.columns["variable"], table.columns["level"], strict=True)
    ):
        if not variable:
            raise table.wrong("there is no variable", row, "variable")
        margin = margins.setdefault(variable, Margin(variable, {}, {}))
        if level in margin.levels:
            raise table.wrong(f"{variable} {level} stands here twice", row, "level")
        if level and totals[row] < 0:
            raise table.wrong("a total of people is 0 or more", row, "total")
        margin.levels[level] = float(totals[row])
        margin.lines[level] = table.lines[row]
    return Totals(path, list(margins.values()))


def grouped(
    table: Table, totals: Totals, margin: Margin
) -> tuple[NDArray[Any], list[float], list[int]]:
    """Return the group of each row, and the total and line of each group.

    Raises
    ------
    InputError
        A row whose level has no total; a level of the file with a total that nobody has.
    """
    import numpy as np

    from qalqan.cli.polls.levels import crossed, same_level

    for column in margin.columns:
        table.names(column)
    if "" in margin.levels:
        raise totals.wrong(
            f"a total of {margin.variable} needs a level", margin.lines[""],
            hint="a column of numbers goes with --calibrate",
        )  # fmt: skip
    code, levels = crossed(table, margin.columns, ":")
    found: list[float | None] = [None] * len(levels)
    lines = [0] * len(levels)
    for level, total in margin.levels.items():
        place = same_level(levels, level)
        if place is None:
            if total > 0:
                raise totals.wrong(
                    f"nobody in the sample has {margin.variable} = {level!r}",
                    margin.lines[level],
                    hint="join this level with one like it, in the data and in the totals",
                )
            continue
        found[place], lines[place] = total, margin.lines[level]
    for place, known in enumerate(found):
        if known is None:
            row = int(np.argmax(code == place))
            raise table.wrong(
                f"{levels[place][:40]!r} has no total in {totals.path.name}", row,
                margin.columns[-1],
            )  # fmt: skip
    return code, [total for total in found if total is not None], lines


def regressors(table: Table, totals: Totals) -> tuple[NDArray[Any], list[float]]:
    """Return the columns to calibrate on, and their totals.

    Raises
    ------
    InputError
        A level that nobody has, a missing value, a level left out where no total of all stands.
    """
    import numpy as np

    from qalqan.cli.polls.levels import crossed, same_level

    columns: list[NDArray[Any]] = []
    wanted: list[float] = []
    whole = any(margin.variable in INTERCEPT for margin in totals.margins)
    for margin in totals.margins:
        if margin.variable in INTERCEPT:
            columns.append(np.ones(len(table)))
            wanted.append(next(iter(margin.levels.values())))
            continue
        if set(margin.levels) == {""}:
            columns.append(table.filled_numbers(margin.variable))
            wanted.append(margin.levels[""])
            continue
        for column in margin.columns:
            table.names(column)
        code, levels = crossed(table, margin.columns, ":")
        if not whole:
            grouped(table, totals, margin)
        for level, total in margin.levels.items():
            place = same_level(levels, level)
            if place is None:
                raise totals.wrong(
                    f"nobody in the sample has {margin.variable} = {level!r}",
                    margin.lines[level],
                    hint="join this level with one like it, in the data and in the totals",
                )
            columns.append((code == place).astype(np.float64))
            wanted.append(total)
    return np.stack(columns, axis=1), wanted
