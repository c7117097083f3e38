"""Activities by the file: taking in, handing out, and the form for phones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from qalqan.desk.outreach.activity_forms import ActivityFileForm, ActivityFilterForm
from qalqan.desk.outreach.models import Activity
from qalqan.desk.outreach.selectors import activities as selectors
from qalqan.desk.outreach.services import exporting, importing, odk_form
from qalqan.desk.outreach.services.importing import How
from qalqan.desk.platform.policies import ADD, EXPORT, actor_of, guarded
from qalqan.desk.platform.sources.taking import BadRowsError, take_upload
from qalqan.errors import QalqanError

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@guarded(Activity, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def activity_import(request: HttpRequest) -> HttpResponse:
    """Take a file of activities in: all of it, or none and the reasons."""
    actor = actor_of(request)
    form = ActivityFileForm(request.POST or None, request.FILES or None, actor=actor)
    context: dict[str, Any] = {
        "form": form, "columns": (*importing.COMPULSORY, *importing.OPTIONAL)
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
    return render(request, "outreach/activity_import.html", context, status=status)


def _imported(request: HttpRequest, form: ActivityFileForm) -> dict[str, object]:
    body = form.cleaned_data.get("body")

    def take(path: Path, rejects: Path) -> object:
        how = How(keep_good=form.cleaned_data["keep_good"], rejects=rejects,
                  body_id=int(body) if body else None)  # fmt: skip
        return importing.import_activities(
            actor=actor_of(request), path=path, now=timezone.now(), how=how
        )

    report, left = take_upload(form.cleaned_data["file"], take, name="activities.csv")
    return {"report": report, "left_out": left}


@guarded(Activity, EXPORT)
@require_safe
def activity_export(request: HttpRequest, form: str) -> HttpResponse:
    """Hand the narrowed list out as CSV or XLSX, marked."""
    actor = actor_of(request)
    if form not in exporting.FORMS:
        raise Http404
    wanted = ActivityFilterForm(request.GET, actor=actor).as_filter()
    try:
        made = exporting.export_activities(
            actor=actor, rows=selectors.matching(actor, wanted), form=form, now=timezone.now()
        )
    except exporting.InputError as error:
        return HttpResponse(
            str(error.message), status=400, content_type="text/plain; charset=utf-8"
        )
    return _attached(made.data, made.content_type, made.name)


@guarded(Activity, ADD)
@require_safe
def activity_odk_form(request: HttpRequest) -> HttpResponse:
    """Hand out the XLSForm that phones tell of activities with."""
    return _attached(odk_form.workbook(), _XLSX, "qalqan-activity.xlsx")


def _attached(data: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
