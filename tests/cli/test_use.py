"""The command line used rightly and wrongly, in its own process."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from qalqan.cli.app import app


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a command that knows no desk but this one."""
    inherited = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("QALQAN_", "DJANGO_"))
    }
    return {**inherited, "QALQAN_HOME": str(home), "COLUMNS": "200", "NO_COLOR": "1"}


def qalqan(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qalqan", *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
    )


def commands() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []

    def walk(command: object, path: tuple[str, ...]) -> None:
        children = getattr(command, "commands", None)
        if not children:
            found.append(path)
            return
        for name, child in children.items():
            walk(child, (*path, name))

    walk(get_command(app), ())
    return found


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_has_a_purpose_and_an_example(path: tuple[str, ...]) -> None:
    command = get_command(app)
    for name in path:
        command = command.commands[name]  # type: ignore[attr-defined]
    assert command.help
    assert "Example" in (command.epilog or "")
    assert f"qalqan {' '.join(path)}" in command.epilog


def test_help_needs_neither_django_nor_numpy() -> None:
    code = (
        "import sys\n"
        "from qalqan.cli.app import run\n"
        "try:\n    run(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'django', 'numpy', 'scipy', 'numba', 'shapely', 'lxml', 'ninja'}\n"
        "sys.exit(','.join(sorted(heavy & set(sys.modules))) or 0)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "brief" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["users", "list"], 3, "there is no desk"),
        (["import", "messages", "nowhere.csv"], 2, "nowhere.csv"),
        (["brief", "--messages", "nowhere.csv", "--areas", "a.geojson"], 2, "nowhere.csv"),
        (["brief", "--areas", "a.geojson"], 2, "--messages or --incidents"),
        (["unknown"], 2, "No such command"),
        (["serve", "--port", "0"], 2, "--port"),
        (["users", "add"], 2, "Missing"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_use_is_one_clear_message(
    tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    result = qalqan(tmp_path / "home", *arguments)
    assert result.returncode == code
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "home").exists()


def test_errors_can_be_read_by_programs(tmp_path: Path) -> None:
    result = qalqan(tmp_path, "users", "list", "--json")
    error = json.loads(result.stdout)["error"]
    assert error["code"] == "settings.invalid"
    assert "QALQAN_HOME" in error["hint"]


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for command in (["serve"], ["demo", "--serve"]):
            result = qalqan(tmp_path / "home", *command, "--port", port)
            assert result.returncode == 3
            assert f"port {port} cannot be used" in result.stderr
            assert len(result.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "home").exists()


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, not a folder")
    result = qalqan(blocked / "home", "demo")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert str(blocked) in result.stderr


def test_an_empty_desk_is_made_and_is_in_order(tmp_path: Path) -> None:
    home = tmp_path / "desk"
    for _ in range(2):
        made = qalqan(home, "init")
        assert made.returncode == 0, made.stderr
        assert str(home) in made.stdout
    seen = qalqan(home, "doctor", "--json")
    assert seen.returncode == 0, seen.stdout
    states = {check["name"]: check["state"] for check in json.loads(seen.stdout)["checks"]}
    assert set(states.values()) <= {"good", "warning"}
    assert len(states) == 7
    assert {path.name for path in (home / "keys").iterdir()} == {
        "secret_key", "audit_ed25519.pem", "audit_ed25519.pub"
    }  # fmt: skip
