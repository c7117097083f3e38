"""Checking alerts: documents a second and core, all layers, beside libxml2's schema check alone.

Run: ``python bench/cap.py [--rounds 15] [--json]``. CPU seconds; each set is measured in turns with
the schema check, and the best round of each counts, so that what else the machine does falls on
both. "all layers" is what ``qalqan cap validate`` does: safe opening, schema, specification, and
the signature where there is one. The collected files lie beside the checkout; without them only
our own message is measured.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from _cap_mutations import SEED
from lxml import etree

from qalqan.cap.read import read
from qalqan.cap.validate import tree_only, validate
from qalqan.cap.write import write

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "cap"
LARGEST = 20_000


def corpus() -> list[tuple[str, bytes]]:
    """Return the valid files of the collected corpus."""
    index = SHARED / "index.json"
    if not index.is_file():
        return []
    return [
        (entry["file"], (SHARED / entry["file"]).read_bytes())
        for entry in json.loads(index.read_text(encoding="utf-8"))
        if entry["kind"] == "valid"
    ]


def sets() -> dict[str, list[bytes]]:
    """Return the sets of files to measure."""
    files = corpus()
    plain = [data for _, data in files if b"Signature" not in data and len(data) <= LARGEST]
    found = {"our sample message": [SEED]}
    if files:
        found["four examples of the standard"] = [
            data for name, data in files if "oasis_example" in name
        ]
        found["a weather service's warning"] = [
            data for name, data in files if "wmo_sc_no_signature" in name
        ]
        found["corpus, up to 3 kB, unsigned"] = [data for data in plain if len(data) < 3_000]
        found["corpus, up to 20 kB, unsigned"] = plain
        found["corpus, signed"] = [
            data for _, data in files if b"Signature>" in data and len(data) <= 100_000
        ]
    return found


def per_document(work: Callable[[bytes], object], files: Sequence[bytes], times: int) -> float:
    """Return CPU seconds a document."""
    start = time.process_time()
    for _ in range(times):
        for data in files:
            work(data)
    return (time.process_time() - start) / (times * len(files))


def schema_alone() -> Callable[[bytes], object] | None:
    """Return parsing and libxml2's check against the schema of OASIS."""
    path = SHARED / "xsd" / "oasis_CAP-v1.2.xsd"
    if not path.is_file():
        return None
    schema = etree.XMLSchema(etree.parse(path))
    parser = etree.XMLParser(resolve_entities=False)
    return lambda data: schema.validate(etree.fromstring(data, parser))


def measure(files: Sequence[bytes], rounds: int) -> dict[str, object]:
    """Return documents a second for every kind of work, the best of so many rounds."""
    works: dict[str, Callable[[bytes], object]] = {
        "all layers": validate,
        "and profile qalqan": lambda data: validate(data, profile="qalqan"),
        "by the tree only": tree_only,
        "read and write": lambda data: write(read(data)),
    }
    alone = schema_alone()
    if alone:
        works["libxml2, schema only"] = alone
    best = dict.fromkeys(works, float("inf"))
    times = max(1, 100 // len(files))
    for _ in range(rounds):
        for name, work in works.items():
            best[name] = min(best[name], per_document(work, files, times))
    found: dict[str, object] = {"files": len(files), "bytes": sum(map(len, files)) // len(files)}
    found |= {name: round(1 / spent) for name, spent in best.items()}
    return found


def main() -> None:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = {name: measure(files, asked.rounds) for name, files in sets().items() if files}
    if asked.json:
        print(json.dumps(found, indent=2))
        return
    columns = list(next(iter(found.values())))
    print("| set | " + " | ".join(columns) + " |")
    print("|---|" + "---:|" * len(columns))
    for name, row in found.items():
        print(f"| {name} | " + " | ".join(f"{row[column]:,}" for column in columns) + " |")


if __name__ == "__main__":
    main()
