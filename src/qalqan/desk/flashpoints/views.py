"""Pages about flash-points: the same findings as words, as a map and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.flashpoints import selectors, services
from qalqan.desk.flashpoints.method import ALPHA
from qalqan.desk.flashpoints.models import Finding, ScanRun, Stream
from qalqan.desk.flashpoints.svg import RATIO_BREAKS, choropleth
from qalqan.desk.platform.policies import EXPORT, VIEW, Actor, actor_of, guarded, policy_of
from qalqan.desk.platform.ui.charts import Chart, Point, bar_chart, line_chart
from qalqan.desk.platform.ui.formatting import format_date
from qalqan.desk.platform.work.giving import give_address

PAGE = 50
_MOST_INCIDENTS = 50


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as a page shows it: what counts, the map, and the table that says the same."""

    run: ScanRun
    findings: list[Finding]
    drawing: SafeString
    rows: list[selectors.DistrictRow]
    days: int
    is_approximate: bool
    may_export: bool


@guarded(Finding, VIEW)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the newest run of each stream: what it found, on a map and in words."""
    actor = actor_of(request)
    views = [_run_view(actor, run) for run in selectors.latest_runs(actor)]
    context = {"views": views, "alpha": ALPHA, **_false_findings(ALPHA)}
    return render(request, "flashpoints/overview.html", context)


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
    alpha = float(run.parameters.get("alpha", ALPHA))
    context = {
        "view": _run_view(actor, run),
        "all_findings": list(run.findings.all()),
        **_false_findings(alpha),
    }
    return render(request, "flashpoints/run_page.html", context)


@guarded(Finding, VIEW)
@require_safe
def finding_page(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Show one finding: where, when, how much more than expected, and what else may explain it."""
    actor = actor_of(request)
    finding = selectors.finding_for(actor, finding_id)
    if finding is None:
        raise Http404(_("There is no such finding."))
    inside = selectors.incidents_in(actor, finding)
    names = ", ".join(area.place.name for area in finding.areas.all())
    context = {
        "give_url": give_address(
            actor,
            kind="flashpoints.look",
            title=_("Look into it: %(places)s") % {"places": names},
            url=finding.get_absolute_url(),
        ),
        "finding": finding,
        "run": finding.run,
        "areas": [area.place for area in finding.areas.all()],
        "counts": finding.p_value <= float(finding.run.parameters.get("alpha", ALPHA)),
        "charts": _charts(finding),
        "tips": _tips(actor, finding),
        "incidents": list(inside[:_MOST_INCIDENTS]),
        "earlier": selectors.history_of(actor, finding),
    }
    return render(request, "flashpoints/finding_page.html", context)


def _tips(actor: Actor, finding: Finding) -> list[tuple[str, str]]:
    """Return a name and an address for the tips of each district, where there are any to read."""
    if finding.run.stream != Stream.TIPS or not selectors.may_read_tips(actor):
        return []
    days = {"since": finding.start.isoformat(), "until": finding.end.isoformat()}
    return [
        (
            area.place.name,
            f"{reverse('rumours:messages')}?"
            + urlencode({"kind": "hotline", "place": area.place_id, **days}),
        )
        for area in finding.areas.all()
    ]


@guarded(ScanRun, EXPORT)
@require_safe
def run_csv(request: HttpRequest, run_id: int) -> HttpResponse:
    """Send a run's findings as CSV."""
    actor = actor_of(request)
    run = _run_or_404(actor, run_id)
    text = services.export_csv(actor=actor, run=run, now=timezone.now())
    return _file(text, "text/csv; charset=utf-8", f"flash-points-{run.pk}.csv")


@guarded(ScanRun, EXPORT)
@require_safe
def run_geojson(request: HttpRequest, run_id: int) -> HttpResponse:
    """Send the districts of a run's findings as GeoJSON."""
    actor = actor_of(request)
    run = _run_or_404(actor, run_id)
    text = services.export_geojson(actor=actor, run=run, now=timezone.now())
    return _file(text, "application/geo+json", f"flash-points-{run.pk}.geojson")


def _file(text: str, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _run_or_404(actor: Actor, run_id: int) -> ScanRun:
    run = selectors.run_for(actor, run_id)
    if run is None:
        raise Http404(_("There is no such scan."))
    return run


def _false_findings(alpha: float) -> dict[str, Any]:
    return {"false_a_year": selectors.false_findings_a_year(alpha), "false_interval": 1 / alpha}


def _run_view(actor: Actor, run: ScanRun) -> RunView:
    areas, rows = selectors.map_of(actor, run)
    alpha = float(run.parameters.get("alpha", ALPHA))
    days = int(run.parameters.get("max_duration", 21))
    drawing = choropleth(
        areas,
        title=_("%(stream)s: observed and expected in the last %(days)s days")
        % {"stream": run.get_stream_display(), "days": days},
        unit=_("observed / expected"),
        flag_words=_("in a finding that counts"),
        breaks=RATIO_BREAKS,
    )
    return RunView(
        run=run,
        findings=[finding for finding in run.findings.all() if finding.p_value <= alpha],
        # The drawing escapes every word it is given.
        drawing=mark_safe(drawing),  # noqa: S308
        rows=rows,
        days=days,
        is_approximate=selectors.has_approximate_boundaries(actor),
        may_export=policy_of(ScanRun).allows(actor, EXPORT),
    )


def _charts(finding: Finding) -> list[Chart | None]:
    """Draw what was observed and what was expected, day by day, on equal axes of time.

    A scan ends on a running day: its bar says so, and the line of what was expected ends before
    it, or it would fall where nothing has fallen.
    """
    days = [(date.fromisoformat(day), seen, mean) for day, seen, mean in finding.curve]
    inside = [finding.start <= day <= finding.end for day, _seen, _mean in days]
    made_at = timezone.localtime(finding.run.created_at, timezone.get_default_timezone())
    labels = [
        _("%(day)s, so far") % {"day": format_date(day, "short_date")}
        if day == made_at.date()
        else format_date(day, "short_date")
        for day, _seen, _mean in days
    ]
    observed = [
        Point(label, seen, tone="critical" if is_inside else "")
        for label, (_day, seen, _mean), is_inside in zip(labels, days, inside, strict=True)
    ]
    expected = [
        Point(label, None if day == made_at.date() else mean)
        for label, (day, _seen, mean) in zip(labels, days, strict=True)
    ]
    unit = _("cases a day")
    until = {"time": format_date(made_at, "short")}
    return [
        bar_chart(
            observed,
            title=_("Observed, day by day; the last day until %(time)s") % until,
            unit=unit,
        ),
        line_chart(
            expected,
            title=_("Expected, day by day; whole days only"),
            unit=unit,
        ),
    ]
