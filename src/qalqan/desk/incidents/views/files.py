"""Incidents by the file: taking in and handing out."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from qalqan.desk.incidents import services
from qalqan.desk.incidents.forms import IncidentFilterForm
from qalqan.desk.incidents.forms_recording import IncidentFileForm
from qalqan.desk.incidents.models import Incident
from qalqan.desk.incidents.selectors import asof
from qalqan.desk.incidents.services.exporting import FORMS
from qalqan.desk.incidents.services.rows import DESK
from qalqan.desk.platform.policies import ADD, EXPORT, actor_of, guarded
from qalqan.errors import InputError, QalqanError


@guarded(Incident, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def incident_import(request: HttpRequest) -> HttpResponse:
    """Take a file of incidents in: all of it, or none and the reasons."""
    form = IncidentFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "columns": (*DESK.compulsory, *DESK.optional)}
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            context |= _imported(request, form)
            status = 200
        except services.BadRowsError as error:
            context |= {"problems": error.report.problems, "rejected": error.report.rejected}
        except QalqanError as error:
            field = "column_map" if error.code == "import.bad_map" else "file"
            form.add_error(field, str(error))
    return render(request, "incidents/incident_import.html", context, status=status)


def _imported(request: HttpRequest, form: IncidentFileForm) -> dict[str, object]:
    chosen = form.cleaned_data
    with tempfile.TemporaryDirectory(prefix="qalqan-incidents-") as folder:
        path = _written(chosen["file"], Path(folder, "taken"), "incidents.csv")
        given = chosen.get("column_map")
        column_map = _written(given, Path(folder, "map"), "map.toml") if given else None
        # Beside no name that the file itself may bear.
        rejects = Path(folder, "left-out", "rejects.csv")
        rejects.parent.mkdir()
        report = services.import_incidents(
            actor=actor_of(request), path=path, now=timezone.now(),
            keep_good=chosen["keep_good"], rejects=rejects, layout=chosen["layout"] or None,
            column_map=column_map,
        )  # fmt: skip
        left = rejects.read_text(encoding="utf-8") if rejects.exists() else ""
    return {"report": report, "left_out": left}


def _written(upload: UploadedFile, folder: Path, name: str) -> Path:
    """Write an upload under its own name, which is for the person who reads an error."""
    folder.mkdir()
    path = folder / (Path(str(upload.name)).name or name)
    with path.open("wb") as stream:
        for chunk in upload.chunks():
            stream.write(chunk)
    return path


@guarded(Incident, EXPORT)
@require_safe
def incident_export(
    request: HttpRequest, form: str = "csv"
) -> HttpResponse | StreamingHttpResponse:
    """Send the narrowed ledger, marked, in a form that the import reads."""
    actor = actor_of(request)
    if form not in FORMS:
        raise Http404
    narrowed = IncidentFilterForm(request.GET, actor=actor)
    rows = asof.chosen(actor, narrowed.moment, **narrowed.as_filters())
    try:
        if wrong := narrowed.errors.get("as_of"):
            # A file of today under a day that could not be read would deceive.
            raise InputError(str(wrong[0]))
        made = services.export_incidents(
            actor=actor, rows=rows, form=form, now=timezone.now(), moment=narrowed.moment
        )
    except InputError as error:
        return HttpResponse(
            str(error.message), status=400, content_type="text/plain; charset=utf-8"
        )
    response = StreamingHttpResponse(made.pieces, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["Cache-Control"] = "private, no-store"
    return response
