"""Messages, the claims they make, and the answers given.

No author, handle, profile or address of a post has a column here, on purpose.
"""

from qalqan.desk.rumours.models.answers import LANGUAGES, Answer, AnswerVersion, Publication
from qalqan.desk.rumours.models.claims import Claim, ClaimHour, ClaimLanguage, ClaimPlace
from qalqan.desk.rumours.models.delivery import Delivery, MailSubscription, Webhook
from qalqan.desk.rumours.models.flow import Evidence, TipReference, Verdict, VerdictValue
from qalqan.desk.rumours.models.merging import (
    ClaimMerge,
    MergeSuggestion,
    SplitSuggestion,
    Suggestion,
)
from qalqan.desk.rumours.models.messages import Language, Message, Tally, TipDay
from qalqan.desk.rumours.models.ranking import ClaimMatch, ClaimRank, MeasureEdition, WorkMinutes

__all__ = [
    "LANGUAGES",
    "Answer",
    "AnswerVersion",
    "Claim",
    "ClaimHour",
    "ClaimLanguage",
    "ClaimMatch",
    "ClaimMerge",
    "ClaimPlace",
    "ClaimRank",
    "Delivery",
    "Evidence",
    "Language",
    "MailSubscription",
    "MeasureEdition",
    "MergeSuggestion",
    "Message",
    "Publication",
    "SplitSuggestion",
    "Suggestion",
    "Tally",
    "TipDay",
    "TipReference",
    "Verdict",
    "VerdictValue",
    "Webhook",
    "WorkMinutes",
]
