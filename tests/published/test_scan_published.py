"""The scans against published results: SaTScan's own, on its own sample data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qalqan.science.flashpoints.scan import ScanResult, scan_permutation, scan_poisson
from qalqan.science.flashpoints.zones import circular_zones

LEUKAEMIA = "nydf_circular_poisson_lonlat_as_cartesian_ub50"
FEVER = "satscan_nyc_stperm_prospective_3km_7d"


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    path = shared_data / "flashpoints"
    if not (path / "expected.json").is_file():
        pytest.skip("the folder of published data has no flash-points")
    return path


@pytest.fixture(scope="module")
def expected(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "expected.json").read_text())


@pytest.fixture(scope="module")
def leukaemia(folder: Path) -> ScanResult:
    table = np.genfromtxt(folder / "nydf" / "nydf.csv", delimiter=",", names=True)
    places = np.column_stack([table["longitude"], table["latitude"]])
    zones = circular_zones(places, population=table["population"], max_share=0.5)
    cases = np.floor(table["cases"])
    return scan_poisson(cases, table["population"], zones, seed=20261121, replicates=9999)


def read_fever(folder: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    samples = folder / "satscan_samples"
    rows = [line.split() for line in (samples / "NYCfever.geo").read_text().splitlines() if line]
    ids = [row[0] for row in rows]
    places = np.array([[float(row[1]), float(row[2])] for row in rows])
    cases = np.zeros((len(ids), 24), np.int64)
    for line in (samples / "NYCfever.cas").read_text().splitlines():
        if line.strip():
            area, count, day = line.split()
            cases[ids.index(area), int(day.split("/")[2]) - 1] += int(count)
    return ids, places, cases


@pytest.fixture(scope="module")
def fever(folder: Path) -> tuple[list[str], ScanResult]:
    ids, places, cases = read_fever(folder)
    zones = circular_zones(
        places, population=cases.sum(axis=1), max_share=0.5, max_radius=3, metric="greatcircle"
    )
    return ids, scan_permutation(
        cases, zones, seed=20261121, replicates=9999, prospective=True, max_duration=7
    )


def test_leukaemia_most_likely_cluster(leukaemia: ScanResult, expected: dict[str, Any]) -> None:
    found, wanted = leukaemia.clusters[0], expected[LEUKAEMIA]
    assert found.log_likelihood_ratio == pytest.approx(14.083511, abs=1e-6)
    assert found.log_likelihood_ratio == pytest.approx(wanted["llr"], abs=1e-6)
    assert [area + 1 for area in found.members] == wanted["locids"]
    assert found.observed == wanted["cases"]
    assert found.expected == pytest.approx(wanted["expected"], abs=0.005)
    assert found.relative_risk == pytest.approx(wanted["rr"], abs=0.005)
    assert found.radius == pytest.approx(wanted["radius"], abs=0.0005)
    assert found.p_value <= 0.001
    assert found.recurrence_interval is None
    assert found.relative_risk_low < found.relative_risk < found.relative_risk_high


def test_leukaemia_secondary_clusters(leukaemia: ScanResult, expected: dict[str, Any]) -> None:
    wanted = expected[LEUKAEMIA]["secondary"]
    for found, row in zip(leukaemia.clusters[1:], wanted, strict=False):
        assert found.log_likelihood_ratio == pytest.approx(row["llr"], abs=1e-6)
        assert found.observed == row["cases"]
        assert found.expected == pytest.approx(row["expected"], abs=0.005)
        if "locids" in row:
            assert [area + 1 for area in found.members] == row["locids"]
        else:
            assert len(found.members) == row["n"]
        # SaTScan's p comes from 999 replicates of its own: four standard errors of that.
        error = (row["p"] * (1 - row["p"]) / 999) ** 0.5
        assert found.p_value == pytest.approx(row["p"], abs=4 * error + 0.001)
    assert len(leukaemia.clusters) > len(wanted)


def test_leukaemia_clusters_do_not_overlap(leukaemia: ScanResult) -> None:
    areas = [area for cluster in leukaemia.clusters for area in cluster.members]
    assert len(areas) == len(set(areas))
    ratios = [cluster.log_likelihood_ratio for cluster in leukaemia.clusters]
    assert ratios == sorted(ratios, reverse=True)


@pytest.mark.parametrize("rank", range(4))
def test_fever_clusters(
    fever: tuple[list[str], ScanResult], expected: dict[str, Any], rank: int
) -> None:
    ids, result = fever
    found, wanted = result.clusters[rank], expected[FEVER]["clusters"][rank]
    assert found.log_likelihood_ratio == pytest.approx(float(wanted["llr"]), abs=1e-6)
    assert [ids[area] for area in found.members] == wanted["ids"]
    days = wanted["timeframe"].replace("2001/11/", "").split(" to ")
    assert [found.start + 1, found.end + 1] == [int(day) for day in days]
    assert found.observed == int(wanted["cases"])
    assert found.expected == pytest.approx(float(wanted["expected"]), abs=0.005)
    radius = float(wanted["coord"].split("/ ")[1].removesuffix(" km"))
    assert found.radius == pytest.approx(radius, abs=0.005)
    p = float(wanted["p"])
    assert found.p_value == pytest.approx(p, abs=4 * (p * (1 - p) / 999) ** 0.5 + 0.001)
    assert found.recurrence_interval == pytest.approx(1 / found.p_value)


def test_fever_most_likely_cluster_is_the_published_one(
    fever: tuple[list[str], ScanResult],
) -> None:
    assert fever[1].clusters[0].log_likelihood_ratio == pytest.approx(3.845418, abs=1e-6)


def test_relative_risk_interval_against_published_binomial_limits() -> None:
    """Clopper-Pearson for 10 of 20 is 0.272 to 0.728 in the tables (95 %)."""
    from qalqan.science.flashpoints.scan import relative_risk_interval

    low, high = relative_risk_interval(10, 10.0, 20)
    assert low / (1 + low) == pytest.approx(0.272, abs=0.0005)
    assert high / (1 + high) == pytest.approx(0.728, abs=0.0005)
