"""``qalqan protection coverage``: from files, with one error for each fault."""

from __future__ import annotations

import json

import numpy as np
import pytest

from qalqan.cli.app import run

DEMAND = "id,x,y,weight\na,0,0,5\nb,3,4,2\nc,10,0,4\nd,100,100,7\n"
SITES = "id,x,y\nn,0,0\nm,3,0\no,10,1\np,99,99\n"


def call(capsys, *arguments):
    """Run the command in this process; return exit code, output and messages."""
    code = 0
    try:
        run(["protection", "coverage", *map(str, arguments)])
    except SystemExit as stop:
        code = stop.code or 0
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def files(tmp_path):
    (tmp_path / "demand.csv").write_text(DEMAND)
    (tmp_path / "sites.csv").write_text(SITES)
    return ["--demand", tmp_path / "demand.csv", "--sites", tmp_path / "sites.csv"]


def test_the_answer_has_the_documented_keys(files, capsys):
    code, out, err = call(capsys, *files, "--radius", 5, "--choose", 2, "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert {key: found[key] for key in ("objective", "bound", "gap", "chosen", "status")} == {
        "objective": 14.0, "bound": 14.0, "gap": 0.0, "chosen": ["n", "p"], "status": "optimal",
    }  # fmt: skip


def test_a_person_reads_the_same(files, capsys):
    code, out, _ = call(capsys, *files, "--radius", 5, "--choose", 2)
    assert code == 0
    assert "reached: 14 of 18; at most 14" in out
    assert "proven optimal" in out
    assert "chosen: n, p" in out


def test_everybody_and_backup(files, capsys):
    _, out, _ = call(capsys, *files, "--radius", 5, "--everybody", 1, "--json")
    assert json.loads(out)["objective"] == 3
    assert json.loads(out)["task"] == "set"
    _, out, _ = call(capsys, *files, "--radius", 5, "--choose", 2, "--backup", 0.5, "--json")
    # Two of n and m reach 5 and 2 twice: 0.5 * 7 + 0.5 * 7; n and p once: 0.5 * 14.
    assert json.loads(out)["objective"] == 7.0


def test_each_site_may_have_its_own_radius(files, capsys):
    files[3].write_text("id,x,y,radius\nn,0,0,1\nm,3,0,200\n")
    _, out, _ = call(capsys, *files, "--choose", 1, "--json")
    assert json.loads(out)["chosen"] == ["m"]
    assert json.loads(out)["objective"] == 18


def test_time_that_is_over_is_told(tmp_path, capsys):
    rng = np.random.default_rng(4)
    rows = [f"{i},{x:.1f},{y:.1f},{w}" for i, (x, y, w) in enumerate(
        np.column_stack([rng.random((4000, 2)) * 1e4, rng.integers(1, 99, 4000)]))]  # fmt: skip
    masts = [f"{i},{x:.1f},{y:.1f}" for i, (x, y) in enumerate(rng.random((400, 2)) * 1e4)]
    (tmp_path / "d.csv").write_text("id,x,y,weight\n" + "\n".join(rows))
    (tmp_path / "s.csv").write_text("id,x,y\n" + "\n".join(masts))
    code, out, _ = call(
        capsys, "--demand", tmp_path / "d.csv", "--sites", tmp_path / "s.csv", "--radius", 1300,
        "--choose", 20, "--time-limit", 0.05, "--json",
    )  # fmt: skip
    found = json.loads(out)
    assert code == 0
    assert found["status"] == "time_limit"
    assert found["bound"] > found["objective"] > 0
    assert found["gap"] == pytest.approx(found["bound"] / found["objective"] - 1)
    assert len(found["chosen"]) == 20


@pytest.mark.parametrize(
    ("demand", "sites", "where"),
    [
        ("id,x,y\na,0,0\n", SITES, "demand.csv:1: weight: there is no column 'weight'"),
        (DEMAND.replace("3,4,2", "3,four,2"), SITES, "demand.csv:3: y: 'four' is not a number"),
        (DEMAND.replace("3,4,2", "3,,2"), SITES, "demand.csv:3: y: there is no value"),
        (DEMAND.replace("3,4,2", "3,4,-2"), SITES, "demand.csv:3: weight: -2 is not at least 0"),
        (DEMAND.replace("3,4,2", "nan,4,2"), SITES, "demand.csv:3: x: nan is not a finite"),
        (DEMAND.replace("b,", "a,"), SITES, "demand.csv:3: id: 'a' stands here twice"),
        (DEMAND.replace("b,3,4,2", "b,3,4"), SITES, "demand.csv:3: 3 values under 4 names"),
        (DEMAND.replace("b,3", '"b,3'), SITES, "demand.csv:3: this is no CSV"),
        (DEMAND, "id,x,y\n", "sites.csv: there are no rows"),
        (DEMAND, "", "sites.csv: the file is empty"),
        (DEMAND, "id,x,x,y\nn,1,2,3\n", "sites.csv:1: there are two columns 'x'"),
        (DEMAND, SITES.replace("m,", ","), "sites.csv:3: id: there is no value"),
        (DEMAND, SITES.replace("m,3", "m,inf"), "sites.csv:3: x: inf is not a finite number"),
        (DEMAND, "id,x,y,radius\nn,0,0,-1\n", "sites.csv:2: radius: -1 is not at least 0"),
    ],
)
def test_a_fault_names_file_line_and_field(files, capsys, demand, sites, where):
    files[1].write_text(demand)
    files[3].write_text(sites)
    radius = [] if "radius" in sites else ["--radius", 5]
    code, out, err = call(capsys, *files, *radius, "--choose", 1)
    assert (code, out) == (2, "")
    assert where in err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--radius", -1, "--choose", 1], "--radius is a number of metres"),
        (["--choose", 1], "give --radius"),
        (["--radius", 1], "give either --choose or --everybody"),
        (["--radius", 1, "--choose", 1, "--everybody", 0.5], "give either"),
        (["--radius", 1, "--everybody", 2], "--everybody is a share"),
        (["--radius", 1, "--choose", 1, "--backup", 0.9], "--backup is above 0"),
        (["--radius", 1, "--choose", 1, "--time-limit", 0], "--time-limit is a number"),
        (["--radius", 5, "--everybody", 1.0], "all sites together reach"),
    ],
)
def test_wrong_use_is_told(files, capsys, options, message):
    if "all sites" in message:
        files[3].write_text("id,x,y\nn,0,0\n")
    code, _, err = call(capsys, *files, *options)
    assert code == 2
    assert message in " ".join(err.split())


def test_a_missing_file_is_told_as_json(files, capsys, monkeypatch):
    files[1].unlink()
    monkeypatch.setattr("sys.argv", ["qalqan", "--json"])
    code, out, _ = call(capsys, *files, "--radius", 5, "--choose", 1, "--json")
    assert code == 2
    assert json.loads(out)["error"]["message"] == "there is no such file"
