"""What did not arrive: returns of provinces, field work, jobs of the desk, feeds, imports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from qalqan.desk.agencies.selectors import nation
from qalqan.desk.brief.content import DataGap
from qalqan.desk.intake import selectors as intake
from qalqan.desk.platform.jobs import selectors as jobs
from qalqan.desk.platform.policies import Actor
from qalqan.desk.polls import selectors as polls

RETURN_DAY = 10
"""A month's return is missed from this day of the month after."""
FEED_FAILURES = 3
MOST = 12
_DAY = timedelta(days=1)


def not_arrived(actor: Actor, moment: datetime) -> list[DataGap]:
    """Return what did not arrive until a moment, each kind with what is missing longest first."""
    return [
        *_returns(actor, moment),
        *_polls(actor, moment),
        *_jobs(actor, moment),
        *_feeds(actor),
        *_refused(actor, moment),
    ]


def _returns(actor: Actor, moment: datetime) -> Iterator[DataGap]:
    """Provinces that returned a month before and not the last one whose day is past."""
    today = timezone.localdate(moment)
    due = _month_before(today.replace(day=1))
    if today.day < RETURN_DAY:
        due = _month_before(due)
    rows = nation.all_returns(actor).filter(replaced_at__isnull=True)
    has_returned: dict[int, object] = {}
    came: set[int] = set()
    for row in rows.filter(month__lte=due, month__gte=_month_before(_month_before(due))):
        has_returned[row.province_id] = row.province
        if row.month == due:
            came.add(row.province_id)
    following = (due.replace(day=28) + timedelta(days=4)).replace(day=RETURN_DAY)
    since = datetime.combine(following, time(), timezone.get_default_timezone())
    for key, province in list(has_returned.items())[:MOST]:
        if key not in came:
            yield DataGap("return", f"{province} {due:%Y-%m}", 1, since)


def _month_before(first: date) -> date:
    return (first - _DAY).replace(day=1)


def _polls(actor: Actor, moment: datetime) -> Iterator[DataGap]:
    rows = polls.polls(actor).filter(state="open", ends_on__lt=timezone.localdate(moment))
    row: Any
    for row in rows.order_by("ends_on", "pk")[:MOST]:
        end = datetime.combine(row.ends_on + _DAY, time(), timezone.get_default_timezone())
        yield DataGap("poll", row.code, row.answer_count, end, row.pk)


def _jobs(actor: Actor, moment: datetime) -> Iterator[DataGap]:
    for line in jobs.schedules(actor):
        row = line.schedule
        if row is not None and row.last_outcome == "failed" and row.failures:
            yield DataGap("job", row.name, row.failures, row.last_finished)


def _feeds(actor: Actor) -> Iterator[DataGap]:
    rows = intake.feeds(actor).filter(is_active=True, failures__gte=FEED_FAILURES)
    for row in rows.order_by("-failures", "pk")[:MOST]:
        yield DataGap("feed", str(row.source), row.failures, row.polled_at)


def _refused(actor: Actor, moment: datetime) -> Iterator[DataGap]:
    rows = intake.runs(actor).filter(
        state="refused", started_at__gt=moment - _DAY, started_at__lte=moment
    )
    for row in rows.order_by("started_at", "pk")[:MOST]:
        yield DataGap("import", row.file_name, row.rejected, row.started_at, row.pk)
