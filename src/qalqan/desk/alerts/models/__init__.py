"""What the room of alerts keeps."""

from qalqan.desk.alerts.models.alert import (
    Alert,
    AlertDistrict,
    AlertVersion,
    Certainty,
    Severity,
    Urgency,
)
from qalqan.desk.alerts.models.delivery import (
    Channel,
    Delivery,
    Dispatch,
    Lane,
    Receipt,
    SendingWorker,
    Spread,
    Target,
)
from qalqan.desk.alerts.models.device import Device, Signal
from qalqan.desk.alerts.models.drill import Drill
from qalqan.desk.alerts.models.levels import Level
from qalqan.desk.alerts.models.subscriber import Subscriber
from qalqan.desk.alerts.models.template import AlertTemplate

__all__ = [
    "Alert",
    "AlertDistrict",
    "AlertTemplate",
    "AlertVersion",
    "Certainty",
    "Channel",
    "Delivery",
    "Device",
    "Dispatch",
    "Drill",
    "Lane",
    "Level",
    "Receipt",
    "SendingWorker",
    "Severity",
    "Signal",
    "Spread",
    "Subscriber",
    "Target",
    "Urgency",
]
