"""The scans against published results: SaTScan's own, on its own sample data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.published.satscan_files import fever as fever_data
from tests.published.satscan_files import humberside, new_mexico

from qalqan.science.flashpoints.scan import (
    ScanOptions,
    ScanResult,
    scan,
    scan_permutation,
    scan_poisson,
)
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


def test_humberside_clusters_equal_satscan(folder: Path, expected: dict[str, Any]) -> None:
    """Bernoulli: all six clusters, in SaTScan's order, though two and two are equally likely."""
    result = scan(
        humberside(folder / "satscan_samples"), ScanOptions(model="bernoulli", replicates=9999)
    )
    for found, wanted in zip(
        result.clusters, expected["satscan_nhumberside_bernoulli"]["clusters"], strict=False
    ):
        assert found.log_likelihood_ratio == pytest.approx(float(wanted["llr"]), abs=1e-6)
        assert list(found.ids) == wanted["ids"]
        assert found.observed == int(wanted["cases"])
        assert found.expected == pytest.approx(float(wanted["expected"]), abs=0.005)
        assert found.relative_risk == pytest.approx(float(wanted["rr"]), abs=0.005)
        assert found.radius == pytest.approx(float(wanted["coord"].split("/ ")[1]), abs=0.005)
        p = float(wanted["p"])
        assert found.p_value == pytest.approx(p, abs=4 * (p * (1 - p) / 999) ** 0.5 + 0.001)
    assert len(result.clusters) >= 6


def test_fever_through_the_one_function_equals_satscan(
    folder: Path, expected: dict[str, Any]
) -> None:
    options = ScanOptions(
        model="permutation", time="prospective", metric="greatcircle", max_radius=3,
        max_duration=7,
    )  # fmt: skip
    result = scan(fever_data(folder / "satscan_samples"), options)
    for found, wanted in zip(result.clusters, expected[FEVER]["clusters"], strict=False):
        assert found.log_likelihood_ratio == pytest.approx(float(wanted["llr"]), abs=1e-6)
        assert list(found.ids) == wanted["ids"]
        first, last = wanted["timeframe"].split(" to ")
        assert f"{found.first_day:%Y/%m/%d}" == first
        assert f"{found.last_day:%Y/%m/%d}" == last
        radius = float(wanted["coord"].split("/ ")[1].removesuffix(" km"))
        assert found.radius == pytest.approx(radius, abs=0.005)


def test_new_mexico_is_standardised_day_by_day(folder: Path) -> None:
    """The expectation of SaTScan's guide: straight lines between censuses, one rate a stratum."""
    data = new_mexico(folder / "satscan_samples")
    options = ScanOptions(time="retrospective", metric="greatcircle", replicates=199)
    best = scan(data, options).clusters[0]
    stream = data.streams[0]
    cases, people = np.asarray(stream.cases), np.asarray(stream.population)
    census = [day.toordinal() for day in stream.population_days]
    first, last = (data.boundaries[i].toordinal() for i in (0, -1))
    # The population of a day at its middle; a day's error there is second order and cancels.
    days = np.arange(first, last) + 0.5
    shares = np.stack([np.interp(days, census, row) for row in np.eye(3)])
    rates = cases.sum(axis=(0, 1)) / np.einsum("dt,nds->s", shares, people)
    window = slice(data.boundaries[best.start].toordinal() - first,
                   data.boundaries[best.end + 1].toordinal() - first)  # fmt: skip
    inside = np.einsum("dt,nds,s->", shares[:, window], people[list(best.members)], rates)
    assert cases.sum() == 1175
    assert best.expected == pytest.approx(inside, rel=1e-6)
    assert best.observed == cases[list(best.members), best.start : best.end + 1].sum()
    assert best.end - best.start + 1 <= 9


def test_expectation_based_poisson_equals_scanstatistics(expected: dict[str, Any]) -> None:
    """Its unit test: ln 2 - 1/2 for one of 0.5 expected, 0 where 0 of 2 or 1 of 2.5."""
    from qalqan.science.flashpoints.models import expectation_counted
    from qalqan.science.flashpoints.scan import ScanData, Stream

    case = expected["scanstatistics_ebp_unit_1"]
    counts, means = np.array(case["counts"]).T, np.array(case["baselines"]).T
    data = ScanData(["1", "2"], [[0, 0], [1, 0]], (Stream(counts, expected=means),))
    result = scan(data, ScanOptions(model="ebpoisson", max_share=1, min_cases=1, replicates=0))
    assert [cluster.ids for cluster in result.clusters] == [("1",)]
    score = float(case["score"][0].split("= ")[1])
    assert result.clusters[0].log_likelihood_ratio == pytest.approx(score, abs=1e-12)
    assert result.clusters[0].relative_risk == case["relrisk"][0]
    assert expectation_counted(counts, means, 2).expected.sum() == 2.5
