"""What the room of the commission keeps."""

from qalqan.desk.commission.models.lessons import (
    Cause,
    Recommendation,
    RecommendationStep,
    Review,
)
from qalqan.desk.commission.models.table import (
    Agenda,
    Commission,
    Counter,
    Decision,
    DecisionStep,
    Evidence,
    Meeting,
    Presence,
    Seat,
)

__all__ = [
    "Agenda",
    "Cause",
    "Commission",
    "Counter",
    "Decision",
    "DecisionStep",
    "Evidence",
    "Meeting",
    "Presence",
    "Recommendation",
    "RecommendationStep",
    "Review",
    "Seat",
]
