"""Pages of the register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
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
from qalqan.desk.protection.field_forms import TakeAlongForm
from qalqan.desk.protection.forms import (
    EquipmentForm,
    FileForm,
    ReasonForm,
    SiteFilterForm,
    SiteForm,
    site_initial,
)
from qalqan.desk.protection.models import Equipment, Notice, Site, SiteFile, TakenSite, Violation
from qalqan.desk.protection.policies import ASK
from qalqan.desk.protection.selectors import notices as notice_selectors
from qalqan.desk.protection.selectors import sites as selectors
from qalqan.desk.protection.services import equipment as equipment_services
from qalqan.desk.protection.services import exporting, files
from qalqan.desk.protection.services import sites as services
from qalqan.errors import QalqanError

PAGE = 50
_MOST_UPLOAD = 12 * 1024 * 1024


def try_act(form: forms.Form, act: Callable[[], Any]) -> Any | None:
    """Do an act; what the desk refuses is told at the form's field. Return what it made."""
    try:
        return act()
    except QalqanError as error:
        field = error.location.field if error.location else None
        text = f"{error.message} {error.hint or ''}".strip()
        form.add_error(field if field in form.fields else None, text)
        return None


def site_or_404(actor: Actor, site_id: int) -> Site:
    """Return a site that the actor may see."""
    site = selectors.site_for(actor, site_id)
    if site is None:
        raise Http404(_("There is no such site."))
    return site


@guarded(Site, VIEW)
@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    """Show the register: what is due first, narrowed by what stands in the address."""
    actor, today = actor_of(request), timezone.localdate()
    form = SiteFilterForm(request.GET, actor=actor)
    rows = selectors.sites(actor, selectors.SiteFilter(**form.as_filter()), today=today)
    page = Paginator(rows.values_list("pk", flat=True), PAGE).get_page(request.GET.get("page"))
    # The list says when whom is due: a schedule, so that looking at it is noted.
    audit.record_read(actor=actor, subject="protection:register", now=timezone.now())
    allows = policy_of(Site).allows
    context = {
        "form": form,
        "page": page,
        "sites": selectors.in_list(actor, list(page.object_list)),
        "standing": selectors.standing(actor, today=today),
        "today": today,
        "may_add": allows(actor, ADD),
        "may_ask": allows(actor, ASK),
        "may_export": allows(actor, EXPORT),
        "query": request.GET.urlencode(),
    }
    return render(request, "protection/site_list.html", context)


def _take_until(actor: Actor, site: Site) -> date | None:
    """Return the day until which the reader may take a site along."""
    if site.status != Site.Status.LISTED or not policy_of(TakenSite).allows(actor, ADD):
        return None
    return timezone.localdate() + TakeAlongForm.SPAN


@guarded(Site, VIEW)
@require_safe
def site_page(request: HttpRequest, site_id: int) -> HttpResponse:
    """Show one site: what is due, what stands there, what was found, what happened."""
    actor = actor_of(request)
    site = site_or_404(actor, site_id)
    audit.record_read(actor=actor, subject=site, now=timezone.now())
    may_change = policy_of(Site).allows(actor, CHANGE)
    sees_equipment = policy_of(Equipment).allows(actor, VIEW)
    sees_files = policy_of(SiteFile).allows(actor, VIEW)
    context = {
        "site": site,
        "today": timezone.localdate(),
        **_open_at(actor, site),
        "inspections": selectors.inspections_of(actor, site, limit=10),
        "equipment": selectors.equipment_of(actor, site) if sees_equipment else None,
        "files": selectors.files_of(actor, site) if sees_files else None,
        "history": selectors.history_of(actor, site),
        "may_change": may_change,
        "take_until": _take_until(actor, site),
        "file_form": FileForm() if policy_of(SiteFile).allows(actor, ADD) else None,
        "reason_form": ReasonForm() if may_change else None,
    }
    return render(request, "protection/site_page.html", context)


def _open_at(actor: Actor, site: Site) -> dict[str, Any]:
    """Return what is open at a site; nothing, not even its absence, to whom it is closed."""
    found: dict[str, Any] = {"notices": None, "violations": None}
    if policy_of(Notice).allows(actor, VIEW):
        found["notices"] = notice_selectors.live_at(actor, site)
    if policy_of(Violation).allows(actor, VIEW):
        found["violations"] = len(notice_selectors.open_violations(actor, site))
    return found


