"""What a brief says, as plain data without any language: it is put into words when shown.

Times are aware UTC. Names of places are kept in all three languages, so that an edition is read
years later as it was, whatever became of the tables it was computed from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from qalqan.desk.brief.content_rooms import (
    AdviceLine,
    DataGap,
    DecisionLine,
    DecisionsNow,
    DevicesNow,
    Missing,
    SiteDue,
    TrustNow,
    WarningNow,
)
from qalqan.desk.brief.plain import as_json, build

__all__ = [
    "AdviceLine", "AuditMark", "Brief", "Change", "Channel", "DataGap", "DecisionLine",
    "DecisionsNow", "DevicesNow", "DistrictCount", "EarlierAnswer", "Excess", "GrowthMethod",
    "Health", "IncidentLine", "LanguageCount", "Map", "MapArea", "Missing", "OutreachNow",
    "Overdue", "PlaceCount", "PlaceName", "QuestionLine", "Rumour", "Scan", "SiteDue", "SitesNow",
    "Titles", "TrustNow", "WarningNow", "as_json", "from_json",
]  # fmt: skip

SCHEMA = "qalqan.brief/1"


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place as the brief names it."""

    id: int
    kk: str
    ru: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the name in a language, else in Kazakh.

        >>> PlaceName(1, "Ақтөбе", "Актобе", "Aktobe").in_language("ru")
        'Актобе'
        """
        return {"ru": self.ru, "en": self.en}.get(language) or self.kk


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """How many copies name a place."""

    place: PlaceName
    copies: int


@dataclass(frozen=True, slots=True)
class LanguageCount:
    """How many copies are in a language (BCP 47 code, ``mixed`` or ``und``)."""

    language: str
    copies: int


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """The newest answer already published to a claim."""

    verdict: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Rumour:
    """A claim that grows now, with its numbers and their doubt."""

    claim_id: int
    text: str
    language: str
    first_seen: datetime
    copies: int
    copies_window: int
    copies_before: int
    is_new: bool
    expected: float
    rate_ratio: float
    rate_ratio_low: float
    rate_ratio_high: float | None
    p_value: float
    q_value: float
    days: list[int]
    places: list[PlaceCount]
    languages: list[LanguageCount]
    answer: EarlierAnswer | None


@dataclass(frozen=True, slots=True)
class GrowthMethod:
    """How many claims were looked at, against what, and with which settings."""

    claims_examined: int
    claims_growing: int
    window_hours: int
    history_days: int
    minimum_copies: int
    false_discovery_rate: float
    discount: float
    size: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Excess:
    """An area and a period with more than expected."""

    finding_id: int
    stream: str
    places: list[PlaceName]
    start: date
    end: date
    observed: int
    expected: float
    relative_risk: float | None
    relative_risk_low: float
    relative_risk_high: float | None
    p_value: float
    recurrence_days: float
    sites: int | None


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan of one stream: what it looked at and what it said."""

    stream: str
    verdict: str
    run_id: int
    window_start: date
    window_end: date
    cases: int
    areas: int
    replicates: int
    seed: int
    data_hash: str
    alpha: float


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """A new incident of the ledger."""

    incident_id: int
    title_kk: str
    title_ru: str
    title_en: str
    kind: str
    occurred_from: datetime
    occurred_to: datetime
    time_precision: str
    place: PlaceName | None
    place_text: str
    place_precision: str
    killed: int | None
    injured: int | None
    recorded_at: datetime
    grades: list[str]
    district_id: int | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """Work whose deadline has passed."""

    item_id: int
    kind: str
    title: str
    owner: str
    due_at: datetime
    escalation_level: int
    url: str


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """What nobody knows yet about an incident, who finds out, and until when."""

    question_id: int
    incident_id: int
    question: str
    owner: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Titles:
    """What a thing is called in each language; empty where nobody has said."""

    kk: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference to the edition before.

    ``what`` is ``rumour``, ``area``, ``scan``, ``answer``, ``incident`` or ``work``. ``number`` is
    the key of the incident or the work, ``detail`` the verdict of an answer or the field of an
    incident that was corrected. With ``change`` equal to ``further``, ``after`` counts what else
    of the kind is not listed.
    """

    what: str
    change: str
    claim_id: int | None
    text: str
    language: str
    stream: str
    places: list[PlaceName]
    before: float | None
    after: float | None
    number: int | None = None
    titles: Titles | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """Messages of one channel in the last 24 hours against its usual days.

    ``usual_low`` to ``usual_high`` is what 8 of 10 earlier days lay between.
    """

    name: str
    kind: str
    recent: int
    usual: float | None
    usual_low: float | None
    usual_high: float | None
    state: str


@dataclass(frozen=True, slots=True)
class Health:
    """What the brief was computed from, and whether the data are as usual."""

    messages: int
    messages_window: int
    first_message: datetime | None
    last_message: datetime | None
    channels: list[Channel]
    channels_left_out: int
    incidents: int
    incidents_outside: int
    incidents_later: int
    last_incident: datetime | None
    districts: int
    boundaries_approximate: bool


@dataclass(frozen=True, slots=True)
class AuditMark:
    """The head of the audit chain just before this edition was recorded."""

    sequence: int
    hash: str
    written_at: datetime | None


@dataclass(frozen=True, slots=True)
class DistrictCount:
    """Cases of a stream in a district in the map's days, and how many were expected."""

    stream: str
    observed: int
    expected: float


