"""``qalqan protection budget``: from files, with one error for each fault."""

from __future__ import annotations

import json

import pytest

from qalqan.cli.app import run

SITES = "id,weight,district\nschool,10,north\nmarket,20,south\n"
MEASURES = "id,cost,effect,requires\ncamera,4,0.5,\nguard,6,0.5,camera\nlight,3,0.2,\n"
OPTIONS = "site,measure,cost,effect\nmarket,light,1,0.4\nschool,camera,,\n"


def call(capsys, *arguments):
    """Run the command in this process; return exit code, output and messages."""
    code = 0
    try:
        run(["protection", "budget", *map(str, arguments)])
    except SystemExit as stop:
        code = stop.code or 0
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def files(tmp_path):
    (tmp_path / "sites.csv").write_text(SITES)
    (tmp_path / "measures.csv").write_text(MEASURES)
    return ["--sites", tmp_path / "sites.csv", "--measures", tmp_path / "measures.csv"]


def test_the_answer_is_the_one_reckoned_by_hand(files, capsys):
    code, out, err = call(capsys, *files, "--budget", 10, "--extra", 4, "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    # Market with camera and guard: 20 * 0.75 = 15 for 10; with camera at both and no more: 15 for
    # 8; market camera and light for 7: 20 * 0.6 = 12, and the school's light for 3: 2 -> 14.
    assert found["objective"] == pytest.approx(15)
    assert found["status"] == "optimal"
    assert found["bound"] == found["objective"]
    assert found["gap"] == 0
    assert found["spent"] <= 10
    # With 14: market camera, guard (15) and school camera (5).
    assert found["marginal"]["gain_at_least"] <= 5 <= found["marginal"]["gain_at_most"]


def test_options_replace_costs_and_take_measures_away(files, tmp_path, capsys):
    (tmp_path / "options.csv").write_text(OPTIONS)
    _, out, _ = call(capsys, *files, "--options", tmp_path / "options.csv", "--budget", 8, "--json")
    found = json.loads(out)
    # Market: camera 4 and light 1 remove 1 - 0.5 * 0.6 = 0.7 of 20; school: light 3 removes 2.
    assert found["objective"] == pytest.approx(16)
    assert {(row["site"], row["measure"], row["cost"]) for row in found["chosen"]} == {
        ("market", "camera", 4.0), ("market", "light", 1.0), ("school", "light", 3.0),
    }  # fmt: skip


def test_floors_are_kept_and_told_by_district(files, capsys):
    _, out, _ = call(capsys, *files, "--budget", 10, "--floor", 0.5, "--json")
    for row in json.loads(out)["districts"]:
        assert row["saved"] >= 0.5 * row["possible"] - 1e-9
    code, _, err = call(capsys, *files, "--budget", 3, "--floor", 0.9)
    assert code == 2
    assert "the floors alone cost at least" in " ".join(err.split())


def test_a_person_reads_the_same(files, capsys):
    code, out, _ = call(capsys, *files, "--budget", 10)
    assert code == 0
    assert "saved: 15.00; at most 15.00" in out
    assert "proven optimal" in out
    assert "1,000,000 more would save between" in out


@pytest.mark.parametrize(
    ("sites", "measures", "options", "where"),
    [
        ("id,size\na,1\n", MEASURES, "", "sites.csv:1: weight: there is no column 'weight'"),
        (SITES.replace("20", "-1"), MEASURES, "", "sites.csv:3: weight: -1 is not at least 0"),
        (SITES.replace("south", ""), MEASURES, "", "sites.csv:3: district: there is no value"),
        (SITES.replace("market", "school"), MEASURES, "", "sites.csv:3: id: 'school' stands"),
        (SITES, MEASURES.replace("0.2", "20"), "", "measures.csv:4: effect: 20 is not between"),
        (SITES, MEASURES.replace(",3,", ",cheap,"), "", "measures.csv:4: cost: 'cheap' is not"),
        (SITES, MEASURES.replace("0.5,camera", "0.5,cat"), "", "measures.csv:3: requires: there"),
        (SITES, MEASURES.replace("0.5,camera", "0.5,guard"), "", "a measure cannot require itse"),
        (SITES, MEASURES.replace("4,0.5,", "4,0.5,guard"), "", "measures.csv:2: requires: these"),
        (SITES, "id,cost,effect\n" + "".join(f"m{k},1,0.1\n" for k in range(17)), "",
         "measures.csv:18: id: at most 16 measures"),
        (SITES, MEASURES, OPTIONS.replace("market", "cafe"), "options.csv:2: site: there is no"),
        (SITES, MEASURES, OPTIONS.replace("light", "dog"), "options.csv:2: measure: there is no"),
        (SITES, MEASURES, OPTIONS + "market,light,2,0.1\n", "options.csv:4: measure: this site"),
        (SITES, MEASURES, OPTIONS.replace("0.4", "4"), "options.csv:2: effect: 4 is not between"),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_and_field(
    files, tmp_path, capsys, sites, measures, options, where
):
    files[1].write_text(sites)
    files[3].write_text(measures)
    extra = []
    if options:
        (tmp_path / "options.csv").write_text(options)
        extra = ["--options", tmp_path / "options.csv"]
    code, out, err = call(capsys, *files, *extra, "--budget", 5)
    assert (code, out) == (2, "")
    assert where in err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--budget", -1], "--budget is an amount"),
        (["--budget", 1, "--floor", 2], "--floor is a share"),
        (["--budget", 1, "--extra", 0], "--extra is an amount"),
        (["--budget", 1, "--time-limit", 0], "--time-limit is a number"),
    ],
)
def test_wrong_use_is_told(files, capsys, options, message):
    code, _, err = call(capsys, *files, *options)
    assert code == 2
    assert message in " ".join(err.split())
