"""A new embedded desk begins as a copy of tables made before, and never as anything else."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from qalqan.desk.platform.upkeep import schema

pytestmark = pytest.mark.embedded


def _init(home: Path, cache: Path) -> str:
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith(("QALQAN_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "qalqan", "init"],
        env={**surroundings, "QALQAN_HOME": str(home), "XDG_CACHE_HOME": str(cache)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _tables(home: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(home / "qalqan.sqlite3")) as database:
        return sorted(
            database.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master")
        )


@pytest.fixture
def kept(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    database = tmp_path / "made.sqlite3"
    with closing(sqlite3.connect(database)) as made:
        made.execute("CREATE TABLE one (number INTEGER)")
    assert schema.keep(database)
    (found,) = (tmp_path / "cache" / "qalqan").iterdir()
    return found


@pytest.mark.slow
def test_second_desk_has_the_tables_and_triggers_of_the_first(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    _init(first, tmp_path / "cache")
    (kept,) = (tmp_path / "cache" / "qalqan").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    made = kept.stat().st_mtime_ns
    _init(second, tmp_path / "cache")
    assert kept.stat().st_mtime_ns == made
    assert _tables(second) == _tables(first)
    assert any(kind == "trigger" for kind, *_rest in _tables(second))


def test_kept_tables_are_laid_out(kept, tmp_path):
    assert schema.lay_out(tmp_path / "new.sqlite3")
    with closing(sqlite3.connect(tmp_path / "new.sqlite3")) as new:
        assert new.execute("SELECT name FROM sqlite_master").fetchall() == [("one",)]


def test_damaged_tables_are_not_used(kept, tmp_path):
    kept.write_bytes(b"SQLite format 3\0" + os.urandom(4096))
    assert not schema.lay_out(tmp_path / "new.sqlite3")
    assert not (tmp_path / "new.sqlite3").exists()


@pytest.mark.parametrize("mode", [0o602, 0o620])
def test_tables_that_others_may_write_are_not_used(kept, tmp_path, mode):
    kept.chmod(mode)
    assert not schema.lay_out(tmp_path / "new.sqlite3")


def test_tables_in_a_folder_that_others_may_write_are_not_used(kept, tmp_path):
    kept.parent.chmod(0o777)
    assert not schema.lay_out(tmp_path / "new.sqlite3")


def test_only_the_tables_of_these_migrations_are_kept(kept, tmp_path):
    old = kept.with_name("tables-0.sqlite3")
    kept.rename(old)
    assert not schema.lay_out(tmp_path / "new.sqlite3")
    assert schema.keep(tmp_path / "made.sqlite3")
    assert not old.exists()


def test_cache_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("a file")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert not schema.keep(tmp_path / "made.sqlite3")
    assert not schema.lay_out(tmp_path / "new.sqlite3")
