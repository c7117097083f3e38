"""Warnings at the desk: what holds, what waits, what ended; changing and ending one."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.alerts import selectors, services
from qalqan.desk.alerts.forms import CancelForm
from qalqan.desk.alerts.models import Alert
from qalqan.desk.alerts.policies import READ
from qalqan.desk.alerts.views.finding import alert_or_404
from qalqan.desk.platform.policies import ADD, CHANGE, actor_of, guarded, policy_of
from qalqan.errors import ConflictError, InputError, SettingsError

PAGE = 20


@guarded(Alert, READ)
@require_safe
def warnings(request: HttpRequest) -> HttpResponse:
    """List warnings: what holds, what waits for a second person, drafts, what ended."""
    actor, now = actor_of(request), timezone.now()
    page = Paginator(selectors.over(actor, now=now), PAGE).get_page(request.GET.get("page"))
    newest = selectors.newest_messages(actor, list(page.object_list))
    context = {
        "live": selectors.live(actor, now=now),
        "waiting": list(selectors.waiting(actor)[:50]),
        "unreviewed": list(selectors.unreviewed(actor)[:50]),
        "drafts": list(selectors.drafts(actor)[:50]),
        "page": page,
        "ended": [(one, newest.get(one.pk)) for one in page.object_list],
        "may_write": policy_of(Alert).allows(actor, ADD),
        "now": now,
    }
    return render(request, "alerts/warnings.html", context)


@guarded(Alert, READ)
@require_safe
def warning(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Show one warning with all its messages, and the buttons that change or end it."""
    alert, actor, now = alert_or_404(request, alert_id), actor_of(request), timezone.now()
    listed = alert.newest_first  # type: ignore[attr-defined]
    out = [row for row in listed if row.state in selectors.OUT]
    context = {
        "alert": alert,
        "rows": listed,
        "current": out[0] if out else None,
        "is_live": alert.is_live(now),
        "in_work": next((row for row in listed if row.state in ("draft", "submitted")), None),
        "may_change": policy_of(Alert).allows(actor, CHANGE),
        "cancel_form": CancelForm(),
        "board_url": _board(out[0].pk) if out else "",
        "now": now,
    }
    return render(request, "alerts/warning.html", context)


def _board(version_id: int) -> str:
    try:
        return reverse("alerts:board", args=[version_id])
    except NoReverseMatch:
        return ""


@guarded(Alert, CHANGE)
@require_POST
def update(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Begin an update of a warning that holds."""
    alert = alert_or_404(request, alert_id)
    try:
        version = services.prepare_update(actor=actor_of(request), alert=alert, now=timezone.now())
    except ConflictError as error:
        toasts.error(request, str(error.message))
        return redirect("alerts:warning", alert_id=alert.pk)
    return redirect("alerts:write", version_id=version.pk)


@guarded(Alert, CHANGE)
@require_POST
def cancel(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Write the cancelling of a warning that holds and hand it to a second person."""
    alert, form = alert_or_404(request, alert_id), CancelForm(request.POST)
    if not form.is_valid():
        toasts.error(request, _("Say why it is cancelled."))
        return redirect("alerts:warning", alert_id=alert.pk)
    try:
        version = services.prepare_cancel(
            actor=actor_of(request), alert=alert, why=form.cleaned_data["why"], now=timezone.now()
        )
    except (ConflictError, InputError, SettingsError) as error:
        toasts.error(request, str(error.message))
        return redirect("alerts:warning", alert_id=alert.pk)
    toasts.success(request, _("The cancelling waits for a second person."))
    return redirect("alerts:message", version_id=version.pk)
