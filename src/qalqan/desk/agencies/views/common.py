"""What the pages of the room share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from qalqan.desk.agencies.models import Body
from qalqan.desk.agencies.selectors import directory
from qalqan.desk.platform.policies import Actor
from qalqan.errors import QalqanError

GROUP_ROLES = frozenset({"group_worker", "support_worker"})
"""Roles that see their own body's part only."""


def try_act(form: forms.Form, act: Callable[[], Any]) -> Any | None:
    """Do an act; what the desk refuses is told at the form's field. Return what it made."""
    try:
        return act()
    except QalqanError as error:
        field = error.location.field if error.location else None
        text = f"{error.message} {error.hint or ''}".strip()
        form.add_error(field if field in form.fields else None, text)
        return None


def body_or_404(actor: Actor, body_id: int) -> Body:
    """Return a body that the actor may see."""
    body = directory.body_for(actor, body_id)
    if body is None:
        raise Http404(_("There is no such body."))
    return body


def form_page(
    request: HttpRequest, form: forms.Form, title: str, button: str, *, above: Any = None,
    of: tuple[str, str] = ("", ""), status: int = 200, lead: str = "",
) -> HttpResponse:  # fmt: skip
    """Show one form under its title.

    Parameters
    ----------
    above
        What the form is about: something with a name and a page.
    of
        The list that the page belongs to: its label and address.
    """
    context = {
        "form": form, "title": title, "button": button, "above": above,
        "list_label": of[0], "list_url": of[1], "multipart": form.is_multipart(),
        "lead": lead,
    }  # fmt: skip
    return render(request, "agencies/form_page.html", context, status=status)
