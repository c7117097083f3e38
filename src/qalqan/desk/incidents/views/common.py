"""What several pages of the room do alike."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _

from qalqan.desk.incidents import selectors
from qalqan.desk.incidents.models import Analysis, Incident
from qalqan.desk.incidents.selectors import analyses
from qalqan.desk.platform.policies import Actor
from qalqan.errors import ConflictError, InputError


def incident_or_404(actor: Actor, incident_id: int) -> Incident:
    """Return the incident, or say that there is none."""
    found = selectors.incident_for(actor, incident_id)
    if found is None:
        raise Http404(_("There is no such incident."))
    return found


def analysis_or_404(actor: Actor, analysis_id: int) -> Analysis:
    """Return the analysis, or say that there is none."""
    found = analyses.analysis_for(actor, analysis_id)
    if found is None:
        raise Http404(_("There is no such analysis."))
    return found


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Check a form and act; what the service refuses becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except (ConflictError, InputError) as error:
        form.add_error(None, str(error.message))
        return False
    return True
