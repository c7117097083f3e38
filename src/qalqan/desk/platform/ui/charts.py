"""Charts drawn on the server: SVG for the eye, the same numbers as a table for everyone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qalqan.desk.platform.ui.formatting import format_interval, format_number

WIDTH, HEIGHT = 480, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 10, 26
_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_PAD = 96, 24, 3


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a chart with its doubt.

    Parameters
    ----------
    label
        What the value belongs to, ready for the reader: a date, a name.
    value
        The value; ``None`` where nothing is known, which leaves a gap.
    low, high
        Ends of the interval, in the unit of the value.
    tone
        ``critical`` or ``warning`` to set a bar apart; the table says the same in words.
    """

    label: Any
    value: float | None
    low: float | None = None
    high: float | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart and the table that says the same."""

    title: Any
    description: Any
    unit: Any
    svg: SafeString
    points: tuple[Point, ...]

    @property
    def has_intervals(self) -> bool:
        """Whether any point carries its doubt."""
        return any(point.low is not None for point in self.points)

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Label, value and interval of each point, written for the reader."""
        return [
            (
                str(point.label),
                format_number(point.value),
                "" if point.low is None else format_interval(point.low, point.high),
            )
            for point in self.points
        ]


def nice_ceiling(value: float) -> float:
    """Return the least of 1, 1.5, 2, 3, 4, 5, 6, 8 × 10ⁿ that is not below the value.

    >>> nice_ceiling(37), nice_ceiling(0), nice_ceiling(0.3)
    (40, 1.0, 0.3)
    """
    if value <= 0:
        return 1.0
    scale = 10.0 ** math.floor(math.log10(value))
    for step in (1, 1.5, 2, 3, 4, 5, 6, 8):
        if step * scale >= value * (1 - 1e-12):
            top = float(f"{step * scale:.6g}")
            return int(top) if top >= 1 and top == int(top) else top
    return 10 * scale


def _known(points: Sequence[Point]) -> list[float]:
    return [v for p in points for v in (p.value, p.high) if v is not None and math.isfinite(v)]


def _y(value: float, top: float) -> float:
    return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - max(0.0, min(value, top)) / top), 1)


def _axes(points: Sequence[Point], top: float) -> SafeString:
    """Draw three horizontal lines with their values, and the first and last label."""
    lines = format_html_join(
        "",
        '<path class="grid-line{}" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (
                " zero" if share == 0 else "",
                _LEFT,
                _y(top * share, top),
                WIDTH - _RIGHT,
                _LEFT - 6,
                _y(top * share, top) + 3.5,
                format_number(top * share),
            )
            for share in (0, 0.5, 1)
        ),
    )
    ends = format_html(
        '<text x="{}" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text>',
        _LEFT,
        HEIGHT - 8,
        points[0].label,
        WIDTH - _RIGHT,
        HEIGHT - 8,
        points[-1].label,
    )
    return lines + ends


def _frame(title: Any, description: Any, body: SafeString) -> SafeString:
    label = f"{title}. {description}" if description else title
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        HEIGHT,
        label,
        body,
    )


def bar_chart(
    points: Sequence[Point], *, title: Any, description: Any = "", unit: Any = ""
) -> Chart | None:
    """Draw columns in the given order; ``None`` where there is nothing to draw."""
    if not points:
        return None
    top = nice_ceiling(max(_known(points), default=0))
    slot = (WIDTH - _LEFT - _RIGHT) / len(points)
    width = max(1.0, slot * (0.72 if slot > 4 else 0.9))
    bars = format_html_join(
        "",
        '<rect class="bar{}" x="{}" y="{}" width="{}" height="{}" rx="{}">'
        "<title>{}: {}</title></rect>",
        (
            (
                f" tone-{p.tone}" if p.tone else "",
                round(_LEFT + i * slot + (slot - width) / 2, 1),
                _y(p.value, top),
                round(width, 1),
                round(_y(0, top) - _y(p.value, top), 1),
                1 if width > 4 else 0,
                p.label,
                format_number(p.value),
            )
            for i, p in enumerate(points)
            if p.value
        ),
    )
    svg = _frame(title, description, _axes(points, top) + bars)
    return Chart(title, description, unit, svg, tuple(points))


