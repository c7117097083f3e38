"""The drawings of the brief: the map of districts and the copies a day."""

from __future__ import annotations

from html import escape
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Map, MapArea


def map_svg(drawn: Map, *, paper: bool = False) -> str:
    """Draw observed over expected by district, with a hatch where it is too much.

    Parameters
    ----------
    drawn
        Districts and their counts.
    paper
        Name the font of the PDF, which has no other.
    """
    from qalqan.desk.platform.ui.choropleth import RATIO_BREAKS, choropleth

    stream = w.term(w.STREAMS, drawn.stream)
    svg = choropleth(
        [_area(area, drawn.stream) for area in drawn.areas],
        title=_("%(stream)s by district, %(days)s: observed / expected")
        % {"stream": stream, "days": w.days(drawn.start, drawn.end)},
        unit=_("× expected"),
        flag_words=_("more than expected, of tips or incidents"),
        description=describe(drawn),
        width=480,
        breaks=RATIO_BREAKS,
    )
    return svg.replace('font-family="', 'font-family="Source Sans Pro, ', 1) if paper else svg


def _area(area: MapArea, stream: str) -> Any:
    from qalqan.desk.platform.ui.choropleth import MapArea as DrawnArea

    counted = next((item for item in area.counts if item.stream == stream), None)
    has_ratio = counted is not None and counted.expected > 0
    return DrawnArea(
        key=str(area.place.id),
        name=area.place.in_language(w.language()),
        value=round(counted.observed / counted.expected, 1) if counted and has_ratio else 0.0,
        latitude=area.latitude,
        longitude=area.longitude,
        geometry=area.geometry,
        is_flagged=bool(area.flagged),
        label=w.against(counted),
    )


def describe(drawn: Map) -> str:
    """Say in words what the map shows."""
    marked = [area.place.in_language(w.language()) for area in drawn.areas if area.flagged]
    if not marked:
        return _("Map of the districts; none has more than expected.")
    return _("Map of the districts; more than expected in: %(places)s.") % {
        "places": ", ".join(marked)
    }


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
        f'<svg class="chart sparkline" viewBox="0 0 {10 * len(days)} 30" role="img" '
        f'aria-label="{escape(label)}">{bars}</svg>'
    )
