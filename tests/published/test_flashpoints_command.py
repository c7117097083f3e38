"""``qalqan flashpoints`` on every sample: parameter files alone, and plain options."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.flashpoints.support import run, scanned

LEUKAEMIA = "nydf_circular_poisson_lonlat_as_cartesian_ub50"
FEVER = "satscan_nyc_stperm_prospective_3km_7d"
BERNOULLI = "satscan_nhumberside_bernoulli"

# New York leukaemia as SaTScan 9.3.1 and 9.6 reported it, in the tests of smerc (fb7d17c).
LAT_LONG = [
    (14.780276, "52 50 53 38 49 48 15 39 37 1 16 44 47 40 14 2 51 13 43 45 17 55 11 3 12 46 36 35 "
                "54 10 5", 7.70),
    (8.287056, "88 87 92 86 89 91 93 85 90", 13.01),
    (7.199672, "113 117 116 112 220 118 115 123 124 111 114 125 219 122 126 119", 2.35),
    (4.651839, "62 64 67 65", 5.82),
    (3.773422, "132 138 121 131 139 120", 1.16),
    (3.209485, "166 159 167", 1.01),
]  # fmt: skip
ELLIPSES = {
    1: [(14.772705, 14.474236), (9.860447, 9.296518), (9.347892, 8.095512),
        (6.154083, 4.923266), (4.651839, 4.651839), (5.369233, 4.295386), (3.820132, 3.742950)],
    2: [(14.772705, 14.181797), (9.019716, 9.019716), (8.311580, 7.388071),
        (4.651839, 4.651839), (6.154083, 3.938613), (3.820132, 3.667327), (5.369233, 3.436309)],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    path = shared_data / "flashpoints"
    if not (path / "expected.json").is_file():
        pytest.skip("the folder of published data has no flash-points")
    return path


@pytest.fixture(scope="module")
def expected(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "expected.json").read_text())


def same_clusters(found: dict[str, Any], wanted: list[dict[str, Any]]) -> None:
    """Hold clusters to SaTScan's report."""
    assert len(found["clusters"]) >= len(wanted)
    for ours, theirs in zip(found["clusters"], wanted, strict=False):
        assert ours["ids"] == [str(name) for name in theirs["ids"]]
        assert ours["llr"] == pytest.approx(float(theirs["llr"]), abs=1e-6)
        assert ours["observed"] == int(theirs["cases"])
        assert ours["expected"] == pytest.approx(float(theirs["expected"]), abs=0.005)
        if theirs["timeframe"]:
            span = f"{ours['start']} to {ours['end']}".replace("-", "/")
            assert span == theirs["timeframe"]
        else:
            assert ours["start"] is None
            assert ours["end"] is None
        radius = float(theirs["coord"].split("/ ")[1].removesuffix(" km"))
        assert ours["radius"] == pytest.approx(radius, abs=0.005)


def test_fever_by_its_parameter_file(folder: Path, expected: dict, tmp_path: Path) -> None:
    found = scanned(tmp_path, "--prm", folder / "satscan_samples" / "NYCSpaceTimePermutation.prm")
    same_clusters(found, expected[FEVER]["clusters"])
    assert found["replicates"] == 999
    assert found["clusters"][0]["recurrence_interval"] == pytest.approx(
        1 / found["clusters"][0]["p"]
    )


def test_fever_by_options(folder: Path, expected: dict, tmp_path: Path) -> None:
    samples = folder / "satscan_samples"
    found = scanned(
        tmp_path, "--cases", samples / "NYCfever.cas", "--coordinates", samples / "NYCfever.geo",
        "--model", "permutation", "--time", "prospective", "--max-radius", 3, "--max-duration", 7,
        "--start", "2001/11/1", "--end", "2001/11/24", "--replicates", 99,
    )  # fmt: skip
    same_clusters(found, expected[FEVER]["clusters"])


def test_humberside_by_its_parameter_file(folder: Path, expected: dict, tmp_path: Path) -> None:
    path = folder / "satscan_samples" / "NHumbersideSpatialBernoulli.prm"
    same_clusters(scanned(tmp_path, "--prm", path), expected[BERNOULLI]["clusters"])


