"""The hours and days that a brief looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

WINDOW_HOURS = 24
HISTORY_DAYS = 14
BLOCKS = HISTORY_DAYS + 1


@dataclass(frozen=True, slots=True)
class Span:
    """The window that ends at ``as_of``, in whole hours, and the days before it.

    >>> span = Span(datetime(2026, 1, 2, 3, 0, tzinfo=UTC))
    >>> span.start.isoformat()
    '2026-01-01T03:00:00+00:00'
    >>> span.last_hour - span.first_hour + 1 == 24 * BLOCKS
    True
    """

    as_of: datetime

    @property
    def end_hour(self) -> int:
        """The first whole hour since 1970 that is not counted."""
        return -(-int(self.as_of.timestamp()) // 3600)

    @property
    def last_hour(self) -> int:
        """The newest hour counted."""
        return self.end_hour - 1

    @property
    def first_hour(self) -> int:
        """The oldest hour counted."""
        return self.end_hour - WINDOW_HOURS * BLOCKS

    @property
    def end(self) -> datetime:
        """The end of the newest hour."""
        return datetime.fromtimestamp(self.end_hour * 3600, UTC)

    @property
    def start(self) -> datetime:
        """The beginning of the window."""
        return datetime.fromtimestamp((self.end_hour - WINDOW_HOURS) * 3600, UTC)
