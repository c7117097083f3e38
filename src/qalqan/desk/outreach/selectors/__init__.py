"""What the room of outreach reads."""

from qalqan.desk.outreach.selectors.activities import agenda
from qalqan.desk.outreach.selectors.totals import reach

__all__ = ["agenda", "reach"]
