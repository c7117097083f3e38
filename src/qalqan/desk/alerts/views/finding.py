"""The warning, message or template that an address names."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from qalqan.desk.alerts import selectors
from qalqan.desk.alerts.models import Alert, AlertVersion
from qalqan.desk.platform.policies import actor_of


def message_or_404(request: HttpRequest, version_id: int) -> AlertVersion:
    """Return a message, or answer that there is none."""
    found = selectors.message_for(actor_of(request), version_id)
    if found is None:
        raise Http404(_("There is no such message."))
    return found


def alert_or_404(request: HttpRequest, alert_id: int) -> Alert:
    """Return a warning with its messages, or answer that there is none."""
    found = selectors.alert_for(actor_of(request), alert_id)
    if found is None:
        raise Http404(_("There is no such warning."))
    return found
