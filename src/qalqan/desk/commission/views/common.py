"""What the pages of the commission share: one form, one act, one page of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qalqan.errors import QalqanError


def tried(form: forms.Form, act: Callable[[], Any]) -> Any | None:
    """Do an act; what the desk refuses is told at the form's field. Return what it made."""
    try:
        return act()
    except QalqanError as error:
        field = error.location.field if error.location else None
        form.add_error(field if field in form.fields else None, str(error.message))
        return None


def found(row: Any | None) -> Any:
    """Return a row, or answer that there is none.

    Raises
    ------
    Http404
        It is absent or hidden.
    """
    if row is None:
        raise Http404(_("There is no such thing here."))
    return row


def form_page(
    request: HttpRequest, form: forms.Form, *, title: str, button: str, above: Model | None = None,
    act: Callable[[], Any], told: str,
) -> HttpResponse:  # fmt: skip
    """Show a form on a page of its own; do its act, then show what was made.

    Parameters
    ----------
    above
        The thing that the form belongs to, which has a page.
    act
        What a valid form does; returns something that has a page.
    told
        What is said when it is done.
    """
    status = 200
    if request.method == "POST":
        made = tried(form, act) if form.is_valid() else None
        if made is not None:
            toasts.success(request, told)
            return redirect(made)
        status = 422
    context = {"form": form, "title": title, "button": button, "above": above}
    return render(request, "commission/form_page.html", context, status=status)
