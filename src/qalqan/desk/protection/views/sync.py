"""What the offline page and the desk say to each other: JSON, each thing under its own number."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qalqan.desk.platform.audit.services import record_read
from qalqan.desk.platform.policies import ADD, actor_of, guarded, public
from qalqan.desk.protection.models import Inspection, InspectionPicture
from qalqan.desk.protection.selectors import inspecting as selectors
from qalqan.desk.protection.services import field, inspecting
from qalqan.desk.protection.services.reading import read_sent
from qalqan.errors import QalqanError, RefusedError

MOST_PICTURE_BYTES = 8 << 20
View = Callable[..., HttpResponse]


def device_of(request: HttpRequest) -> UUID | None:
    """Return the identity that the phone's browser chose; it stands in a header, not in logs."""
    return _uuid(request.headers.get("Qalqan-Device", ""))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def told(view: View) -> View:
    """Answer errors as JSON: 422 for what cannot be stored, 403 for what is refused."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **kwargs)
        except RefusedError as error:
            answer = JsonResponse({"status": "refused", **error.as_dict()}, status=422)
        except QalqanError as error:
            answer = JsonResponse({"status": "invalid", **error.as_dict()}, status=422)
        answer["Cache-Control"] = "no-store"
        return answer

    return wrapper


@public("A phone asks whether anyone is signed in, and whether it must forget everything.")
@require_GET
@told
def hello(request: HttpRequest) -> HttpResponse:
    """Tell a phone who is signed in, the time, and whether to forget."""
    now, actor, device = timezone.now(), actor_of(request), device_of(request)
    if device is None:
        return JsonResponse(
            {"status": "invalid", "message": _("The phone's number is missing.")}, status=422
        )
    met = field.meet_device(
        actor=actor, device_id=device, session_key=request.session.session_key or "", now=now
    )
    return JsonResponse(
        {
            "signed_in": met.may_inspect,
            "user": str(getattr(actor, "pk", "")) if met.may_inspect else "",
            "wipe": met.wipe,
            "forget_plan": met.forget_plan,
            "now": now.isoformat(),
            "csrf": get_token(request),
        }
    )


@public("A phone that was told to forget says that it has.")
@require_POST
@told
def wiped(request: HttpRequest) -> HttpResponse:
    """Note that a phone has forgotten everything."""
    device = device_of(request)
    done = device is not None and field.note_wiped(device_id=device, now=timezone.now())
    return JsonResponse({"status": "noted" if done else "unknown"})


@guarded(Inspection, ADD)
@require_GET
@told
def plan(request: HttpRequest) -> HttpResponse:
    """Hand out the plan that the phone takes along."""
    actor, now = actor_of(request), timezone.now()
    found = selectors.plan_for(actor, now)
    field.note_plan_taken(
        actor=actor, device_id=device_of(request), sites=len(found["sites"]), now=now
    )
    return JsonResponse(found)


@guarded(Inspection, ADD)
@require_POST
@told
def sync(request: HttpRequest) -> HttpResponse:
    """Take one inspection in."""
    actor = actor_of(request)
    sent = read_sent(request.body)
    try:
        taken = inspecting.take_inspection(actor=actor, sent=sent, now=timezone.now())
    except inspecting.OtherContentError as error:
        stored = selectors.stored_answers(actor, error.inspection)
        record_read(actor=actor, subject=error.inspection, now=timezone.now())
        return JsonResponse(
            {"status": "conflict", "message": str(error.message), "stored": stored}, status=409
        )
    row = taken.inspection
    return JsonResponse(
        {
            "status": "stored" if taken.is_new else "known",
            "inspection": row.pk,
            "result": str(row.get_result_display()),
            "next_due_on": row.next_due_on.isoformat(),
            "failed": row.failed_count,
            "notes": list(taken.notes),
        }
    )


@guarded(InspectionPicture, ADD)
@require_POST
@told
def picture(request: HttpRequest) -> HttpResponse:
    """Take one picture of an inspection in."""
    parent = _uuid(request.POST.get("inspection", ""))
    client_id = _uuid(request.POST.get("id", ""))
    upload = request.FILES.get("file")
    if parent is None or client_id is None or upload is None:
        message = _("The picture or its number is missing.")
        return JsonResponse({"status": "invalid", "message": message}, status=422)
    if (upload.size or 0) > MOST_PICTURE_BYTES:
        message = _("The picture is larger than 8 MB.")
        return JsonResponse({"status": "invalid", "message": message}, status=422)
    _row, is_new = inspecting.take_picture(
        actor=actor_of(request), inspection=parent, client_id=client_id,
        code=request.POST.get("question", "")[:40], data=upload.read(), now=timezone.now(),
    )  # fmt: skip
    return JsonResponse({"status": "stored" if is_new else "known"})
