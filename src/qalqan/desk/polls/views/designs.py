"""Questionnaires and sampling frames."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    EXPORT,
    VIEW,
    Actor,
    actor_of,
    guarded,
    policy_of,
)
from qalqan.desk.polls import selectors
from qalqan.desk.polls.forms import FormFileForm, FrameForm
from qalqan.desk.polls.models import Questionnaire, QuestionnaireVersion, SamplingFrame
from qalqan.desk.polls.services import frames, questionnaires, xlsform
from qalqan.desk.polls.views.common import try_act, uploaded
from qalqan.errors import QalqanError

PAGE = 100


def _version(actor: Actor, version_id: int) -> QuestionnaireVersion:
    version = selectors.version_for(actor, version_id)
    if version is None:
        raise Http404(_("There is no such questionnaire."))
    return version


@guarded(Questionnaire, VIEW)
@require_safe
def questionnaire_list(request: HttpRequest) -> HttpResponse:
    """Show every version of every questionnaire."""
    actor = actor_of(request)
    context = {
        "versions": list(selectors.versions(actor)),
        "may_add": policy_of(Questionnaire).allows(actor, ADD),
    }
    return render(request, "polls/questionnaires.html", context)


@guarded(Questionnaire, VIEW)
@require_safe
def questionnaire_page(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show the questions of a version."""
    actor = actor_of(request)
    version = _version(actor, version_id)
    context = {
        "version": version,
        "questions": selectors.questions(actor, version),
        "may_change": policy_of(Questionnaire).allows(actor, CHANGE)
        and version.state == QuestionnaireVersion.State.DRAFT,
        "may_export": policy_of(Questionnaire).allows(actor, EXPORT),
    }
    return render(request, "polls/questionnaire.html", context)


@guarded(Questionnaire, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_import(request: HttpRequest) -> HttpResponseBase:
    """Take a questionnaire in from XLSForm, as a draft."""
    actor = actor_of(request)
    form = FormFileForm(request.POST or None, request.FILES or None)
    problems: tuple[Any, ...] = ()
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            with uploaded(upload, "form.xlsx") as path:
                spec = xlsform.read_form(path)
            version = questionnaires.store_version(
                actor=actor, spec=spec, now=timezone.now(), file=str(upload.name)
            )
        except questionnaires.QuestionnaireError as error:
            problems = error.problems
            form.add_error("file", str(error))
        except QalqanError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The questionnaire is stored as a draft."))
            return redirect("polls:questionnaire", version.pk)
    context = {
        "form": form, "problems": problems, "title": _("Take in an XLSForm"),
        "button": _("Take in"), "multipart": True,
    }  # fmt: skip
    return render(request, "polls/form_page.html", context, status=400 if form.errors else 200)


@guarded(Questionnaire, EXPORT)
@require_safe
def questionnaire_export(request: HttpRequest, version_id: int) -> HttpResponse:
    """Hand a version out as XLSForm."""
    version = _version(actor_of(request), version_id)
    data = xlsform.write_form(questionnaires.spec_of(version), version=version.version)
    response = HttpResponse(
        data, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    name = f"{version.questionnaire.code}-{version.version}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@guarded(Questionnaire, CHANGE)
@require_POST
def questionnaire_publish(request: HttpRequest, version_id: int) -> HttpResponseBase:
    """Put a draft in use."""
    actor = actor_of(request)
    version = _version(actor, version_id)
    try:
        questionnaires.publish_version(actor=actor, version=version, now=timezone.now())
    except QalqanError as error:
        messages.error(request, str(error.message))
    return redirect("polls:questionnaire", version.pk)


@guarded(SamplingFrame, VIEW)
@require_safe
def frame_list(request: HttpRequest) -> HttpResponse:
    """Show the sampling frames."""
    actor = actor_of(request)
    context = {
        "frames": list(selectors.frames(actor)),
        "may_add": policy_of(SamplingFrame).allows(actor, ADD),
    }
    return render(request, "polls/frames.html", context)


@guarded(SamplingFrame, VIEW)
@require_safe
def frame_page(request: HttpRequest, frame_id: int) -> HttpResponse:
    """Show the areas of a frame."""
    frame = selectors.frame_for(actor_of(request), frame_id)
    if frame is None:
        raise Http404(_("There is no such frame."))
    page = Paginator(frame.units.all(), PAGE).get_page(request.GET.get("page"))
    return render(request, "polls/frame.html", {"frame": frame, "page": page})


@guarded(SamplingFrame, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def frame_add(request: HttpRequest) -> HttpResponseBase:
    """Make a frame of parts of districts, or read one from a file."""
    actor = actor_of(request)
    form = FrameForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        made = try_act(form, lambda: _frame(actor, form.cleaned_data))
        if made is not None:
            messages.success(request, _("The frame is stored."))
            return redirect("polls:frame", made.pk)
    context = {
        "form": form, "title": _("New frame"), "button": _("Store"), "multipart": True,
    }  # fmt: skip
    return render(request, "polls/form_page.html", context, status=400 if form.errors else 200)


def _frame(actor: Actor, data: dict[str, Any]) -> SamplingFrame:
    now = timezone.now()
    if not data["file"]:
        return frames.frame_from_places(
            actor=actor, name=data["name"], people=data["people"] or 3000, now=now
        )
    with uploaded(data["file"], "frame.csv") as path:
        return frames.import_frame(
            actor=actor, path=path, name=data["name"], origin=data["origin"] or path.name, now=now
        )
