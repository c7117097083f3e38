"""Pages of performance: all indicators, one of them, one locked figure, and the table as a file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.commission import forms_performance as forms
from qalqan.desk.commission.models import (
    FigureComment,
    IndicatorDefinition,
    LockedFigure,
    PerformanceIndicator,
)
from qalqan.desk.commission.performance_charts import control_chart, funnel_chart, written
from qalqan.desk.commission.policies import READ
from qalqan.desk.commission.selectors import performance as selectors
from qalqan.desk.commission.selectors.evaluating import METHODS
from qalqan.desk.commission.selectors.formulas import FORMULAS
from qalqan.desk.commission.selectors.performance_reading import (
    Comparison,
    Control,
    compare,
    control,
    is_met,
)
from qalqan.desk.commission.services.performance_locking import is_intact
from qalqan.desk.commission.views.common import found
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import (
    ADD,
    EXPORT,
    Actor,
    actor_of,
    guarded,
    policy_of,
)
from qalqan.desk.platform.ui.formatting import format_number

SPANS = (1, 12)
_COLUMNS = (
    "indicator", "definition", "name", "unit", "period_from", "period_to", "version", "value",
    "low_95", "high_95", "n", "target", "method", "data_until", "locked_at", "replaced_at",
    "reason", "audit_entry", "audit_hash", "digest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator on the overview, written for the reader."""

    indicator: PerformanceIndicator
    definition: IndicatorDefinition
    figure: LockedFigure | None
    value: str
    interval: str
    target: str
    met: bool | None
    reading: Control
    has_signal: bool
    trend: str


@guarded(LockedFigure, READ)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show every indicator: its latest figure, its interval, its target, and whether it signals."""
    actor = actor_of(request)
    figures: dict[int, list[LockedFigure]] = {}
    for row in selectors.standing_figures(actor):
        figures.setdefault(row.definition.indicator_id, []).append(row)
    latest: dict[int, IndicatorDefinition] = {}
    for definition in selectors.definitions(actor):
        if definition.formula in FORMULAS and definition.valid_from <= timezone.localdate():
            latest[definition.indicator_id] = definition
    lines = [
        _line(one, latest[one.pk], figures.get(one.pk, []))
        for one in selectors.indicators(actor)
        if one.pk in latest
    ]
    context = {
        "lines": lines,
        "month": max((row.period_from for rows in figures.values() for row in rows), default=None),
        "is_sample": any(row.is_sample for rows in figures.values() for row in rows),
        "may_lock": policy_of(LockedFigure).allows(actor, ADD),
        "may_export": policy_of(LockedFigure).allows(actor, EXPORT),
    }
    return render(request, "commission/performance.html", context)


def _line(
    indicator: PerformanceIndicator, definition: IndicatorDefinition, rows: list[LockedFigure]
) -> Line:
    own = [row for row in rows if row.definition_id == definition.pk]
    figure = own[-1] if own else (rows[-1] if rows else None)
    reading = control(figure.definition if figure else definition, rows)
    fired = reading.signal_months
    return Line(
        indicator, definition, figure, value_of(figure), interval_of(figure),
        written(figure.target, definition.unit) if figure and figure.target is not None else "",
        is_met(definition, figure) if figure else None, reading,
        figure is not None and figure.period_from in fired, trend_of(definition, reading),
    )  # fmt: skip


def value_of(figure: LockedFigure | None) -> str:
    """Write the value of a figure, or why there is none."""
    if figure is None:
        return _("not locked yet")
    if figure.n == 0:
        return _("no cases")
    if figure.n < selectors.LEAST:
        return _("fewer than 5 cases")
    if figure.value is None:
        return _("longer than was observed")
    return written(figure.value, figure.definition.unit)


def interval_of(figure: LockedFigure | None) -> str:
    """Write the interval of a figure; an upper end that was not reached is said."""
    if figure is None or figure.n < selectors.LEAST or figure.value is None:
        return ""
    return ends_of(figure.low, figure.high, figure.definition.unit)


def ends_of(low: float | None, high: float | None, unit: str) -> str:
    """Write two ends; nothing where there are none."""
    if low is None:
        return ""
    if high is None:
        return _("%(low)s or more") % {"low": written(low, unit)}
    return f"{written(low, unit)} – {written(high, unit)}"


def trend_of(definition: IndicatorDefinition, reading: Control) -> str:
    """Write the change a month with its interval, or that there is no evidence of one."""
    slope = reading.trend
    if slope is None or slope.low is None or slope.high is None:
        return _("too few months to tell")
    ends = f"{_signed(slope.low, definition.unit)} … {_signed(slope.high, definition.unit)}"
    if not slope.is_evident:
        return _("no evidence of a trend (%(ends)s a month)") % {"ends": ends}
    value = _signed(slope.value, definition.unit)
    return _("%(value)s a month (%(ends)s)") % {"value": value, "ends": ends}


def _signed(value: float, unit: str) -> str:
    text = written(value, unit)
    if unit == "share":
        # A change of a share is told in points, as percent of percent would mislead.
        text = _("%(number)s points") % {"number": format_number(value * 100, 1)}
    return f"+{text}" if value > 0 else text


@guarded(LockedFigure, READ)
@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Show one indicator over time and over districts or bodies, with definitions and comments."""
    actor = actor_of(request)
    row = found(selectors.indicator_for(actor, code))
    definitions = [d for d in selectors.definitions(actor, row) if d.formula in FORMULAS]
    every = selectors.figures(actor, row, with_replaced=True)
    standing = [one for one in every if one.replaced_at is None]
    parts = [(definition, control(definition, standing)) for definition in definitions]
    newest = definitions[-1] if definitions else None
    current = _current(definitions, standing)
    unit = definitions[-1].unit if definitions else ""
    context: dict[str, Any] = {
        "indicator": row, "definitions": definitions, "current": current or newest,
        "targets": [(one, written(one.value, unit)) for one in selectors.targets(actor, row)],
        "drawn": control_chart(parts, standing, _unit_label(current or newest)),
        "readings": [(d, c, trend_of(d, c)) for d, c in parts if c.figures],
        "months": _months(actor, row, every, parts),
        "is_sample": row.is_sample,
        "may_change": policy_of(PerformanceIndicator).allows(actor, ADD),
    }  # fmt: skip
    if current is not None:
        context.update(_compared(request, actor, current, standing))
    return render(request, "commission/indicator.html", context)


