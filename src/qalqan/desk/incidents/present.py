"""The ledger in the reader's words: how attributes stand, reports, and what a version changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from qalqan.desk.incidents import beliefs
from qalqan.desk.incidents.models import (
    Attribute,
    Dispute,
    Holding,
    Incident,
    IncidentVersion,
    Report,
    State,
)
from qalqan.desk.incidents.selectors.asof import ReportThen, Standing
from qalqan.desk.incidents.services.holding import WORDS
from qalqan.desk.incidents.wording import (
    because_in_words,
    place_in_words,
    time_in_words,
    value_in_words,
)
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.sources.models import Reliability

TONES = {beliefs.KNOWN: "good", beliefs.CONTESTED: "warning", beliefs.UNKNOWN: "neutral"}


@dataclass(frozen=True, slots=True)
class SaidRow:
    """One statement: what, by whom, with both grades."""

    value: str
    report: Report
    reliability: str
    credibility: int
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One attribute: how it stands, what the desk holds, why, and who says what."""

    attribute: str
    label: str
    state: str
    tone: str
    value: str
    because: str
    holding: Holding | None
    said: list[SaidRow]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report as it stood."""

    report: Report
    reliability: str
    ended: bool
    event: str
    disputes: list[Dispute]


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One version and what it changed."""

    version: IncidentVersion
    changes: list[tuple[str, str, str]]


def place_names(actor: Actor, values: Iterable[Any]) -> dict[int, str]:
    """Return the names of the places that statements speak of."""
    keys = {
        value[name]
        for value in values
        if isinstance(value, dict)
        for name in ("place", "district")
        if value.get(name)
    }
    if not keys:
        return {}
    rows = places.places(actor).filter(pk__in=keys).defer("boundary")
    return {row.pk: row.name for row in rows}


def standing_rows(actor: Actor, standings: Sequence[Standing]) -> list[StandingRow]:
    """Return how each attribute stands, in words."""
    values = [one.belief.value for one in standings]
    values += [said.value for one in standings for _report, said in one.said]
    names = place_names(actor, values)
    rows = []
    for one in standings:
        name, belief = one.belief.attribute, one.belief
        said = [
            SaidRow(
                value_in_words(name, item.value, names), then.report,
                str(Reliability(then.reliability).label) if then.report.source else "",
                item.credibility, item.disputed,
            )
            for then, item in one.said
        ]  # fmt: skip
        rows.append(
            StandingRow(
                name, str(Attribute(name).label), str(State(belief.state).label),
                TONES[belief.state], value_in_words(name, belief.value, names),
                because_in_words(belief.because), one.holding, said,
            )
        )  # fmt: skip
    return rows


def report_rows(actor: Actor, reports: Sequence[ReportThen]) -> list[ReportRow]:
    """Return the reports, in words."""
    rows = []
    for one in reports:
        when = one.report.says.get("when")
        rows.append(
            ReportRow(
                one.report,
                str(Reliability(one.reliability).label) if one.report.source else "",
                one.ended,
                value_in_words("when", when["value"], {}) if when else "",
                one.disputes,
            )
        )
    return rows


def history_rows(actor: Actor, versions: Sequence[IncidentVersion]) -> list[HistoryRow]:
    """Return versions, the newest first, each with what it changed from the one before."""
    before: list[IncidentVersion | None] = [*versions[1:], None]
    return [
        HistoryRow(one, _changes(one, last)) for one, last in zip(versions, before, strict=True)
    ]


def _changes(one: IncidentVersion, last: IncidentVersion | None) -> list[tuple[str, str, str]]:
    if last is None:
        return []
    found = []
    for name in beliefs.ATTRIBUTES:
        label = str(Attribute(name).label)
        was, now = _held(last, name), _held(one, name)
        if was != now:
            found.append((label, was, now))
        was, now = (str(State(row.states.get(name, "unknown")).label) for row in (last, one))
        if was != now:
            found.append((label, was, now))
    for name in WORDS:
        was, now = getattr(last, name), getattr(one, name)
        if was != now:
            label = str(Incident._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            found.append((label, was or "–", now or "–"))
    return found


def _held(row: IncidentVersion, name: str) -> str:
    if name == "when":
        return time_in_words(row)
    if name == "where":
        return place_in_words(row)
    if name == "what":
        return str(row.get_kind_display())
    if name == "weapons":
        return str(row.get_weapons_display())
    value = getattr(row, name)
    return value_in_words(name, None if value == "" else value, {})
