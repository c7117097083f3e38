"""The commission for everyone: its meetings, its recommendations, how well the desk works."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from qalqan.desk.commission.selectors import openings, performance
from qalqan.desk.commission.selectors.money import public_money
from qalqan.desk.commission.selectors.performance import Figure
from qalqan.desk.platform.policies import PUBLIC, public
from qalqan.desk.platform.ui import charts
from qalqan.desk.platform.ui.formatting import format_date, format_number, format_percent
from qalqan.desk.public.frame import cached, in_language

MONTHS = 24


@public("Meetings that the secretary opened are for everyone.")
@require_safe
@in_language
def meetings(request: HttpRequest, language: str) -> HttpResponse:
    """Show the meetings with their agenda, and what came of it where that is published."""
    rows = openings.meetings(language)
    now = timezone.now()
    ahead = [row for row in rows if row.starts_at >= now and not row.withdrawn_at]
    context = {
        "ahead": sorted(ahead, key=lambda row: row.starts_at),
        "held": [row for row in rows if row not in ahead], "language": language,
    }  # fmt: skip
    return cached(request, render(request, "public/meetings.html", context))


@public("Recommendations that the secretary opened are for everyone.")
@require_safe
@in_language
def recommendations(request: HttpRequest, language: str) -> HttpResponse:
    """Show the recommendations, what became of them, and what the states mean."""
    context = {
        "rows": openings.recommendations(language), "language": language,
        "today": timezone.localdate(),
    }  # fmt: skip
    return cached(request, render(request, "public/recommendations.html", context))


@public("What prevention costs is for everyone; small counts are withheld.")
@require_safe
@in_language
def money(request: HttpRequest, language: str) -> HttpResponse:
    """Show money and devices by district."""
    context = {"found": public_money(), "language": language}
    return cached(request, render(request, "public/money.html", context))


@dataclass(frozen=True, slots=True)
class Shown:
    """One definition of an indicator with its months, ready for the page."""

    name: str
    definition: str
    version: int
    has_others: bool
    latest: Figure
    value: str
    interval: str
    target: str
    meets: str
    chart: charts.Chart | None


@public("Locked figures are for everyone.")
@require_safe
@in_language
def figures(request: HttpRequest, language: str) -> HttpResponse:
    """Show each indicator: its latest month, how sure it is, its target, its months."""
    found = performance.published(PUBLIC)
    rows = [
        _shown(list(months), language, {one.version for one in found if one.code == code})
        for (code, _version), months in groupby(found, key=lambda one: (one.code, one.version))
    ]
    context = {
        "rows": rows, "language": language, "is_sample": any(one.is_sample for one in found),
        "locked_at": max((one.locked_at for one in found), default=None),
    }  # fmt: skip
    return cached(request, render(request, "public/figures.html", context))


def said(value: float | None, unit: str) -> str:
    """Return a value of an indicator in words; a dash where there is none."""
    if value is None:
        return "–"
    words = {
        "hours": _("%(value)s hours"), "minutes": _("%(value)s minutes"),
        "days": _("%(value)s days"), "per_1000": _("%(value)s per 1,000 people"),
    }  # fmt: skip
    if unit == "share":
        return format_percent(value)
    number = format_number(value, 1)
    return words[unit] % {"value": number} if unit in words else number


def _shown(months: list[Figure], language: str, versions: set[int]) -> Shown:
    latest = months[-1]
    name = latest.names.get(language, latest.names["kk"])
    scale = 100.0 if latest.unit == "share" else 1.0
    units = {
        "share": "%", "hours": pgettext("unit", "hours"), "minutes": _("minutes"),
        "days": _("days"), "per_1000": _("per 1,000 people"),
    }  # fmt: skip

    def times(value: float | None) -> float | None:
        return None if value is None else value * scale

    points = [
        charts.Point(
            format_date(one.period_from, "month"), times(one.value), times(one.low),
            times(one.high),
        )
        for one in months[-MONTHS:]
    ]  # fmt: skip
    interval = ""
    if latest.low is not None or latest.high is not None:
        ends = [said(latest.low, latest.unit), said(latest.high, latest.unit)]
        interval = _("%(low)s to %(high)s") % {"low": ends[0], "high": ends[1]}
    return Shown(
        name, (latest.definitions or {}).get(language, ""), latest.version, len(versions) > 1,
        latest, said(latest.value, latest.unit), interval,
        said(latest.target, latest.unit) if latest.target is not None else "", _meets(latest),
        charts.line_chart(points, title=name, unit=units.get(latest.unit, latest.unit)),
    )  # fmt: skip


def _meets(figure: Figure) -> str:
    """Tell whether the interval lies on the good side of the target, the bad one, or neither."""
    low, high, target = figure.low, figure.high, figure.target
    better = {"higher": 1, "lower": -1}.get(figure.direction, 0)
    if low is None or high is None or target is None or not better:
        return ""
    if (low >= target) if better > 0 else (high <= target):
        return "yes"
    return "no" if ((high < target) if better > 0 else (low > target)) else "open"
