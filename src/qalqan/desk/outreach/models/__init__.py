"""What the room of outreach keeps."""

from qalqan.desk.outreach.models.activity import (
    BAND_FIELDS,
    LANGUAGES,
    YOUNG_BANDS,
    Activity,
    ActivityEvent,
    AgeBand,
    QuestionHeard,
)
from qalqan.desk.outreach.models.evaluation import Evaluation
from qalqan.desk.outreach.models.feed import ActivityFeed, OutreachCounter
from qalqan.desk.outreach.models.note import DeviceReceipt, FieldNote, NotePicture, OutreachDevice
from qalqan.desk.outreach.models.rollup import (
    CUTS,
    DIMENSIONS,
    STATES,
    SUMS,
    ActivityDay,
    ActivityMargin,
    ActivitySums,
    BodyMonth,
    PlaceCount,
    sums_of,
)

__all__ = [
    "BAND_FIELDS",
    "CUTS",
    "DIMENSIONS",
    "LANGUAGES",
    "STATES",
    "SUMS",
    "YOUNG_BANDS",
    "Activity",
    "ActivityDay",
    "ActivityEvent",
    "ActivityFeed",
    "ActivityMargin",
    "ActivitySums",
    "AgeBand",
    "BodyMonth",
    "DeviceReceipt",
    "Evaluation",
    "FieldNote",
    "NotePicture",
    "OutreachCounter",
    "OutreachDevice",
    "PlaceCount",
    "QuestionHeard",
    "sums_of",
]
