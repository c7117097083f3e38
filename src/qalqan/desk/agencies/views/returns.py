"""Pages of monthly returns: made here, received from provinces, and the nation's month."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.agencies import nation_map
from qalqan.desk.agencies.forms import KeyForm, MonthForm, ReturnFilesForm
from qalqan.desk.agencies.models import ProvinceKey, Return
from qalqan.desk.agencies.policies import TRUST
from qalqan.desk.agencies.selectors import nation as selectors
from qalqan.desk.agencies.services import keys as key_services
from qalqan.desk.agencies.services import monthly
from qalqan.desk.agencies.views.common import form_page, try_act
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, EXPORT, VIEW, actor_of, guarded, policy_of

_MOST = 200


def _list() -> tuple[str, str]:
    return _("Monthly returns"), reverse("agencies:returns")


@guarded(Return, VIEW)
@require_safe
def return_list(request: HttpRequest) -> HttpResponse:
    """Show the returns made here and received."""
    actor = actor_of(request)
    may_add = policy_of(Return).allows(actor, ADD)
    context = {
        "rows": selectors.all_returns(actor)[:_MOST], "may_add": may_add,
        "is_national": settings.QALQAN_NATIONAL,
        "key_id": key_services.own_key_id() if may_add else "",
        "sees_keys": policy_of(ProvinceKey).allows(actor, VIEW),
    }  # fmt: skip
    return render(request, "agencies/return_list.html", context)


@guarded(Return, VIEW)
@require_safe
def return_page(request: HttpRequest, return_id: int) -> HttpResponse:
    """Show one return and the other editions of its month."""
    actor = actor_of(request)
    row = selectors.return_for(actor, return_id)
    if row is None:
        raise Http404(_("There is no such return."))
    context = {
        "row": row, "lines": selectors.lines_of(actor, row),
        "editions": selectors.editions(actor, row),
        "may_export": policy_of(Return).allows(actor, EXPORT),
    }  # fmt: skip
    return render(request, "agencies/return_page.html", context)


@guarded(Return, EXPORT)
@require_safe
def return_file(request: HttpRequest, return_id: int) -> HttpResponse:
    """Hand the signed file out."""
    row = selectors.return_for(actor_of(request), return_id)
    if row is None:
        raise Http404(_("There is no such return."))
    data = monthly.export_return(actor=actor_of(request), row=row, now=timezone.now())
    name = f"return-{row.province.kato or row.province_id}-{row.month:%Y-%m}-{row.edition}.json"
    response = HttpResponse(data, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@guarded(Return, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def return_make(request: HttpRequest) -> HttpResponseBase:
    """Count, protect and sign a month of this province."""
    actor = actor_of(request)
    today = timezone.localdate()
    last = date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)
    form = MonthForm(request.POST or None, initial={"month": last})
    if form.is_valid():
        made = try_act(
            form,
            lambda: monthly.make_return(
                actor=actor, province=monthly.own_province(), now=timezone.now(),
                month=form.cleaned_data["month"],
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("The return is made and signed."))
            return redirect(made)
    lead = _(
        "Counts only, by district. What is small is withheld, with as much else as keeps it from "
        "being computed. A month that was returned before gets its next edition."
    )
    return form_page(request, form, _("Make a return"), _("Count and sign"), lead=lead, of=_list())


@guarded(Return, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def return_import(request: HttpRequest) -> HttpResponseBase:
    """Take returns of provinces in: all files or none."""
    actor = actor_of(request)
    form = ReturnFilesForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        files = [(str(one.name), one.read()) for one in form.cleaned_data["documents"]]
        made = try_act(
            form, lambda: monthly.import_returns(actor=actor, files=files, now=timezone.now())
        )
        if made is not None:
            words = {"stored": _("new"), "replaced": _("corrects an earlier edition"),
                     "known": _("known already")}  # fmt: skip
            for (name, _data), one in zip(files, made, strict=True):
                messages.success(request, f"{name}: {words[one.outcome]}")
            return redirect("agencies:returns")
    return form_page(request, form, _("Take returns in"), _("Take in"), of=_list())


@guarded(Return, VIEW)
@require_safe
def nation(request: HttpRequest) -> HttpResponse:
    """Show one month of all provinces, with what is missing."""
    actor = actor_of(request)
    months = selectors.months(actor)
    month = _month(request.GET.get("month", "")) or (months[0] if months else None)
    context: dict[str, Any] = {
        "months": months, "month": month, "is_national": settings.QALQAN_NATIONAL
    }  # fmt: skip
    if month is not None:
        found = selectors.nation(actor, month=month)
        code = request.GET.get("count", "") or (found.sums[0].code if found.sums else "")
        chosen = next((one for one in found.sums if one.code == code), None)
        title = chosen.label if chosen else _("Returns of the month")
        context |= {
            "nation": found, "chosen": chosen, "title": title,
            "map": SafeString(nation_map.draw(found, code=code, title=title)),
        }  # fmt: skip
    return render(request, "agencies/nation.html", context)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


@guarded(ProvinceKey, VIEW)
@require_safe
def key_list(request: HttpRequest) -> HttpResponse:
    """Show whose signatures are believed, and this desk's own key."""
    actor = actor_of(request)
    context = {
        "rows": selectors.keys(actor), "may_trust": policy_of(ProvinceKey).allows(actor, TRUST),
        "key_id": key_services.own_key_id(), "pem": key_services.own_public_pem(),
    }  # fmt: skip
    return render(request, "agencies/key_list.html", context)


@guarded(ProvinceKey, TRUST)
@require_http_methods(["GET", "HEAD", "POST"])
def key_trust(request: HttpRequest) -> HttpResponseBase:
    """Believe a province's key."""
    actor = actor_of(request)
    form = KeyForm(request.POST or None, actor=actor)
    if form.is_valid():
        province = places.place_for(actor, int(form.cleaned_data["province"]))
        made = try_act(
            form,
            lambda: key_services.trust_key(
                actor=actor, province=province, pem=form.cleaned_data["pem"].encode(),
                now=timezone.now(),
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("The key is trusted: %(name)s") % {"name": made.key_id})
            return redirect("agencies:keys")
    return form_page(request, form, _("Trust a key"), _("Trust"), of=_list())


@guarded(ProvinceKey, TRUST)
@require_POST
def key_revoke(request: HttpRequest, key_id: int) -> HttpResponseBase:
    """Believe a key no longer."""
    actor = actor_of(request)
    row = selectors.key_for(actor, key_id)
    if row is None:
        raise Http404
    key_services.revoke_key(actor=actor, key=row, now=timezone.now())
    messages.success(request, _("The key is not trusted any more."))
    return redirect("agencies:keys")
