"""``qalqan polls smallarea``: faults are told by file, line and field; levels and constants."""

from __future__ import annotations

import json

import pytest

from qalqan.cli.app import run

GOOD = (
    "district,trust,se,income,kind\n"
    "a,0.50,0.05,1,town\nb,0.61,0.08,2,steppe\nc,0.42,0.06,1,steppe\n"
    "d,0.70,0.05,4,town\ne,0.55,0.09,3,steppe\nf,0.66,0.04,5,town\n"
)
NAMED = ["--direct", "trust", "--sd", "se", "--area", "district"]


def call(capsys, *arguments):
    """Run the command in this process; return exit code, output and messages."""
    with pytest.raises(SystemExit) as stop:
        run(["polls", "smallarea", *map(str, arguments)])
    said = capsys.readouterr()
    return stop.value.code or 0, said.out, " ".join(said.err.split())


FAULTS = {
    "standard error of 0": (
        GOOD.replace("0.61,0.08", "0.61,0"), [], ["data.csv:3: se", "standard error is 0"],
    ),
    "no direct estimate": (
        GOOD.replace("0.61,0.08", ",0.08"), [], ["data.csv:3: trust", "no value"],
    ),
    "an area twice": (
        GOOD.replace("b,0.61", "a,0.61"), [], ["data.csv:3: district", "twice"],
    ),
    "a word among numbers": (
        GOOD.replace("0.08,2,", "0.08,two,"), ["--covariates", "income"],
        ["data.csv:3: income", "'two' is not a number"],
    ),
    "a covariate missing": (
        GOOD.replace("0.08,2,", "0.08,,"), ["--covariates", "income"],
        ["data.csv:3: income", "no value"],
    ),
    "covariates made up by others": (
        GOOD, ["--covariates", "income,income"], ["made up by others"],
    ),
    "more columns than areas": (
        GOOD, ["--covariates", "factor(income),factor(district)"], ["6 areas cannot tell"],
    ),
    "unknown method": (GOOD, ["--method", "fh"], ["reml or ml"]),
    "unknown column": (GOOD, ["--covariates", "wealth"], ["data.csv:1: wealth", "income"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_faults_are_named(fault, tmp_path, capsys):
    text, more, wanted = FAULTS[fault]
    (tmp_path / "data.csv").write_text(text)
    code, out, err = call(capsys, tmp_path / "data.csv", *NAMED, *more)
    assert (code, out) == (2, "")
    for part in wanted:
        assert part in err, err


def test_words_become_levels_and_a_constant_is_not_doubled(tmp_path, capsys):
    path = tmp_path / "data.csv"
    path.write_text(GOOD.replace("kind", "kind,one").replace("town", "town,1")
                    .replace("steppe", "steppe,1"))  # fmt: skip
    _, words, _ = call(capsys, path, *NAMED, "--covariates", "kind", "--json")
    _, plain, _ = call(capsys, path, *NAMED, "--covariates", "one,factor(kind)", "--json")
    assert json.loads(words) == json.loads(plain)
    assert len(json.loads(words)["coefficients"]) == 2


def test_the_table_says_how_much_is_the_area_s_own(tmp_path, capsys):
    (tmp_path / "data.csv").write_text(GOOD)
    code, out, _ = call(capsys, tmp_path / "data.csv", *NAMED)
    assert code == 0
    assert "own share" in out
    assert "converged" in out
