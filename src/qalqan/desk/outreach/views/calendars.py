"""Private calendars of activities: made, read by their address, ended."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.agencies import selectors as agencies
from qalqan.desk.outreach.activity_forms import FeedForm
from qalqan.desk.outreach.models import ActivityFeed
from qalqan.desk.outreach.selectors import activities as selectors
from qalqan.desk.outreach.services import calendars
from qalqan.desk.outreach.views.activities import try_act
from qalqan.desk.platform.policies import ADD, CHANGE, Role, actor_of, guarded, public


@guarded(ActivityFeed, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_list(request: HttpRequest) -> HttpResponse:
    """Show the actor's calendars; make one, whose address is shown once."""
    actor = actor_of(request)
    form = FeedForm(request.POST if request.method == "POST" else None, actor=actor)
    address = ""
    if form.is_valid():
        own = agencies.own_body(actor) if actor.role == Role.GROUP_WORKER else None
        chosen = form.cleaned_data.get("body")
        body_id = own.pk if own else int(chosen) if chosen else None
        made = try_act(
            form, lambda: calendars.make_feed(actor=actor, body_id=body_id, now=timezone.now())
        )
        if made is not None:
            path = reverse("outreach:calendar_feed", args=[made[1]])
            address = request.build_absolute_uri(path)
    context = {"form": form, "address": address, "feeds": selectors.feeds(actor)}
    response = render(request, "outreach/calendar_list.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@guarded(ActivityFeed, CHANGE)
@require_POST
def calendar_revoke(request: HttpRequest, feed_id: int) -> HttpResponseBase:
    """End a calendar."""
    actor = actor_of(request)
    feed = next((one for one in selectors.feeds(actor) if one.pk == feed_id), None)
    if feed is None:
        raise Http404(_("There is no such calendar."))
    calendars.revoke_feed(actor=actor, feed=feed, now=timezone.now())
    return redirect("outreach:calendars")


@public("Whoever has the address that nobody can guess reads the calendar it stands for.")
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return the calendar of an address, as programs ask for it."""
    text = calendars.read_feed(token=token, now=timezone.now())
    if text is None:
        raise Http404(_("There is no such calendar."))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response
