"""Reproduction numbers against those that EpiEstim 3.0.0 prints for influenza in a school, 2009."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qalqan.science.spread.ancestry import wallinga_teunis
from qalqan.science.spread.interval import discretise
from qalqan.science.spread.reproduction import estimate

# Snapshot "Example 2" of EpiEstim: discretised serial interval of mean 2.6 and deviation 1.5,
# 27 steps with imported cases, windows of a week.
SERIAL = {
    1: 2.331721e-01, 2: 3.585794e-01, 3: 1.981108e-01, 4: 1.033427e-01, 5: 5.290518e-02,
    10: 1.694674e-03, 15: 5.148480e-05, 20: 1.534394e-06, 26: 2.235952e-08,
}  # fmt: skip
ALL = [1, 3, 1, 1, 3, 4, 1, 1, 0, 1, *[0] * 16, 1]
IMPORTED = [1, 1, 1, 1, 2, 2, 1, 0, 0, 1, *[0] * 17]
MEANS = [
    0.6413590, 0.3999222, 0.3956574, 0.4170468, 0.3515432, 0.1976371, 0.2561099, 0.1854957,
    0.2764736, 0.4085199, 0.6246688, 1.0775772, 1.7523399, 2.5831197, 3.4013907, 4.0476611,
    4.4742953, 4.7233814, 4.8583931, 9.8571825,
]  # fmt: skip
# Snapshot of wallinga_teunis, example 1.
COHORT = [
    1.53469283, 1.45645324, 1.49659674, 1.51124423, 1.57067283, 1.46870723, 1.35093393, 1.2336289,
    1.11269105, 0.99805824, 0.89598538, 0.77478512, 0.6519836, 0.56694111, 0.4935998, 0.44405753,
    0.41514512, 0.37801074, 0.35816826, 0.43534608, 0.58003403, 0.78957957, 0.78957957, 0.4717477,
    0.4717477,
]  # fmt: skip
COHORT_SD = [0.14111643, 0.12551463, 0.11762242, 0.11674792, 0.08396713, 0.06676998, 0.07022297]


def series(shared_data: Path, name: str) -> dict[str, Any]:
    path = shared_data / "spread" / f"{name}.json"
    if not path.is_file():
        pytest.skip("the folder of published data has no epidemics")
    return json.loads(path.read_text())


def test_influenza_in_a_school_equals_epiestim(shared_data):
    flu, expected = series(shared_data, "Flu2009"), series(shared_data, "expected_flu2009")
    names = {
        "Quantile.0.025(R)": 0.025, "Quantile.0.05(R)": 0.05, "Quantile.0.25(R)": 0.25,
        "Median(R)": 0.5, "Quantile.0.75(R)": 0.75, "Quantile.0.95(R)": 0.95,
        "Quantile.0.975(R)": 0.975,
    }  # fmt: skip
    found = estimate(flu["incidence"], flu["si_distr"], levels=tuple(names.values()))
    rows = expected["windows"]
    assert found.start.tolist() == [row["t_start"] for row in rows]
    assert found.end.tolist() == [row["t_end"] for row in rows]
    for column, values in [("Mean(R)", found.mean[0]), ("Std(R)", found.sd[0])]:
        np.testing.assert_allclose(values, [row[column] for row in rows], atol=1e-6)
    for k, column in enumerate(names):
        wanted = [row[column] for row in rows]
        np.testing.assert_allclose(found.quantiles[k, 0], wanted, atol=1e-6)


def test_the_discretised_interval_is_that_of_epiestim():
    weights = discretise(27, 2.6, 1.5)
    for lag, probability in SERIAL.items():
        assert weights[lag] == pytest.approx(probability, rel=1e-6)


def test_imported_cases_count_as_in_epiestim():
    found = estimate(ALL, discretise(27, 2.6, 1.5), imported=IMPORTED)
    np.testing.assert_allclose(found.mean[0], MEANS, atol=1e-6)
    # Snapshot, windows 1, 8 and 20.
    sds = [0.2424109, 0.1854957, 6.9700806]
    np.testing.assert_allclose(found.sd[0, [0, 7, 19]], sds, atol=1e-6)
    medians = [0.6110903, 0.1285758, 8.2718863]
    np.testing.assert_allclose(found.quantiles[1, 0, [0, 7, 19]], medians, atol=1e-6)


def test_cohort_numbers_equal_epiestim(shared_data):
    flu = series(shared_data, "Flu2009")
    found = wallinga_teunis(flu["incidence"], flu["si_distr"])
    np.testing.assert_allclose(found.mean, COHORT, atol=1e-8)
    # EpiEstim's deviations come from 100 drawn trees: equal within their own error.
    np.testing.assert_allclose(found.sd[: len(COHORT_SD)], COHORT_SD, rtol=0.25)


def test_windows_that_end_within_the_mean_interval_have_no_estimate(shared_data):
    for name, first in [("Measles1861", 15), ("SARS2003", 9), ("Smallpox1972", 23)]:
        data = series(shared_data, name)
        found = estimate(data["incidence"], data["si_distr"])
        known = np.isfinite(found.mean[0])
        assert found.end[known].min() == first
        assert known[found.end >= first].all()
