"""Series of events on simulated offenders, beside scikit-learn; and on real events dealt anew.

    python bench/series.py [--seeds 10] [--peers] [--null DAYS]

Each seed makes three worlds with 40 offenders among 300 offences that stand alone: one to learn
from, one to calibrate on, one to measure on. AUC and calibration are over all pairs of the third.
The peers are given the same bins: logistic regression (one-hot), and Bernoulli naive Bayes, both
calibrated on the same second world. Null: New York's vehicle thefts of some days with their times
and ways dealt anew, so that nothing belongs together; how many series are found, against the rate
that was asked for.
"""

from __future__ import annotations

import argparse
import csv
import time
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from qalqan.science.hypotheses import linkage, series
from qalqan.science.hypotheses.simulated import simulate

THEFTS = (
    Path(__file__).resolve().parents[2]
    / "shared/data/flashpoints/nyc_vehicle_thefts/nycvehiclethefts.csv"
)


def world(seed: int):
    """Return simulated events, features of all pairs and the truth."""
    made = simulate(np.random.default_rng(seed))
    first, second = series.all_pairs(len(made.events))
    found = series.features(made.events, first, second)
    return made, found, made.series[first] == made.series[second]


def measures(said, truth, weights) -> list[float]:
    """Return AUC, Brier score, expected over true links, and calibration error."""
    order = np.argsort(-said)[: 20 * int(truth.sum())]
    bins = np.array_split(order, 10)
    wrong = np.mean([abs(said[one].mean() - truth[one].mean()) for one in bins])
    return [
        series.auc(weights, truth), float(((said - truth) ** 2).mean()),
        float(said.sum() / truth.sum()), float(wrong),
    ]  # fmt: skip


def ours(seed: int, curve) -> list[float]:
    """Learn, calibrate and measure."""
    (_, a, ya), (_, b, yb), (_, c, yc) = (world(1000 * seed + k) for k in range(3))
    factors = series.learn(a, ya)
    fitted = curve(series.weigh(factors, b), yb)
    weights = series.weigh(factors, c)
    return measures(fitted(weights), yc, weights)


def peer(seed: int, kind: str) -> list[float]:
    """Measure scikit-learn on the same pairs."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import BernoulliNB

    (_, a, ya), (_, b, yb), (_, c, yc) = (world(1000 * seed + k) for k in range(3))

    def one_hot(found):
        sizes = [len(series.DISTANCE_M) + 1, len(series.GAP_DAYS) + 1, len(series.HOUR_GAP) + 1]
        sizes += [2] * (found.shape[1] - 3)
        return np.concatenate(
            [found[:, [k]] == np.arange(size) for k, size in enumerate(sizes)], axis=1
        ).astype(float)

    model = LogisticRegression(max_iter=500) if kind == "logistic" else BernoulliNB()
    model.fit(one_hot(a), ya)
    logs = [model.predict_log_proba(one_hot(found)) for found in (b, c)]
    held, weights = (row[:, 1] - row[:, 0] for row in logs)
    return measures(linkage.isotonic(held, yb)(weights), yc, weights)


def found_series(seed: int, rate: float, least: int) -> list[float]:
    """Return how many series are found and what they hold."""
    (_, a, ya), (_, b, yb), (made, _, _) = (world(1000 * seed + k) for k in range(3))
    factors = series.learn(a, ya)
    curve = linkage.isotonic(series.weigh(factors, b), yb)
    rng = np.random.default_rng(seed)
    cut = linkage.cut_for_rate(made.events, factors, rate, rng, least=least)
    found = linkage.suggest(made.events, factors, curve, cut, least=least)
    true = [
        np.mean(
            [made.series[i] == made.series[j] for i in one.members for j in one.members if i < j]
        )
        for one in found
    ]
    said = [one.probability for one in found]
    null = len(
        linkage.suggest(linkage.shuffled(made.events, rng), factors, curve, cut, least=least)
    )
    return [
        len(found), float(np.mean(true)) if true else float("nan"),
        float(np.mean(said)) if said else float("nan"), null,
    ]  # fmt: skip


def thefts(start: int, days: int) -> series.Events:
    """Return real thefts of some days in metres, days, hours, kind of place."""
    rows = []
    first = datetime.fromisoformat("2014-01-01") + timedelta(days=start)
    with THEFTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["date_single"])
            day = (at - first).total_seconds() / 86400
            if 0 <= day < days:
                place = (row["location_type"], row["location_category"])
                rows.append((float(row["longitude"]), float(row["latitude"]), day, at.hour, place))
    codes = {place: k for k, place in enumerate(sorted({row[4] for row in rows}))}
    x, y, day, hour = (np.array([row[k] for row in rows], float) for k in range(4))
    way = np.array([[codes[row[4]]] for row in rows])
    return series.Events(
        (x - x.mean()) * 111_320 * np.cos(np.radians(y.mean())), (y - y.mean()) * 110_574, day,
        hour, way,
    )  # fmt: skip


def null(days: int, rate: float, searches: int) -> None:
    """Search real places, times and ways that were dealt anew."""
    _, a, ya = world(1)
    _, b, yb = world(2)
    # The thefts tell one attribute only, so only the first of the way of acting is learnt.
    factors = series.learn(a[:, :4], ya)
    curve = linkage.isotonic(series.weigh(factors, b[:, :4]), yb)
    found = []
    for search in range(searches):
        events = thefts(search * days, days)
        rng = np.random.default_rng(search)
        cut = linkage.cut_for_rate(events, factors, rate, rng, least=3)
        dealt = linkage.shuffled(events, np.random.default_rng(10_000 + search))
        found.append(len(linkage.suggest(dealt, factors, curve, cut, least=3)))
    print(
        f"null: {searches} searches of {days} days of New York's thefts (last: {len(events)}), "
        f"rate asked {rate}: {sum(found)} series in all, {np.mean(found):.2f} a search"
    )


def main() -> None:
    """Print one line a method."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--null", type=int, default=20)
    given = parser.parse_args()
    runs = {
        "ours, isotonic": lambda seed: ours(seed, linkage.isotonic),
        "ours, Platt": lambda seed: ours(seed, linkage.platt),
    }
    if given.peers:
        runs["logistic (scikit-learn)"] = lambda seed: peer(seed, "logistic")
        runs["naive Bayes (scikit-learn)"] = lambda seed: peer(seed, "naive")
    print(f"{'':28} {'AUC':>7} {'Brier':>9} {'said/true':>9} {'off by':>7} {'CPU s':>6}")
    for name, run in runs.items():
        begun = time.process_time()
        rows = np.array([run(seed) for seed in range(1, given.seeds + 1)])
        spent = (time.process_time() - begun) / given.seeds
        mean = rows.mean(axis=0)
        print(f"{name:28} {mean[0]:7.4f} {mean[1]:9.6f} {mean[2]:9.2f} {mean[3]:7.4f} {spent:6.2f}")
    for rate, least in ((0.5, 3), (0.5, 2)):
        rows = np.array([found_series(seed, rate, least) for seed in range(1, given.seeds + 1)])
        print(
            f"series of {least} and more at {rate} false a search: {rows[:, 0].mean():.1f} found, "
            f"true pairs {np.nanmean(rows[:, 1]):.2f}, said {np.nanmean(rows[:, 2]):.2f}, "
            f"dealt anew {rows[:, 3].mean():.2f}"
        )
    if THEFTS.is_file() and given.null:
        null(given.null, 0.5, 40)


if __name__ == "__main__":
    main()