def _runs(points: Sequence[Point]) -> list[list[tuple[float, Point]]]:
    """Cut the points into runs without gaps, with the place of each on the x axis."""
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(points) - 1)
    runs: list[list[tuple[float, Point]]] = [[]]
    for i, point in enumerate(points):
        if point.value is None or not math.isfinite(point.value):
            runs.append([])
        else:
            runs[-1].append((round(_LEFT + i * step, 1), point))
    return [run for run in runs if run]


def _steps(run: list[tuple[float, Point]]) -> list[tuple[float, Point]]:
    """Hold each value until the next one: what is known of a curve that falls in steps."""
    held = [(x, before) for (_x, before), (x, _point) in pairwise(run)]
    return [run[0], *(at for pair in zip(held, run[1:], strict=True) for at in pair)]


def line_chart(
    points: Sequence[Point],
    *,
    title: Any,
    description: Any = "",
    unit: Any = "",
    stepped: bool = False,
) -> Chart | None:
    """Draw a line with its interval as a band; ``None`` where there is nothing to draw.

    ``stepped`` holds each value until the next point, as survival curves are drawn.
    """
    if not points:
        return None
    top = nice_ceiling(max(_known(points), default=0))
    body = _axes(points, top)
    runs = _runs(points)
    for run in (_steps(run) if stepped else run for run in runs):
        body += _band([(x, p.low, p.high) for x, p in run], top)
        path = " ".join(f"{x},{_y(p.value or 0, top)}" for x, p in run)
        body += format_html('<polyline class="line" points="{}"/>', path)
    if runs:
        last_x, last = runs[-1][-1]
        body += format_html(
            '<circle class="dot" cx="{}" cy="{}" r="3"/>', last_x, _y(last.value or 0, top)
        )
    svg = _frame(title, description, body)
    return Chart(title, description, unit, svg, tuple(points))


def _band(edges: list[tuple[float, float | None, float | None]], top: float) -> SafeString:
    known = [(x, low, high) for x, low, high in edges if low is not None and high is not None]
    if not known:
        return SafeString("")
    upper = [f"{x},{_y(high, top)}" for x, _low, high in known]
    lower = [f"{x},{_y(low, top)}" for x, low, _high in reversed(known)]
    return format_html('<polygon class="band" points="{}"/>', " ".join(upper + lower))


def sparkline(values: Sequence[float], *, label: Any = "") -> SafeString:
    """Draw a line the size of a word; from its label a listener learns first, highest and last."""
    numbers = [float(v) for v in values]
    if not numbers:
        return SafeString("")
    top = max(*numbers, 1e-9)
    step = (_SPARK_WIDTH - 2 * _SPARK_PAD) / max(1, len(numbers) - 1)
    places = [
        (
            round(_SPARK_PAD + i * step, 1),
            round(_SPARK_HEIGHT - _SPARK_PAD - v / top * (_SPARK_HEIGHT - 2 * _SPARK_PAD), 1),
        )
        for i, v in enumerate(numbers)
    ]
    said = _("from %(first)s to %(last)s, at most %(highest)s") % {
        "first": format_number(numbers[0]),
        "last": format_number(numbers[-1]),
        "highest": format_number(max(numbers)),
    }
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<polyline class="line" points="{}"/><circle class="last" cx="{}" cy="{}" r="2.2"/></svg>',
        _SPARK_WIDTH,
        _SPARK_HEIGHT,
        f"{label}: {said}" if label else said,
        " ".join(f"{x},{y}" for x, y in places),
        *places[-1],
    )


def whisker(point: Point, *, low: float, high: float, reference: float | None) -> SafeString:
    """Draw one value with its interval between the two ends of a shared scale."""
    span = (high - low) or 1.0

    def x(value: float) -> float:
        return round(4 + 192 * (max(low, min(value, high)) - low) / span, 1)

    body = SafeString("")
    if reference is not None:
        body += format_html('<path class="axis zero" d="M{} 0V20"/>', x(reference))
    if point.low is not None and point.high is not None:
        body += format_html('<path class="interval" d="M{} 10H{}"/>', x(point.low), x(point.high))
    if point.value is not None:
        body += format_html('<circle class="dot" cx="{}" cy="10" r="4"/>', x(point.value))
    return format_html(
        '<svg class="chart whisker" viewBox="0 0 200 20" aria-hidden="true">{}</svg>', body
    )
