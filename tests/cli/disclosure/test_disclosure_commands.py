"""``qalqan disclosure``: the commands as people type them, and one error for each fault."""

from __future__ import annotations

import csv
import json
import sys

import pytest

from qalqan.cli.app import run

ROWS = {
    "Aktobe": (41, 33, 27, 18), "Alga": (3, 12, 9, 7), "Khromtau": (14, 11, 2, 8),
    "Martuk": (10, 6, 13, 5), "Temir": (9, 8, 6, 1),
}  # fmt: skip
THEMES = ("fraud", "family", "road", "fire")


def call(capsys, *arguments):
    """Run the command in this process; return exit code, output and messages."""
    code, given, typed = 0, sys.argv, ["disclosure", *map(str, arguments)]
    # Whether an error is told as JSON is read from what was typed.
    sys.argv = ["qalqan", *typed]
    try:
        run(typed)
    except SystemExit as stop:
        code = stop.code or 0
    finally:
        sys.argv = given
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def wide(tmp_path):
    path = tmp_path / "wide.csv"
    lines = [f"district,{','.join(THEMES)},Барлығы"]
    lines += [f"{name},{','.join(map(str, row))},{sum(row)}" for name, row in ROWS.items()]
    totals = [sum(column) for column in zip(*ROWS.values(), strict=True)]
    lines.append(f"Итого,{','.join(map(str, totals))},{sum(totals)}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def long(tmp_path):
    path = tmp_path / "long.csv"
    rows = [f"{name};{theme};{count}" for name, row in ROWS.items()
            for theme, count in zip(THEMES, row, strict=True)]  # fmt: skip
    path.write_text("\n".join(["district;theme;count", *rows]), encoding="utf-8-sig")
    return path


def hidden(found):
    return {tuple(one["labels"].values()) for one in found["cells"] if one["published"] is None}


def test_lists_and_cross_tables_are_protected_alike(wide, long, capsys):
    answers = []
    for path in (wide, long):
        code, out, err = call(capsys, "protect", path, "--threshold", 5, "--json")
        assert (code, err) == (0, "")
        answers.append(json.loads(out))
    assert hidden(answers[0]) == hidden(answers[1])
    for found in answers:
        assert (found["status"], found["cost"], found["bound"], found["gap"]) == (
            "optimal",
            26,
            26,
            0,
        )
        assert found["counts"] == {"published": 24, "primary": 3, "complementary": 3}
        cell = next(
            one for one in found["cells"] if list(one["labels"].values()) == ["Alga", "fraud"]
        )
        assert cell["value"] == 3
        assert cell["status"] == "primary"
        assert cell["attacker"]["low"] <= 2
        assert cell["attacker"]["high"] >= 4


def test_what_is_written_tells_nothing_and_stands_the_audit(wide, tmp_path, capsys):
    out, office = tmp_path / "out.csv", tmp_path / "office.csv"
    assert call(capsys, "protect", wide, "--out", out, "--office", office)[0] == 0
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert {row["status"] for row in rows} == {"published", "suppressed"}
    assert sum(row["count"] == "x" for row in rows) == 6
    code, text, _ = call(capsys, "audit", out, "--json")
    found = json.loads(text)
    assert code == 0
    assert (found["safe"], found["hidden"]) == (True, 6)
    # The office's copy knows the truth, and is judged by it.
    code, text, _ = call(capsys, "audit", office, "--json")
    assert (code, json.loads(text)["safe"]) == (0, True)


def test_the_audit_names_what_can_be_computed(wide, capsys):
    wide.write_text(wide.read_text(encoding="utf-8").replace("Alga,3,", "Alga,x,"), "utf-8")
    code, out, _ = call(capsys, "audit", wide, "--json")
    found = json.loads(out)
    cell = next(one for one in found["cells"] if one["labels"] == {
        "district": "Alga", "column": "fraud"
    })  # fmt: skip
    assert code == 1
    assert cell["attacker"] == {"low": 3, "high": 3}
    assert cell["fails"]
    code, out, _ = call(capsys, "audit", wide)
    assert code == 1
    assert "NOT SAFE" in out


def test_two_editions_tell_together_what_neither_tells(tmp_path, capsys):
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text("area,f,m,total\nA,x,x,12\nB,x,x,15\ntotal,11,16,27\n")
    second.write_text("area,f,m,total\nA,x,x,12\nB,x,7,15\ntotal,11,16,27\n")
    assert call(capsys, "audit", first)[0] == 0
    code, out, _ = call(capsys, "audit", first, second, "--json")
    found = json.loads(out)
    assert code == 1
    assert found["editions_hang_together"] == "same"
    assert {one["labels"]["area"] for one in found["cells"] if one["fails"]} == {"A"}


def test_growing_editions_are_subtracted(tmp_path, capsys):
    for name, count in (("a", 30), ("b", 32)):
        (tmp_path / f"{name}.csv").write_text(f"area,count\nA,{count}\nB,{2 * count}\n")
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    code, out, _ = call(capsys, "audit", *files, "--editions", "grows", "--json")
    assert code == 1
    told = [one for one in json.loads(out)["cells"] if one["status"] == "difference"]
    assert {(one["attacker"]["low"], one["attacker"]["high"]) for one in told} == {(2, 2), (4, 4)}
    code, out, _ = call(capsys, "audit", *files, "--json")
    assert code == 0
    assert json.loads(out)["editions_hang_together"] == "separate"
    assert "--editions grows" in json.loads(out)["note"]


def test_a_later_edition_is_protected_beside_the_one_before(tmp_path, long, wide, capsys):
    office = tmp_path / "office.csv"
    call(capsys, "protect", long, "--office", office)
    code, out, _ = call(capsys, "protect", long, "--earlier", office, "--json")
    found = json.loads(out)
    assert code == 0
    assert len(hidden(found)) == 6
    assert found["cost"] <= 26


def test_linked_tables_and_a_hierarchy(tmp_path, capsys):
    one, two = tmp_path / "theme.csv", tmp_path / "sex.csv"
    one.write_text("area,theme,count\nA1,x,3\nA1,y,9\nA2,x,8\nA2,y,7\nB1,x,9\nB1,y,6\n")
    two.write_text("area,sex,count\nA1,f,6\nA1,m,6\nA2,f,8\nA2,m,7\nB1,f,7\nB1,m,8\n")
    tree = tmp_path / "tree.csv"
    tree.write_text("dimension,level,parent\narea,A1,A\narea,A2,A\narea,B1,B\n")
    code, out, _ = call(capsys, "protect", one, two, "--hierarchy", tree, "--json")
    found = json.loads(out)
    assert code == 0
    assert ("A", "x") in {tuple(cell["labels"].values()) for cell in found["cells"]}


def test_rounding_to_base_five(long, capsys):
    code, out, _ = call(capsys, "protect", long, "--round", 5, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["method"] == "rounding"
    assert all(cell["published"] % 5 == 0 for cell in found["cells"])


@pytest.mark.parametrize("cost", ["count", "log"])
def test_other_costs(long, cost, capsys):
    code, out, _ = call(capsys, "protect", long, "--cost", cost, "--json")
    found = json.loads(out)
    assert (code, found["status"]) == (0, "optimal")
    if cost == "count":
        # Three small cells in three rows and columns need three more to close the rings.
        assert found["cost"] == 3


def test_sums_with_a_dominant_contributor(tmp_path, capsys):
    path = tmp_path / "turnover.csv"
    path.write_text(
        "area,kind,value,top1,top2\nA,x,100,90,5\nA,y,120,30,20\nB,x,130,40,30\nB,y,140,30,30\n"
    )
    code, out, _ = call(capsys, "protect", path, "--dominance", "1,75", "--json")
    found = json.loads(out)
    assert code == 0
    cell = found["cells"][0]
    assert cell["status"] == "primary"
    # 90 is 75 % of 120.
    assert cell["attacker"]["high"] >= 120


def test_the_words_for_people(long, capsys):
    _, out, _ = call(capsys, "protect", long)
    assert "proven cheapest" in out
    assert "safe: the attacker's audit found nothing" in out


def test_records_that_too_few_resemble(tmp_path, capsys):
    path = tmp_path / "records.csv"
    path.write_text("sex,area,age\nf,A,20\nf,A,20\nm,A,20\n")
    code, out, _ = call(capsys, "anonymity", path, "--by", "sex,area", "--k", 2, "--json")
    found = json.loads(out)
    assert code == 1
    assert found["small_classes"] == [{"values": {"sex": "m", "area": "A"}, "records": 1}]
    assert found["suggestions"]["make_coarser"][0]["column"] == "sex"
    assert call(capsys, "anonymity", path, "--by", "area", "--k", 3)[0] == 0


HEAD = "area,theme,count\n"
GOOD = HEAD + "A,x,3\nA,y,9\nB,x,8\nB,y,7\n"
BAD = [
    ("empty", "", [], "the file is empty", None),
    ("blank lines", "\n\n", [], "the file is empty", None),
    ("no rows", HEAD, [], "no rows", None),
    ("no text", "a,b\0\n1,2\n", [], "this is not text", 1),
    ("one column", "count\n3\n", [], "at least two columns", 1),
    ("a name twice", "area,Area,count\nA,x,3\n", [], "two columns", 1),
    ("a nameless column", "area,,count\nA,x,3\n", [], "column 2 has no name", 1),
    ("a short row", HEAD + "A,x,3\nB,8\n", [], "2 values under 3 names", 3),
    ("a long row", HEAD + "A,x,3,4\n", [], "4 values under 3 names", 2),
    ("no number", HEAD + "A,x,3\nB,x,many\n", [], "neither a count nor a mark", 3),
    ("a dash", HEAD + "A,x,3\nB,x,-\n", [], "neither a count nor a mark", 3),
    ("below zero", HEAD + "A,x,-3\n", [], "below 0", 2),
    ("infinite", HEAD + "A,x,inf\n", [], "not a finite number", 2),
    ("too large", HEAD + "A,x,1e999\n", [], "not a finite number", 2),
    ("half a person", HEAD + "A,x,2.5\nA,y,4\n", [], "is no count", 2),
    ("no label", HEAD + "A,x,3\n,x,8\n", [], "there is no label", 3),
    ("a cell twice", HEAD + "A,x,3\nA,x,3\n", [], "already in line 2", 3),
    ("a wrong total", GOOD + "A,total,13\n", [], "add up to 12", 6),
    ("a wrong grand total", "r,x,y,total\nA,3,9,12\nB,8,7,15\ntotal,11,16,28\n", [], "add up", 4),
    ("hidden counts", HEAD + "A,x,x\nA,y,9\n", [], "true count of every cell", 2),
    ("two totals", "r,total,Итого\nA,3,3\nB,4,4\n", [], "two columns are totals", 1),
    ("an unknown status", "area,count,status\nA,3,maybe\n", [], "is no status", 2),
    ("published without a count", "area,count,status\nA,x,published\n", [], "no count", 2),
    ("which column", "area,n,count\nA,3,4\n", [], "which column holds the counts", 1),
    ("no such column", GOOD, ["--count", "people"], "no column 'people'", 1),
    ("an unclosed quote", HEAD + 'A,"x,3\n', [], "no CSV", 2),
    ("two editions", "area,count,edition\nA,3,1\nB,4,1\nA,3,2\n", [], "one edition", 4),
    ("bad zeros", GOOD, ["--zeros", "many"], "--zeros is one of", None),
    ("bad cost", GOOD, ["--cost", "free"], "--cost is one of", None),
    ("bad threshold", GOOD, ["--threshold", "0"], "--threshold", None),
    ("bad threshold", GOOD, ["--threshold", "nan"], "--threshold", None),
    ("bad protection", GOOD, ["--protection", "-1"], "--protection", None),
    ("bad base", GOOD, ["--round", "1"], "--round is a base", None),
    ("no time", GOOD, ["--time-limit", "0"], "--time-limit", None),
    ("bad dominance", GOOD, ["--dominance", "two"], "--dominance is n,k", None),
    ("no contributions", GOOD, ["--dominance", "1,80"], "need columns top1", 1),
    ("bad editions", GOOD, ["--editions", "old"], "--editions is one of", None),
    ("too much on top", "area,value,top1\nA,5,9\nB,8,2\n", ["--dominance", "1,80"], "more than", 2),
    ("rising tops", "area,value,top1,top2\nA,9,2,3\n", ["--dominance", "1,80"], "do not fall", 2),
]


@pytest.mark.parametrize(
    ("what", "text", "options", "message", "line"), BAD, ids=[one[0] for one in BAD]
)
def test_bad_input_is_named_by_file_and_line(
    tmp_path, capsys, what, text, options, message, line
):  # fmt: skip
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    code, out, _ = call(capsys, "protect", path, *options, "--json")
    error = json.loads(out)["error"]
    assert code == 2, what
    assert message in error["message"]
    assert error["line"] == line
    if line is not None:
        assert error["file"] == str(path)


TREES = [
    ("level,parent\nA,N\n", "there is no column 'dimension'"),
    ("dimension,level,parent\nregion,A,N\n", "no table has a dimension"),
    ("dimension,level,parent\narea,A,A\n", "cannot stand under"),
    ("dimension,level,parent\narea,A,N\narea,A,S\n", "has a parent already"),
    ("dimension,level,parent\narea,A,B\narea,B,A\n", "in a circle"),
]


@pytest.mark.parametrize(("text", "message"), TREES)
def test_bad_hierarchies_are_named(tmp_path, capsys, text, message):
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "tree.csv").write_text(text)
    code, out, _ = call(
        capsys, "protect", tmp_path / "good.csv", "--hierarchy", tmp_path / "tree.csv", "--json"
    )
    assert code == 2
    assert message in json.loads(out)["error"]["message"]


def test_editions_that_contradict_each_other_are_named(tmp_path, capsys):
    for name, count in (("a", 30), ("b", 20)):
        (tmp_path / f"{name}.csv").write_text(f"area,count\nA,{count}\nB,{count}\n")
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    code, out, _ = call(capsys, "audit", *files, "--editions", "same", "--json")
    assert code == 2
    assert json.loads(out)["error"]["line"] == 2
    code, out, _ = call(capsys, "audit", *files, "--editions", "grows", "--json")
    assert code == 2
    assert "smaller than in the edition before" in json.loads(out)["error"]["message"]


def test_missing_and_repeated_files(tmp_path, long, capsys):
    assert "no such file" in call(capsys, "audit", tmp_path / "none.csv")[2]
    assert "not a file" in call(capsys, "audit", tmp_path)[2]
    assert "given twice" in call(capsys, "audit", long, long)[2]


def marked(mark: str) -> str:
    """Return the cross-table as published, with a mark where six cells are hidden."""
    gone = {("Alga", 0), ("Alga", 2), ("Khromtau", 2), ("Khromtau", 3), ("Temir", 0), ("Temir", 3)}
    lines = [f"district,{','.join(THEMES)},Total"]
    for name, row in ROWS.items():
        shown = [mark if (name, place) in gone else str(n) for place, n in enumerate(row)]
        lines.append(f"{name},{','.join(shown)},{sum(row)}")
    totals = [sum(column) for column in zip(*ROWS.values(), strict=True)]
    return "\n".join([*lines, f"Total,{','.join(map(str, totals))},{sum(totals)}"])


def test_one_cell_that_is_no_figure_does_not_turn_a_cross_table_into_a_list(tmp_path, capsys):
    path = tmp_path / "published.csv"
    path.write_text(marked("–"), encoding="utf-8")
    code, _, told = call(capsys, "audit", path)
    assert code
    assert "published.csv:3" in "".join(told.split())
    assert "0 or x" in " ".join(told.split())


@pytest.mark.parametrize("words", [("true", "false"), ("1", "0"), ("иә", "жоқ")])
def test_a_column_of_yes_and_no_tells_what_is_hidden(tmp_path, capsys, words):
    path = tmp_path / "published.csv"
    head, *rows = [line.split(",") for line in marked("x").splitlines()]
    lines = ["district,theme,count,suppressed"]
    for name, *row in rows:
        for theme, text in zip(head[1:], row, strict=True):
            flag = words[0] if text == "x" else words[1]
            lines.append(f"{name},{theme},{'' if text == 'x' else text},{flag}")
    path.write_text("\n".join(lines), encoding="utf-8")
    code, said, _ = call(capsys, "audit", path, "--json")
    found = json.loads(said)
    assert (code, found["hidden"], found["safe"]) == (0, 6, True)
    ends = {
        tuple(one["labels"].values()): (one["attacker"]["low"], one["attacker"]["high"])
        for one in found["cells"] if one["status"] == "suppressed"
    }  # fmt: skip
    assert ends["Alga", "fraud"] == (2, 11)
    assert ends["Temir", "fire"] == (0, 9)
