"""A scan to be made: files, how to read them, and the options of the scan."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from qalqan.cli.flashpoints.columns import Named
from qalqan.cli.flashpoints.dates import Precision
from qalqan.cli.flashpoints.lines import Source
from qalqan.science.flashpoints.data import ScanOptions

Fractions = Literal["refuse", "down", "nearest"]


@dataclass(frozen=True, slots=True)
class StreamFiles:
    """Files of one stream of counts."""

    cases: Source
    controls: Source | None = None
    population: Source | None = None
    name: str = ""


@dataclass(slots=True)
class Job:
    """All that a scan needs.

    Attributes
    ----------
    streams : tuple of StreamFiles
        One, or several for a multivariate scan.
    coordinates : Source, optional
        Not needed for a scan of time alone.
    neighbours : Path, optional
        Pairs of neighbours, for zones of neighbours.
    precision : str, optional
        Of the dates of the cases; found by looking if not given.
    start, end : str
        The period; by default from the first case to the last.
    unit, length
        Of the periods that are scanned; by default one unit of the dates.
    named : Named
        Columns.
    metric : str
        ``plane``, ``greatcircle`` or ``auto``.
    fractions : str
        What to do with cases that are no whole number.
    relaxed_period, relaxed_places : bool
        Leave out, and count, cases outside the period or in unknown areas.
    size : float, optional
        Size of the negative binomial.
    options : ScanOptions
        How to scan.
    gini_besides : bool
        Report the clusters chosen by the Gini coefficient beside the others.
    gumbel : bool
        Report p from the Gumbel distribution.
    alive : bool
        A retrospective scan of windows that reach the end.
    notes : list of str
        What the reader of the result must know.
    """

    streams: tuple[StreamFiles, ...]
    coordinates: Source | None
    neighbours: Path | None = None
    precision: Precision | None = None
    start: str = ""
    end: str = ""
    unit: str = "auto"
    length: int = 1
    named: Named = field(default_factory=Named)
    metric: str = "auto"
    fractions: Fractions = "refuse"
    relaxed_period: bool = False
    relaxed_places: bool = False
    size: float | None = None
    options: ScanOptions = field(default_factory=ScanOptions)
    gini_besides: bool = False
    gumbel: bool = False
    alive: bool = False
    notes: list[str] = field(default_factory=list)
