"""The privacy guard: speed, and quality beside airlock-pii.

Run: ``DJANGO_SETTINGS_MODULE=qalqan.desk.settings.test python bench/privacy.py``. Times are CPU
time. The mixed stream has 3 % of texts with traces and 30 % with some digits.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.support.privacy_labelled import measure, read, wilson

WORD_TEXT = """
    су газ жарық мектеп дүкен көше нан баға автобус әкім дейді екен ертең бүгін вода свет
    школа магазин улица хлеб цена дорога собрание говорят завтра утром отключат срочно передайте
    water school hospital tomorrow everyone please share joq bolady deidi
"""
WORDS = WORD_TEXT.split()
COUNT = 50_000


def words(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(8, 18)))


def streams() -> dict[str, list[str]]:
    """Return clean texts, texts with traces, and a mixed stream."""
    rng = random.Random(7)
    clean = [words(rng) for _ in range(COUNT)]
    traced = [f"{words(rng)} 8 701 {rng.randrange(10**6, 10**7)}" for _ in range(COUNT // 10)]
    digits = [
        f"{words(rng)} {rng.choice(['21:45', '15.03.2024', '180', '№ 23', '12 345', '45-үй'])}"
        for _ in range(COUNT)
    ]
    mixed = [
        rng.choice(traced) if dice < 0.03 else rng.choice(digits if dice < 0.33 else clean)
        for dice in (rng.random() for _ in range(COUNT))
    ]
    return {"clean": clean, "with traces": traced, "mixed": mixed}


def main() -> None:
    """Print both tables."""
    django.setup()
    from qalqan.desk.platform.privacy.guard import find_traces, screen_many

    for name, texts in streams().items():
        screen_many(texts[:500])
        best = min(_seconds(screen_many, texts) for _ in range(3)) / len(texts)
        print(f"{name:12} {best * 1e6:8.2f} µs a message {1 / best:12,.0f} a CPU-second")
    finders = {"qalqan": lambda t: [(x.start, x.end, x.kind.value) for x in find_traces(t)]}
    try:
        from airlock_pii import detect
    except ImportError:
        print("airlock-pii is not installed")
    else:
        finders["airlock-pii"] = lambda t: [(x.start, x.end, "") for x in detect(t)]
    for name, find in finders.items():
        score = measure(find, read("test"))
        alarms = len(score.false_alarms)
        low, high = wilson(alarms, score.negatives)
        print(f"{name}: false alarms {alarms}/{score.negatives} [{low:.3f}, {high:.3f}]")
        for kind, wanted in score.wanted.items():
            low, high = wilson(score.hidden[kind], wanted)
            print(f"  {kind:12} {score.hidden[kind]:3}/{wanted:<3} [{low:.3f}, {high:.3f}]")


def _seconds(function, texts):
    start = time.process_time()
    function(texts)
    return time.process_time() - start


if __name__ == "__main__":
    main()
