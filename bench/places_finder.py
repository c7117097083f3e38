"""CPU time of finding the place of a message, on the sample's messages.

Run: python bench/places_finder.py
"""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from qalqan.desk.platform.places.finder import NameRow, PlaceFinder
from qalqan.sample.areas import COUNTRY, ELSEWHERE, PROVINCE, UNITS, VILLAGES
from qalqan.sample.generator import write_sample


def gazetteer() -> tuple[list[NameRow], dict[int, int]]:
    rows: list[NameRow] = []
    parents: dict[int, int] = {}

    def add(kind, names, aliases, parent):
        key = len(parents) + 1
        parents[key] = parent
        rows.extend(NameRow(key, kind, parent, name, "und") for name in (*names, *aliases))
        return key

    country = add("country", COUNTRY, (), 0)
    province = add("province", PROVINCE, (), country)
    districts = {unit.kato: add("district", unit.names, (), province) for unit in UNITS}
    for unit in UNITS:
        add("settlement", unit.seat.names, unit.seat.aliases, districts[unit.kato])
    for village in (*VILLAGES, *ELSEWHERE):
        add("settlement", village.names, village.aliases, districts.get(village.kato, country))
    return rows, parents


def measure(finder: PlaceFinder, texts: list[str]) -> float:
    best = float("inf")
    for _ in range(5):
        began = process_time()
        finder.find_first_many(texts)
        best = min(best, process_time() - began)
    return best / max(1, len(texts)) * 1e6


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        now = datetime(2026, 3, 2, tzinfo=UTC)
        paths = write_sample(Path(folder), seed=1, now=now)
        texts = [json.loads(line)["text"] for line in paths.messages.open(encoding="utf-8")]
    finder = PlaceFinder(*gazetteer())
    found = finder.find_first_many(texts)
    groups = {
        "all messages": texts,
        "with a place": [t for t, place in zip(texts, found, strict=True) if place],
        "without": [t for t, place in zip(texts, found, strict=True) if not place],
    }
    print("| messages | number | CPU µs a message |\n|---|---|---|")
    for name, group in groups.items():
        print(f"| {name} | {len(group)} | {measure(finder, group):.1f} |")


if __name__ == "__main__":
    main()
