"""SaTScan's parameter files, read into a job; what cannot be done as asked is refused by name."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

from qalqan.cli.flashpoints.dates import Precision
from qalqan.cli.flashpoints.job import Job, StreamFiles
from qalqan.cli.flashpoints.lines import Source, fault, read_text
from qalqan.cli.flashpoints.prm_rules import (
    ANALYSES,
    DEFAULTS,
    DIRECTIONS,
    FOLLOWERS,
    MODELS,
    PRECISIONS,
    QUIET_SECTIONS,
    RULES,
    USED,
    Rule,
)
from qalqan.errors import InputError
from qalqan.science.flashpoints.data import ScanOptions

_NO = {"", "n", "0", "no"}


@dataclass(slots=True)
class Settings:
    """Settings of a parameter file by name, each with its line.

    Attributes
    ----------
    path : Path
        The file; paths inside are taken from its folder.
    values : dict of str to (str, int, str)
        Value, line and section.
    notes : list of str
        What was read in another way than the file says.
    """

    path: Path
    values: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return a setting, or SaTScan's default."""
        return self.values.get(name, ("", 0, ""))[0] or DEFAULTS.get(name, "")

    def yes(self, name: str) -> bool:
        """Return whether a setting is switched on."""
        return self.get(name).lower() in ("y", "yes", "1")

    def number(self, name: str) -> float:
        """Return a finite number."""
        try:
            value = float(self.get(name))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.fail(name, f"{self.get(name)!r} is no number")
        return value

    def whole(self, name: str) -> int:
        """Return a whole number."""
        value = self.number(name)
        if value != int(value):
            raise self.fail(name, f"{self.get(name)} is no whole number")
        return int(value)

    def file(self, name: str) -> Path | None:
        """Return a path, from the folder of the parameter file."""
        text = self.values.get(name, ("", 0, ""))[0].strip('"')
        if not text:
            return None
        path = self.path.parent / text
        # Files of another machine, or of another folder, often lie beside the parameter file.
        beside = self.path.parent / text.replace("\\", "/").rsplit("/", 1)[-1]
        if path.is_file() or not beside.is_file():
            return path
        if beside != path:
            self.notes.append(f"{self.path.name}: {name}={text}: not there, {beside.name} beside "
                              "the parameter file is read instead")  # fmt: skip
        return beside

    def fail(self, name: str, message: str, hint: str = "") -> InputError:
        """Return an error that names the setting."""
        line = self.values.get(name, ("", 0, ""))[1]
        return fault(self.path, line or None, name, message, hint)


def read_settings(path: Path) -> Settings:
    """Read a parameter file.

    Raises
    ------
    InputError
        A line that is neither section, comment nor setting, or a setting named twice.
    """
    settings, section = Settings(path), ""
    for line, raw in enumerate(read_text(path).split("\n"), start=1):
        text = raw.strip()
        if not text or text.startswith((";", "#")):
            continue
        if text.startswith("[") and text.endswith("]"):
            section = text[1:-1].strip()
            continue
        name, equals, value = text.partition("=")
        if not equals or not section:
            raise fault(path, line, None, "this is no line of a SaTScan parameter file")
        name = name.strip()
        if name in settings.values:
            raise fault(path, line, name, "the setting is named twice")
        settings.values[name] = (value.strip(), line, section)
    if "CaseFile" not in settings.values:
        raise fault(path, None, "CaseFile", "this is no SaTScan parameter file: no case file")
    return settings


def job_of(path: Path) -> Job:
    """Return the scan that a parameter file asks for.

    Raises
    ------
    InputError
        A setting that would change the answer and is not supported, or that makes no sense.
    """
    settings = read_settings(path)
    settings.notes.extend(check_settings(settings))
    analysis = _one_of(settings, "AnalysisType", ANALYSES)
    model = _one_of(settings, "ModelType", MODELS)
    precision: Precision = PRECISIONS[_index(settings, "PrecisionCaseTimes", len(PRECISIONS))]
    time = analysis
    alive = analysis in ("retrospective", "temporal") and settings.get("IncludeClusters") == "1"
    if alive:
        time = "prospective" if analysis == "retrospective" else "temporal-prospective"
    unit, length = _aggregation(settings, precision)
    options = _options(settings, model, time, length)
    job = Job(
        streams=tuple(_streams(settings, model)),
        coordinates=None if time.startswith("temporal") else _source(settings, "CoordinatesFile"),
        precision=precision,
        start=settings.get("StartDate"),
        end=settings.get("EndDate"),
        unit=unit,
        length=length,
        metric="greatcircle" if settings.get("CoordinatesType") == "1" else "plane",
        relaxed_period=settings.get("StudyPeriodCheckType") == "1",
        relaxed_places=settings.get("GeographicalCoordinatesCheckType") == "1",
        options=options,
        gini_besides=settings.yes("ReportGiniClusters") and time == "none"
        and settings.yes("ReportHierarchicalClusters"),
        gumbel=settings.get("PValueReportType") == "3",
        alive=alive,
        notes=settings.notes,
    )  # fmt: skip
    if job.coordinates is None and not time.startswith("temporal"):
        raise settings.fail("CoordinatesFile", "a scan of space needs a file of coordinates")
    return job


