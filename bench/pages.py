"""Server time of every page with a million messages stored.

Usage: ``python bench/pages.py [--messages 1000000] [--home FOLDER]``

Fills a desk with the sample province and generated messages (with ``--home`` the desk is kept
and found again), asks for every page of the browser's table as the role named there, and
prints the median and the largest of 15 answers and the number of queries. Wall-clock and CPU
time in one process without a network: what the server spends. The target is held against the
CPU time where the machine is busy with something else (the two then differ widely).
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET_MS = 100
REPEATS = 15


def fill(home: Path, messages: int) -> None:
    """Make the desk, if it is not there from an earlier run."""
    if (home / "filled").is_file():
        return
    sys.path.insert(0, str(ROOT / "bench"))
    from intake import write

    home.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"QALQAN_HOME": str(home)}
    qalqan = [sys.executable, "-m", "qalqan"]
    subprocess.run([*qalqan, "demo", "--json"], env=environment, check=True, stdout=sys.stderr)
    path = home / "generated.csv"
    write(path, messages)
    subprocess.run(
        [*qalqan, "import", "messages", str(path)], env=environment, check=True, stdout=sys.stderr
    )
    path.unlink()
    (home / "filled").touch()


def address_of(client, case) -> str:
    """Return where a case ends: after redirects, and the first link where it follows one."""
    import lxml.html

    page = client.get(case.path, follow=True)
    if not case.follow:
        asked = page.request
        return asked["PATH_INFO"] + ("?" + asked["QUERY_STRING"] if asked["QUERY_STRING"] else "")
    inside = "article" if "article" in case.follow else "tbody"
    links = lxml.html.fromstring(page.content).xpath(f"//main//{inside}//a")
    return links[0].get("href") if links else ""


def measure() -> int:
    """Print a line a page; return how many missed the target."""
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings
    from tests.browser.pages import PAGES
    from tests.support.factories import sign_in

    missed = 0
    clients = {"public": Client()}
    with override_settings(ALLOWED_HOSTS=["*"]), connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM rumours_message")
        print(f"{cursor.fetchone()[0]:,} messages stored, {connection.vendor}")
        print(f"{'page':26}{'median ms':>10}{'largest':>9}{'CPU ms':>8}{'queries':>9}")
        for case in PAGES:
            if case.status != 200:
                continue
            if case.role not in clients:
                user = get_user_model().objects.get(username=case.role)
                clients[case.role] = sign_in(Client(), user)
            client = clients[case.role]
            address = address_of(client, case)
            if not address:
                print(f"{case.name:26} nothing to follow in this desk")
                continue
            with CaptureQueriesContext(connection) as queries:
                status = client.get(address).status_code
                asked = len(queries)
            times, spent = [], []
            for _ in range(REPEATS):
                began, busy = time.perf_counter(), time.process_time()
                client.get(address)
                times.append(1000 * (time.perf_counter() - began))
                spent.append(1000 * (time.process_time() - busy))
            median = statistics.median(times)
            late = statistics.median(spent) > TARGET_MS
            missed += late
            note = "  over" if late else "" if status in (200, 302) else f"  status {status}"
            name = re.sub(r"\s", "", case.name)
            print(
                f"{name:26}{median:10.1f}{max(times):9.1f}{statistics.median(spent):8.1f}{asked:9d}{note}"
            )
    return missed


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--messages", type=int, default=1_000_000)
    options.add_argument("--home", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="qalqan-bench-") as folder:
        home = (chosen.home or Path(folder) / "home").resolve()
        fill(home, chosen.messages)
        os.environ["QALQAN_HOME"] = str(home)
        os.environ["DJANGO_SETTINGS_MODULE"] = "qalqan.desk.settings.sqlite"
        sys.path.insert(0, str(ROOT))
        missed = measure()
        print(f"target {TARGET_MS} ms a page: {missed} over")


if __name__ == "__main__":
    main()
