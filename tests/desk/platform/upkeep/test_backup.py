"""Backup and restore of a whole desk, with the real command line in its own process."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.embedded

PASSPHRASE = "a passphrase for tests"


def qalqan(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("QALQAN_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "qalqan", *arguments],
        env={
            **inherited,
            "QALQAN_HOME": str(home),
            "QALQAN_BACKUP_PASSPHRASE": PASSPHRASE,
            **environment,
        },
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create a small desk with an account and a file."""
    home = tmp_path_factory.mktemp("desk")
    (home / "keys").mkdir(mode=0o700)
    key = home / "keys" / "secret_key"
    key.write_text("k" * 64)
    key.chmod(0o600)
    (home / "files").mkdir()
    (home / "files" / "plan.txt").write_text("ground floor")
    assert qalqan(home, "migrate").returncode == 0
    added = qalqan(home, "users", "add", "aizhan", "--role", "analyst", "--organisation", "Force")
    assert added.returncode == 0, added.stderr
    return home


def contents(database: Path) -> dict[str, str]:
    """Return a digest of the rows of every ordinary table."""
    connection = sqlite3.connect(database)
    try:
        names = connection.execute(
            "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"
        ).fetchall()
        return {
            name: hashlib.sha256(
                repr(connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()).encode()
            ).hexdigest()
            for (name,) in names
        }
    finally:
        connection.close()


def test_what_is_restored_is_what_was_saved(desk: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.vault"
    made = qalqan(desk, "backup", str(saved), "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["files"] >= 3
    assert b"ground floor" not in saved.read_bytes()

    fresh = tmp_path / "fresh"
    back = qalqan(fresh, "restore", str(saved))
    assert back.returncode == 0, back.stderr
    assert contents(fresh / "qalqan.sqlite3") == contents(desk / "qalqan.sqlite3")
    assert (fresh / "files" / "plan.txt").read_text() == "ground floor"
    assert (fresh / "keys" / "secret_key").stat().st_mode & 0o077 == 0
    assert qalqan(fresh, "audit", "verify").returncode == 0


def test_a_desk_is_never_overwritten(desk: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.vault"
    assert qalqan(desk, "backup", str(saved)).returncode == 0
    before = contents(desk / "qalqan.sqlite3")
    refused = qalqan(desk, "restore", str(saved))
    assert refused.returncode == 5
    assert "Traceback" not in refused.stderr
    assert contents(desk / "qalqan.sqlite3") == before


def test_a_damaged_backup_leaves_nothing(desk: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.vault"
    assert qalqan(desk, "backup", str(saved)).returncode == 0
    data = bytearray(saved.read_bytes())
    data[len(data) // 2] ^= 1
    saved.write_bytes(data)
    fresh = tmp_path / "fresh"
    refused = qalqan(fresh, "restore", str(saved))
    assert refused.returncode == 6
    assert "Traceback" not in refused.stderr
    assert not (fresh / "qalqan.sqlite3").exists()
    assert not (fresh / "keys").exists()


def test_an_existing_file_is_not_overwritten(desk: Path, tmp_path: Path) -> None:
    target = tmp_path / "taken.vault"
    target.write_text("mine")
    assert qalqan(desk, "backup", str(target)).returncode == 5
    assert target.read_text() == "mine"


def test_a_short_passphrase_is_refused(desk: Path, tmp_path: Path) -> None:
    refused = qalqan(desk, "backup", str(tmp_path / "b"), QALQAN_BACKUP_PASSPHRASE="short")
    assert refused.returncode == 3
    assert list(tmp_path.iterdir()) == []
