"""Messages, the claims they make, and the answers given.

No author, handle, profile or address of a post has a column here, on purpose.
"""

from qalqan.desk.rumours.models.answers import Answer
from qalqan.desk.rumours.models.claims import Claim, ClaimHour, ClaimLanguage, ClaimPlace
from qalqan.desk.rumours.models.merging import (
    ClaimMerge,
    MergeSuggestion,
    SplitSuggestion,
    Suggestion,
)
from qalqan.desk.rumours.models.messages import Language, Message, Tally, TipDay
from qalqan.desk.rumours.models.ranking import ClaimMatch, ClaimRank, MeasureEdition, WorkMinutes

__all__ = [
    "Answer",
    "Claim",
    "ClaimHour",
    "ClaimLanguage",
    "ClaimMatch",
    "ClaimMerge",
    "ClaimPlace",
    "ClaimRank",
    "Language",
    "MeasureEdition",
    "MergeSuggestion",
    "Message",
    "SplitSuggestion",
    "Suggestion",
    "Tally",
    "TipDay",
    "WorkMinutes",
]
