"""What each setting of a SaTScan parameter file means here: used, without effect, or refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from qalqan.cli.flashpoints.dates import Precision

PRECISIONS: Final[tuple[Precision, ...]] = ("none", "year", "month", "day", "generic")

ANALYSES = {
    "1": "none", "2": "temporal", "3": "retrospective", "4": "prospective",
    "6": "temporal-prospective",
}  # fmt: skip

DIRECTIONS = {"1": "high", "2": "low", "3": "both"}

MODELS = {"0": "poisson", "1": "bernoulli", "2": "permutation"}

QUIET_SECTIONS = frozenset({
    "Output", "Run Options", "BatchMode Features", "System", "Notifications", "Line List",
    "Other Output", "Additional Output", "Temporal Output", "Polygons",
})  # fmt: skip
"""Sections whose settings change files and screens, never the clusters."""

USED = frozenset({
    "CaseFile", "ControlFile", "PopulationFile", "CoordinatesFile", "PrecisionCaseTimes",
    "StartDate", "EndDate", "CoordinatesType", "AnalysisType", "ModelType", "ScanAreas",
    "TimeAggregationUnits", "TimeAggregationLength", "StudyPeriodCheckType",
    "GeographicalCoordinatesCheckType", "MaxSpatialSizeInPopulationAtRisk",
    "UseDistanceFromCenterOption", "MaxSpatialSizeInDistanceFromCenter", "IncludePurelyTemporal",
    "SpatialWindowShapeType", "NonCompactnessPenalty", "MinimumTemporalClusterSize",
    "MaxTemporalSizeInterpretation", "MaxTemporalSize", "IncludePurelySpatial",
    "MinimumCasesInHighRateClusters", "EarlyTerminationThreshold", "MonteCarloReps",
    "ReportHierarchicalClusters", "ReportGiniClusters", "SpatialMaxima",
    "GiniIndexClustersPValueCutOff", "EllipseShapes", "EllipseAngles", "Version",
})  # fmt: skip
"""Settings that are followed, or whose value has a meaning only beside another one."""

DEFAULTS = {
    "PrecisionCaseTimes": "0", "StartDate": "2000/1/1", "EndDate": "2000/12/31",
    "CoordinatesType": "1", "AnalysisType": "1", "ModelType": "0", "ScanAreas": "1",
    "TimeAggregationUnits": "0", "TimeAggregationLength": "1", "StudyPeriodCheckType": "0",
    "GeographicalCoordinatesCheckType": "0", "MaxSpatialSizeInPopulationAtRisk": "50",
    "UseDistanceFromCenterOption": "n", "MaxSpatialSizeInDistanceFromCenter": "1",
    "IncludePurelyTemporal": "n", "SpatialWindowShapeType": "0", "NonCompactnessPenalty": "1",
    "MinimumTemporalClusterSize": "1", "MaxTemporalSizeInterpretation": "0",
    "MaxTemporalSize": "50", "IncludePurelySpatial": "n", "MinimumCasesInHighRateClusters": "2",
    "EarlyTerminationThreshold": "50", "MonteCarloReps": "999", "ReportHierarchicalClusters": "y",
    "ReportGiniClusters": "n", "SpatialMaxima": "1,2,3,4,5,6,8,10,12,15,20,25,30,40,50",
    "GiniIndexClustersPValueCutOff": "0.05", "EllipseShapes": "1.5,2,3,4,5",
    "EllipseAngles": "4,6,9,12,15", "CriteriaForReportingSecondaryClusters": "0",
    "PValueReportType": "0", "IncludeClusters": "0",
}  # fmt: skip

Get = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """What to do with a setting that is not supported.

    Attributes
    ----------
    harmless : tuple of str
        Values, in small letters, that ask for nothing.
    reason : str
        Why it is refused, or what is not done.
    refuse : bool
        Whether the answer would differ.
    only_if : callable, optional
        Whether the setting matters, given the others.
    """

    harmless: tuple[str, ...]
    reason: str
    refuse: bool = True
    only_if: Callable[[Get], bool] | None = None


_OFF = ("n", "no", "0")


def _in_space_and_time(get: Get) -> bool:
    return get("AnalysisType") in ("3", "4")


def _gini(get: Get) -> bool:
    return get("ReportGiniClusters").lower() in ("y", "1")


def _low(get: Get) -> bool:
    return get("ScanAreas") in ("2", "3")


def _in_time(get: Get) -> bool:
    return get("AnalysisType") != "1"


RULES: Final[dict[str, Rule]] = {
    "UseGridFile": Rule(_OFF, "centres are the areas themselves, no grid"),
    "MultipleDataSetsPurposeType": Rule(
        ("0",),
        "data sets are scanned together, not adjusted for each other",
        only_if=lambda get: bool(get("CaseFile2")),
    ),
    "UseLocationsNetworkFile": Rule(_OFF, "no networks"),
    "UseNeighborsFile": Rule(_OFF, "no order of neighbours from a file"),
    "UseMetaLocationsFile": Rule(_OFF, "no groups of locations"),
    "MultipleCoordinatesType": Rule(("0",), "one place for each location"),
    "UseMaxCirclePopulationFileOption": Rule(_OFF, "no population of its own for the circles"),
    "IsotonicScan": Rule(("0",), "no isotonic scan"),
    "IncludeClusters": Rule(
        ("0", "1"),
        "no window of flexible ends",
        only_if=lambda get: get("AnalysisType") in ("2", "3"),
    ),
    "RiskLimitHighClusters": Rule(_OFF, "no limit of the risk"),
    "RiskLimitLowClusters": Rule(_OFF, "no limit of the risk"),
    "MinimumCasesInLowRateClusters": Rule(("0",), "no least cases of low rates", only_if=_low),
    "TimeTrendAdjustmentType": Rule(("0",), "no adjustment for time trends", only_if=_in_time),
    "AdjustForWeeklyTrends": Rule(_OFF, "no adjustment for days of the week", only_if=_in_time),
    "SpatialAdjustmentType": Rule(("0",), "no spatial adjustment", only_if=_in_space_and_time),
    "UseAdjustmentsByRRFile": Rule(_OFF, "no adjustment by known relative risks"),
    "PValueReportType": Rule(
        ("1", "2", "3"),
        "p is the Monte Carlo rank; the one of the Gumbel tail stands beside it",
        refuse=False,
    ),
    "ReportGumbel": Rule(_OFF, "the Gumbel p-value is always given", refuse=False),
    "AdjustForEarlierAnalyses": Rule(
        _OFF,
        "p-values are not adjusted for earlier analyses",
        only_if=lambda get: get("AnalysisType") in ("4", "6"),
    ),
    "IterativeScan": Rule(_OFF, "no iterative scan"),
    "PerformStandardDrilldown": Rule(_OFF, "no drill-down into clusters", refuse=False),
    "PerformBernoulliDrilldown": Rule(_OFF, "no drill-down into clusters", refuse=False),
    "CalculateOliveira": Rule(_OFF, "Oliveira's F is not computed", refuse=False),
    "CalculateOliviera": Rule(_OFF, "Oliveira's F is not computed", refuse=False),
    "ProspectiveFrequencyType": Rule(
        ("0",),
        "the recurrence interval counts one analysis a period",
        refuse=False,
        only_if=lambda get: get("AnalysisType") in ("4", "6"),
    ),
    "PerformPowerEvaluation": Rule(_OFF, "no evaluation of power"),
    "CriteriaForReportingSecondaryClusters": Rule(
        ("0", "5"), "clusters without overlap (0) or without restriction (5)"
    ),
    "GiniIndexClusterReportingType": Rule(("0",), "only the best reporting size", only_if=_gini),
    "ReportGiniIndexCoefficents": Rule(
        _OFF, "the coefficients are not reported", refuse=False, only_if=_gini
    ),
    "UseReportOnlySmallerClusters": Rule(_OFF, "no limit on reported clusters alone"),
    "SimulatedDataMethodType": Rule(("0",), "replicates are drawn, not read"),
    "ProspectiveStartDate": Rule((), "", refuse=False, only_if=lambda get: False),
}
"""Settings that are followed for some values only."""

FOLLOWERS = frozenset({
    "GridFile", "LocationsNetworkFilename", "NeighborsFilename", "MetaLocationsFilename",
    "MultipleLocationsFile", "MaxSpatialSizeInMaxCirclePopulationFile", "MaxCirclePopulationFile",
    "IntervalStartRange", "IntervalEndRange", "RiskThresholdHighClusters",
    "RiskThresholdLowClusters", "TimeTrendPercentage", "TimeStratifiedAdjLength",
    "TimeTrendType", "AdjustmentsByKnownRelativeRisksFilename", "IterativeScanMaxIterations",
    "IterativeScanMaxPValue", "DrilldownMinimumClusterLocations", "DrilldownMinimumClusterCases",
    "DrilldownClusterCutoff", "NumBootstrapReplications", "OliveiraPvalueCutoff",
    "NumOlivieraSets", "OlivieraPvalueCutoff", "ProspectiveFrequency", "PowerEvaluationsMethod",
    "PowerEvaluationTotalCases", "CriticalValueType", "CriticalValue05", "CriticalValue01",
    "CriticalValue001", "PowerEstimationType", "NumberPowerReplications",
    "AlternativeHypothesisFilename", "PowerEvaluationsSimulationMethod",
    "PowerEvaluationsSimulationSourceFilename", "ReportPowerEvaluationSimulationData",
    "PowerEvaluationsSimulationOutputFilename", "LaunchMapViewer", "LaunchKMLViewer",
    "CompressKMLtoKMZ", "IncludeClusterLocationsKML", "ThresholdLocationsSeparateKML",
    "MaxSpatialSizeInPopulationAtRisk_Reported", "UseMaxCirclePopulationFileOption_Reported",
    "MaxSizeInMaxCirclePopulationFile_Reported", "UseDistanceFromCenterOption_Reported",
    "MaxSpatialSizeInDistanceFromCenter_Reported", "SimulatedDataInputFilename",
    "PrintSimulatedDataToFile", "SimulatedDataOutputFilename",
})  # fmt: skip
"""Settings that have a meaning only if another one is switched on."""
