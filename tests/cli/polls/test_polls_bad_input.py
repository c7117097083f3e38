"""``qalqan polls``: each fault is told once, with file, line and field, and with what to do."""

from __future__ import annotations

import json

import pytest

from qalqan.cli.app import run

GOOD = (
    "id,region,village,w,pop,pop2,trust,age,score,income\n"
    "1,n,a,10,9,4,yes,young,3,1\n"
    "2,n,a,10,9,4,no,old,4,2\n"
    "3,n,b,10,9,5,yes,old,5,3\n"
    "4,s,c,20,8,6,yes,young,6,5\n"
    "5,s,d,20,8,7,no,old,7,8\n"
    "6,s,d,20,8,7,no,young,2,13\n"
)
BASE = ["--strata", "region", "--cluster", "village", "--weight", "w", "--fpc", "pop"]
MEAN = [*BASE, "--mean", "score"]
AGE = "variable,level,total\nage,young,60\nage,old,40\n"


def call(capsys, *arguments):
    """Run the command in this process; return exit code, output and messages."""
    code = 0
    try:
        run(["polls", *map(str, arguments)])
    except SystemExit as stop:
        code = stop.code or 0
    said = capsys.readouterr()
    return code, said.out, " ".join(said.err.split())


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


DATA = {
    "no such column": (GOOD, [*BASE, "--mean", "scor"], ["data.csv:1: scor", "no column", "score"]),
    "two columns of a name": (
        changed("score,income", "score,score"), MEAN, ["data.csv:1: score", "two columns"],
    ),
    "no rows": (GOOD.split("\n")[0] + "\n", MEAN, ["data.csv", "no rows"]),
    "empty file": ("", MEAN, ["data.csv", "empty"]),
    "too few values": (changed("4,s,c,20,8,6,yes,young,6,5", "4,s,c"), MEAN, ["data.csv:5", "3"]),
    "no text": (GOOD + "\0\n", MEAN, ["data.csv:8", "not text"]),
    "weight is no number": (
        changed("3,n,b,10", "3,n,b,ten"), MEAN, ["data.csv:4: w", "'ten' is not a number"],
    ),
    "no weight": (changed("3,n,b,10", "3,n,b,"), MEAN, ["data.csv:4: w", "there is no value"]),
    "negative weight": (
        changed("3,n,b,10", "3,n,b,-10"), MEAN, ["data.csv:4: w", "a weight is negative"],
    ),
    "infinite weight": (
        changed("3,n,b,10", "3,n,b,1e999"), MEAN, ["data.csv:4: w", "not finite"],
    ),
    "all weights 0": (
        GOOD.replace(",10,", ",0,").replace(",20,", ",0,"), MEAN, ["data.csv:2: w", "are 0"],
    ),
    "no stratum": (changed("3,n,b", "3,,b"), MEAN, ["data.csv:4: region", "there is no value"]),
    "no cluster": (changed("3,n,b", "3,n,NA"), MEAN, ["data.csv:4: village", "no value"]),
    "a cluster in two strata": (
        changed("4,s,c", "4,s,a"), MEAN,
        ["data.csv:2: village", "two strata", "--nest"],
    ),
    "one cluster in a stratum": (
        changed("3,n,b", "3,n,a"), MEAN,
        ["data.csv:2: region", "only one cluster", "--lonely certainty", "adjust", "average"],
    ),
    "population smaller than sample": (
        GOOD.replace(",9,", ",1,"), MEAN, ["data.csv:2: pop", "smaller than the sample"],
    ),
    "population varies": (
        changed("3,n,b,10,9", "3,n,b,10,7"), MEAN, ["data.csv", "pop", "varies within a stratum"],
    ),
    "counts beside shares": (
        GOOD.replace(",9,", ",0.5,"), MEAN, ["data.csv:2: pop", "share", "counts"],
    ),
    "population of 0": (GOOD.replace(",9,", ",0,"), MEAN, ["data.csv:2: pop", "0 or less"]),
    "no answer": (
        changed("yes,old,5,3", "yes,old,,3"), MEAN,
        ["data.csv:4: score", "1 rows have no value", "--na drop"],
    ),
    "a word among numbers": (
        changed("yes,old,5,3", "yes,old,five,3"), MEAN,
        ["data.csv:4: score", "'five' is not a number", "--proportion"],
    ),
    "no group": (
        changed("3,n,b,10,9,5,yes,old", "3,n,b,10,9,5,yes,"), [*MEAN, "--by", "age"],
        ["data.csv:4: age", "there is no group"],
    ),
    "nobody says so": (
        GOOD, [*BASE, "--proportion", "trust=maybe"], ["trust = maybe", "no, yes"],
    ),
    "denominator 0": (
        GOOD.replace(",9,", ",9,").replace(",1\n", ",0\n").replace(",2\n", ",0\n")
        .replace(",3\n", ",0\n").replace(",5\n", ",0\n").replace(",8\n", ",0\n")
        .replace(",13\n", ",0\n"),
        [*BASE, "--ratio", "score/income"], ["income", "sums to 0"],
    ),
    "jk1 with strata": (GOOD, [*MEAN, "--replicates", "jk1"], ["jk1 knows no strata", "jkn"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", sorted(DATA))
def test_bad_data_is_named_by_file_line_and_field(fault, tmp_path, capsys):
    text, arguments, wanted = DATA[fault]
    (tmp_path / "data.csv").write_text(text)
    code, out, err = call(capsys, "estimate", tmp_path / "data.csv", *arguments)
    assert (code, out) == (2, "")
    for part in wanted:
        assert part in err, err


TOTALS = {
    "not a total": ("variable,level,total\nage,young,many\n", "rake", ["totals.csv:2: total"]),
    "negative total": (
        "variable,level,total\nage,young,-6\nage,old,4\n", "rake", ["totals.csv:2", "0 or more"],
    ),
    "a level twice": (AGE + "age,old,40\n", "rake", ["totals.csv:4: level", "twice"]),
    "no column total": ("variable,level\nage,x\n", "rake", ["totals.csv:1: total", "no column"]),
    "unknown variable": (
        "variable,level,total\nheight,tall,10\n", "rake", ["data.csv:1: height", "no column"],
    ),
    "a level without sample": (
        AGE + "age,child,30\n", "poststratify",
        ["totals.csv:4: total", "nobody in the sample has age = 'child'", "join"],
    ),
    "a sample without total": (
        "variable,level,total\nage,young,60\n", "poststratify",
        ["data.csv:3: age", "'old' has no total in totals.csv"],
    ),
    "margins disagree": (
        AGE + "trust,yes,70\ntrust,no,70\n", "rake",
        ["totals.csv:4: total", "the margins disagree", "140"],
    ),
    "two variables to post-stratify": (
        AGE + "trust,yes,50\ntrust,no,50\n", "poststratify", ["totals.csv", "one variable"],
    ),
    "totals that no weights meet": (
        "variable,level,total\n(Intercept),,100\nincome,,900000\nscore,,-9\nage,old,20\n",
        "calibrate --bounds 0.9,1.1", ["totals.csv", "cannot be met", "widen the bounds"],
    ),
    "a total without level": ("variable,level,total\nage,,60\n", "rake", ["totals.csv:2", "level"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", sorted(TOTALS))
def test_bad_totals_are_named_by_file_and_line(fault, tmp_path, capsys):
    text, option, wanted = TOTALS[fault]
    name, *more = option.split()
    (tmp_path / "data.csv").write_text(GOOD)
    (tmp_path / "totals.csv").write_text(text)
    code, out, err = call(
        capsys, "estimate", tmp_path / "data.csv", *MEAN, f"--{name}", tmp_path / "totals.csv",
        *more,
    )  # fmt: skip
    assert (code, out) == (2, "")
    for part in wanted:
        assert part in err, err


OPTIONS = {
    "no statistic": (BASE, "--mean, --total, --ratio, --proportion"),
    "two statistics": ([*MEAN, "--total", "score"], "do not go together"),
    "ratio unwritten": ([*BASE, "--ratio", "score"], "Y/X"),
    "proportion unwritten": ([*BASE, "--proportion", "trust"], "COLUMN=VALUE"),
    "interval of a mean": ([*MEAN, "--interval", "logit"], "--interval goes with --proportion"),
    "unknown interval": ([*BASE, "--proportion", "trust=yes", "--interval", "wald"], "wilson"),
    "unknown replicates": ([*MEAN, "--replicates", "brr"], "jk1, jkn, bootstrap"),
    "unknown remedy": ([*MEAN, "--lonely", "ignore"], "certainty"),
    "no weight at all": (["--mean", "score"], "--weight is missing"),
    "bounds of nothing": ([*MEAN, "--bounds", "0.5,2"], "go with --calibrate"),
    "level of 95": ([*MEAN, "--level", "95"], "between 0 and 1"),
    "cluster twice": (["--weight", "w", "--cluster", "id,id", "--mean", "score"], "twice"),
    "fpc for no stage": (["--weight", "w", "--fpc", "pop,pop2", "--mean", "score"], "2 columns"),
    "df of zero": ([*MEAN, "--df", "0"], "above 0"),
}


@pytest.mark.parametrize("fault", sorted(OPTIONS))
def test_bad_options_are_told(fault, tmp_path, capsys):
    arguments, wanted = OPTIONS[fault]
    (tmp_path / "data.csv").write_text(GOOD)
    code, out, err = call(capsys, "estimate", tmp_path / "data.csv", *arguments)
    assert (code, out) == (2, "")
    assert wanted in err


def test_errors_are_json_for_programs(tmp_path, capsys, monkeypatch):
    path = tmp_path / "data.csv"
    path.write_text(changed("3,n,b,10", "3,n,b,-10"))
    arguments = ["polls", "estimate", str(path), *MEAN, "--json"]
    monkeypatch.setattr("sys.argv", ["qalqan", *arguments])
    code, out, _ = call(capsys, *arguments[1:])
    found = json.loads(out)["error"]
    assert code == 2
    assert (found["file"], found["line"], found["field"]) == (str(path), 4, "w")


@pytest.mark.parametrize(
    ("remedy", "se"),
    [
        # By hand: the mean is 14/3; the clusters' sums of w (y - 14/3) / 90 are -6/27 (alone in
        # its stratum), 8/27 and -2/27, so that the second stratum adds 2 * 2 * (5/27)^2.
        ("certainty", 10 / 27),
        ("remove", 10 / 27),
        # The lonely cluster lies 6/27 from the whole.
        ("adjust", 136**0.5 / 27),
        # Two strata, one known: twice its variance.
        ("average", 200**0.5 / 27),
    ],
)
def test_remedies_for_a_lonely_cluster(remedy, se, tmp_path, capsys):
    (tmp_path / "data.csv").write_text(changed("3,n,b", "3,n,a"))
    _, out, _ = call(
        capsys, "estimate", tmp_path / "data.csv", "--strata", "region", "--cluster", "village",
        "--weight", "w", "--mean", "score", "--lonely", remedy, "--json",
    )  # fmt: skip
    found = json.loads(out)["estimates"][0]
    assert found["estimate"] == pytest.approx(14 / 3)
    assert found["se"] == pytest.approx(se)


TABLES = {
    "unknown statistic": (["--statistic", "wald"], "F, chisq"),
    "one level": (["--columns", "w2"], "two levels"),
    "an answer missing": ([], "data.csv:4: trust: there is no value"),
}


@pytest.mark.parametrize("fault", sorted(TABLES))
def test_faults_of_a_table_are_told(fault, tmp_path, capsys):
    more, wanted = TABLES[fault]
    text = GOOD.replace("pop2", "w2").replace(",4,", ",5,").replace(",6,", ",5,")
    text = text.replace(",7,", ",5,")
    if not more:
        text = text.replace("5,yes,old", "5,,old")
    (tmp_path / "data.csv").write_text(text)
    arguments = ["test", tmp_path / "data.csv", *BASE, "--rows", "age", "--columns", "trust"]
    code, out, err = call(capsys, *arguments, *more)
    assert (code, out) == (2, "")
    assert wanted in err


def test_names_of_columns_may_hold_the_mark_that_parts_them(tmp_path, capsys):
    path = tmp_path / "data.csv"
    path.write_text(GOOD.replace("score,income", "score/all,a=b"), encoding="utf-8")
    code, said, _ = call(capsys, "estimate", path, *BASE, "--ratio", "score/all/pop2", "--json")
    assert code == 0
    # Sums with weights: (3 + 4 + 5) · 10 + (6 + 7 + 2) · 20 over 13 · 10 + 20 · 20.
    assert json.loads(said)["estimates"][0]["estimate"] == pytest.approx(420 / 530)
    code, said, _ = call(capsys, "estimate", path, *BASE, "--proportion", "a=b=13", "--json")
    assert code == 0
    assert json.loads(said)["estimates"][0]["estimate"] == pytest.approx(20 / 90)
    code, _, told = call(capsys, "estimate", path, *BASE, "--ratio", "score/none/pop2")
    assert code
    assert "there is no column" in told
