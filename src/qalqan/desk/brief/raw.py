"""From raw files to the brief, without a desk: a temporary one is made and taken away again.

Nothing of Django is imported before the settings of the temporary desk are in place, so this
works once a process, and only in one that has not opened a desk of its own.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from qalqan.errors import SettingsError

Progress = Callable[[str, int, int], None]

_OLD = timedelta(days=2)
_SETTINGS = "qalqan.desk.settings.sqlite"


def brief_from_files(
    *,
    messages: Path | None,
    incidents: Path | None,
    areas: Path,
    population: Path | None = None,
    sites: Path | None = None,
    out: Path,
    now: datetime,
    as_of: datetime | None = None,
    language: str = "kk",
    seed: int = 0,
    replicates: int = 999,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Read the files, compute the brief, write it to a folder.

    Parameters
    ----------
    messages, incidents, areas, population, sites
        The raw files; either messages or incidents may be missing.
    out
        Where the outputs go. On any error nothing is written there.
    now
        The time of making.
    as_of
        The moment that the brief speaks of. By default the last message, or without messages
        the last incident, where that is more than two days old; else ``now``.
    language
        Language of the main outputs.
    seed, replicates
        Of the Monte Carlo tests.
    progress
        Called with a stage, and done and wanted steps of it.

    Raises
    ------
    QalqanError
        A file cannot be understood, or the folder not be written to.
    SettingsError
        A desk is open in this process already.
    """
    report = progress or (lambda stage, done, total: None)
    with _temporary_desk(report):
        from qalqan.desk.brief.services import compute_brief, write_files
        from qalqan.desk.brief.services.sites import count_sites
        from qalqan.desk.platform.policies import SystemActor

        actor = SystemActor("raw")
        _take_in(actor, now, messages, incidents, areas, population, report)
        moment, rule = _moment(actor, now, as_of)
        edition = compute_brief(
            actor=actor, now=now, as_of=moment, as_of_rule=rule, seed=seed,
            replicates=replicates, sites=count_sites(sites) if sites else None, progress=report,
        )  # fmt: skip
        return write_files(edition, out, language=language)


@contextmanager
def _temporary_desk(report: Progress) -> Iterator[None]:
    from django.conf import settings

    if settings.configured:
        raise SettingsError("a desk is open already; raw files need a process of their own")
    with tempfile.TemporaryDirectory(prefix="qalqan-") as folder:
        before = dict(os.environ)
        os.environ.update(
            QALQAN_HOME=folder,
            QALQAN_SECRET_KEY=secrets.token_urlsafe(48),
            DJANGO_SETTINGS_MODULE=_SETTINGS,
        )
        try:
            _migrate(report)
            yield
        finally:
            from django.db import connections

            connections.close_all()
            os.environ.clear()
            os.environ.update(before)


def _migrate(report: Progress) -> None:
    import django

    report("temporary desk", 0, 1)
    django.setup()
    from django.db import connection

    from qalqan.desk.platform.upkeep.schema import bring_up_to_date

    bring_up_to_date()
    with connection.cursor() as cursor:
        # The desk is thrown away after use: there is nothing to save from a power cut.
        cursor.execute("PRAGMA synchronous=OFF")
    report("temporary desk", 1, 1)


def _take_in(
    actor: object,
    now: datetime,
    messages: Path | None,
    incidents: Path | None,
    areas: Path,
    population: Path | None,
    report: Progress,
) -> None:
    """Read the files in the order in which they need each other."""
    from qalqan.desk.incidents.services import import_incidents
    from qalqan.desk.intake.services import import_messages
    from qalqan.desk.platform.places import services as places

    common = {"actor": actor, "now": now}
    report("areas", 0, 1)
    places.import_areas(path=areas, **common)  # type: ignore[arg-type]
    if population:
        places.import_population(path=population, **common)  # type: ignore[arg-type]
    report("areas", 1, 1)
    if incidents:
        import_incidents(path=incidents, progress=partial(_count, report, "incidents"), **common)  # type: ignore[arg-type]
    if messages:
        import_messages(path=messages, progress=partial(_count, report, "messages"), **common)  # type: ignore[arg-type]


def _count(report: Progress, stage: str, *numbers: object) -> None:
    """Pass on what a room reports: rows so far, with or without their stage and total."""
    counted = [number for number in numbers if isinstance(number, int)]
    done, total = (*counted, 0, 0)[:2]
    report(stage, done, total)


def _moment(actor: object, now: datetime, as_of: datetime | None) -> tuple[datetime, str]:
    """Return the moment of the brief and the rule that it was chosen by."""
    if as_of is not None:
        return as_of, "given"
    from qalqan.desk.incidents import selectors as incidents
    from qalqan.desk.rumours.selectors import message_window

    last = message_window(actor)[1]  # type: ignore[arg-type]
    if last is None:
        newest = incidents.incidents(actor).first()  # type: ignore[arg-type]
        last = newest.occurred_from if newest else None
    if last is not None and now - last > _OLD:
        return last, "last_data"
    return now, "now"
