"""Pages of accounts at the desk: written, sent back, published by another, corrected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages as toasts
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.commission import forms_accounts as forms
from qalqan.desk.commission.models import Account
from qalqan.desk.commission.selectors import accounts as selectors
from qalqan.desk.commission.services import accounts as services
from qalqan.desk.commission.views.common import found, tried
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, policy_of
from qalqan.errors import QalqanError

PAGE = 30


@guarded(Account, VIEW)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts with where they stand."""
    actor = actor_of(request)
    context = {
        "page": Paginator(selectors.accounts(actor), PAGE).get_page(request.GET.get("page")),
        "may_add": policy_of(Account).allows(actor, ADD),
    }
    return render(request, "commission/accounts.html", context)


@guarded(Account, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def account_new(request: HttpRequest) -> HttpResponse:
    """Write an account."""
    form = forms.AccountForm(request.POST or None, initial={"happened_on": timezone.localdate()})

    def act() -> Account:
        data = form.cleaned_data
        return services.write_account(
            actor=actor_of(request), about=data["about"], happened_on=data["happened_on"],
            texts=form.texts(), harm=form.harm(), url=data["url"], now=timezone.now(),
        )  # fmt: skip

    return _written(request, form, _("Write an account"), None, act)


@guarded(Account, VIEW)
@require_safe
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show an account with all its versions and what can be done now."""
    actor = actor_of(request)
    row = found(selectors.account_for(actor, account_id))
    versions = selectors.versions(actor, row)
    newest = versions[0]
    may_change = policy_of(Account).allows(actor, CHANGE)
    waits = may_change and row.state == Account.State.WAITING
    is_writer = newest.written_by_id == getattr(actor, "pk", None)
    context = {
        "account": row, "versions": versions, "newest": newest, "headings": selectors.headings(),
        "may_write": policy_of(Account).allows(actor, ADD) and row.withdrawn_at is None,
        "may_publish": waits and not is_writer, "is_writer": waits and is_writer,
        "send_back_form": forms.SendBackForm() if waits else None,
        "withdraw_form": forms.WithdrawForm()
        if may_change and row.published_at and not row.withdrawn_at else None,
        "languages": forms.NAMES.items(),
    }  # fmt: skip
    return render(request, "commission/account.html", context)


@guarded(Account, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def account_version(request: HttpRequest, account_id: int) -> HttpResponse:
    """Write a new version, or a correction of what is published."""
    actor = actor_of(request)
    row = found(selectors.account_for(actor, account_id))
    newest = selectors.versions(actor, row)[0]
    form = forms.AccountForm(request.POST or None, version=newest)

    def act() -> Account:
        services.write_version(
            actor=actor, account=row, texts=form.texts(), harm=form.harm(), now=timezone.now()
        )
        return row

    title = _("Correct the account") if row.published_at else _("Write a new version")
    return _written(request, form, title, row, act)


def _written(
    request: HttpRequest, form: Any, title: str, above: Account | None, act: Callable[[], Account]
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        made = tried(form, act) if form.is_valid() else None
        if made is not None:
            toasts.success(request, _("It waits for a second person now."))
            return redirect(made)
        status = 422
    context = {"form": form, "title": title, "above": above}
    return render(request, "commission/account_form.html", context, status=status)


@guarded(Account, CHANGE)
@require_POST
def account_publish(request: HttpRequest, account_id: int, number: int) -> HttpResponse:
    """Publish the version that waits."""
    actor = actor_of(request)
    row = found(selectors.account_for(actor, account_id))
    try:
        version = services.publish(actor=actor, account=row, number=number, now=timezone.now())
    except QalqanError as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, _("The account is published."))
        if version.release is not None and version.release.reasons:
            toasts.warning(request, _("The counts were refused and are withheld; see releases."))
    return redirect(row)


@guarded(Account, CHANGE)
@require_POST
def account_send_back(request: HttpRequest, account_id: int, number: int) -> HttpResponse:
    """Send the version that waits back to its writer."""
    row = found(selectors.account_for(actor_of(request), account_id))
    form = forms.SendBackForm(request.POST)

    def act() -> Any:
        return services.send_back(
            actor=actor_of(request), account=row, number=number,
            reason=form.cleaned_data["reason"], now=timezone.now(),
        )  # fmt: skip

    return _told(request, form, row, act, _("It is sent back to its writer."))


@guarded(Account, CHANGE)
@require_POST
def account_withdraw(request: HttpRequest, account_id: int) -> HttpResponse:
    """Withdraw a published account."""
    row = found(selectors.account_for(actor_of(request), account_id))
    form = forms.WithdrawForm(request.POST)

    def act() -> Any:
        return services.withdraw(
            actor=actor_of(request), account=row, reasons=form.texts(),
            hides_text=form.cleaned_data["hides_text"], now=timezone.now(),
        )  # fmt: skip

    return _told(request, form, row, act, _("The account is withdrawn."))


def _told(
    request: HttpRequest, form: Any, row: Any, act: Callable[[], Any], said: str
) -> HttpResponse:
    """Do an act from a form on the thing's own page, and say there how it went."""
    if form.is_valid() and tried(form, act) is not None:
        toasts.success(request, said)
    else:
        for errors in form.errors.values():
            toasts.error(request, " ".join(str(error) for error in errors))
    return redirect(row)
