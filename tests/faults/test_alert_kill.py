"""Sending that is killed at random points loses and repeats nothing; a short `bench/kill.py`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.receivers import mosquitto

ROOT = Path(__file__).resolve().parent.parent.parent
POINTS = 6


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.skipif(mosquitto() is None, reason="type: sudo apt-get install -y mosquitto")
@pytest.mark.parametrize("seed", [3])
def test_nothing_is_lost_or_doubled_when_workers_and_broker_are_killed(tmp_path, seed):
    own = {"QALQAN_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "qalqan.desk.settings.sqlite"}
    environment = os.environ | own
    environment.pop("QALQAN_TEST_DATABASE", None)
    done = subprocess.run(
        [sys.executable, "bench/kill.py", str(POINTS), str(seed)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    report = json.loads(done.stdout)
    assert sum(report["killed"].values()) == POINTS
    assert report["not_arrived_at_targets"] == report["not_arrived_at_sirens"] == 0
    assert report["taken_twice_by_a_target_that_honours_the_key"] == 0
    assert report["receipts_accepted_twice"] == 0
