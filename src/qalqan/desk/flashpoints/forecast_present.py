"""Forecasts in the words of the active language: maps, numbers and the honest score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from qalqan.desk.flashpoints.forecast_models import ForecastRun
from qalqan.desk.flashpoints.models import AreaKind
from qalqan.desk.flashpoints.selectors.forecasts import MOST_CELLS, Band, ForecastRow
from qalqan.desk.platform.ui import charts
from qalqan.desk.platform.ui.choropleth import MapArea, choropleth
from qalqan.desk.platform.ui.formatting import format_number, format_p_value, format_percent

TONES = {"gain": "good", "no_gain": "neutral", "worse": "warning", "not_enough": "neutral"}

_LABELLED = 5
"""Cells of the grid whose name is written on the map."""

_WIDTH = 620


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table, in words."""

    name: str
    count_map: str
    model: str
    seen: int


@dataclass(frozen=True, slots=True)
class HitLine:
    """Hits at one share of the area, in words."""

    share: str
    area: str
    count_map: str
    model: str
    difference: str


def expected_words(value: float) -> str:
    """Return an expected number as map and table write it.

    >>> expected_words(0.034), expected_words(2.46)
    ('0.03', '2.5')
    """
    return format_number(value, 1 if value >= 1 else 2)


def band_words(band: Band) -> str:
    """Return an expected number with its interval."""
    return f"{expected_words(band.mean)} ({format_number(band.low)}–{format_number(band.high)})"


def lines_of(rows: Sequence[ForecastRow]) -> list[Line]:
    """Return the rows of the table beside the maps."""
    return [
        Line(row.name, band_words(row.count_map), band_words(row.model), row.seen) for row in rows
    ]


def drawings_of(
    run: ForecastRun,
    rows: Sequence[ForecastRow],
    outlines: Sequence[tuple[str, str, float, float, Any]],
) -> list[tuple[str, SafeString]]:
    """Return title and drawing of the count map and of the model, in the same shades."""
    breaks = shades([band.mean for row in rows for band in (row.count_map, row.model)])
    under = [MapArea(key, name, None, *rest) for key, name, *rest in outlines]
    drawn = []
    for name, title in (("count_map", _("Count map")), ("model", _("Model"))):
        svg = choropleth(
            [_area(row, getattr(row, name), run, at) for at, row in enumerate(rows)],
            title=f"{title}: {_('Cases expected in the week')}, {run.get_stream_display()}",
            breaks=breaks,
            outlines=under,
            width=_WIDTH,
        )
        # The drawing escapes every word it is given.
        drawn.append((title, mark_safe(svg)))  # noqa: S308
    return drawn


def _area(row: ForecastRow, band: Band, run: ForecastRun, place: int) -> MapArea:
    return MapArea(
        key=row.key,
        name=row.name,
        value=band.mean,
        latitude=row.latitude,
        longitude=row.longitude,
        geometry=row.geometry,
        label=expected_words(band.mean),
        is_labelled=run.area_kind != AreaKind.GRID or place < _LABELLED,
    )


def shades(values: Sequence[float]) -> list[float]:
    """Return up to four values at which the shade changes, the same for both maps.

    >>> shades([0.1, 0.2, 0.4, 0.8, 1.6, 3.2])
    [0.2, 0.4, 0.8, 1.6]
    """
    known = sorted({float(f"{value:.2g}") for value in values if value > 0})
    if len(known) < 3:
        return known[:-1]
    cuts = [known[round(k * (len(known) - 1) / 5)] for k in range(1, 5)]
    return sorted(set(cuts))


def cells_words(run: ForecastRun) -> list[str]:
    """Return what the maps of the grid leave out, as sentences."""
    words = []
    if len(run.by_area) > MOST_CELLS:
        words.append(
            _("Drawn are the %(count)s cells with the highest expectation; the export has all.")
            % {"count": format_number(MOST_CELLS)}
        )
    if run.elsewhere:
        words.append(
            _(
                "%(cells)s more cells have not had a case yet; in all of them together the count "
                "map expects %(count_map)s and the model %(model)s cases."
            )
            % {
                "cells": format_number(run.elsewhere["cells"]),
                "count_map": expected_words(run.elsewhere["count_map"]),
                "model": expected_words(run.elsewhere["model"]),
            }
        )
    return words


