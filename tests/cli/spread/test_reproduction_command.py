"""``qalqan spread reproduction``: results from files, and one clear error for every bad file."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qalqan.cli.app import run
from qalqan.cli.spread.files import read_table
from qalqan.errors import InputError
from qalqan.science.spread.reproduction import estimate

COUNTS = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
DELAYS = [0.0, 0.6, 0.3, 0.1]


@pytest.fixture
def files(tmp_path):
    counts, delays = tmp_path / "counts.csv", tmp_path / "delays.csv"
    counts.write_text("day;incidence\n" + "".join(f"{k};{n}\n" for k, n in enumerate(COUNTS)))
    delays.write_text("probability\n" + "".join(f"{p}\n" for p in DELAYS))
    return counts, delays


def call(capsys, *arguments):
    """Run a command in this process; return exit code, output and messages."""
    code = 0
    try:
        run(["spread", "reproduction", *map(str, arguments)])
    except SystemExit as stop:
        code = stop.code or 0
    said = capsys.readouterr()
    return code, said.out, said.err


def test_windows_are_those_of_the_function(files, capsys):
    code, out, _ = call(capsys, files[0], "--interval", files[1], "--window", 3, "--json")
    assert code == 0
    windows = json.loads(out)["windows"]
    found = estimate(COUNTS, DELAYS, window=3)
    assert [(w["start"], w["end"]) for w in windows] == [(k, k + 2) for k in range(2, 10)]
    np.testing.assert_allclose([w["mean"] for w in windows], found.mean[0])
    np.testing.assert_allclose([w["sd"] for w in windows], found.sd[0])
    for k, name in enumerate(["q0.025", "q0.5", "q0.975"]):
        np.testing.assert_allclose([w[name] for w in windows], found.quantiles[k, 0])
    assert "not identified" in json.loads(out)["note"]


def test_json_and_lines_are_read_as_well(tmp_path, files, capsys):
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(json.dumps({"incidence": n}) + "\n" for n in COUNTS))
    lists = tmp_path / "lists.json"
    lists.write_text(json.dumps({"probability": DELAYS, "source": "made up"}))
    first = call(capsys, files[0], "--interval", files[1], "--window", 3, "--json")
    assert call(capsys, rows, "--interval", lists, "--window", 3, "--json") == first


def test_many_claims_are_told_apart(tmp_path, files, capsys):
    both = tmp_path / "both.csv"
    both.write_text(
        "claim,incidence\n" + "".join(f"a,{n}\nb,{n + 1}\n" for n in COUNTS) + "c,1\nc,2\nc,3\n"
    )
    code, out, _ = call(capsys, both, "--interval", files[1], "--window", 2, "--json")
    assert code == 0
    windows = json.loads(out)["windows"]
    assert [w["claim"] for w in windows] == ["a"] * 9 + ["b"] * 9 + ["c"]
    for claim, counts in [("a", COUNTS), ("b", [n + 1 for n in COUNTS])]:
        means = [w["mean"] for w in windows if w["claim"] == claim]
        np.testing.assert_allclose(means, estimate(counts, DELAYS, window=2).mean[0])


def test_delays_may_be_mean_and_deviation_and_cases_be_asked_for(files, tmp_path, capsys):
    out = tmp_path / "r.csv"
    code, _, _ = call(
        capsys, files[0], "--mean", 2.6, "--sd", 1.5, "--method", "cases", "--window", 4,
        "--out", out,
    )  # fmt: skip
    assert code == 0
    rows = list(csv.DictReader(out.open()))
    assert list(rows[0]) == ["start", "end", "mean", "sd", "q0.025", "q0.975"]
    assert rows[0]["start"] == "2"
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


def test_a_table_is_shown_to_people(files, capsys):
    code, out, _ = call(capsys, files[0], "--interval", files[1])
    assert code == 0
    assert "q0.975" in out
    assert "no alarm" in out


@pytest.mark.parametrize(
    ("text", "line", "field", "said"),
    [
        ("incidence\n1\nx\n3\n", 3, "incidence", "not a number"),
        ("incidence\n1\n-2\n3\n", 3, "incidence", "at least 0"),
        ("incidence\n1\ninf\n3\n", 3, "incidence", "not a finite number"),
        ("incidence\n1\n2,5\n3\n", 3, None, "2 values under 1 names"),
        ("counts\n1\n2\n", 1, None, "no column 'incidence'"),
        ("incidence,incidence\n1,1\n", 1, None, "two columns"),
        ("incidence\n", None, None, "no rows"),
        ("\n\n", None, None, "empty"),
        ("incidence\n1\n2\n", 2, "incidence", "at least 8"),
        ("incidence,imported\n1,0\n2,3\n" + "3,0\n" * 9, 2, "incidence", "between 0"),
        ('incidence\n"1\n', 2, None, "no CSV"),
        ("incidence\n1\n\0\n", 3, None, "not text"),
    ],
)
def test_a_bad_file_is_one_error_with_its_place(files, tmp_path, capsys, text, line, field, said):
    bad = tmp_path / "bad.csv"
    bad.write_text(text)
    code, out, err = call(capsys, bad, "--interval", files[1], "--json")
    error = json.loads(out)["error"] if "--json" in out else None
    assert code == 2
    assert said in err
    assert "Traceback" not in err
    assert error is None or (error["line"], error["field"]) == (line, field)
    place = str(bad) + (f":{line}" if line else "") + (f": {field}" if field else "")
    assert err.replace("\n", "").startswith(f"qalqan: {place}: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("probability\n0.1\n0.9\n", "lag 0 must be 0"),
        ("probability\n0\n0.5\n", "sum to 0.5"),
        ("probability\n0\n1.5\n", "between 0 and 1"),
        ("lag,probability\n1,0\n2,1\n", "lag 0 belongs here"),
    ],
)
def test_delays_that_are_none_are_refused(files, tmp_path, capsys, text, said):
    bad = tmp_path / "bad.csv"
    bad.write_text(text)
    code, _, err = call(capsys, files[0], "--interval", bad)
    assert code == 2
    assert said in err
    assert str(bad) in err


@pytest.mark.parametrize(
    "options",
    [[], ["--mean", "2.6"], ["--mean", "0.5", "--sd", "1"], ["--method", "other"]],
)
def test_wrong_use_is_one_error(files, capsys, options):
    code, _, err = call(capsys, files[0], *options)
    assert code == 2
    assert "Traceback" not in err


def attempt(path):
    """Return the table with its counts checked, or the error that refuses it."""
    try:
        table = read_table(path, ["incidence"])
        table.numbers("incidence")
    except InputError as error:
        return None, error
    return table, None


@given(st.binary(max_size=400), st.sampled_from([".csv", ".json", ".jsonl"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_no_bytes_bring_the_reader_down(tmp_path, data, suffix):
    path = tmp_path / f"any{suffix}"
    path.write_bytes(data)
    table, error = attempt(path)
    if error is not None:
        assert error.location is not None
        assert error.location.file == str(path)
    else:
        assert len(table.columns["incidence"]) == len(table.lines)


@given(st.text(alphabet='incde,;\t"\n\r0123456789.-e{}[]:naN ', max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_no_text_under_the_right_name_brings_it_down(tmp_path, text):
    path = tmp_path / "any.csv"
    path.write_text("incidence\n" + text)
    table, error = attempt(path)
    assert error is None or error.location is not None
    if table is not None:
        assert np.isfinite(table.numbers("incidence")).all()
