"""Quarterly reports for tests: drafted by a secretary, published by a duty officer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.support.factories import NOW, make_user

from qalqan.desk.commission.models import QuarterReport
from qalqan.desk.commission.services import reports
from qalqan.desk.platform.policies import Role

REASON = {
    "kk": "Бір дерек кеш келді", "ru": "Часть данных пришла поздно", "en": "Some data came late",
}  # fmt: skip


def make_draft(
    *, year: int = 2025, quarter: int = 4, actor: Any = None, now: datetime = NOW, **fields: Any
) -> QuarterReport:
    """Return the draft of a quarter that is over."""
    by = actor or make_user(Role.SECRETARY)
    return reports.draft_report(actor=by, year=year, quarter=quarter, now=now, **fields)


def make_report(*, now: datetime = NOW, **fields: Any) -> QuarterReport:
    """Return a published report."""
    row = make_draft(now=now, **fields)
    return reports.publish_report(
        actor=make_user(Role.DUTY_OFFICER), report=row, now=now + timedelta(minutes=5)
    )