def check_settings(settings: Settings) -> list[str]:
    """Refuse what would change the answer; return notes on what is not done besides.

    Raises
    ------
    InputError
        All refused settings in one message, at the line of the first.
    """
    notes: list[str] = []
    refused: list[tuple[str, str]] = []
    for name, (value, _, section) in settings.values.items():
        base = re.sub(r"(?<=File)\d+", "", name).split("-")[0]
        rule = RULES.get(name)
        known = base in USED or base in FOLLOWERS or re.fullmatch(r"DataSet\d+-Name", name)
        if rule is not None:
            _apply(rule, name, value, settings, notes, refused)
        elif not (known or section in QUIET_SECTIONS or value.lower() in _NO):
            refused.append((name, f"{name}={value} (unknown setting)"))
    if refused:
        raise settings.fail(
            refused[0][0], "not supported: " + "; ".join(text for _, text in refused)
        )
    return notes


def _apply(
    rule: Rule,
    name: str,
    value: str,
    settings: Settings,
    notes: list[str],
    refused: list[tuple[str, str]],
) -> None:
    """Judge one setting by its rule."""
    if value.lower() in rule.harmless or (value == "" and "" not in rule.harmless):
        return
    if rule.only_if is not None and not rule.only_if(settings.get):
        return
    if rule.refuse:
        refused.append((name, f"{name}={value} ({rule.reason})"))
    else:
        notes.append(f"{settings.path.name}: {name}={value}: {rule.reason}")


def _index(settings: Settings, name: str, count: int) -> int:
    value = settings.whole(name)
    if not 0 <= value < count:
        raise settings.fail(name, f"{value} is none of 0 to {count - 1}")
    return value


def _one_of(settings: Settings, name: str, known: dict[str, str]) -> str:
    value = settings.get(name)
    if value not in known:
        raise settings.fail(
            name, f"{name}={value} is not supported",
            "supported: " + ", ".join(f"{key} ({words})" for key, words in known.items()),
        )  # fmt: skip
    return known[value]


def _aggregation(settings: Settings, precision: Precision) -> tuple[str, int]:
    """Return unit and length of the periods."""
    unit: str = PRECISIONS[_index(settings, "TimeAggregationUnits", len(PRECISIONS))]
    if precision == "generic" or unit in ("none", "generic"):
        unit = "day" if precision == "generic" else "auto"
    length = settings.whole("TimeAggregationLength")
    if length < 1:
        raise settings.fail("TimeAggregationLength", "the length must be 1 or more")
    return unit, length


def _source(settings: Settings, name: str) -> Source | None:
    """Return a file with the way in which its columns are set apart."""
    path = settings.file(name)
    if path is None:
        return None
    if not path.is_file():
        raise settings.fail(name, f"there is no file {path}")
    kind = settings.get(f"{name}-SourceType")
    if f"{name}-SourceType" not in settings.values and f"{name}-SourceFieldMap" not in (
        settings.values
    ):
        return Source(path, "," if path.suffix.lower() == ".csv" else "", header=False)
    if kind not in ("", "0"):
        raise settings.fail(f"{name}-SourceType", "only text files are read, no dBase or shapefile")
    delimiter = settings.get(f"{name}-SourceDelimiter") or ","
    delimiter = {"[WHITESPACE]": "", "whitespace": "", "tab": "\t", "\\t": "\t"}.get(
        delimiter, delimiter
    )
    fields = tuple(part for part in settings.get(f"{name}-SourceFieldMap").split(",") if part)
    skip = settings.get(f"{name}-SourceSkip")
    return Source(
        path, delimiter, settings.get(f"{name}-SourceGrouper") or '"',
        int(skip) if skip.isdecimal() else 0, settings.yes(f"{name}-SourceFirstRowHeader"), fields,
    )  # fmt: skip


