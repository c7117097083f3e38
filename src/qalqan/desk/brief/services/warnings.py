"""Public warnings that hold, and those that one person sent alone."""

from __future__ import annotations

from datetime import datetime

from qalqan.desk.alerts import selectors
from qalqan.desk.brief.content import WarningNow
from qalqan.desk.platform.policies import Actor

MOST = 10
NO_WARNINGS: tuple[list[WarningNow], int] = ([], 0)


def holding(actor: Actor, now: datetime) -> tuple[list[WarningNow], int]:
    """Return the actual warnings that hold, the gravest first, and how many wait for a review."""
    rows = selectors.live(actor, now=now, actual_only=True)[:MOST]
    shown = [
        WarningNow(
            warning_id=row.alert_id,
            headline_kk=row.headline_kk,
            headline_ru=row.headline_ru,
            headline_en=row.headline_en,
            severity=row.severity,
            expires_at=row.expires_at or now,
            sent_alone=row.is_break_glass,
        )
        for row in rows
    ]
    return shown, selectors.unreviewed(actor).count()
