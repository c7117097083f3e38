"""`qalqan rumours group`: lines in, lines out, and everything that may be wrong with a line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qalqan.cli.app import app
from qalqan.cli.rumours.lines import microseconds
from qalqan.errors import InputError

WATER = "Ертең Ақтөбеде таңнан бастап су болмайды дейді, сақтанып су құйып алыңыздар"
SCHOOL = "Завтра в городе закроют все школы и детские сады на две недели"


def write(path: Path, *items: object) -> Path:
    lines = [i if isinstance(i, str) else json.dumps(i, ensure_ascii=False) for i in items]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def message(name: object, minute: int, text: str) -> dict[str, object]:
    return {"id": name, "time": f"2026-11-02T09:{minute:02}:00+05:00", "text": text}


def group(*arguments: object):
    return CliRunner().invoke(app, ["rumours", "group", *map(str, arguments)])


def labels(path: Path) -> list[tuple[object, int]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert all(list(row) == ["id", "claim"] for row in rows)
    return [(row["id"], row["claim"]) for row in rows]


def test_every_message_gets_its_claim(tmp_path):
    source = write(
        tmp_path / "in.jsonl",
        message("a", 1, WATER), message("b", 2, SCHOOL), message(3, 2, WATER.upper() + "!!!"),
        "", message("d", 4, SCHOOL + " 😱"),
    )  # fmt: skip
    done = group(source, "--out", tmp_path / "out.jsonl", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["claims"] == 2
    assert labels(tmp_path / "out.jsonl") == [("a", 1), ("b", 2), (3, 1), ("d", 2)]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


BAD = [
    ('{"id": 1, "time": "2026-11-02", "text"', None, "no JSON"),
    ("[1]", None, "not a JSON object"),
    ({"time": "2026-11-02", "text": "x"}, "id", "missing"),
    ({"id": 1.5, "time": "2026-11-02", "text": "x"}, "id", "not a text"),
    ({"id": 1, "text": "x"}, "time", "missing"),
    ({"id": 1, "time": "yesterday", "text": "x"}, "time", "not a time"),
    ({"id": 1, "time": True, "text": "x"}, "time", "not a time"),
    ({"id": 1, "time": "2026-11-02"}, "text", "missing"),
    ({"id": 1, "time": "2026-11-02", "text": 7}, "text", "not a text"),
    (message(1, 0, "earlier than the first"), "time", "earlier"),
]


@pytest.mark.parametrize(("item", "field", "reason"), BAD)
def test_a_bad_line_is_named_and_nothing_is_written(tmp_path, item, field, reason):
    source = write(tmp_path / "in.jsonl", message("a", 1, WATER), item)
    done = group(source, "--out", tmp_path / "out.jsonl")
    assert isinstance(done.exception, InputError)
    assert (done.exception.location.line, done.exception.location.field) == (2, field)
    assert reason in str(done.exception)
    assert [p.name for p in tmp_path.iterdir()] == ["in.jsonl"]


def test_keep_good_writes_the_rest_to_rejects(tmp_path):
    source = write(tmp_path / "in.jsonl", message("a", 1, WATER), *(i for i, _, _ in BAD))
    done = group(source, "--out", tmp_path / "out.jsonl", "--keep-good")
    assert done.exit_code == 0, done.output
    assert labels(tmp_path / "out.jsonl") == [("a", 1)]
    with (tmp_path / "in.jsonl.rejects.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["line"]) for row in rows] == list(range(2, 2 + len(BAD)))
    assert [row["field"] or None for row in rows] == [field for _, field, _ in BAD]


def test_bytes_that_are_no_text_are_named(tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_bytes(b'{"id": 1, "time": 5, "text": "\xff"}\n')
    done = group(source, "--out", tmp_path / "out.jsonl")
    assert "not UTF-8" in str(done.exception)


def test_the_input_is_not_overwritten(tmp_path):
    source = write(tmp_path / "in.jsonl", message("a", 1, WATER))
    before = source.read_bytes()
    done = group(source, "--out", source)
    assert isinstance(done.exception, InputError)
    assert source.read_bytes() == before


def test_an_older_result_stays_when_a_line_is_bad(tmp_path):
    out = write(tmp_path / "out.jsonl", {"id": "old", "claim": 1})
    source = write(tmp_path / "in.jsonl", message("a", 1, WATER), "{")
    assert group(source, "--out", out).exit_code != 0
    assert labels(out) == [("old", 1)]


def test_times_with_and_without_a_zone():
    assert microseconds("2026-11-02T09:00:00+05:00") == microseconds("2026-11-02T04:00:00")
    assert microseconds(1.5) == 1_500_000
