"""A map of where a warning holds, drawn on the server: no script, no tiles, no style."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qalqan.desk.alerts import geometry

if TYPE_CHECKING:
    from qalqan.desk.platform.places.models import Place

WIDTH = 480
_MARGIN = 14.0
_MOST_TALL = 1.1
_AROUND = 0.25
Box = tuple[float, float, float, float]


def area_map(
    districts: Sequence[Place], shape: Mapping[str, Any], *, areas: Iterable[str]
) -> SafeString:
    """Draw an area over the outlines of the districts around it.

    Parameters
    ----------
    districts
        Places with boundaries; those without one are left out.
    shape
        A GeoJSON polygon or multipolygon.
    areas
        Names of the areas; whoever cannot see the map is told them.
    """
    rings = _rings(shape)
    if not rings:
        return SafeString("")
    box = _box(rings)
    outlines = [
        (district.name, ring)
        for district in districts
        if district.boundary
        for ring in _flip(geometry.rings_of(district.boundary))
    ]
    paper, height = _projection(box)
    lines = format_html_join(
        "",
        '<path d="{}" fill="none" stroke="currentColor" stroke-opacity="0.35"><title>{}</title>'
        "</path>",
        ((_path(map(paper, ring)), name) for name, ring in outlines),
    )
    filled = format_html_join(
        "",
        '<path d="{}" fill="currentColor" fill-opacity="0.18" stroke="currentColor" '
        'stroke-width="2.5" stroke-dasharray="7 4"/>',
        ((_path(map(paper, ring)),) for ring in rings),
    )
    label = _("Where the warning holds: %(areas)s") % {"areas": ", ".join(areas)}
    return format_html(
        '<svg class="map" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        WIDTH, height, label, lines, filled,
    )  # fmt: skip


def _flip(rings: Iterable[geometry.Ring]) -> list[geometry.Ring]:
    return [[(x, y) for y, x in ring] for ring in rings]


def _rings(shape: Mapping[str, Any]) -> list[geometry.Ring]:
    parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return [[(float(x), float(y)) for x, y in part[0]] for part in parts]


def _box(rings: Sequence[geometry.Ring]) -> Box:
    xs = [x for ring in rings for x, _y in ring]
    ys = [y for ring in rings for _x, y in ring]
    wide, tall = max(max(xs) - min(xs), 0.05) * _AROUND, max(max(ys) - min(ys), 0.03) * _AROUND
    return min(xs) - wide, min(ys) - tall, max(xs) + wide, max(ys) + tall


def _projection(box: Box) -> tuple[Any, int]:
    """Return how degrees become points of the drawing, and how tall that is."""
    west, south, east, north = box
    stretch = max(math.cos(math.radians((south + north) / 2)), 0.01)
    across, up = (east - west) * stretch, north - south
    scale = min((WIDTH - 2 * _MARGIN) / across, (WIDTH * _MOST_TALL - 2 * _MARGIN) / up)
    left = (WIDTH - across * scale) / 2

    def paper(point: tuple[float, float]) -> tuple[float, float]:
        x, y = point
        return (
            round(left + (x - west) * stretch * scale, 1),
            round(_MARGIN + (north - y) * scale, 1),
        )

    return paper, round(up * scale + 2 * _MARGIN)


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"
