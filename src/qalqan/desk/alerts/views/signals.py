"""The duty officer's screen of signals, live."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.alerts.models import Signal
from qalqan.desk.alerts.selectors import devices as selectors
from qalqan.desk.alerts.services import signals as services
from qalqan.desk.platform.policies import CHANGE, VIEW, actor_of, guarded, policy_of
from qalqan.desk.platform.ui.streams import event_stream
from qalqan.errors import ConflictError, InputError

PAGE = 20


def _part(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    rows = selectors.open_signals(actor)
    return {
        "signals": rows,
        "newest": selectors.newest_unanswered(rows),
        "unanswered": sum(row.state == Signal.State.NEW for row in rows),
        "may_answer": policy_of(Signal).allows(actor, CHANGE),
    }


@guarded(Signal, VIEW)
@require_safe
def signals(request: HttpRequest) -> HttpResponse:
    """Show the signals that stand, the health of the devices, and what was closed."""
    actor, now = actor_of(request), timezone.now()
    page = Paginator(selectors.closed_signals(actor), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "health": selectors.health(actor, now=now), **_part(request)}
    return render(request, "alerts/signals.html", context)


@guarded(Signal, VIEW)
@require_safe
def signals_part(request: HttpRequest) -> HttpResponse:
    """Return the signals that stand, for a browser that asks every second."""
    answer = render(request, "alerts/_signals.html", _part(request))
    answer["Cache-Control"] = "no-store"
    return answer


@guarded(Signal, VIEW)
@require_safe
def signals_stream(request: HttpRequest) -> HttpResponseBase:
    """Send the signals that stand whenever one comes or changes."""
    actor, language = actor_of(request), get_language()

    def show() -> str:
        # The stream is read after the request's language has been let go.
        with override(language):
            return render_to_string("alerts/_signals.html", _part(request), request=request)

    return event_stream(request, mark=lambda: selectors.signal_mark(actor), render=show)


def _signal_or_404(request: HttpRequest, signal_id: int) -> Signal:
    signal = selectors.signal_for(actor_of(request), signal_id)
    if signal is None:
        raise Http404(_("There is no such signal."))
    return signal


@guarded(Signal, CHANGE)
@require_POST
def acknowledge(request: HttpRequest, signal_id: int) -> HttpResponse:
    """Acknowledge a signal."""
    signal = _signal_or_404(request, signal_id)
    try:
        services.acknowledge(actor=actor_of(request), signal=signal, now=timezone.now())
        toasts.success(request, _("The signal is acknowledged."))
    except ConflictError as error:
        toasts.error(request, str(error.message))
    return redirect("alerts:signals")


@guarded(Signal, CHANGE)
@require_POST
def close(request: HttpRequest, signal_id: int) -> HttpResponse:
    """Close a signal, or mark it a false alarm."""
    signal = _signal_or_404(request, signal_id)
    try:
        services.close_signal(
            actor=actor_of(request),
            signal=signal,
            outcome=request.POST.get("outcome", ""),
            is_false_alarm=request.POST.get("how") == "false",
            now=timezone.now(),
        )
        toasts.success(request, _("The signal is closed."))
    except (ConflictError, InputError) as error:
        toasts.error(request, str(error.message))
    return redirect("alerts:signals")
