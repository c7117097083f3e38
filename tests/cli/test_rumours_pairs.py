"""``qalqan rumours pairs`` on files, good and bad."""

from __future__ import annotations

import csv
import json

import pytest

from qalqan.cli.app import run
from qalqan.science.rumours.merge import judge_pairs

ROWS = [
    ("1", "В Актобе отравили воду", "Ақтөбеде ауызсуға у қосылған"),
    ("2", "Завтра закроют школы", "The market is open"),
    ("three", "Bread will cost 300 tenge", "Bread will cost 300 tenge"),
]


def succeed(*arguments):
    with pytest.raises(SystemExit) as stopped:
        run(["rumours", "pairs", *map(str, arguments)])
    assert not stopped.value.code


def table(path, lines):
    path.write_text("\n".join("\t".join(line) for line in lines) + "\n", encoding="utf-8")
    return path


def test_pairs_are_judged_in_order(tmp_path, capsys):
    file = table(tmp_path / "in.tsv", [("id", "a", "b"), *ROWS])
    succeed(file, "--out", tmp_path / "out.tsv", "--json")
    assert json.loads(capsys.readouterr().out)["pairs"] == 3
    with (tmp_path / "out.tsv").open(encoding="utf-8") as out:
        found = list(csv.DictReader(out, delimiter="\t"))
    assert [row["id"] for row in found] == ["1", "2", "three"]
    expected = judge_pairs([row[1] for row in ROWS], [row[2] for row in ROWS])
    for row, judgement in zip(found, expected, strict=True):
        assert float(row["probability"]) == pytest.approx(judgement.probability, abs=1e-6)
    assert float(found[2]["probability"]) > 0.9 > 0.5 > float(found[1]["probability"])


def test_columns_may_stand_in_any_order_and_more_may_be_there(tmp_path):
    lines = [("b", "more", "id", "a"), ("x y", "-", "7", "x y")]
    file = table(tmp_path / "in.tsv", lines)
    succeed(file, "--out", tmp_path / "out.tsv")
    assert (tmp_path / "out.tsv").read_text("utf-8").splitlines()[1].startswith("7\t")


def test_decisions_and_conflicts_on_demand(tmp_path):
    lines = [("id", "a", "b"), ("1", "Мектептер жабылады", "Мектептер жабылмайды")]
    file = table(tmp_path / "in.tsv", lines)
    succeed(file, "--out", tmp_path / "out.tsv", "--decisions")
    header, row = (tmp_path / "out.tsv").read_text("utf-8").splitlines()
    assert header.split("\t") == ["id", "probability", "decision", "conflicts"]
    assert row.split("\t")[2] != "merge"
    assert row.split("\t")[3] == "negation"


def test_russian_files_take_the_model_for_news(tmp_path, capsys):
    lines = [("id", "a", "b"), ("1", "Рубль снова упал", "Курс рубля снизился")]
    file = table(tmp_path / "in.tsv", lines)
    succeed(file, "--out", tmp_path / "out.tsv", "--json")
    assert json.loads(capsys.readouterr().out)["model"] == "news"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"id\ta\n1\tx\n", "no column 'b'"),
        (b"id\ta\tb\n1\tx\ty\n2\tx\n", "in.tsv:3"),
        (b"id\ta\tb\n1\tx\t\xff\n", "in.tsv:2"),
        (b"", "empty"),
    ],
)
def test_bad_files_are_told_and_nothing_is_written(tmp_path, capsys, content, told):
    (tmp_path / "in.tsv").write_bytes(content)
    with pytest.raises(SystemExit) as stopped:
        run(["rumours", "pairs", str(tmp_path / "in.tsv"), "--out", str(tmp_path / "out.tsv")])
    assert stopped.value.code == 2
    assert told in capsys.readouterr().err.replace("\n", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.tsv"]


def test_a_file_that_is_no_model_is_refused(tmp_path, capsys):
    file = table(tmp_path / "in.tsv", [("id", "a", "b"), *ROWS])
    wrong = tmp_path / "model.json"
    wrong.write_text('{"format": 1}', encoding="utf-8")
    with pytest.raises(SystemExit):
        run(["rumours", "pairs", str(file), "--out", str(tmp_path / "o"), "--model", str(wrong)])
    assert "no model" in capsys.readouterr().err
