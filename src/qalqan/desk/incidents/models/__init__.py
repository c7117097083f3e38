"""What the room of incidents keeps."""

from qalqan.desk.incidents.models.analysis import (
    Analysis,
    AnalysisVersion,
    EvidenceItem,
    Hypothesis,
    HypothesisRelation,
    Mark,
    Reading,
    SoughtEvidence,
)
from qalqan.desk.incidents.models.ledger import Incident, IncidentSource, Indicator
from qalqan.desk.incidents.models.question import OpenQuestion
from qalqan.desk.incidents.models.series import SeriesSuggestion

__all__ = [
    "Analysis",
    "AnalysisVersion",
    "EvidenceItem",
    "Hypothesis",
    "HypothesisRelation",
    "Incident",
    "IncidentSource",
    "Indicator",
    "Mark",
    "OpenQuestion",
    "Reading",
    "SeriesSuggestion",
    "SoughtEvidence",
]
