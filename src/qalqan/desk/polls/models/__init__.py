"""What the room of polls keeps; answers are kept without any identity."""

from qalqan.desk.polls.models.collecting import (
    AGE_BANDS,
    SETTLEMENTS,
    SEXES,
    Batch,
    OutcomeCount,
    PaperSheet,
    Response,
    WebToken,
)
from qalqan.desk.polls.models.edition import PollEdition, TrustFormula
from qalqan.desk.polls.models.frame import FrameUnit, SamplingFrame
from qalqan.desk.polls.models.poll import DrawnCluster, Margin, Poll, Stratum
from qalqan.desk.polls.models.questionnaire import (
    PollQuestion,
    Questionnaire,
    QuestionnaireVersion,
)

__all__ = [
    "AGE_BANDS",
    "SETTLEMENTS",
    "SEXES",
    "Batch",
    "DrawnCluster",
    "FrameUnit",
    "Margin",
    "OutcomeCount",
    "PaperSheet",
    "Poll",
    "PollEdition",
    "PollQuestion",
    "Questionnaire",
    "QuestionnaireVersion",
    "Response",
    "SamplingFrame",
    "Stratum",
    "TrustFormula",
    "WebToken",
]
