"""Charts of performance drawn on the server: control charts and funnels, each with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qalqan.desk.commission.models import IndicatorDefinition, LockedFigure
from qalqan.desk.commission.selectors.performance_reading import Comparison, Control
from qalqan.desk.platform.ui.charts import Chart, Point, nice_ceiling
from qalqan.desk.platform.ui.formatting import format_date, format_number, format_percent

if TYPE_CHECKING:
    from datetime import date

_WIDTH, _HEIGHT = 560, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 12, 16, 34
_LEVELS = (0.95, 0.998)
_Spot = tuple[float, float]


def written(value: float | None, unit: str) -> str:
    """Write a value as its unit wants it: shares in percent."""
    return format_percent(value, 1) if unit == "share" else format_number(value)


class _Plane:
    """Where a value lies in the drawing."""

    def __init__(self, right: float, top: float, unit: str) -> None:
        self.right, self.top, self.unit = right or 1.0, top, unit

    def x(self, value: float) -> float:
        return round(_LEFT + (_WIDTH - _LEFT - _RIGHT) * value / self.right, 1)

    def y(self, value: float) -> float:
        share = max(0.0, min(value, self.top)) / self.top
        return round(_TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - share), 1)

    def grid(self) -> SafeString:
        return format_html_join(
            "",
            '<path class="grid-line{}" d="M{} {}H{}"/>'
            '<text x="{}" y="{}" text-anchor="end">{}</text>',
            (
                (" zero" if share == 0 else "", _LEFT, self.y(self.top * share), _WIDTH - _RIGHT,
                 _LEFT - 6, self.y(self.top * share) + 3.5, written(self.top * share, self.unit))
                for share in (0, 0.5, 1)
            ),
        )  # fmt: skip

    def path(self, spots: Sequence[_Spot], dashes: str = "") -> SafeString:
        d = "M" + " L".join(f"{self.x(x)} {self.y(y)}" for x, y in spots)
        if dashes:
            return format_html(
                '<path class="axis zero" fill="none" stroke-dasharray="{}" d="{}"/>', dashes, d
            )
        return format_html('<path class="line" d="{}"/>', d)

    def steps(self, at: Sequence[float], values: Sequence[float], dashes: str) -> SafeString:
        """Draw limits that hold for one month each."""
        spots = [spot for x, y in zip(at, values, strict=True) for spot in
                 ((x - 0.5, y), (x + 0.5, y))]  # fmt: skip
        return self.path([(max(0.0, min(x, self.right)), y) for x, y in spots], dashes)


def _frame(label: str, body: SafeString) -> SafeString:
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        _WIDTH, _HEIGHT, label, body,
    )  # fmt: skip


def _top(values: Sequence[float | None], unit: str) -> float:
    known = [value for value in values if value is not None and np.isfinite(value)]
    highest = nice_ceiling(max(known, default=0))
    return min(1.0, highest) if unit == "share" else highest


def control_chart(
    parts: Sequence[tuple[IndicatorDefinition, Control]], figures: Sequence[LockedFigure],
    unit_label: str,
) -> Chart | None:  # fmt: skip
    """Draw the months of all definitions of an indicator with limits, targets and signals.

    A line stands where a definition began, and both lines are drawn where two ran together.
    """
    months = sorted({row.period_from for row in figures})
    if not months or not any(reading.figures for _definition, reading in parts):
        return None
    unit = parts[0][0].unit
    values = [v for _d, c in parts for row in c.figures for v in (row.value, row.target)]
    limits = [float(v) for _d, c in parts if c.chart is not None for v in c.chart.high]
    plane = _Plane(max(1, len(months) - 1), _top([*values, *limits], unit), unit)
    at = {month: float(index) for index, month in enumerate(months)}
    body = plane.grid() + _month_labels(plane, months)
    body += _breaks(plane, parts, at) + _targets(plane, figures, at)
    for _definition, reading in parts:
        body += _series(plane, reading, at)
    title = _("Month by month, with limits")
    points = [_point(row, parts) for row in figures if row.value is not None and row.n >= 5]
    description = _(
        "Dashed: centre and limits at three standard deviations. Dotted: target. A large mark: a "
        "signal. An upright line: another definition."
    )
    return Chart(title, description, unit_label, _frame(f"{title}. {description}", body),
                 tuple(points))  # fmt: skip


def _point(row: LockedFigure, parts: Sequence[tuple[IndicatorDefinition, Control]]) -> Point:
    label = format_date(row.period_from, "month")
    if len(parts) > 1:
        label = f"{label} ({row.definition.number})"
    scale = 100 if row.definition.unit == "share" else 1
    ends = [None if v is None else v * scale for v in (row.value, row.low, row.high)]
    low = ends[1]
    return Point(label, ends[0], low, ends[2] if ends[2] is not None or low is None else None)


def _month_labels(plane: _Plane, months: Sequence[date]) -> SafeString:
    ends = [(0, "start"), (len(months) - 1, "end")] if len(months) > 1 else [(0, "start")]
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}">{}</text>',
        ((plane.x(index), _HEIGHT - 10, anchor, format_date(months[index], "month"))
         for index, anchor in ends),
    )  # fmt: skip


def _breaks(
    plane: _Plane, parts: Sequence[tuple[IndicatorDefinition, Control]], at: dict[date, float]
) -> SafeString:
    lines = [
        (plane.x(max(0.0, at[definition.valid_from] - 0.5)), definition.number)
        for definition, _reading in parts
        if definition.number > 1 and definition.valid_from in at
    ]
    return format_html_join(
        "",
        '<path class="axis zero" d="M{} {}V{}"/><text class="label" x="{}" y="{}">{}</text>',
        ((x, _TOP - 6, _HEIGHT - _BOTTOM, x + 3, _TOP - 6,
          _("definition %(number)s") % {"number": number}) for x, number in lines),
    )  # fmt: skip


def _targets(plane: _Plane, figures: Sequence[LockedFigure], at: dict[date, float]) -> SafeString:
    body = SafeString("")
    run: list[tuple[float, float]] = []
    by_month = {row.period_from: row.target for row in figures}
    for month in sorted(by_month):
        target = by_month[month]
        if run and target != run[-1][1]:
            body += plane.steps([x for x, _y in run], [y for _x, y in run], "1 4")
            run = []
        if target is not None:
            run.append((at[month], target))
    if run:
        body += plane.steps([x for x, _y in run], [y for _x, y in run], "1 4")
    return body


def _series(plane: _Plane, reading: Control, at: dict[date, float]) -> SafeString:
    if not reading.figures:
        return SafeString("")
    xs = [at[row.period_from] for row in reading.figures]
    body = SafeString("")
    if reading.chart is not None:
        centre = [reading.chart.centre] * len(xs)
        body += plane.steps(xs, centre, "8 4")
        body += plane.steps(xs, list(map(float, reading.chart.low)), "4 3")
        body += plane.steps(xs, list(map(float, reading.chart.high)), "4 3")
    run: list[_Spot] = []
    for x, row in zip(xs, reading.figures, strict=True):
        if run and x - run[-1][0] > 1:
            body += plane.path(run)
            run = []
        run.append((x, float(row.value or 0)))
    body += plane.path(run)
    fired = reading.signal_months
    return body + format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="{}" r="{}"><title>{}: {}</title></circle>',
        (
            ("bar tone-critical" if row.period_from in fired else "dot", plane.x(x),
             plane.y(float(row.value or 0)), 5.5 if row.period_from in fired else 2.5,
             format_date(row.period_from, "month"), written(row.value, plane.unit))
            for x, row in zip(xs, reading.figures, strict=True)
        ),
    )  # fmt: skip


def funnel_chart(found: Comparison, *, unit: str, size_label: str, title: str) -> Chart | None:
    """Draw districts or bodies by size, with limits that widen where little was counted."""
    if found.funnel is None or not found.shown:
        return None
    sizes = [float(row.whole or 0) for row in found.shown]
    grid = np.linspace(max(sizes) / 60, max(sizes) * 1.06, 60)
    lines = [line for level in _LEVELS for line in _limits(found, grid, level)]
    reach = [float(v) for line in lines for v in line[4:]]
    values = [float(row.value or 0) for row in found.shown]
    plane = _Plane(float(grid[-1]), _top([*values, *reach], unit), unit)
    body = plane.grid() + plane.path(
        [(0, found.funnel.target * found.scale), (plane.right, found.funnel.target * found.scale)],
        "8 4",
    )
    for index, line in enumerate(lines):
        spots = [(float(x), float(y)) for x, y in zip(grid, line, strict=True)]
        body += plane.path(spots, "4 3" if index < 2 else "2 2")
    body += _dots(plane, found)
    body += format_html(
        '<text x="{}" y="{}" text-anchor="end">{}</text><text x="{}" y="{}">0</text>',
        _WIDTH - _RIGHT, _HEIGHT - 10,
        f"{size_label}: {format_number(float(round(grid[-1])))}", _LEFT, _HEIGHT - 10,
    )  # fmt: skip
    description = _(
        "Dashed: the mean of all, and limits at 95 % and 99.8 %. Whoever lies within differs no "
        "more than chance and the usual differences let expect."
    )
    scale = 100 if unit == "share" else 1
    points = [Point(row.name, float(row.value or 0) * scale) for row in found.shown]
    return Chart(title, description, "%" if unit == "share" else "",
                 _frame(f"{title}. {description}", body), tuple(points))  # fmt: skip


def _limits(found: Comparison, grid: np.ndarray, level: float) -> list[np.ndarray]:
    from qalqan.science.indicators.funnel import exact_limits, widened_limits

    funnel = found.funnel
    if funnel is None:
        return []
    size = grid / found.group
    if funnel.tau2 > 0:
        limits = widened_limits(
            funnel.target, size, kind=funnel.kind, tau2=funnel.tau2, level=level
        )
    else:
        size = np.maximum(size, 1.0) if funnel.kind == "share" else size
        limits = exact_limits(funnel.target, size, kind=funnel.kind, level=level)
    return [limits.low * found.scale, limits.high * found.scale]


def _dots(plane: _Plane, found: Comparison) -> SafeString:
    return format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="{}" r="{}"><title>{}: {}</title></circle>{}',
        (
            (
                "bar tone-critical" if row.outside else "dot", plane.x(float(row.whole or 0)),
                plane.y(float(row.value or 0)), 5.5 if row.outside else 3.5, row.name,
                written(row.value, plane.unit), _name(plane, row.name, row) if row.outside else "",
            )
            for row in found.shown
        ),
    )  # fmt: skip


def _name(plane: _Plane, name: str, row: object) -> SafeString:
    x, y = plane.x(float(getattr(row, "whole", 0))), plane.y(float(getattr(row, "value", 0)))
    is_right = x > _WIDTH * 0.7
    return format_html(
        '<text class="label" x="{}" y="{}" text-anchor="{}">{}</text>',
        x - 9 if is_right else x + 9, y + 3.5, "end" if is_right else "start", name,
    )  # fmt: skip
