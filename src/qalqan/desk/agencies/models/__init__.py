"""What the room of agencies keeps."""

from qalqan.desk.agencies.models.body import (
    Body,
    BodyEvent,
    Counter,
    Expertise,
    Grant,
    Office,
    Registration,
)
from qalqan.desk.agencies.models.matter import HandOver, Holding, Matter, Responsibility
from qalqan.desk.agencies.models.monthly import ProvinceKey, Return, ReturnCount

__all__ = [
    "Body",
    "BodyEvent",
    "Counter",
    "Expertise",
    "Grant",
    "HandOver",
    "Holding",
    "Matter",
    "Office",
    "ProvinceKey",
    "Registration",
    "Responsibility",
    "Return",
    "ReturnCount",
]
