"""Results drawn: the map by district, the line of waves, and words about the method."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.charts import Chart, Point, line_chart
from qalqan.desk.platform.ui.choropleth import MapArea, choropleth
from qalqan.desk.platform.ui.formatting import format_number
from qalqan.desk.polls.selectors.results import Shown, ShownMeasure, told_outside
from qalqan.desk.polls.selectors.trust import TrustBoard

RATES = ("RR1", "RR2", "RR3", "RR4", "RR5", "RR6", "COOP1", "COOP2", "COOP3", "COOP4", "REF1",
         "REF2", "REF3", "CON1", "CON2", "CON3")  # fmt: skip


def page(found: Shown, actor: Actor, wanted: str) -> dict[str, Any]:
    """Return what the page of results shows."""
    headlines = [m for m in found.measures if m.is_headline]
    chosen = next((m for m in headlines if m.key == wanted), headlines[0] if headlines else None)
    return {
        "headlines": headlines, "chosen": chosen,
        "map": district_map(chosen, actor) if chosen else "",
        "rates": rates(found), "changes": changes(found),
        "levels": [(rows[0].title, rows) for rows in found.levels.values()],
    }  # fmt: skip


def district_map(measure: ShownMeasure, actor: Actor) -> str:
    """Draw a measure by district; what is withheld is drawn as not known."""
    figures = {one.key: one for one in measure.by("district")}
    if not figures:
        return ""
    areas = []
    for place in places.districts(actor):
        one = figures.get(str(place.pk))
        value = one.value if one else None
        areas.append(
            MapArea(
                str(place.pk), place.name, value, place.latitude, place.longitude, place.boundary,
                label="" if value is None else format_number(round(value, measure.digits)),
            )
        )  # fmt: skip
    return choropleth(areas, title=measure.title, unit=measure.unit or measure.what)


def rates(found: Shown) -> list[tuple[str, str, float | None]]:
    """Return AAPOR's rates with their formulas; nothing for a convenience sample."""
    from qalqan.science.polls.rates import FORMULAS

    content = found.edition.content
    if not found.has_doubt or not content.get("rates"):
        return []
    values = content["rates"]["rates"]
    return [(name, FORMULAS[name], values[name]) for name in RATES]


def changes(found: Shown) -> list[dict[str, Any]]:
    """Return the tested changes with their words.

    A change holds the figures of both waves, so outside the desk both must be published.
    """
    rows = []
    names = {(m.key, one.by, one.key): (m, one) for m in found.measures for one in m.figures}
    for row in _tellable(found):
        known = names.get((row["measure"], row["by"], row["key"]))
        if known is None:
            continue
        measure, figure = known
        scale = 100.0 if measure.kind == "share" else 1.0
        rows.append({
            **row, "title": measure.title, "label": figure.label, "digits": measure.digits,
            "unit": _("points") if measure.kind == "share" else "",
            **{name: row[name] * scale for name in ("before", "now", "difference", "low", "high")},
        })  # fmt: skip
    return rows


def _tellable(found: Shown) -> list[dict[str, Any]]:
    rows = list(found.edition.content.get("changes", ()))
    if not found.is_public or not rows:
        return rows
    direct = {
        (m.key, one.by, one.key)
        for m in found.measures for one in m.figures if one.source == "direct"
    }  # fmt: skip
    before = told_outside(found.poll.series, rows[0]["wave"])
    keyed = [((row["measure"], row["by"], row["key"]), row) for row in rows]
    return [row for key, row in keyed if key[1] == "all" or (key in direct and key in before)]


def trust(board: TrustBoard, actor: Actor) -> dict[str, Any]:
    """Return what the page of trust shows."""
    return {
        "map": district_map(board.measure, actor), "line": trust_line(board),
        "changes": [row for row in changes(board.latest) if row["measure"] == "trust"],
    }  # fmt: skip


def trust_line(board: TrustBoard) -> Chart | None:
    """Draw the index by wave with its intervals."""
    points = [
        Point(str(wave.poll.wave), wave.figure.value, wave.figure.low, wave.figure.high)
        for wave in board.waves
    ]
    return line_chart(
        points, title=_("Trust by wave"), unit=_("index from 0 (lowest) to 100 (highest)")
    )
