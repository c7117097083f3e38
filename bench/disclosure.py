"""Suppression beside a plain MIP, and the attacker's audit over random tables and editions.

    python bench/disclosure.py                  # the example table and random 13 x 10 tables
    python bench/disclosure.py --random 1000    # random tables and editions under attack
    python bench/disclosure.py --large          # larger, linked and three-dimensional tables

The plain MIP is the textbook one: two copies of the table for every small cell. The attacker of
the second part is written apart from the product: a programme with ``scipy.optimize.linprog`` on
what is published alone, and for tiny tables every table that fits, one by one.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import time
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import block_diag, csr_matrix, hstack, vstack

from qalqan.science.disclosure.protect import Rules, protect
from qalqan.science.disclosure.tables import TOTAL, Table

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "polls"


def as_table(array, name="table"):
    cells = {
        (f"r{i}", f"c{j}"): int(value) for i, row in enumerate(array) for j, value in enumerate(row)
    }
    return Table(name, ("row", "column"), cells)


def plain(array, threshold=5, seconds=60.0):
    """Solve the textbook MIP over inner cells, all margins published: cost, bound, seconds."""
    array = np.asarray(array)
    rows, columns = array.shape
    size = array.size
    values = array.ravel().astype(float)
    small = np.flatnonzero((values > 0) & (values < threshold))
    sums = np.zeros((rows + columns, size))
    for i, j in itertools.product(range(rows), range(columns)):
        sums[i, i * columns + j] = sums[rows + j, i * columns + j] = 1
    sums = csr_matrix(sums)
    copies = 2 * len(small)
    most = values.sum()
    eye = csr_matrix(np.eye(size))
    # Unknowns: y, then a change of the table for each small cell upward and downward.
    balance = hstack([csr_matrix((copies * (rows + columns), size)), block_diag([sums] * copies)])
    above = hstack([vstack([-most * eye] * copies), block_diag([eye] * copies)])
    below = hstack([vstack([csr_matrix(np.diag(values))] * copies), block_diag([eye] * copies)])
    low = np.concatenate([np.zeros(size), np.tile(-values, copies)])
    high = np.concatenate([np.ones(size), np.full(copies * size, most)])
    low[small] = 1
    for k, cell in enumerate(small):
        low[size * (1 + 2 * k) + cell] = 1
        high[size * (2 + 2 * k) + cell] = -1
    cost = np.concatenate([values, np.zeros(copies * size)])
    cost[small] = 0
    start = time.perf_counter()
    found = milp(
        cost,
        constraints=[
            LinearConstraint(balance, 0, 0),
            LinearConstraint(above, -np.inf, 0),
            LinearConstraint(below, 0, np.inf),
        ],
        integrality=np.concatenate([np.ones(size), np.zeros(copies * size)]),
        bounds=Bounds(low, high),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    taken = time.perf_counter() - start
    return (math.inf if found.x is None else found.fun), found.mip_dual_bound, taken


def ours(table, rules=None, seconds=60.0):
    start = time.perf_counter()
    found = protect([table], rules, seconds=seconds, clock=time.perf_counter)
    return found, time.perf_counter() - start


def hidden_value(found):
    return sum(cell.value for cell in found.cells if cell.status == "complementary")


def beside_the_plain_mip(seconds):
    example = json.loads((SHARED / "cell_suppression_example.json").read_text(encoding="utf-8"))
    tables = [("5 x 4, the example (Tau-Argus: 30)", np.array(example["table"]))]
    for seed in range(6):
        rng = np.random.default_rng(seed)
        mean, shape = ((12, 1.2), (30, 1.5), (60, 1.0))[seed % 3]
        tables.append(
            (f"13 x 10, mean {mean}, seed {seed}",
             rng.negative_binomial(shape, shape / (shape + mean), (13, 10)))
        )  # fmt: skip
    ours(as_table(tables[0][1]))
    print("| table | small cells | ours: cost, s | plain MIP: cost (bound), s |")
    print("|---|---|---|---|")
    for name, array in tables:
        small = int(((array > 0) & (array < 5)).sum())
        found, taken = ours(as_table(array))
        cost, bound, plain_taken = plain(array, seconds=seconds)
        note = "" if bound > cost - 0.5 else f" ({bound:.1f})"
        print(
            f"| {name} | {small} | {hidden_value(found):g} {found.pattern.status}, {taken:.2f} "
            f"| {cost:g}{note}, {plain_taken:.2f} |", flush=True,
        )  # fmt: skip


def knowledge(editions, bond):
    """Return unknowns with bounds and equations, from what is printed alone."""
    places, low, high, rows = {}, [], [], []

    def place(key):
        if key not in places:
            places[key] = len(places)
            low.append(0.0)
            high.append(math.inf)
        return places[key]

    for edition in editions:
        mark = "" if bond == "same" else edition.name
        for table in edition.tables:
            for labels, value in table.cells.items():
                one = place((mark, plain_key(table, labels)))
                if (table.name, labels) not in edition.hidden:
                    low[one], high[one] = value - max(0, edition.base - 1), value
                    high[one] += max(0, edition.base - 1)
                    low[one] = max(low[one], 0.0)
            for where in range(len(table.dimensions)):
                rows += sums_along(table, where, mark, place)
    if bond == "grows":
        for one, two in itertools.pairwise(editions):
            for mark, key in [name for name in places if name[0] == two.name]:
                if (one.name, key) in places:
                    change = place((f"{one.name}>{mark}", key))
                    rows.append({places[mark, key]: 1, places[one.name, key]: -1, change: -1})
    return places, low, high, rows


def plain_key(table, labels):
    return frozenset(
        pair for pair in zip(table.dimensions, labels, strict=True) if pair[1] != TOTAL
    )


def sums_along(table, where, mark, place):
    parents = table.hierarchies.get(table.dimensions[where], {})
    children = {}
    for level in {labels[where] for labels in table.cells} - {TOTAL}:
        children.setdefault(parents.get(level, TOTAL), []).append(level)
    rows = []
    for labels in table.cells:
        if labels[where] in children:
            row = {place((mark, plain_key(table, labels))): 1.0}
            for child in children[labels[where]]:
                part = (*labels[:where], child, *labels[where + 1 :])
                row[place((mark, plain_key(table, part)))] = -1.0
            rows.append(row)
    return rows


def attacked(editions, bond, wanted):
    """Return the interval of the wanted cell, computed from what is printed."""
    places, low, high, rows = knowledge(editions, bond)
    matrix = np.zeros((len(rows), len(places)))
    for number, row in enumerate(rows):
        for place, sign in row.items():
            matrix[number, place] = sign
    bounds = [
        (least, None if math.isinf(most) else most) for least, most in zip(low, high, strict=True)
    ]
    ends = []
    for sign in (1, -1):
        goal = np.zeros(len(places))
        goal[places[wanted]] = sign
        found = linprog(goal, A_eq=matrix, b_eq=np.zeros(len(rows)), bounds=bounds)
        ends.append(math.inf if found.status == 3 else sign * found.fun)
    return ends[0], ends[1]


def random_tables(rng):
    """Draw one, two or three dimensions, sometimes a hierarchy, sometimes two linked tables."""
    sizes = [(int(rng.integers(3, 9)),), tuple(rng.integers(2, 7, 2)), tuple(rng.integers(2, 4, 3))]
    shape = sizes[int(rng.choice(3, p=(0.1, 0.6, 0.3)))]
    mean = float(rng.choice([4, 10, 25]))
    array = rng.negative_binomial(1.0, 1 / (1 + mean), shape)
    names = ("area", "theme", "age")[: len(shape)]
    cells = {
        tuple(f"{name}{k}" for name, k in zip(names, spot, strict=True)): int(array[spot])
        for spot in np.ndindex(*shape)
    }
    tree = {}
    if shape[0] >= 4 and rng.random() < 0.4:
        tree = {"area": {f"area{k}": f"north{k % 2}" for k in range(shape[0])}}
    if len(shape) == 3 and rng.random() < 0.5:
        return [fold(cells, names, (0, 1), tree), fold(cells, names, (0, 2), tree)]
    return [Table("one", names, cells, tree)]


def fold(cells, names, kept, tree):
    found = {}
    for labels, value in cells.items():
        key = tuple(labels[k] for k in kept)
        found[key] = found.get(key, 0) + value
    chosen = tuple(names[k] for k in kept)
    return Table("-".join(chosen), chosen, found, tree)


def grown(tables, rng, bond):
    """Return the tables of the next edition."""
    if bond == "same":
        return tables[:1]
    if len(tables) > 1:
        return None
    more = {key: value + int(rng.poisson(3)) for key, value in tables[0].cells.items()}
    return [Table(tables[0].name, tables[0].dimensions, more, tables[0].hierarchies)]


def one_case(seed):
    """Protect one random publication, and attack it: what was found, and the failures."""
    rng = np.random.default_rng(seed)
    tables = random_tables(rng)
    bond = str(rng.choice(["same", "grows"]))
    zeros = str(rng.choice(["safe", "structural", "sensitive"]))
    rules = Rules(zeros=zeros, cost=str(rng.choice(["value", "count", "log"])))
    editions, failures, refused = [], 0, 0
    waves = [tables] if rng.random() < 0.5 else [tables, grown(tables, rng, bond)]
    for number, wave in enumerate(one for one in waves if one):
        found = protect(
            wave, rules, name=f"e{number}", earlier=editions, bond=bond, seconds=10,
            clock=time.perf_counter,
        )  # fmt: skip
        if not found.safe:
            refused += 1
            break
        editions.append(found.edition)
    checked = 0
    for edition in editions:
        for table in edition.tables:
            for labels, value in table.cells.items():
                small = 0 < value < 5 or (zeros == "sensitive" and value == 0)
                if small:
                    mark = "" if bond == "same" else edition.name
                    low, high = attacked(editions, bond, (mark, plain_key(table, labels)))
                    checked += 1
                    failures += low > value - min(1, value) + 1e-6 or high < value + 1 - 1e-6
    return checked, failures, refused, len(editions)


def under_attack(count):
    start = time.process_time()
    totals = np.zeros(4, dtype=int)
    for seed in range(count):
        totals += np.array(one_case(seed), dtype=int)
    checked, failures, refused, editions = totals
    print(
        f"{count} random publications, {editions} editions published, {refused} refused: "
        f"{checked} small cells attacked, {failures} failures; "
        f"{time.process_time() - start:.0f} CPU s"
    )
    return failures


def large():
    cases = {
        "30 x 30": (30, 30), "100 x 20": (100, 20),
        "8 x 8 x 8": (8, 8, 8), "20 x 10 x 5": (20, 10, 5),
    }  # fmt: skip
    print("| table | small cells | cost | bound | status | s |\n|---|---|---|---|---|---|")
    for name, shape in cases.items():
        rng = np.random.default_rng(1)
        array = rng.negative_binomial(1.2, 1.2 / (1.2 + 30), shape)
        cells = {tuple(f"{d}.{k}" for d, k in enumerate(spot)): int(array[spot])
                 for spot in np.ndindex(*shape)}  # fmt: skip
        table = Table("t", tuple("abc")[: len(shape)], cells)
        found, taken = ours(table, seconds=30)
        small = sum(cell.status == "primary" for cell in found.cells)
        pattern = found.pattern
        print(f"| {name} | {small} | {pattern.cost:.0f} | {pattern.bound:.0f} | {pattern.status} "
              f"{pattern.gap:.2%} safe={found.safe} | {taken:.1f} |", flush=True)  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    if options.random:
        raise SystemExit(1 if under_attack(options.random) else 0)
    if options.large:
        large()
    else:
        beside_the_plain_mip(options.seconds)


if __name__ == "__main__":
    main()
