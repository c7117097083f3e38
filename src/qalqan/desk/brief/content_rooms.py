"""What the rooms that came later add to a brief; all of it has a default, so old editions read.

Names of places are plain dataclasses of ``content``; here stand only numbers, codes and texts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision of a commission that is owed: late, due soon, or with evidence to judge."""

    decision_id: int
    reference: str
    text_kk: str
    text_ru: str
    text_en: str
    owner: str
    due_on: date
    state: str


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """A recommendation past its day."""

    recommendation_id: int
    reference: str
    text: str
    addressee: str
    due_on: date


@dataclass(frozen=True, slots=True)
class DecisionsNow:
    """Where the commission's decisions stood, and the ones that somebody must move."""

    live: int
    overdue: int
    to_judge: int
    shown: list[DecisionLine] = field(default_factory=list)
    advice_overdue: int = 0
    advice: list[AdviceLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DevicesNow:
    """How panic buttons and sensors were, and what of them nobody had answered."""

    in_use: int
    silent: int
    faulty: int
    low_battery: int
    refused: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class DataGap:
    """Something that did not arrive.

    ``kind`` is ``return`` (a province's month), ``poll`` (field work past its last day), ``job``
    (the desk's own, failed), ``feed`` (failed several times) or ``import`` (refused). ``name``
    says which, ``count`` how often or how many, ``since`` from when it is missing.
    """

    kind: str
    name: str
    count: int
    since: datetime | None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A room that could not be read when the brief was made; ``error`` is the kind of fault."""

    room: str
    error: str


@dataclass(frozen=True, slots=True)
class SiteDue:
    """A site that is late or soon due for inspection, by its number."""

    site_id: int
    number: int
    district_id: int | None
    due_on: date


@dataclass(frozen=True, slots=True)
class WarningNow:
    """A public warning that held at the moment of the brief."""

    warning_id: int
    headline_kk: str
    headline_ru: str
    headline_en: str
    severity: str
    expires_at: datetime
    sent_alone: bool


@dataclass(frozen=True, slots=True)
class TrustNow:
    """Trust in official word, 0 to 100, by the newest poll, with its change where it was tested."""

    index: float
    low: float
    high: float
    answers: int
    start: date
    end: date
    formula: int
    change: float | None
    change_low: float | None
    change_high: float | None
