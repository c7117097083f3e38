"""Pages of commissions, seats and meetings."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.commission import forms
from qalqan.desk.commission.models import (
    Agenda,
    Commission,
    Decision,
    Meeting,
    OpenMeeting,
    Seat,
)
from qalqan.desk.commission.paper import minutes_pdf
from qalqan.desk.commission.selectors import openings
from qalqan.desk.commission.selectors import table as selectors
from qalqan.desk.commission.services import decisions
from qalqan.desk.commission.services import table as services
from qalqan.desk.commission.views.common import form_page, found
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, policy_of
from qalqan.errors import QalqanError

PAGE = 30
LANGUAGES = ("kk", "ru", "en")


@guarded(Meeting, VIEW)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the commissions, the next meetings, what was carried over, where decisions stand."""
    actor, today = actor_of(request), timezone.localdate()
    page = Paginator(selectors.meetings(actor), PAGE).get_page(request.GET.get("page"))
    context = {
        "commissions": selectors.commissions(actor),
        "page": page,
        "backlog": selectors.backlog(actor),
        "standing": selectors.standing(actor, today),
        "now": timezone.now(),
        "may_change": policy_of(Commission).allows(actor, CHANGE),
    }
    return render(request, "commission/overview.html", context)


@guarded(Commission, VIEW)
@require_safe
def commission(request: HttpRequest, commission_id: int) -> HttpResponse:
    """Show a commission: its seats by office, its meetings."""
    actor = actor_of(request)
    row = found(selectors.commission_for(actor, commission_id))
    may_change = policy_of(Commission).allows(actor, CHANGE)
    context = {
        "commission": row,
        "seats": selectors.seats(actor, row),
        "meetings": selectors.meetings(actor, row)[:PAGE],
        "end_form": forms.EndSeatForm() if may_change else None,
        "may_change": may_change,
    }
    return render(request, "commission/commission.html", context)


