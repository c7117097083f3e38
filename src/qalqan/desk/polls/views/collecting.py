"""Batches, outcomes, entry, links, and submissions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, Actor, actor_of, guarded, policy_of
from qalqan.desk.polls import selectors
from qalqan.desk.polls.forms import (
    AnswersForm,
    BatchForm,
    FileForm,
    LinksForm,
    NumbersForm,
    OutcomesForm,
)
from qalqan.desk.polls.models import Batch, PaperSheet, Poll, WebToken
from qalqan.desk.polls.services import collecting as services
from qalqan.desk.polls.services.frames import BadRowsError
from qalqan.desk.polls.services.submissions import PLACED, import_submissions
from qalqan.desk.polls.views.common import batch_or_404, poll_or_404, try_act, uploaded
from qalqan.errors import QalqanError


@guarded(Batch, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_add(request: HttpRequest, poll_id: int) -> HttpResponseBase:
    """Begin a batch."""
    actor = actor_of(request)
    poll = poll_or_404(actor, poll_id)
    form = BatchForm(request.POST or None, poll=poll)
    if form.is_valid():
        place = form.cleaned_data["place"]
        made = try_act(
            form,
            lambda: services.open_batch(
                actor=actor, poll=poll, channel=form.cleaned_data["channel"], now=timezone.now(),
                cluster=poll.clusters.filter(pk=place[1:]).first() if place[:1] == "c" else None,
                stratum=place[1:] if place[:1] == "s" else "",
                issued=form.cleaned_data["issued"] or 0,
            ),
        )  # fmt: skip
        if made is not None:
            return redirect("polls:batch", made.pk)
    context = {"form": form, "poll": poll, "title": _("New batch"), "button": _("Begin")}
    return render(request, "polls/form_page.html", context, status=400 if form.errors else 200)


def _batch_context(actor: Actor, batch: Batch) -> dict[str, Any]:
    may_make = policy_of(WebToken).allows(actor, ADD) and batch.poll.state == Poll.State.OPEN
    counts = selectors.outcomes_of(actor, batch)
    return {
        "batch": batch, "poll": batch.poll,
        "answers": batch.responses.count(),
        "may_enter": policy_of(Batch).allows(actor, ADD) and batch.poll.state == Poll.State.OPEN,
        "outcomes": OutcomesForm(initial=counts)
        if policy_of(Batch).allows(actor, CHANGE) else None,
        "links": LinksForm() if may_make and batch.channel == Batch.Channel.WEB else None,
        "numbers": NumbersForm() if may_make and batch.channel == Batch.Channel.PHONE else None,
        "sheets": list(PaperSheet.objects.visible_to(actor).filter(batch=batch)),
    }  # fmt: skip


@guarded(Batch, VIEW)
@require_safe
def batch_page(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Show a batch: how its cases ended, what is entered."""
    actor = actor_of(request)
    context = _batch_context(actor, batch_or_404(actor, batch_id))
    return render(request, "polls/batch_page.html", context)


