"""Messages, the claims they make, and the answers given.

No author, handle, profile or address of a post has a column here, on purpose.
"""

from qalqan.desk.rumours.models.answers import Answer
from qalqan.desk.rumours.models.claims import Claim, ClaimHour, ClaimLanguage, ClaimPlace
from qalqan.desk.rumours.models.messages import Language, Message, Tally, TipDay

__all__ = [
    "Answer",
    "Claim",
    "ClaimHour",
    "ClaimLanguage",
    "ClaimPlace",
    "Language",
    "Message",
    "Tally",
    "TipDay",
]
