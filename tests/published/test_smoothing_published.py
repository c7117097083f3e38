"""Smoothing and local statistics against published values (esda's tests and documentation)."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from qalqan.science.flashpoints.local import getis_ord, local_moran
from qalqan.science.flashpoints.smoothing import global_empirical_bayes, spatial_empirical_bayes
from qalqan.science.flashpoints.weights import SpatialWeights, spatial_weights, weights_from_gal


@pytest.fixture(scope="module")
def homicides(shared_data: Path) -> dict[str, np.ndarray]:
    path = shared_data / "flashpoints" / "stl_hom" / "stl_hom.csv"
    if not path.is_file():
        pytest.skip("the folder of published data has no homicides")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    names = ("HC7984", "PO7984", "HR8893")
    return {name: np.array([float(row[name]) for row in rows]) for name in names}


@pytest.fixture(scope="module")
def contiguity(shared_data: Path) -> SpatialWeights:
    path = shared_data / "flashpoints" / "stl_hom" / "stl.gal"
    if not path.is_file():
        pytest.skip("the folder of published data has no neighbours")
    return weights_from_gal(path.read_text().splitlines())[0]


def test_marshall_on_the_homicides_of_st_louis(homicides, contiguity, shared_data) -> None:
    expected = json.loads((shared_data / "flashpoints" / "expected.json").read_text())
    published = expected["eb_smoothing_stl_hom"]
    cases, people = homicides["HC7984"], homicides["PO7984"]
    ours = global_empirical_bayes(cases, people)[:10]
    np.testing.assert_allclose(ours, published["global_EB_first10"], rtol=3e-8)
    ours = spatial_empirical_bayes(cases, people, contiguity)[:10]
    np.testing.assert_allclose(ours, published["spatial_EB_first10"], rtol=3e-8)


def test_local_moran_adds_up_to_the_published_global_one(homicides, contiguity) -> None:
    found = local_moran(homicides["HR8893"], contiguity.row_standardised(), seed=1)
    assert found.value.sum() / 78 == pytest.approx(0.24365582621771659, abs=1e-12)


def test_getis_ord_on_the_six_points_of_the_documentation() -> None:
    """Points within 15 of each other are neighbours."""
    points = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)])
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    near = [[j for j in range(6) if j != i and apart[i, j] <= 15] for i in range(6)]
    found = getis_ord([2, 3, 3.2, 5, 8, 7], spatial_weights(near), seed=10)
    published = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    np.testing.assert_allclose(found.value, published, atol=1e-8)
