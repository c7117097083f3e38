"""The map of the brief as SVG: districts by count, with a hatch where there is too much."""

from __future__ import annotations

from html import escape

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Map, MapArea

_PAPER = ("#eceef2", "#e3ebf5", "#b4cde6", "#7aa7d2", "#3c79b4")
_LEGEND_HEIGHT = 70


def breaks(values: list[int]) -> list[int]:
    """Return the upper ends of up to four classes of counts above nought.

    >>> breaks([0, 3, 12, 40])
    [4, 10, 20, 40]
    >>> breaks([0, 0])
    []
    """
    most = max(values, default=0)
    ends = {-(-most * share // 100) for share in (10, 25, 50, 100)}
    return sorted(ends - {0})


def map_svg(drawn: Map, *, paper: bool = False) -> str:
    """Draw the map.

    Parameters
    ----------
    drawn
        Districts and their counts.
    paper
        Fixed colours for print and PDF; otherwise the classes of the page's stylesheet, which
        follow the reader's theme.
    """
    ends = breaks([area.tips for area in drawn.areas])
    ink = "#171b22" if paper else "currentColor"
    marked = [area for area in drawn.areas if area.streams]
    calm = [area for area in drawn.areas if not area.streams]
    tall = drawn.height + _LEGEND_HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 {tall}"'
        f' role="img" aria-label="{escape(_describe(marked))}" font-family="Source Sans Pro, '
        f'system-ui, sans-serif">',
        '<defs><pattern id="brief-hatch" width="14" height="14" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="5" height="14" fill="{ink}" '
        'fill-opacity="0.55"/></pattern></defs>',
        *(_area(area, ends, ink, paper) for area in calm),
        *(_area(area, ends, ink, paper) for area in marked),
        *(_label(area, ink, paper) for area in drawn.areas),
        _legend(drawn, ends, ink, paper),
        "</svg>",
    ]
    return "".join(parts)


def _describe(marked: list[MapArea]) -> str:
    if not marked:
        return _("Map of the districts; none has more than expected.")
    names = ", ".join(area.place.in_language(w.language()) for area in marked)
    return _("Map of the districts; more than expected in: %(places)s.") % {"places": names}


def _shade(count: int, ends: list[int], paper: bool) -> str:
    step = 0 if count == 0 else 1 + sum(count > end for end in ends)
    step = min(step, len(_PAPER) - 1)
    return f'fill="{_PAPER[step]}"' if paper else f'class="scale-{step}"'


def _area(area: MapArea, ends: list[int], ink: str, paper: bool) -> str:
    path = "".join(
        "M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in area.rings if len(ring) > 2
    )
    edge = 'stroke-width="5"' if area.streams else 'stroke-width="1.5" stroke-opacity="0.5"'
    drawn = (
        f'<path d="{path}" {_shade(area.tips, ends, paper)} stroke="{ink}" {edge} '
        'stroke-linejoin="round" fill-rule="evenodd"/>'
    )
    if area.streams:
        drawn += f'<path d="{path}" fill="url(#brief-hatch)" fill-rule="evenodd"/>'
    return drawn


def _label(area: MapArea, ink: str, paper: bool) -> str:
    name = escape(area.place.in_language(w.language()))
    weight = "700" if area.streams else "400"
    halo = "#ffffff" if paper else "var(--surface)"
    return (
        f'<text x="{area.label_x}" y="{area.label_y}" font-size="25" font-weight="{weight}" '
        f'text-anchor="middle" fill="{ink}" stroke="{halo}" stroke-width="6" '
        f'stroke-linejoin="round" paint-order="stroke">{name}</text>'
    )


def _legend(drawn: Map, ends: list[int], ink: str, paper: bool) -> str:
    y = drawn.height + 24
    items = [f'<text x="0" y="{y + 20}" font-size="24" fill="{ink}">{escape(_title(drawn))}</text>']
    x = 330
    low = 0
    for step, end in enumerate([0, *ends]):
        shade = f'fill="{_PAPER[step]}"' if paper else f'class="scale-{step}"'
        text = "0" if end == 0 else w.count(end) if low + 1 == end else f"{low + 1}–{w.count(end)}"
        items.append(
            f'<rect x="{x}" y="{y}" width="26" height="26" {shade} stroke="{ink}"/>'
            f'<text x="{x + 34}" y="{y + 21}" font-size="24" fill="{ink}">{text}</text>'
        )
        low = end
        x += 50 + 15 * len(text)
    items.append(
        f'<rect x="{x}" y="{y}" width="26" height="26" fill="url(#brief-hatch)" stroke="{ink}" '
        f'stroke-width="3"/><text x="{x + 34}" y="{y + 21}" font-size="24" fill="{ink}">'
        f"{escape(_('more than expected'))}</text>"
    )
    return "".join(items)


def _title(drawn: Map) -> str:
    return _("Tips, last %(days)s days:") % {"days": drawn.days}


def spark_svg(days: tuple[int, ...], label: str) -> str:
    """Draw copies a day as small bars, the newest last and darkest."""
    most = max(days, default=0) or 1
    bars = "".join(
        f'<rect class="{"bar" if n == len(days) - 1 else "bar quiet"}" x="{n * 10}" '
        f'y="{30 - max(1, round(28 * value / most))}" width="8" '
        f'height="{max(1, round(28 * value / most))}"/>'
        for n, value in enumerate(days)
    )
    return (
        f'<svg class="chart" viewBox="0 0 {10 * len(days)} 30" width="{10 * len(days)}" '
        f'height="30" role="img" aria-label="{escape(label)}">{bars}</svg>'
    )
