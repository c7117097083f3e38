"""The brief end to end, straight from raw files: CPU seconds by stage.

    python bench/brief.py [MESSAGES] [SEED]

Writes a sample province of so many messages (100,000 by default) and 2,000 tips, makes a
temporary desk, takes everything in, computes the brief and writes it in three languages. The
files are written before the clock starts. The target is 30 CPU seconds for 100,000 messages.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from qalqan.sample.generator import write_sample

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def cpu() -> float:
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def main() -> None:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with tempfile.TemporaryDirectory() as folder:
        paths = write_sample(Path(folder) / "in", seed=seed, now=NOW, messages=messages)
        both = Path(folder) / "all.jsonl"
        both.write_bytes(paths.messages.read_bytes() + paths.tips.read_bytes())
        spent: dict[str, float] = {}
        last = [("start", cpu())]

        def watch(stage: str, _done: int, _total: int) -> None:
            name, since = last[0]
            now = cpu()
            spent[name] = spent.get(name, 0.0) + now - since
            last[0] = (stage, now)

        start, clock = cpu(), time.perf_counter()
        from qalqan.desk.brief.raw import brief_from_files

        written = brief_from_files(
            messages=both, incidents=paths.incidents, areas=paths.areas,
            population=paths.population, sites=paths.sites, out=Path(folder) / "out", now=NOW,
            progress=watch,
        )  # fmt: skip
        watch("end", 0, 0)
        total, wall = cpu() - start, time.perf_counter() - clock
        size = sum(path.stat().st_size for path in written)
    print(f"brief end to end, {messages:,} messages and 2,000 tips, seed {seed}")
    for stage, seconds in spent.items():
        print(f"  {stage:<22} {seconds:7.2f} CPU s")
    print(f"  {'all':<22} {total:7.2f} CPU s   ({wall:.1f} s by the clock)")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {len(written)} files, {size / 1024:.0f} KiB; peak memory {peak:.0f} MiB")


if __name__ == "__main__":
    main()
