"""One line of a history, as the timeline of a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened at a time.

    Parameters
    ----------
    note
        Who, why, and what else is told beside the title.
    tone
        ``good``, ``warning`` or ``critical``; nothing for what is neither.
    """

    time: datetime
    title: str
    note: str = ""
    tone: str = ""
    url: str = ""
