"""A small map of the places that a claim names, drawn on the server."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qalqan.desk.platform.ui.formatting import format_number

if TYPE_CHECKING:
    from qalqan.desk.platform.places.models import Place

WIDTH = 480
_MARGIN = 14
_LEAST, _MOST = 4.0, 22.0
_MOST_TALL = 1.0
_EVERY = 200
"""An outline keeps at most so many points; the drawing is a few hundred units wide."""


def circles_map(
    districts: Sequence[Place], counted: Sequence[tuple[Place, int]], *, title: str
) -> SafeString:
    """Draw one circle a place, its area as the copies that name it, over the outlines of districts.

    Parameters
    ----------
    districts
        Outlines; those without a boundary are left out.
    counted
        Places with copies; those without coordinates are left out.

    Returns
    -------
    SafeString
        ``<svg …>``, or nothing where no place has coordinates. The table beside it says the same.
    """
    spots = [(p, n) for p, n in counted if p.latitude is not None and p.longitude is not None]
    if not spots:
        return SafeString("")
    outlines = [ring for district in districts for ring in _rings(district.boundary)]
    lons = [x for ring in outlines for x, _y in ring] + [p.longitude for p, _n in spots]
    lats = [y for ring in outlines for _x, y in ring] + [p.latitude for p, _n in spots]
    stretch = math.cos(math.radians((min(lats) + max(lats)) / 2))
    east = max((max(lons) - min(lons)) * stretch, 0.05)
    north = max(max(lats) - min(lats), 0.05)
    scale = min((WIDTH - 2 * _MARGIN) / east, (WIDTH * _MOST_TALL - 2 * _MARGIN) / north)
    height = round(north * scale + 2 * _MARGIN)
    left = (WIDTH - east * scale) / 2

    def paper(lon: float, lat: float) -> tuple[float, float]:
        x = left + (lon - min(lons)) * stretch * scale
        return round(x, 1), round(_MARGIN + (max(lats) - lat) * scale, 1)

    lines = format_html_join(
        "",
        '<path d="{}" fill="none" stroke="currentColor" stroke-opacity="0.35"/>',
        ((_path(paper(x, y) for x, y in ring),) for ring in outlines),
    )
    return format_html(
        '<svg class="map" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        WIDTH, height, f"{title}. {_words(spots)}", lines, _circles(spots, paper),
    )  # fmt: skip


def _circles(spots: Sequence[tuple[Place, int]], paper: Any) -> SafeString:
    most = max(number for _place, number in spots)
    rows = []
    for place, number in sorted(spots, key=lambda spot: -spot[1]):
        x, y = paper(place.longitude, place.latitude)
        radius = max(_LEAST, _MOST * math.sqrt(number / most))
        side = "end" if x > WIDTH * 0.7 else "start"
        at = x - radius - 3 if side == "end" else x + radius + 3
        label = f"{place.name} {format_number(number)}"
        rows.append((x, y, round(radius, 1), label, round(at, 1), y + 4, side, label))
    return format_html_join(
        "",
        '<circle class="dot" cx="{}" cy="{}" r="{}" fill-opacity="0.6"><title>{}</title></circle>'
        '<text x="{}" y="{}" text-anchor="{}" font-size="11" fill="currentColor">{}</text>',
        rows,
    )


def _words(spots: Sequence[tuple[Place, int]]) -> str:
    return "; ".join(
        _("%(place)s: %(copies)s") % {"place": p.name, "copies": format_number(n)} for p, n in spots
    )


def _rings(geometry: Any) -> Iterator[list[tuple[float, float]]]:
    if not geometry:
        return
    shapes = geometry["coordinates"]
    for polygon in [shapes] if geometry["type"] == "Polygon" else shapes:
        ring = polygon[0]
        step = max(1, len(ring) // _EVERY)
        yield [(float(p[0]), float(p[1])) for p in [*ring[::step], ring[0]]]


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"
