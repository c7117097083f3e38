"""Polls against R's survey package, on the California schools: every figure to 1e-8 of itself.

`survey_values.csv` was written by R 4.2.2 with survey 4.1-1 from `survey_values.R`; the SRS and
stratified figures also stand, computed apart, in the folder of published data.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from qalqan.cli.app import run
from qalqan.science.polls.association import compare, rao_scott
from qalqan.science.polls.design import Design, design
from qalqan.science.polls.estimate import mean
from qalqan.science.polls.intervals import share_interval
from qalqan.science.polls.quantiles import quantiles

TOTALS = {
    "types": "stype,E,4421\nstype,H,755\nstype,M,1018\n",
    "wide": "sch.wide,No,1072\nsch.wide,Yes,5122\n",
    "both": "stype,E,4421\nstype,H,755\nstype,M,1018\nsch.wide,No,1072\nsch.wide,Yes,5122\n",
    "sums": "(Intercept),,6194\nstype,H,755\nstype,M,1018\napi99,,3914069\n",
}
EXACT = 1e-8


def _wanted() -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    with Path(__file__).with_name("survey_values.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            value = float("nan") if row["value"] == "NA" else float(row["value"])
            found[row["arguments"]][row["group"]][row["field"]] = value
    return found


WANTED = _wanted()


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    path = shared_data / "polls"
    if not (path / "apiclus1.csv").is_file():
        pytest.skip("the folder of published data has no schools")
    return path


def _estimates(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str):
    arguments = text.split()
    for name, rows in TOTALS.items():
        if f"{{{name}}}" in arguments:
            (tmp_path / f"{name}.csv").write_text(f"variable,level,total\n{rows}")
            arguments[arguments.index(f"{{{name}}}")] = str(tmp_path / f"{name}.csv")
    with pytest.raises(SystemExit) as stop:
        run(["polls", "estimate", str(folder / arguments[0]), *arguments[1:], "--json"])
    assert not stop.value.code
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("arguments", sorted(WANTED))
def test_figures_are_those_of_r(arguments, folder, tmp_path, capsys):
    document = _estimates(folder, tmp_path, capsys, arguments)
    assert set(document) == {"estimates", "design", "method"}
    rows = {row["group"] or "": row for row in document["estimates"]}
    assert set(rows) == set(WANTED[arguments])
    for group, fields in WANTED[arguments].items():
        row = rows[group]
        assert set(row) == {"group", "estimate", "se", "ci", "deff", "n", "df"}
        held = row | {"low": row["ci"][0], "high": row["ci"][1]}
        for field, value in fields.items():
            if np.isnan(value):
                assert held[field] is None, (group, field)
            else:
                assert held[field] == pytest.approx(value, rel=EXACT, abs=1e-12), (group, field)


def test_the_figures_of_the_published_folder(folder):
    with (folder / "expected.csv").open(newline="") as file:
        rows = {(row["id"], row["name"]): row for row in csv.DictReader(file)}
    srs, strat = _columns(folder, "apisrs"), _columns(folder, "apistrat")
    simple = design(srs["pw"], fpc=[srs["fpc"]])
    strata = _codes(strat["stype"])
    layered = design(strat["pw"], strata=strata, fpc=[strat["fpc"]])
    found = mean(layered, strat["api00"])
    anchors = [
        (mean(simple, srs["api00"]), 0, ("srs_mean_api00", "api00")),
        (found, 0, ("strat_mean_api00", "api00")),
        *(
            (mean(layered, strat["api00"], by=strata), place, ("strat_by_stype", name))
            for place, name in enumerate("EHM")
        ),
    ]
    for held, place, key in anchors:
        assert held.value[place] == pytest.approx(float(rows[key]["estimate"]), rel=EXACT)
        assert held.se[place] == pytest.approx(float(rows[key]["se"]), rel=EXACT)
    deff = float(rows["strat_deff", "api00"]["extra"])
    assert found.deff[0] == pytest.approx(deff, rel=EXACT)


def test_figures_printed_in_the_package_s_own_help(folder, tmp_path, capsys):
    """help(svydesign), help(rake) and help(calibrate) print these, to as many digits."""
    printed = {
        "--mean api00": (644.17, 23.542, 2, 3),
        "--total enroll": (3404940, 932235, 0, 0),
        "--poststratify {types} --total enroll": (3680893, 406293, 0, 0),
    }
    for text, (value, se, digits, se_digits) in printed.items():
        line = f"apiclus1.csv --cluster dnum --weight pw --fpc fpc {text}"
        row = _estimates(folder, tmp_path, capsys, line)["estimates"][0]
        assert round(row["estimate"], digits) == value
        assert round(row["se"], se_digits) == se


def _columns(folder: Path, name: str) -> dict[str, np.ndarray]:
    with (folder / f"{name}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, np.ndarray] = {}
    for column in rows[0]:
        texts = [row[column] for row in rows]
        try:
            found[column] = np.array([np.nan if t == "NA" else float(t) for t in texts])
        except ValueError:
            found[column] = np.array(texts)
    return found


def _codes(column: np.ndarray) -> np.ndarray:
    return np.unique(column, return_inverse=True)[1]


@pytest.fixture(scope="module")
def clusters(folder: Path) -> tuple[Design, dict[str, np.ndarray]]:
    data = _columns(folder, "apiclus1")
    return design(data["pw"], clusters=[data["dnum"]], fpc=[data["fpc"]]), data


def test_rao_scott_tests(clusters, folder):
    """svychisq(~sch.wide + stype, dclus1) and its first-order form; a large sparse table."""
    drawn, data = clusters
    table = (_codes(data["sch.wide"]), _codes(data["stype"]))
    found = rao_scott(drawn, *table)
    assert found.statistic == pytest.approx(5.19336954147487706, rel=EXACT)
    assert found.df == pytest.approx((1.49463977770745537, 20.92495688790437569), rel=EXACT)
    assert found.p == pytest.approx(0.02174746237079692, rel=EXACT)
    first = rao_scott(drawn, *table, statistic="chisq")
    assert first.statistic == pytest.approx(11.940892080745339143, rel=EXACT)
    assert first.p == pytest.approx(0.005553263303113219, rel=EXACT)
    strat = _columns(folder, "apistrat")
    layered = design(strat["pw"], strata=_codes(strat["stype"]), fpc=[strat["fpc"]])
    sparse = rao_scott(layered, _codes(strat["awards"]), _codes(strat["cname"]))
    assert sparse.statistic == pytest.approx(1.577697243427935, rel=EXACT)
    assert sparse.p == pytest.approx(1.763859274271701e-02, rel=EXACT)


def test_the_command_tests_as_r_does(folder, capsys):
    with pytest.raises(SystemExit) as stop:
        run(["polls", "test", str(folder / "apiclus1.csv"), "--cluster", "dnum", "--weight", "pw",
             "--fpc", "fpc", "--rows", "sch.wide", "--columns", "stype", "--json"])  # fmt: skip
    assert not stop.value.code
    found = json.loads(capsys.readouterr().out)
    assert found["statistic"] == pytest.approx(5.19336954147487706, rel=EXACT)
    assert found["df"] == pytest.approx([1.49463977770745537, 20.92495688790437569], rel=EXACT)
    assert found["p"] == pytest.approx(0.02174746237079692, rel=EXACT)
    assert (found["rows"], found["columns"]) == (["No", "Yes"], ["E", "H", "M"])


def test_a_difference_of_two_groups(clusters):
    """svyttest(api00 ~ comp.imp, dclus1)."""
    drawn, data = clusters
    found = compare(drawn, data["api00"], _codes(data["comp.imp"]))
    assert found.value == pytest.approx(15.5060150375939738, rel=EXACT)
    assert found.t == pytest.approx(0.9250672429972825, rel=EXACT)
    assert found.df == 13
    assert found.p == pytest.approx(0.3717847946381034, rel=EXACT)


def test_quantiles_with_woodruff_s_intervals(clusters):
    """svyquantile(~api00, dclus1, c(.25, .5, .75), ci = TRUE)."""
    drawn, data = clusters
    found = quantiles(drawn, data["api00"], [0.25, 0.5, 0.75])
    assert found.value.tolist() == [552, 652, 719]
    assert found.low.tolist() == [492, 561, 696]
    assert found.high.tolist() == [627, 714, 777]
    assert found.se[0] == pytest.approx(31.47166120539949, rel=EXACT)


def test_the_likelihood_interval_is_near_r_s(clusters):
    """R interpolates its profile by a spline of a dozen points; ours is solved, so 1e-4 apart."""
    from qalqan.science.polls.estimate import proportion

    drawn, data = clusters
    held = proportion(drawn, (data["comp.imp"] == "Yes").astype(float))
    low, high = share_interval(held, "likelihood")
    assert low[0] == pytest.approx(0.6586422503191574, abs=1e-5)
    assert high[0] == pytest.approx(0.7884770357330516, abs=1e-5)
