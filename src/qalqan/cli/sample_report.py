"""The sample desk's report of the quarter that is over; its figures are made up like the rest."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def publish_sample_report(*, secretary: Any, duty: Any, now: datetime) -> bool:
    """Draft and publish the report of the last quarter, unless there is one.

    Parameters
    ----------
    secretary, duty
        The accounts that draft it and that publish it.
    """
    from django.db import transaction
    from django.utils import timezone

    from qalqan.desk.commission.selectors import reports as selectors
    from qalqan.desk.commission.services import reports
    from qalqan.desk.commission.services.money import quarter_before

    first, _end, name = quarter_before(timezone.localdate(now))
    if selectors.reports(secretary).filter(year=first.year, quarter=int(name[-1])).exists():
        return False
    with transaction.atomic():
        draft = reports.draft_report(
            actor=secretary, year=first.year, quarter=int(name[-1]), now=now, is_sample=True
        )
        reports.publish_report(actor=duty, report=draft, now=now)
    return True
