"""How fast messages come in: read, screen, language, places, claim, store.

Usage: ``python bench/intake.py [--messages 1000000] [--keep FILE]``

Writes generated messages to a CSV file, brings them into an empty SQLite desk with the same
code as ``qalqan import messages``, and prints CPU seconds, messages per CPU-second and the
largest memory of the process that did it. Four of ten messages repeat one of 50,000 claims
(Zipf's law, exponent 1.1) with small changes; the others are said only once.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
CLAIMS, REPEATED = 50_000, 0.4
STEM_TEXT = """
    су газ жарық мектеп аурухана дүкен көше аудан қала нан баға жол көпір автобус әкім
    жиналыс төлем өрт апат дәрігер вода свет газ школа больница магазин улица район город
    хлеб цена дорога мост автобус аким собрание выплата пожар авария врач говорят завтра
    сегодня ночью утром закроют отключат подорожает пропадет срочно передайте всем құйып
    алыңыздар дейді екен ертең бүгін түнде таңнан болмайды жабылады қымбаттайды water power
    school hospital bridge closed tomorrow they say everyone please share urgent prices
"""
STEMS = STEM_TEXT.split()
PLACES = (
    "Ақтөбеде", "в Актобе", "Хромтау", "Қандыағашта", "в Шалкаре", "Мұғалжар", "Алға", "Темір",
    "Ырғызда", "Мәртөк",
)  # fmt: skip


def sentence(rng: random.Random) -> str:
    words = rng.choices(STEMS, k=rng.randint(9, 16))
    words = [word + str(rng.randrange(1000)) if rng.random() < 0.15 else word for word in words]
    if rng.random() < 0.3:
        words.insert(rng.randrange(len(words)), rng.choice(PLACES))
    if rng.random() < 0.01:
        words.append("+7701" + str(rng.randrange(10**6, 10**7)))
    return " ".join(words)


def varied(text: str, rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.4:
        return text
    if kind < 0.6:
        return text + "!!!"
    if kind < 0.8:
        return "Срочно: " + text
    words = text.split()
    words.pop(rng.randrange(len(words)))
    return " ".join(words)


def write(path: Path, count: int, seed: int = 7) -> None:
    rng = random.Random(seed)
    claims = [sentence(rng) for _ in range(min(CLAIMS, count // 10))]
    total, weights = 0.0, []
    for rank in range(len(claims)):
        total += (rank + 1) ** -1.1
        weights.append(total)
    start = NOW - timedelta(days=30)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["time", "text", "channel", "message_id", "author"])
        for number in range(count):
            at = start + timedelta(seconds=number * 30 * 86_400 / count)
            if rng.random() < REPEATED:
                text = varied(rng.choices(claims, cum_weights=weights)[0], rng)
            else:
                text = sentence(rng)
            row = [at.isoformat(), text, f"Арна {rng.randrange(40)}", number, "never kept"]
            out.writerow(row)


def prepare() -> None:
    """Make an empty desk that knows the settlements of the country."""
    from django.core.management import call_command

    from qalqan.desk.platform.places.services import import_settlements
    from qalqan.desk.platform.policies import SystemActor

    call_command("migrate", verbosity=0)
    import_settlements(actor=SystemActor("bench"), now=NOW)


def measure(path: Path) -> None:
    """Run in a process of its own, so that its memory is that of the import alone."""
    from qalqan.desk.intake.pipeline import Pipeline
    from qalqan.desk.intake.readers import read_records, survey
    from qalqan.desk.intake.services import import_messages
    from qalqan.desk.platform.policies import SystemActor
    from qalqan.desk.rumours import claim_cache, storage

    actor = SystemActor("bench")
    warm(actor)
    spent: dict[str, float] = {}
    watch(claim_cache, "assign", "claim", spent)
    for name in ("insert_messages", "insert_claims", "change_claims", "add_counts",
                 "known_identities"):  # fmt: skip
        watch(storage, name, "store: " + name, spent)
    pipeline = Pipeline(actor, NOW, "bench")
    began, wall = time.process_time(), time.perf_counter()
    report = import_messages(actor=actor, path=path, now=NOW, pipeline=pipeline)
    cpu, wall = time.process_time() - began, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.process_time()
    found = survey(path)
    for _ in read_records(path, "csv", found, UTC):
        pass
    read = 2 * (time.process_time() - began)
    spent = {"read (twice: check, store)": read, **pipeline.seconds, **spent}
    spent["the rest"] = cpu - sum(spent.values())
    print(f"messages {report.read:,}: stored {report.stored:,}, known {report.known:,}")
    print(f"CPU {cpu:.1f} s, wall {wall:.1f} s, {report.read / cpu:,.0f} messages per CPU-second")
    print(f"largest memory {peak:,.0f} MB")
    for step, seconds in spent.items():
        share = 1e6 * seconds / report.read
        print(f"  {step:30} {seconds:7.1f} s  {100 * seconds / cpu:4.0f} %  {share:6.1f} µs each")


def warm(actor: object) -> None:
    """Compile what is compiled on first use; a desk does so once in its life."""
    from qalqan.desk.intake.pipeline import Pipeline
    from qalqan.desk.intake.readers import Record
    from qalqan.science.rumours.group import ClaimIndex

    Pipeline(actor, NOW, "bench").process([Record("су жоқ", NOW, "Арна 0")])
    ClaimIndex().add_many(["су жоқ дейді ертең"])


def watch(module: object, name: str, label: str, spent: dict[str, float]) -> None:
    inner = getattr(module, name)

    def timed(*args, **kwargs):
        began = time.process_time()
        try:
            return inner(*args, **kwargs)
        finally:
            spent[label] = spent.get(label, 0.0) + time.process_time() - began

    setattr(module, name, timed)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--messages", type=int, default=1_000_000)
    options.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--keep", type=Path, help="keep the desk in this folder")
    chosen = options.parse_args()
    if chosen.measure or chosen.prepare:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qalqan.desk.settings.sqlite")
        django.setup()
        prepare() if chosen.prepare else measure(chosen.measure)
        return
    with tempfile.TemporaryDirectory(prefix="qalqan-bench-") as folder:
        path = Path(folder) / "messages.csv"
        write(path, chosen.messages)
        home = chosen.keep or Path(folder) / "home"
        home.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {"QALQAN_HOME": str(home), "QALQAN_SECRET_KEY": "0" * 50}
        for step in (["--prepare"], ["--measure", str(path)]):
            subprocess.run([sys.executable, __file__, *step], env=environment, check=True)
        size = sum(file.stat().st_size for file in home.rglob("*.sqlite3*"))
        print(f"database {size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
