"""Charts of the picture of the threat, with changes and breaks drawn into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from qalqan.desk.incidents.selectors.picture import Picture, Published
from qalqan.desk.platform.ui import charts
from qalqan.desk.platform.ui.charts import Chart, Point
from qalqan.desk.platform.ui.formatting import format_date


def months_chart(picture: Picture) -> Chart | None:
    """Draw incidents by month; the first month of a new rate stands out."""
    points = [
        Point(
            format_date(one.first, "month"), one.number, one.low, one.high,
            "warning" if one.is_change else "",
        )
        for one in picture.months
    ]  # fmt: skip
    drawn = charts.bar_chart(
        points, title=_("Incidents by month"),
        description=_("A line marks the month from which the rate is another."),
        unit=_("incidents"),
    )  # fmt: skip
    places = [n for n, one in enumerate(picture.months) if one.is_change]
    return _with_lines(drawn, places, len(points))


def indicator_chart(one: Published) -> Chart | None:
    """Draw a published indicator; a line stands where it became another thing, a gap where
    nothing was published.
    """
    points: list[Point] = []
    places: list[int] = []
    for value in one.values:
        if value.gap is not None:
            points.append(Point(_years(*value.gap), None))
        if value.breaks:
            places.append(len(points))
        points.append(
            Point(
                _period(value.indicator), float(value.indicator.value),
                tone="warning" if value.breaks else "",
            )
        )  # fmt: skip
    drawn = charts.bar_chart(
        points, title=one.name,
        description=_("A line stands where the unit, the definition, the source or the length of "
                      "the period changed; values on its two sides must not be compared.")
        if one.has_break else "",
        unit=one.unit,
    )  # fmt: skip
    return _with_lines(drawn, places, len(points))


def what_changed(names: Sequence[str]) -> str:
    """Return in words in what a value is another thing than the one before it."""
    words = {
        "unit": _("unit"), "definition": _("definition"), "source": _("source"),
        "period": _("length of the period"),
    }  # fmt: skip
    return ", ".join(words[name] for name in names)


def _period(indicator: Any) -> str:
    return _years(indicator.period_from, indicator.period_to)


def _years(start: date, end: date) -> str:
    first, last = start.year, end.year
    return str(first) if first == last else f"{first}–{last}"


def _with_lines(drawn: Chart | None, places: Sequence[int], number: int) -> Chart | None:
    """Draw upright lines before some columns."""
    if drawn is None or not places:
        return drawn
    left, right, top, bottom = 44, 8, 10, 26
    slot = (charts.WIDTH - left - right) / number
    lines: SafeString = format_html_join(
        "",
        '<path class="axis zero" d="M{} {}V{}"/>',
        ((round(left + place * slot, 1), top, charts.HEIGHT - bottom) for place in places),
    )
    head, tail = str(drawn.svg).rsplit("</svg>", 1)
    # Both parts were escaped when they were drawn.
    svg = format_html("{}{}</svg>{}", mark_safe(head), lines, mark_safe(tail))  # noqa: S308
    return replace(drawn, svg=svg)
