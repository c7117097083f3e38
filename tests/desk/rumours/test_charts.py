"""The chart of a claim says which bar is not over."""

import numpy as np

from qalqan.desk.rumours.charts import hourly_chart


def test_only_the_last_bar_of_a_running_hour_is_so_far():
    hourly = np.ones(14, dtype=np.int64)
    over, running = (hourly_chart(490_000, hourly, is_running=flag) for flag in (False, True))
    assert [point.value for point in running.points] == [6, 6]
    assert str(running.points[-1].label) == f"{over.points[-1].label}, so far"
    assert running.points[0] == over.points[0]


def test_nothing_is_drawn_of_nothing():
    assert hourly_chart(0, np.zeros(0, dtype=np.int64), is_running=True) is None
