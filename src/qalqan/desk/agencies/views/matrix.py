"""Pages of the matrix: who answers for what where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qalqan.desk.agencies import matters
from qalqan.desk.agencies.forms import EndForm, MatrixFilterForm, PartForm, PartsFileForm
from qalqan.desk.agencies.models import Responsibility
from qalqan.desk.agencies.selectors import matrix as selectors
from qalqan.desk.agencies.selectors.directory import body_for
from qalqan.desk.agencies.services import matrix as services
from qalqan.desk.agencies.services import part_importing
from qalqan.desk.agencies.views.common import GROUP_ROLES, form_page, try_act
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, Actor, actor_of, guarded, policy_of
from qalqan.desk.platform.sources.taking import BadRowsError, take_upload
from qalqan.errors import QalqanError

_MOST_HISTORY = 100


def _list() -> tuple[str, str]:
    return _("Who answers for what"), reverse("agencies:matrix")


@guarded(Responsibility, VIEW)
@require_safe
def matrix_page(request: HttpRequest) -> HttpResponse:
    """Show who leads, helps and is informed: gaps and double leads first."""
    actor = actor_of(request)
    may_add = policy_of(Responsibility).allows(actor, ADD)
    if actor.role in GROUP_ROLES:
        parts = selectors.history(actor)[:_MOST_HISTORY]
        return render(request, "agencies/matrix_own.html", {"parts": parts})
    form = MatrixFilterForm(request.GET or None, actor=actor)
    chosen: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    on = chosen.get("on") or timezone.localdate()
    context = {
        "form": form, "on": on, "may_add": may_add,
        **(_of_place(actor, int(chosen["place"]), on) if chosen.get("place")
           else _of_province(actor, on)),
    }  # fmt: skip
    return render(request, "agencies/matrix.html", context)


def _of_place(actor: Actor, place_id: int, on: Any) -> dict[str, Any]:
    cells = selectors.matrix(actor, place_ids=[place_id], on=on)
    return {
        "place": places.place_for(actor, place_id), "cells": list(cells.values()),
        "faults": selectors.faults(cells.values()),
    }  # fmt: skip


def _of_province(actor: Actor, on: Any) -> dict[str, Any]:
    districts = list(
        places.places(actor).filter(kind="district").exclude(parent__isnull=True)
        .only("pk", "name_kk", "name_ru", "name_en").order_by("kato", "pk")
    )  # fmt: skip
    cells = selectors.matrix(actor, place_ids=[row.pk for row in districts], on=on)
    kinds = matters.known()
    rows = [
        (label, [(district, cells[code, district.pk]) for district in districts])
        for code, label in kinds
    ]
    return {
        "districts": districts, "rows": rows, "faults": selectors.faults(cells.values()),
        "names": {district.pk: district.name for district in districts},
    }  # fmt: skip


@guarded(Responsibility, VIEW)
@require_safe
def matrix_history(request: HttpRequest) -> HttpResponse:
    """Show parts past and present, newest first."""
    actor = actor_of(request)
    rows = selectors.history(actor, matter=request.GET.get("matter", ""))[:_MOST_HISTORY]
    may_change = policy_of(Responsibility).allows(actor, CHANGE)
    context = {"rows": rows, "may_change": may_change, "most": _MOST_HISTORY,
               "words": dict(matters.known())}  # fmt: skip
    return render(request, "agencies/matrix_history.html", context)


@guarded(Responsibility, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def part_set(request: HttpRequest) -> HttpResponseBase:
    """Give a body its part."""
    actor = actor_of(request)
    initial = {name: request.GET[name] for name in ("matter", "area") if name in request.GET}
    form = PartForm(request.POST or None, actor=actor, initial=initial)
    if form.is_valid():
        data = dict(form.cleaned_data)
        area = places.place_for(actor, int(data.pop("area")))
        body = body_for(actor, int(data.pop("body")))
        if area is None or body is None:
            raise Http404
        made = try_act(
            form,
            lambda: services.set_part(
                actor=actor,
                area=area,
                body=body,
                now=timezone.now(),
                **data,
            ),
        )
        if made is not None:
            messages.success(request, _("The part is stored."))
            return redirect("agencies:matrix")
    return form_page(request, form, _("Give a part"), _("Store"), of=_list())


@guarded(Responsibility, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def part_end(request: HttpRequest, part_id: int) -> HttpResponseBase:
    """End a body's part on a day."""
    actor = actor_of(request)
    row = selectors.responsibility_for(actor, part_id)
    if row is None:
        raise Http404
    form = EndForm(request.POST or None, initial={"until": timezone.localdate()})
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.end_part(
                actor=actor, responsibility=row, until=form.cleaned_data["until"],
                now=timezone.now(),
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("The part has ended."))
            return redirect("agencies:matrix_history")
    return form_page(request, form, _("End a part"), _("End"), lead=str(row), of=_list())


@guarded(Responsibility, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def matrix_import(request: HttpRequest) -> HttpResponse:
    """Take a file of parts in: all of it, or none and the reasons."""
    form = PartsFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "form": form, "columns": (*part_importing.COMPULSORY, *part_importing.OPTIONAL),
        "matters": matters.known(), "parts": Responsibility.Part.choices,
    }  # fmt: skip
    status = 200
    if form.is_valid():
        try:
            context |= _imported(request, form)
        except BadRowsError as error:
            context |= {"problems": error.report.problems, "rejected": error.report.rejected}
            status = 400
        except QalqanError as error:
            form.add_error("file", str(error))
            status = 400
    return render(request, "agencies/matrix_import.html", context, status=status)


def _imported(request: HttpRequest, form: PartsFileForm) -> dict[str, object]:
    def take(path: Path, rejects: Path) -> object:
        return part_importing.import_parts(
            actor=actor_of(request), path=path, now=timezone.now(),
            keep_good=form.cleaned_data["keep_good"], rejects=rejects,
        )  # fmt: skip

    report, left = take_upload(form.cleaned_data["file"], take, name="matrix.csv")
    return {"report": report, "left_out": left}
