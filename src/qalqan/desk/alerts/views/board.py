"""The delivery board of a message, live."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.alerts.models import AlertVersion, Delivery
from qalqan.desk.alerts.selectors import delivery as selectors
from qalqan.desk.alerts.services import resending
from qalqan.desk.platform.policies import CHANGE, VIEW, actor_of, guarded, policy_of
from qalqan.desk.platform.ui.streams import event_stream
from qalqan.errors import ConflictError

LOOK_SECONDS = 1.0
"""A board of a million deliveries is counted at most this often for one reader."""


def _version(request: HttpRequest, version_id: int) -> AlertVersion:
    version = (
        AlertVersion.objects.visible_to(actor_of(request))
        .filter(pk=version_id, approved_at__isnull=False)
        .select_related("alert")
        .first()
    )
    if version is None:
        raise Http404(_("There is no such message."))
    return version


def _part(request: HttpRequest, version: AlertVersion) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    found = selectors.board(actor, version, now=now)
    dispatch = found.dispatch
    is_open = dispatch is not None and not dispatch.is_over and dispatch.deadline > now
    may = policy_of(Delivery).allows(actor, CHANGE)
    is_waiting = is_open and (found.still_to_write or found.is_pending)
    is_seen = selectors.is_sender_seen(actor)
    return {
        "board": found, "version": version, "may_resend": may and is_open, "counted_at": now,
        "nobody_sends": is_waiting and not is_seen,
    }  # fmt: skip


@guarded(Delivery, VIEW)
@require_safe
def board(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show whom a message has reached, and whom not."""
    version = _version(request, version_id)
    return render(request, "alerts/board.html", _part(request, version))


@guarded(Delivery, VIEW)
@require_safe
def board_part(request: HttpRequest, version_id: int) -> HttpResponse:
    """Return the numbers alone, for a browser that asks again and again."""
    version = _version(request, version_id)
    part = render(request, "alerts/_board.html", _part(request, version))
    part["Cache-Control"] = "no-store"
    return part


@guarded(Delivery, VIEW)
@require_safe
def board_stream(request: HttpRequest, version_id: int) -> HttpResponseBase:
    """Send the numbers whenever they change."""
    version, actor, language = _version(request, version_id), actor_of(request), get_language()
    seen = {"at": 0.0, "mark": ""}

    def mark() -> str:
        if time.monotonic() - seen["at"] >= LOOK_SECONDS:  # type: ignore[operator]
            seen["at"], seen["mark"] = time.monotonic(), selectors.board_mark(actor, version)
        return str(seen["mark"])

    def show() -> str:
        # The stream is read after the request's language has been let go.
        with override(language):
            return render_to_string("alerts/_board.html", _part(request, version), request=request)

    return event_stream(request, mark=mark, render=show)


@guarded(Delivery, CHANGE)
@require_POST
def resend(request: HttpRequest, version_id: int) -> HttpResponse:
    """Send a message again to those whom it has not reached."""
    version = _version(request, version_id)
    try:
        count = resending.resend_to_rest(
            actor=actor_of(request), version=version, now=timezone.now()
        )
    except ConflictError as error:
        toasts.error(request, str(error.message))
    else:
        said = ngettext("Sent again to %(n)d.", "Sent again to %(n)d.", count) % {"n": count}
        toasts.success(request, said)
    return redirect("alerts:board", version_id=version.pk)
