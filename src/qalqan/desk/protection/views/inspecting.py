"""The offline page: the page itself, its service worker, its manifest, what to take along."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST, require_safe

from qalqan.desk.platform.audit.services import record_read
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, public
from qalqan.desk.platform.ui import offline
from qalqan.desk.protection.field_forms import TakeAlongForm
from qalqan.desk.protection.models import FieldDevice, Inspection, TakenSite
from qalqan.desk.protection.page_words import WORDS
from qalqan.desk.protection.selectors import inspecting as selectors
from qalqan.desk.protection.services import field
from qalqan.errors import ConflictError, InputError

FOLDER = "protection/inspect"
PROGRAMS = ("app", "form", "list", "logic", "signature", "store", "sync")
PARTS = (
    *(f"{FOLDER}/{name}.js" for name in PROGRAMS),
    f"{FOLDER}/inspect.css",
    f"{FOLDER}/icon.svg",
    *offline.SHARED,
)
"""What the page needs besides itself; the service worker keeps them."""


@guarded(Inspection, ADD)
@require_safe
def inspect(request: HttpRequest) -> HttpResponse:
    """Show the offline page; nothing about any site is in it."""
    words = offline.words_json(WORDS)
    return render(request, "protection/inspect.html", {"words": words})


@public("It is a program without data, and a browser renews it without asking anyone.")
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Hand out the service worker, told what to keep."""
    page = reverse("protection:inspect")
    return offline.worker_response(page=page, parts=PARTS, prefix="qalqan-inspect-")


@public("A browser asks for it without saying who is there; it holds names and an icon.")
@require_GET
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """Say how the page is installed on a phone."""
    with override(language):
        return offline.manifest_response(
            page=reverse("protection:inspect"), name=_("Qalqan: inspections"),
            language=language, icon=f"{FOLDER}/icon.svg",
        )  # fmt: skip


@guarded(TakenSite, VIEW)
@require_safe
def take_along(request: HttpRequest) -> HttpResponse:
    """Show which sites the inspector takes along, and let them choose more."""
    return _take_along(request, TakeAlongForm())


def _take_along(request: HttpRequest, form: TakeAlongForm, status: int = 200) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    record_read(actor=actor, subject="protection:taken_sites", now=now)
    context = {
        "form": form,
        "taken": selectors.taken_sites(actor, now),
        "due": selectors.due_sites(actor),
        "until": timezone.localdate(now) + form.SPAN,
    }
    return render(request, "protection/take_along.html", context, status=status)


@guarded(TakenSite, ADD)
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take a site along."""
    form = TakeAlongForm(request.POST)
    if not form.is_valid():
        return _take_along(request, form, 422)
    actor = actor_of(request)
    site = form.site_for(actor)
    if site is None:
        form.add_error("number", _("No site has this number."))
        return _take_along(request, form, 422)
    try:
        until = form.cleaned_data["until"]
        field.take_along(actor=actor, site=site, until=until, now=timezone.now())
    except InputError as error:
        where = error.location.field if error.location else None
        form.add_error("until" if where == "until" else "number", str(error.message))
        return _take_along(request, form, 422)
    toasts.success(request, _("“%(site)s” goes along at the next connection.") % {"site": site})
    return redirect("protection:take_along")


@guarded(FieldDevice, VIEW)
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """Show the phones that hold plans."""
    rows = selectors.devices(actor_of(request))
    return render(request, "protection/devices.html", {"rows": rows})


@guarded(FieldDevice, CHANGE)
@require_POST
def device_wipe(request: HttpRequest, device_id: int) -> HttpResponse:
    """Have a phone forget everything when it next meets the desk."""
    actor = actor_of(request)
    row = get_object_or_404(FieldDevice.objects.visible_to(actor), pk=device_id)
    try:
        field.ask_wipe(actor=actor, device=row, now=timezone.now())
    except ConflictError as error:
        toasts.error(request, str(error.message))
    else:
        if not request.session.exists(request.session.session_key or ""):
            # It was this very browser; what was signed out must not be written again.
            logout(request)
        toasts.success(request, _("The phone forgets everything when it next meets the desk."))
    return redirect("protection:devices")
