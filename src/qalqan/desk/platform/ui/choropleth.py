"""Draw districts as one SVG map that needs no script, no style and no tiles.

Everything is a presentation attribute, so the drawing passes a strict content security policy
and can be set by Typst. The classes only let a page repaint it for dark screens. Colour never
stands alone: each area bears its name and value, and a flagged one is hatched and outlined.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from qalqan.desk.platform.ui.formatting import format_number

_FILLS = ("#eceef2", "#e3ebf5", "#b4cde6", "#7aa7d2", "#3c79b4", "#124a84")
RATIO_BREAKS = (0.8, 1.25, 1.5, 2.0)
"""Where the shade of observed over expected changes: less, as expected, and three times more."""

_MARGIN = 12.0
_LEGEND = 46.0
_LETTER = 6.9
_LINE = 13.0
_CIRCLE = 11.0
_TOLERANCE = 0.6
_MOST_HEIGHT = 1.1

Ring = list[tuple[float, float]]
Class = tuple[float, float]


@dataclass(frozen=True, slots=True)
class MapArea:
    """One area of the map.

    Parameters
    ----------
    key
        What ties the area to its row in the table beside the map.
    name
        Name in the reader's language.
    value
        What the shade means; ``None`` where nothing is known.
    latitude, longitude
        Centre in degrees; a circle is drawn there where there is no boundary.
    geometry
        GeoJSON polygon or multipolygon, or ``None``.
    is_flagged
        Whether the area is to stand out by hatching and outline.
    label
        Text under the name; by default the value.
    is_labelled
        Whether name and value are written on the map, or only said when it is pointed at.
    """

    key: str
    name: str
    value: float | None
    latitude: float
    longitude: float
    geometry: Mapping[str, Any] | None = None
    is_flagged: bool = False
    label: str = ""
    is_labelled: bool = True


@dataclass(frozen=True, slots=True)
class _Drawn:
    area: MapArea
    rings: list[Ring]
    x: float
    y: float
    shade: int


def choropleth(
    areas: Sequence[MapArea],
    *,
    title: str,
    unit: str = "",
    flag_words: str = "",
    width: int = 720,
    description: str = "",
    breaks: Sequence[float] = (),
    outlines: Sequence[MapArea] = (),
) -> str:
    """Return the map as an SVG element.

    Parameters
    ----------
    areas
        What to draw; nothing is drawn for an empty sequence.
    title
        Name of the map, for the eye and for readers that speak.
    unit
        What the values count, for the legend.
    flag_words
        What hatching means.
    width
        Width in the drawing's units; the height follows from the areas.
    description
        What the map shows, in words; by default the names and values of the areas.
    breaks
        At most four values at which the shade changes; by default quantiles of the values, which
        suit counts but not ratios.
    outlines
        Areas of which only the boundary is drawn, such as the districts under a grid.

    Returns
    -------
    str
        ``<svg …>…</svg>``, or an empty string where there is nothing to draw.

    Examples
    --------
    >>> square = {"type": "Polygon", "coordinates": [[[57, 50], [58, 50], [58, 51], [57, 50]]]}
    >>> drawing = choropleth([MapArea("a", "Temir", 3, 50.3, 57.6, square)], title="Tips")
    >>> drawing.startswith("<svg "), "Temir" in drawing, "style=" in drawing
    (True, True, False)
    """
    if not areas and not outlines:
        return ""
    classes = _fixed(breaks) or _classes([area.value for area in areas if area.value])
    under = [replace(area, is_labelled=False) for area in outlines]
    everything, height = _projected([*areas, *under], width, classes)
    drawn, beneath = everything[: len(areas)], everything[len(areas) :]
    said = f"{title}{[area.key for area in areas]}".encode()
    prefix = "m" + hashlib.blake2b(said, digest_size=4).hexdigest()
    words = description or "; ".join(f"{area.name}: {_value(area)}" for area in areas)
    parts = [
        _opening(width, height + _LEGEND, prefix, title, words),
        _hatching(prefix),
        *(_outline(one) for one in beneath if one.rings),
        *(_shape(one) for one in drawn),
        *(_overlay(one, prefix) for one in drawn if one.area.is_flagged),
        *_labels(drawn, width, height),
        *_legend(classes, height, unit, flag_words, prefix, any(a.value is None for a in areas)),
        "</svg>",
    ]
    return "".join(parts)


def _opening(width: int, height: float, prefix: str, title: str, words: str) -> str:
    """Return the beginning of the drawing, with what readers that speak say of it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 {width} {height:.0f}" '
        f'width="{width}" height="{height:.0f}" role="img" '
        f'aria-labelledby="{prefix}-t {prefix}-d" font-family="DejaVu Sans, Noto Sans, sans-serif" '
        f'font-size="11"><title id="{prefix}-t">{escape(title)}</title>'
        f'<desc id="{prefix}-d">{escape(words)}</desc>'
    )


