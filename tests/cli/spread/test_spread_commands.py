"""``qalqan spread forecast | simulate | messengers``: from files, with one error for each fault."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.ctrl_c import press_ctrl_c

from qalqan.cli.app import run
from qalqan.science.spread.forecast import forecast_copies

NODES = "id,kind,weight\nforum,channel,100\ncity,channel,50\n" + "".join(
    f"g{k},group,10\n" for k in range(8)
)
EDGES = "source,target,chance\n" + "".join(f"forum,g{k},0.9\n" for k in range(6)) + "city,g7,1\n"


def call(capsys, *arguments):
    """Run a command in this process; return exit code, output and messages."""
    code = 0
    try:
        run(["spread", *map(str, arguments)])
    except SystemExit as stop:
        code = stop.code or 0
    said = capsys.readouterr()
    return code, said.out, said.err


def written(folder, **files):
    paths = []
    for name, text in files.items():
        path = folder / f"{name}.csv"
        path.write_text(text)
        paths.append(path)
    return paths


COPIES = "claim,time\n" + "".join(
    f"{claim},2026-03-01T{hour:02d}:{minute:02d}:00+05:00\n"
    for claim, hour, count in [("a", 9, 3), ("a", 10, 9), ("b", 5, 2), ("b", 10, 1)]
    for minute in range(count)
)


def test_a_forecast_is_that_of_the_function(tmp_path, capsys):
    (path,) = written(tmp_path, copies=COPIES)
    code, out, _ = call(capsys, "forecast", path, "--more", 5, "--probability", 0.6, "--json")
    assert code == 0
    result = json.loads(out)
    table = np.zeros((2, 6), dtype=int)
    table[0, -2:] = 3, 9
    table[1, [0, 5]] = 2, 1
    found = forecast_copies(table)
    assert result["now"] == "2026-03-01T06:00:00+00:00"
    assert [(r["claim"], r["hours"]) for r in result["forecasts"]] == [
        (claim, hours) for claim in "ab" for hours in (1, 6, 24)
    ]
    for name, expected in [("mean", found.mean), ("low", found.low), ("high", found.high)]:
        np.testing.assert_allclose([r[name] for r in result["forecasts"]], expected.ravel())
    chances = [r["chance_of_5_more"] for r in result["forecasts"]]
    np.testing.assert_allclose(chances, found.prob_at_least(5).ravel())
    assert {alarm["claim"] for alarm in result["alarms"]} == {
        claim for claim, chance in zip("ab", chances[2::3], strict=True) if chance >= 0.6
    }
    assert result["identified"] is False
    assert "not identified" in result["note"]


def test_hours_and_counts_may_be_numbers(tmp_path, capsys):
    dated = call(capsys, "forecast", *written(tmp_path, copies=COPIES), "--json")
    (plain,) = written(tmp_path, plain="claim;time;copies\na;4;3\na;5;9\nb;0;2\nb;5;1\n")
    code, out, _ = call(capsys, "forecast", plain, "--json")
    assert code == 0
    assert json.loads(out)["forecasts"] == json.loads(dated[1])["forecasts"]
    earlier = call(capsys, "forecast", plain, "--now", 5, "--json")
    assert json.loads(earlier[1])["forecasts"][0]["mean"] < json.loads(out)["forecasts"][0]["mean"]


def test_links_tell_broadcast_from_person_to_person(tmp_path, capsys):
    rows = "claim,time,id,parent\na,0,r,\n"
    rows += "".join(f"a,1,x{k},r\n" for k in range(20)) + "".join(
        f"a,2,y{k},x0\n" for k in range(7)
    )
    code, out, _ = call(capsys, "forecast", *written(tmp_path, linked=rows), "--json")
    assert code == 0
    (kinds,) = json.loads(out)["spread"]
    assert (kinds["broadcast"], kinds["passed_on"], kinds["identified"]) == (20, 7, True)


def test_a_forecast_can_be_fitted_to_the_file(tmp_path, capsys):
    rng, rows = np.random.default_rng(1), ["claim,time,copies"]
    for claim in range(40):
        rows += [f"c{claim},{hour},{n}" for hour, n in enumerate(rng.poisson(2, 120)) if n]
    (path,) = written(tmp_path, many="\n".join(rows))
    code, out, _ = call(capsys, "forecast", path, "--horizons", 24, "--fit", "--json")
    assert code == 0
    means = [row["mean"] for row in json.loads(out)["forecasts"]]
    assert np.mean(means) == pytest.approx(48, rel=0.1)
    early = [row for row in rows[1:] if int(row.split(",")[1]) < 80]
    (short,) = written(tmp_path, short="\n".join(rows[:1] + early))
    code, _, err = call(capsys, "forecast", short, "--horizons", 24, "--fit")
    assert code == 2
    assert "four days" in err


def test_a_simulation_says_what_an_hour_costs(tmp_path, capsys):
    edges, nodes = written(tmp_path, edges=EDGES, nodes=NODES)
    arguments = [
        "simulate", edges, "--nodes", nodes, "--start", "forum", "--answer", "g0,g1",
        "--answer-at", 0.5, "--runs", 400, "--hours", 48,
    ]  # fmt: skip
    code, out, _ = call(capsys, *arguments, "--json")
    assert code == 0
    result = json.loads(out)
    cases = {row["case"]: row for row in result["outcomes"]}
    # The forum counts 100, and each of six groups of 10 hears it with chance 0.9.
    alone = cases["without correction"]
    assert alone["believed_low"] - 1 < 154 < alone["believed_high"] + 1
    assert cases["as given"]["believed"] < cases["correction an hour later"]["believed"] < 154
    cost = result["one_hour_costs"]
    assert 0 < cost["low"] < cost["value"] < cost["high"]
    assert sum(result["curve"]) == pytest.approx(cases["as given"]["believed"])
    assert call(capsys, *arguments, "--json")[1] == out


def test_messengers_stand_beside_the_most_connected(tmp_path, capsys):
    edges, nodes = written(tmp_path, edges=EDGES, nodes=NODES)
    out = tmp_path / "ask.csv"
    code, _, _ = call(
        capsys, "messengers", edges, "--nodes", nodes, "-k", 2, "--runs", 200, "--out", out
    )
    assert code == 0
    rows = list(csv.DictReader(out.open()))
    assert {row["ask"] for row in rows} == {"forum", "city"}
    code, text, _ = call(capsys, "messengers", edges, "--nodes", nodes, "-k", 1, "--runs", 50)
    assert "no better than the most connected" in text


BAD = [
    (["forecast"], {"a": "claim,time\na,x\n"}, "a.csv:2: time: 'x' is neither"),
    (["forecast"], {"a": "claim,time\na,2026-01-01\n,2026-01-01\n"}, "a.csv:3: claim"),
    (["forecast"], {"a": "claim,time\na,1e300\n"}, "a.csv:2: time"),
    (["forecast"], {"a": "claim,time,copies\na,1,0.5\n"}, "a.csv:2: copies"),
    (["forecast", "--horizons", "1,x"], {"a": "claim,time\na,1\n"}, "--horizons"),
    (["forecast", "--horizons", "48"], {"a": "claim,time\na,1\n"}, "from 1 to 24"),
    (["forecast", "--now", "soon"], {"a": "claim,time\na,1\n"}, "--now"),
    (["forecast", "--now", "0"], {"a": "claim,time\na,1\n"}, "no copy before"),
    (["forecast", "--probability", "2"], {"a": "claim,time\na,1\n"}, "between 0 and 1"),
    (["forecast", "--fit"], {"a": "claim,time\na,1\n"}, "too few"),
    (["forecast"], {"a": "claim,time,id,parent\na,1,x,\na,1,x,\n"}, "a.csv:3: id"),
    (["forecast"], {"a": "claim,time,id,parent\na,1,x,x\n"}, "a.csv:2: parent"),
    (["simulate", "--start", "q"], {"a": "source,target\nx,y\n"}, "no node 'q'"),
    (["simulate", "--start", ""], {"a": "source,target\nx,y\n"}, "starts nowhere"),
    (["simulate", "--start", "x"], {"a": "source,target,chance\nx,y,2\n"}, "a.csv:2: chance"),
    (["simulate", "--start", "x", "--chance", "7"], {"a": "source,target\nx,y\n"}, "--chance"),
    (["simulate", "--start", "x", "--delay", "0"], {"a": "source,target\nx,y\n"}, "above 0"),
    (["messengers"], {"a": EDGES, "nodes": "id,kind\nforum,person\n"}, "nodes.csv:2: kind"),
    (
        ["messengers"],
        {"a": EDGES, "nodes": "id,kind\nforum,group\ncity,group\n"},
        "a.csv:2: target",
    ),
    (["messengers"], {"a": EDGES, "nodes": "id\nforum\n"}, "no column 'kind'"),
    (["messengers"], {"a": EDGES, "nodes": NODES + "forum,group,1\n"}, "nodes.csv:12: id"),
    (["messengers", "-k", "99"], {"a": EDGES, "nodes": NODES}, "between 1 and 10"),
]


@pytest.mark.parametrize(("arguments", "files", "said"), BAD, ids=[said for *_, said in BAD])
def test_what_is_wrong_is_one_line_with_its_place(tmp_path, capsys, arguments, files, said):
    paths = written(tmp_path, **files)
    more = ["--nodes", paths[1]] if len(paths) > 1 else []
    code, out, err = call(capsys, arguments[0], paths[0], *arguments[1:], *more)
    assert code == 2
    assert said in err.replace("\n", "")
    assert "Traceback" not in err
    assert out == ""


PIECES = st.sampled_from(["a", "b", "1", "-1", "0.5", "", "2026-01-01", "inf", "nan", "x,y", "é"])


@pytest.mark.parametrize(
    ("command", "header"),
    [
        (["forecast"], "claim,time,copies"),
        (["forecast"], "claim,time,id,parent"),
        (["simulate", "--start", "a", "--runs", "2"], "source,target,chance"),
    ],
)
@given(rows=st.lists(st.lists(PIECES, min_size=2, max_size=4), max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
def test_no_table_brings_a_command_down(tmp_path, capsys, command, header, rows):
    (path,) = written(tmp_path, any=header + "\n" + "\n".join(",".join(row) for row in rows))
    code, out, err = call(capsys, command[0], path, *command[1:], "--json")
    assert code in (0, 2)
    if code == 0:
        json.loads(out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    else:
        assert err.startswith("qalqan: ")


def test_ctrl_c_stops_and_leaves_nothing_behind(tmp_path):
    rng = np.random.default_rng(1)
    pairs = rng.integers(0, 20_000, (80_000, 2))
    (edges,) = written(tmp_path, edges="source,target\n" + "".join(f"{a},{b}\n" for a, b in pairs))
    code, said = press_ctrl_c(
        ["spread", "simulate", str(edges), "--start", "1", "--chance", "0.5",
         "--runs", "1000000", "--out", str(tmp_path / "out.csv")]
    )  # fmt: skip
    assert code == 130, said
    assert "Traceback" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["edges.csv"]