def test_humberside_by_options(folder: Path, expected: dict, tmp_path: Path) -> None:
    samples = folder / "satscan_samples"
    found = scanned(
        tmp_path, "--cases", samples / "NHumberside.cas", "--controls",
        samples / "NHumberside.ctl", "--coordinates", samples / "NHumberside.geo", "--model",
        "bernoulli", "--replicates", 99,
    )  # fmt: skip
    same_clusters(found, expected[BERNOULLI]["clusters"])


def test_new_mexico_by_its_parameter_file_and_by_options(folder: Path, tmp_path: Path) -> None:
    """Held to the scan of arrays read another way; no report of SaTScan is at hand."""
    from tests.published.satscan_files import new_mexico

    from qalqan.science.flashpoints.scan import ScanOptions, scan

    samples = folder / "satscan_samples"
    one = scanned(tmp_path, "--prm", samples / "NewMexicoSpaceTimePoisson.prm")
    two = scanned(
        tmp_path, "--cases", samples / "nm.cas", "--population", samples / "nm.pop",
        "--coordinates", samples / "nm.geo", "--time", "retrospective",
    )  # fmt: skip
    assert one["clusters"] == two["clusters"]
    plain = scan(
        new_mexico(samples), ScanOptions(time="retrospective", metric="greatcircle")
    ).clusters
    assert one["cases"] == 1175
    assert len(one["clusters"]) >= 4
    for ours, theirs in zip(one["clusters"], plain, strict=False):
        assert ours["ids"] == list(theirs.ids)
        assert ours["p"] == theirs.p_value
        assert ours["llr"] == pytest.approx(theirs.log_likelihood_ratio, abs=1e-9)
        assert ours["start"] == theirs.first_day.isoformat()


def leukaemia_by_options(folder: Path, how: str) -> list[object]:
    nydf = folder / "nydf"
    if how == "one table":
        files = [nydf / "nydf.csv"] * 3
    elif how == "two tables":
        data = nydf / "NYleukemia_SpatialEpi_data.csv"
        files = [data, data, nydf / "NYleukemia_SpatialEpi_geo.csv"]
    else:
        files = [nydf / f"satscan_ny_{part}.txt" for part in ("cases", "pop", "coords")]
    return [
        "--cases", files[0], "--population", files[1], "--coordinates", files[2], "--fractions",
        "down", "--metric", "plane", "--replicates", 99,
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["one table", "two tables", "SaTScan's files"])
def test_leukaemia_by_options(folder: Path, expected: dict, tmp_path: Path, how: str) -> None:
    found, wanted = scanned(tmp_path, *leukaemia_by_options(folder, how)), expected[LEUKAEMIA]
    best = found["clusters"][0]
    assert best["llr"] == pytest.approx(wanted["llr"], abs=1e-6)
    assert best["radius"] == pytest.approx(wanted["radius"], abs=0.0005)
    assert len(best["ids"]) == len(wanted["locids"])
    if how != "two tables":
        assert best["ids"] == [str(name) for name in wanted["locids"]]
    for ours, theirs in zip(found["clusters"][1:], wanted["secondary"], strict=False):
        assert ours["llr"] == pytest.approx(theirs["llr"], abs=1e-6)
        assert ours["observed"] == theirs["cases"]
        if "locids" in theirs and how != "two tables":
            assert ours["ids"] == [str(name) for name in theirs["locids"]]


def leukaemia_prm(folder: Path, tmp_path: Path, coordinates: int, extra: str) -> Path:
    """Write a parameter file of SaTScan 9 for the data of New York."""
    nydf, path = folder / "nydf", tmp_path / "ny.prm"
    path.write_text(
        f"[Input]\nCaseFile={nydf / 'satscan_ny_cases.txt'}\nPrecisionCaseTimes=1\n"
        f"StartDate=2000/1/1\nEndDate=2000/12/31\nPopulationFile={nydf / 'satscan_ny_pop.txt'}\n"
        f"CoordinatesFile={nydf / 'satscan_ny_coords.txt'}\nCoordinatesType={coordinates}\n"
        f"[Analysis]\nAnalysisType=1\nModelType=0\nScanAreas=1\n[Inference]\nMonteCarloReps=99\n"
        f"[Spatial Window]\n{extra}"
    )
    return path


