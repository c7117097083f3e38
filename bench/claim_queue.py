"""The queue with a million messages in 50,000 claims: ranking them, and the pages that show them.

Usage: ``python bench/claim_queue.py [--claims 50000] [--messages 1000000] [--home FOLDER]``

Fills a desk with claims whose sizes follow a Zipf law over the last fourteen days (with ``--home``
it is kept and found again), ranks the whole queue, and asks for each page 15 times as a duty
officer. Prints CPU seconds and milliseconds: the machine may be busy with something else.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET_MS = 100
REPEATS = 15
BATCH = 5_000
PAGES = (
    "/rumours/", "/rumours/?start=2000", "/rumours/?severity=panic", "/rumours/?state=checking",
    "/rumours/?language=kk-Cyrl", "/rumours/?place=0", "/rumours/?owner=nobody",
    "/rumours/?owner=me", "/rumours/?overdue=on", "/rumours/?q=мектеп1", "/rumours/?sort=growth",
    "/rumours/?sort=copies", "/rumours/attention/?hours=3", "/rumours/suggestions/",
    "/rumours/measures/", "/rumours/1/", "/rumours/25000/",
)  # fmt: skip
_THINGS = (
    "су", "нан", "мектеп", "жол", "көпір", "базар", "аурухана", "пойыз", "автобус", "жарық",
    "газ", "банк",
)  # fmt: skip
_TOPICS = (
    "завтра закроют на месяц", "ертең өшіріледі дейді", "запасайтесь скорее деньги",
    "взорвут говорят люди", "перенесли на пятницу", "бағасы көтеріледі екен",
)  # fmt: skip


def text_of(claim: int) -> str:
    """Return the words of a claim; no two claims resemble each other."""
    words = [f"{thing}{(claim * 31 + n * 7919) % 999_983}" for n, thing in enumerate(_THINGS)]
    return f"{_TOPICS[claim % len(_TOPICS)]} {' '.join(words)}"


def sizes(claims: int, messages: int):
    """Return copies of each claim: at least two, the rest by a Zipf law."""
    import numpy as np

    weights = 1 / np.arange(1, claims + 1) ** 0.9
    extra = np.floor(weights / weights.sum() * (messages - 2 * claims)).astype(int)
    return extra + 2


def fill(claims: int, messages: int) -> None:
    """Store the messages as the desk stores them."""
    import numpy as np
    from django.utils import timezone
    from tests.support.factories import make_organisation, make_user

    from qalqan.desk.platform.places.models import Place
    from qalqan.desk.platform.policies import Role, SystemActor
    from qalqan.desk.platform.sources.services import get_or_create_source
    from qalqan.desk.rumours.batch import NewMessage, content_identity
    from qalqan.desk.rumours.services import store_messages

    make_user(Role.DUTY_OFFICER, username="bench", organisation=make_organisation(name="Bench"))
    actor, now = SystemActor("bench"), timezone.now()
    source = get_or_create_source(actor=actor, name="Bench", kind="channel", now=now)
    places = [
        Place.objects.create(
            kind="district", name_kk=f"B{n}", name_ru=f"B{n}", name_en=f"B{n}",
            latitude=48 + n / 5, longitude=56 + n / 4,
        ).pk
        for n in range(12)
    ]  # fmt: skip
    rng = np.random.default_rng(1)
    owners = np.repeat(np.arange(claims), sizes(claims, messages))
    ages = rng.uniform(0, 14, claims)[owners] * rng.beta(1, 3, len(owners))
    order = np.argsort(-ages)
    for start in range(0, len(order), BATCH):
        batch = []
        for at in order[start : start + BATCH].tolist():
            claim = int(owners[at])
            when = now - timedelta(days=float(ages[at]))
            text = text_of(claim)
            batch.append(
                NewMessage(
                    content_identity("Bench", str(at), when, text), "post", source.pk, text,
                    "ru" if claim % 3 else "kk-Cyrl", when, places[claim % 12],
                )
            )  # fmt: skip
        store_messages(actor=actor, batch=batch, run="bench", now=now)
        if start % (20 * BATCH) == 0:
            print(f"{start:,} stored", file=sys.stderr)


def measure(*, pages_only: bool) -> int:
    """Rank, print a line a page; return how many missed the target."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings
    from django.utils import timezone
    from tests.support.factories import sign_in

    from qalqan.desk.platform.policies import SystemActor
    from qalqan.desk.rumours.models import Claim, ClaimRank, Message
    from qalqan.desk.rumours.services import measuring, ranking

    actor = SystemActor("bench")
    print(f"{Message.objects.count():,} messages in {Claim.objects.count():,} claims")
    if not pages_only:
        ClaimRank.objects.all().delete()
    began = time.process_time()
    done = ranking.rank_claims(actor=actor, now=timezone.now())
    print(f"ranking all {done:,} claims: {time.process_time() - began:.1f} CPU s")
    began = time.process_time()
    again = ranking.rank_claims(actor=actor, now=timezone.now())
    print(f"ranking when nothing changed ({again}): {time.process_time() - began:.2f} CPU s")
    began = time.process_time()
    measuring.measure(actor=actor, now=timezone.now())
    print(f"measuring times until answers: {time.process_time() - began:.1f} CPU s")
    client = sign_in(Client(), get_user_model().objects.get(username="bench"))
    missed = 0
    print(f"{'page':34}{'median ms':>10}{'CPU ms':>8}{'queries':>9}")
    with override_settings(ALLOWED_HOSTS=["*"]):
        for page in PAGES:
            with CaptureQueriesContext(connection) as queries:
                status = client.get(page).status_code
                asked = len(queries)
            times, spent = [], []
            for _ in range(REPEATS):
                wall, busy = time.perf_counter(), time.process_time()
                client.get(page)
                times.append(1000 * (time.perf_counter() - wall))
                spent.append(1000 * (time.process_time() - busy))
            late = statistics.median(spent) > TARGET_MS
            missed += late
            note = "  over" if late else "" if status == 200 else f"  status {status}"
            print(
                f"{page:34}{statistics.median(times):10.1f}{statistics.median(spent):8.1f}"
                f"{asked:9d}{note}"
            )
    return missed


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--claims", type=int, default=50_000)
    options.add_argument("--messages", type=int, default=1_000_000)
    options.add_argument("--home", type=Path)
    options.add_argument("--pages-only", action="store_true", help="Keep the ranks of --home.")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="qalqan-bench-") as folder:
        home = (chosen.home or Path(folder) / "home").resolve()
        home.mkdir(parents=True, exist_ok=True)
        os.environ["QALQAN_HOME"] = str(home)
        os.environ["DJANGO_SETTINGS_MODULE"] = "qalqan.desk.settings.sqlite"
        os.environ.setdefault("QALQAN_SECRET_KEY", "bench only, never a server" * 2)
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        if not (home / "filled").is_file():
            fill(chosen.claims, chosen.messages)
            (home / "filled").touch()
        print(f"target {TARGET_MS} ms CPU a page: {measure(pages_only=chosen.pages_only)} over")


if __name__ == "__main__":
    main()