def _streams(settings: Settings, model: str) -> list[StreamFiles]:
    """Return the files of every data set."""
    streams = []
    number = 1
    while number == 1 or settings.values.get(f"CaseFile{number}", ("",))[0]:
        suffix = "" if number == 1 else str(number)
        cases = _source(settings, f"CaseFile{suffix}")
        if cases is None:
            raise settings.fail("CaseFile", "there is no case file")
        controls = _source(settings, f"ControlFile{suffix}") if model == "bernoulli" else None
        people = _source(settings, f"PopulationFile{suffix}") if model == "poisson" else None
        if model == "bernoulli" and controls is None:
            raise settings.fail(f"ControlFile{suffix}", "the Bernoulli model needs controls")
        if model == "poisson" and people is None:
            raise settings.fail(f"PopulationFile{suffix}", "the Poisson model needs a population")
        name = settings.get(f"DataSet{number}-Name")
        streams.append(StreamFiles(cases, controls, people, name))
        number += 1
    return streams


def _options(settings: Settings, model: str, time: str, length: int) -> ScanOptions:
    """Return the options of the scan."""
    by_time = settings.get("MaxTemporalSizeInterpretation") == "1"
    share = settings.number("MaxTemporalSize") / 100
    shortest = max(settings.whole("MinimumTemporalClusterSize") // length, 1)
    longest = max(settings.whole("MaxTemporalSize") // length, 1) if by_time else None
    radius = None
    if settings.yes("UseDistanceFromCenterOption"):
        radius = settings.number("MaxSpatialSizeInDistanceFromCenter")
    in_space, in_time = not time.startswith("temporal"), time not in ("none",)
    both = in_space and in_time and model != "permutation"
    gini = settings.yes("ReportGiniClusters") and time == "none"
    early = settings.whole("EarlyTerminationThreshold")
    return ScanOptions(
        model=model,  # type: ignore[arg-type]
        time=time,  # type: ignore[arg-type]
        zones="ellipse" if settings.get("SpatialWindowShapeType") == "1" and in_space else "circle",
        metric="greatcircle" if settings.get("CoordinatesType") == "1" else "plane",
        max_share=settings.number("MaxSpatialSizeInPopulationAtRisk") / 100,
        max_radius=radius,
        shapes=_numbers(settings, "EllipseShapes"),
        angles=tuple(int(value) for value in _numbers(settings, "EllipseAngles")),
        penalty=_penalty(settings),  # type: ignore[arg-type]
        direction=_one_of(settings, "ScanAreas", DIRECTIONS),  # type: ignore[arg-type]
        min_cases=max(settings.whole("MinimumCasesInHighRateClusters"), 1),
        min_duration=shortest if in_time else 1,
        max_duration=longest if in_time else None,
        max_duration_share=share if in_time and not by_time else 0.5,
        include_space=both and settings.yes("IncludePurelySpatial"),
        include_time=both and settings.yes("IncludePurelyTemporal"),
        replicates=settings.whole("MonteCarloReps"),
        stop_after=early if settings.get("PValueReportType") == "2" else None,
        overlap=settings.get("CriteriaForReportingSecondaryClusters") == "5",
        gini=gini and not settings.yes("ReportHierarchicalClusters"),
        gini_stops=tuple(value / 100 for value in _numbers(settings, "SpatialMaxima")),
        gini_p_value=settings.number("GiniIndexClustersPValueCutOff"),
    )


def _penalty(settings: Settings) -> str:
    """Return the penalty; old files give the power itself."""
    value = settings.number("NonCompactnessPenalty")
    if settings.get("SpatialWindowShapeType") != "1":
        return "none"
    if value not in (0, 0.5, 1, 2):
        raise settings.fail("NonCompactnessPenalty", f"{value:g} is none of 0, 1, 2")
    return {0.0: "none", 0.5: "medium", 1.0: "medium", 2.0: "strong"}[value]


def _numbers(settings: Settings, name: str) -> tuple[float, ...]:
    """Return a list of numbers set apart by commas."""
    try:
        numbers = tuple(float(part) for part in settings.get(name).split(",") if part.strip())
    except ValueError:
        numbers = (math.nan,)
    if not all(map(math.isfinite, numbers)):
        raise settings.fail(name, f"{settings.get(name)!r} is no list of numbers")
    return numbers
