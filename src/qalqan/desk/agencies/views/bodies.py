"""Pages of the directory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.agencies.forms import (
    BodyFilterForm,
    BodyForm,
    ExpertiseForm,
    GrantForm,
    OfficeForm,
    PageForm,
    ReasonForm,
    RegistrationForm,
    TableForm,
    body_initial,
)
from qalqan.desk.agencies.models import Body, Grant, Registration, Responsibility
from qalqan.desk.agencies.policies import KEEP_PAGE
from qalqan.desk.agencies.selectors import directory
from qalqan.desk.agencies.selectors import matrix as matrix_selectors
from qalqan.desk.agencies.services import bodies as services
from qalqan.desk.agencies.services import exporting, importing
from qalqan.desk.agencies.views.common import body_or_404, form_page, try_act
from qalqan.desk.platform.policies import ADD, CHANGE, EXPORT, VIEW, actor_of, guarded, policy_of
from qalqan.desk.platform.sources.taking import BadRowsError, take_upload
from qalqan.errors import QalqanError

PAGE = 50


def _list() -> tuple[str, str]:
    return _("Bodies and groups"), reverse("agencies:bodies")


@guarded(Body, VIEW)
@require_safe
def body_list(request: HttpRequest) -> HttpResponse:
    """Show the directory, narrowed by what stands in the address."""
    actor = actor_of(request)
    form = BodyFilterForm(request.GET, actor=actor)
    rows = directory.bodies(actor, form.as_filter())
    page = Paginator(rows.values_list("pk", flat=True), PAGE).get_page(request.GET.get("page"))
    allows = policy_of(Body).allows
    context = {
        "form": form, "page": page, "bodies": directory.in_list(actor, list(page.object_list)),
        "standing": directory.standing(actor), "own": directory.own_body(actor),
        "may_add": allows(actor, ADD), "may_export": allows(actor, EXPORT),
        "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "agencies/body_list.html", context)


@guarded(Body, VIEW)
@require_safe
def body_page(request: HttpRequest, body_id: int) -> HttpResponse:
    """Show one body: what it is for, its registration, offices, experts, parts and history."""
    actor = actor_of(request)
    body = body_or_404(actor, body_id)
    may_keep = policy_of(Body).allows(actor, KEEP_PAGE, body)
    may_change = policy_of(Body).allows(actor, CHANGE, body)
    may_give = policy_of(Grant).allows(actor, ADD) and body.organisation_id is not None
    context = {
        "body": body,
        "registrations": directory.registrations(actor, body),
        "offices": directory.offices(actor, body),
        "expertise": directory.expertise(actor, body),
        "parts": list(matrix_selectors.history(actor, body=body)[:60])
        if policy_of(Responsibility).allows(actor, VIEW) else [],
        "history": directory.history_of(actor, body),
        "grants": directory.grants(actor, body),
        "may_change": may_change,
        "may_keep": may_keep,
        "may_give": may_give,
        "office_form": OfficeForm() if may_keep else None,
        "expertise_form": ExpertiseForm() if may_keep else None,
        "page_form": PageForm(
            initial={"mandate": body.mandate, "languages": body.languages}
        ) if may_keep and not may_change else None,
        "registration_form": RegistrationForm() if may_change else None,
        "reason_form": ReasonForm() if may_change else None,
        "language_words": _language_words(body),
    }  # fmt: skip
    return render(request, "agencies/body_page.html", context)


def _language_words(body: Body) -> str:
    from qalqan.desk.agencies.forms import LANGUAGE_CHOICES

    words = dict(LANGUAGE_CHOICES)
    return ", ".join(str(words.get(code, code)) for code in body.languages)


@guarded(Body, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def body_add(request: HttpRequest) -> HttpResponseBase:
    """Enter a body."""
    actor = actor_of(request)
    form = BodyForm(request.POST or None, actor=actor)
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.add_body(
                actor=actor, facts=form.as_facts(), now=timezone.now(),
                is_another=form.cleaned_data["is_another"],
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("The body is in the directory as № %(number)s.")
                             % {"number": made.number})  # fmt: skip
            return redirect(made)
    return form_page(request, form, _("Enter a body"), _("Enter"), of=_list())


@guarded(Body, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def body_change(request: HttpRequest, body_id: int) -> HttpResponseBase:
    """Correct what is known of a body."""
    actor = actor_of(request)
    body = body_or_404(actor, body_id)
    form = BodyForm(request.POST or None, actor=actor, initial=body_initial(body))
    del form.fields["is_another"]
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.change_body(
                actor=actor, body=body, facts=form.as_facts(), now=timezone.now()
            ),
        )
        if made is not None:
            messages.success(request, _("The change is stored."))
            return redirect(body)
    return form_page(request, form, _("Correct the body"), _("Store"), above=body, of=_list())


@guarded(Registration, CHANGE)
@require_POST
def registration_set(request: HttpRequest, body_id: int) -> HttpResponseBase:
    """Say how a body is registered from a day on."""
    actor = actor_of(request)
    body = body_or_404(actor, body_id)
    form = RegistrationForm(request.POST)
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.set_registration(
                actor=actor, body=body, now=timezone.now(), **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, _("The registration is stored."))
            return redirect(body)
    return form_page(
        request, form, _("Registration"), _("Store"), above=body, status=400, of=_list()
    )


def _with_reason(request: HttpRequest, body_id: int, act: Any, done: str) -> HttpResponseBase:
    actor = actor_of(request)
    body = body_or_404(actor, body_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        made = try_act(form, lambda: act(actor=actor, body=body, reason=reason, now=timezone.now()))
        if made is not None:
            messages.success(request, done)
            return redirect(body)
    return form_page(request, form, str(body), _("Store"), above=body, status=400, of=_list())


@guarded(Body, CHANGE)
@require_POST
def body_close(request: HttpRequest, body_id: int) -> HttpResponseBase:
    """Close a body's entry."""
    return _with_reason(request, body_id, services.close_body, _("The body is closed."))