def _value(area: MapArea) -> str:
    return area.label or (_("not known") if area.value is None else format_number(area.value))


def _classes(values: Sequence[float]) -> list[Class]:
    """Return least and greatest value of at most five classes, cut at quantiles."""
    distinct = sorted(set(values))
    number = min(len(distinct), 5)
    cuts = [round(k * len(distinct) / number) for k in range(number + 1)] if number else []
    return [(distinct[a], distinct[b - 1]) for a, b in pairwise(cuts)]


def _fixed(breaks: Sequence[float]) -> list[Class]:
    return list(pairwise([0.0, *breaks, math.inf])) if breaks else []


def _shade(value: float | None, classes: Sequence[Class]) -> int:
    if not value:
        return 0
    position = next(n for n, (_low, high) in enumerate(classes) if value <= high)
    # Few classes take the outer shades, so that they are told apart on a poor screen.
    return 3 if len(classes) == 1 else round(1 + position * 4 / (len(classes) - 1))


def _projected(
    areas: Sequence[MapArea], width: int, classes: Sequence[Class]
) -> tuple[list[_Drawn], float]:
    """Put all areas on paper: equirectangular around their middle, north up."""
    outlines = [list(_rings(area.geometry)) for area in areas]
    lons = [x for rings in outlines for ring in rings for x, _y in ring]
    lats = [y for rings in outlines for ring in rings for _x, y in ring]
    lons += [area.longitude for area in areas]
    lats += [area.latitude for area in areas]
    stretch = math.cos(math.radians((min(lats) + max(lats)) / 2))
    east, north = max(max(lons) - min(lons), 1e-3) * stretch, max(max(lats) - min(lats), 1e-3)
    scale = min((width - 2 * _MARGIN) / east, (width * _MOST_HEIGHT - 2 * _MARGIN) / north)
    height = north * scale + 2 * _MARGIN
    left = (width - east * scale) / 2

    west, top = min(lons), max(lats)

    def paper(lon: float, lat: float) -> tuple[float, float]:
        return left + (lon - west) * stretch * scale, _MARGIN + (top - lat) * scale

    drawn = []
    for area, rings in zip(areas, outlines, strict=True):
        shapes = [_simplified([paper(*point) for point in ring]) for ring in rings]
        shapes = [ring for ring in shapes if len(ring) >= 3]
        middle = _label_point(shapes) if area.is_labelled else None
        spot = middle or paper(area.longitude, area.latitude)
        drawn.append(_Drawn(area, shapes, *spot, _shade(area.value, classes)))
    return drawn, height


def _rings(geometry: Mapping[str, Any] | None) -> Iterator[Ring]:
    if not geometry:
        return
    parts = geometry["coordinates"]
    for polygon in parts if geometry["type"] == "MultiPolygon" else [parts]:
        for ring in polygon:
            yield [(float(point[0]), float(point[1])) for point in ring]


def _simplified(points: Ring) -> Ring:
    """Drop points that move the line by less than a part of a unit (Douglas and Peucker)."""
    import shapely

    if len(points) < 8:
        return points
    # The ring is opened: its two ends coincide, and a closed line would keep only one point.
    line = shapely.LineString(points[:-1]).simplify(_TOLERANCE, preserve_topology=False)
    return [(float(x), float(y)) for x, y in line.coords]


def _label_point(rings: Sequence[Ring]) -> tuple[float, float] | None:
    import shapely

    solid = [shapely.Polygon(ring).buffer(0) for ring in rings]
    solid = [shape for shape in solid if not shape.is_empty]
    if not solid:
        return None
    point = max(solid, key=lambda shape: shape.area).representative_point()
    return float(point.x), float(point.y)


