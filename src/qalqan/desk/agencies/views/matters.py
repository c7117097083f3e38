"""Pages of matters and of their hand-overs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.agencies.forms import (
    MatterFilterForm,
    MatterForm,
    OfferForm,
    OutcomeForm,
    ReasonForm,
    RefuseForm,
)
from qalqan.desk.agencies.models import HandOver, Matter
from qalqan.desk.agencies.policies import TAKE, may_act_for
from qalqan.desk.agencies.selectors import directory
from qalqan.desk.agencies.selectors import matters as selectors
from qalqan.desk.agencies.selectors.matrix import responsible
from qalqan.desk.agencies.services import handing
from qalqan.desk.agencies.views.common import GROUP_ROLES, form_page, try_act
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    VIEW,
    Actor,
    SystemActor,
    actor_of,
    guarded,
    policy_of,
)

PAGE = 50


def _list() -> tuple[str, str]:
    return _("Matters"), reverse("agencies:matters")


@guarded(Matter, VIEW)
@require_safe
def matter_list(request: HttpRequest) -> HttpResponse:
    """Show matters, what is due first."""
    actor, now = actor_of(request), timezone.now()
    form = MatterFilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    wanted = selectors.MatterFilter(
        kind=chosen.get("kind") or "", state=chosen.get("state") or "open",
        waits=chosen.get("waits") or "",
    )  # fmt: skip
    rows = selectors.matters_of(actor, wanted, now=now)
    page = Paginator(rows.values_list("pk", flat=True), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "now": now,
        "matters": selectors.in_list(actor, list(page.object_list)),
        "standing": selectors.standing(actor, now=now),
        "may_add": policy_of(Matter).allows(actor, ADD),
    }  # fmt: skip
    return render(request, "agencies/matter_list.html", context)


def _matter(actor: Actor, matter_id: int) -> Matter:
    matter = selectors.matter_for(actor, matter_id)
    if matter is None:
        raise Http404(_("There is no such matter."))
    return matter


@guarded(Matter, VIEW)
@require_safe
def matter_page(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Show one matter: who holds it, what is offered to whom, who held it before."""
    actor, now = actor_of(request), timezone.now()
    matter = _matter(actor, matter_id)
    rows = selectors.hand_overs(actor, matter)
    offer = next((row for row in rows if row.state == HandOver.State.OFFERED), None)
    is_open = matter.state == Matter.State.OPEN
    may_change = is_open and policy_of(Matter).allows(actor, CHANGE, matter)
    taker = _taker(actor, matter, offer) if is_open else None
    may_answer = offer is not None and may_act_for(actor, offer.to_body)
    context = {
        "matter": matter, "now": now, "rows": rows, "offer": offer,
        "holders": selectors.holders(actor, matter),
        "named": None if actor.role in GROUP_ROLES else responsible(
            SystemActor("agencies"), matter=matter.kind, place=matter.area_id,
            on=timezone.localdate(now),
        ),
        "may_answer": may_answer, "may_take_back": may_change and offer is not None,
        "refuse_form": RefuseForm(prefix="refuse") if may_answer else None,
        "back_form": ReasonForm(prefix="back") if may_change and offer else None,
        "offer_form": OfferForm(actor=actor) if may_change and not offer else None,
        "taker": taker, "take_form": ReasonForm(prefix="take") if taker else None,
        "outcome_form": OutcomeForm() if may_change else None,
    }  # fmt: skip
    return render(request, "agencies/matter_page.html", context)


def _taker(actor: Actor, matter: Matter, offer: HandOver | None) -> Any:
    """Return the actor's own body where it may take the matter."""
    body = directory.own_body(actor)
    if body is None or body.pk == matter.holder_id or not policy_of(Matter).allows(actor, TAKE):
        return None
    if not may_act_for(actor, body) or (offer is None and not matter.seeks_body):
        return None
    if offer is not None and offer.to_body_id == body.pk:
        return None
    return body if handing.may_take(matter, body, on=timezone.now()) else None


