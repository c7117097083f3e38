"""Pages on which the secretary opens meetings and recommendations to everyone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qalqan.desk.commission import forms_accounts as forms
from qalqan.desk.commission.models import Meeting, OpenMeeting, OpenRecommendation
from qalqan.desk.commission.selectors import lessons, openings, table
from qalqan.desk.commission.services import openings as services
from qalqan.desk.commission.views.common import found, tried
from qalqan.desk.platform.policies import ADD, CHANGE, actor_of, guarded


@guarded(OpenMeeting, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_open(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Choose which items of a meeting everyone may see; once closed, say what came of them."""
    actor = actor_of(request)
    meeting = found(table.meeting_for(actor, meeting_id))
    opened = openings.opening_of_meeting(meeting.pk)
    shown = {one.item_id for one in opened.items.all()} if opened else set()
    items = list(table.agenda(actor, meeting))
    if opened is not None and meeting.state == Meeting.State.CLOSED:
        return _outcomes(request, meeting, opened, [one for one in items if one.pk in shown])
    form = forms.ItemsForm(
        request.POST or None, items=[one for one in items if one.pk not in shown], name="item",
        longest=200,
    )  # fmt: skip

    def act() -> Any:
        return services.open_meeting(
            actor=actor, meeting=meeting, titles=form.texts(), now=timezone.now()
        )

    return _form(
        request, form, meeting, act, title=_("Publish the meeting"),
        hint=_("An item without a title in all three languages stays within the desk."),
    )  # fmt: skip


def _outcomes(
    request: HttpRequest, meeting: Meeting, opened: OpenMeeting, items: list[Any]
) -> HttpResponse:
    form = forms.ItemsForm(
        request.POST or None, items=items, name="words", longest=2000, rows=3, required=True
    )

    def act() -> Any:
        return services.open_outcomes(
            actor=actor_of(request), opened=opened, words=form.texts(), now=timezone.now()
        )

    return _form(
        request, form, meeting, act, title=_("Publish the outcomes"),
        hint=_("Say for everyone what came of each item."),
    )  # fmt: skip


@guarded(OpenMeeting, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_withdraw(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Withdraw a published meeting."""
    meeting = found(table.meeting_for(actor_of(request), meeting_id))
    return _withdraw(request, meeting, found(openings.opening_of_meeting(meeting.pk)))


@guarded(OpenRecommendation, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_open(request: HttpRequest, recommendation_id: int) -> HttpResponse:
    """Open a recommendation to everyone."""
    actor = actor_of(request)
    row = found(lessons.recommendation_for(actor, recommendation_id))
    form = forms.ThreeForm(request.POST or None, name="text", longest=2000, rows=4)

    def act() -> Any:
        return services.open_recommendation(
            actor=actor, recommendation=row, texts=form.texts(), now=timezone.now()
        )

    return _form(
        request, form, row, act, title=_("Publish the recommendation"), hint=row.text
    )  # fmt: skip


@guarded(OpenRecommendation, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_withdraw(request: HttpRequest, recommendation_id: int) -> HttpResponse:
    """Withdraw a published recommendation."""
    row = found(lessons.recommendation_for(actor_of(request), recommendation_id))
    return _withdraw(request, row, found(openings.opening_of_recommendation(row.pk)))


def _withdraw(
    request: HttpRequest, above: Any, opened: OpenMeeting | OpenRecommendation
) -> HttpResponse:
    form = forms.ThreeForm(request.POST or None)

    def act() -> Any:
        services.withdraw_opening(
            actor=actor_of(request), opened=opened, reasons=form.texts(), now=timezone.now()
        )
        return opened

    return _form(
        request, form, above, act, title=_("Withdraw what is published"),
        hint=_("The words are shown no more; that and why stays visible to everyone."),
    )  # fmt: skip


def _form(
    request: HttpRequest, form: Any, above: Any, act: Callable[[], Any], *, title: str, hint: str
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        if form.is_valid() and tried(form, act) is not None:
            toasts.success(request, _("Everyone sees it now."))
            return redirect(above)
        status = 422
    context = {"form": form, "title": title, "above": above, "hint": hint}
    return render(request, "commission/opening_form.html", context, status=status)
