"""``qalqan hypotheses``: Heuer's order, several analysts, and one error for each fault."""

from __future__ import annotations

import json

import pytest

from qalqan.cli.app import run

SMALL = "evidence,H1,H2,H3\nE1,+,+,+\nE2,+,+,-\nE3,-,+,+\nE4,-,+,+\n"


def call(capsys, *arguments):
    """Run a command in this process; return exit code, output and messages."""
    code = 0
    try:
        run(["hypotheses", *map(str, arguments)])
    except SystemExit as stop:
        code = stop.code or 0
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "matrix.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_heuers_matrix(capsys, shared_data):
    path = shared_data / "hypotheses" / "heuer_iraq_matrix.csv"
    if not path.is_file():
        pytest.skip("Heuer's matrix is not among the published data")
    code, out, err = call(capsys, "rank", path, "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["order"] == "H2_minor_actions > H3_major_attack > H1_no_retaliation"
    assert found["evidence"][0]["diagnosticity"] == 0
    _, out, _ = call(capsys, "sensitivity", path, "--json")
    changing = [row["name"][:2] for row in json.loads(out)["items"] if row["changes_order"]]
    assert changing == ["E4", "E5", "E6"]


def test_the_order_and_what_it_hangs_on_are_told_in_words(small, capsys):
    code, out, _ = call(capsys, "rank", small)
    assert code == 0
    assert "H2 > H3 > H1" in out
    code, out, _ = call(capsys, "sensitivity", small)
    assert code == 0
    assert "H3 behind H2: comes level if these are false: E2; never passes it" in out


def test_several_analysts_and_weights(tmp_path, capsys):
    path = tmp_path / "m.csv"
    path.write_text(
        "Evidence;Analyst;Credibility;A;B\ne1;x;0,5;C;I\n".replace("0,5", "0.5")
        + "e1;y;0.5;I;I\ne2;x;1;II;CC\n",
        encoding="utf-8",
    )
    code, out, _ = call(capsys, "rank", path, "--priors", "0.25,0.75", "--json")
    found = json.loads(out)
    assert (code, found["analysts"]) == (0, 2)
    a, b = found["hypotheses"]
    assert (a["against"], b["against"]) == (2.5, 1.0)
    assert (a["against_weighted"], b["against_weighted"]) == (2.25, 0.5)
    assert a["posterior_low"] <= a["posterior"] <= a["posterior_high"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("evidence,H1\nE1,+\n", "at least two hypotheses"),
        ("evidence,H1,H2\n", "there are no rows"),
        ("evidence,H1,H2\nE1,+,maybe\n", ":2: H2: 'maybe' is no mark"),
        ("evidence,H1,H2\nE1,+\n", ":2: 2 values under 3 names"),
        ("evidence,H1,H2\nE1,+,-\nE1,+,-\n", ":3: evidence: 'E1' stands here twice"),
        ("evidence,H1,H2\n,+,-\n", ":2: evidence: there is no value"),
        ("evidence,H1,H1\nE1,+,-\n", "two columns 'H1'"),
        ("evidence,H1,\nE1,+,-\n", "column 3 has no name"),
        ("evidence,credibility,H1,H2\nE1,2,+,-\n", ":2: credibility: 2 is not between 0 and 1"),
        ("evidence,credibility,H1,H2\nE1,x,+,-\n", "'x' is not a number"),
        (
            "evidence,analyst,relevance,H1,H2\nE1,a,1,+,-\nE1,b,0,+,-\n",
            ":3: credibility: the item has other weights",
        ),
    ],
)
def test_a_bad_matrix_is_named_with_its_place(tmp_path, capsys, text, said):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    code, out, err = call(capsys, "rank", path)
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())


@pytest.mark.parametrize("priors", ["0.5,0.5", "a,b,c", "0.9,0.9,0.9", "-1,1,1"])
def test_bad_priors_are_refused(small, capsys, priors):
    code, _, err = call(capsys, "rank", small, f"--priors={priors}")
    assert code == 2
    assert "priors" in err
