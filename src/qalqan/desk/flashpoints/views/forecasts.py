"""The forecast of the coming week: count map and model side by side, and the honest score."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.flashpoints import forecast_present as words
from qalqan.desk.flashpoints import present
from qalqan.desk.flashpoints.forecast_forms import ForecastFilterForm
from qalqan.desk.flashpoints.forecast_method import FORECAST_DEFAULTS, week_after
from qalqan.desk.flashpoints.forecast_models import ForecastRun
from qalqan.desk.flashpoints.models import AreaKind, Stream
from qalqan.desk.flashpoints.selectors import forecasts as selectors
from qalqan.desk.flashpoints.selectors import has_approximate_boundaries
from qalqan.desk.flashpoints.services import forecast_exporting, forecasting
from qalqan.desk.flashpoints.views.pages import file_of
from qalqan.desk.platform.policies import ADD, EXPORT, VIEW, Actor, actor_of, guarded, policy_of


@guarded(ForecastRun, VIEW)
@require_safe
def forecast(request: HttpRequest) -> HttpResponse:
    """Show the newest forecast of a stream, or what to do to get one."""
    actor = actor_of(request)
    form = ForecastFilterForm(request.GET)
    run = selectors.newest_forecast(actor, stream=form.chosen_stream, area_kind=form.area_kind)
    is_due = run is None or not run.by_area or run.week < week_after(timezone.now())
    return _page(request, actor, form, run, is_due=is_due)


@guarded(ForecastRun, VIEW)
@require_safe
def forecast_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show one stored forecast, so that what was said can be compared with what came."""
    actor = actor_of(request)
    run = _run_or_404(actor, run_id)
    form = ForecastFilterForm({"stream": run.stream, "areas": run.area_kind})
    return _page(request, actor, form, run, is_due=False)


def _page(
    request: HttpRequest,
    actor: Actor,
    form: ForecastFilterForm,
    run: ForecastRun | None,
    *,
    is_due: bool,
) -> HttpResponse:
    policy = policy_of(ForecastRun)
    context = {
        "form": form,
        "stream": Stream(form.chosen_stream).label,
        "run": run,
        "is_due": is_due,
        "may_order": policy.allows(actor, ADD),
        "may_export": policy.allows(actor, EXPORT),
        "needs": FORECAST_DEFAULTS,
        **(_shown(actor, run) if run is not None else {}),
    }
    return render(request, "flashpoints/forecast_page.html", context)


def _shown(actor: Actor, run: ForecastRun) -> dict[str, Any]:
    """Return maps, table and score of a forecast in the reader's language."""
    rows = selectors.forecast_rows(actor, run, most=selectors.MOST_CELLS)
    under = selectors.outlines(actor) if run.area_kind == AreaKind.GRID else []
    return {
        "tone": words.TONES[run.verdict],
        "verdict_words": words.verdict_words(run),
        "maps": words.drawings_of(run, rows, under) if rows else [],
        "lines": words.lines_of(rows),
        "cells_words": words.cells_words(run),
        "left_out": present.left_out_words(run.area_kind, run.left_out),
        "map_gain": words.gain_words(run.score["map"]) if run.score else "",
        "hits": words.hit_lines(run.score),
        "calibration": words.calibration_words(run.score),
        "charts": words.calibration_charts(run.score) if run.score else [],
        "earlier": selectors.earlier_forecasts(actor, run),
        "is_approximate": has_approximate_boundaries(actor),
    }


@guarded(ForecastRun, ADD)
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Have the worker compute the forecasts that are missing."""
    forecasting.order_forecast(actor=actor_of(request), now=timezone.now())
    messages.success(request, _("Ordered: the worker computes the forecast; look again shortly."))
    form = ForecastFilterForm(request.POST)
    chosen = {"stream": form.chosen_stream, "areas": form.area_kind}
    return redirect(f"{reverse('flashpoints:forecast')}?{urlencode(chosen)}")


@guarded(ForecastRun, EXPORT)
@require_safe
def csv_file(request: HttpRequest, run_id: int) -> HttpResponse:
    """Send a forecast as CSV."""
    actor = actor_of(request)
    run = _run_or_404(actor, run_id)
    text = forecast_exporting.export_forecast_csv(actor=actor, run=run, now=timezone.now())
    return file_of(text, "text/csv; charset=utf-8", f"forecast-{run.pk}.csv")


@guarded(ForecastRun, EXPORT)
@require_safe
def geojson(request: HttpRequest, run_id: int) -> HttpResponse:
    """Send a forecast as GeoJSON."""
    actor = actor_of(request)
    run = _run_or_404(actor, run_id)
    text = forecast_exporting.export_forecast_geojson(actor=actor, run=run, now=timezone.now())
    return file_of(text, "application/geo+json", f"forecast-{run.pk}.geojson")


def _run_or_404(actor: Actor, run_id: int) -> ForecastRun:
    run = selectors.forecast_for(actor, run_id)
    if run is None:
        raise Http404(_("There is no such forecast."))
    return run
