"""The work list and the board with thousands of things that wait.

Usage: ``python bench/worklist.py [--items 20000] [--claims 3000]``

A fresh desk gets pieces of work over eight bodies and claims that wait; the pages are asked for
as the secretary, who sees all, and as a duty officer. Prints the median and the largest CPU time
of 15 answers in one process. Target: 150 ms.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from _desk import open_desk

TARGET_MS, REPEATS = 150, 9


def fill(items: int, claims: int):
    """Store work and claims in bulk; return a secretary and a duty officer."""
    from django.utils import timezone
    from tests.support.factories import make_organisation, make_user

    from qalqan.desk.platform.policies import Role
    from qalqan.desk.platform.work.models import WorkItem
    from qalqan.desk.rumours.models import Claim, ClaimRank

    now = timezone.now()
    bodies = [make_organisation(name=f"Body {n}") for n in range(8)]
    secretary = make_user(Role.SECRETARY, organisation=bodies[0])
    duty = make_user(Role.DUTY_OFFICER, organisation=bodies[1])
    WorkItem.objects.bulk_create(
        [
            WorkItem(
                kind="work.other", title=f"Piece of work {n}", subject=f"bench:{n}",
                organisation=bodies[n % 8], opened_at=now - timedelta(hours=n % 2000),
                due_at=now + timedelta(hours=n % 700 - 200),
            )
            for n in range(items)
        ],
        batch_size=2000,
    )  # fmt: skip
    rows = Claim.objects.bulk_create(
        [
            Claim(
                leader_text=f"Claim number {n} that spreads", language="ru", copies=3, tips=0,
                first_seen=now - timedelta(hours=n % 300), last_seen=now, state="new",
            )
            for n in range(claims)
        ],
        batch_size=2000,
    )  # fmt: skip
    ClaimRank.objects.bulk_create(
        [
            ClaimRank(
                claim=row, score=n % 97, score_low=0, score_high=0, expected=0, expected_low=0,
                expected_high=0, alarm_copies=1, alarm_probability=0.1, minutes=45,
                suggested_severity="other", words=[], reasons=[], no_match=1, copies_seen=3,
                as_of=now, is_urgent=False,
            )
            for n, row in enumerate(rows)
        ],
        batch_size=2000,
    )  # fmt: skip
    return secretary, duty


def measured(client, address: str) -> tuple[float, float]:
    """Return the median and the largest CPU time in milliseconds."""
    client.get(address)
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        assert client.get(address).status_code == 200
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times), max(times)


def main() -> None:
    """Fill a desk and print what its pages cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--claims", type=int, default=3_000)
    options = parser.parse_args()
    open_desk()
    from django.test import Client
    from tests.support.factories import sign_in

    secretary, duty = fill(options.items, options.claims)
    print(f"{options.items} pieces of work, {options.claims} claims; CPU ms of {REPEATS} answers")
    print(f"{'page':<46}{'median':>8}{'max':>8}")
    for name, user in (("secretary", secretary), ("duty officer", duty)):
        client = sign_in(Client(HTTP_HOST="localhost"), user)
        for address in ("/work/", "/work/?whose=body", "/work/?whose=all",
                        "/work/?whose=all&state=overdue&page=3", "/work/board/"):  # fmt: skip
            median, largest = measured(client, address)
            verdict = "" if median <= TARGET_MS else "  over the target"
            label = f"{name}: {address}"
            print(f"{label:<46}{median:>8.0f}{largest:>8.0f}{verdict}")


if __name__ == "__main__":
    main()
