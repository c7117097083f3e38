"""The quarter's counts, handed out protected once the quarter is over."""

from __future__ import annotations

from datetime import date, datetime

from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.releases.selectors import releases
from qalqan.desk.platform.releases.services import Table, release
from qalqan.desk.support.models import Kind
from qalqan.desk.support.selectors.counts import SERIES, of_quarter
from qalqan.desk.support.services.common import today

THRESHOLD = 10
"""Counts from 1 to 9 are withheld; more than elsewhere at the desk, since help is rare."""


def last_quarter(day: date) -> tuple[date, date]:
    """Return the first day of the quarter that is over, and of the one that runs.

    >>> last_quarter(date(2026, 2, 3))
    (datetime.date(2025, 10, 1), datetime.date(2026, 1, 1))
    """
    after = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    year, month = (after.year, after.month - 3) if after.month > 3 else (after.year - 1, 10)
    return date(year, month, 1), after


def release_quarter(*, actor: Actor, now: datetime) -> bool:
    """Release the last quarter's counts unless that was done or refused before.

    Returns
    -------
    bool
        Whether there was something to release.
    """
    first, after = last_quarter(today(now))
    edition = f"{first.year}-Q{(first.month + 2) // 3}"
    if releases(actor, series=SERIES).filter(edition=edition).exists():
        return False
    found = of_quarter(actor, first, after)
    if not any(found.values()):
        return False
    release(
        actor=actor, series=SERIES, edition=edition, now=now, threshold=THRESHOLD,
        tables=_tables(found),
    )  # fmt: skip
    return True


def _tables(found: dict[str, dict[tuple[str, ...], int]]) -> list[Table]:
    # One level alone has no total, so that unlike things are never added up.
    begun: dict[tuple[str, ...], float] = {
        ("begun", kind): found["begun"].get((kind,), 0) for kind in Kind.values
    }
    tables = [Table("begun", ("what", "help"), begun)]
    if found["enquiries"]:
        asked: dict[tuple[str, ...], float] = {
            ("asked", name): count for (name,), count in found["enquiries"].items()
        }
        tables.append(Table("enquiries", ("what", "district"), asked))
    for event in ("closed", "withdrawn", "expired"):
        ended: dict[tuple[str, ...], float] = {("ended", event): found["events"].get((event,), 0)}
        tables.append(Table(event, ("what", "how"), ended))
    return tables
