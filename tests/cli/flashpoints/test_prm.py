"""SaTScan's parameter files: followed, noted, or refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.flashpoints.support import CAS, GEO, POP, run, scanned, written

from qalqan.cli.flashpoints.prm import job_of
from qalqan.errors import InputError

BASE = """[Input]
CaseFile=x.cas
;precision
PrecisionCaseTimes=0
StartDate=2000/1/1
EndDate=2000/12/31
PopulationFile=x.pop
CoordinatesFile=x.geo
CoordinatesType=0
[Analysis]
AnalysisType=1
ModelType=0
ScanAreas=1
[Inference]
MonteCarloReps=99
PValueReportType=1
"""
DATED = "a 3 2001/11/1\na 4 2001/11/9\nb 2 2001/11/2\nc 1 2001/11/5\nd 2 2001/11/7\nb 6 2001/11/9\n"
IN_TIME = (
    BASE.replace("Times=0", "Times=3")
    .replace("2000/1/1", "2001/11/1")
    .replace("2000/12/31", "2001/11/10")
    .replace("AnalysisType=1", "AnalysisType={}\nTimeAggregationUnits=3\nTimeAggregationLength=1")
)


def parameter_file(folder: Path, text: str, **files: str) -> Path:
    """Write a parameter file beside its data."""
    written(folder, **({"x_cas": CAS, "x_pop": POP, "x_geo": GEO} | files))
    path = folder / "x.prm"
    path.write_text(text)
    return path


def test_paths_are_taken_from_the_folder_of_the_file(tmp_path: Path, monkeypatch) -> None:
    path = parameter_file(tmp_path, BASE)
    monkeypatch.chdir("/")
    found = scanned(tmp_path, "--prm", path)
    assert found["clusters"][0]["ids"] == ["a", "b"]
    assert found["clusters"][0]["llr"] == pytest.approx(5.408762, abs=1e-6)
    assert found["replicates"] == 99
    assert found["notes"] == []


@pytest.mark.parametrize("where", ["/somewhere/else/x.cas", "C:\\data\\x.cas"])
def test_a_file_that_moved_is_read_beside_the_parameter_file_and_told(
    tmp_path: Path, where: str
) -> None:
    path = parameter_file(tmp_path, BASE.replace("CaseFile=x.cas", f"CaseFile={where}"))
    found = scanned(tmp_path, "--prm", path)
    assert found["cases"] == 20
    assert found["notes"] == [
        f"x.prm: CaseFile={where}: not there, x.cas beside the parameter file is read instead"
    ]


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("UseGridFile=y", "no grid"), ("IsotonicScan=1", "no isotonic"),
        ("IterativeScan=y", "no iterative"), ("UseNeighborsFile=y", "no order of neighbours"),
        ("UseAdjustmentsByRRFile=y", "relative risks"), ("RiskLimitHighClusters=y", "limit"),
        ("PerformPowerEvaluation=y", "power"), ("MultipleCoordinatesType=1", "one place"),
        ("CriteriaForReportingSecondaryClusters=1", "without overlap"),
        ("UseReportOnlySmallerClusters=y", "reported clusters"),
        ("UseMaxCirclePopulationFileOption=y", "population of its own"),
        ("SimulatedDataMethodType=2", "drawn, not read"), ("Unheard=7", "unknown setting"),
    ],
)  # fmt: skip
def test_what_would_change_the_answer_is_refused(tmp_path: Path, setting: str, reason: str) -> None:
    path = parameter_file(tmp_path, f"{BASE}{setting}\n")
    with pytest.raises(InputError) as caught:
        run("scan", "--prm", path)
    assert f"{path}:17" in str(caught.value)
    assert reason in str(caught.value)
    assert setting in str(caught.value)


def test_all_refused_settings_are_said_at_once(tmp_path: Path) -> None:
    path = parameter_file(tmp_path, f"{BASE}IsotonicScan=1\nIterativeScan=y\n")
    with pytest.raises(InputError, match=r"IsotonicScan=1 .*; IterativeScan=y"):
        job_of(path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("AnalysisType=1", "AnalysisType=5", "AnalysisType=5 is not supported"),
        ("ModelType=0", "ModelType=3", "ModelType=3 is not supported"),
        ("ScanAreas=1", "ScanAreas=many", "ScanAreas=many is not supported"),
        ("ScanAreas=1", "ScanAreas=0", "ScanAreas=0 is not supported"),
        ("MonteCarloReps=99", "MonteCarloReps=inf", "'inf' is no number"),
        ("ScanAreas=1", "ScanAreas=1\nMinimumTemporalClusterSize=nan", "'nan' is no number"),
        ("ScanAreas=1", "ScanAreas=1\nEllipseAngles=4,inf", "no list of numbers"),
        ("CaseFile=x.cas", "CaseFile=y.cas", "there is no file"),
        ("PopulationFile=x.pop", "PopulationFile=", "the Poisson model needs a population"),
        ("[Analysis]", "Analysis", "no line of a SaTScan parameter file"),
        ("ModelType=0", "ModelType=0\nModelType=1", "named twice"),
        ("StartDate=2000/1/1", "StartDate=2000/1/32", "no date"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = parameter_file(tmp_path, BASE.replace(old, new))
    with pytest.raises(InputError) as caught:
        run("scan", "--prm", path)
    assert words in str(caught.value)


def test_settings_without_effect_here_are_noted(tmp_path: Path) -> None:
    path = parameter_file(tmp_path, f"{BASE}CalculateOliveira=y\n[Output]\nOutputShapefiles=y\n")
    job = job_of(path)
    assert job.notes == ["x.prm: CalculateOliveira=y: Oliveira's F is not computed"]


def test_other_options_do_not_mix_with_a_parameter_file(tmp_path: Path) -> None:
    path = parameter_file(tmp_path, BASE)
    with pytest.raises(InputError, match="--max-share does not go with --prm"):
        run("scan", "--prm", path, "--max-share", "0.1")
    assert scanned(tmp_path, "--prm", path, "--replicates", 19, "--seed", 7)["seed"] == 7


def test_windows_are_limited_by_time_and_by_share(tmp_path: Path) -> None:
    text = IN_TIME.format(3)
    by_share = job_of(parameter_file(tmp_path, text, x_cas=DATED))
    assert by_share.options.max_duration is None
    assert by_share.options.max_duration_share == 0.5
    text += "[Temporal Window]\nMaxTemporalSizeInterpretation=1\nMaxTemporalSize=7\n"
    options = job_of(parameter_file(tmp_path, text.replace("Length=1", "Length=2"), x_cas=DATED))
    assert options.options.max_duration == 3
    assert options.length == 2


def test_a_cluster_of_time_alone_has_no_centre(tmp_path: Path) -> None:
    text = IN_TIME.format(3) + "[Spatial Window]\nIncludePurelyTemporal=y\n"
    found = scanned(tmp_path, "--prm", parameter_file(tmp_path, text, x_cas=DATED))
    everywhere = [one for one in found["clusters"] if one["center"] is None]
    assert len(everywhere) == 1
    assert everywhere[0]["radius"] is None
    assert everywhere[0]["center_id"] is None
    assert sorted(everywhere[0]["ids"]) == ["a", "b", "c", "d"]


def test_a_scan_of_time_needs_no_coordinates(tmp_path: Path) -> None:
    text = IN_TIME.format(2).replace("CoordinatesFile=x.geo", "CoordinatesFile=")
    best = scanned(tmp_path, "--prm", parameter_file(tmp_path, text, x_cas=DATED))["clusters"][0]
    assert (best["start"], best["end"], best["observed"]) == ("2001-11-09", "2001-11-09", 10)
    # One day of ten, all the people: 18 cases / 10.
    assert best["expected"] == pytest.approx(1.8)


def test_windows_that_are_alive_end_with_the_study(tmp_path: Path) -> None:
    text = IN_TIME.format(3) + "[Temporal Window]\nIncludeClusters=1\n"
    found = scanned(tmp_path, "--prm", parameter_file(tmp_path, text, x_cas=DATED))
    assert {one["end"] for one in found["clusters"]} == {"2001-11-10"}
    assert all(one["recurrence_interval"] is None for one in found["clusters"])


def test_whole_numbers_as_time(tmp_path: Path) -> None:
    text = (
        IN_TIME.format(4).replace("Times=3", "Times=4").replace("2001/11/10", "10")
        .replace("2001/11/1", "1").replace("ModelType=0", "ModelType=2")
        .replace("TimeAggregationUnits=3", "TimeAggregationUnits=4")
    )  # fmt: skip
    cases = DATED.replace("2001/11/", "") + "a 9 10\n"
    best = scanned(tmp_path, "--prm", parameter_file(tmp_path, text, x_cas=cases))["clusters"][0]
    assert isinstance(best["start"], int)
    assert 1 <= best["start"] <= best["end"] == 10


def test_columns_by_a_field_map(tmp_path: Path) -> None:
    text = BASE.replace(
        "CaseFile=x.cas",
        "CaseFile=x.csv\nCaseFile-SourceType=0\nCaseFile-SourceFieldMap=3,2\n"
        "CaseFile-SourceDelimiter=;\nCaseFile-SourceFirstRowHeader=y",
    )
    table = "who;n;where\nx;9;a\ny;8;b\nz;1;c\nq;2;d\n"
    found = scanned(tmp_path, "--prm", parameter_file(tmp_path, text, x_csv=table))
    assert found["clusters"][0]["llr"] == pytest.approx(5.408762, abs=1e-6)


def test_several_data_sets_are_scanned_together(tmp_path: Path) -> None:
    text = BASE + "[Multiple Data Sets]\nCaseFile2=x.cas\nPopulationFile2=x.pop\n"
    found = scanned(tmp_path, "--prm", parameter_file(tmp_path, text))
    best = found["clusters"][0]
    # The same stream twice: ratios add up (Kulldorff et al. 2007).
    assert best["llr"] == pytest.approx(2 * 5.408762, abs=2e-6)
    assert [stream["observed"] for stream in best["streams"]] == [17, 17]


def test_censuses_by_years_of_two_digits_and_groups(tmp_path: Path) -> None:
    """Two groups with rates of 1 and 3 in a hundred; indirect standardisation by hand."""
    text = BASE.replace("Times=0", "Times=1")
    population = "".join(
        f"{area} 00 {people} {group}\n"
        for area, young, old in (("a", 100, 100), ("b", 100, 0), ("c", 100, 0), ("d", 100, 100))
        for group, people in (("y", young), ("o", old))
    )
    cases = "a 2 2000 y\na 5 2000 o\nb 1 2000 y\nd 1 2000 y\nd 1 2000 o\n"
    found = scanned(
        tmp_path, "--prm", parameter_file(tmp_path, text, x_cas=cases, x_pop=population)
    )
    best = found["clusters"][0]
    assert best["ids"] == ["a", "b"]
    assert best["expected"] == pytest.approx(200 * 4 / 400 + 100 * 6 / 200)


def test_gini_clusters_stand_beside_the_others(tmp_path: Path) -> None:
    text = BASE + "[Spatial Output]\nReportHierarchicalClusters=y\nReportGiniClusters=y\n"
    found = scanned(tmp_path, "--prm", parameter_file(tmp_path, text))
    assert found["clusters"]
    assert found["gini_clusters"]
