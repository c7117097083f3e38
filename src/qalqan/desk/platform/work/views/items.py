"""Pages about what people and bodies owe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, Actor, actor_of, guarded, policy_of
from qalqan.desk.platform.work import selectors, services
from qalqan.desk.platform.work.forms import (
    CloseForm,
    GiveByRulesForm,
    HandOverForm,
    RefuseForm,
)
from qalqan.desk.platform.work.kinds import label_of
from qalqan.desk.platform.work.models import HandOver, WorkItem
from qalqan.desk.platform.work.selectors import routing
from qalqan.errors import QalqanError

_USUAL_TERM = timedelta(days=1)
_LONGEST_SUBJECT = 120


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of an item's history, as the timeline shows it."""

    time: datetime
    title: str
    note: str = ""
    tone: str = ""


@guarded(WorkItem, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Give a piece of work; other rooms lead here with the form filled in."""
    actor, now = actor_of(request), timezone.now()
    if request.method != "POST":
        tomorrow = timezone.localtime(now + _USUAL_TERM).replace(second=0, microsecond=0)
        filled = {name: request.GET.get(name, "") for name in ("title", "kind", "url")}
        form = GiveByRulesForm(initial={"due_at": tomorrow, **filled}, actor=actor)
        return render(request, "work/give.html", {"form": form})
    form = GiveByRulesForm(request.POST, actor=actor)
    if not form.is_valid():
        return render(request, "work/give.html", {"form": form}, status=422)
    if form.is_routed:
        item = services.open_routed(
            actor=actor, facts=form.facts(), title=form.cleaned_data["title"],
            subject=form.cleaned_data["url"][:_LONGEST_SUBJECT] or "work",
            due_at=form.cleaned_data["due_at"], now=now, url=form.cleaned_data["url"],
        )  # fmt: skip
        messages.success(request, _("The work is given, and the rules said to whom."))
        return redirect(item)
    item = services.open_item(
        actor=actor,
        kind=form.cleaned_data["kind"],
        title=form.cleaned_data["title"],
        subject=form.cleaned_data["url"][:_LONGEST_SUBJECT] or "work",
        owner=form.owner,
        organisation=form.body,
        due_at=form.cleaned_data["due_at"],
        now=now,
        url=form.cleaned_data["url"],
    )
    messages.success(request, _("The work is given."))
    return redirect(item)


@guarded(WorkItem, VIEW)
@require_safe
def item_page(request: HttpRequest, item_id: int) -> HttpResponse:
    """Show one piece of work with its history and what can be done about it."""
    return _page(request, _item_or_404(actor_of(request), item_id))


@guarded(WorkItem, CHANGE)
@require_POST
def accept(request: HttpRequest, item_id: int) -> HttpResponse:
    """Take the work on oneself."""
    actor = actor_of(request)
    item = _item_or_404(actor, item_id)
    return _act(
        request,
        item,
        lambda: services.accept(actor=actor, item=item, now=timezone.now()),
        _("You have taken this work."),
    )


@guarded(WorkItem, CHANGE)
@require_POST
def close(request: HttpRequest, item_id: int) -> HttpResponse:
    """Close the work."""
    actor = actor_of(request)
    item, form = _item_or_404(actor, item_id), CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, item, close_form=form)
    return _act(
        request,
        item,
        lambda: services.close_item(
            actor=actor,
            item=item,
            outcome=form.cleaned_data["outcome"],
            cancelled=form.cleaned_data["cancelled"],
            now=timezone.now(),
        ),
        _("The work is closed."),
    )


@guarded(WorkItem, CHANGE)
@require_POST
def hand_over(request: HttpRequest, item_id: int) -> HttpResponse:
    """Offer the work to another body."""
    actor = actor_of(request)
    item, form = _item_or_404(actor, item_id), HandOverForm(request.POST, actor=actor)
    if not form.is_valid():
        return _page(request, item, hand_over_form=form)
    return _act(
        request,
        item,
        lambda: services.hand_over(
            actor=actor,
            item=item,
            organisation=form.cleaned_data["organisation"],
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        ),
        _("The work is offered. It stays with you until the other body accepts."),
    )


@guarded(HandOver, CHANGE)
@require_POST
def accept_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Take over offered work."""
    actor = actor_of(request)
    offer = _offer_or_404(actor, offer_id)
    return _act(
        request,
        offer.item,
        lambda: services.accept_hand_over(actor=actor, offer=offer, now=timezone.now()),
        _("Your body has taken over this work."),
    )


@guarded(HandOver, CHANGE)
@require_POST
def refuse_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Refuse offered work."""
    actor = actor_of(request)
    offer, form = _offer_or_404(actor, offer_id), RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, offer.item, refuse_form=form)

    def act() -> HandOver:
        return services.refuse_hand_over(
            actor=actor, offer=offer, reason=form.cleaned_data["reason"], now=timezone.now()
        )

    return _act(request, offer.item, act, _("The offer is refused."))


def _act(
    request: HttpRequest, item: WorkItem, act: Callable[[], Any], success: str
) -> HttpResponse:
    """Do it and show the item again; what a policy or the state forbids is said on the page."""
    try:
        act()
    except QalqanError as error:
        messages.error(request, str(error.message))
        return _page(request, item, status=409)
    messages.success(request, success)
    visible = selectors.item_for(actor_of(request), item.pk) is not None
    return redirect("work:item", item.pk) if visible else redirect("work:items")


def _item_or_404(actor: Actor, item_id: int) -> WorkItem:
    item = selectors.item_for(actor, item_id)
    if item is None:
        raise Http404(_("There is no such work."))
    return item


def _offer_or_404(actor: Actor, offer_id: int) -> HandOver:
    offer = selectors.offer_for(actor, offer_id)
    # An old offer stays in the history of both bodies; the work itself may be out of sight.
    if offer is None or selectors.item_for(actor, offer.item_id) is None:
        raise Http404(_("There is no such offer."))
    return offer


def _page(
    request: HttpRequest,
    item: WorkItem,
    *,
    close_form: Form | None = None,
    hand_over_form: Form | None = None,
    refuse_form: Form | None = None,
    status: int | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    item = selectors.item_for(actor, item.pk) or item
    offers = list(selectors.hand_overs(actor, item))
    open_offer = next((o for o in offers if o.state == HandOver.State.OFFERED), None)
    may_change = item.is_live and policy_of(WorkItem).allows(actor, CHANGE, item)
    may_answer = open_offer is not None and policy_of(HandOver).allows(actor, CHANGE, open_offer)
    is_bad = any(form is not None for form in (close_form, hand_over_form, refuse_form))
    routed = routing.routing_of(actor, item)
    context = {
        "item": item,
        "routed": routing.words_of(routed) if routed else "",
        "kind": label_of(item.kind),
        "is_overdue": item.is_live and item.due_at < timezone.now(),
        "events": _history(actor, item, offers),
        "offer": open_offer,
        "may_accept": may_change and item.state == WorkItem.State.OPEN,
        "close_form": (close_form or CloseForm()) if may_change else None,
        "hand_over_form": (
            (hand_over_form or HandOverForm(actor=actor))
            if may_change and open_offer is None and item.organisation_id
            else None
        ),
        "refuse_form": (refuse_form or RefuseForm(auto_id="refuse_%s")) if may_answer else None,
    }
    return render(
        request, "work/item_page.html", context, status=status or (422 if is_bad else 200)
    )


def _history(actor: Actor, item: WorkItem, offers: list[HandOver]) -> list[Event]:
    events = [Event(item.opened_at, _("Opened"))]
    for offer in offers:
        events.append(
            Event(offer.offered_at, _("Offered: %(offer)s") % {"offer": offer}, offer.reason)
        )
        if offer.answered_at:
            answer = offer.get_state_display()
            events.append(Event(offer.answered_at, _("Answer: %(answer)s") % {"answer": answer}))
    for reminder in selectors.reminders(actor, item):
        tone = "critical" if reminder.step >= 3 else "warning" if reminder.step >= 0 else ""
        audience = reminder.get_audience_display()
        events.append(Event(reminder.sent_at, _("Reminded: %(who)s") % {"who": audience}, "", tone))
    if item.closed_at:
        events.append(Event(item.closed_at, item.get_state_display(), item.outcome, "good"))
    return sorted(events, key=lambda event: event.time)