@guarded(Batch, CHANGE)
@require_POST
def batch_outcomes(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """Store how the cases of a batch ended."""
    actor = actor_of(request)
    batch = batch_or_404(actor, batch_id)
    form = OutcomesForm(request.POST)
    if form.is_valid():
        services.set_outcomes(actor=actor, batch=batch, counts=form.as_counts(), now=timezone.now())
        messages.success(request, _("The outcomes are stored."))
        return redirect("polls:batch", batch.pk)
    context = _batch_context(actor, batch) | {"outcomes": form}
    return render(request, "polls/batch_page.html", context, status=400)


@guarded(WebToken, ADD)
@require_POST
def batch_links(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """Make links of one use, and tell them this once."""
    actor = actor_of(request)
    batch = batch_or_404(actor, batch_id)
    form = LinksForm(request.POST)
    if form.is_valid():
        tokens = try_act(
            form,
            lambda: services.issue_links(
                actor=actor, batch=batch, count=form.cleaned_data["count"], now=timezone.now()
            ),
        )
        if tokens is not None:
            lines = [
                request.build_absolute_uri(reverse("polls:answer_any", args=[t])) for t in tokens
            ]
            return _told_once(f"links-{batch.poll.code}-{batch.number}.txt", lines)
    context = _batch_context(actor, batch) | {"links": form}
    return render(request, "polls/batch_page.html", context, status=400)


@guarded(WebToken, ADD)
@require_POST
def batch_numbers(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """Draw phone numbers, and tell them this once."""
    actor = actor_of(request)
    batch = batch_or_404(actor, batch_id)
    form = NumbersForm(request.POST)
    if form.is_valid():
        numbers = try_act(
            form,
            lambda: services.draw_numbers(
                actor=actor, batch=batch, prefix=form.cleaned_data["start"],
                count=form.cleaned_data["count"], now=timezone.now(),
            ),
        )  # fmt: skip
        if numbers is not None:
            return _told_once(f"numbers-{batch.poll.code}-{batch.number}.txt", numbers)
    context = _batch_context(actor, batch) | {"numbers": form}
    return render(request, "polls/batch_page.html", context, status=400)


def _told_once(name: str, lines: list[str]) -> HttpResponse:
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@guarded(Batch, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """Type in answers: paper twice, by code; what was said on the phone once."""
    actor = actor_of(request)
    batch = batch_or_404(actor, batch_id)
    is_paper = batch.channel == Batch.Channel.PAPER
    form = AnswersForm(
        request.POST or None, questions=services.questions_of(batch.poll),
        settlement=batch.cluster_id is not None, keyed=is_paper, by_phone=not is_paper,
    )  # fmt: skip
    if form.is_valid():
        made = try_act(form, lambda: _entered(actor, batch, form, is_paper))
        if made is not None:
            if isinstance(made, PaperSheet) and made.differences:
                text = _("The two entries differ in: %(fields)s. Type the sheet once more.")
                messages.warning(request, text % {"fields": ", ".join(made.differences)})
            else:
                messages.success(request, _("Stored."))
            return redirect("polls:enter", batch.pk)
    context = {
        "form": form, "poll": batch.poll, "batch": batch, "title": _("Enter answers"),
        "button": _("Store and next"),
    }  # fmt: skip
    return render(request, "polls/form_page.html", context, status=400 if form.errors else 200)


def _entered(actor: Actor, batch: Batch, form: AnswersForm, is_paper: bool) -> Any:
    given, now = form.as_given(), timezone.now()
    if is_paper:
        return services.enter_sheet(
            actor=actor, batch=batch, number=form.cleaned_data["sheet"], given=given, now=now
        )
    return services.enter_answers(
        actor=actor, batch=batch, given=given, now=now, partial=form.cleaned_data["partial"]
    )


@guarded(Batch, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def submissions(request: HttpRequest, poll_id: int) -> HttpResponseBase:
    """Take a file of submissions in: all of it, or none and the reasons."""
    actor = actor_of(request)
    poll = poll_or_404(actor, poll_id)
    form = FileForm(request.POST or None, request.FILES or None)
    problems: list[Any] = []
    if form.is_valid():
        try:
            with uploaded(form.cleaned_data["file"], "submissions.csv") as path:
                batch = import_submissions(actor=actor, poll=poll, path=path, now=timezone.now())
        except BadRowsError as error:
            problems = error.problems[:200]
            form.add_error("file", str(error))
        except QalqanError as error:
            form.add_error("file", str(error))
        else:
            text = _("Sets of answers taken in: %(count)s.")
            messages.success(request, text % {"count": batch.issued})
            return redirect(poll)
    context = {
        "form": form, "poll": poll, "problems": problems, "columns": PLACED,
        "title": _("Take in submissions"), "button": _("Take in"), "multipart": True,
    }  # fmt: skip
    return render(request, "polls/form_page.html", context, status=400 if form.errors else 200)
