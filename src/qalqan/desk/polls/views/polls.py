"""Polls: list, page, design, sample, known totals, and what is done with them."""

from __future__ import annotations

import csv

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    EXPORT,
    VIEW,
    actor_of,
    guarded,
    policy_of,
)
from qalqan.desk.polls import selectors
from qalqan.desk.polls.forms import DesignForm, MarginsForm, PollForm
from qalqan.desk.polls.models import Batch, DrawnCluster, Poll, PollEdition
from qalqan.desk.polls.services import estimating
from qalqan.desk.polls.services import polls as services
from qalqan.desk.polls.views.common import poll_or_404, try_act
from qalqan.errors import QalqanError

PAGE = 40


@guarded(Poll, VIEW)
@require_safe
def poll_list(request: HttpRequest) -> HttpResponse:
    """Show all polls, newest first."""
    actor = actor_of(request)
    page = Paginator(selectors.polls(actor), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_add": policy_of(Poll).allows(actor, ADD)}
    return render(request, "polls/poll_list.html", context)


@guarded(Poll, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def poll_add(request: HttpRequest) -> HttpResponseBase:
    """Prepare a poll."""
    actor = actor_of(request)
    form = PollForm(request.POST or None, actor=actor)
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.create_poll(actor=actor, facts=form.as_facts(), now=timezone.now()),
        )
        if made is not None:
            messages.success(request, _("The poll is stored. Now say how the sample is drawn."))
            return redirect("polls:design", made.pk)
    context = {"form": form, "title": _("New poll"), "button": _("Store")}
    return render(request, "polls/form_page.html", context, status=400 if form.errors else 200)


@guarded(Poll, VIEW)
@require_safe
def poll_page(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Show one poll: its design, what came in, what was computed."""
    actor = actor_of(request)
    poll = poll_or_404(actor, poll_id)
    sees = policy_of(PollEdition).allows(actor, VIEW)
    context = {
        "poll": poll,
        "strata": list(poll.strata.all()),
        "areas": poll.clusters.count(),
        "margins": poll.margins.count(),
        "batches": list(selectors.batches(actor, poll)[:200]),
        "editions": list(selectors.editions(actor, poll)) if sees else None,
        "may_change": policy_of(Poll).allows(actor, CHANGE),
        "may_collect": policy_of(Batch).allows(actor, ADD) and poll.state == Poll.State.OPEN,
        "may_compute": policy_of(PollEdition).allows(actor, ADD) and poll.state != Poll.State.DRAFT,
        "sees_design": policy_of(DrawnCluster).allows(actor, VIEW),
    }
    return render(request, "polls/poll_page.html", context)


@guarded(Poll, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def design(request: HttpRequest, poll_id: int) -> HttpResponseBase:
    """Say how the sample is drawn, and draw it."""
    actor = actor_of(request)
    poll = poll_or_404(actor, poll_id)
    form = DesignForm(request.POST or None, actor=actor)
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.set_design(
                actor=actor, poll=poll, facts=form.as_facts(), now=timezone.now()
            ),
        )
        if made is not None:
            messages.success(request, _("The design is stored."))
            return redirect(poll)
    context = {"form": form, "poll": poll, "title": _("Design"), "button": _("Store and draw")}
    return render(request, "polls/form_page.html", context, status=400 if form.errors else 200)


@guarded(Poll, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def margins(request: HttpRequest, poll_id: int) -> HttpResponseBase:
    """Store known totals."""
    actor = actor_of(request)
    poll = poll_or_404(actor, poll_id)
    form = MarginsForm(request.POST or None, actor=actor)
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.set_margins(
                actor=actor, poll=poll, rows=form.cleaned_data["found"],
                origin=form.cleaned_data["origin"], now=timezone.now(),
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("Known totals stored: %(count)s.") % {"count": made})
            return redirect(poll)
    context = {"form": form, "poll": poll, "title": _("Known totals"), "button": _("Store")}
    return render(request, "polls/form_page.html", context, status=400 if form.errors else 200)


@guarded(DrawnCluster, VIEW)
@require_safe
def sample(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Show the drawn areas with their chances, ready to be printed."""
    actor = actor_of(request)
    poll = poll_or_404(actor, poll_id)
    context = {
        "poll": poll, "clusters": list(poll.clusters.select_related("unit__place")),
        "may_export": policy_of(DrawnCluster).allows(actor, EXPORT),
    }  # fmt: skip
    return render(request, "polls/sample.html", context)


@guarded(DrawnCluster, EXPORT)
@require_safe
def sample_file(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Hand the drawn areas out as CSV."""
    poll = poll_or_404(actor_of(request), poll_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{poll.code}-sample.csv"'
    writer = csv.writer(response)
    writer.writerow(["order", "cluster", "label", "stratum", "people", "probability", "answers"])
    for row in poll.clusters.select_related("unit"):
        writer.writerow([
            row.order, row.unit.code, row.unit.label, row.stratum, row.unit.size,
            repr(row.probability), poll.take,
        ])  # fmt: skip
    return response


@guarded(Poll, CHANGE)
@require_POST
def poll_act(request: HttpRequest, poll_id: int, act: str) -> HttpResponseBase:
    """Open or close a poll, or compute its results."""
    acts = {
        "open": services.open_poll, "close": services.close_poll, "compute": estimating.compute,
    }  # fmt: skip
    if act not in acts:
        raise Http404
    actor = actor_of(request)
    poll = poll_or_404(actor, poll_id)
    try:
        acts[act](actor=actor, poll=poll, now=timezone.now())  # type: ignore[operator]
    except QalqanError as error:
        messages.error(request, f"{error.message} {error.hint or ''}".strip())
        return redirect(poll)
    said = {
        "open": _("The poll is open."), "close": _("The poll is closed."),
        "compute": _("The results are computed."),
    }  # fmt: skip
    messages.success(request, said[act])
    return redirect("polls:results", poll.pk) if act == "compute" else redirect(poll)
