"""A corrected report for the browser: two versions, the first marked as superseded, and a draft."""

from datetime import timedelta

from tests.support.factories import NOW
from tests.support.report_factories import REASON, make_draft, make_report


def seed() -> None:
    make_report(now=NOW + timedelta(days=1), year=2025, quarter=3)
    make_report(now=NOW + timedelta(days=2), year=2025, quarter=3, reason=REASON)
    make_draft(now=NOW + timedelta(days=3), year=2024, quarter=1)