@guarded(Matter, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def matter_add(request: HttpRequest) -> HttpResponseBase:
    """Open a matter."""
    actor = actor_of(request)
    form = MatterForm(request.POST or None, actor=actor)
    if form.is_valid():
        data = dict(form.cleaned_data)
        area = places.place_for(actor, int(data.pop("area")))
        holder = data.pop("holder")
        made = try_act(
            form,
            lambda: handing.open_matter(
                actor=actor, area=area, now=timezone.now(),
                holder=directory.body_for(actor, int(holder)) if holder else None, **data,
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("The matter is open as № %(number)s.")
                             % {"number": made.number})  # fmt: skip
            return redirect(made)
    return form_page(request, form, _("Open a matter"), _("Open"), of=_list())


def _acted(
    request: HttpRequest, matter: Matter, form: forms.Form, title: str, done: str,
    act: Callable[[], Any],
) -> HttpResponseBase:  # fmt: skip
    if form.is_valid():
        failed = object()
        made = try_act(form, lambda: act() or failed)
        if made is not None:
            messages.success(request, done)
            return redirect(matter)
    return form_page(request, form, title, title, above=matter, status=400, of=_list())


@guarded(Matter, CHANGE)
@require_POST
def matter_offer(request: HttpRequest, matter_id: int) -> HttpResponseBase:
    """Offer a matter to another body."""
    actor = actor_of(request)
    matter = _matter(actor, matter_id)
    form = OfferForm(request.POST, actor=actor)
    return _acted(
        request, matter, form, _("Hand over"), _("The matter is offered; you hold it until then."),
        lambda: handing.hand_over(
            actor=actor, matter=matter, reason=form.cleaned_data["reason"],
            to_body=directory.bodies(actor).get(pk=form.cleaned_data["to_body"]),
            answer_by=form.cleaned_data["answer_by"], now=timezone.now(),
        ),
    )  # fmt: skip


@guarded(Matter, TAKE)
@require_POST
def matter_take(request: HttpRequest, matter_id: int) -> HttpResponseBase:
    """Take a matter for one's own body."""
    actor = actor_of(request)
    matter = _matter(actor, matter_id)
    body = directory.own_body(actor)
    if body is None:
        raise Http404
    form = ReasonForm(request.POST, prefix="take")
    return _acted(
        request, matter, form, _("Take the matter"), _("Your body holds the matter now."),
        lambda: handing.take(
            actor=actor, matter=matter, body=body, reason=form.cleaned_data["reason"],
            now=timezone.now(),
        ),
    )  # fmt: skip


@guarded(Matter, CHANGE)
@require_POST
def matter_close(request: HttpRequest, matter_id: int) -> HttpResponseBase:
    """Close a matter."""
    actor = actor_of(request)
    matter = _matter(actor, matter_id)
    form = OutcomeForm(request.POST)
    return _acted(
        request, matter, form, _("Close the matter"), _("The matter is closed."),
        lambda: handing.close_matter(
            actor=actor, matter=matter, outcome=form.cleaned_data["outcome"], now=timezone.now()
        ),
    )  # fmt: skip


def _offer(actor: Actor, offer_id: int) -> HandOver:
    offer = selectors.offer_for(actor, offer_id)
    if offer is None:
        raise Http404(_("There is no such offer."))
    return offer


@guarded(Matter, TAKE)
@require_POST
def offer_accept(request: HttpRequest, offer_id: int) -> HttpResponseBase:
    """Take over an offered matter."""
    actor = actor_of(request)
    offer = _offer(actor, offer_id)
    form = forms.Form(request.POST)
    return _acted(
        request,
        offer.matter,
        form,
        _("Accept"),
        _("Your body holds the matter now."),
        lambda: handing.accept(actor=actor, offer=offer, now=timezone.now()),
    )


@guarded(Matter, TAKE)
@require_POST
def offer_refuse(request: HttpRequest, offer_id: int) -> HttpResponseBase:
    """Refuse an offered matter."""
    actor = actor_of(request)
    offer = _offer(actor, offer_id)
    form = RefuseForm(request.POST, prefix="refuse")
    return _acted(
        request,
        offer.matter,
        form,
        _("Refuse"),
        _("The refusal is stored; the sender is told."),
        lambda: handing.refuse(actor=actor, offer=offer, now=timezone.now(), **form.cleaned_data),
    )


@guarded(Matter, CHANGE)
@require_POST
def offer_back(request: HttpRequest, offer_id: int) -> HttpResponseBase:
    """Take an offer back."""
    actor = actor_of(request)
    offer = _offer(actor, offer_id)
    form = ReasonForm(request.POST, prefix="back")
    return _acted(
        request, offer.matter, form, _("Take back"), _("The offer is taken back."),
        lambda: handing.take_back(
            actor=actor, offer=offer, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
    )  # fmt: skip
