"""Fay-Herriot on the milk data of R's `sae` (You and Chapman 2006), converged."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from qalqan.cli.app import run
from qalqan.science.polls.smallarea import Areas, fay_herriot

# help(mseFH), package sae 1.3, printed: the first four areas by REML.
PRINTED_MSE = (0.013460220, 0.005372876, 0.005701990, 0.008541740)
PRINTED_EBLUP = (1.0219703, 1.0476018, 1.0679513, 0.7608170)
PRINTED_REFVAR = 0.01855022
PRINTED_COEFFICIENTS = (0.9681890, 0.1327801, 0.2269462, -0.2413011)


@pytest.fixture(scope="module")
def milk(shared_data: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    path = shared_data / "polls" / "milk.csv"
    if not path.is_file():
        pytest.skip("the folder of published data has no milk")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    major = np.array([row["MajorArea"] for row in rows])
    columns = [np.ones(len(rows))] + [(major == k).astype(float) for k in "234"]
    direct, sd = (np.array([float(row[name]) for row in rows]) for name in ("yi", "SD"))
    return direct, sd, np.stack(columns, axis=1)


def test_what_the_package_prints_at_its_coarse_tolerance(milk):
    """The package stops at 1e-4; converged figures differ from print in the sixth digit."""
    found = fay_herriot(*milk)
    assert found.refvar == pytest.approx(PRINTED_REFVAR, abs=2e-7)
    assert found.coefficients == pytest.approx(PRINTED_COEFFICIENTS, abs=1e-6)
    assert found.eblup[:4] == pytest.approx(PRINTED_EBLUP, abs=1e-6)
    assert found.mse[:4] == pytest.approx(PRINTED_MSE, abs=1e-7)


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_the_variance_is_where_dense_algebra_finds_the_top(milk, method):
    """The twin writes the likelihood with full matrices and searches for its top."""
    direct, sd, x = milk
    found = fay_herriot(*milk, method=method)

    def lost(refvar: float) -> float:
        cover = np.diag(refvar + sd**2)
        inverse = np.linalg.inv(cover)
        middle = x.T @ inverse @ x
        away = inverse - inverse @ x @ np.linalg.solve(middle, x.T @ inverse)
        value = np.linalg.slogdet(cover)[1] + direct @ away @ direct
        return value + (np.linalg.slogdet(middle)[1] if method == "reml" else 0.0)

    best = minimize_scalar(lost, bounds=(1e-6, 0.2), method="bounded", options={"xatol": 1e-12})
    assert found.refvar == pytest.approx(best.x, rel=1e-6)
    step = 1e-5
    slope = (lost(found.refvar + step) - lost(found.refvar - step)) / (2 * step)
    assert abs(slope) < 1e-4 * abs(lost(found.refvar))


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_predictions_and_errors_follow_the_book(milk, method):
    """Rao and Molina 2015: 6.1.12 for the EBLUP, 6.2.7 and 6.2.8 for its error, dense."""
    direct, sd, x = milk
    found: Areas = fay_herriot(*milk, method=method)
    cover = np.diag(found.refvar + sd**2)
    inverse = np.linalg.inv(cover)
    spread = np.linalg.inv(x.T @ inverse @ x)
    beta = spread @ x.T @ inverse @ direct
    predicted = x @ beta + found.refvar * inverse @ (direct - x @ beta)
    assert found.eblup == pytest.approx(predicted, rel=1e-10)
    gamma = found.refvar / (found.refvar + sd**2)
    first = gamma * sd**2
    second = (1 - gamma) ** 2 * np.diag(x @ spread @ x.T)
    known = 2 / np.trace(inverse @ inverse)
    third = sd**4 * (found.refvar + sd**2) ** -3 * known
    mse = first + second + 2 * third
    if method == "ml":
        bias = -np.trace(spread @ x.T @ inverse @ inverse @ x) / np.trace(inverse @ inverse)
        mse = mse - bias * (1 - gamma) ** 2
    assert found.mse == pytest.approx(mse, rel=1e-9)


def test_the_command_says_the_same(milk, shared_data, capsys):
    path = shared_data / "polls" / "milk.csv"
    with pytest.raises(SystemExit) as stop:
        run(["polls", "smallarea", str(path), "--direct", "yi", "--sd", "SD", "--covariates",
             "factor(MajorArea)", "--area", "SmallArea", "--method", "ml", "--json"])  # fmt: skip
    assert not stop.value.code
    document = json.loads(capsys.readouterr().out)
    found = fay_herriot(*milk, method="ml")
    assert set(document) == {"refvar", "coefficients", "areas"}
    assert document["refvar"] == found.refvar
    assert [row["area"] for row in document["areas"]] == [str(k) for k in range(1, 44)]
    assert [row["mse"] for row in document["areas"]] == found.mse.tolist()