def _current(
    definitions: list[IndicatorDefinition], standing: list[LockedFigure]
) -> IndicatorDefinition | None:
    """Return the latest definition that has a figure."""
    counted = {row.definition_id for row in standing}
    return next((one for one in reversed(definitions) if one.pk in counted), None)


def _unit_label(definition: IndicatorDefinition | None) -> str:
    if definition is None:
        return ""
    return "%" if definition.unit == "share" else str(definition.get_unit_display())


def _months(
    actor: Actor, row: PerformanceIndicator, every: list[LockedFigure],
    parts: list[tuple[IndicatorDefinition, Control]],
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the table of months, the latest first, with what the body said of each."""
    said: dict[Any, list[FigureComment]] = {}
    for one in selectors.comments(actor, row):
        said.setdefault(one.period_from, []).append(one)
    fired = {d.pk: c.signal_months for d, c in parts}
    rows = []
    for figure in sorted(
        every, key=lambda f: (f.period_from, f.definition.number, f.number), reverse=True
    ):
        rows.append(
            {
                "figure": figure, "value": value_of(figure), "interval": interval_of(figure),
                "target": "" if figure.target is None
                else written(figure.target, figure.definition.unit),
                "met": is_met(figure.definition, figure),
                "signal": figure.replaced_at is None
                and figure.period_from in fired.get(figure.definition_id, {}),
                "comments": said.pop(figure.period_from, []),
            }
        )  # fmt: skip
    return rows


def _compared(
    request: HttpRequest, actor: Actor, definition: IndicatorDefinition,
    standing: list[LockedFigure],
) -> dict[str, Any]:  # fmt: skip
    own = [row for row in standing if row.definition_id == definition.pk]
    formula = FORMULAS[definition.formula]
    wanted = request.GET.get("span", "12")
    span = int(wanted) if wanted in ("1", "12") and formula.adds_up else 12
    rows = own[-span:] if formula.adds_up else own[-1:]
    units = compare(definition, selectors.units(actor, rows))
    is_time = formula.kind in ("delay", "standing")
    unit = "per_1000" if formula.kind == "rate" else "share"
    target = rows[-1].target if is_time else None
    title = (
        _("Share within the target, by district or body") if is_time
        else _("By district or body")
    )  # fmt: skip
    size = _("people × months") if formula.kind == "rate" else _("cases")
    return {
        "comparison": units, "rows": [_unit_line(one, unit) for one in units.rows],
        "funnel": funnel_chart(units, unit=unit, size_label=size, title=title),
        "span": span, "spans": _tabs(definition, span) if formula.adds_up else [],
        "first_month": rows[0].period_from, "last_month": rows[-1].period_from,
        "is_time": is_time, "within": written(target, definition.unit) if target else "",
        "unit_title": title,
    }  # fmt: skip


def _tabs(definition: IndicatorDefinition, span: int) -> list[tuple[str, str, bool]]:
    names = {1: _("Last month"), 12: _("Last 12 months")}
    return [(names[one], f"?span={one}#units", one == span) for one in SPANS]


def _unit_line(row: Any, unit: str) -> dict[str, Any]:
    ends = ends_of(row.low, row.high, unit)
    return {
        "name": row.name or _("no place or body known"), "cases": row.cases,
        "value": "" if row.value is None else written(row.value, unit),
        "shrunk": "" if row.shrunk is None else written(row.shrunk, unit),
        "ends": ends, "outside": row.outside, "is_withheld": row.cases is None,
    }  # fmt: skip


@guarded(LockedFigure, READ)
@require_safe
def figure(request: HttpRequest, figure_id: int) -> HttpResponse:
    """Show a locked figure: what went in, by which method, and every version of it."""
    row = found(selectors.figure_for(actor_of(request), figure_id))
    return figure_page(request, row)


def figure_page(
    request: HttpRequest, row: LockedFigure, status: int = 200, **given: Any
) -> HttpResponse:
    """Return the page of a figure, with forms that may hold errors."""
    actor = actor_of(request)
    owner = row.definition.indicator
    may_correct = policy_of(LockedFigure).allows(actor, ADD) and row.replaced_at is None
    may_correct = may_correct and not row.is_sample
    may_comment = policy_of(FigureComment).allows(actor, ADD, owner)
    context = {
        "figure": row, "indicator": owner, "value": value_of(row), "interval": interval_of(row),
        "unit": _unit_label(row.definition),
        "target": "" if row.target is None else written(row.target, row.definition.unit),
        "method": METHODS.get(row.method, row.method), "counts": _counts(row),
        "digest": selectors.digest_shown(row),
        "versions": [(one, value_of(one)) for one in selectors.versions_of(actor, row)],
        "comments": selectors.comments(actor, owner, row.period_from),
        "is_intact": is_intact(row, selectors.units(actor, [row])),
        "correct_form": given.get("correct")
        or (forms.CorrectForm(prefix="c") if may_correct else None),
        "comment_form": given.get("comment")
        or (forms.FigureCommentForm(prefix="t") if may_comment else None),
    }  # fmt: skip
    return render(request, "commission/figure.html", context, status=status)


def _counts(row: LockedFigure) -> list[tuple[str, Any]]:
    """Return what went in by name; hidden with the figure where it rests on few cases."""
    if 0 < row.n < selectors.LEAST:
        return []
    labels = {
        "cases": _("cases"), "ended": _("of them ended"), "open": _("of them still open"),
        "left_out": _("left out, as it is not known"), "part": _("of them counted as so"),
        "whole": _("cases"), "activities": _("activities"), "reached": _("people reached"),
        "people": _("people who live there"),
    }  # fmt: skip
    return [(labels[name], value) for name, value in row.counts.items() if name in labels]


@guarded(LockedFigure, EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Return every locked figure, those that were replaced, too, as CSV."""
    actor, now = actor_of(request), timezone.now()
    wanted = request.GET.get("indicator", "")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    rows = selectors.all_figures(actor, code=wanted)
    for row in rows:
        writer.writerow(_cells(row))
    audit.record(
        actor=actor, action="commission.export_figures", subject="performance", now=now,
        detail={"rows": len(rows), "indicator": wanted[:40]},
    )  # fmt: skip
    # A mark at the beginning, so that spreadsheets read Kazakh letters as what they are.
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="figures.csv"'
    return response


def _cells(row: LockedFigure) -> list[Any]:
    kept = row.n >= selectors.LEAST
    definition = row.definition
    return [
        definition.indicator.code, definition.number, _safe(definition.name), definition.unit,
        row.period_from, row.period_to, row.number, row.value if kept else "",
        row.low if kept else "", row.high if kept else "", row.n if kept else "", row.target,
        row.method, row.data_until.isoformat(), row.locked_at.isoformat(),
        row.replaced_at.isoformat() if row.replaced_at else "", _safe(row.reason),
        row.head_sequence, row.head_hash, selectors.digest_shown(row),
    ]  # fmt: skip


def _safe(text: str) -> str:
    """Keep a spreadsheet from reading words as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


__all__ = ["Comparison", "export", "figure", "indicator", "overview"]
