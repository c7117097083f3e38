"""Exercises: planned, begun, ended, and what they showed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.alerts.forms_devices import DrillForm, LessonsForm
from qalqan.desk.alerts.models import Channel, Drill
from qalqan.desk.alerts.selectors import drills as selectors
from qalqan.desk.alerts.services import drills as services
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, policy_of
from qalqan.errors import ConflictError, InputError

PAGE = 20


@guarded(Drill, VIEW)
@require_safe
def drills(request: HttpRequest) -> HttpResponse:
    """List the exercises."""
    return _list(request)


def _list(request: HttpRequest, form: DrillForm | None = None, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    page = Paginator(selectors.drills(actor), PAGE).get_page(request.GET.get("page"))
    if form is None and policy_of(Drill).allows(actor, ADD):
        form = DrillForm()
    context = {"page": page if page.paginator.count else None, "form": form}
    return render(request, "alerts/drills.html", context, status=status)


@guarded(Drill, ADD)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Plan an exercise."""
    form = DrillForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    drill = services.plan_drill(actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
    return redirect("alerts:drill", drill_id=drill.pk)


def _drill_or_404(request: HttpRequest, drill_id: int) -> Drill:
    found = selectors.drill_for(actor_of(request), drill_id)
    if found is None:
        raise Http404(_("There is no such exercise."))
    return found


@guarded(Drill, VIEW)
@require_safe
def drill(request: HttpRequest, drill_id: int) -> HttpResponse:
    """Show an exercise and what it has shown so far."""
    return _page(request, _drill_or_404(request, drill_id))


def _page(
    request: HttpRequest, found: Drill, form: LessonsForm | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    if found.state == Drill.State.DONE:
        report: Any = found.report
    else:
        report = selectors.drill_report(actor, found).as_json()
    labels = dict(Channel.choices)
    context = {
        "drill": found,
        "report": report,
        "channels": [(labels.get(k, k), *v) for k, v in sorted(report["by_channel"].items())],
        "form": form or LessonsForm(),
        "may_change": policy_of(Drill).allows(actor, CHANGE),
    }
    return render(request, "alerts/drill.html", context, status=status)


@guarded(Drill, CHANGE)
@require_POST
def begin(request: HttpRequest, drill_id: int) -> HttpResponse:
    """Begin an exercise and go on to writing its warning."""
    found = _drill_or_404(request, drill_id)
    try:
        begun = services.begin_drill(actor=actor_of(request), drill=found, now=timezone.now())
    except ConflictError as error:
        toasts.error(request, str(error.message))
        return redirect("alerts:drill", drill_id=found.pk)
    return redirect("alerts:warning", alert_id=begun.alert_id)


@guarded(Drill, CHANGE)
@require_POST
def end(request: HttpRequest, drill_id: int) -> HttpResponse:
    """End an exercise and keep what it showed."""
    found, form = _drill_or_404(request, drill_id), LessonsForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        services.end_drill(
            actor=actor_of(request), drill=found, now=timezone.now(), **form.cleaned_data
        )
        toasts.success(request, _("The exercise is over; its report is kept."))
    except (ConflictError, InputError) as error:
        toasts.error(request, str(error.message))
    return redirect("alerts:drill", drill_id=found.pk)
