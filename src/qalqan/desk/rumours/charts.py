"""Charts of the pages of claims."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from qalqan.desk.platform.ui import charts
from qalqan.desk.platform.ui.formatting import format_date

_STEP = 6
"""Hours a bar: two weeks of single hours would make a table of 336 rows."""


def hourly_chart(
    first: int, hourly: NDArray[np.int64], *, is_running: bool = False
) -> charts.Chart | None:
    """Draw the copies of a claim in steps of six hours.

    Parameters
    ----------
    first
        Number of the first hour.
    hourly
        Copies in each hour; shape (h,).
    is_running
        Whether the last hour is not over, which the label of the last bar then says.
    """
    steps = hourly[len(hourly) % _STEP :].reshape(-1, _STEP).sum(axis=1).tolist()
    start = first + len(hourly) % _STEP
    points = [
        charts.Point(format_date(_time(start + at * _STEP), "short"), copies)
        for at, copies in enumerate(steps)
    ]
    if points and is_running:
        newest = points[-1]
        label = _("%(time)s, so far") % {"time": newest.label}
        points[-1] = charts.Point(label, newest.value)
    return charts.bar_chart(
        points,
        title=_("Copies in six hours each"),
        description=_("The last fourteen days"),
        unit=_("copies"),
    )


def _time(hour: int) -> datetime:
    return timezone.localtime(datetime.fromtimestamp(hour * 3600, UTC))
