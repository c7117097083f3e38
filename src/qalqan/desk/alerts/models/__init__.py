"""What the room of alerts keeps."""

from qalqan.desk.alerts.models.alert import (
    LANGUAGES,
    Alert,
    AlertDistrict,
    AlertVersion,
    Certainty,
    Severity,
    Urgency,
)
from qalqan.desk.alerts.models.template import AlertTemplate

__all__ = [
    "LANGUAGES",
    "Alert",
    "AlertDistrict",
    "AlertTemplate",
    "AlertVersion",
    "Certainty",
    "Severity",
    "Urgency",
]
