"""The page for phones, and what it and the desk say to each other."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST, require_safe

from qalqan.desk.outreach.models import Activity, FieldNote, NotePicture, OutreachDevice
from qalqan.desk.outreach.phone_words import WORDS
from qalqan.desk.outreach.selectors import notes as note_selectors
from qalqan.desk.outreach.selectors.phones import choices_for
from qalqan.desk.outreach.services import notes, phones
from qalqan.desk.platform.audit.services import record_read
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, public
from qalqan.desk.platform.privacy.pictures import PictureError
from qalqan.desk.platform.ui import offline
from qalqan.errors import ConflictError, QalqanError, RefusedError

FOLDER = "outreach/phone"
PARTS = (
    *(f"{FOLDER}/{name}.js" for name in ("app", "forms", "store", "sync")),
    f"{FOLDER}/phone.css",
    f"{FOLDER}/icon.svg",
    *offline.SHARED,
)
"""What the page needs besides itself; the service worker keeps them."""
MOST_PICTURE_BYTES = 8 << 20
View = Callable[..., HttpResponse]


def _told(view: View) -> View:
    """Answer errors as JSON: 422 with the reason."""

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


def _device_of(request: HttpRequest) -> UUID | None:
    text = request.headers.get("Qalqan-Device", "")
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


@guarded(FieldNote, ADD)
@require_safe
def phone(request: HttpRequest) -> HttpResponse:
    """Show the page; nothing that anybody wrote is in it."""
    return render(request, "outreach/phone.html", {"words": offline.words_json(WORDS)})


@public("It is a program without data, and a browser renews it without asking anyone.")
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Hand out the service worker, told what to keep."""
    page = reverse("outreach:phone")
    return offline.worker_response(page=page, parts=PARTS, prefix="qalqan-outreach-")


@public("A browser asks for it without saying who is there; it holds names and an icon.")
@require_GET
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """Say how the page is installed on a phone."""
    with override(language):
        return offline.manifest_response(
            page=reverse("outreach:phone"), name=_("Qalqan: events and notes"),
            language=language, icon=f"{FOLDER}/icon.svg",
        )  # fmt: skip


@public("A phone asks whether anyone is signed in, and whether it must forget everything.")
@require_GET
@_told
def hello(request: HttpRequest) -> HttpResponse:
    """Tell a phone who is signed in and whether to forget."""
    actor, device = actor_of(request), _device_of(request)
    if device is None:
        message = _("The phone's number is missing.")
        return JsonResponse({"status": "invalid", "message": message}, status=422)
    met = phones.meet_device(actor=actor, device_id=device, now=timezone.now())
    return JsonResponse(
        {
            "signed_in": met.may_write,
            "user": str(getattr(actor, "pk", "")) if met.may_write else "",
            "wipe": met.wipe,
            "csrf": get_token(request),
        }
    )


@public("A phone that was told to forget says that it has.")
@require_POST
@_told
def wiped(request: HttpRequest) -> HttpResponse:
    """Note that a phone has forgotten everything."""
    device = _device_of(request)
    done = device is not None and phones.note_wiped(device_id=device, now=timezone.now())
    return JsonResponse({"status": "noted" if done else "unknown"})


@guarded(FieldNote, ADD)
@require_GET
@_told
def choices(request: HttpRequest) -> HttpResponse:
    """Hand out the choices of both forms."""
    return JsonResponse(choices_for(actor_of(request)))


@guarded(FieldNote, ADD)
@require_POST
@_told
def send(request: HttpRequest) -> HttpResponse:
    """Take one activity or note in."""
    actor, now = actor_of(request), timezone.now()
    said = phones.read_sent(request.body)
    try:
        if said.get("kind") == "note":
            taken = phones.take_note(actor=actor, said=said, now=now)
            row: Any = taken.note
            is_new = taken.is_new
        else:
            row, is_new = phones.take_activity(actor=actor, said=said, now=now)
    except notes.OtherNoteError as error:
        record_read(actor=actor, subject=error.note, now=now)
        return _conflict(error, _said_by_note(error.note))
    except phones.OtherActivityError as error:
        record_read(actor=actor, subject=error.activity, now=now)
        return _conflict(error, _said_by_activity(error.activity))
    return JsonResponse({"status": "stored" if is_new else "known", "number": row.pk})


def _conflict(error: ConflictError, stored: dict[str, Any]) -> JsonResponse:
    answer = {"status": "conflict", "message": str(error.message), "stored": stored}
    return JsonResponse(answer, status=409)


def _said_by_note(row: FieldNote) -> dict[str, Any]:
    return {
        "theme": str(row.get_theme_display()), "place": row.place.name,
        "seen_at": row.seen_at.isoformat(), "text": row.text,
    }  # fmt: skip


def _said_by_activity(row: Activity) -> dict[str, Any]:
    return {
        "title": row.title, "activity_kind": str(row.get_kind_display()),
        "activity_theme": str(row.get_theme_display()), "place": row.place.name,
        "held_on": row.held_on.isoformat(), "spoken": str(row.get_language_display()),
        "reach": row.reach, "outcome": row.outcome,
    }  # fmt: skip


@guarded(NotePicture, ADD)
@require_POST
@_told
def picture(request: HttpRequest) -> HttpResponse:
    """Take one picture of a note in."""
    actor = actor_of(request)
    numbers = {name: request.POST.get(name, "") for name in ("note", "id")}
    note_id, client_id = (phones.uuid_of(numbers, name) for name in ("note", "id"))
    upload = request.FILES.get("file")
    if upload is None or (upload.size or 0) > MOST_PICTURE_BYTES:
        raise PictureError(_("The picture is missing or larger than 8 MB."))
    note = note_selectors.notes(actor).filter(client_id=note_id).first()
    if note is None:
        raise PictureError(_("There is no such note."))
    _row, is_new = notes.add_picture(
        actor=actor, note=note, data=upload.read(), name=f"{client_id}.jpg",
        client_id=client_id, now=timezone.now(),
    )  # fmt: skip
    return JsonResponse({"status": "stored" if is_new else "known"})


@guarded(OutreachDevice, VIEW)
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """Show the phones that keep activities and notes."""
    rows = note_selectors.devices(actor_of(request))
    return render(request, "outreach/devices.html", {"rows": rows})


@guarded(OutreachDevice, CHANGE)
@require_POST
def device_wipe(request: HttpRequest, device_id: int) -> HttpResponse:
    """Have a phone forget everything when it next meets the desk."""
    actor = actor_of(request)
    row = get_object_or_404(OutreachDevice.objects.visible_to(actor), pk=device_id)
    try:
        phones.ask_wipe(actor=actor, device=row, now=timezone.now())
    except ConflictError as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, _("The phone forgets everything when it next meets the desk."))
    return redirect("outreach:devices")
