"""The second person's page, and what is done there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.alerts import services
from qalqan.desk.alerts.drawing import area_map
from qalqan.desk.alerts.forms import OutcomeForm, ReasonForm
from qalqan.desk.alerts.models import Alert, AlertVersion
from qalqan.desk.alerts.policies import APPROVE, BREAK_GLASS, READ
from qalqan.desk.alerts.preview import outline, previews
from qalqan.desk.alerts.services import signing
from qalqan.desk.alerts.views.finding import message_or_404
from qalqan.desk.alerts.views.words import readable
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import CHANGE, actor_of, guarded, policy_of
from qalqan.errors import (
    ConflictError,
    InputError,
    IntegrityError,
    QalqanError,
    RefusedError,
    SettingsError,
)

S = AlertVersion.State
_TOLD = (ConflictError, InputError, IntegrityError, RefusedError, SettingsError)


@guarded(AlertVersion, READ)
@require_safe
def message(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show a message as people will meet it, read from the very bytes that are signed."""
    version, actor = message_or_404(request, version_id), actor_of(request)
    alert, data = version.alert, bytes(version.xml or b"")
    waits = version.state == S.SUBMITTED
    is_writer = version.drafted_by_id is not None and version.drafted_by_id == getattr(
        actor, "pk", None
    )
    may_approve = policy_of(AlertVersion).allows(actor, APPROVE)
    is_actual = alert.status == Alert.Status.ACTUAL
    shape, seen = (outline(data), previews(data)) if data else (None, [])
    language = (get_language() or "kk")[:2]
    areas = next((one.areas for one in seen if one.language == language), ())
    context = {
        "version": version, "alert": alert,
        "previews": seen,
        "map": area_map(list(places.districts(actor)), shape, areas=areas) if shape else "",
        "areas": areas,
        "xml": data.decode("utf-8") if data else "",
        "warnings": readable(version.warnings),
        "may_write": policy_of(AlertVersion).allows(actor, CHANGE)
        and version.state in (S.DRAFT, S.SUBMITTED),
        "may_approve": waits and may_approve and not is_writer,
        "is_writer": waits and is_writer,
        "may_send_alone": waits and is_writer and is_actual
        and policy_of(Alert).allows(actor, BREAK_GLASS),
        "may_review": version.is_break_glass and version.reviewed_at is None
        and version.approved_at is not None and may_approve and not is_writer,
        "is_over": waits and version.expires_at is not None
        and version.expires_at <= timezone.now(),
        "own_key": waits and signing.is_own_key(),
        "reason_form": ReasonForm(prefix="alone"), "reject_form": ReasonForm(prefix="back"),
        "outcome_form": OutcomeForm(),
    }  # fmt: skip
    return render(request, "alerts/message.html", context)


def _act(
    request: HttpRequest, version_id: int, act: Callable[[AlertVersion], Any], done: str
) -> HttpResponse:
    """Do something with a message, and say on its page what became of it."""
    version = message_or_404(request, version_id)
    try:
        act(version)
    except RefusedError:
        raise
    except _TOLD as error:
        toasts.error(request, _told(error))
    else:
        toasts.success(request, done)
    return redirect("alerts:message", version_id=version.pk)


def _told(error: QalqanError) -> str:
    return str(error.message)


@guarded(AlertVersion, APPROVE)
@require_POST
def approve(request: HttpRequest, version_id: int) -> HttpResponse:
    """Sign the bytes that were shown, and let them leave."""
    shown = request.POST.get("shown_hash", "")
    return _act(
        request, version_id,
        lambda version: services.approve(
            actor=actor_of(request), version=version, shown_hash=shown, now=timezone.now()
        ),
        _("Approved and signed. It is being sent."),
    )  # fmt: skip


@guarded(Alert, BREAK_GLASS)
@require_POST
def send_alone(request: HttpRequest, version_id: int) -> HttpResponse:
    """Send without a second person, in need."""
    form, shown = ReasonForm(request.POST, prefix="alone"), request.POST.get("shown_hash", "")
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _act(
        request, version_id,
        lambda version: services.break_glass(
            actor=actor_of(request), version=version, shown_hash=shown, reason=reason,
            now=timezone.now(),
        ),
        _("Signed and being sent. The others are told that you sent it alone."),
    )  # fmt: skip


@guarded(AlertVersion, APPROVE)
@require_POST
def send_back(request: HttpRequest, version_id: int) -> HttpResponse:
    """Give a message back to its writer."""
    form, shown = ReasonForm(request.POST, prefix="back"), request.POST.get("shown_hash", "")
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _act(
        request, version_id,
        lambda version: services.reject(
            actor=actor_of(request), version=version, shown_hash=shown, reason=reason,
            now=timezone.now(),
        ),
        _("The message went back to its writer."),
    )  # fmt: skip


@guarded(AlertVersion, APPROVE)
@require_POST
def review(request: HttpRequest, version_id: int) -> HttpResponse:
    """Say what came of looking into a message that was sent alone."""
    form = OutcomeForm(request.POST)
    outcome = form.cleaned_data["outcome"] if form.is_valid() else ""
    return _act(
        request, version_id,
        lambda version: services.review(
            actor=actor_of(request), version=version, outcome=outcome, now=timezone.now()
        ),
        _("What was found is kept."),
    )  # fmt: skip


@guarded(AlertVersion, READ)
@require_safe
def cap_file(request: HttpRequest, version_id: int) -> HttpResponse:
    """Send a message's bytes: signed where it left the desk, as shown where it waits."""
    version = message_or_404(request, version_id)
    data = version.signed_xml or version.xml
    if data is None:
        raise Http404(_("This message is still being written."))
    response = HttpResponse(bytes(data), content_type="application/cap+xml")
    name = f"{version.alert_id}-{version.number}.cap.xml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