@guarded(Body, CHANGE)
@require_POST
def body_reopen(request: HttpRequest, body_id: int) -> HttpResponseBase:
    """Open a closed entry again."""
    return _with_reason(request, body_id, services.reopen_body, _("The body is open again."))


@guarded(Grant, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def grant_give(request: HttpRequest, body_id: int) -> HttpResponseBase:
    """Give an account of the body a right on its page."""
    from qalqan.desk.platform.accounts import selectors as accounts

    actor = actor_of(request)
    body = body_or_404(actor, body_id)
    form = GrantForm(request.POST or None, actor=actor, body=body)
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.give_right(
                actor=actor, body=body, right=form.cleaned_data["right"],
                user=accounts.user(actor, form.cleaned_data["user"]), now=timezone.now(),
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("The right is given."))
            return redirect(body)
    return form_page(
        request, form, _("Give a right"), _("Give"), above=body, of=_list(),
        lead=_("Rights only add: nothing that the account could do before is taken away."),
    )  # fmt: skip


@guarded(Grant, CHANGE)
@require_POST
def grant_take(request: HttpRequest, grant_id: int) -> HttpResponseBase:
    """Take a right back."""
    actor = actor_of(request)
    grant = directory.grant_for(actor, grant_id)
    if grant is None:
        raise Http404
    services.take_right(actor=actor, grant=grant, now=timezone.now())
    messages.success(request, _("The right is taken back."))
    return redirect(grant.body)


@guarded(Body, EXPORT)
@require_safe
def body_export(request: HttpRequest, form: str) -> HttpResponse:
    """Hand the narrowed directory out as CSV or XLSX, marked."""
    actor = actor_of(request)
    if form not in exporting.FORMS:
        raise Http404
    wanted = BodyFilterForm(request.GET, actor=actor).as_filter()
    export = exporting.export_bodies(
        actor=actor, rows=directory.bodies(actor, wanted), form=form, now=timezone.now()
    )
    response = HttpResponse(export.data, content_type=export.content_type)
    response["Content-Disposition"] = f'attachment; filename="{export.name}"'
    return response


@guarded(Body, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def body_import(request: HttpRequest) -> HttpResponse:
    """Take a file of bodies in: all of it, or none and the reasons."""
    form = TableForm(request.POST or None, request.FILES or None)
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
    return render(request, "agencies/body_import.html", context, status=status)


def _imported(request: HttpRequest, form: TableForm) -> dict[str, object]:
    def take(path: Path, rejects: Path) -> object:
        return importing.import_bodies(
            actor=actor_of(request), path=path, now=timezone.now(),
            keep_good=form.cleaned_data["keep_good"], rejects=rejects,
            allow_doubles=form.cleaned_data["allow_doubles"],
        )  # fmt: skip

    report, left = take_upload(form.cleaned_data["file"], take, name="bodies.csv")
    return {"report": report, "left_out": left}
