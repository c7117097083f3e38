"""What the comparison of two claims yields."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """What may be done with a pair."""

    MERGE = "merge"
    SUGGEST = "suggest"
    APART = "apart"


class Conflict(StrEnum):
    """What stands in one text and is denied by the other."""

    NEGATION = "negation"
    NUMBER = "number"
    PLACE = "place"
    DATE = "date"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Judgement:
    """How probable it is that two texts say the same, and why.

    Parameters
    ----------
    probability : float
        Calibrated probability in 0..1.
    decision : Decision
        ``merge`` by itself, ``suggest`` to a person, or keep ``apart``. Never ``merge`` with a
        conflict.
    reasons : tuple of str
        What speaks for it, as codes with values: ``"meaning 0.93"``, ``"number 12"``.
    conflicts : tuple of Conflict
        What forbids a merge without a person.
    """

    probability: float
    decision: Decision
    reasons: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two claims that might be one.

    Parameters
    ----------
    first, second : int
        Identifiers as given; `first` is the new claim.
    judgement : Judgement
        Of the pair.
    """

    first: int
    second: int
    judgement: Judgement
