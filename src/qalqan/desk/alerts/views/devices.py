"""Devices: their register, their health, and the door at which their messages come in."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.alerts.envelope import MOST_BYTES
from qalqan.desk.alerts.forms_devices import DeviceForm
from qalqan.desk.alerts.models import Device
from qalqan.desk.alerts.selectors import devices as selectors
from qalqan.desk.alerts.services import devices as services
from qalqan.desk.platform.accounts.loopback import sender_of
from qalqan.desk.platform.places.selectors import districts
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, policy_of, public
from qalqan.desk.platform.privacy.limits import RateLimit
from qalqan.errors import ConflictError, InputError

PAGE = 50
WRONG = RateLimit(60, services.REFUSALS.window)
"""Refused messages an address may send in ten minutes before it is not listened to."""


def _page(
    request: HttpRequest, form: DeviceForm | None = None, *, key: str = "", status: int = 200
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    page = Paginator(selectors.devices(actor), PAGE).get_page(request.GET.get("page"))
    policy = policy_of(Device)
    if form is None and policy.allows(actor, ADD):
        form = DeviceForm(districts=districts(actor))
    context = {
        "page": page if page.paginator.count else None,
        "rows": [(device, device.silent_since(now)) for device in page.object_list],
        "form": form,
        "new_key": key,
        "may_change": policy.allows(actor, CHANGE),
    }
    response = render(request, "alerts/devices.html", context, status=status)
    if key:
        response["Cache-Control"] = "no-store"
    return response


@guarded(Device, VIEW)
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """List the devices and their health."""
    return _page(request)


@guarded(Device, ADD)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Register a device and show its key, this once."""
    actor = actor_of(request)
    form = DeviceForm(request.POST, districts=districts(actor))
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        _device, key = services.register_device(
            actor=actor, now=timezone.now(), **form.cleaned_data
        )
    except (ConflictError, InputError) as error:
        form.add_error("code", str(error.message))
        return _page(request, form, status=422)
    return _page(request, key=key.hex())


@guarded(Device, CHANGE)
@require_POST
def change(request: HttpRequest, device_id: int) -> HttpResponse:
    """Give a device a new key, or take it out of use or back."""
    actor, now = actor_of(request), timezone.now()
    device = selectors.device_for(actor, device_id)
    if device is None:
        raise Http404(_("There is no such device."))
    act = request.POST.get("act", "")
    if act == "renew":
        _device, key = services.renew_key(actor=actor, device=device, now=now)
        return _page(request, key=key.hex())
    if act in ("enable", "disable"):
        services.set_device_enabled(actor=actor, device=device, is_enabled=act == "enable", now=now)
        toasts.success(request, _("The device is changed."))
    return redirect("alerts:devices")


@csrf_exempt
@public("Devices seal every message with their own key, which is checked before anything else.")
def take(request: HttpRequest, code: str) -> HttpResponseBase:
    """Take a message of a device over HTTP; all refusals look alike to the sender."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    now, sender = timezone.now(), sender_of(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return JsonResponse({"taken": False}, status=413)
    data = request.read(MOST_BYTES + 1)
    try:
        signal = services.take_message(code=code, data=data, now=now)
    except services.DeviceRefused:
        status = 401 if WRONG.allows(sender, now=now) else 429
        return JsonResponse({"taken": False}, status=status)
    return JsonResponse({"taken": True, "signal": signal.pk if signal else None}, status=202)
