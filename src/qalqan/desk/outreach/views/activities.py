"""Pages of activities: the list, one of them, and every act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.outreach.activity_forms import (
    ActivityFilterForm,
    ActivityForm,
    CorrectForm,
    FollowUpForm,
    OutcomeForm,
    QuestionForm,
    ReasonForm,
    activity_initial,
)
from qalqan.desk.outreach.history import moments
from qalqan.desk.outreach.models import Activity
from qalqan.desk.outreach.selectors import activities as selectors
from qalqan.desk.outreach.services import activities as services
from qalqan.desk.outreach.services import following
from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    EXPORT,
    VIEW,
    Actor,
    actor_of,
    guarded,
    policy_of,
)
from qalqan.errors import QalqanError

_FIELDS = {"body": "body", "starts_at": "starts", "place_id": "place"}


def try_act(form: forms.Form, act: Callable[[], Any]) -> Any | None:
    """Do an act; what the desk refuses is told at the form's field. Return what it made."""
    try:
        return act()
    except QalqanError as error:
        name = error.location.field if error.location else None
        field = _FIELDS.get(name or "", name)
        text = f"{error.message} {error.hint or ''}".strip()
        form.add_error(field if field in form.fields else None, text)
        return None


def activity_or_404(actor: Actor, activity_id: int) -> Activity:
    """Return an activity that the actor may see."""
    row = selectors.activity_for(actor, activity_id)
    if row is None:
        raise Http404(_("There is no such activity."))
    return row


@guarded(Activity, VIEW)
@require_safe
def activity_list(request: HttpRequest) -> HttpResponse:
    """Show activities, the newest first, narrowed by what stands in the address."""
    actor = actor_of(request)
    form = ActivityFilterForm(request.GET, actor=actor)
    before = selectors.Cursor.read(request.GET.get("before", ""))
    page = selectors.page(actor, form.as_filter(), before=before)
    query = request.GET.copy()
    query.pop("before", None)
    older = query.copy()
    if page.older is not None:
        older["before"] = str(page.older)
    allows = policy_of(Activity).allows
    context = {
        "form": form,
        "page": page,
        "is_first": before is None,
        "newest": query.urlencode(),
        "older": older.urlencode() if page.older is not None else "",
        "query": query.urlencode(),
        "today": timezone.localdate(),
        "may_add": allows(actor, ADD),
        "may_export": allows(actor, EXPORT),
        "is_narrowed": any(value for value in query.values()),
    }
    return render(request, "outreach/activity_list.html", context)


