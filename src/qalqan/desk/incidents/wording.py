"""Say in words how exactly something is known."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.incidents.models import Incident
from qalqan.desk.platform.ui.formatting import format_date

_Precision = Incident.TimePrecision


def time_in_words(incident: Incident) -> str:
    """Return when it happened, no more exactly than is known: "June 2011 (month known only)"."""
    span = (incident.occurred_from, incident.occurred_to)
    first, last = (_moment(timezone.localtime(at), incident.time_precision) for at in span)
    when = first if first == last else f"{first} – {last}"
    if incident.time_precision in (_Precision.MINUTE, _Precision.HOUR):
        return when
    return f"{when} ({incident.get_time_precision_display()})"


def place_in_words(incident: Incident) -> str:
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
