"""Pages of field notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.outreach.field_forms import AnswerForm, NoteFilterForm, NoteForm
from qalqan.desk.outreach.field_policies import ANSWER
from qalqan.desk.outreach.models import FieldNote, NotePicture
from qalqan.desk.outreach.selectors import notes as selectors
from qalqan.desk.outreach.services import notes as services
from qalqan.desk.platform.policies import ADD, VIEW, Actor, actor_of, guarded, policy_of
from qalqan.errors import ConflictError, QalqanError

PAGE = 50


def try_act(form: forms.Form, act: Callable[[], Any]) -> Any | None:
    """Do an act; what the desk refuses is told at the form's field. Return what it made."""
    try:
        return act()
    except QalqanError as error:
        field = error.location.field if error.location else None
        text = f"{error.message} {error.hint or ''}".strip()
        form.add_error(field if field in form.fields else None, text)
        return None


def _note_or_404(actor: Actor, note_id: int) -> FieldNote:
    row = selectors.note_for(actor, note_id)
    if row is None:
        raise Http404(_("There is no such note."))
    return row


@guarded(FieldNote, VIEW)
@require_safe
def note_list(request: HttpRequest) -> HttpResponse:
    """Show the notes, latest first."""
    actor = actor_of(request)
    form = NoteFilterForm(request.GET)
    wanted = form.wanted()
    rows = selectors.notes(actor, state=wanted["state"], theme=wanted["theme"])
    context = {
        "form": form,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "waiting": selectors.unanswered(actor),
        "may_add": policy_of(FieldNote).allows(actor, ADD),
    }
    return render(request, "outreach/note_list.html", context)


@guarded(FieldNote, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def note_add(request: HttpRequest) -> HttpResponseBase:
    """Write a note."""
    actor, now = actor_of(request), timezone.now()
    form = NoteForm(request.POST or None, request.FILES or None, actor=actor, now=now)
    if form.is_valid():
        made = try_act(form, lambda: _written(request, form, now))
        if made is not None:
            messages.success(request, _("The note is at the desk."))
            return redirect(made)
    status = 422 if form.is_bound else 200
    return render(request, "outreach/note_add.html", {"form": form}, status=status)


@transaction.atomic
def _written(request: HttpRequest, form: NoteForm, now: Any) -> FieldNote:
    """Store the note and its picture together, or neither."""
    actor = actor_of(request)
    note = services.write_note(actor=actor, facts=form.as_facts(), now=now).note
    upload = form.cleaned_data["picture"]
    if upload:
        services.add_picture(
            actor=actor, note=note, data=upload.read(), name=str(upload.name), now=now
        )
    return note


@guarded(FieldNote, VIEW)
@require_safe
def note_page(request: HttpRequest, note_id: int) -> HttpResponse:
    """Show one note and its answer."""
    return _page(request, _note_or_404(actor_of(request), note_id), None)


def _page(
    request: HttpRequest, row: FieldNote, form: AnswerForm | None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    may_answer = policy_of(FieldNote).allows(actor, ANSWER, row)
    is_open = row.state != FieldNote.State.CLOSED
    context = {
        "row": row,
        "pictures": selectors.pictures_of(actor, row),
        "form": (form or AnswerForm()) if may_answer and is_open else None,
    }
    return render(request, "outreach/note_page.html", context, status=status)


@guarded(FieldNote, ANSWER)
@require_POST
def note_answer(request: HttpRequest, note_id: int) -> HttpResponse:
    """Answer a note."""
    actor = actor_of(request)
    row = _note_or_404(actor, note_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["answer"]
        made = try_act(
            form,
            lambda: services.answer_note(actor=actor, note=row, text=text, now=timezone.now()),
        )
        if made is not None:
            messages.success(request, _("The answer is stored."))
            return redirect(row)
    return _page(request, row, form, 422)


@guarded(FieldNote, ANSWER)
@require_POST
def note_close(request: HttpRequest, note_id: int) -> HttpResponse:
    """Close a note."""
    actor = actor_of(request)
    row = _note_or_404(actor, note_id)
    try:
        services.close_note(actor=actor, note=row, now=timezone.now())
    except ConflictError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The note is closed."))
    return redirect(row)


@guarded(NotePicture, VIEW)
@require_safe
def note_picture(request: HttpRequest, picture_id: int) -> HttpResponse:
    """Send a picture of a note; each look is recorded."""
    actor = actor_of(request)
    row = selectors.picture_for(actor, picture_id)
    if row is None:
        raise Http404(_("There is no such picture."))
    data = services.read_picture(actor=actor, picture=row, now=timezone.now())
    answer = HttpResponse(data, content_type=row.content_type)
    answer["Cache-Control"] = "no-store"
    answer["Content-Disposition"] = f'inline; filename="note-{row.note_id}-{row.pk}"'
    return answer
