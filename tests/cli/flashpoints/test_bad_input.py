"""Whatever is wrong in a file is named by file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.flashpoints.support import basic, run, scanned, written

from qalqan.errors import InputError

CSV_CASES = "place,date,cases\na,2001-01-01,3\nb,2001-01-02,2\na,2001-01-03,4\n"
CSV_GEO = "place,latitude,longitude\na,50,57\nb,50.5,57.5\n"
CSV_POP = "place,population\na,100\nb,200\n"

# file that is changed, its text, file:line that is named, field, words of the message
WRONG = [
    ("x_cas", "a 9\nzz 1\n", "x.cas:2", "id", "'zz' is no area of the coordinates"),
    ("x_cas", "a 9\nb -1\n", "x.cas:2", "cases", "-1 is negative"),
    ("x_cas", "a 9\nb one\n", "x.cas:2", "cases", "'one' is no number"),
    ("x_cas", "a 9\nb nan\n", "x.cas:2", "cases", "no number"),
    ("x_cas", "a 9\nb 1e999\n", "x.cas:2", "cases", "no number"),
    ("x_cas", "a 9\nb 1.5\n", "x.cas:2", "cases", "no whole number"),
    ("x_cas", "a 9\nb\n", "x.cas:2", "cases", "missing or empty"),
    ("x_cas", "a 9\nb 1 old\n", "x.cas:2", "covariates", "1 covariates, but 0"),
    ("x_cas", "", "x.cas", None, "empty"),
    ("x_pop", "a 2000 10\nb 2000 -5\n", "x.pop:2", "population", "-5 is negative"),
    ("x_pop", "a 2000 10\nzz 2000 5\n", "x.pop:2", "id", "'zz' is no area"),
    ("x_pop", "a 2000 10\nb 2000/13 5\n", "x.pop:2", "date", "no date of the calendar"),
    ("x_pop", "a 2000 10\nb soon 5\n", "x.pop:2", "date", "'soon' is no date"),
    ("x_pop", "a 2000 10\nb 2000 5\nc 2000 0\nd 2000 1\n", "x.cas:3", "id",
     "1 cases in 'c', but no population"),
    ("x_pop", "a 2000 10 m\nb 2000 5\n", "x.pop:1", "covariates", "1 covariates here, 0 in"),
    ("x_geo", "a 0 0\nb 1 0\na 5 0\n", "x.geo:3", "id", "coordinates twice, first on line 1"),
    ("x_geo", "a 0 0\nb 1\n", "x.geo:2", "second", "missing or empty"),
    ("x_geo", "a 0 0\nb 1 west\n", "x.geo:2", "second", "'west' is no number"),
    ("x_geo", "a 0 0\nb 1 inf\n", "x.geo:2", "second", "no number"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "where", "field", "words"), WRONG)
def test_a_wrong_field_is_named(
    tmp_path: Path, name: str, text: str, where: str, field: str | None, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        run("scan", *basic(tmp_path, **{name: text}))
    said = caught.value
    assert words in str(said)
    assert f"{tmp_path}/{where}" in str(said)
    assert (said.location.field or "").startswith(field or "")
    assert not list(tmp_path.glob("*.json"))


CSV_WRONG = [
    ("cases_csv", CSV_CASES.replace("cases", "said"), "cases.csv:1", "no column for the cases"),
    ("cases_csv", CSV_CASES.replace("b,2001-01-02,2", "b,2001-02-02,2"), "cases.csv:3",
     "2001-02-02 is outside the period 2001-01-01 to 2001-01-31"),
    ("cases_csv", CSV_CASES.replace("2001-01-02", "2001-02-30"), "cases.csv:3", "no date of"),
    ("cases_csv", CSV_CASES.replace("2001-01-02", ""), "cases.csv:3", "missing or empty"),
    ("cases_csv", CSV_CASES + 'a,2001-01-03,"4\n', "cases.csv:5", "no CSV"),
    ("geo_csv", CSV_GEO.replace("50.5", "95"), "geo.csv:3", "95 is outside -90 to 90 degrees"),
    ("geo_csv", CSV_GEO.replace("latitude", "where"), "geo.csv:1", "no column for the coordinates"),
    ("geo_csv", CSV_GEO + "b,50.5,57.5\n", "geo.csv:4", "coordinates twice, first on line 3"),
    ("pop_csv", CSV_POP.replace("200", "-200"), "pop.csv:3", "-200 is negative"),
    ("pop_csv", CSV_POP.replace("population", "height"), "pop.csv:1", "no column for the pop"),
    ("pop_csv", "place,population\na,100\n", "cases.csv:3", "but no population"),
]  # fmt: skip


def csv_scan(folder: Path, **changed: str) -> list[object]:
    texts = {"cases_csv": CSV_CASES, "geo_csv": CSV_GEO, "pop_csv": CSV_POP} | changed
    paths = written(folder, **texts)
    return [
        "--cases", paths["cases_csv"], "--population", paths["pop_csv"], "--coordinates",
        paths["geo_csv"], "--time", "retrospective", "--start", "2001-01-01", "--end", "2001-01-31",
        "--replicates", "9", "--workers", "1",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "where", "words"), CSV_WRONG)
def test_a_wrong_field_of_csv_is_named(
    tmp_path: Path, name: str, text: str, where: str, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        run("scan", *csv_scan(tmp_path, **{name: text}))
    assert words in str(caught.value)
    assert f"{tmp_path}/{where}" in str(caught.value)


def test_good_csv_passes_and_says_what_was_assumed(tmp_path: Path) -> None:
    found = scanned(tmp_path, *csv_scan(tmp_path))
    assert found["cases"] == 9
    assert found["metric"] == "greatcircle"
    assert found["period"] == {
        "start": "2001-01-01", "end": "2001-01-31", "unit": "day", "number": 31,
    }  # fmt: skip


def test_dates_with_the_year_last_are_told_to_begin_with_the_month(tmp_path: Path) -> None:
    cases = "place,date,cases\na,01/02/2001,4\n"
    found = scanned(tmp_path, *csv_scan(tmp_path, cases_csv=cases))
    assert (
        f"{tmp_path}/cases.csv: 01/02/2001 and the like are read as month/day/year"
        in (found["notes"])
    )


def test_relaxed_leaves_out_and_counts(tmp_path: Path) -> None:
    text = CSV_CASES + "a,2002-01-01,5\nzz,2001-01-05,1\n"
    found = scanned(tmp_path, *csv_scan(tmp_path, cases_csv=text), "--relaxed")
    assert found["cases"] == 9
    assert any("1 rows left out, outside the period" in note for note in found["notes"])
    assert any("1 rows left out, outside the area" in note for note in found["notes"])


def test_duplicate_coordinates_of_two_areas_are_told(tmp_path: Path) -> None:
    text = "a 0 0\nb 1 0\nc 5 0\nd 1 0\n"
    found = scanned(tmp_path, *basic(tmp_path, x_geo=text))
    assert any("duplicate coordinates: d (line 4) on the spot of b (line 2)" in note
               for note in found["notes"])  # fmt: skip


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"a 1\n\xff\xfe 2\n", "not UTF-8"), (b"a\x001\n", "no text file")],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    arguments = basic(tmp_path)
    (tmp_path / "x.cas").write_bytes(data)
    with pytest.raises(InputError, match=words):
        run("scan", *arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--time", "sometimes"], "--time sometimes: unknown"),
        (["--model", "bernoulli"], "one --controls FILE for each --cases FILE"),
        (["--zones", "adjacency"], "zones of neighbours need --neighbours"),
        (["--time", "retrospective"], "needs dates of cases"),
        (["--json", "/no/such/folder/out.json"], "no such folder"),
        (["--start", "2001", "--end", "2000"], "before it begins"),
        (["--start", "someday"], "no date"),
        (["--max-share", "7"], "largest share"),
        (["--replicates", "-1"], "replicates"),
        (["--seed", "-1"], "seed"),
        (["--cases-column", "n"], "x.cas:1: n: the file has no names of columns"),
        (["--cases", "missing.cas"], "one --population FILE for each"),
    ],
)
def test_a_wrong_option_is_named(tmp_path: Path, arguments: list[str], words: str) -> None:
    with pytest.raises(InputError) as caught:
        run("scan", *basic(tmp_path), *arguments)
    assert words in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    arguments = basic(tmp_path)
    (tmp_path / "x.pop").unlink()
    with pytest.raises(InputError, match=r"x.pop: there is no such file"):
        run("scan", *arguments)


def test_neighbours_that_are_no_areas_are_named(tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    edges.write_text("i,j\na,b\nb,zz\n")
    with pytest.raises(InputError, match=r"edges.csv:3: neighbour: 'zz' is no area"):
        run("scan", *basic(tmp_path), "--zones", "adjacency", "--neighbours", edges)
