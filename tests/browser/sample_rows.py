"""The sample province, as the demo loads it."""

from __future__ import annotations

import sys

from django.conf import settings
from django.utils import timezone


def seed() -> None:
    """Load the sample and compute the brief."""
    from qalqan.cli import sample_desk as s

    now = timezone.now()
    home = settings.HOME

    def progress(*_args: object, **_fields: object) -> None:
        """Say nothing."""

    from qalqan.desk.flashpoints.services import run_scan
    from qalqan.desk.incidents.services import import_incidents

    for step in (
        lambda: s._write_files(home, 1, now),
        lambda: s._import_places(home, now),
        lambda: import_incidents(
            actor=s._actor(), path=home / "sample" / "incidents.csv", now=now, is_sample=True
        ),
        lambda: s._import_messages(home, now, progress),
        lambda: run_scan(actor=s._actor(), stream="incidents", now=now, replicates=99),
        lambda: run_scan(actor=s._actor(), stream="tips", now=now, replicates=99),
        lambda: s._compute_brief(home, now, 1, progress),
    ):
        try:
            step()
        except Exception as error:
            sys.stderr.write(f"SEED {error!r}\n")