def _hatching(prefix: str) -> str:
    return (
        f'<defs><pattern id="{prefix}-h" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path d="M0 0V7" class="map-flag" stroke="#a61b1b" '
        'stroke-width="2.4" fill="none"/></pattern></defs>'
    )


def _path(one: _Drawn) -> str:
    if not one.rings:
        return f'<circle cx="{one.x:.1f}" cy="{one.y:.1f}" r="{_CIRCLE:.0f}"'
    data = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in one.rings)
    return f'<path fill-rule="evenodd" d="{data}"'


def _shape(one: _Drawn) -> str:
    words = escape(f"{one.area.name}: {_value(one.area)}")
    return (
        f'{_path(one)} class="map-area scale-{one.shade}" fill="{_FILLS[one.shade]}" '
        f'stroke="#7b8594" stroke-width="1"><title>{words}</title>'
        f"</{'path' if one.rings else 'circle'}>"
    )


def _outline(one: _Drawn) -> str:
    return (
        f'{_path(one)} class="map-area scale-0" fill="none" fill-opacity="0" stroke="#7b8594" '
        f'stroke-width="1"><title>{escape(one.area.name)}</title></path>'
    )


def _overlay(one: _Drawn, prefix: str) -> str:
    return (
        f'{_path(one)} class="map-flag" fill="url(#{prefix}-h)" stroke="#a61b1b" '
        'stroke-width="2.6" stroke-linejoin="round"/>'
    )


def _labels(drawn: Sequence[_Drawn], width: int, height: float) -> Iterator[str]:
    """Write name and value of each area, moved up or down where they would cover another."""
    taken: list[tuple[float, float, float, float]] = []
    shown = [one for one in drawn if one.area.is_labelled]
    for one in sorted(shown, key=lambda d: (not d.area.is_flagged, -(d.area.value or 0))):
        lines = [one.area.name, _value(one.area)]
        half = max(map(len, lines)) * _LETTER / 2
        x = min(max(one.x, half + 2), width - half - 2)
        base = one.y if one.rings else one.y + _CIRCLE + _LINE
        for shift in (0, -1, 1, -2, 2, -3, 3):
            y = min(max(base + shift * _LINE, _LINE), height - _LINE)
            box = (x - half, y - _LINE, x + half, y + _LINE)
            if not any(_overlap(box, other) for other in taken):
                break
        taken.append(box)
        yield _text(x, y - 2, lines[0], bold=one.area.is_flagged)
        yield _text(x, y + _LINE - 2, lines[1], bold=one.area.is_flagged)


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _text(x: float, y: float, words: str, *, bold: bool = False, anchor: str = "middle") -> str:
    # The halo is drawn first, as a text of its own: not every reader of SVG knows paint-order.
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text {place}{weight} class="map-halo" fill="#ffffff" stroke="#ffffff" '
        f'stroke-width="3.2" stroke-linejoin="round" aria-hidden="true">{escape(words)}</text>'
        f'<text {place}{weight} class="map-label" fill="#171b22">{escape(words)}</text>'
    )


def _legend(
    classes: Sequence[Class], top: float, unit: str, flag_words: str, prefix: str, has_gaps: bool
) -> Iterator[str]:
    """Explain the shades and the hatching, in one or two lines under the map."""
    entries = [(0, _("none or not known") if has_gaps else _("none"))]
    for low, high in classes:
        entries.append((_shade(high, classes), _range(low, high)))
    x, y = _MARGIN, top + 8.0
    for shade, words in entries:
        yield (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="16" height="11" class="map-area scale-{shade}" '
            f'fill="{_FILLS[shade]}" stroke="#7b8594"/>'
        )
        yield _text(x + 21, y + 9.5, words, anchor="start")
        x += 34 + len(words) * _LETTER
    if unit:
        yield _text(x, y + 9.5, unit, anchor="start")
    if flag_words:
        y += 19
        yield (
            f'<rect x="{_MARGIN:.1f}" y="{y:.1f}" width="16" height="11" class="map-flag" '
            f'fill="url(#{prefix}-h)" stroke="#a61b1b" stroke-width="2"/>'
        )
        yield _text(_MARGIN + 21, y + 9.5, flag_words, anchor="start")


def _range(low: float, high: float) -> str:
    if math.isinf(high):
        return f"> {format_number(low)}"
    if low == 0:
        return f"≤ {format_number(high)}"
    return "–".join(dict.fromkeys(format_number(end) for end in (low, high)))
