"""Changes of a rate on simulated series, and on the monthly events of UCDP's Syria.

    python bench/changes.py [--series 300]

Simulated: 24 months at one rate and 24 at another; how often a change is found, and how far from
the true month. Steady: how often a series of 48 months without a change shows one. `ruptures`
does the search; nothing of it is written anew.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from pathlib import Path

import numpy as np

from qalqan.science.hypotheses.changes import segments

SYRIA = Path(__file__).resolve().parents[2] / "shared/data/flashpoints/ucdp_syria"


def simulated(number: int) -> None:
    """Print how often changes are found where they are, and where they are not."""
    rng = np.random.default_rng(1)
    for before, after in ((4, 6), (4, 8), (4, 12), (20, 30)):
        found, far = 0, []
        for _ in range(number):
            counts = np.concatenate([rng.poisson(before, 24), rng.poisson(after, 24)])
            starts = [one.start for one in segments(counts)[1:]]
            found += bool(starts)
            far += [min(abs(start - 24) for start in starts)] if starts else []
        print(
            f"{before:3d} to {after:3d} a month: found in {found / number:6.1%}, "
            f"median {np.median(far) if far else float('nan'):.0f} months off"
        )
    for rate in (1, 4, 20):
        wrong = sum(len(segments(rng.poisson(rate, 48))) > 1 for _ in range(number))
        print(f"steady at {rate:3d} a month: a change is shown in {wrong / number:6.1%}")


def syria() -> None:
    """Print the rates of the ledger's largest real series."""
    path = next(iter(sorted(SYRIA.glob("*.csv"))), None)
    if path is None:
        print("UCDP's events are not beside this checkout")
        return
    with path.open(encoding="utf-8", newline="") as file:
        months = Counter(row["date_start"][:7] for row in csv.DictReader(file))
    first, last = min(months), max(months)
    names = [
        f"{year}-{month:02d}"
        for year in range(int(first[:4]), int(last[:4]) + 1)
        for month in range(1, 13)
        if first <= f"{year}-{month:02d}" <= last
    ]
    begun = time.process_time()
    found = segments([months[name] for name in names])
    spent = time.process_time() - begun
    print(f"UCDP Syria, {sum(months.values())} events, {len(names)} months, {spent:.3f} CPU s:")
    for one in found:
        print(
            f"  {names[one.start]} to {names[one.end - 1]}: {one.rate:7.1f} a month "
            f"({one.low:.1f} to {one.high:.1f})"
        )


def main() -> None:
    """Run both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=300)
    simulated(parser.parse_args().series)
    syria()


if __name__ == "__main__":
    main()
