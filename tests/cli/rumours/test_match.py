"""`qalqan rumours match`: tables in, a ranked table out, and everything that may be wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from qalqan.cli.app import app
from qalqan.cli.rumours.quoted import quoted_rows
from qalqan.errors import InputError

CLAIMS = (
    "id\ttext\ttitle\n"
    "10\tThe tap water in the city is poisoned\tIs the tap water poisoned?\n"
    "11\tAll schools close on Monday for two weeks\tDo schools close?\n"
    "12\tBanks freeze deposits next week\tAre deposits frozen?\n"
)
QUERIES = (
    "id\ttext\n"
    "a\tHeard that our #TapWater was poisoned https://t.co/x1 — Someone (@someone) May 2, 2019\n"
    "b\tis it true that schools are closing monday???\n"
)


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def match(tmp_path: Path, claims: str | bytes = CLAIMS, queries: str | bytes = QUERIES, *more: str):
    files = [write(tmp_path / "c.tsv", claims), write(tmp_path / "q.tsv", queries)]
    names = ["--claims", str(files[0]), "--queries", str(files[1]), "--out", str(tmp_path / "run")]
    return CliRunner().invoke(app, ["rumours", "match", *names, *more])


def run_rows(tmp_path: Path) -> list[list[str]]:
    return [line.split("\t") for line in (tmp_path / "run").read_text("utf-8").splitlines()]


def test_each_query_gets_its_claims_best_first(tmp_path):
    result = match(tmp_path, CLAIMS, QUERIES, "-k", "2", "--json")
    assert result.exit_code == 0, result.output
    head, *rows = run_rows(tmp_path)
    assert head == ["query", "claim", "rank", "score"]
    assert [(r[0], r[2]) for r in rows] == [("a", "1"), ("a", "2"), ("b", "1"), ("b", "2")]
    assert (rows[0][1], rows[2][1]) == ("10", "11")
    assert all(float(rows[i][3]) >= float(rows[i + 1][3]) for i in (0, 2))
    assert json.loads(result.stdout)["queries"] == 2


def test_probabilities_with_none_make_one(tmp_path):
    assert match(tmp_path, CLAIMS, QUERIES, "-k", "3", "--probability").exit_code == 0
    head, *rows = run_rows(tmp_path)
    assert head[-1] == "probability"
    for query in "ab":
        mine = [r for r in rows if r[0] == query]
        assert [r[1] for r in mine][-1] == ""
        assert sum(float(r[4]) for r in mine) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(
    ("claims", "queries", "told"),
    [
        ("text\nx\n", QUERIES, "c.tsv:1: id: the header line has no column"),
        ("id\ttext\n1\n", QUERIES, "c.tsv:2: 1 fields where the header has 2"),
        ("id\ttext\n1\tx\ty\n", QUERIES, "c.tsv:2: 3 fields"),
        ("id\ttext\n1\t  \n", QUERIES, "c.tsv:2: text: this field is empty"),
        (CLAIMS, "id\ttext\n\tx\n", "q.tsv:2: id: this field is empty"),
        (CLAIMS, "id\ttext\na\tx\na\ty\n", "q.tsv:3: id: query 'a' stands on line 2"),
        (b"id\ttext\n1\t\xff\n", QUERIES, "c.tsv:2: this line is not UTF-8"),
        ("", QUERIES, "the file is empty"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(tmp_path, claims, queries, told):
    result = match(tmp_path, claims, queries)
    assert isinstance(result.exception, InputError)
    assert told in str(result.exception)
    assert not list(tmp_path.glob("*run*"))


def test_no_queries_give_a_header_only(tmp_path):
    assert match(tmp_path, CLAIMS, "id\ttext\n").exit_code == 0
    assert run_rows(tmp_path) == [["query", "claim", "rank", "score"]]


def test_quotes_of_spreadsheets_and_of_people(tmp_path):
    path = write(
        tmp_path / "x.tsv",
        'id\ttext\ttitle\n1\t"He said ""no"" twice"\tt\n'
        '2\t"first line\nsecond line"\tt\n'
        '3\t"Open" at the start\tt\n'
        '4\t"never closed\tt\n'
        '5\t"a\tb"\tt\n',
    )
    rows = [(at, text) for at, (_, text, _) in quoted_rows(path, ("id", "text"), ("title",))]
    assert rows == [
        (2, 'He said "no" twice'),
        (3, "first line\nsecond line"),
        (5, '"Open" at the start'),
        (6, '"never closed'),
        (7, "a\tb"),
    ]


plain = st.text(
    st.characters(codec="utf-8", exclude_characters='\t\r\n"\ufeff', exclude_categories=["Cs"]),
    min_size=1,
)


@given(rows=st.lists(st.tuples(plain, plain), max_size=5))
def test_plain_rows_come_back_as_they_were(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("rows") / "x.tsv"
    path.write_bytes(("id\ttext\n" + "".join(f"{a}\t{b}\n" for a, b in rows)).encode())
    assert [tuple(fields) for _, fields in quoted_rows(path, ("id", "text"))] == rows


@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_place(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("bytes") / "x.tsv"
    path.write_bytes(b"id\ttext\n" + data)
    places = []
    try:
        rows = list(quoted_rows(path, ("id", "text")))
    except InputError as error:
        rows = []
        places.append(error.location)
    assert all(len(fields) == 2 for _, fields in rows)
    assert all(place is not None and place.line is not None for place in places)