@guarded(Activity, VIEW)
@require_safe
def activity_page(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Show one activity: what it was, whom it reached, what was asked, what is left to do."""
    actor = actor_of(request)
    return _page(request, actor, activity_or_404(actor, activity_id))


def _page(
    request: HttpRequest, actor: Actor, row: Activity, *, status: int = 200, **bound: Any
) -> HttpResponse:
    may_change = policy_of(Activity).allows(actor, CHANGE, row)
    today = timezone.localdate()
    states = Activity.State
    is_live = row.state in (states.PLANNED, states.HELD)
    context = {
        "activity": row,
        "today": today,
        "partners": list(row.partners.all()),
        "bands": [(band, row.bands.get(band.value)) for band in _bands()] if row.bands else [],
        "questions": selectors.questions(actor, row),
        "follow_ups": selectors.follow_ups(actor, row),
        "history": moments(row, selectors.events(actor, row)),
        "may_change": may_change and row.state != states.CANCELLED,
        "may_hold": may_change and row.state == states.PLANNED and row.held_on <= today,
        "may_report": may_change and is_live and row.held_on <= today,
        "may_cancel": may_change and is_live,
        "may_restore": may_change and row.state == states.CANCELLED,
        "reason_form": ReasonForm(prefix=None),
        "question_form": QuestionForm(),
        "follow_up_form": FollowUpForm(),
        **bound,
    }
    return render(request, "outreach/activity_page.html", context, status=status)


def _bands() -> Any:
    from qalqan.desk.outreach.models import AgeBand

    return AgeBand


@guarded(Activity, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def activity_add(request: HttpRequest) -> HttpResponseBase:
    """Enter an activity with at most eight fields, or more."""
    actor = actor_of(request)
    initial = {"client_id": uuid4(), "held_on": timezone.localdate()}
    form = ActivityForm(request.POST or None, actor=actor, initial=initial)
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.add_activity(
                actor=actor, facts=form.as_facts(), now=timezone.now(),
                outcome=form.as_outcome() if form.has_outcome() else None,
                client_id=form.cleaned_data["client_id"],
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("The activity is entered."))
            return redirect(made)
    return _form_page(request, form, _("Enter an activity"), _("Enter"))


@guarded(Activity, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def activity_correct(request: HttpRequest, activity_id: int) -> HttpResponseBase:
    """Correct what is known of an activity."""
    actor = actor_of(request)
    row = activity_or_404(actor, activity_id)
    form = CorrectForm(request.POST or None, actor=actor, initial=activity_initial(row))
    is_reported = row.state == Activity.State.REPORTED
    gone = ["client_id", "asked", "answered"]
    gone += [] if is_reported else list(OutcomeForm.base_fields)
    for name in dict.fromkeys(gone):
        del form.fields[name]
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.correct(
                actor=actor, activity=row, now=timezone.now(),
                correction=services.Correction(
                    form.as_facts(), form.as_outcome() if is_reported else None,
                    form.cleaned_data["reason"], form.cleaned_data["seen"],
                ),
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("The change is stored."))
            return redirect(row)
    return _form_page(request, form, _("Correct the activity"), _("Store"), activity=row)


@guarded(Activity, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def activity_report(request: HttpRequest, activity_id: int) -> HttpResponseBase:
    """Report what came of an activity."""
    actor = actor_of(request)
    row = activity_or_404(actor, activity_id)
    form = OutcomeForm(request.POST or None)
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.report(
                actor=actor, activity=row, outcome=form.as_outcome(), now=timezone.now()
            ),
        )
        if made is not None:
            messages.success(request, _("The report is stored."))
            return redirect(row)
    return _form_page(request, form, _("Report what came of it"), _("Report"), activity=row)


def _form_page(
    request: HttpRequest, form: forms.Form, title: str, button: str, *,
    activity: Activity | None = None,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "title": title, "button": button, "activity": activity}
    context["has_body"] = getattr(form, "has_body", True)
    status = 400 if form.is_bound and not form.is_valid() else 200
    return render(request, "outreach/activity_form.html", context, status=status)


@guarded(Activity, CHANGE)
@require_POST
def activity_hold(request: HttpRequest, activity_id: int) -> HttpResponseBase:
    """Say that a planned activity was held."""
    actor = actor_of(request)
    row = activity_or_404(actor, activity_id)
    try:
        services.mark_held(actor=actor, activity=row, now=timezone.now())
        messages.success(request, _("It is marked as held; the report may follow."))
    except QalqanError as error:
        messages.error(request, str(error.message))
    return redirect(row)


@guarded(Activity, CHANGE)
@require_POST
def activity_cancel(request: HttpRequest, activity_id: int) -> HttpResponseBase:
    """Cancel an activity, with a reason."""
    return _with_reason(request, activity_id, services.cancel, _("The activity is cancelled."))


@guarded(Activity, CHANGE)
@require_POST
def activity_restore(request: HttpRequest, activity_id: int) -> HttpResponseBase:
    """Plan a cancelled activity again."""
    return _with_reason(request, activity_id, services.restore, _("The activity is planned again."))


def _with_reason(
    request: HttpRequest, activity_id: int, act: Callable[..., Any], done: str
) -> HttpResponseBase:
    actor = actor_of(request)
    row = activity_or_404(actor, activity_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        made = try_act(
            form, lambda: act(actor=actor, activity=row, reason=reason, now=timezone.now())
        )
        if made is not None:
            messages.success(request, done)
            return redirect(row)
    return _page(request, actor, row, status=400, reason_form=form)


@guarded(Activity, CHANGE)
@require_POST
def activity_question(request: HttpRequest, activity_id: int) -> HttpResponseBase:
    """Note what the audience asked."""
    actor = actor_of(request)
    row = activity_or_404(actor, activity_id)
    form = QuestionForm(request.POST)
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.note_question(
                actor=actor, activity=row, now=timezone.now(), **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, _("The question is noted."))
            return redirect(row)
    return _page(request, actor, row, status=400, question_form=form)


@guarded(Activity, CHANGE)
@require_POST
def activity_follow_up(request: HttpRequest, activity_id: int) -> HttpResponseBase:
    """Give work that came out of an activity."""
    actor = actor_of(request)
    row = activity_or_404(actor, activity_id)
    form = FollowUpForm(request.POST)
    if form.is_valid():
        what = following.FollowUp(form.cleaned_data["title"], form.cleaned_data["due_on"])
        made = try_act(
            form,
            lambda: following.give_follow_up(
                actor=actor, activity=row, what=what, now=timezone.now()
            ),
        )
        if made is not None:
            messages.success(request, _("The work is given."))
            return redirect(row)
    return _page(request, actor, row, status=400, follow_up_form=form)
