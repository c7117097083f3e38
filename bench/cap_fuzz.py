"""Fuzzing of qalqan.cap: mutated messages, bombs and giants; nothing may fail, hang or grow.

Run: ``python bench/cap_fuzz.py [--number 1000000] [--seed 1] [--check 20]``. Every mutant is
validated with a profile; one in ``--check`` is also held against the other ways to the same
answer: the tree without the quick way, reading and writing it, and, where the OASIS schema lies
beside the checkout, libxml2's schema processor.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from _cap_mutations import SEED, mutate

from qalqan.cap.errors import CapError
from qalqan.cap.read import read, read_lenient
from qalqan.cap.validate import tree_only, validate
from qalqan.cap.write import write

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data" / "cap"


def corpus() -> list[bytes]:
    """Return the messages to mutate: our own, and the collected ones up to 20 kB."""
    seeds = [SEED]
    index = SHARED / "index.json"
    if index.is_file():
        for entry in json.loads(index.read_text(encoding="utf-8")):
            data = (SHARED / entry["file"]).read_bytes()
            if len(data) <= 20_000:
                seeds.append(data)
    return seeds


def schema():
    """Return libxml2's reading of the OASIS schema, or nothing where it is absent."""
    from lxml import etree

    path = SHARED / "xsd" / "oasis_CAP-v1.2.xsd"
    return etree.XMLSchema(etree.parse(path)) if path.is_file() else None


def disagreement(data: bytes, report, xsd) -> str | None:
    """Return what two ways to the same answer disagree about."""
    from lxml import etree

    from qalqan.cap.document import parse

    slow = tree_only(data, profile="qalqan")
    if [one.as_dict() for one in slow.errors] != [one.as_dict() for one in report.errors]:
        return "quick and tree"
    layers = {one.layer.value for one in report.errors if one.severity.value == "error"}
    try:
        read_lenient(data)
        alert = read(data)
    except CapError:
        alert = None
    if alert is None and not layers & {"xml", "schema"}:
        return "valid by schema, but not read"
    if alert is not None:
        again = write(alert)
        if read(again) != alert or write(read(again)) != again:
            return "round trip"
    # libxml2 lets a signature stand before info, against the order of section 3.4, and looks into
    # addresses, which XML Schema leaves open and our specification layer looks into.
    if b"xmldsig#" in data:
        return None
    if xsd is not None and "xml" not in layers:
        try:
            good = xsd.validate(parse(data))
        except etree.XMLSchemaError:
            return None
        if not good and all("xs:anyURI" in str(one) for one in xsd.error_log):
            good = True
        if good != ("schema" not in layers):
            return f"libxml2 says {good}"
    return None


def mutants(number: int, seed: int, check: int) -> dict[str, object]:
    """Validate so many mutants and return what was seen."""
    rng = random.Random(seed)
    seeds, xsd = corpus(), schema()
    seen: dict[str, int] = {}
    slowest, busy, odd = 0.0, 0.0, []
    for at in range(number):
        data = mutate(rng, seeds)
        start = time.process_time()
        report = validate(data, profile="qalqan")
        spent = time.process_time() - start
        busy += spent
        slowest = max(slowest, spent)
        layer = report.failed.value if report.failed else "valid"
        seen[layer] = seen.get(layer, 0) + 1
        if check and at % check == 0:
            found = disagreement(data, report, xsd)
            if found and len(odd) < 20:
                odd.append({"at": at, "what": found, "data": data.decode("latin-1")[:3000]})
        if at % 100_000 == 99_999:
            print(f"{at + 1:,}", rss(), seen, len(odd), file=sys.stderr, flush=True)
    return {
        "mutants": number,
        "seed": seed,
        "first failing layer": seen,
        "slowest, CPU s": round(slowest, 4),
        "a second": round(number / busy),
        "peak resident MiB": rss(),
        "disagreements": odd,
    }


def rss() -> int:
    """Return the most memory the process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def giants() -> dict[str, object]:
    """Validate bombs and giants; return CPU seconds and traced memory of each."""
    lol = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    bomb = f'<!DOCTYPE alert [<!ENTITY l0 "lol">{lol}]>'
    root = '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
    cases: dict[str, Callable[[], bytes]] = {
        "entity bomb": f"{bomb}{root}&l11;</alert>".encode,
        "quadratic bomb": lambda: (
            f'<!DOCTYPE alert [<!ENTITY a "{"x" * 50_000}">]>{root}'.encode()
            + b"&a;" * 50_000
            + b"</alert>"
        ),
        "100 MB of text": lambda: root.encode() + b"a" * 100_000_000 + b"</alert>",
        "100 MB of tags": lambda: root.encode() + b"<a>" * 33_000_000,
        "8 MB of tags": lambda: root.encode() + b"<a/>" * 2_000_000,
        "8 MB of attributes": lambda: (
            root.encode()[:-1] + b"".join(b' a%d="1"' % i for i in range(700_000)) + b"/>"
        ),
        "8 MB in one text": lambda: SEED.replace(b"412", b"4" * 8_000_000),
        "8 MB in one polygon": lambda: SEED.replace(b"50.25,57.1 50.35", b"50.25,57.1 " * 700_000),
        "8 MB of comments": lambda: root.encode() + b"<!-- -->" * 1_000_000 + b"</alert>",
        "deep": lambda: root.encode() + b"<a>" * 99_000 + b"</a>" * 99_000 + b"</alert>",
        "long prolog": lambda: b"<!-- -->" * 1_000_000 + SEED,
        "long line of quotes": lambda: SEED.replace(b"akimat", b'" ' * 3_000_000),
        "8 MB of commas": lambda: SEED.replace(b"map.png", b"," * 8_000_000),
        "8 MB of dots": lambda: SEED.replace(b"level", b"a." * 4_000_000),
    }
    found = {}
    for name, make in cases.items():
        data = make()
        tracemalloc.start()
        start = time.process_time()
        report = validate(data, profile="qalqan")
        spent = time.process_time() - start
        peak = tracemalloc.get_traced_memory()[1] >> 20
        tracemalloc.stop()
        verdict = report.errors[0].rule if report.errors else "valid"
        found[name] = {"CPU s": round(spent, 2), "Python MiB": peak, "rule": verdict}
    return found


def main() -> None:
    """Run and print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", type=int, default=20)
    parser.add_argument("--no-giants", action="store_true")
    asked = parser.parse_args()
    found = mutants(asked.number, asked.seed, asked.check)
    if not asked.no_giants:
        found["giants"] = giants()
    print(json.dumps(found, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
