"""Recording an incident by hand: its first report."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qalqan.desk.incidents import services
from qalqan.desk.incidents.forms_recording import RecordForm
from qalqan.desk.incidents.models import Incident
from qalqan.desk.incidents.selectors import doubles
from qalqan.desk.incidents.services.locating import Locator
from qalqan.desk.incidents.services.rows import Context, ParsedIncident, read_desk_row
from qalqan.desk.platform.policies import ADD, Actor, actor_of, guarded
from qalqan.desk.platform.sources.tables import BadFieldError
from qalqan.errors import ConflictError, InputError

NEW = "new"


@guarded(Incident, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def incident_record(request: HttpRequest) -> HttpResponse:
    """Record an incident; what may be the same is shown before anything is stored."""
    actor = actor_of(request)
    form = RecordForm(request.POST or None, actor=actor)
    context: dict[str, Any] = {"form": form, "new": NEW}
    if request.method == "POST" and (parsed := _understood(form)) is not None:
        found = doubles.near(actor, parsed.values)
        decision = request.POST.get("decision", "")
        seen = set(request.POST.get("seen", "").split(","))
        unseen = [one for one in found if str(one.incident.pk) not in seen]
        chosen = next((one for one in found if str(one.incident.pk) == decision), None)
        if chosen is not None or not found or (decision == NEW and not unseen):
            incident = _stored(actor, form, parsed, chosen)
            if incident is not None:
                messages.success(request, _told(chosen is not None))
                return redirect(incident)
        context |= {"doubles": found, "seen": ",".join(str(one.incident.pk) for one in found)}
    # What may be recorded already is a question, no fault of the form.
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "incidents/incident_record.html", context, status=status)


def _understood(form: RecordForm) -> ParsedIncident | None:
    """Read the form as the row of a file is read; what is wrong stands at its field."""
    if not form.is_valid():
        return None
    context = Context(timezone.now(), timezone.get_default_timezone(), Locator())
    try:
        return read_desk_row(form.cells, context)
    except BadFieldError as error:
        form.add_error(error.field if error.field in form.fields else None, error.reason)
    return None


def _stored(
    actor: Actor, form: RecordForm, parsed: ParsedIncident, same: doubles.Double | None
) -> Incident | None:
    if same is not None:
        parsed = replace(parsed, identity=same.incident.identity)
    try:
        return services.record_incident(actor=actor, parsed=parsed, now=timezone.now())
    except (ConflictError, InputError) as error:
        form.add_error(None, str(error.message))
    return None


def _told(is_same: bool) -> str:
    if is_same:
        return _("The report is added to this incident.")
    return _("The incident is recorded. Say what else is known, or ask what is not.")
