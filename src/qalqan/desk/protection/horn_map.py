"""The map of who hears: districts, settlements, ranges and places proposed, as one SVG drawing.

Presentation attributes only, so that it passes a strict content security policy. Colour never
stands alone: who hears nothing is a hollow ring, who hears a full disc, ranges are dashed, and
places proposed bear their number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from qalqan.desk.platform.ui.formatting import format_number
from qalqan.desk.protection.selectors.coverage import Heard, Horn

_WIDTH, _MARGIN, _LEGEND = 720.0, 12.0, 62.0
_LABELLED = 20
_NAME_WIDTH, _NAME_HEIGHT = 96.0, 13.0
_LEAST_RANGE = 3.0


@dataclass(frozen=True, slots=True)
class _Frame:
    """Turns degrees into the drawing's units."""

    west: float
    north: float
    scale: float
    narrow: float
    height: float

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return the point of a place."""
        x = _MARGIN + (longitude - self.west) * self.narrow * self.scale
        return x, _MARGIN + (self.north - latitude) * self.scale

    def length(self, metres: float) -> float:
        """Return how long a distance over ground is drawn."""
        return metres / (math.pi * 6_371_008.8 / 180) * self.scale


def drawn(
    boundaries: Sequence[Mapping[str, Any]],
    towns: Sequence[Heard],
    horns: Sequence[Horn],
    proposals: Sequence[Mapping[str, Any]] = (),
    *,
    title: str,
) -> str:
    """Return the drawing, or an empty text where there is nothing to draw.

    Parameters
    ----------
    boundaries
        GeoJSON geometries of the districts.
    towns, horns, proposals
        Settlements with who hears, devices with their range, places with ``latitude``,
        ``longitude`` and ``people``.
    title
        What the map shows, with its model and hours.
    """
    rings = [ring for one in boundaries for ring in _rings(one)]
    points = [(y, x) for ring in rings for x, y in ring]
    # Settlements far beyond the districts must not make the districts small.
    if not points:
        points = [(town.latitude, town.longitude) for town in towns]
        points += [(horn.latitude, horn.longitude) for horn in horns]
    if not points:
        return ""
    frame = _frame(points)
    words = _("%(hear)s of %(people)s people hear something; %(horns)s devices work.") % {
        "hear": format_number(round(sum(town.hear for town in towns))),
        "people": format_number(sum(town.people for town in towns)),
        "horns": format_number(len(horns)),
    }
    height = frame.height + _LEGEND
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 {_WIDTH:.0f} '
        f'{height:.0f}" width="{_WIDTH:.0f}" height="{height:.0f}" role="img" '
        'aria-labelledby="horn-map-t horn-map-d" '
        'font-family="DejaVu Sans, Noto Sans, sans-serif" font-size="11">',
        f'<title id="horn-map-t">{escape(title)}</title>',
        f'<desc id="horn-map-d">{escape(words)}</desc>',
        *(_outline(frame, ring) for ring in rings),
        *(_range(frame, horn) for horn in horns),
        *(_town(frame, town) for town in towns),
        *(_label(frame, town) for town in _labelled(frame, towns)),
        *(_proposal(frame, one, number) for number, one in enumerate(proposals, 1)),
        *_legend(frame, bool(proposals)),
        "</svg>",
    ]
    return "".join(parts)


def _frame(points: Sequence[tuple[float, float]]) -> _Frame:
    south, north = min(y for y, _x in points), max(y for y, _x in points)
    west, east = min(x for _y, x in points), max(x for _y, x in points)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = (_WIDTH - 2 * _MARGIN) / max((east - west) * narrow, 0.05)
    scale = min(scale, 1.1 * _WIDTH / max(north - south, 0.05))
    return _Frame(west, north, scale, narrow, 2 * _MARGIN + (north - south) * scale)


def _rings(geometry: Mapping[str, Any]) -> Iterator[list[tuple[float, float]]]:
    shapes = geometry.get("coordinates", [])
    for shape in [shapes] if geometry.get("type") == "Polygon" else shapes:
        for ring in shape:
            yield [(float(point[0]), float(point[1])) for point in ring]


def _outline(frame: _Frame, ring: Sequence[tuple[float, float]]) -> str:
    path, last = [], None
    for x, y in ring:
        here = frame.at(y, x)
        if last is None or math.dist(here, last) > 0.6:
            path.append(f"{here[0]:.1f} {here[1]:.1f}")
            last = here
    return (
        f'<path d="M{"L".join(path)}Z" class="map-area scale-0" fill="#eceef2" '
        'stroke="#7b8594" stroke-width="1"/>'
    )


def _range(frame: _Frame, horn: Horn) -> str:
    x, y = frame.at(horn.latitude, horn.longitude)
    radius = max(frame.length(horn.reach_m), _LEAST_RANGE)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" class="map-area scale-3" '
        'fill="#7aa7d2" fill-opacity="0.5" stroke="#124a84" stroke-dasharray="3 2"/>'
    )


def _size(town: Heard) -> float:
    return min(2.5 + math.sqrt(town.people) / 40, 14.0)


def _town(frame: _Frame, town: Heard) -> str:
    x, y = frame.at(town.latitude, town.longitude)
    size = _size(town)
    said = _("%(place)s: %(hear)s of %(people)s hear") % {
        "place": town.name, "hear": format_number(round(town.hear)),
        "people": format_number(town.people),
    }  # fmt: skip
    full = size * math.sqrt(min(max(town.share, 0.0), 1.0))
    return (
        f"<g><title>{escape(said)}</title>"
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" class="map-area" fill="none" '
        'stroke="#7b8594" stroke-width="1.4"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{full:.1f}" class="map-area scale-5" '
        'fill="#124a84"/></g>'
    )


def _labelled(frame: _Frame, towns: Sequence[Heard]) -> list[Heard]:
    """Return the biggest settlements whose names do not cover one another."""
    kept: list[tuple[float, float, Heard]] = []
    for town in sorted(towns, key=lambda town: (-town.people, town.place_id)):
        x, y = frame.at(town.latitude, town.longitude)
        if all(abs(x - a) > _NAME_WIDTH or abs(y - b) > _NAME_HEIGHT for a, b, _ in kept):
            kept.append((x, y, town))
    return [town for _x, _y, town in kept[:_LABELLED]]


def _label(frame: _Frame, town: Heard) -> str:
    x, y = frame.at(town.latitude, town.longitude)
    left = x < _WIDTH - 130
    place = (
        f'x="{x + (_size(town) + 3) * (1 if left else -1):.1f}" y="{y + 4:.1f}" '
        f'text-anchor="{"start" if left else "end"}"'
    )
    return (
        f'<text {place} class="map-halo" fill="#ffffff" stroke="#ffffff" stroke-width="3" '
        f'aria-hidden="true">{escape(town.name)}</text>'
        f'<text {place} class="map-label" fill="#171b22">{escape(town.name)}</text>'
    )


def _proposal(frame: _Frame, one: Mapping[str, Any], number: int) -> str:
    x, y = frame.at(one["latitude"], one["longitude"])
    return (
        f'<rect x="{x - 7:.1f}" y="{y - 7:.1f}" width="14" height="14" rx="2" class="map-halo" '
        'fill="#ffffff" stroke="#171b22" stroke-width="1.2"/>'
        f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-weight="700" '
        f'class="map-label" fill="#171b22">{number}</text>'
    )


def _legend(frame: _Frame, has_proposals: bool) -> Iterator[str]:
    """Say what each mark means, in two rows of two."""
    marks = [
        ('<circle cx="8" cy="8" r="7" class="map-area" fill="none" stroke="#7b8594" '
         'stroke-width="1.4"/>', _("nobody there hears")),
        ('<circle cx="8" cy="8" r="7" class="map-area scale-5" fill="#124a84"/>',
         _("everybody there hears")),
        ('<circle cx="8" cy="8" r="7" class="map-area scale-3" fill="#7aa7d2" '
         'fill-opacity="0.5" stroke="#124a84" stroke-dasharray="3 2"/>', _("range of a device")),
    ]  # fmt: skip
    if has_proposals:
        marks.append(
            ('<rect x="1" y="1" width="14" height="14" rx="2" class="map-halo" fill="#ffffff" '
             'stroke="#171b22"/>', _("place proposed")),
        )  # fmt: skip
    for place, (mark, words) in enumerate(marks):
        x, y = _MARGIN + (place % 2) * _WIDTH / 2, frame.height + 8 + (place // 2) * 24
        yield (
            f'<g transform="translate({x:.0f} {y:.0f})">{mark}<text x="22" y="12" '
            f'class="map-label" fill="#171b22">{escape(words)}</text></g>'
        )
