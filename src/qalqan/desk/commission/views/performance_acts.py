"""Acts on indicators: lock a month, correct a figure, comment, set targets, change definitions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qalqan.desk.commission import forms_performance as forms
from qalqan.desk.commission.models import (
    FigureComment,
    LockedFigure,
    PerformanceIndicator,
    PerformanceTarget,
)
from qalqan.desk.commission.performance_charts import written
from qalqan.desk.commission.selectors import performance as selectors
from qalqan.desk.commission.selectors.formulas import Month, formulas_of
from qalqan.desk.commission.services import performance as services
from qalqan.desk.commission.services import performance_locking as locking
from qalqan.desk.commission.views.common import form_page, found, tried
from qalqan.desk.commission.views.performance import ends_of, figure_page
from qalqan.desk.platform.policies import ADD, CHANGE, actor_of, guarded, require

_OFFERED = 12


@guarded(LockedFigure, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: HttpRequest) -> HttpResponse:
    """Show what a month would come to, and lock it."""
    actor, now = actor_of(request), timezone.now()
    months = _open_months(set(selectors.locked_months(actor)))
    given = request.POST if request.method == "POST" else request.GET
    form = forms.MonthForm(given if "month" in given else None, months=months)
    chosen: date | None = months[0] if months else None
    if form.is_bound and form.is_valid():
        chosen = locking.month_of(form.cleaned_data["month"])
    status = 200
    if request.method == "POST":
        month = Month(chosen) if chosen is not None else None
        if (
            form.is_valid()
            and month is not None
            and tried(form, lambda: locking.lock_month(actor=actor, month=month, now=now))
        ):
            toasts.success(request, _("The month is locked."))
            return redirect("commission:performance")
        status = 422
    elif not form.is_bound and chosen is not None:
        form = forms.MonthForm(initial={"month": f"{chosen:%Y-%m}"}, months=months)
    context = {
        "form": form, "month": chosen, "now": now,
        "rows": _preview(Month(chosen)) if chosen is not None and not form.errors else [],
    }  # fmt: skip
    return render(request, "commission/lock.html", context, status=status)


def _open_months(locked: set[date]) -> list[date]:
    """Return the last months that are over and not locked, the oldest not later than a year."""
    month = Month(timezone.localdate().replace(day=1))
    found_months = []
    for _back in range(_OFFERED):
        month = month.before()
        if month.first not in locked:
            found_months.append(month.first)
    return found_months


def _preview(month: Month) -> list[dict[str, Any]]:
    rows = []
    for definition, found_now in locking.preview(month, timezone.now()):
        few = 0 < found_now.n < selectors.LEAST
        value = _("fewer than 5 cases") if few else _("no cases") if not found_now.n else (
            written(found_now.value, definition.unit) if found_now.value is not None
            else _("longer than was observed")
        )  # fmt: skip
        ends = ""
        if not few and found_now.value is not None:
            ends = ends_of(found_now.low, found_now.high, definition.unit)
        rows.append({"definition": definition, "value": value, "ends": ends,
                     "n": None if few else found_now.n})  # fmt: skip
    return rows


@guarded(LockedFigure, ADD)
@require_POST
def correct(request: HttpRequest, figure_id: int) -> HttpResponse:
    """Count a figure again as another version."""
    actor = actor_of(request)
    row = found(selectors.figure_for(actor, figure_id))
    form = forms.CorrectForm(request.POST, prefix="c")
    if form.is_valid():
        made = tried(
            form,
            lambda: locking.correct_figure(
                actor=actor, figure=row, reason=form.cleaned_data["reason"], now=timezone.now()
            ),
        )
        if made is not None:
            toasts.success(request, _("The figure is corrected; the former one stays readable."))
            return redirect(made)
    return figure_page(request, row, 422, correct=form)


@guarded(FigureComment, ADD)
@require_POST
def comment(request: HttpRequest, figure_id: int) -> HttpResponse:
    """Say what the responsible body has to say of a month."""
    actor = actor_of(request)
    row = found(selectors.figure_for(actor, figure_id))
    require(actor, ADD, FigureComment, row.definition.indicator)
    form = forms.FigureCommentForm(request.POST, prefix="t")
    if form.is_valid():
        made = tried(
            form,
            lambda: services.comment(
                actor=actor, indicator=row.definition.indicator, month=row.period_from,
                text=form.cleaned_data["text"], now=timezone.now(),
            ),
        )  # fmt: skip
        if made is not None:
            toasts.success(request, _("The comment stands beside the figure."))
            return redirect(row)
    return figure_page(request, row, 422, comment=form)


@guarded(PerformanceTarget, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def target(request: HttpRequest, code: str) -> HttpResponse:
    """Set a target."""
    actor = actor_of(request)
    row = found(selectors.indicator_for(actor, code))
    first = timezone.localdate().replace(day=1)
    form = forms.TargetForm(request.POST or None, initial={"since": first})
    return form_page(
        request, form, title=_("Set a target"), button=_("Set the target"), above=row,
        act=lambda: services.set_target(
            actor=actor, indicator=row, now=timezone.now(), **form.cleaned_data
        ) and row,
        told=_("The target is set; locked months keep the one they had."),
    )  # fmt: skip


@guarded(PerformanceIndicator, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def responsible(request: HttpRequest, code: str) -> HttpResponse:
    """Say which body answers for an indicator."""
    actor = actor_of(request)
    row = found(selectors.indicator_for(actor, code))
    form = forms.ResponsibleForm(request.POST or None, initial={"organisation": row.responsible_id})
    return form_page(
        request, form, title=_("Say who is responsible"), button=_("Save"), above=row,
        act=lambda: services.set_responsible(
            actor=actor, indicator=row, now=timezone.now(), **form.cleaned_data
        ),
        told=_("The responsible body is entered."),
    )  # fmt: skip


@guarded(PerformanceIndicator, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def define(request: HttpRequest, code: str) -> HttpResponse:
    """Give an indicator another definition from a month on."""
    actor = actor_of(request)
    row = found(selectors.indicator_for(actor, code))
    former = found(next(iter(reversed(selectors.definitions(actor, row))), None))
    names = [f"{field}_{c}" for field in ("name", "definition") for c in ("kk", "ru", "en")]
    initial = {name: getattr(former, name) for name in names} | {"formula": former.formula}
    form = forms.DefinitionForm(
        request.POST or None, formulas=formulas_of(row.code), initial=initial
    )
    return form_page(
        request, form, title=_("Change the definition"), button=_("Enter the definition"),
        above=row,
        act=lambda: services.redefine(
            actor=actor, indicator=row, formula=form.cleaned_data["formula"],
            names=form.said("name"), definitions=form.said("definition"),
            valid_from=form.cleaned_data["valid_from"], reason=form.cleaned_data["reason"],
            now=timezone.now(),
        ) and row,
        told=_("The definition is entered; the former one is drawn beside it for three months."),
    )  # fmt: skip
