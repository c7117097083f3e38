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
from qalqan.desk.incidents.models.ledger import Incident, Indicator
from qalqan.desk.incidents.models.question import OpenQuestion
from qalqan.desk.incidents.models.reports import Attribute, Dispute, Holding, Report, State
from qalqan.desk.incidents.models.series import SeriesSuggestion
from qalqan.desk.incidents.models.versions import IncidentVersion

__all__ = [
    "Analysis",
    "AnalysisVersion",
    "Attribute",
    "Dispute",
    "EvidenceItem",
    "Holding",
    "Hypothesis",
    "HypothesisRelation",
    "Incident",
    "IncidentVersion",
    "Indicator",
    "Mark",
    "OpenQuestion",
    "Reading",
    "Report",
    "SeriesSuggestion",
    "SoughtEvidence",
    "State",
]