@guarded(Commission, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def commission_new(request: HttpRequest) -> HttpResponse:
    """Enter a commission."""
    form = forms.CommissionForm(request.POST or None)

    def act() -> Commission:
        data = form.cleaned_data
        return services.add_commission(
            actor=actor_of(request), level=data["level"], place=data["place"],
            names={code: data[f"name_{code}"] for code in LANGUAGES},
            quorum_percent=data["quorum_percent"], now=timezone.now(),
        )  # fmt: skip

    return form_page(
        request, form, title=_("Enter a commission"), button=_("Enter"), act=act,
        told=_("The commission is entered."),
    )  # fmt: skip


@guarded(Seat, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def seat_new(request: HttpRequest, commission_id: int) -> HttpResponse:
    """Give an office a seat."""
    actor = actor_of(request)
    row = found(selectors.commission_for(actor, commission_id))
    form = forms.SeatForm(request.POST or None, initial={"since": timezone.localdate()})

    def act() -> Commission:
        services.add_seat(actor=actor, commission=row, now=timezone.now(), **form.cleaned_data)
        return row

    return form_page(
        request, form, title=_("Give an office a seat"), button=_("Give the seat"), above=row,
        act=act, told=_("The seat is given."),
    )  # fmt: skip


@guarded(Seat, CHANGE)
@require_POST
def seat_end(request: HttpRequest, seat_id: int) -> HttpResponse:
    """End a seat."""
    actor = actor_of(request)
    seat = found(Seat.objects.visible_to(actor).filter(pk=seat_id).first())
    form = forms.EndSeatForm(request.POST)
    if not form.is_valid():
        toasts.error(request, _("Give the day on which the seat ends."))
        return redirect(seat.commission)
    try:
        until = form.cleaned_data["until"]
        services.end_seat(actor=actor, seat=seat, until=until, now=timezone.now())
    except QalqanError as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, _("The seat is ended."))
    return redirect(seat.commission)


@guarded(Meeting, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_new(request: HttpRequest, commission_id: int) -> HttpResponse:
    """Call a meeting."""
    actor = actor_of(request)
    row = found(selectors.commission_for(actor, commission_id))
    form = forms.MeetingForm(request.POST or None)

    def act() -> Meeting:
        return services.call_meeting(
            actor=actor, commission=row, now=timezone.now(), **form.cleaned_data
        )

    return form_page(
        request, form, title=_("Call a meeting"), button=_("Call the meeting"), above=row, act=act,
        told=_("The meeting is called; what was carried over stands on its agenda."),
    )  # fmt: skip


@guarded(Meeting, VIEW)
@require_safe
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Show a meeting: its agenda with papers, who was there, outcomes and decisions."""
    actor = actor_of(request)
    row = found(selectors.meeting_for(actor, meeting_id))
    items = list(selectors.agenda(actor, row))
    may_change = policy_of(Meeting).allows(actor, CHANGE)
    context = {
        "meeting": row,
        "items": items,
        "presences": selectors.presences(actor, row),
        "may_change": may_change and row.is_live,
        "conclude_form": forms.ConcludeForm(auto_id=False),
        "outcomes": [pair for pair in Agenda.Outcome.choices if pair[0]],
        "reason_form": forms.ReasonForm() if may_change and row.state == "planned" else None,
        "languages": LANGUAGES,
        "may_decide": policy_of(Decision).allows(actor, ADD) and row.state == "open",
        "opened": openings.opening_of_meeting(row.pk),
        "may_open": policy_of(OpenMeeting).allows(actor, ADD) and row.state != "cancelled",
    }
    return render(request, "commission/meeting.html", context)


@guarded(Agenda, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def item_new(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Put an item on an agenda."""
    actor = actor_of(request)
    row = found(selectors.meeting_for(actor, meeting_id))
    form = forms.ItemForm(request.POST or None)

    def act() -> Meeting:
        services.add_item(actor=actor, meeting=row, now=timezone.now(), **form.cleaned_data)
        return row

    return form_page(
        request, form, title=_("Put an item on the agenda"), button=_("Put it on"), above=row,
        act=act, told=_("The item is on the agenda."),
    )  # fmt: skip


@guarded(Meeting, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_begin(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Begin a meeting: who is there, and is that a quorum."""
    actor = actor_of(request)
    row = found(selectors.meeting_for(actor, meeting_id))
    seats = services.seats_on(row.commission, timezone.localdate(row.starts_at))
    form = forms.BeginForm(request.POST if request.method == "POST" else None, seats=seats)

    def act() -> Meeting:
        return services.begin(actor=actor, meeting=row, how=form.presence(), now=timezone.now())

    return form_page(
        request, form, title=_("Who is there?"), button=_("Begin the meeting"), above=row, act=act,
        told=_("The meeting has begun."),
    )  # fmt: skip


@guarded(Agenda, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def item_conclude(request: HttpRequest, item_id: int) -> HttpResponse:
    """Say what came of an item."""
    actor = actor_of(request)
    item = found(selectors.item_for(actor, item_id))
    form = forms.ConcludeForm(
        request.POST or None, initial={"outcome": item.outcome or "noted", "words": item.words}
    )

    def act() -> Meeting:
        services.conclude_item(
            actor=actor, item=item, outcome=form.cleaned_data["outcome"],
            said=form.cleaned_data["words"], votes=form.votes(), now=timezone.now(),
        )  # fmt: skip
        return item.meeting

    return form_page(
        request, form, title=_("What came of it: %(item)s") % {"item": item.title},
        button=_("Conclude the item"), above=item.meeting, act=act,
        told=_("The item is concluded."),
    )  # fmt: skip


@guarded(Decision, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, item_id: int) -> HttpResponse:
    """Enter a decision on an item."""
    actor = actor_of(request)
    item = found(selectors.item_for(actor, item_id))
    form = forms.DecideForm(request.POST or None, initial=forms.next_due(timezone.localdate()))

    def act() -> Decision:
        data = form.cleaned_data
        return decisions.decide(
            actor=actor, item=item, texts={code: data[f"text_{code}"] for code in LANGUAGES},
            legal_basis=data["legal_basis"], owner=data["owner"], due_on=data["due_on"],
            now=timezone.now(),
        )  # fmt: skip

    return form_page(
        request, form, title=_("Decide: %(item)s") % {"item": item.title},
        button=_("Enter the decision"), above=item.meeting, act=act,
        told=_("The decision is entered; the body that owes it sees it among its work."),
    )  # fmt: skip


@guarded(Meeting, CHANGE)
@require_POST
def meeting_close(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Close a meeting."""
    actor = actor_of(request)
    row = found(selectors.meeting_for(actor, meeting_id))
    try:
        services.close_meeting(actor=actor, meeting=row, now=timezone.now())
    except QalqanError as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, _("The meeting is closed; its minutes are ready."))
    return redirect(row)


@guarded(Meeting, CHANGE)
@require_POST
def meeting_cancel(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Cancel a meeting that has not begun."""
    actor = actor_of(request)
    row = found(selectors.meeting_for(actor, meeting_id))
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        toasts.error(request, _("Say why, in at most 500 characters."))
        return redirect(row)
    try:
        reason = form.cleaned_data["reason"]
        services.cancel_meeting(actor=actor, meeting=row, reason=reason, now=timezone.now())
    except QalqanError as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, _("The meeting is cancelled; its agenda is carried over."))
    return redirect(row)


@guarded(Meeting, VIEW)
@require_safe
def minutes(request: HttpRequest, meeting_id: int, language: str) -> HttpResponse:
    """Give the minutes as a PDF; before the meeting, its agenda."""
    actor = actor_of(request)
    row = found(selectors.meeting_for(actor, meeting_id))
    wanted = language if language in LANGUAGES else "kk"
    data = minutes_pdf(
        row, list(selectors.agenda(actor, row)), list(selectors.presences(actor, row)), wanted
    )
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = (
        f'inline; filename="meeting-{row.commission_id}-{row.number}-{wanted}.pdf"'
    )
    return response
