"""How many mutations of a published report are found, by kind, and what a check costs.

Run: ``python -m bench.report_verifier [--tries 40]`` from the repository's root.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import random
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qalqan.desk.settings.test")


def main() -> None:
    """Try mutations of every kind and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=40)
    tries = parser.parse_args().tries
    django.setup()
    from tests.support import report_files as files

    from qalqan.desk.commission import report_paper
    from qalqan.verify.canonical import canonical
    from qalqan.verify.refusals import BadReportError
    from qalqan.verify.rows import as_csv

    _earlier, own, key = files.pair()
    rng = random.Random(8)

    def any_byte() -> tuple[str, dict[str, bytes]]:
        pdf = bytearray(own.pdf)
        pdf[rng.randrange(len(pdf))] ^= rng.randrange(1, 256)
        return "signature", {"pdf": bytes(pdf)}

    def glyph() -> tuple[str, dict[str, bytes]]:
        change = files.other_glyph(rng.randrange(3), rng.randrange(400))
        return "page", {"pdf": files.rewritten(own.pdf, change)}

    def digit() -> tuple[str, dict[str, bytes]]:
        told = copy.deepcopy(own.content)
        part, row = rng.randrange(3), rng.randrange(14)
        told["sections"][part]["figures"][row]["value"] += rng.choice((1, 10, -1))
        bare = report_paper.report_pdf(told, own.data, "en", made_at=files.AT)
        return f"figure part{part}.row{row}", {"pdf": report_paper.signed(bare, key=key)}

    def row() -> tuple[str, dict[str, bytes]]:
        lines = as_csv(own.content).decode("utf-8-sig").split("\r\n")
        at = rng.randrange(1, len(lines) - 2)
        del lines[at]
        return f"row {at + 1}", {"data": "\r\n".join(lines).encode()}

    def entry() -> tuple[str, dict[str, bytes]]:
        content = json.loads(own.chain)
        at = rng.randrange(len(content["entries"]))
        number = content["entries"][at][0]
        if rng.random() < 0.5:
            content["entries"][at][1] = f"{rng.getrandbits(256):064x}"
        else:
            del content["entries"][at]
        return f"entry {number}", {"chain": canonical(content)}

    print("| changed | tried | found | named where it was |\n|---|---|---|---|")
    for make in (any_byte, glyph, digit, row, entry):
        found = named = 0
        for _try in range(tries):
            where, given = make()
            try:
                differs = files.differing(files.checked(given.pop("pdf", own.pdf), **given))
            except BadReportError:
                found, named = found + 1, named + 1
                continue
            found += bool(differs)
            said = " ".join([*differs, *(one for findings in differs.values() for one in findings)])
            named += where in said
        print(f"| {make.__name__.replace('_', ' ')} | {tries} | {found} | {named} |")
    begun = time.process_time()
    for _try in range(5):
        files.checked(own.pdf)
    print(f"\none check of two reports: {(time.process_time() - begun) / 5:.2f} s of the processor")


if __name__ == "__main__":
    main()
