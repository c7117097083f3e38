"""The page about the worker."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.platform.jobs import selectors, services
from qalqan.desk.platform.jobs.models import Schedule
from qalqan.desk.platform.policies import CHANGE, VIEW, actor_of, guarded, policy_of


@guarded(Schedule, VIEW)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show what runs by itself, what waits, and what failed."""
    actor = actor_of(request)
    context = {
        "lines": selectors.schedules(actor),
        "counts": selectors.queue_counts(actor),
        "runs": selectors.recent_runs(actor),
        "may_run": policy_of(Schedule).allows(actor, CHANGE),
    }
    return render(request, "jobs/overview.html", context)


@guarded(Schedule, CHANGE)
@require_POST
def run_soon(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Make a job due at once."""
    actor = actor_of(request)
    schedule = Schedule.objects.visible_to(actor).filter(pk=schedule_id).first()
    if schedule is None:
        raise Http404(_("There is no such job."))
    services.run_soon(actor=actor, schedule=schedule, now=timezone.now())
    messages.success(request, _("The worker will run it next."))
    return redirect("jobs:overview")
