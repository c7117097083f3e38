"""An import that is killed at any point goes on: nothing lost, nothing twice."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

DRIVER = Path(__file__).resolve().parent.parent / "support" / "intake_kill_driver.py"
WORDS = ("су", "газ", "жарық", "мектеп", "көпір", "нан", "жол", "дейді", "вода", "школа", "завтра")
TRIALS = 20


def write_messages(path: Path, count: int) -> None:
    rng = random.Random(3)
    claims = [" ".join(rng.choices(WORDS, k=10)) + f" {n}" for n in range(60)]
    at = datetime(2026, 3, 1, tzinfo=UTC)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["time", "text", "channel", "kind"])
        for number in range(count):
            at += timedelta(seconds=rng.randint(0, 40))
            text = rng.choice(claims) if rng.random() < 0.6 else " ".join(rng.choices(WORDS, k=12))
            kind = "hotline" if rng.random() < 0.1 else "post"
            time = "never" if rng.random() < 0.01 else at.isoformat()
            out.writerow([time, text, f"Арна {number % 7}", kind])


@pytest.mark.slow
@pytest.mark.faults
def test_twenty_killed_imports_end_like_one_that_was_not(tmp_path):
    path = tmp_path / "posts.csv"
    write_messages(path, 2_000)
    environment = os.environ | {
        "QALQAN_HOME": str(tmp_path),
        "QALQAN_SECRET_KEY": "0" * 50,
        "DJANGO_SETTINGS_MODULE": "qalqan.desk.settings.sqlite",
    }
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(path), str(TRIALS), "11"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads(done.stdout.splitlines()[-1])
    assert len(result["cut"]) == TRIALS
    assert sum(trial["deaths"] for trial in result["cut"]) >= TRIALS
    assert result["whole"]["audit"].startswith("True")
    for trial in result["cut"]:
        assert trial["contents"] == result["whole"]