def verdict_words(run: ForecastRun) -> str:
    """Return the verdict in a sentence, with its interval and what to do with it."""
    if not run.score:
        return _(
            "There are %(weeks)s whole weeks of records with %(cases)s cases; a verdict needs "
            "%(least)s weeks and at least %(few)s cases in the last %(scored)s. Until then keep "
            "to the count map."
        ) % {
            "weeks": format_number(run.weeks),
            "cases": format_number(run.cases),
            "least": format_number(_enough_weeks(run)),
            "few": format_number(run.parameters["enough_cases"]),
            "scored": format_number(run.parameters["scored_weeks"]),
        }
    said = {
        "gain": gain_words(run.score["log"]),
        "weeks": format_number(run.score["weeks"]),
        "cases": format_number(run.score["cases"]),
    }
    if run.verdict == ForecastRun.Verdict.GAIN:
        return (
            _(
                "Over the last %(weeks)s weeks and %(cases)s cases the model was better by "
                "%(gain)s nats a case; the whole interval lies above 0. The model's map "
                "may be preferred."
            )
            % said
        )
    if run.verdict == ForecastRun.Verdict.WORSE:
        return (
            _(
                "Over the last %(weeks)s weeks and %(cases)s cases the model was worse by "
                "%(gain)s nats a case; the whole interval lies below 0. Keep to the count map."
            )
            % said
        )
    return (
        _(
            "Over the last %(weeks)s weeks and %(cases)s cases the difference was %(gain)s nats a "
            "case, and the interval holds 0. Keep to the count map."
        )
        % said
    )


def _enough_weeks(run: ForecastRun) -> int:
    return int(sum(run.parameters[part] for part in ("scored_weeks", "learn_weeks", "embargo")))


def gain_words(numbers: dict[str, Any], digits: int = 3) -> str:
    """Return a difference with its sign and interval."""
    return (
        f"{_signed(numbers['gain'], digits)} "
        f"({_signed(numbers['low'], digits)} … {_signed(numbers['high'], digits)})"
    )


def _signed(value: float | None, digits: int) -> str:
    if value is None:
        return format_number(None)
    sign = "+" if value > 0 else "−" if round(value, digits) < 0 else ""
    return f"{sign}{format_number(abs(value), digits)}"


def hit_lines(score: dict[str, Any]) -> list[HitLine]:
    """Return hits at each share of the area, both methods, and their difference."""
    lines = []
    for row in score.get("hits", ()):
        shift = {name: _points(row[name]) for name in ("gain", "low", "high")}
        lines.append(
            HitLine(
                format_percent(row["share"]),
                format_percent(row["model"]["area"], 1),
                _hit(row["count_map"]),
                _hit(row["model"]),
                gain_words(shift, 1),
            )
        )
    return lines


def _points(value: float | None) -> float | None:
    return None if value is None else 100 * value


def _hit(row: dict[str, Any]) -> str:
    return f"{format_percent(row['hit_rate'], 1)} ({format_number(row['pai'], 1)})"


def calibration_words(score: dict[str, Any]) -> list[str]:
    """Return how well both were calibrated, a sentence each."""
    if not score:
        return []
    words = []
    for name, title in (("count_map", _("Count map")), ("model", _("Model"))):
        pit = score["pit"][name]
        words.append(
            f"{title}: {_shape_words(pit['shape'])} "
            + _("Expected %(expected)s cases in these weeks, seen %(seen)s; %(p)s.")
            % {
                "expected": format_number(score["expected"][name]),
                "seen": format_number(score["cases"]),
                "p": _p_words(pit["p"]),
            }
        )
    return words


def _p_words(value: float) -> str:
    said = format_p_value(value)
    return f"p {said}" if said.startswith("<") else f"p = {said}"


def _shape_words(shape: str) -> str:
    return {
        "even": _("no sign that its numbers are off."),
        "low": _("more came than it expected."),
        "high": _("less came than it expected."),
        "narrow": _("its intervals are too narrow: surprises are more frequent than it says."),
        "wide": _("its intervals are too wide: it is more cautious than it need be."),
    }[shape]


def calibration_charts(score: dict[str, Any]) -> list[charts.Chart | None]:
    """Return the histogram of the probability integral transform of both."""
    drawn = []
    for name, title in (("count_map", _("Count map")), ("model", _("Model"))):
        bars = score["pit"][name]["bars"]
        step = 100 // len(bars)
        points = [
            charts.Point(f"{at * step}–{(at + 1) * step} %", round(100 * bar, 1))
            for at, bar in enumerate(bars)
        ]
        drawn.append(
            charts.bar_chart(
                points,
                title=_("%(method)s: where what came lay in what was expected") % {"method": title},
                description=_("All bars alike: as it should be"),
                unit="%",
            )
        )
    return drawn
