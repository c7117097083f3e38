"""What the pages of acts on an incident do alike: one form, one button, back to the incident."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qalqan.desk.incidents.models import Incident
from qalqan.desk.incidents.views.common import done


def act_page(
    request: HttpRequest,
    incident: Incident,
    form: forms.Form,
    act: Callable[[], object],
    *,
    title: str,
    button: str,
    told: str,
    **context: Any,
) -> HttpResponse:
    """Show the form of an act, or do it and go back to the incident.

    Parameters
    ----------
    title, button, told
        What the page and its button are called, and what is said when it is done.
    """
    if request.method == "POST" and done(form, act):
        messages.success(request, told)
        return redirect(incident)
    context |= {"form": form, "incident": incident, "title": title, "button": button}
    status = 422 if request.method == "POST" else 200
    return render(request, "incidents/ledger_act.html", context, status=status)
