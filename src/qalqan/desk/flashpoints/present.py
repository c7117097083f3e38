"""Findings in the words of the active language; pages and paper say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.flashpoints.method import ALPHA, NIGHTLY
from qalqan.desk.flashpoints.models import (
    AreaKind,
    Finding,
    FlashPointStep,
    Judgement,
    Stream,
)
from qalqan.desk.flashpoints.selectors import Drawn, false_findings_a_year
from qalqan.desk.platform.ui.choropleth import RATIO_BREAKS, choropleth
from qalqan.desk.platform.ui.formatting import format_date, format_number, format_percent

TONES = {"new": "critical", "reviewed": "info", "decided": "warning", "closed": "neutral"}


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the timeline."""

    time: datetime
    title: str
    note: str = ""
    tone: str = ""
    url: str = ""


def drawing_of(drawn: Drawn, *, stream: str, days: int, is_paper: bool = False) -> str:
    """Return the map of a scan as SVG."""
    return choropleth(
        drawn.areas,
        title=_("%(stream)s: observed and expected in the last %(days)s days")
        % {"stream": stream, "days": days},
        unit=_("observed / expected"),
        flag_words=_("in a finding that counts"),
        breaks=RATIO_BREAKS,
        outlines=drawn.outlines,
        width=520 if is_paper else 720,
    )


def ratio(value: float | None, low: float | None, high: float | None, digits: int = 1) -> str:
    """Return a ratio with its interval, as pages and paper write it."""
    if value is None:
        return _("not to be computed")
    ends = [format_number(end, digits) if end is not None else "∞" for end in (low, high)]
    return f"{format_number(value, digits)} ({ends[0]}–{ends[1]})"


def names_of(finding: Finding, cells: dict[str, str]) -> str:
    """Return the areas of a finding by name, nearest to its centre first."""
    names = [cells.get(area.cell) or area.place.name for area in finding.areas.all()]
    return ", ".join(dict.fromkeys(names))


def reporting_words(check: dict[str, Any]) -> list[str]:
    """Return what the check against the reporting rate says, as sentences."""
    if not check:
        return [_("Not checked: this finding is older than the check, or does not count.")]
    words = [_rise(check)]
    if check.get("left"):
        left = ratio(*check["left"])
        words.append(
            _("What is left of the relative risk when that is divided out: %(left)s.")
            % {"left": left}
        )
    sources = check.get("sources")
    if sources:
        words.append(
            _(
                "Sources that spoke of this area in these days: %(active)s (just as long before: "
                "%(before)s); not heard of it before: %(new)s, %(share)s (%(low)s–%(high)s)."
            )
            % {
                "active": format_number(sources["active"]),
                "before": format_number(sources["before"]),
                "new": format_number(sources["new"]),
                "share": format_percent(sources["share"]),
                "low": format_percent(sources["low"]),
                "high": format_percent(sources["high"]),
            }
        )
    return words


def _rise(check: dict[str, Any]) -> str:
    """Return the rise of everything else, with its interval and what it means."""
    if check.get("ratio") is None:
        return _("There are no reports of anything else to compare with.")
    said = {
        "ratio": ratio(check["ratio"], check["low"], check["high"]),
        "reports": format_number(check["reports"]),
        "expected": format_number(check["expected"], 1) if check["expected"] is not None else "–",
    }
    if check["verdict"] == "rose":
        return (
            _(
                "Reporting rose as well: %(ratio)s times. Of everything else %(reports)s reports "
                "came from this area in these days, where %(expected)s were to be expected."
            )
            % said
        )
    if check["verdict"] == "fell":
        return (
            _(
                "Reporting fell: %(ratio)s times. Of everything else %(reports)s reports came "
                "from this area in these days, where %(expected)s were to be expected."
            )
            % said
        )
    if check["verdict"] == "not_enough":
        return (
            _(
                "Too few reports of anything else to tell: %(reports)s in these days; the ratio "
                "would be %(ratio)s."
            )
            % said
        )
    return (
        _(
            "No sign that reporting rose: %(ratio)s times, an interval that holds 1. Of everything "
            "else %(reports)s reports came from this area in these days, where %(expected)s were "
            "to be expected."
        )
        % said
    )


def false_words(alpha: float) -> str:
    """Return how many findings chance alone makes in a year at a setting."""
    return _(
        "At this setting one scan a day finds something by chance alone about %(one)s times a "
        "year; the %(scans)s scans of a night that open flash-points, at most %(all)s times. Each "
        "further scan a day, such as with the morning brief, may add as many as one scan."
    ) % {
        "one": format_number(false_findings_a_year(alpha), 1),
        "scans": format_number(len(NIGHTLY)),
        "all": format_number(false_findings_a_year(alpha, len(NIGHTLY)), 1),
    }


def alpha_of(parameters: dict[str, Any]) -> float:
    """Return up to which p a finding counts under some settings."""
    return float(parameters.get("alpha", ALPHA))


def by_stream_words(rows: Sequence[Sequence[Any]]) -> list[str]:
    """Return observed and expected of each stream, where several were scanned at once."""
    return [
        f"{Stream(stream).label}: {format_number(seen)} / {format_number(mean, 1)}"
        for stream, seen, mean in rows
    ]


def life_of(steps: Sequence[FlashPointStep]) -> list[Event]:
    """Return the life of a flash-point as a timeline, newest first."""
    events = []
    for step in steps:
        title = str(step.get_kind_display())
        if step.kind == FlashPointStep.Kind.REVIEWED:
            title = f"{title}: {Judgement(step.judgement).label}"
        who = f" · {step.recorded_by}" if step.recorded_by else ""
        tone = {"opened": "warning", "returned": "critical", "closed": "good"}.get(step.kind, "")
        events.append(Event(step.at, title + who, step.text, tone, _url_of(step)))
    return sorted(events, key=lambda event: event.time, reverse=True)


def _url_of(step: FlashPointStep) -> str:
    if step.work is not None:
        return str(step.work.get_absolute_url())
    return step.finding.get_absolute_url() if step.finding is not None else ""


def days_of(finding: Finding) -> str:
    """Return the days of a finding."""
    return f"{format_date(finding.start, 'date')} – {format_date(finding.end, 'date')}"


def shown_words(shown: int, number: int) -> str:
    """Return that only some of the incidents are listed."""
    return _("%(shown)s of %(number)s are listed here.") % {
        "shown": format_number(shown),
        "number": format_number(number),
    }


def left_out_words(area_kind: str, left_out: int) -> str:
    """Return how many cases a scan of the grid leaves out; nothing for districts."""
    if area_kind != AreaKind.GRID:
        return ""
    return _("Known to the district only and therefore not on the grid: %(count)s cases.") % {
        "count": format_number(left_out)
    }