def test_leukaemia_by_a_parameter_file_on_the_sphere(folder: Path, tmp_path: Path) -> None:
    found = scanned(tmp_path, "--prm", leukaemia_prm(folder, tmp_path, 1, ""))
    for ours, (llr, ids, radius) in zip(found["clusters"], LAT_LONG, strict=False):
        assert ours["llr"] == pytest.approx(llr, abs=1e-6)
        assert ours["ids"] == ids.split()
        assert ours["radius"] == pytest.approx(radius, abs=0.005)


@pytest.mark.parametrize("penalty", [1, 2])
def test_leukaemia_by_a_parameter_file_with_ellipses(
    folder: Path, tmp_path: Path, penalty: int
) -> None:
    extra = (
        f"MaxSpatialSizeInPopulationAtRisk=10\nSpatialWindowShapeType=1\n"
        f"NonCompactnessPenalty={penalty}\n[Elliptic Scan]\nEllipseShapes=1.5,2,3,4,5\n"
        f"EllipseAngles=4,6,9,12,15\n"
    )
    path = leukaemia_prm(folder, tmp_path, 0, extra)
    found = scanned(tmp_path, "--prm", path, "--replicates", 9)
    for ours, (llr, tested) in zip(found["clusters"], ELLIPSES[penalty], strict=False):
        assert ours["llr"] == pytest.approx(llr, abs=1e-6)
        assert ours["test_statistic"] == pytest.approx(tested, abs=1e-6)


def test_the_northeast_by_circles_and_by_neighbours(folder: Path, tmp_path: Path) -> None:
    table = folder / "neast" / "neast.csv"
    files = ["--cases", table, "--population", table, "--coordinates", table, "--replicates", 19]
    circles = scanned(tmp_path, *files)
    edges = folder / "neast" / "neastw_edges_1based.csv"
    chains = scanned(
        tmp_path, *files, "--zones", "adjacency", "--neighbours", edges, "--max-areas", 6
    )
    assert circles["cases"] == chains["cases"] == 58943
    for found in (circles, chains):
        best = found["clusters"][0]
        total, inside, expected = 58943, best["observed"], best["expected"]
        from math import log

        outside = total - inside
        llr = inside * log(inside / expected) + outside * log(outside / (total - expected))
        assert best["llr"] == pytest.approx(llr, abs=1e-6)
    assert chains["clusters"][0]["llr"] > circles["clusters"][0]["llr"] - 1e-9


def test_homicides_are_scanned_at_the_middle_of_their_counties(
    folder: Path, tmp_path: Path
) -> None:
    table = folder / "stl_hom" / "stl_hom.csv"
    found = scanned(
        tmp_path, "--cases", table, "--population", table, "--coordinates", table,
        "--cases-column", "HC8893", "--population-column", "PO8893", "--replicates", 19,
    )  # fmt: skip
    # St Louis city (29510) alone has by far the highest rate of the 78.
    assert "29510" in found["clusters"][0]["ids"]
    assert found["clusters"][0]["p"] == 0.05


def test_smoothing_equals_esda(folder: Path, expected: dict, tmp_path: Path) -> None:
    table, out = folder / "stl_hom" / "stl_hom.csv", tmp_path / "rates.json"
    run(
        "smooth", "--cases", table, "--population", table, "--cases-column", "HC7984",
        "--population-column", "PO7984", "--neighbours", folder / "stl_hom" / "stl.gal",
        "--json", out,
    )  # fmt: skip
    areas, published = json.loads(out.read_text())["areas"], expected["eb_smoothing_stl_hom"]
    for field, key in (("global_eb", "global_EB_first10"), ("spatial_eb", "spatial_EB_first10")):
        ours = [area[field] for area in areas[:10]]
        assert ours == pytest.approx(published[key], rel=3e-8)


def test_hawkes_equals_the_published_fit(folder: Path, expected: dict, tmp_path: Path) -> None:
    out, wanted = tmp_path / "fit.json", expected["hawkes_exp_univariate_100800"]
    times = folder / "synthetic" / "hawkes100k.npy"
    run("hawkes", "--events", times, "--end", 80000, "--json", out)
    found = json.loads(out.read_text())
    assert found["log_likelihood"] == pytest.approx(wanted["loglik"], abs=1e-4)
    for name, tolerance in (("mu", 1e-5), ("alpha", 1e-5), ("beta", 1e-4)):
        assert found["parameters"][name]["value"] == pytest.approx(wanted[name], abs=tolerance)
