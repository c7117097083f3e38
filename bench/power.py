"""Power of the spatial scan on the northeast map: how often a true cluster is found at 5 %.

    python bench/power.py [--data ../shared/data] [--sets 5000] [--design FILE] [--twin] [--json]

Sets of 600 cases fall on 245 counties of the northeast of the USA (population 1990). In each design
one or more circles of counties have a raised risk; power is the share of sets whose highest
statistic lies above the 5 % point of 99,999 null sets. Circles hold at most half of the population.

The designs follow the description of Kulldorff, Tango and Park (2003), Computational Statistics and
Data Analysis 42(4), 665-684: a rural, a mixed and an urban centre, each with its 1, 2, 4, 8 and 16
nearest counties, the relative risk such that a test that knew the county would find it with
probability 0.999 at 5 %. Their centres (Grand Isle in Vermont, Allegheny in Pennsylvania, New York)
are theirs; the relative risks are computed here by that rule, as no table of them is at hand. A
file of designs, {"name": {"ids": [...], "relative_risk": 2.0, "power": 0.95}} or a list of such
with "name", replaces them; a "power" in it is printed beside ours with the difference.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qalqan.science.flashpoints.cylinders import Cylinders
from qalqan.science.flashpoints.montecarlo import Multinomial, null_maxima
from qalqan.science.flashpoints.zones import circular_zones

ROOT = Path(__file__).resolve().parent.parent
CASES = 600
NULLS = 99_999
CENTRES = {"rural": "VTGrandIsle", "mixed": "PAAllegheny", "urban": "NYNewYork"}
SIZES = (1, 2, 4, 8, 16)


@dataclass(frozen=True)
class Design:
    """Counties with a raised risk, and the power that somebody else published for them."""

    name: str
    members: list[int]
    risk: float
    published: float | None = None


def read(folder: Path) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
    """Return names, populations and places of the counties."""
    with (folder / "flashpoints" / "neast" / "neast.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    people = np.array([float(row["population"]) for row in rows])
    return [row["id"] for row in rows], people, np.array(
        [[float(row["x"]), float(row["y"])] for row in rows]
    )  # fmt: skip


def risk_for(share: float, power: float = 0.999, level: float = 0.05) -> float:
    """Return the relative risk at which a binomial test of one known zone has the power."""
    from scipy.stats import binom

    critical = float(binom.ppf(1 - level, CASES, share)) + 1

    def found(risk: float) -> float:
        return float(binom.sf(critical - 1, CASES, risk * share / (risk * share + 1 - share)))

    low, high = 1.0, 1e5
    while high - low > 1e-6 * low:
        middle = (low * high) ** 0.5
        low, high = (middle, high) if found(middle) < power else (low, middle)
    return high


def described(
    names: list[str], people: NDArray[np.float64], places: NDArray[np.float64]
) -> list[Design]:
    """Return the designs of the paper as far as its description goes."""
    result = []
    for kind, centre in CENTRES.items():
        apart = ((places - places[names.index(centre)]) ** 2).sum(axis=1)
        near = np.argsort(apart, kind="stable")
        for size in SIZES:
            members = near[:size].tolist()
            share = float(people[members].sum() / people.sum())
            result.append(Design(f"{kind} {size}", members, risk_for(share)))
    return result


def from_file(path: Path, names: list[str]) -> list[Design]:
    """Return designs that somebody wrote down."""
    data: Any = json.loads(path.read_text())
    rows = data.items() if isinstance(data, dict) else ((row["name"], row) for row in data)
    return [
        Design(name, [names.index(area) for area in row["ids"]], float(row["relative_risk"]),
               row.get("power"))
        for name, row in rows
    ]  # fmt: skip


def power_of(
    design: Design, people: NDArray[np.float64], cylinders: Cylinders, critical: float, sets: int
) -> float:
    """Return the share of sets with the cluster that lie above the critical value."""
    weights = people.copy()
    weights[design.members] *= design.risk
    drawn = (weights * (CASES / weights.sum()))[:, None]
    maxima = null_maxima(Multinomial.of(drawn, CASES), cylinders, total=CASES, replicates=sets,
                         seed=2)  # fmt: skip
    return float((maxima > critical).mean())


def twin(design: Design, people: NDArray[np.float64], places: NDArray[np.float64]) -> float:
    """Return the power by a plain scan in numpy with random numbers of its own, 2,000 sets."""
    rng = np.random.default_rng(7)
    n, share = len(people), people / people.sum()
    rows = []
    for centre in range(n):
        order = np.argsort(((places - places[centre]) ** 2).sum(axis=1), kind="stable")
        inside = np.zeros(n, dtype=bool)
        for area in order[share[order].cumsum() <= 0.5]:
            inside[area] = True
            rows.append(inside.copy())
    circles = np.unique(np.array(rows), axis=0).astype(np.float32)
    expected = (circles @ share.astype(np.float32)).astype(np.float64) * CASES

    def highest(weights: NDArray[np.float64], sets: int) -> NDArray[np.float64]:
        best = np.empty(sets)
        for first in range(0, sets, 50):
            counts = rng.multinomial(CASES, weights / weights.sum(), 50).astype(np.float32)
            c = (circles @ counts.T).astype(np.float64)
            e = expected[:, None]
            with np.errstate(divide="ignore", invalid="ignore"):
                rest = np.where(c < CASES, (CASES - c) * np.log((CASES - c) / (CASES - e)), 0.0)
                ratio = np.where((c > e) & (c >= 2), c * np.log(c / e) + rest, 0.0)
            best[first : first + 50] = ratio.max(axis=0)
        return best

    critical = np.quantile(highest(people, 4000), 0.95)
    weights = people.copy()
    weights[design.members] *= design.risk
    return float((highest(weights, 2000) > critical).mean())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--sets", type=int, default=5000)
    parser.add_argument("--design", type=Path)
    parser.add_argument("--twin", action="store_true", help="also a plain scan in numpy")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    start = time.process_time()
    names, people, places = read(options.data)
    designs = from_file(options.design, names) if options.design else described(
        names, people, places
    )  # fmt: skip
    zones = circular_zones(places, population=people, ties="ordered")
    one = np.zeros(1, np.int64)
    expected = (people * (CASES / people.sum()))[:, None]
    cylinders = Cylinders(zones.pointer, zones.members, zones.closed, one, one, expected)
    null = null_maxima(Multinomial.of(expected, CASES), cylinders, total=CASES, replicates=NULLS,
                       seed=1)  # fmt: skip
    critical = float(np.quantile(null, 0.95))
    powers = {
        design.name: power_of(design, people, cylinders, critical, options.sets)
        for design in designs
    }
    spent = time.process_time() - start
    if options.json:
        print(json.dumps({"critical": critical, "power": powers, "cpu_s": spent}, indent=2))
        return
    print(f"5 % point of {NULLS} null sets: {critical:.4f}; {options.sets} sets a design, "
          f"standard error at most {0.5 / options.sets**0.5:.4f}")  # fmt: skip
    print(f"{'design':14} {'counties':>8} {'people':>9} {'risk':>8} {'power':>7}  published")
    for design in designs:
        mine = powers[design.name]
        beside = "none at hand" if design.published is None else (
            f"{design.published:.3f} ({mine - design.published:+.3f})"
        )  # fmt: skip
        print(f"{design.name:14} {len(design.members):8} {int(people[design.members].sum()):9} "
              f"{design.risk:8.2f} {mine:7.4f}  {beside}")  # fmt: skip
    print(f"{spent:.1f} CPU s")
    if options.twin:
        chosen = designs[len(designs) // 2]
        print(f"plain numpy twin, {chosen.name}: {twin(chosen, people, places):.4f}, "
              f"ours {powers[chosen.name]:.4f}")  # fmt: skip


if __name__ == "__main__":
    main()
