"""The map of provinces: who has returned the month, and one count of each."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from qalqan.desk.agencies.selectors.nation import Nation
from qalqan.desk.platform.ui.choropleth import MapArea, choropleth


def draw(month: Nation, *, code: str, title: str) -> str:
    """Return the map as SVG, hatched where the return is missing; empty without provinces."""
    codes: Sequence[str] = [one.code for one in month.sums]
    at = codes.index(code) if code in codes else None
    areas = [
        MapArea(
            key=line.province.kato or str(line.province.pk), name=line.province.name,
            value=None if at is None or line.values[at] is None else float(line.values[at] or 0),
            latitude=line.province.latitude, longitude=line.province.longitude,
            geometry=line.province.boundary, is_flagged=line.standing is None,
            label=_("no return") if line.standing is None else "",
        )
        for line in month.lines
    ]  # fmt: skip
    return choropleth(areas, title=title, flag_words=_("return is missing"))
