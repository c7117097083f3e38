"""Early sight: of claims that reach 100 copies, which are flagged by copy 10?

    python bench/early.py [--data ../shared/data]

Real cascades know only times. Each set is split by time where times are known (covid19: the later
half is foretold from the earlier), and by five random folds where they are not (mendoza2023: times
since the root only). The generated stream also has languages, places and sources; what it shows is
what these would add if rumours that are told widely early also grow, as the generator makes them.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import numpy as np

from qalqan.science.rumours.early import (
    FEATURES,
    FIRST,
    first_copies,
    fit_early_model,
    sight_curve,
)

ROOT = Path(__file__).resolve().parent.parent
LARGE = 100


def cascades(folder: Path, name: str) -> list[dict]:
    with gzip.open(folder / f"{name}.jsonl.gz", "rt") as file:
        return [json.loads(line) for line in file]


def table(claims: list[dict]) -> tuple[np.ndarray, np.ndarray, int]:
    """Features of claims with ten copies, whether they reached 100, and how many never had ten."""
    kept = [c for c in claims if len(c["t"]) >= FIRST]
    rows = [
        first_copies(
            c["t"],
            languages=c.get("languages"),
            places=c.get("places"),
            sources=c.get("sources"),
        )
        for c in kept
    ]
    return (
        np.array(rows),
        np.array([len(c["t"]) >= LARGE for c in kept]),
        len(claims) - len(kept),
    )


def generated(claims: int, seed: int) -> list[dict]:
    """Make claims whose vigour sets their growth, and how many towns and channels carry them.

    A claim has vigour v (log-normal). Each copy draws on average r = v / (1 + v) further ones
    (negative binomial, delays log-normal), so that most die and a few grow large; copies come from
    one of 3 + 12 r channels and 2 + 10 r places.
    """
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(claims):
        vigour = float(rng.lognormal(0.3, 1.2))
        ratio = vigour / (1.0 + vigour)
        waiting, times = [0.0], []
        while waiting and len(times) < 400:
            waiting.sort(reverse=True)
            now = waiting.pop()
            times.append(now)
            mean = 1.15 * ratio
            children = rng.negative_binomial(0.6, 0.6 / (0.6 + mean))
            delays = rng.lognormal(np.log(2400.0 / (0.3 + ratio)), 1.2, children)
            waiting += (now + delays).tolist()
        n = min(len(times), FIRST)
        out.append(
            {
                "t": times,
                "languages": rng.integers(0, 1 + round(2 * ratio) + 1, n).tolist(),
                "places": rng.integers(0, 2 + round(10 * ratio), n).tolist(),
                "sources": rng.integers(0, 3 + round(12 * ratio), n).tolist(),
            }
        )
    return out


def report(name: str, chance: np.ndarray, reached: np.ndarray, never: int) -> None:
    rng = np.random.default_rng(0)
    for label, dead in (("of claims with ten copies", 0), ("of all claims seen", never)):
        curve = sight_curve(chance, reached, never_ten=dead)
        points = ", ".join(f"{100 * curve.at(f)[0]:.0f} % at {100 * f:g} %" for f in POINTS)
        draws = []
        for _ in range(400):
            pick = rng.integers(0, len(reached), len(reached))
            draws.append(sight_curve(chance[pick], reached[pick], never_ten=dead).at(0.05)[0])
        low, high = np.quantile(draws, [0.025, 0.975])
        print(f"{name:<34} {label:<26} {points}   [at 5 %: {100 * low:.0f}-{100 * high:.0f}]")


POINTS = (0.02, 0.05, 0.10, 0.20, 0.30)


def calibration(chance: np.ndarray, reached: np.ndarray) -> str:
    edges = np.quantile(chance, [0, 0.25, 0.5, 0.75, 1])
    group = np.clip(np.searchsorted(edges, chance, side="right") - 1, 0, 3)
    return ", ".join(
        f"{chance[group == g].mean():.2f} said {reached[group == g].mean():.2f} came"
        for g in range(4)
        if (group == g).any()
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    folder = parser.parse_args().data / "spread" / "cascades"
    print("share of claims reaching 100 copies that is flagged at copy 10, at a false-alarm rate")
    covid = sorted(cascades(folder, "covid19_rumor_replies"), key=lambda c: c["t0"])
    half = len(covid) // 2
    rows, reached, _ = table(covid[:half])
    model = fit_early_model(rows, reached)
    test, came, never = table(covid[half:])
    chance = model.probability(test)
    report("covid19 replies, later half", chance, came, never)
    print("   calibration:", calibration(chance, came))
    chile, large, never_chile = table(cascades(folder, "mendoza2023_chile"))
    fold = np.random.default_rng(0).permutation(len(large)) % 5
    held = np.zeros(len(large))
    for k in range(5):
        fitted = fit_early_model(chile[fold != k], large[fold != k])
        held[fold == k] = fitted.probability(chile[fold == k])
    report("mendoza2023, five folds", held, large, never_chile)
    print("   calibration:", calibration(held, large))
    carried = model.probability(chile, share=float(large.mean()))
    report("mendoza2023 by the covid19 model", carried, large, never_chile)
    stream = generated(6_000, seed=1)
    rows, reached, _ = table(stream[:3000])
    test, came, never = table(stream[3000:])
    print(f"generated: {len(stream)} claims, {len(came)} of the later half have ten copies,")
    print(f"   {int(came.sum())} reach 100")
    report("generated, later half", fit_early_model(rows, reached).probability(test), came, never)
    blind_train, blind_test = rows.copy(), test.copy()
    blind_train[:, 7:] = blind_test[:, 7:] = np.nan
    fitted = fit_early_model(blind_train, reached)
    report("generated, times only", fitted.probability(blind_test), came, never)
    print("weights (covid19):", dict(zip(FEATURES, model.weights.round(2).tolist(), strict=True)))


if __name__ == "__main__":
    main()
