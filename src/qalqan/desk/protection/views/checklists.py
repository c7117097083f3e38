"""Pages of checklists and of past inspections."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.audit import services as audit
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
from qalqan.desk.protection.forms import FormFileForm
from qalqan.desk.protection.models import (
    Checklist,
    ChecklistVersion,
    Given,
    Inspection,
    InspectionPicture,
)
from qalqan.desk.protection.selectors import checklists as selectors
from qalqan.desk.protection.selectors import sites as site_selectors
from qalqan.desk.protection.services import checklists as services
from qalqan.desk.protection.services import files, shipped, xlsform
from qalqan.desk.protection.views.sites import sealed_response
from qalqan.errors import QalqanError

PAGE = 50


def _version(actor: Actor, version_id: int) -> ChecklistVersion:
    version = selectors.version_for(actor, version_id)
    if version is None:
        raise Http404(_("There is no such checklist."))
    return version


@guarded(Checklist, VIEW)
@require_safe
def checklist_list(request: HttpRequest) -> HttpResponse:
    """Show every version of every checklist, those in use first."""
    actor = actor_of(request)
    context = {
        "versions": list(selectors.versions(actor)),
        "may_add": policy_of(Checklist).allows(actor, ADD),
        "form": FormFileForm(),
    }
    return render(request, "protection/checklist_list.html", context)


@guarded(Checklist, VIEW)
@require_safe
def checklist_page(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show the questions of a version."""
    actor = actor_of(request)
    version = _version(actor, version_id)
    context = {
        "version": version,
        "sections": selectors.sections(selectors.questions_of(actor, version)),
        "may_change": policy_of(Checklist).allows(actor, CHANGE),
        "may_export": policy_of(Checklist).allows(actor, EXPORT),
    }
    return render(request, "protection/checklist_page.html", context)


@guarded(Checklist, ADD)
@require_POST
def checklist_shipped(request: HttpRequest) -> HttpResponseBase:
    """Put the shipped checklists in use."""
    made = shipped.load_shipped(actor=actor_of(request), now=timezone.now())
    messages.success(request, _("Checklists put in use: %(count)s.") % {"count": len(made)})
    return redirect("protection:checklists")


@guarded(Checklist, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def checklist_import(request: HttpRequest) -> HttpResponseBase:
    """Take a checklist in from XLSForm, as a draft."""
    actor = actor_of(request)
    form = FormFileForm(request.POST or None, request.FILES or None)
    problems: tuple[object, ...] = ()
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            with tempfile.TemporaryDirectory(prefix="qalqan-form-") as folder:
                path = Path(folder, Path(str(upload.name)).name or "form.xlsx")
                path.write_bytes(upload.read(xlsform.LARGEST + 1))
                spec = xlsform.read_form(path)
            version = services.store_version(
                actor=actor, spec=spec, now=timezone.now(), file=str(upload.name)
            )
        except services.ChecklistError as error:
            problems = error.problems
            form.add_error("file", str(error))
        except QalqanError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The checklist is stored as a draft."))
            return redirect("protection:checklist", version.pk)
    context = {"form": form, "problems": problems}
    return render(
        request, "protection/checklist_import.html", context, status=400 if form.errors else 200
    )


@guarded(Checklist, EXPORT)
@require_safe
def checklist_export(request: HttpRequest, version_id: int) -> HttpResponse:
    """Hand a version out as XLSForm."""
    version = _version(actor_of(request), version_id)
    data = xlsform.write_form(services.spec_of(version), version=version.version)
    response = HttpResponse(
        data,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    name = f"{version.checklist.code}-{version.version}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@guarded(Checklist, CHANGE)
@require_POST
def checklist_act(request: HttpRequest, version_id: int, act: str) -> HttpResponseBase:
    """Put a draft in use, or take a version out of use."""
    acts = {"publish": services.publish_version, "retire": services.retire_version}
    if act not in acts:
        raise Http404
    actor = actor_of(request)
    version = _version(actor, version_id)
    try:
        acts[act](actor=actor, version=version, now=timezone.now())
    except QalqanError as error:
        messages.error(request, str(error.message))
    return redirect("protection:checklist", version.pk)


@guarded(Inspection, VIEW)
@require_safe
def inspection_list(request: HttpRequest) -> HttpResponse:
    """Show inspections, newest first."""
    actor = actor_of(request)
    result = request.GET.get("result", "")
    rows = site_selectors.inspections(actor)
    if result in Inspection.Result.values:
        rows = rows.filter(result=result)
    page = Paginator(rows.values_list("pk", flat=True), PAGE).get_page(request.GET.get("page"))
    audit.record_read(actor=actor, subject="protection:inspections", now=timezone.now())
    context = {
        "page": page,
        "inspections": selectors.inspections_in_list(actor, list(page.object_list)),
        "results": [("", _("All"), not result)]
        + [(value, label, value == result) for value, label in Inspection.Result.choices],
    }
    return render(request, "protection/inspection_list.html", context)


@guarded(Inspection, VIEW)
@require_safe
def inspection_page(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Show one inspection: its result, and its answers to those who may see them."""
    actor = actor_of(request)
    inspection = selectors.inspection_for(actor, inspection_id)
    if inspection is None:
        raise Http404(_("There is no such inspection."))
    audit.record_read(actor=actor, subject=inspection, now=timezone.now())
    sees_answers = policy_of(Given).allows(actor, VIEW)
    context = {
        "inspection": inspection,
        "answers": selectors.answers_of(actor, inspection) if sees_answers else None,
    }
    return render(request, "protection/inspection_page.html", context)


@guarded(InspectionPicture, VIEW)
@require_safe
def inspection_picture(request: HttpRequest, picture_id: int) -> HttpResponse:
    """Show a picture of an inspection; who looked is noted before it is shown."""
    actor = actor_of(request)
    picture = selectors.picture_for(actor, picture_id)
    if picture is None:
        raise Http404(_("There is no such picture."))
    data = files.content_of(picture.file)
    audit.record_read(actor=actor, subject=picture, now=timezone.now())
    return sealed_response(data, picture.file.content_type, f"inspection-{picture.pk}")
