"""Sums as the page of totals tells them: tables, the chart of months, the map of districts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.outreach.models import BAND_FIELDS, LANGUAGES, Activity, AgeBand
from qalqan.desk.outreach.selectors.totals import NOTHING, Sums
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.charts import Chart, Point, bar_chart
from qalqan.desk.platform.ui.choropleth import MapArea, choropleth
from qalqan.desk.platform.ui.formatting import format_number

_MOST_MONTHS = 72


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table of sums; ``query`` leads to its activities."""

    name: str
    sums: Sums
    query: str = ""


@dataclass(frozen=True, slots=True)
class BandLine:
    """One age band: people reached, and their share of those whose age is known."""

    name: str
    reached: int
    share: float | None
    is_young: bool


def lines(cells: Mapping[Any, Sums], choices: Iterable[tuple[Any, Any]], name: str) -> list[Line]:
    """Return a line a choice, those with nothing included: what is missing is to be seen."""
    return [Line(str(label), cells.get(key, NOTHING), f"{name}={key}") for key, label in choices]


def tables(cells: Mapping[str, Mapping[Any, Sums]]) -> list[tuple[str, list[Line]]]:
    """Return the tables by theme, kind and language."""
    wanted: tuple[tuple[str, str, Iterable[tuple[Any, Any]]], ...] = (
        (_("Theme"), "theme", Activity.Theme.choices),
        (_("Kind"), "kind", Activity.Kind.choices),
        (_("Language"), "language", LANGUAGES),
    )
    return [(title, lines(cells[name], choices, name)) for title, name, choices in wanted]


def bands(total: Sums) -> list[BandLine]:
    """Return the age bands, the young first."""
    known = total.of_known_ages
    young = {"under_14", "14_17", "18_24", "25_28"}
    return [
        BandLine(
            str(band.label), total.values[BAND_FIELDS[band.value]],
            total.values[BAND_FIELDS[band.value]] / known if known else None,
            band.value in young,
        )
        for band in AgeBand
    ]  # fmt: skip


def months(held: Mapping[date, int]) -> Chart | None:
    """Return the chart of activities held by month."""
    points = [
        Point(f"{month:%m.%Y}", float(count)) for month, count in list(held.items())[-_MOST_MONTHS:]
    ]
    return bar_chart(
        points,
        title=_("Activities held, by month"),
        description=_("Held and reported activities of each month."),
        unit=_("activities"),
    )


@dataclass(frozen=True, slots=True)
class AreaMap:
    """The map of districts and the table that says the same."""

    drawing: str
    lines: list[Line]


def area_map(actor: Actor, cells: Mapping[int, Sums], *, title: str) -> AreaMap:
    """Return people reached by district, as a map and a table; wider places only in the table."""
    rows = list(places.districts(actor))
    inside = {row.pk for row in rows}
    areas = [
        MapArea(
            str(row.pk), row.name, float(cells[row.pk].activities) if row.pk in cells else 0.0,
            row.latitude, row.longitude, row.boundary,
            label=format_number(cells[row.pk].activities if row.pk in cells else 0),
        )
        for row in rows
    ]  # fmt: skip
    named = [(row.pk, row.name) for row in rows]
    wider = [key for key in cells if key not in inside]
    if wider:
        found = places.places(actor).filter(pk__in=wider)
        named += [(row.pk, row.name) for row in found]
    drawing = choropleth(areas, title=title, unit=_("activities held"))
    return AreaMap(drawing, lines(cells, named, "district"))
