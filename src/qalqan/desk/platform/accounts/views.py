"""The administrator's pages of accounts and organisations, and the demo's one-time log-in."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qalqan.desk.platform.accounts import DEMO_FACTOR, selectors, services
from qalqan.desk.platform.accounts.forms import (
    NewUserForm,
    OrganisationForm,
    UserForm,
    UserSearchForm,
)
from qalqan.desk.platform.accounts.loopback import is_loopback
from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    VIEW,
    actor_of,
    guarded,
    policy_of,
    public,
    signed_in,
)
from qalqan.errors import ConflictError, InputError, QalqanError, RefusedError

PAGE_SIZE = 50


def _may(request: HttpRequest, action: str) -> bool:
    return policy_of(User).allows(actor_of(request), action)


@guarded(User, VIEW)
@require_GET
def user_list(request: HttpRequest) -> HttpResponse:
    """Show the accounts, with role, body and whether a second factor is set up."""
    form = UserSearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    rows = selectors.users(actor_of(request), text=text)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "with_factor": selectors.with_second_factor(page.object_list),
        "may_add": _may(request, ADD),
    }
    return render(request, "accounts/user_list.html", context)


def _note_error(form: Any, error: QalqanError) -> None:
    field = error.location.field if error.location else None
    form.add_error(field if field in form.fields else None, str(error.message))


@guarded(User, ADD)
@never_cache
@sensitive_variables("password")
@require_http_methods(["GET", "POST"])
def user_add(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is shown on this answer and nowhere else."""
    actor = actor_of(request)
    form = NewUserForm(
        request.POST or None,
        organisations=selectors.organisations(actor),
        initial={"language": User.Language.KAZAKH},
    )
    if request.method == "POST" and form.is_valid():
        try:
            user, password = services.create_user(
                actor=actor, now=timezone.now(), **form.cleaned_data
            )
        except (InputError, ConflictError) as error:
            _note_error(form, error)
        else:
            context = {"subject": user, "password": password, "is_new": True}
            return render(request, "accounts/password_once.html", context)
    return render(request, "accounts/user_form.html", {"form": form})


@guarded(User, CHANGE)
@require_http_methods(["GET", "POST"])
def user_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one account, and change role, body, language or name."""
    actor = actor_of(request)
    subject = get_object_or_404(selectors.users(actor), pk=pk)
    fields = ("display_name", "role", "organisation", "language", "email")
    form = UserForm(
        request.POST or None,
        organisations=selectors.organisations(actor),
        initial={field: getattr(subject, field) for field in fields},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_user(actor=actor, user=subject, now=timezone.now(), **form.cleaned_data)
        except (InputError, ConflictError) as error:
            _note_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:user", pk=pk)
    context = {
        "form": form,
        "subject": subject,
        "has_factor": bool(selectors.with_second_factor([subject])),
    }
    return render(request, "accounts/user_form.html", context)


def _act(request: HttpRequest, pk: int, act: Any, done: str) -> HttpResponse:
    subject = get_object_or_404(selectors.users(actor_of(request)), pk=pk)
    try:
        act(actor=actor_of(request), user=subject, now=timezone.now())
    except ConflictError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("accounts:user", pk=pk)


@guarded(User, CHANGE)
@require_POST
def user_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account."""
    return _act(request, pk, services.deactivate_user, _("The account is closed."))


@guarded(User, CHANGE)
@require_POST
def user_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed account again."""
    return _act(request, pk, services.reactivate_user, _("The account is open again."))


@guarded(User, CHANGE)
@require_POST
def user_reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a lost second factor."""
    done = _("The second factor is removed. A new one is set up at the next sign-in.")
    return _act(request, pk, services.reset_second_factor, done)


@guarded(User, CHANGE)
@never_cache
@sensitive_variables("password")
@require_POST
def user_reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a new password, shown on this answer and nowhere else."""
    actor = actor_of(request)
    subject = get_object_or_404(selectors.users(actor), pk=pk)
    password = services.reset_password(actor=actor, user=subject, now=timezone.now())
    context = {"subject": subject, "password": password, "is_new": False}
    return render(request, "accounts/password_once.html", context)


@guarded(Organisation, VIEW)
@require_GET
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Show the bodies that work together at this desk."""
    actor = actor_of(request)
    context = {
        "rows": selectors.organisations(actor),
        "may_add": policy_of(Organisation).allows(actor, ADD),
    }
    return render(request, "accounts/organisation_list.html", context)


@guarded(Organisation, ADD)
@require_http_methods(["GET", "POST"])
def organisation_add(request: HttpRequest) -> HttpResponse:
    """Enter a body."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            body = services.create_organisation(
                actor=actor_of(request), now=timezone.now(), **form.cleaned_data
            )
        except InputError as error:
            _note_error(form, error)
        else:
            messages.success(request, _("Entered: %(name)s") % {"name": body.name})
            return redirect("accounts:organisations")
    return render(request, "accounts/organisation_form.html", {"form": form})


@signed_in("Everyone keeps the own password, factors and sessions.")
@require_GET
def own_account(request: HttpRequest) -> HttpResponse:
    """Lead to what a user may do with the own account."""
    return render(request, "accounts/own.html", {"subject": request.user})


@public("It tells those who forgot their password whom to ask.")
@require_GET
def no_reset(request: HttpRequest) -> HttpResponse:
    """Say that the administrator gives new passwords, and accounts."""
    return render(request, "accounts/no_reset.html")


@public("The token in the address is the permission; it works once, on this machine only.")
@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in to the embedded demo desk with a one-time log-in."""
    if request.method == "GET":
        return render(request, "accounts/enter.html", {"token": token})
    try:
        user = services.use_login_link(
            token=token, from_this_machine=is_loopback(request), now=timezone.now()
        )
    except RefusedError as error:
        return render(request, "accounts/enter.html", {"error": error}, status=403)
    login(
        request,
        cast("Any", user),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    request.session[DEMO_FACTOR] = True
    return HttpResponseRedirect("/")
