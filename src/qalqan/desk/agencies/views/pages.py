"""What a body's own staff keep on its page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qalqan.desk.agencies.forms import ExpertiseForm, OfficeForm, PageForm
from qalqan.desk.agencies.models import Body
from qalqan.desk.agencies.policies import KEEP_PAGE
from qalqan.desk.agencies.selectors import directory
from qalqan.desk.agencies.services import pages as services
from qalqan.desk.agencies.views.common import body_or_404, form_page, try_act
from qalqan.desk.platform.policies import Actor, actor_of, guarded, policy_of


def _kept(actor: Actor, body_id: int) -> Body:
    body = body_or_404(actor, body_id)
    if not policy_of(Body).allows(actor, KEEP_PAGE, body):
        raise PermissionDenied
    return body


def _done(request: HttpRequest, form: Any, body: Body, title: str, act: Any) -> HttpResponseBase:
    if form.is_valid() and try_act(form, act) is not None:
        messages.success(request, _("The change is stored."))
        return redirect(body)
    return form_page(
        request, form, title, _("Store"), above=body, status=400,
        of=(_("Bodies and groups"), reverse("agencies:bodies")),
    )  # fmt: skip


@guarded(Body, KEEP_PAGE)
@require_POST
def page_keep(request: HttpRequest, body_id: int) -> HttpResponseBase:
    """Write the mandate and the languages of one's own body."""
    actor = actor_of(request)
    body = _kept(actor, body_id)
    form = PageForm(request.POST)
    return _done(request, form, body, _("Mandate and languages"), lambda: services.keep_page(
        actor=actor, body=body, mandate=form.cleaned_data["mandate"],
        languages=tuple(form.cleaned_data["languages"]), now=timezone.now(),
    ))  # fmt: skip


@guarded(Body, KEEP_PAGE)
@require_POST
def office_add(request: HttpRequest, body_id: int) -> HttpResponseBase:
    """Enter an office."""
    actor = actor_of(request)
    body = _kept(actor, body_id)
    form = OfficeForm(request.POST)
    return _done(request, form, body, _("Enter an office"), lambda: services.add_office(
        actor=actor, body=body, facts=form.as_facts(), now=timezone.now()
    ))  # fmt: skip


@guarded(Body, KEEP_PAGE)
@require_POST
def office_remove(request: HttpRequest, office_id: int) -> HttpResponseBase:
    """Take an office off the page."""
    actor = actor_of(request)
    office = directory.office_for(actor, office_id)
    if office is None:
        raise Http404
    services.remove_office(actor=actor, office=office, now=timezone.now())
    messages.success(request, _("The change is stored."))
    return redirect(office.body)


@guarded(Body, KEEP_PAGE)
@require_POST
def expertise_add(request: HttpRequest, body_id: int) -> HttpResponseBase:
    """Enter a field in which the body can help."""
    actor = actor_of(request)
    body = _kept(actor, body_id)
    form = ExpertiseForm(request.POST)
    return _done(request, form, body, _("Enter expertise"), lambda: services.add_expertise(
        actor=actor, body=body, now=timezone.now(), **form.cleaned_data
    ))  # fmt: skip


@guarded(Body, KEEP_PAGE)
@require_POST
def expertise_remove(request: HttpRequest, expertise_id: int) -> HttpResponseBase:
    """Take a field of expertise off the page."""
    actor = actor_of(request)
    row = directory.expertise_for(actor, expertise_id)
    if row is None:
        raise Http404
    services.remove_expertise(actor=actor, expertise=row, now=timezone.now())
    messages.success(request, _("The change is stored."))
    return redirect(row.body)
