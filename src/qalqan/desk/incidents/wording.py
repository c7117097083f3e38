"""Say in words how exactly something is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.incidents.models import Attribute, Incident, Report
from qalqan.desk.incidents.models.held import Held
from qalqan.desk.platform.ui.formatting import format_date

_Precision = Incident.TimePrecision


def time_in_words(incident: Held) -> str:
    """Return when it happened, no more exactly than is known: "June 2011 (month known only)"."""
    span = (incident.occurred_from, incident.occurred_to)
    first, last = (_moment(timezone.localtime(at), incident.time_precision) for at in span)
    when = first if first == last else f"{first} – {last}"
    if incident.time_precision in (_Precision.MINUTE, _Precision.HOUR):
        return when
    return f"{when} ({incident.get_time_precision_display()})"


def place_in_words(incident: Held) -> str:
    """Return where it happened and how exactly that is known."""
    name = incident.place.name if incident.place else incident.place_text
    if not name and incident.latitude is not None:
        name = f"{incident.latitude:.4f}, {incident.longitude:.4f}"
    return f"{name} ({incident.get_place_precision_display()})"


def number_in_words(number: int | None) -> str:
    """Return a number, or that nobody knows it; unknown is not none."""
    return _("not known") if number is None else str(number)


def _moment(moment: datetime, precision: str) -> str:
    if precision == _Precision.YEAR:
        return str(moment.year)
    styles = {_Precision.DAY: "date", _Precision.MONTH: "month"}
    return format_date(moment, styles.get(_Precision(precision), "datetime"))


def act_in_words(act: str) -> str:
    """Return what was done to an analysis."""
    return {
        "open_analysis": _("Opened"),
        "add_hypothesis": _("Hypothesis added"),
        "set_priors": _("Probabilities stated"),
        "relate": _("Relation stated"),
        "add_evidence": _("Evidence added"),
        "take_back_evidence": _("Evidence taken back"),
        "hand_in": _("Marks handed in"),
        "add_sought": _("Evidence sought noted"),
        "state_truth": _("Truth stated"),
    }.get(act, act)


def value_in_words(attribute: str, value: Any, places: Mapping[int, str]) -> str:
    """Return what is said or held of an attribute.

    Parameters
    ----------
    places
        Names of places by their keys.
    """
    if value is None:
        return _("not known")
    if attribute == "when":
        start, end = (datetime.fromisoformat(value[name]) for name in ("from", "to"))
        held = Incident(occurred_from=start, occurred_to=end, time_precision=value["precision"])
        return time_in_words(held)
    if attribute == "where":
        precision = Incident.PlacePrecision(value["precision"]).label
        return f"{_place(value, places)} ({precision})"
    if attribute == "what":
        return str(Incident.Kind(value).label)
    if attribute == "weapons":
        return str(Incident.Weapons(value).label)
    return str(value)


def _place(value: Mapping[str, Any], places: Mapping[int, str]) -> str:
    name = places.get(value.get("place", 0)) or value.get("text")
    if name:
        return str(name)
    if value.get("latitude") is not None:
        return f"{value['latitude']:.4f}, {value['longitude']:.4f}"
    return places.get(value.get("district", 0)) or _("not known")


def because_in_words(because: str) -> str:
    """Return why an attribute stands as it does."""
    return {
        "held": _("Judged by the desk"),
        "silent": _("No report says anything of it"),
        "differ": _("Reports contradict each other"),
        "disputed": _("A report is disputed"),
        "doubtful": _("What is said is doubtful by itself"),
        "one": _("One report says it, none contradicts"),
        "agree": _("The reports agree"),
    }[because]


def report_in_words(report: Report) -> str:
    """Return who says what, in one line."""
    who = str(report.source) if report.source else _("a source that was not named")
    said = [
        f"{Attribute(name).label}: {value_in_words(name, one['value'], {})}"
        for name, one in report.says.items()
    ]
    return f"{who} ({report.citation or '–'}): " + "; ".join(said)
