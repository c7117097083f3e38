"""Equipment plans: what a budget buys where, what is proven, what more money would save."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, EXPORT, VIEW, Actor, actor_of, guarded, policy_of
from qalqan.desk.protection.budget_forms import BudgetForm
from qalqan.desk.protection.models import BudgetPlan, Equipment
from qalqan.desk.protection.selectors import budget as selectors
from qalqan.desk.protection.services import budgets
from qalqan.errors import InputError

LISTED = 25


@guarded(BudgetPlan, VIEW)
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """List the plans, and offer to order another."""
    return _plans_page(request, actor_of(request), None)


def _plans_page(
    request: HttpRequest, actor: Actor, form: BudgetForm | None, *, error: str = ""
) -> HttpResponse:
    rows = selectors.plans(actor)
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    if form is None and policy_of(BudgetPlan).allows(actor, ADD):
        form = BudgetForm(last=page.object_list[0] if page.object_list else None)
    budgets.note_reading(actor=actor, subject="protection.budgets", now=timezone.now())
    context = {"page": page, "form": form, "error": error}
    status = 422 if error or (form and form.is_bound) else 200
    return render(request, "protection/budget_plans.html", context, status=status)


@guarded(BudgetPlan, ADD)
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Order a plan."""
    actor = actor_of(request)
    form = BudgetForm(request.POST)
    if not form.is_valid():
        return _plans_page(request, actor, form)
    try:
        plan = budgets.order_budget(
            actor=actor, budget=form.cleaned_data["budget"],
            floor=form.cleaned_data["floor"] / 100, measures=form.measures(), now=timezone.now(),
        )  # fmt: skip
    except InputError as error:
        return _plans_page(request, actor, form, error=str(error.message))
    return redirect(plan)


@guarded(BudgetPlan, VIEW)
@require_safe
def plan_page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show a plan: what to buy where, the proof, the districts, what other budgets save."""
    actor = actor_of(request)
    plan = _plan_or_404(actor, plan_id)
    page = Paginator(selectors.lines(actor, plan), 100).get_page(request.GET.get("page"))
    budgets.note_reading(actor=actor, subject=plan, now=timezone.now())
    context = {
        "plan": plan,
        "gap_percent": None if plan.gap is None else 100 * plan.gap,
        "page": page,
        "measures": [{**one, "name": Equipment.Kind(one["kind"]).label} for one in plan.measures],
        "districts": _districts(actor, plan),
        "may_export": policy_of(BudgetPlan).allows(actor, EXPORT) and plan.state == "done",
    }
    return render(request, "protection/budget_plan.html", context)


def _districts(actor: Actor, plan: BudgetPlan) -> list[dict[str, Any]]:
    names = {place.pk: place.name for place in places.districts(actor).defer("boundary")}
    return [
        {
            **one,
            "name": names.get(one["place"], _("no district")),
            "share": one["saved"] / one["possible"] if one["possible"] else None,
        }
        for one in plan.districts
    ]


@guarded(BudgetPlan, EXPORT)
@require_safe
def csv_file(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Send a plan as CSV, marked on every row."""
    actor = actor_of(request)
    plan = _plan_or_404(actor, plan_id)
    export = budgets.export_budget(actor=actor, plan=plan, now=timezone.now())
    response = HttpResponse(export.data, content_type=export.content_type)
    response["Content-Disposition"] = f'attachment; filename="{export.name}"'
    return response


def _plan_or_404(actor: Actor, plan_id: int) -> BudgetPlan:
    plan = selectors.plan_for(actor, plan_id)
    if plan is None:
        raise Http404(_("There is no such plan."))
    return plan