@dataclass(frozen=True, slots=True)
class MapArea:
    """A district on the map, with its boundary as GeoJSON in WGS84 degrees."""

    place: PlaceName
    latitude: float
    longitude: float
    geometry: dict[str, Any] | None
    counts: list[DistrictCount]
    flagged: list[str]


@dataclass(frozen=True, slots=True)
class Map:
    """The districts of the province; the shade is observed over expected of one stream."""

    start: date
    end: date
    stream: str
    areas: list[MapArea]


@dataclass(frozen=True, slots=True)
class SitesNow:
    """How protection stood: numbers only, as a brief goes to more people than the register.

    ``notices_overdue`` is null in an extract for a reader who may not see notices.
    """

    overdue: int
    soon: int
    next_numbers: list[int]
    notices_overdue: int | None
    due: list[SiteDue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OutreachNow:
    """Where prevention leaves gaps: districts with raised need and few activities a head."""

    bare: list[PlaceName]
    nothing: list[PlaceName]
    months: int
    notes_waiting: int


@dataclass(frozen=True, slots=True)
class Brief:
    """One morning brief.

    ``hidden`` names rooms that the reader of an extract may not read; it is empty in the store.
    """

    made_at: datetime
    as_of: datetime
    as_of_rule: str
    window_start: datetime
    previous_as_of: datetime | None
    is_sample: bool
    province: PlaceName | None
    growth: GrowthMethod
    rumours: list[Rumour]
    scans: list[Scan]
    excesses: list[Excess]
    incidents: list[IncidentLine]
    incidents_new: int
    overdue: list[Overdue]
    overdue_all: int
    changes: list[Change]
    health: Health
    audit: AuditMark | None
    map: Map | None
    schema: str = field(default=SCHEMA)
    warnings: list[WarningNow] = field(default_factory=list)
    warnings_unreviewed: int = 0
    protection: SitesNow | None = None
    outreach: OutreachNow | None = None
    trust: TrustNow | None = None
    questions: list[QuestionLine] = field(default_factory=list)
    questions_all: int = 0
    decisions: DecisionsNow | None = None
    devices: DevicesNow | None = None
    gaps: list[DataGap] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def from_json(data: dict[str, Any]) -> Brief:
    """Read a stored brief back; what an older edition does not hold takes its default.

    Raises
    ------
    ValueError
        The data are of another schema.
    """
    if data.get("schema") != SCHEMA:
        raise ValueError(f"not a brief of schema {SCHEMA}: {data.get('schema')}")
    return build(Brief, data)
