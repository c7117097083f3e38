"""What the scans found: the same as words, as a map and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.flashpoints import present, selectors, services
from qalqan.desk.flashpoints.forms import FlashPointFilterForm
from qalqan.desk.flashpoints.method import ALPHA, TWICE
from qalqan.desk.flashpoints.models import (
    TOGETHER,
    AreaKind,
    Finding,
    FlashPoint,
    ScanRun,
    Stream,
    WhatIf,
)
from qalqan.desk.platform.policies import ADD, EXPORT, VIEW, Actor, actor_of, guarded, policy_of

PAGE = 50
LISTED = 25


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its areas named as on the map."""

    finding: Finding
    names: str


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as a page shows it: what counts, the map, and the table that says the same."""

    run: ScanRun
    findings: list[Found]
    everything: list[Found]
    drawing: SafeString
    rows: list[selectors.AreaRow]
    left_out: str
    days: int
    is_approximate: bool
    may_export: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A flash-point as the list shows it."""

    flash_point: FlashPoint
    finding: Finding
    names: str
    tone: str


@guarded(Finding, VIEW)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show what is on the desk, and the newest scans: on a map and in words."""
    actor = actor_of(request)
    form = FlashPointFilterForm(request.GET)
    rows = selectors.flash_points(actor, state=form.wanted_state, streams=form.streams)
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    runs = selectors.latest_runs(actor, streams=form.keys, area_kind=form.area_kind)
    may_try = policy_of(WhatIf).allows(actor, ADD)
    context = {
        "form": form,
        "chosen": bool(request.GET),
        "page": page,
        "lines": _lines(actor, page),
        "views": [_run_view(actor, run) for run in runs],
        "not_scanned": _not_scanned(form, runs),
        "try_url": _try_url(form) if may_try else "",
        "is_together": form["how"].value() == "together",
        "is_grid": form.area_kind == AreaKind.GRID,
        "alpha": ALPHA,
        "twice": TWICE,
        "false_words": present.false_words(ALPHA),
    }
    return render(request, "flashpoints/overview.html", context)


def _lines(actor: Actor, page: Page[FlashPoint]) -> list[Line]:
    shown = [(one, one.newest) for one in page if one.newest is not None]
    cells = [area.cell for _one, newest in shown for area in newest.areas.all() if area.cell]
    names = selectors.cell_names(actor, cells)
    return [
        Line(one, newest, present.names_of(newest, names), present.TONES[one.state])
        for one, newest in shown
    ]


def _not_scanned(form: FlashPointFilterForm, runs: list[ScanRun]) -> list[str]:
    """Return what was chosen that no stored scan shows."""
    labels = {**dict(Stream.choices), **TOGETHER}
    there = {run.stream for run in runs}
    return [str(labels[key]) for key in form.keys if key not in there]


def _try_url(form: FlashPointFilterForm) -> str:
    chosen = [("stream", stream) for stream in form.streams] + [("areas", form.area_kind)]
    return f"{reverse('flashpoints:what_ifs')}?{urlencode(chosen)}"


@guarded(ScanRun, VIEW)
@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """Show all runs, newest first."""
    page = Paginator(selectors.runs(actor_of(request)), PAGE).get_page(request.GET.get("page"))
    return render(request, "flashpoints/run_list.html", {"page": page})


@guarded(ScanRun, VIEW)
@require_safe
def run_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show one run with everything that is needed to run it again."""
    actor = actor_of(request)
    run = _run_or_404(actor, run_id)
    context = {
        "view": _run_view(actor, run),
        "false_words": present.false_words(present.alpha_of(run.parameters)),
    }
    return render(request, "flashpoints/run_page.html", context)


@guarded(ScanRun, EXPORT)
@require_safe
def run_csv(request: HttpRequest, run_id: int) -> HttpResponse:
    """Send a run's findings as CSV."""
    actor = actor_of(request)
    run = _run_or_404(actor, run_id)
    text = services.export_csv(actor=actor, run=run, now=timezone.now())
    return file_of(text, "text/csv; charset=utf-8", f"flash-points-{run.pk}.csv")


@guarded(ScanRun, EXPORT)
@require_safe
def run_geojson(request: HttpRequest, run_id: int) -> HttpResponse:
    """Send the districts of a run's findings as GeoJSON."""
    actor = actor_of(request)
    run = _run_or_404(actor, run_id)
    text = services.export_geojson(actor=actor, run=run, now=timezone.now())
    return file_of(text, "application/geo+json", f"flash-points-{run.pk}.geojson")


def file_of(text: str | bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _run_or_404(actor: Actor, run_id: int) -> ScanRun:
    run = selectors.run_for(actor, run_id)
    if run is None:
        raise Http404(_("There is no such scan."))
    return run


def _run_view(actor: Actor, run: ScanRun) -> RunView:
    drawn = selectors.map_of(actor, run)
    alpha, days = present.alpha_of(run.parameters), int(run.parameters.get("max_duration", 21))
    drawing = present.drawing_of(drawn, stream=run.get_stream_display(), days=days)
    rows = list(run.findings.all())
    cells = [area.cell for one in rows for area in one.areas.all() if area.cell]
    names = selectors.cell_names(actor, cells)
    found = [Found(one, present.names_of(one, names)) for one in rows]
    return RunView(
        run=run,
        findings=[one for one in found if one.finding.p_value <= alpha],
        everything=found,
        # The drawing escapes every word it is given.
        drawing=mark_safe(drawing),  # noqa: S308
        rows=drawn.rows,
        left_out=present.left_out_words(run.area_kind, run.left_out),
        days=days,
        is_approximate=selectors.has_approximate_boundaries(actor),
        may_export=policy_of(ScanRun).allows(actor, EXPORT),
    )
