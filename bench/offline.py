"""The page for inspections through many bad days: seeds, cuts, killed browsers, wrong clocks.

Each day is the test ``tests/browser/test_offline_faults.py`` with a seed of its own: a real
Chromium, a real desk, and a proxy between them that cuts and doubles. Nothing may be lost and
nothing may be there twice; one day that fails fails the whole.

    python -m bench.offline --days 20 --cuts 20 --inspections 10
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PASSED = re.compile(r"(\d+) passed")


def main() -> int:
    """Run the days and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=20)
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--inspections", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=1)
    given = parser.parse_args()
    seeds = range(given.first_seed, given.first_seed + given.days)
    environment = {
        **os.environ,
        "QALQAN_FAULT_SEEDS": ",".join(str(seed) for seed in seeds),
        "QALQAN_FAULT_CUTS": str(given.cuts),
        "QALQAN_FAULT_INSPECTIONS": str(given.inspections),
    }
    began = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/browser/test_offline_faults.py"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = _PASSED.search(run.stdout)
    passed = int(found[1]) if found else 0
    inspections = given.inspections * given.days
    sys.stdout.write(
        f"days {given.days}  cuts {given.cuts * given.days}  inspections {inspections}  "
        f"days without loss or double {passed}  wall {time.monotonic() - began:.0f} s\n"
    )
    if passed != given.days:
        sys.stdout.write(run.stdout[-4000:])
    return 0 if passed == given.days else 1


if __name__ == "__main__":
    sys.exit(main())
