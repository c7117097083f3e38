"""Requests to take a site on the list, and files of sites."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.audit.services import record_read
from qalqan.desk.platform.policies import ADD, VIEW, actor_of, guarded, policy_of
from qalqan.desk.platform.sources.taking import BadRowsError, take_upload
from qalqan.desk.protection.forms import DecideForm, RequestForm, TableForm
from qalqan.desk.protection.models import Site, SiteRequest
from qalqan.desk.protection.policies import ASK, DECIDE
from qalqan.desk.protection.selectors import sites as selectors
from qalqan.desk.protection.services import importing
from qalqan.desk.protection.services import sites as services
from qalqan.desk.protection.views.sites import try_act
from qalqan.errors import QalqanError

PAGE = 30


@guarded(SiteRequest, VIEW)
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """Show requests that wait for review, or all of them."""
    actor = actor_of(request)
    show_all = request.GET.get("show") == "all"
    rows = selectors.requests(actor, open_only=not show_all)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "show_all": show_all,
        "may_ask": policy_of(Site).allows(actor, ASK),
    }  # fmt: skip
    return render(request, "protection/request_list.html", context)


@guarded(Site, ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def request_ask(request: HttpRequest) -> HttpResponseBase:
    """Ask that a site be taken on the list."""
    actor = actor_of(request)
    form = RequestForm(request.POST or None, actor=actor)
    form.order_fields(["reason", *form.fields])
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.ask_for_site(
                actor=actor, facts=form.as_facts(), reason=form.cleaned_data["reason"],
                now=timezone.now(), is_another=form.cleaned_data["is_another"],
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("The request waits for review by another person."))
            return redirect("protection:request", made.pk)
    context = {"form": form, "title": _("Ask for a site"), "button": _("Ask"), "site": None}
    return render(request, "protection/form_page.html", context)


@guarded(SiteRequest, VIEW)
@require_safe
def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """Show one request with what is like it in the register."""
    actor = actor_of(request)
    row = selectors.request_for(actor, request_id)
    if row is None:
        raise Http404(_("There is no such request."))
    record_read(actor=actor, subject=row, now=timezone.now())
    may_decide = (
        row.decision == SiteRequest.Decision.OPEN
        and policy_of(SiteRequest).allows(actor, DECIDE)
        and row.asked_by_id != getattr(actor, "pk", None)
    )
    context = {
        "row": row, "site": row.site, "form": DecideForm() if may_decide else None,
        "alike": services.likely_doubles(services.facts_of(row.site), but=row.site_id)
        if may_decide else [],
    }  # fmt: skip
    return render(request, "protection/request_page.html", context)


@guarded(SiteRequest, DECIDE)
@require_POST
def request_decide(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """Decide on a request."""
    actor = actor_of(request)
    row = selectors.request_for(actor, request_id)
    if row is None:
        raise Http404(_("There is no such request."))
    form = DecideForm(request.POST)
    if form.is_valid():
        verdict = services.Verdict(
            form.cleaned_data["decision"] == "accept", form.cleaned_data["grounds"]
        )
        made = try_act(
            form,
            lambda: services.decide_request(
                actor=actor, request=row, verdict=verdict, now=timezone.now()
            ),
        )
        if made is not None:
            messages.success(request, _("The decision is stored."))
            return redirect("protection:request", row.pk)
    context = {"row": row, "site": row.site, "form": form, "alike": []}
    return render(request, "protection/request_page.html", context, status=400)


@guarded(Site, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def site_import(request: HttpRequest) -> HttpResponse:
    """Take a file of sites in: all of it, or none and the reasons."""
    form = TableForm(request.POST or None, request.FILES or None)
    context = {"form": form, "columns": (*importing.COMPULSORY, *importing.OPTIONAL)}
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
    return render(request, "protection/site_import.html", context, status=status)


def _imported(request: HttpRequest, form: TableForm) -> dict[str, object]:
    def take(path: Path, rejects: Path) -> object:
        return importing.import_sites(
            actor=actor_of(request), path=path, now=timezone.now(),
            keep_good=form.cleaned_data["keep_good"], rejects=rejects,
            allow_doubles=form.cleaned_data["allow_doubles"],
        )  # fmt: skip

    report, left = take_upload(form.cleaned_data["file"], take, name="sites.csv")
    return {"report": report, "left_out": left}
