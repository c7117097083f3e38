"""One finding: where, when, how much more, what else may explain it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.flashpoints import present, selectors, services
from qalqan.desk.flashpoints.forms import CloseForm, DecideForm, ReviewForm
from qalqan.desk.flashpoints.models import AreaKind, Finding, FlashPoint, Judgement
from qalqan.desk.flashpoints.policies import DECIDE, REVIEW
from qalqan.desk.flashpoints.views.pages import file_of
from qalqan.desk.platform.policies import EXPORT, VIEW, Actor, actor_of, guarded, policy_of
from qalqan.desk.platform.ui.charts import Chart, Point, bar_chart, line_chart
from qalqan.desk.platform.ui.formatting import format_date
from qalqan.desk.platform.work.giving import give_address
from qalqan.errors import ConflictError, InputError

_MOST_INCIDENTS = 50
_SECOND_RANK = 1.5
_USUAL_TERM = timedelta(days=3)
_LANGUAGES = ("kk", "ru", "en")
_State = FlashPoint.State


@guarded(Finding, VIEW)
@require_safe
def finding_page(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Show one finding with everything that is needed to judge it, and the next step."""
    actor = actor_of(request)
    return _page(request, actor, _finding_or_404(actor, finding_id))


@guarded(FlashPoint, REVIEW)
@require_POST
def review(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Say what a finding is."""
    actor = actor_of(request)
    finding, flash_point = _with_life(actor, finding_id)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, finding, review_form=form, status=422)
    return _act(
        request, actor, finding, "review_form", form, _("The review is recorded."),
        lambda: services.review(
            actor=actor, flash_point=flash_point, now=timezone.now(), **form.cleaned_data
        ),
    )  # fmt: skip


@guarded(FlashPoint, DECIDE)
@require_POST
def decide(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Decide what is done about it."""
    actor = actor_of(request)
    finding, flash_point = _with_life(actor, finding_id)
    form = DecideForm(request.POST, actor=actor)
    if not form.is_valid():
        return _page(request, actor, finding, decide_form=form, status=422)
    said = form.cleaned_data
    return _act(
        request, actor, finding, "decide_form", form,
        _("The decision is recorded, and the work is given."),
        lambda: services.decide(
            actor=actor, flash_point=flash_point, decision=said["decision"],
            title=said["title"], owner=form.owner, organisation=form.body,
            due_at=said["due_at"], now=timezone.now(), after_step=said["after_step"],
            seen=said["seen"],
        ),
    )  # fmt: skip


@guarded(FlashPoint, DECIDE)
@require_POST
def close(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Take it off the desk."""
    actor = actor_of(request)
    finding, flash_point = _with_life(actor, finding_id)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, finding, close_form=form, status=422)
    return _act(
        request, actor, finding, "close_form", form, _("The flash-point is closed."),
        lambda: services.close(
            actor=actor, flash_point=flash_point, now=timezone.now(), **form.cleaned_data
        ),
    )  # fmt: skip


@guarded(FlashPoint, REVIEW)
@require_POST
def take_up(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Put a finding on the desk by hand."""
    actor = actor_of(request)
    finding = _finding_or_404(actor, finding_id)
    try:
        services.take_up(actor=actor, finding=finding, now=timezone.now())
    except ConflictError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The finding is on the desk."))
    return redirect(finding)


@guarded(Finding, EXPORT)
@require_safe
def sheet(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Send a finding as a sheet for the commission, in the language asked for."""
    actor = actor_of(request)
    finding = _finding_or_404(actor, finding_id)
    wanted = request.GET.get("language") or (get_language() or "kk")[:2]
    language = wanted if wanted in _LANGUAGES else "kk"
    data = services.export_sheet(
        actor=actor, finding=finding, language=language, now=timezone.now()
    )  # fmt: skip
    return file_of(data, "application/pdf", f"flash-point-{finding.pk}-{language}.pdf")


def _act(
    request: HttpRequest,
    actor: Actor,
    finding: Finding,
    name: str,
    form: forms.Form,
    success: str,
    act: Callable[[], object],
) -> HttpResponse:
    """Do the act and go back to the page; say on the page what stood in its way."""
    try:
        act()
    except InputError as error:
        form.add_error(None, str(error.message))
        return _page(request, actor, finding, **{name: form}, status=422)
    except ConflictError as error:
        messages.error(request, str(error.message))
        return redirect(finding)
    messages.success(request, success)
    return redirect(finding)


def _finding_or_404(actor: Actor, finding_id: int) -> Finding:
    finding = selectors.finding_for(actor, finding_id)
    if finding is None:
        raise Http404(_("There is no such finding."))
    return finding


def _with_life(actor: Actor, finding_id: int) -> tuple[Finding, FlashPoint]:
    finding = _finding_or_404(actor, finding_id)
    if finding.flash_point is None:
        raise Http404(_("This finding is not on the desk."))
    return finding, finding.flash_point


def _page(
    request: HttpRequest, actor: Actor, finding: Finding, *, status: int = 200, **given: forms.Form
) -> HttpResponse:
    run = finding.run
    cells = selectors.cell_names(actor, [a.cell for a in finding.areas.all() if a.cell])
    names = present.names_of(finding, cells)
    drawn = selectors.map_of_finding(actor, finding)
    days = int(run.parameters.get("max_duration", 21))
    drawing = present.drawing_of(drawn, stream=run.get_stream_display(), days=days)
    alpha = present.alpha_of(run.parameters)
    context = {
        "give_url": give_address(
            actor,
            kind="flashpoints.look",
            title=_("Look into it: %(places)s") % {"places": names},
            url=finding.get_absolute_url(),
        ),
        "finding": finding,
        "run": run,
        "names": names,
        "counts": finding.p_value <= alpha,
        # Among n replicates the first rank gives 1 / (n + 1), and no p can be smaller.
        "is_least": finding.p_value * (run.replicates + 1) < _SECOND_RANK,
        # The drawing escapes every word it is given.
        "drawing": mark_safe(drawing),  # noqa: S308
        "rows": drawn.rows,
        "days": days,
        "is_approximate": selectors.has_approximate_boundaries(actor),
        "is_grid": run.area_kind == AreaKind.GRID,
        "left_out": present.left_out_words(run.area_kind, run.left_out),
        "charts": _charts(finding),
        "by_stream": present.by_stream_words(finding.by_stream),
        "reporting": present.reporting_words(finding.reporting),
        "has_risen": finding.reporting.get("verdict") == "rose",
        "false_words": present.false_words(alpha),
        "tips": _tips(actor, finding),
        **_incidents(actor, finding),
        "claims": selectors.claims_begun_in(actor, finding),
        "earlier": selectors.history_of(actor, finding),
        "may_export": policy_of(Finding).allows(actor, EXPORT),
        "languages": _LANGUAGES,
        **_life(actor, finding, names, given),
    }
    return render(request, "flashpoints/finding_page.html", context, status=status)


def _life(
    actor: Actor, finding: Finding, names: str, given: dict[str, forms.Form]
) -> dict[str, Any]:
    """Return the life of a finding and the forms of the steps that the reader may take."""
    flash_point = finding.flash_point
    may_review = policy_of(FlashPoint).allows(actor, REVIEW)
    if flash_point is None:
        return {"flash_point": None, "may_take_up": may_review}
    may_decide = policy_of(FlashPoint).allows(actor, DECIDE)
    sightings = selectors.sightings_of(actor, flash_point)
    step = {"after_step": flash_point.steps_taken, "seen": flash_point.newest_id}
    context: dict[str, Any] = {
        "flash_point": flash_point,
        "tone": present.TONES[flash_point.state],
        "events": present.life_of(list(selectors.steps_of(actor, flash_point))),
        "sightings": sightings,
        "is_newest": flash_point.newest_id == finding.pk,
    }
    if may_review and flash_point.state in (_State.NEW, _State.REVIEWED):
        context["review_form"] = ReviewForm(initial=step, auto_id="id_review_%s")
    is_artefact = flash_point.judgement == Judgement.ARTEFACT
    if may_decide and flash_point.state == _State.REVIEWED and not is_artefact:
        soon = timezone.localtime(timezone.now() + _USUAL_TERM)
        title = _("Act on the flash-point: %(places)s") % {"places": names}
        filled = {"due_at": soon.replace(second=0, microsecond=0), "title": title[:200]}
        context["decide_form"] = DecideForm(initial=step | filled, actor=actor)
    if may_decide and flash_point.state in (_State.REVIEWED, _State.DECIDED):
        context["close_form"] = CloseForm(initial=step, auto_id="id_close_%s")
    return context | given


def _incidents(actor: Actor, finding: Finding) -> dict[str, Any]:
    """Return the first incidents, and words where there are more of them."""
    inside = selectors.incidents_in(actor, finding)
    shown = list(inside[:_MOST_INCIDENTS])
    number = inside.count() if len(shown) == _MOST_INCIDENTS else len(shown)
    more = present.shown_words(len(shown), number) if number > len(shown) else ""
    return {"incidents": shown, "more_incidents": more}


def _tips(actor: Actor, finding: Finding) -> list[tuple[str, str]]:
    """Return a name and an address for the tips of each district, where there are any to read."""
    if not selectors.may_read_tips(actor):
        return []
    days = {"since": finding.start.isoformat(), "until": finding.end.isoformat()}
    named = {area.place_id: area.place.name for area in finding.areas.all()}
    return [
        (
            name,
            f"{reverse('rumours:messages')}?"
            + urlencode({"kind": "hotline", "place": place_id, **days}),
        )
        for place_id, name in named.items()
    ]


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
