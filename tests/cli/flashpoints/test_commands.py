"""The commands as a person runs them: results, tables, stopping, the same numbers again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from tests.cli.flashpoints.support import basic, run, scanned
from tests.support.ctrl_c import press_ctrl_c

from qalqan.errors import InputError
from qalqan.science.flashpoints.nearrepeat import knox
from qalqan.science.flashpoints.scan import ScanData, ScanOptions, Stream, scan
from qalqan.science.flashpoints.selfexciting.exponential import (
    fit_exponential,
    simulate_exponential,
)

FIRST = [
    "ids", "center", "radius", "start", "end", "observed", "expected", "relative_risk", "llr", "p",
    "recurrence_interval",
]  # fmt: skip


def test_the_result_has_the_promised_fields_in_their_order(tmp_path: Path) -> None:
    found = scanned(tmp_path, *basic(tmp_path))
    assert list(found)[:4] == ["clusters", "replicates", "seed", "method"]
    assert list(found["clusters"][0])[:11] == FIRST
    best = found["clusters"][0]
    assert (best["ids"], best["center"], best["radius"]) == (["a", "b"], [0.0, 0.0], 1.0)
    assert (best["observed"], best["start"], best["recurrence_interval"]) == (17, None, None)


def test_workers_and_repetition_change_nothing(tmp_path: Path) -> None:
    one = scanned(tmp_path, *basic(tmp_path))
    two = scanned(tmp_path, *basic(tmp_path), "--workers", 2)
    assert one == two


def test_no_replicates_give_no_p(tmp_path: Path) -> None:
    found = scanned(tmp_path, *basic(tmp_path), "--replicates", 0)
    assert {cluster["p"] for cluster in found["clusters"]} == {None}


def test_csv_json_and_table_say_the_same(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    found = scanned(tmp_path, *basic(tmp_path), "--csv", out)
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["ids"].split() for row in rows] == [one["ids"] for one in found["clusters"]]
    assert [float(row["llr"]) for row in rows] == [one["llr"] for one in found["clusters"]]
    shown = run("scan", *basic(tmp_path)).stdout
    assert "5.4088" in shown
    assert json.loads(run("scan", *basic(tmp_path), "--json", "-").stdout) == found


@pytest.mark.parametrize("direction", ["high", "low", "both"])
def test_directions_reach_the_engine(tmp_path: Path, direction: str) -> None:
    found = scanned(tmp_path, *basic(tmp_path), "--direction", direction)
    wanted = scan(
        ScanData(list("abcd"), [[0, 0], [1, 0], [5, 0], [6, 0]],
                 (Stream([9, 8, 1, 2], population=[10] * 4),)),
        ScanOptions(direction=direction, replicates=99),
    )  # fmt: skip
    assert [tuple(one["ids"]) for one in found["clusters"]] == [
        one.ids for one in wanted.clusters if one.test_statistic >= 0.001
    ]


def test_expected_cases_need_a_value_for_every_area_and_period(tmp_path: Path) -> None:
    arguments = [*basic(tmp_path, x_pop="a 9\nb 5\nc 2\nd 2\n"), "--model", "ebpoisson"]
    best = scanned(tmp_path, *arguments)["clusters"][0]
    assert (best["ids"], best["expected"]) == (["b"], 5.0)
    assert best["llr"] == pytest.approx(8 * np.log(8 / 5) + 5 - 8, abs=1e-9)
    with pytest.raises(InputError, match="needs --size"):
        run("scan", *arguments[:-1], "negbin")
    with pytest.raises(InputError, match="nothing is expected of 'd'"):
        run("scan", *basic(tmp_path, x_pop="a 9\nb 5\nc 2\n"), "--model", "ebpoisson")


def test_covariates_by_name_are_adjusted_for(tmp_path: Path) -> None:
    people, cases = tmp_path / "p.csv", tmp_path / "c.csv"
    people.write_text("id,age,population\na,y,100\na,o,100\nb,y,100\nc,y,100\nd,y,100\nd,o,100\n")
    cases.write_text("id,age,cases\na,y,2\na,o,5\nb,y,1\nd,y,1\nd,o,1\n")
    arguments = basic(tmp_path)
    arguments[1], arguments[3] = cases, people
    best = scanned(tmp_path, *arguments, "--covariate", "age")["clusters"][0]
    # One in a hundred of the young, three of the old: a expects 4, b expects 1.
    assert (best["ids"], round(best["expected"], 9)) == (["a", "b"], 5.0)
    crude = scanned(tmp_path, *arguments)["clusters"][0]
    assert crude["ids"] == ["a"]
    assert crude["expected"] == pytest.approx(10 * 200 / 600)


def test_ctrl_c_leaves_nothing_half_written(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    code, said = press_ctrl_c(
        ["flashpoints", "scan", *map(str, basic(tmp_path)), "--replicates", "900000000",
         "--json", str(folder / "out.json")]
    )  # fmt: skip
    assert code == 130, said
    assert said.rstrip().endswith("Stopped; nothing was written.")
    assert "Traceback" not in said
    assert list(folder.iterdir()) == []


def test_a_result_that_cannot_be_renamed_leaves_nothing(tmp_path: Path, monkeypatch) -> None:
    from qalqan.cli.flashpoints import files

    def stopped(source: object, target: object) -> None:
        raise KeyboardInterrupt

    target = tmp_path / "out.json"
    target.write_text("before")
    monkeypatch.setattr(files.os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        files.write_json(target, {"a": 1})
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]
    assert target.read_text() == "before"


def test_hawkes_from_numbers_equals_the_library(tmp_path: Path) -> None:
    times = simulate_exponential(0.5, 0.5, 2.0, 400.0, rng=np.random.default_rng(3))
    path, out = tmp_path / "times.csv", tmp_path / "fit.json"
    path.write_text("time\n" + "\n".join(map(repr, times.tolist())) + "\n")
    run("hawkes", "--events", path, "--end", "400", "--json", out)
    found, fit = json.loads(out.read_text()), fit_exponential(times, 400.0)
    assert found["log_likelihood"] == pytest.approx(fit.log_likelihood, abs=1e-9)
    assert found["parameters"]["alpha"]["standard_error"] == pytest.approx(fit.standard_errors[1])
    assert f"{fit.log_likelihood:.6f}" in run("hawkes", "--events", path, "--end", "400").stdout


def events(tmp_path: Path, n: int = 300) -> tuple[Path, np.ndarray, np.ndarray]:
    """Write events of which each third follows its forerunner in space and time."""
    rng = np.random.default_rng(5)
    times, places = rng.integers(0, 300, n), rng.uniform(0, 20, (n, 2))
    times[2::3] = times[1::3] + 1
    places[2::3] = places[1::3] + rng.normal(0, 0.05, places[2::3].shape)
    path = tmp_path / "events.csv"
    rows = [f"{t},{x!r},{y!r}" for t, (x, y) in zip(times, places.tolist(), strict=True)]
    path.write_text("time,x,y\n" + "\n".join(rows) + "\n")
    return path, times, places


def test_knox_from_a_file_equals_the_library(tmp_path: Path) -> None:
    path, times, places = events(tmp_path)
    out = tmp_path / "knox.json"
    run("knox", "--events", path, "--distances", "0.5,1", "--periods", "2,7", "--permutations",
        "99", "--seed", "3", "--json", out)  # fmt: skip
    order = np.argsort(times, kind="stable")
    plain = knox(times[order] * 1.0, places[order], distances=[0.5, 1], periods=[2, 7], seed=3,
                 permutations=99)  # fmt: skip
    cells = json.loads(out.read_text())["cells"]
    assert [cell["observed"] for cell in cells] == plain.observed.ravel().tolist()
    assert [cell["p"] for cell in cells] == plain.p_value.ravel().tolist()
    assert cells[0]["p"] == 0.01


def test_hawkes_in_space_comes_with_its_band(tmp_path: Path) -> None:
    path, _, _ = events(tmp_path)
    out = tmp_path / "band.json"
    run("hawkes", "--events", path, "--space", "--max-lag", "20", "--max-distance", "2",
        "--bandwidths", "2,4", "--json", out)  # fmt: skip
    found = json.loads(out.read_text())
    assert found["band"][0] <= found["branching_ratio"] <= found["band"][1]
    assert len(found["by_bandwidth"]) == 2


def test_backtest_says_no_gain_on_events_without_pattern(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    path, out = tmp_path / "events.csv", tmp_path / "score.json"
    rows = [f"2020-{m:02}-{d:02},{x:.4f},{y:.4f}" for m, d, x, y in zip(
        rng.integers(1, 13, 900), rng.integers(1, 29, 900), rng.uniform(0, 4, 900),
        rng.uniform(0, 4, 900), strict=True)]  # fmt: skip
    path.write_text("date,x,y\n" + "\n".join(rows) + "\n")
    run("backtest", "--events", path, "--targets", "20", "--methods", "recent", "--json", out)
    found = json.loads(out.read_text())
    assert found["methods"]["recent"]["verdict"] in ("no evidence of gain", "worse")
    assert found["methods"]["all-past count map"]["hits"]["0.1"]["hit_rate"] > 0
    assert (
        "no gain"
        in run("backtest", "--events", path, "--targets", "20", "--methods", "recent").stdout
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("time,x,y\n1,2,3\nsoon,2,3\n", "events.csv:3: time: 'soon' is no number"),
        ("date,longitude,latitude\n2020-01-01,57,95\n", "events.csv:2: latitude: 95 is outside"),
        ("date,x,y\n2020-01-41,1,1\n", "events.csv:2: date:"),
        ("date,x\n2020-01-01,1\n", "no column for the coordinates"),
        ("x,y\n1,1\n", "no column for the date"),
    ],
)
def test_wrong_events_are_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "events.csv"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        run("knox", "--events", path)
    assert words in str(caught.value)
