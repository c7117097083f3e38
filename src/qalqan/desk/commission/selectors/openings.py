"""What everyone may know of the commission: meetings, outcomes, recommendations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import override

from qalqan.desk.commission.models import OpenItem, OpenMeeting, OpenRecommendation
from qalqan.desk.commission.models.openings import Opened

_CODES = ("kk", "ru", "en")


@dataclass(frozen=True, slots=True)
class PublicItem:
    """One item of a published agenda; no outcome before it is published."""

    order: int
    title: str
    outcome: str
    words: str


@dataclass(frozen=True, slots=True)
class PublicMeeting:
    """A meeting as everyone sees it in one language."""

    number: int
    key: int
    commission: str
    starts_at: datetime
    venue: str
    state: str
    state_code: str
    items: tuple[PublicItem, ...]
    opened_at: datetime
    outcomes_at: datetime | None
    withdrawn_at: datetime | None
    withdrawal: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class PublicStep:
    """A change of state of a recommendation; the words of it stay within the desk."""

    at: datetime
    state: str
    is_response: bool


@dataclass(frozen=True, slots=True)
class PublicRecommendation:
    """A recommendation as everyone sees it in one language."""

    number: int
    reference: str
    text: str
    addressee: str
    state: str
    state_code: str
    is_open: bool
    issued_at: datetime
    due_on: date
    closed_at: datetime | None
    steps: tuple[PublicStep, ...]
    opened_at: datetime
    withdrawn_at: datetime | None
    withdrawal: str
    is_sample: bool


def _said(row: object, field: str, language: str) -> str:
    code = language[:2] if language[:2] in _CODES else _CODES[0]
    return str(getattr(row, f"{field}_{code}"))


def _why(row: Opened, language: str) -> str:
    return _said(row, "withdrawal", language) if row.withdrawn_at else ""


def _meeting(row: OpenMeeting, language: str) -> PublicMeeting:
    held = row.meeting
    items = () if row.withdrawn_at else tuple(_item(one, language) for one in row.items.all())
    return PublicMeeting(
        number=held.number, key=row.pk, commission=held.commission.name_in(language),
        starts_at=held.starts_at, venue=held.venue, state=str(held.get_state_display()),
        state_code=held.state, items=items, opened_at=row.opened_at, outcomes_at=row.outcomes_at,
        withdrawn_at=row.withdrawn_at, withdrawal=_why(row, language), is_sample=held.is_sample,
    )  # fmt: skip


def _item(one: OpenItem, language: str) -> PublicItem:
    outcome = str(one.get_outcome_display()) if one.outcome else ""
    return PublicItem(
        one.item.order, _said(one, "title", language), outcome, _said(one, "words", language)
    )


def _meetings() -> QuerySet[OpenMeeting]:
    rows: QuerySet[OpenMeeting] = OpenMeeting.objects.select_related("meeting__commission")
    return rows.prefetch_related("items__item").order_by("-meeting__starts_at", "-pk")


def meetings(language: str, most: int = 100) -> list[PublicMeeting]:
    """Return the meetings that everyone may know of, the latest first; no actor is asked."""
    with override(language):
        return [_meeting(row, language) for row in _meetings()[:most]]


def _recommendation(row: OpenRecommendation, language: str) -> PublicRecommendation:
    one = row.recommendation
    steps = () if row.withdrawn_at else tuple(
        PublicStep(step.at, str(step.get_state_after_display()), step.is_response)
        for step in sorted(one.steps.all(), key=lambda s: (s.at, s.pk), reverse=True)
    )  # fmt: skip
    return PublicRecommendation(
        number=one.number, reference=one.reference,
        text="" if row.withdrawn_at else _said(row, "text", language),
        addressee=one.addressee.name, state=str(one.get_state_display()), state_code=one.state,
        is_open=one.is_open, issued_at=one.issued_at, due_on=one.due_on, closed_at=one.closed_at,
        steps=steps, opened_at=row.opened_at, withdrawn_at=row.withdrawn_at,
        withdrawal=_why(row, language), is_sample=one.is_sample,
    )  # fmt: skip


def recommendations(language: str, most: int = 200) -> list[PublicRecommendation]:
    """Return the recommendations that everyone may follow, open ones first, newest first."""
    rows = OpenRecommendation.objects.select_related("recommendation__addressee")
    rows = rows.prefetch_related("recommendation__steps").order_by("-recommendation__number")
    with override(language):
        found = [_recommendation(row, language) for row in rows[:most]]
    return sorted(found, key=lambda one: not one.is_open)


def opening_of_meeting(meeting_id: int) -> OpenMeeting | None:
    """Return what is published of a meeting, for the desk."""
    return OpenMeeting.objects.filter(meeting=meeting_id).prefetch_related("items__item").first()


def opening_of_recommendation(key: int) -> OpenRecommendation | None:
    """Return what is published of a recommendation, for the desk."""
    return OpenRecommendation.objects.filter(recommendation=key).first()
