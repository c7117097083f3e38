"""Made-up data never goes into a desk of somebody's own."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_use import qalqan


def test_the_demo_leaves_a_desk_of_ones_own_alone(tmp_path: Path) -> None:
    home = tmp_path / "desk"
    assert qalqan(home, "init").returncode == 0
    before = {path.name for path in home.iterdir()}
    refused = qalqan(home, "demo")
    assert refused.returncode == 5
    assert "no demo" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert {path.name for path in home.iterdir()} - before <= {"qalqan.sqlite3-wal"}
