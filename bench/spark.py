"""Grouping on Spark: messages per core and second once warm, and what each part costs.

Run: ``python bench/spark.py [--quick]``. Counts CPU seconds of the driver, the JVM and the Python
workers together, from the end of the third batch on, so that neither starting nor what else the
machine does counts; messages per CPU-second are messages per core and second.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np

from qalqan.runners import spark
from qalqan.runners.spark_steps import Sequencer, link_blobs, sign_lines
from qalqan.science.rumours.group import ClaimIndex, GroupParameters
from qalqan.science.rumours.synthetic import b_cubed, make_stream

WARM = 3
TICKS = os.sysconf("SC_CLK_TCK")


def tree_seconds():
    """Return the CPU seconds of this process and all it started."""
    parents, spent = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        parents[pid] = int(fields[1])
        spent[pid] = sum(map(int, fields[11:15])) / TICKS
    mine, grew = {os.getpid()}, True
    while grew:
        more = {pid for pid, parent in parents.items() if parent in mine} - mine
        mine |= more
        grew = bool(more)
    return sum(spent.get(pid, 0.0) for pid in mine)


def lay_down(folder, texts, a_file):
    folder.mkdir()
    for first in range(0, len(texts), a_file):
        lines = (
            json.dumps({"id": first + i, "time": 1_790_000_000 + (first + i) / 100, "text": text})
            for i, text in enumerate(texts[first : first + a_file])
        )
        (folder / f"{first:09d}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def parts(texts, a_file):
    """Print the cost of our own functions, without Spark."""
    lines = [
        json.dumps({"id": i, "time": 1_790_000_000 + i / 100, "text": text})
        for i, text in enumerate(texts)
    ]
    params = GroupParameters()
    sign_lines(lines[:100], params, 8)
    start = time.process_time()
    blobs = [
        pair for at in range(0, len(lines), 10_000)
        for pair in sign_lines(lines[at : at + 10_000], params, 8)
    ]  # fmt: skip
    signed = time.process_time()
    states, linked = {}, []
    per_batch = 8 * max(a_file // 10_000, 1)
    for at in range(0, len(blobs), per_batch):
        for shard in range(8):
            mine = [blob for s, blob in blobs[at : at + per_batch] if s == shard]
            done, states[shard] = link_blobs(mine, states.get(shard), spark.HORIZON)
            linked += done
    kept = time.process_time()
    sequencer = Sequencer(params)
    for blob in linked:
        sequencer.take(blob)
    labels = sum(1 for _ in sequencer.settle())
    end = time.process_time()
    scale = 1e6 / labels
    print(
        f"own functions, µs a message: read and sign {(signed - start) * scale:.1f}, link "
        f"{(kept - signed) * scale:.1f}, order and claim {(end - kept) * scale:.1f}; blobs "
        f"{sum(len(b) for _, b in blobs) / labels:.0f} bytes a message, linked "
        f"{sum(map(len, linked)) / labels:.0f}, state {sum(map(len, states.values())) / labels:.0f}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the messages")
    parser.add_argument("--cores", type=int, default=2)
    options = parser.parse_args()
    n, a_file = (50_000, 5_000) if options.quick else (600_000, 50_000)
    stream = make_stream(n, np.random.default_rng(1))
    parts(stream.texts[:100_000], a_file)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        lay_down(work / "in", stream.texts, a_file)
        begun = time.monotonic()
        here = spark.session(cores=options.cores)
        print(
            f"Spark {here.version}, {options.cores} cores, up in {time.monotonic() - begun:.0f} s"
        )
        lines = spark.folder(here, work / "in", files_a_batch=1)
        query = spark.start(lines, work / "out", once=True)
        commits = work / "out" / "checkpoint" / "commits"
        while not (commits / str(WARM - 1)).exists():
            time.sleep(0.02)
        spent, since = tree_seconds(), time.monotonic()
        query.awaitTermination()
        spent, wall = tree_seconds() - spent, time.monotonic() - since
        rest = n - WARM * a_file
        print(
            f"warm: {rest:,} messages in batches of {a_file:,}: {rest / spent:,.0f} a core and "
            f"second ({spent:.1f} CPU seconds; {wall:.1f} s by the clock on this machine)"
        )
        found = dict(spark.labels(work / "out"))
        labels = np.array([found[i] for i in range(n)])
        alone = ClaimIndex(copies=True).add_many(stream.texts) + 1
        print(f"labels equal one process: {bool((labels == alone).all())}")
        print(
            "B-cubed precision, recall, F1:", *(f"{x:.4f}" for x in b_cubed(stream.claims, labels))
        )
        here.stop()


if __name__ == "__main__":
    main()
