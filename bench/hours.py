"""The same staff-hours, in which order? Further copies averted on replayed real cascades.

    python bench/hours.py [--data ../shared/data] [--replays 200] [--minutes 30]

A replay starts cascades at random times within three days and answers one claim every so many
minutes, for three days. An answer stops all later copies of its claim: the same assumption for all
orders, and an upper bound of what any of them averts. The forecast is fitted to the other cascades:
the earlier half of the covid19 set and every second one of mendoza2023. Differences are paired: all
orders see the same replay. "Oracle" answers the claim with most copies still to come.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from early import ROOT, cascades

from qalqan.science.rumours.rank import Factor, QueueEntry, Severity, rank_queue
from qalqan.science.spread.forecast import forecast_copies, moments
from qalqan.science.spread.forecast_model import CopiesModel, fit_copies_model

HOUR = 3600.0
DAYS = 3
PAST = 168
ORDERS = ("newest first", "most posts first", "ours", "oracle")


def hourly(times: list[float], hours: int = 24 * 14) -> np.ndarray:
    at = np.floor((np.array(times) - min(times)) / HOUR).astype(int)
    return np.bincount(at[at < hours], minlength=hours)


def split(folder: Path) -> tuple[list[np.ndarray], dict[str, list[np.ndarray]]]:
    covid = sorted(cascades(folder, "covid19_rumor_replies"), key=lambda c: c["t0"])
    chile = cascades(folder, "mendoza2023_chile")
    half = len(covid) // 2
    train = [c["t"] for c in covid[:half] + chile[::2]]
    test = {"covid19 replies": covid[half:], "mendoza2023": chile[1::2]}
    test["both"] = test["covid19 replies"] + test["mendoza2023"]
    return train, {k: [np.sort(np.array(c["t"])) for c in v] for k, v in test.items()}


def choose(order: str, seen: list[np.ndarray], all_times: list[np.ndarray], now: float,
           model: CopiesModel) -> int:  # fmt: skip
    """Return which of the open claims an order answers now."""
    if order == "newest first":
        return int(np.argmax([times[0] for times in seen]))
    if order == "most posts first":
        return int(np.argmax([len(times) for times in seen]))
    if order == "oracle":
        return int(np.argmax([(times > now).sum() for times in all_times]))
    table = np.zeros((len(seen), PAST), dtype=np.int64)
    for row, times in enumerate(seen):
        ago = np.floor((now - times) / HOUR).astype(int)
        np.add.at(table[row], PAST - 1 - ago[ago < PAST], 1)
    ages = np.array([int((now - times[0]) // HOUR) + 1 for times in seen])
    found = forecast_copies(table, model=model, age_hours=ages)
    low = np.minimum(found.low[:, -1], found.mean[:, -1])
    high = np.maximum(found.high[:, -1], found.mean[:, -1])
    entries = [
        QueueEntry(
            row, Severity.PANIC,
            Factor("reach", float(found.mean[row, -1]), float(low[row]), float(high[row]), "nb"),
            Factor.certain("unresolved", 1.0, "replay"),
            Factor.certain("minutes", 30.0, "replay"),
        )
        for row in range(len(seen))
    ]  # fmt: skip
    return rank_queue(entries)[0].claim_id


def replay(claims: list[np.ndarray], order: str, minutes: float, model: CopiesModel) -> float:
    """Return the copies averted within the replay."""
    open_claims = list(range(len(claims)))
    averted, now = 0, minutes * 60.0
    while now <= DAYS * 24 * HOUR:
        visible = [i for i in open_claims if claims[i][0] <= now]
        if visible:
            seen = [claims[i][claims[i] <= now] for i in visible]
            pick = visible[choose(order, seen, [claims[i] for i in visible], now, model)]
            open_claims.remove(pick)
            averted += int((claims[pick] > now).sum())
        now += minutes * 60.0
    return float(averted)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--replays", type=int, default=200)
    parser.add_argument("--claims", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=30.0)
    options = parser.parse_args()
    train, tests = split(options.data / "spread" / "cascades")
    model = fit_copies_model(*_moments(train))
    for name, pool in tests.items():
        n = min(options.claims, len(pool))
        rows = []
        for seed in range(options.replays):
            rng = np.random.default_rng(seed)
            picked = rng.choice(len(pool), n, replace=True)
            starts = rng.uniform(0, DAYS * 24 * HOUR, n)
            claims = [pool[i] - pool[i][0] + start for i, start in zip(picked, starts, strict=True)]
            rows.append([replay(claims, order, options.minutes, model) for order in ORDERS])
        show(name, np.array(rows), n, options)


def _moments(train: list[list[float]]) -> tuple[np.ndarray, np.ndarray]:
    before, further, _ = moments(np.stack([hourly(times) for times in train]))
    return before, further


def show(name: str, table: np.ndarray, claims: int, options: argparse.Namespace) -> None:
    jobs = int(DAYS * 24 * 60 / options.minutes)
    print(f"{name}: {len(table)} replays of {claims} claims, {jobs} answers in {DAYS} days")
    for at, order in enumerate(ORDERS):
        print(f"   {order:<18} {table[:, at].mean():9.0f} further copies averted a replay")
    rng = np.random.default_rng(1)
    for at, order in ((0, "newest first"), (1, "most posts first"), (3, "oracle")):
        picks = rng.integers(0, len(table), (2000, len(table)))
        margin = table[:, 2][picks].sum(axis=1) / table[:, at][picks].sum(axis=1) - 1.0
        low, high = np.quantile(margin, [0.025, 0.975])
        mean = table[:, 2].sum() / table[:, at].sum() - 1.0
        verdict = "" if low > 0 or high < 0 else "   no better"
        print(f"   ours against {order:<18} {100 * mean:+6.1f} % [{100 * low:+.1f}, "
              f"{100 * high:+.1f}]{verdict}")  # fmt: skip


if __name__ == "__main__":
    main()
