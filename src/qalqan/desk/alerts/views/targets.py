"""Where warnings go: the list of targets, adding one, taking one out of use."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.alerts.forms_delivery import TargetForm
from qalqan.desk.alerts.models import Target
from qalqan.desk.alerts.selectors import delivery as selectors
from qalqan.desk.alerts.services import targets as services
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, policy_of
from qalqan.errors import QalqanError


def _form(request: HttpRequest, *, bound: bool = False) -> TargetForm:
    districts = places.districts(actor_of(request)).defer("boundary")
    return TargetForm(request.POST if bound else None, districts=districts)


def _show(
    request: HttpRequest, form: TargetForm, *, secret: str = "", status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "rows": selectors.targets(actor),
        "form": form if policy_of(Target).allows(actor, ADD) else None,
        "secret": secret,
    }
    response = render(request, "alerts/targets.html", context, status=status)
    if secret:
        response["Cache-Control"] = "no-store"
    return response


@guarded(Target, VIEW)
@require_safe
def targets(request: HttpRequest) -> HttpResponse:
    """List the targets and how each does."""
    return _show(request, _form(request))


@guarded(Target, ADD)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add a target; its secret is shown once."""
    form = _form(request, bound=True)
    if form.is_valid():
        given = dict(form.cleaned_data)
        district = given.pop("district")
        data = services.TargetData(**given, district_id=district.pk if district else None)
        try:
            _target, secret = services.add_target(
                actor=actor_of(request), data=data, now=timezone.now()
            )
        except QalqanError as error:
            field = error.location.field if error.location else None
            form.add_error(field if field in form.fields else None, str(error.message))
        else:
            shown = "" if given["secret"] else secret
            return _show(request, _form(request), secret=shown)
    return _show(request, form, status=422)


@guarded(Target, CHANGE)
@require_POST
def switch(request: HttpRequest, target_id: int) -> HttpResponse:
    """Take a target out of use, or back."""
    actor = actor_of(request)
    target = Target.objects.visible_to(actor).filter(pk=target_id).first()
    if target is None:
        raise Http404(_("There is no such target."))
    services.set_target_enabled(
        actor=actor, target=target, is_enabled=not target.is_enabled, now=timezone.now()
    )
    toasts.success(request, _("The target was changed."))
    return redirect("alerts:targets")