@guarded(Site, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def site_add(request: HttpRequest) -> HttpResponseBase:
    """Enter a site."""
    actor = actor_of(request)
    form = SiteForm(request.POST or None, actor=actor)
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.add_site(
                actor=actor, facts=form.as_facts(), now=timezone.now(),
                is_another=form.cleaned_data["is_another"],
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("The site is on the list as № %(number)s.")
                             % {"number": made.number})  # fmt: skip
            return redirect(made)
    return _form_page(request, form, _("Enter a site"), _("Enter"))


@guarded(Site, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def site_change(request: HttpRequest, site_id: int) -> HttpResponseBase:
    """Correct what is known of a site."""
    actor = actor_of(request)
    site = site_or_404(actor, site_id)
    form = SiteForm(request.POST or None, actor=actor, initial=site_initial(site))
    del form.fields["is_another"]
    if form.is_valid():
        made = try_act(
            form,
            lambda: services.change_site(
                actor=actor, site=site, facts=form.as_facts(), now=timezone.now()
            ),
        )
        if made is not None:
            messages.success(request, _("The change is stored."))
            return redirect(site)
    audit.record_read(actor=actor, subject=site, now=timezone.now())
    return _form_page(request, form, _("Correct the site"), _("Store"), site=site)


def _form_page(
    request: HttpRequest, form: forms.Form, title: str, button: str, *,
    site: Site | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form, "title": title, "button": button, "site": site,
        "multipart": form.is_multipart(),
    }  # fmt: skip
    return render(request, "protection/form_page.html", context, status=status)


def _with_reason(request: HttpRequest, site_id: int, act: Callable[..., Any],
                 done: str) -> HttpResponseBase:  # fmt: skip
    actor = actor_of(request)
    site = site_or_404(actor, site_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        made = try_act(
            form,
            lambda: act(
                actor=actor, site=site, reason=form.cleaned_data["reason"], now=timezone.now()
            ),
        )
        if made is not None:
            messages.success(request, done)
            return redirect(site)
    return _form_page(request, form, str(site), _("Store"), site=site, status=400)


@guarded(Site, CHANGE)
@require_POST
def site_close(request: HttpRequest, site_id: int) -> HttpResponseBase:
    """Take a site off the list."""
    return _with_reason(request, site_id, services.close_site, _("The site is off the list."))


@guarded(Site, CHANGE)
@require_POST
def site_reopen(request: HttpRequest, site_id: int) -> HttpResponseBase:
    """Put a closed site on the list again."""
    return _with_reason(request, site_id, services.reopen_site, _("The site is on the list again."))


@guarded(Site, EXPORT)
@require_safe
def site_export(request: HttpRequest, form: str) -> HttpResponse:
    """Hand the narrowed register out as CSV or XLSX, marked."""
    actor = actor_of(request)
    if form not in exporting.FORMS:
        raise Http404
    wanted = SiteFilterForm(request.GET, actor=actor).as_filter()
    rows = selectors.sites(
        actor, selectors.SiteFilter(**{**wanted, "order": "number"}), today=timezone.localdate()
    )
    made = exporting.export_sites(actor=actor, rows=rows, form=form, now=timezone.now())
    response = HttpResponse(made.data, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@guarded(SiteFile, ADD)
@require_POST
def file_add(request: HttpRequest, site_id: int) -> HttpResponseBase:
    """Put a picture on file."""
    actor = actor_of(request)
    site = site_or_404(actor, site_id)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        made = try_act(
            form,
            lambda: files.add_site_file(
                actor=actor, site=site, kind=form.cleaned_data["kind"],
                title=form.cleaned_data["title"], data=upload.read(_MOST_UPLOAD + 1),
                name=upload.name, now=timezone.now(),
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("The picture is on file."))
            return redirect(site)
    return _form_page(request, form, _("Add a file"), _("Add"), site=site, status=400)


@guarded(SiteFile, VIEW)
@require_safe
def file_content(request: HttpRequest, file_id: int) -> HttpResponse:
    """Show one file; who looked is noted before it is shown."""
    actor = actor_of(request)
    row = selectors.file_for(actor, file_id)
    if row is None:
        raise Http404(_("There is no such file."))
    stored, data = files.read_site_file(actor=actor, row=row, now=timezone.now())
    return sealed_response(data, stored.content_type, f"site-{row.site_id}-{row.pk}")


def sealed_response(data: bytes, content_type: str, name: str) -> HttpResponse:
    """Send a picture that no browser keeps, guesses about, or runs."""
    suffix = {"image/jpeg": "jpg", "image/png": "png"}.get(content_type, "bin")
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'inline; filename="{name}.{suffix}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@guarded(SiteFile, CHANGE)
@require_POST
def file_remove(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """Take a file off a site's page."""
    actor = actor_of(request)
    row = selectors.file_for(actor, file_id)
    if row is None:
        raise Http404(_("There is no such file."))
    files.remove_site_file(actor=actor, row=row, now=timezone.now())
    messages.success(request, _("The file is removed."))
    return redirect(row.site)


@guarded(Equipment, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def equipment_add(request: HttpRequest, site_id: int) -> HttpResponseBase:
    """Enter what stands at a site."""
    actor = actor_of(request)
    site = site_or_404(actor, site_id)
    form = EquipmentForm(request.POST or None)
    if form.is_valid():
        made = try_act(
            form,
            lambda: equipment_services.add_equipment(
                actor=actor, site=site, facts=form.as_facts(), now=timezone.now()
            ),
        )
        if made is not None:
            messages.success(request, _("The equipment is entered."))
            return redirect(site)
    return _form_page(request, form, _("Enter equipment"), _("Enter"), site=site)


@guarded(Equipment, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def equipment_change(request: HttpRequest, equipment_id: int) -> HttpResponseBase:
    """Correct equipment or its state."""
    actor = actor_of(request)
    row = selectors.equipment_for(actor, equipment_id)
    if row is None or row.site is None:
        raise Http404(_("There is no such equipment."))
    initial = {name: getattr(row, name) for name in EquipmentForm.base_fields}
    form = EquipmentForm(request.POST or None, initial=initial)
    if form.is_valid():
        made = try_act(
            form,
            lambda: equipment_services.change_equipment(
                actor=actor, row=row, facts=form.as_facts(), now=timezone.now()
            ),
        )
        if made is not None:
            messages.success(request, _("The change is stored."))
            return redirect(row.site)
    audit.record_read(actor=actor, subject=row, now=timezone.now())
    return _form_page(request, form, row.label, _("Store"), site=row.site)


@guarded(Equipment, CHANGE)
@require_POST
def equipment_remove(request: HttpRequest, equipment_id: int) -> HttpResponseBase:
    """Note that equipment is no longer there."""
    actor = actor_of(request)
    row = selectors.equipment_for(actor, equipment_id)
    if row is None or row.site is None:
        raise Http404(_("There is no such equipment."))
    equipment_services.remove_equipment(actor=actor, row=row, now=timezone.now())
    messages.success(request, _("The equipment is taken away."))
    return redirect(row.site)
