"""What of a brief may need somebody: every room's lines as candidates for the first ten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from qalqan.desk.brief import ranking as r
from qalqan.desk.brief.content import Brief, Excess, IncidentLine
from qalqan.desk.brief.ranking import Candidate

_WARNINGS = {"Extreme": r.GRAVE, "Severe": r.SERIOUS, "Moderate": r.HIGH, "Minor": r.NOTABLE}
_MOST_LEVEL = 2
_LONGEST = 80
_GAPS = {
    "return": r.NOTABLE, "poll": r.NOTABLE, "job": r.HIGH, "feed": r.HIGH, "import": r.NOTABLE,
}  # fmt: skip


def candidates(brief: Brief) -> list[Candidate]:
    """Return everything in a brief that may need somebody, in no particular order."""
    return [one for room in _ROOMS for one in room(brief)]


def _warnings(brief: Brief) -> Iterator[Candidate]:
    for one in brief.warnings:
        yield Candidate(
            "warning", f"warning:{one.warning_id}", _WARNINGS.get(one.severity, r.HIGH),
            subject=one,
        )  # fmt: skip
    if brief.warnings_unreviewed:
        yield Candidate("alone", "warnings", r.HIGH, number=brief.warnings_unreviewed)


def _rumours(brief: Brief) -> Iterator[Candidate]:
    for one in brief.rumours:
        yield Candidate(
            "rumour", f"rumour-{one.claim_id}", r.NOTABLE if one.answer else r.SERIOUS,
            certainty=r.certainty(one.rate_ratio_low, one.rate_ratio),
            districts=frozenset(item.place.id for item in one.places),
            number=one.copies_window, subject=one,
        )  # fmt: skip


def area_key(one: Excess) -> str:
    """Return what a flash-point is known by from one edition to the next: stream and places."""
    places = "-".join(str(pk) for pk in sorted(place.id for place in one.places))
    return f"area-{one.stream}-{places}"[:_LONGEST]


def _areas(brief: Brief) -> Iterator[Candidate]:
    for one in brief.excesses:
        ratio = one.relative_risk
        sure = r.certainty(one.relative_risk_low, ratio) if ratio else r.LEAST_CERTAIN
        yield Candidate(
            "area", area_key(one), r.SERIOUS if one.stream == "incidents" else r.HIGH,
            certainty=sure, districts=frozenset(place.id for place in one.places),
            number=ratio, subject=one,
        )  # fmt: skip


def _incidents(brief: Brief) -> Iterator[Candidate]:
    for one in brief.incidents:
        places = {one.district_id, one.place.id if one.place else None} - {None}
        yield Candidate(
            "incident", f"incident:{one.incident_id}", _harm(one),
            districts=frozenset(pk for pk in places if pk is not None),
            number=(one.killed or 0) + (one.injured or 0), subject=one,
        )  # fmt: skip


def _harm(one: IncidentLine) -> float:
    if one.killed:
        return r.GRAVE
    return r.SERIOUS if one.injured else r.HIGH


def _work(brief: Brief) -> Iterator[Candidate]:
    for one in brief.overdue:
        severity = r.NOTABLE + min(_MOST_LEVEL, one.escalation_level)
        yield Candidate("work", f"work-{one.item_id}", severity, due=one.due_at, subject=one)


def _questions(brief: Brief) -> Iterator[Candidate]:
    for one in brief.questions:
        if one.due_at < brief.as_of + timedelta(days=1):
            yield Candidate(
                "question", f"question-{one.question_id}", r.NOTABLE, due=one.due_at, subject=one
            )


def _decisions(brief: Brief) -> Iterator[Candidate]:
    now = brief.decisions
    if now is None:
        return
    for one in now.shown:
        yield Candidate(
            "decision", f"decision-{one.decision_id}", r.HIGH, due=end_of(one.due_on), subject=one
        )
    for late in now.advice:
        yield Candidate(
            "advice", f"advice-{late.recommendation_id}", r.NOTABLE, due=end_of(late.due_on),
            subject=late,
        )  # fmt: skip


def end_of(day: date) -> datetime:
    """Return the end of a day in the province."""
    return datetime.combine(day, time(23, 59, 59), timezone.get_default_timezone())


def _sites(brief: Brief) -> Iterator[Candidate]:
    now = brief.protection
    if now is None:
        return
    for one in now.due:
        near = frozenset() if one.district_id is None else frozenset({one.district_id})
        yield Candidate(
            "site", f"site-{one.site_id}", r.NOTABLE, due=end_of(one.due_on), districts=near,
            subject=one,
        )  # fmt: skip
    if now.overdue:
        yield Candidate("sites", "protection", r.HIGH, number=now.overdue, subject=now)
    if now.notices_overdue:
        yield Candidate("notices", "notices", r.HIGH, due=brief.as_of, number=now.notices_overdue)


def _outreach(brief: Brief) -> Iterator[Candidate]:
    now = brief.outreach
    if now is not None and now.bare:
        yield Candidate(
            "outreach", "outreach", r.NOTABLE, districts=frozenset(p.id for p in now.bare),
            number=len(now.bare), subject=now,
        )  # fmt: skip


def _trust(brief: Brief) -> Iterator[Candidate]:
    now = brief.trust
    if now is None or now.change is None or now.change_high is None:
        return
    if now.change_high < 0:
        sure = r.certainty(-now.change_high, -now.change)
        yield Candidate("trust", "trust", r.HIGH, certainty=sure, number=now.index, subject=now)


def _devices(brief: Brief) -> Iterator[Candidate]:
    now = brief.devices
    if now is None:
        return
    if now.unanswered:
        yield Candidate("signal", "signals", r.GRAVE, number=now.unanswered, subject=now)
    broken = now.silent + now.faulty
    if broken:
        yield Candidate("device", "devices", r.HIGH, number=broken, subject=now)
    elif now.low_battery or now.refused:
        yield Candidate(
            "device", "devices", r.NOTABLE, number=now.low_battery + now.refused, subject=now
        )


def _data(brief: Brief) -> Iterator[Candidate]:
    silent = [channel for channel in brief.health.channels if channel.state == "silent"]
    if silent:
        yield Candidate("silent", "silent", r.HIGH, number=len(silent), subject=silent)
    for one in brief.gaps:
        yield Candidate(
            "gap", f"gap-{one.kind}-{one.name}"[:_LONGEST], _GAPS.get(one.kind, r.NOTABLE),
            due=one.since, number=one.count, subject=one,
        )  # fmt: skip
    for room in brief.missing:
        yield Candidate("missing", f"missing-{room.room}", r.SERIOUS, subject=room)


_ROOMS: tuple[Callable[[Brief], Iterator[Candidate]], ...] = (
    _warnings, _rumours, _areas, _incidents, _work, _questions, _decisions, _sites, _outreach,
    _trust, _devices, _data,
)  # fmt: skip
