"""Numbers and codes of the queue in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qalqan.desk.platform.ui import charts
from qalqan.desk.platform.ui.formatting import (
    format_duration,
    format_interval,
    format_number,
    format_percent,
)
from qalqan.desk.rumours.models import Claim, ClaimRank, Language, MergeSuggestion

if TYPE_CHECKING:
    from qalqan.desk.rumours.selectors.planning import Credibility

KINDS: dict[str, Any] = {
    "threat": gettext_lazy("threat"),
    "responsibility": gettext_lazy("claim of responsibility"),
    "danger": gettext_lazy("danger to life"),
    "call": gettext_lazy("call to violence"),
    "panic": gettext_lazy("panic"),
    "services": gettext_lazy("services"),
}
CONFLICTS: dict[str, Any] = {
    "negation": gettext_lazy("one denies what the other says"),
    "number": gettext_lazy("other numbers"),
    "place": gettext_lazy("other places"),
    "date": gettext_lazy("other dates"),
    "word": gettext_lazy("a word that changes the meaning"),
}
_EVIDENCE: dict[str, Any] = {
    "meaning": gettext_lazy("alike in meaning"),
    "words": gettext_lazy("same words"),
    "letters": gettext_lazy("same letters"),
    "number": gettext_lazy("same number"),
    "place": gettext_lazy("same place"),
    "date": gettext_lazy("same date"),
}
_DETAILS: dict[str, Any] = {
    "place": gettext_lazy("Place"),
    "time": gettext_lazy("Time"),
    "date": gettext_lazy("Date"),
    "target": gettext_lazy("Target"),
    "means": gettext_lazy("Means"),
    "number": gettext_lazy("Number"),
}


def severity_label(code: str) -> str:
    """Return what a severity is called."""
    return str(Claim.Severity(code).label) if code else str(_("Not judged"))


def reasons_of(rank: ClaimRank) -> list[str]:
    """Say why a claim stands where it stands: each factor with its doubt and where it is from."""
    said = []
    for name, value, low, high, source in rank.reasons:
        if name == "severity":
            said.append(_severity_reason(value, source))
        elif name == "reach":
            said.append(
                _("%(copies)s more copies are expected by tomorrow (95 %% interval %(interval)s)")
                % {"copies": format_number(value, 0), "interval": format_interval(low, high, 0)}
            )
        elif name == "unresolved":
            said.append(
                _("no earlier answer fits it with a probability of %(share)s")
                % {"share": format_percent(value)}
            )
        elif name == "minutes":
            said.append(
                ngettext(
                    "%(minutes)s minute of work is left in this state",
                    "%(minutes)s minutes of work are left in this state",
                    int(value),
                )
                % {"minutes": format_number(int(value))}
            )
    return said


def _severity_reason(weight: float, source: str) -> str:
    said_by, _colon, code = source.partition(":")
    words = {"severity": severity_label(code), "weight": format_number(weight)}
    if said_by == "person":
        return _("severity “%(severity)s”, said by a person; a copy weighs %(weight)s") % words
    return _("severity “%(severity)s”, by its words; a copy weighs %(weight)s") % words


def triggers_of(rank: ClaimRank) -> list[tuple[str, str]]:
    """Return the words that suggest the severity, with what they stand for."""
    return [(str(KINDS.get(kind, kind)), words) for kind, words in rank.words]


def alarm_of(rank: ClaimRank) -> str:
    """Say what is expected by tomorrow, with its probability."""
    return _("Expected to reach at least %(copies)s more copies by tomorrow with a probability of "
             "%(share)s.") % {
        "copies": format_number(rank.alarm_copies),
        "share": format_percent(rank.alarm_probability),
    }  # fmt: skip


def conflicts_of(codes: Sequence[str]) -> list[str]:
    """Return what speaks against two texts being one claim."""
    return [str(CONFLICTS.get(code, code)) for code in codes]


def evidence_of(codes: Sequence[str]) -> list[str]:
    """Return what speaks for two texts being one claim; values stay as they were computed."""
    said = []
    for code in codes:
        name, _space, value = code.partition(" ")
        if name in _EVIDENCE:  # others name concepts of the model in its own words
            said.append(f"{_EVIDENCE[name]} {value}".strip())
    return said


@dataclass(frozen=True, slots=True)
class SaidPair:
    """A suggestion to merge, ready for the page."""

    row: MergeSuggestion
    probability: str
    evidence: list[str]
    conflicts: list[str]


def said_pair(row: MergeSuggestion) -> SaidPair:
    """Put a suggestion into words."""
    return SaidPair(
        row, format_percent(row.probability), evidence_of(row.reasons), conflicts_of(row.conflicts)
    )


def details_of(found: Credibility) -> list[tuple[str, str]]:
    """Return the details of a threat: kind and the words in which it is said."""
    return [(str(_DETAILS.get(kind, kind)), words) for kind, words in found.sheet.specific]


def said_hours(triple: Sequence[float | None]) -> dict[str, str]:
    """Put a time with its interval into words; an end that is not known is "longer"."""
    value, low, high = triple
    longer = str(_("longer than observed"))

    def said(hours: float | None) -> str:
        return longer if hours is None else format_duration(timedelta(hours=hours))

    return {
        "value": said(value),
        "interval": "" if low is None and high is None else f"{said(low)} – {said(high)}",
    }


def said_measures(content: dict[str, Any], computed_at: datetime) -> dict[str, Any]:
    """Put the measures into words and draw them."""
    titles = {
        "severity": _("By severity"),
        "language": _("By language"),
        "place": _("By district"),
    }
    names = {"severity": _severity_names(), "language": dict(Language.choices),
             "place": _district_names(content)}  # fmt: skip
    return {
        "computed_at": computed_at,
        "as_of": datetime.fromisoformat(content["as_of"]),
        "days": content["days"],
        "scope": scope_label(content.get("scope", "all"), content),
        "left_out": content.get("left_out", 0),
        "claims": content["claims"],
        "closed_without": content["closed_without"],
        "has_sample": content["has_sample"],
        "all": _said_group("", content["all"]),
        "tables": [
            (titles[name], [_said_group(str(names[name].get(g["key"], _("Not known"))), g)
                            for g in content["by"][name]])
            for name in ("severity", "language", "place")
        ],
        "chart": _curve(content["curve"]),
        "before_after": _said_sides(content["before_after"]),
    }  # fmt: skip


def scope_label(scope: str, content: dict[str, Any]) -> str:
    """Say which claims are measured."""
    if scope == "taken_up":
        return str(_("Claims that the desk took up"))
    if scope == "copies":
        return _("Claims with at least %(copies)s copies") % {
            "copies": format_number(content.get("many_copies", 0))
        }
    return str(_("All claims"))


def _severity_names() -> dict[str, Any]:
    return {**dict(Claim.Severity.choices), "": _("Not judged")}


def _district_names(content: dict[str, Any]) -> dict[str, str]:
    from qalqan.desk.platform.places import selectors as places
    from qalqan.desk.platform.policies import SystemActor

    rows = places.districts(SystemActor("measures")).defer("boundary")
    return {str(place.pk): place.name for place in rows}


def _said_group(name: str, group: dict[str, Any]) -> dict[str, Any]:
    if group.get("is_hidden"):
        return {"name": name, "is_hidden": True}
    return {
        "name": name,
        "count": group["count"],
        "answered": group["answered"],
        "open": group["count"] - group["answered"],
        "median": said_hours(group["median"]),
        "p90": said_hours(group["p90"]),
    }


def _curve(points: Sequence[Sequence[float]]) -> charts.Chart | None:
    drawn = [
        charts.Point(
            format_duration(timedelta(hours=hour)) if hour else format_duration(timedelta(0)),
            round(share * 100, 1), round(low * 100, 1), round(high * 100, 1),
        )
        for hour, share, low, high in points
    ]  # fmt: skip
    return charts.line_chart(
        drawn,
        title=_("Share of claims still without an answer"),
        description=_("By time since first seen, with 95 % intervals"),
        unit=_("%"),
        stepped=True,
    )


def _said_sides(sides: dict[str, Any] | None) -> dict[str, Any] | None:
    if sides is None:
        return None
    said = {"claims": sides["claims"]}
    for side in ("before", "after", "ratio"):
        if sides[side]:
            value, low, high = sides[side]
            said[side] = {
                "value": format_number(value, 2), "interval": format_interval(low, high, 2)
            }  # fmt: skip
    return said
