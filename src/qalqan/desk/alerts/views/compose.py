"""Writing a warning in three languages, checked while it is written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.alerts import mapping, reaching, selectors, services
from qalqan.desk.alerts.content import Content
from qalqan.desk.alerts.forms import NAMES, BeginForm, ContentForm, initial_of
from qalqan.desk.alerts.models import Alert, AlertVersion
from qalqan.desk.alerts.policies import READ
from qalqan.desk.alerts.preview import previews
from qalqan.desk.alerts.services import checking, drafting
from qalqan.desk.alerts.views.finding import message_or_404
from qalqan.desk.alerts.views.words import readable
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, actor_of, guarded
from qalqan.errors import ConflictError, InputError, SettingsError
from qalqan.science.text.speaking import SYLLABLES_A_SECOND

S = AlertVersion.State


@guarded(Alert, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Choose a template and whether anything has happened."""
    actor = actor_of(request)
    form = BeginForm(request.POST or None, templates=selectors.templates(actor))
    if request.method == "POST" and form.is_valid():
        version = services.start(
            actor=actor, status=form.cleaned_data["status"],
            template=form.cleaned_data["template"], now=timezone.now(),
        )  # fmt: skip
        return redirect("alerts:write", version_id=version.pk)
    context = {"form": form, "has_templates": selectors.templates(actor).exists()}
    status = 422 if request.method == "POST" else 200
    return render(request, "alerts/begin.html", context, status=status)


def _form(actor: Actor, data: Any, content: Content) -> ContentForm:
    seen = places.places(actor).select_related("parent")
    districts = seen.filter(kind=Place.Kind.DISTRICT).order_by("pk")
    settlements = seen.filter(kind=Place.Kind.SETTLEMENT).order_by("name_kk", "pk")
    district_ids = set(districts.values_list("pk", flat=True))
    return ContentForm(
        data,
        districts=districts,
        settlements=settlements,
        reaches=reaching.options(actor, now=timezone.now()),
        minutes=content.minutes,
        initial=initial_of(content, district_ids=district_ids),
    )


@guarded(AlertVersion, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, version_id: int) -> HttpResponse:
    """Fill a message in; keep it, or hand it to a second person."""
    version, actor = message_or_404(request, version_id), actor_of(request)
    if version.state not in (S.DRAFT, S.SUBMITTED):
        return redirect("alerts:message", version_id=version.pk)
    content = Content.from_json(version.content)
    form = _form(actor, request.POST or None, content)
    if request.method == "POST" and form.is_valid():
        handed_over = "submit" in request.POST
        act = services.submit if handed_over else services.save_draft
        try:
            act(actor=actor, version=version, content=form.content(), now=timezone.now())
        except InputError as error:
            _show(form, error)
        except (ConflictError, SettingsError) as error:
            toasts.error(request, str(error.message))
            return redirect("alerts:message", version_id=version.pk)
        else:
            if handed_over:
                toasts.success(request, _("The message waits for a second person."))
                return redirect("alerts:message", version_id=version.pk)
            toasts.success(request, _("Kept. Nothing has been sent."))
            return redirect("alerts:write", version_id=version.pk)
    context = {
        "version": version, "alert": version.alert, "form": form, "columns": form.columns(),
        "last_rejected": _last_rejected(actor, version),
        "check": _checked(actor, version, content) if request.method != "POST" else None,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "alerts/write.html", context, status=status)


def _last_rejected(actor: Actor, version: AlertVersion) -> AlertVersion | None:
    before = selectors.messages(actor).filter(alert=version.alert_id, number__lt=version.number)
    last: AlertVersion | None = before.order_by("-number").first()
    return last if last and last.state == S.REJECTED else None


def _show(form: ContentForm, error: InputError) -> None:
    """Put what is wrong beside its field; a rule of the validator has none."""
    field = error.location.field if error.location else None
    name = {"places": "districts"}.get(field or "", field)
    text = f"{error.message} {error.hint or ''}".strip()
    form.add_error(name if name in form.fields else None, text)


def _checked(actor: Actor, version: AlertVersion, content: Content) -> dict[str, Any]:
    """Return what the live check says: faults, plain words, spoken lengths, previews."""
    status = str(version.alert.status)
    found: dict[str, Any] = {
        "plain": readable(checking.plain_words(content)),
        "lengths": [
            {"name": NAMES[one.language], "seconds": one.seconds, "is_long": one.is_long}
            for one in checking.spoken_lengths(content, status=status)
        ],
        "rate": SYLLABLES_A_SECOND,
        "faults": [], "problem": "", "previews": [],
    }  # fmt: skip
    try:
        data = drafting.trial(actor=actor, version=version, content=content, now=timezone.now())
    except (InputError, ConflictError) as error:
        found["problem"] = f"{error.message} {error.hint or ''}".strip()
    else:
        found["faults"] = checking.faults(data)
        found["is_valid"] = not any(fault.is_error for fault in found["faults"])
        found["previews"] = previews(data)
        found["bytes"] = len(data)
    return found


@guarded(AlertVersion, CHANGE)
@require_POST
def check(request: HttpRequest, version_id: int) -> HttpResponse:
    """Say what is wrong with a message as it stands in the form; nothing is kept."""
    version, actor = message_or_404(request, version_id), actor_of(request)
    form = _form(actor, request.POST, Content.from_json(version.content))
    context: dict[str, Any] = {"version": version, "alert": version.alert, "form": form}
    if form.is_valid():
        context["check"] = _checked(actor, version, form.content())
    return render(request, "alerts/_check.html", context)


@guarded(AlertVersion, CHANGE)
@require_POST
def discard(request: HttpRequest, version_id: int) -> HttpResponse:
    """Throw a draft away."""
    version = message_or_404(request, version_id)
    try:
        services.discard(actor=actor_of(request), version=version, now=timezone.now())
    except ConflictError as error:
        toasts.error(request, str(error.message))
        return redirect("alerts:message", version_id=version.pk)
    toasts.success(request, _("The draft is gone. Nothing had been sent."))
    return redirect("alerts:warnings")


@guarded(AlertVersion, READ)
@require_safe
def map_data(request: HttpRequest) -> HttpResponse:
    """Send the outlines of districts and the settlements for the map on which areas are drawn."""
    response = JsonResponse(mapping.outlines(actor_of(request)))
    response["Cache-Control"] = "private, max-age=300"
    return response
