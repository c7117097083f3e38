"""Commands of protection: what they print, and what they refuse by file, line and column."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from qalqan.cli.app import run

HEAD = "id,defender_covered,defender_uncovered,attacker_covered,attacker_uncovered\n"
GAME = HEAD + "bank,0,-4,0,4\nshop,0,-2,0,2\n"


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    def call(*arguments: object) -> tuple[int, str, str]:
        given = ["protection", *map(str, arguments)]
        monkeypatch.setattr("sys.argv", ["qalqan", *given])
        with pytest.raises(SystemExit) as stopped:
            run(given)
        out, err = capsys.readouterr()
        return int(stopped.value.code or 0), out, " ".join(err.split())

    return call


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_game_prints_the_keys_it_promises(command, tmp_path) -> None:
    targets = write(tmp_path / "t.csv", GAME)
    code, out, _err = command("game", "--targets", targets, "--resources", 1, "--json")
    found: dict[str, Any] = json.loads(out)
    assert code == 0
    # 4 (1 - c) = 2 c gives c = 2/3, and 4/3 to the attacker; worked by hand.
    assert found["coverage"] == pytest.approx({"bank": 2 / 3, "shop": 1 / 3})
    assert found["attacker_value"] == pytest.approx(4 / 3)
    assert found["defender_value"] == pytest.approx(-4 / 3)
    assert found["attacked"] in ("bank", "shop")
    assert found["baselines"] == pytest.approx(
        {"uniform": -2.0, "proportional": -4 / 3, "fixed": -2.0}
    )
    assert command("game", "--targets", targets, "--resources", 1, "--spread", 1)[0] == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "a,0,-4,0,4\nb,-3,-2,0,2\n", ":3: defender_covered: defender_covered is less"),
        (HEAD + "a,0,-4,5,4\n", ":2: attacker_covered: attacker_covered is more"),
        (HEAD + "a,0,-4,0,4\n\na,0,-2,0,2\n", ":4: id: 'a' is already in line 2"),
        (HEAD + "a,0,x,0,4\n", ":2: defender_uncovered: 'x' is not a number"),
        (HEAD + "a,0,nan,0,4\n", ":2: defender_uncovered"),
        (HEAD + "a,0,-4,0,inf\n", ":2: attacker_uncovered"),
        (HEAD + "a,0,-4,0\n", ":2: 4 values under 5 names"),
        (HEAD + ",0,-4,0,4\n", ":2: id: there is no value"),
        (HEAD, "there are no rows"),
        ("id,defender_covered\na,1\n", ":1: there is no column 'defender_uncovered'"),
        ("", "the file is empty"),
        (HEAD + "a,0,-4e13,0,4\n", ":2: defender_uncovered: defender_uncovered is beyond"),
    ],
)
def test_game_refuses_by_line_and_column(command, tmp_path, text, said) -> None:
    targets = write(tmp_path / "t.csv", text)
    code, out, err = command("game", "--targets", targets, "--resources", 1)
    assert code == 2
    assert out == ""
    assert f"t.csv{said}" in err.replace(" :", ":") or said in err


def test_game_refuses_a_negative_number_and_a_missing_file(command, tmp_path) -> None:
    targets = write(tmp_path / "t.csv", GAME)
    assert command("game", "--targets", targets, "--resources", -1)[0] == 2
    assert command("game", "--targets", tmp_path / "no.csv", "--resources", 1)[0] == 2


def test_sample_keeps_the_marginals_and_tells_its_entropy(command, tmp_path) -> None:
    marginals = write(tmp_path / "c.csv", "id,probability\na,0.5\nb,0.5\nc,0.5\nd,0.5\n")
    ask = ("sample", "--marginals", marginals, "--count", 2, "--draws", 4000, "--seed", 7, "--json")
    code, out, _err = command(*ask)
    found = json.loads(out)
    assert code == 0
    assert found["entropy_bits"] == pytest.approx(math.log2(6))
    assert len(found["schedules"]) == 4000
    assert all(len(set(one)) == 2 for one in found["schedules"])
    share = sum("a" in one for one in found["schedules"]) / 4000
    assert share == pytest.approx(0.5, abs=0.04)
    assert command(*ask)[1] == out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,probability\na,0.5\nb,0.5\n", "sum to 1.000000, not to 2"),
        ("id,probability\na,1.5\nb,0.5\n", ":2: probability: 1.5 is not between 0 and 1"),
        ("id,share\na,1\nb,1\n", ":1: there is no column of probabilities"),
        ("id,probability\na,1\na,1\n", ":3: id: 'a' is already in line 2"),
    ],
)
def test_sample_refuses(command, tmp_path, text, said) -> None:
    marginals = write(tmp_path / "c.csv", text)
    code, _out, err = command("sample", "--marginals", marginals, "--count", 2)
    assert code == 2
    assert said in err


def plan_files(folder: Path) -> tuple[Path, Path]:
    rows = "".join(
        f"s{n},{50 + n % 5 / 100},{57 + n // 5 / 100},{20 + 7 * n % 60}\n" for n in range(25)
    )
    sites = write(folder / "s.csv", "id,latitude,longitude,risk\n" + rows)
    return sites, write(folder / "t.csv", "id,latitude,longitude\nA,50.0,57.0\nB,50.04,57.04\n")


def test_plan_is_proved_committed_to_and_can_be_verified(command, tmp_path) -> None:
    sites, teams = plan_files(tmp_path)
    seed = "ab" * 32
    ask = ("plan", "--sites", sites, "--teams", teams, "--days", 2, "--seed", seed, "--json")
    code, out, _err = command(*ask)
    found = json.loads(out)
    assert code == 0
    assert found["gap"] <= 1e-4
    assert found["defender_value"] >= max(found["baselines"].values()) - 1e-9
    assert len({row["site"] for row in found["visits"]}) == len(found["visits"]) > 0
    assert all(row["day"] in (1, 2) for row in found["visits"])
    assert command(*ask)[1] == out
    held = write(tmp_path / "plan.json", out)
    assert command("plan", "--verify", held)[0] == 0
    found["visits"][0]["site"] = "elsewhere"
    code, out, _err = command("plan", "--verify", write(held, json.dumps(found)), "--json")
    assert code == 1
    assert json.loads(out) == {"committed": True, "drawn": False}
    found["seed"] = "cd" * 32
    code, out, _err = command("plan", "--verify", write(held, json.dumps(found)), "--json")
    assert json.loads(out)["committed"] is False


@pytest.mark.parametrize("tampering", ["day", "names", "teams"])
def test_nobody_moves_a_visit_or_swaps_names_after_the_draw(command, tmp_path, tampering) -> None:
    sites, teams = plan_files(tmp_path)
    ask = ("plan", "--sites", sites, "--teams", teams, "--days", 2, "--seed", "ab" * 32, "--json")
    found = json.loads(command(*ask)[1])
    if tampering == "day":
        found["visits"][0]["day"] = 3 - found["visits"][0]["day"]
    else:
        column, key = ("sites", "site") if tampering == "names" else ("teams", "team")
        old, new = (
            found["visits"][0][key],
            next(name for name in found[column] if name != found["visits"][0][key]),
        )
        swapped = {old: new, new: old}
        found[column] = [swapped.get(name, name) for name in found[column]]
        for row in found["visits"]:
            row[key] = swapped.get(row[key], row[key])
    held = write(tmp_path / "plan.json", json.dumps(found))
    code, out, _err = command("plan", "--verify", held, "--json")
    assert (code, json.loads(out)) == (
        1, {"committed": tampering == "day", "drawn": tampering != "day"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("slots", [9]), ("commitment", None), ("commitment", "ы"),
        ("mixture", [[0, 99, [99], "0x1p0"]]), ("seed", "ab"), ("visits", 3), ("sites", None),
    ],
)  # fmt: skip
def test_a_broken_plan_is_refused_or_not_verified(command, tmp_path, key, value) -> None:
    sites, teams = plan_files(tmp_path)
    ask = ("plan", "--sites", sites, "--teams", teams, "--days", 2, "--seed", "ab" * 32, "--json")
    found = {**json.loads(command(*ask)[1]), key: value}
    held = write(tmp_path / "plan.json", json.dumps(found))
    code, out, err = command("plan", "--verify", held, "--json")
    assert (code == 2 and "plan.json" in err) or (code == 1 and not all(json.loads(out).values()))


def test_sample_of_nobody_is_one_empty_schedule_a_draw(command, tmp_path) -> None:
    held = write(tmp_path / "m.csv", "id,probability\na,0\nb,0\n")
    code, out, _err = command("sample", "--marginals", held, "--count", 0, "--draws", 3, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["schedules"] == [[], [], []]
    assert found["entropy_bits"] == 0


def test_sample_refuses_too_many_visits_before_it_draws(command, tmp_path) -> None:
    rows = "".join(f"u{n},0.5\n" for n in range(100))
    held = write(tmp_path / "m.csv", "id,probability\n" + rows)
    code, _out, err = command("sample", "--marginals", held, "--count", 50, "--draws", 10_000_000)
    assert (code, "50 million" in err) == (2, True)


def test_plan_refuses(command, tmp_path) -> None:
    sites, teams = plan_files(tmp_path)
    assert command("plan", "--sites", sites)[0] == 2
    assert "hexadecimal" in command("plan", "--sites", sites, "--teams", teams, "--seed", "zz")[2]
    assert "64 hex" in command("plan", "--sites", sites, "--teams", teams, "--seed", "ab")[2]
    bad = write(tmp_path / "bad.csv", "id,latitude,longitude,risk\na,95,57,1\n")
    code, _out, err = command("plan", "--sites", bad, "--teams", teams)
    assert (code, "bad.csv:2: latitude" in err) == (2, True)
    assert command("plan", "--verify", sites)[0] == 2


def test_risk_shows_parts_that_add_up(command, tmp_path) -> None:
    sites = write(
        tmp_path / "s.csv",
        "id,vulnerability,consequence,exposure\na,0.5,1,0\nb,0,0.25,1\n",
    )
    code, out, _err = command("risk", "--sites", sites, "--top", 1, "--json")
    found = json.loads(out)
    assert code == 0
    assert [(row["id"], row["score"]) for row in found["sites"]] == [
        ("a", pytest.approx(60)),
        ("b", pytest.approx(30)),
    ]
    assert all(sum(row["parts"].values()) == pytest.approx(row["score"]) for row in found["sites"])
    code, out, _err = command("risk", "--sites", sites, "--weight", "exposure=1", "--json")
    assert json.loads(out)["sites"][0]["id"] == "b"
    assert command("risk", "--sites", sites, "--weight", "luck=1")[0] == 2
    bad = write(tmp_path / "b.csv", "id,vulnerability,consequence,exposure\na,1.5,1,0\n")
    assert "b.csv:2: vulnerability" in command("risk", "--sites", bad)[2]


@pytest.mark.parametrize("name", ["game", "sample", "plan", "risk"])
def test_help_has_an_example(command, name) -> None:
    code, out, _err = command(name, "--help")
    assert code == 0
    assert f"Example: qalqan protection {name}" in " ".join(out.split())
