"""What the room of the commission keeps."""

from qalqan.desk.commission.models.accounts import (
    Account,
    AccountHarm,
    AccountText,
    AccountVersion,
)
from qalqan.desk.commission.models.lessons import (
    Cause,
    Recommendation,
    RecommendationStep,
    Review,
)
from qalqan.desk.commission.models.openings import (
    OpenItem,
    OpenMeeting,
    OpenRecommendation,
)
from qalqan.desk.commission.models.performance import (
    FigureComment,
    FigureUnit,
    IndicatorDefinition,
    LockedFigure,
    PerformanceIndicator,
    PerformanceTarget,
)
from qalqan.desk.commission.models.reports import QuarterReport, ReportPaper
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
    "Account",
    "AccountHarm",
    "AccountText",
    "AccountVersion",
    "Agenda",
    "Cause",
    "Commission",
    "Counter",
    "Decision",
    "DecisionStep",
    "Evidence",
    "FigureComment",
    "FigureUnit",
    "IndicatorDefinition",
    "LockedFigure",
    "Meeting",
    "OpenItem",
    "OpenMeeting",
    "OpenRecommendation",
    "PerformanceIndicator",
    "PerformanceTarget",
    "Presence",
    "QuarterReport",
    "Recommendation",
    "RecommendationStep",
    "ReportPaper",
    "Review",
    "Seat",
]
