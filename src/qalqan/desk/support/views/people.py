"""Colleagues and services."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.accounts.selectors import organisations
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, policy_of
from qalqan.desk.support import crypto
from qalqan.desk.support.forms import ServiceForm
from qalqan.desk.support.models import Helper, Service
from qalqan.desk.support.selectors import people
from qalqan.desk.support.services import helping, keys
from qalqan.desk.support.views.door import user_of, with_keys
from qalqan.errors import ConflictError, InputError


@guarded(Helper, VIEW)
@require_safe
@with_keys
def colleagues(request: HttpRequest, keys: crypto.Keys) -> HttpResponse:
    """Show colleagues and the marks of their keys."""
    found = people.colleagues(user_of(request), keys)
    return render(request, "support/colleagues.html", {"colleagues": found})


def _helper_or_404(request: HttpRequest, helper_id: UUID) -> Helper:
    row = people.working(actor_of(request)).filter(pk=helper_id).first()
    if row is None:
        raise Http404(_("There is no such colleague."))
    return row


@guarded(Helper, CHANGE)
@require_POST
@with_keys
def vouch(request: HttpRequest, helper_id: UUID, keys: crypto.Keys) -> HttpResponse:
    """Say that a colleague's mark was compared."""
    from qalqan.desk.support.services.keys import vouch_for

    row = _helper_or_404(request, helper_id)
    try:
        vouch_for(actor=user_of(request), keys=keys, helper=row, now=timezone.now())
        messages.success(request, _("From now on this colleague gets the cases of your body."))
    except ConflictError as error:
        messages.error(request, str(error.message))
    return redirect("support:colleagues")


@guarded(Helper, CHANGE)
@require_POST
def let_go(request: HttpRequest, helper_id: UUID) -> HttpResponse:
    """End a colleague's access."""
    row = _helper_or_404(request, helper_id)
    keys.let_go(actor=actor_of(request), helper=row, now=timezone.now())
    messages.success(request, _("The access has ended. Cases get new keys when next opened."))
    return redirect("support:home")


@guarded(Service, VIEW)
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """List the services that one may name as recipient."""
    actor = actor_of(request)
    context = {
        "services": Service.objects.visible_to(actor).select_related("organisation"),
        "may_change": policy_of(Service).allows(actor, CHANGE),
    }
    return render(request, "support/services.html", context)


def _form(request: HttpRequest, initial: dict[str, Any] | None = None) -> ServiceForm:
    bodies = organisations(actor_of(request)).filter(is_active=True)
    return ServiceForm(request.POST or None, bodies=bodies, initial=initial)


@guarded(Service, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def service_add(request: HttpRequest) -> HttpResponse:
    """Enter a service."""
    return _edit(request, None)


@guarded(Service, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def service_change(request: HttpRequest, service_id: int) -> HttpResponse:
    """Change a service."""
    row = Service.objects.visible_to(actor_of(request)).filter(pk=service_id).first()
    if row is None:
        raise Http404(_("There is no such service."))
    return _edit(request, row)


def _edit(request: HttpRequest, row: Service | None) -> HttpResponse:
    initial = None
    if row is not None:
        initial = {name: getattr(row, name) for name in helping.FIELDS}
        key = bytes(row.envelope_key or b"")
        initial["envelope_key"] = base64.b64encode(key).decode()
    form = _form(request, initial)
    if request.method == "POST" and form.is_valid():
        try:
            helping.store_service(
                actor=actor_of(request), service=row, values=form.cleaned_data, now=timezone.now()
            )
            return redirect("support:services")
        except InputError as error:
            form.add_error(None, str(error.message))
    status = 422 if request.method == "POST" else 200
    return render(request, "support/service.html", {"form": form, "service": row}, status=status)
