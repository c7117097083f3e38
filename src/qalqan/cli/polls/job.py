"""What ``qalqan polls estimate`` was asked for, checked, and the design it describes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from qalqan.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qalqan.cli.polls.table import Table
    from qalqan.cli.polls.totals import Totals
    from qalqan.science.polls.checks import PollInputError
    from qalqan.science.polls.design import Design

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Job:
    """The options, read."""

    data: Path
    strata: str | None
    clusters: list[str]
    weight: str | None
    fpc: list[str]
    nest: bool
    lonely: str
    statistic: str
    column: str
    other: str | None
    interval: str | None
    by: list[str]
    totals: Totals | None
    adjustment: str | None
    function: str
    bounds: tuple[float, float] | None
    trim: tuple[float, float] | None
    replicates: str | None
    replicate_count: int
    seed: int
    level: float
    df: str
    deff: str
    missing: str

    @property
    def columns(self) -> list[str]:
        """Columns of the data that the job reads."""
        named = [self.strata, *self.clusters, self.weight, *self.fpc, self.column, *self.by]
        if self.statistic in ("ratio", "table"):
            named.append(self.other)
        if self.totals is not None:
            named.extend(self.totals.columns)
        return [name for name in named if name is not None]

    def blamed(self, table: Table, compute: Callable[[], Result]) -> Result:
        """Compute, and turn what the method refuses into file, line and field."""
        from qalqan.science.polls.checks import PollInputError

        try:
            return compute()
        except PollInputError as error:
            raise self._told(table, error) from None

    def _told(self, table: Table, error: PollInputError) -> InputError:
        fields: dict[str | None, list[str | None]] = {
            "weight": [self.weight], "strata": [self.strata], "cluster": list(self.clusters),
            "fpc": list(self.fpc), "values": [self.column], "numerator": [self.column],
            "denominator": [self.other],
        }  # fmt: skip
        if error.column == "totals" and self.totals is not None:
            return _told_of_totals(self.totals, error)
        named = fields.get(error.column)
        if named is None:
            return error
        field = named[min(error.stage, len(named) - 1)] if named else None
        return table.wrong(
            str(error.message), error.row, field or error.column,
            hint=None if error.hint is None else str(error.hint),
        )  # fmt: skip


def _told_of_totals(totals: Totals, error: PollInputError) -> InputError:
    hint = None if error.hint is None else str(error.hint)
    line = None
    if error.row is not None and error.stage < len(totals.margins):
        line = min(totals.margins[error.stage].lines.values())
    return totals.wrong(str(error.message), line, hint)


def read_design(job: Job, table: Table) -> Design:
    """Return the design that the columns describe."""
    import numpy as np

    from qalqan.cli.polls.levels import coded
    from qalqan.science.polls.design import design

    def codes(column: str) -> NDArray[Any]:
        table.names(column)
        return coded(table.columns[column])[0]

    strata = None if job.strata is None else codes(job.strata)
    clusters = [codes(column) for column in job.clusters]
    weights = None if job.weight is None else table.filled_numbers(job.weight)
    fpc = [table.filled_numbers(column) for column in job.fpc]
    if weights is None and not fpc:
        raise InputError(
            "--weight is missing", hint="or give --fpc for each stage: weights follow from it"
        )
    if len(fpc) > 1 and len(fpc) != max(1, len(clusters)):
        raise InputError(f"--fpc names {len(fpc)} columns for {max(1, len(clusters))} stages")
    return job.blamed(
        table,
        lambda: design(
            None if weights is None else np.asarray(weights), strata=strata, clusters=clusters,
            fpc=fpc, nest=job.nest, lonely=job.lonely,  # type: ignore[arg-type]
        ),
    )  # fmt: skip


def whole_design(
    data: Path, *, strata: str | None, clusters: list[str], weight: str, fpc: list[str],
    nest: bool, lonely: str, column: str, other: str,
) -> Job:  # fmt: skip
    """Return the job of a table of two columns, without calibration or replicates."""
    return Job(
        data=data, strata=strata, clusters=clusters, weight=weight, fpc=fpc, nest=nest,
        lonely=lonely, statistic="table", column=column, other=other, interval=None, by=[],
        totals=None, adjustment=None, function="linear", bounds=None, trim=None, replicates=None,
        replicate_count=0, seed=0, level=0.95, df="auto", deff="without", missing="drop",
    )  # fmt: skip
