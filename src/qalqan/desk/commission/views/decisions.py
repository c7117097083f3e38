"""Pages of decisions, their evidence and their extracts."""

from __future__ import annotations

from collections.abc import Callable

from django import forms as django_forms
from django.contrib import messages as toasts
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.commission import forms
from qalqan.desk.commission.models import Decision, Evidence
from qalqan.desk.commission.paper import extract_pdf
from qalqan.desk.commission.selectors import table as selectors
from qalqan.desk.commission.services import decisions as services
from qalqan.desk.commission.views.common import found
from qalqan.desk.commission.views.table import LANGUAGES
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, policy_of
from qalqan.errors import QalqanError

PAGE = 50


@guarded(Decision, VIEW)
@require_safe
def decision_list(request: HttpRequest) -> HttpResponse:
    """Show what was decided and who owes it, the soonest due first."""
    actor, today = actor_of(request), timezone.localdate()
    form = forms.DecisionFilterForm(request.GET)
    state = (form.cleaned_data["state"] if form.is_valid() else "") or "live"
    rows = selectors.decisions(actor, state=state, today=today)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [{"decision": row, "late": row.days_late(today)} for row in page.object_list],
        "standing": selectors.standing(actor, today),
        "now": timezone.now(),
    }
    return render(request, "commission/decision_list.html", context)


@guarded(Decision, VIEW)
@require_safe
def decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Show a decision: its ground, who owes it, what was shown, what happened."""
    return _page(request, found(selectors.decision_for(actor_of(request), decision_id)))


def _page(
    request: HttpRequest, row: Decision, status: int = 200, **tried: django_forms.Form
) -> HttpResponse:
    actor = actor_of(request)
    may_change = policy_of(Decision).allows(actor, CHANGE) and row.is_live
    may_show = policy_of(Evidence).allows(actor, ADD, row) and row.state == Decision.State.OPEN
    context = {
        "decision": row,
        "late": row.days_late(timezone.localdate()),
        "evidence": selectors.evidence(actor, row),
        "history": selectors.history(actor, row),
        "languages": LANGUAGES,
        "me": getattr(actor, "pk", None),
        "may_judge": policy_of(Evidence).allows(actor, CHANGE),
        "judge_form": tried.get("judge") or forms.JudgeForm(),
        "evidence_form": tried.get("evidence") or (forms.EvidenceForm() if may_show else None),
        "postpone_form": tried.get("postpone")
        or (forms.PostponeForm(prefix="p") if may_change else None),
        "cancel_form": tried.get("cancel")
        or (forms.ReasonForm(prefix="c") if may_change else None),
        "replace_form": tried.get("replace")
        or (forms.ReplaceForm(prefix="r", decision=row) if may_change else None),
    }
    return render(request, "commission/decision.html", context, status=status)


def _done(
    request: HttpRequest, row: Decision, name: str, form: django_forms.Form,
    act: Callable[[], object], told: str,
) -> HttpResponse:  # fmt: skip
    if form.is_valid():
        try:
            act()
        except QalqanError as error:
            field = error.location.field if error.location else None
            form.add_error(field if field in form.fields else None, str(error.message))
        else:
            toasts.success(request, told)
            return redirect(row)
    return _page(request, row, 422, **{name: form})


@guarded(Evidence, ADD)
@require_POST
def show(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Show what was done."""
    actor = actor_of(request)
    row = found(selectors.decision_for(actor, decision_id))
    form = forms.EvidenceForm(request.POST)
    return _done(
        request, row, "evidence", form,
        lambda: services.show_evidence(
            actor=actor, decision=row, now=timezone.now(), **form.cleaned_data
        ),
        _("The evidence is handed in; another person judges it."),
    )  # fmt: skip


@guarded(Evidence, CHANGE)
@require_POST
def judge(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """Accept evidence, or refuse it with a reason."""
    actor = actor_of(request)
    shown = found(selectors.evidence_for(actor, evidence_id))
    row = found(selectors.decision_for(actor, shown.decision_id))
    form = forms.JudgeForm(request.POST)
    return _done(
        request, row, "judge", form,
        lambda: services.judge(
            actor=actor, evidence=shown, accepted=form.cleaned_data["verdict"] == "accept",
            reason=form.cleaned_data["reason"], now=timezone.now(),
        ),
        _("The evidence is judged."),
    )  # fmt: skip


@guarded(Decision, CHANGE)
@require_POST
def postpone(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Give a decision another date."""
    actor = actor_of(request)
    row = found(selectors.decision_for(actor, decision_id))
    form = forms.PostponeForm(request.POST, prefix="p")
    return _done(
        request, row, "postpone", form,
        lambda: services.postpone(
            actor=actor, decision=row, now=timezone.now(), **form.cleaned_data
        ),
        _("The date is moved."),
    )  # fmt: skip


@guarded(Decision, CHANGE)
@require_POST
def cancel(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Cancel a decision."""
    actor = actor_of(request)
    row = found(selectors.decision_for(actor, decision_id))
    form = forms.ReasonForm(request.POST, prefix="c")
    return _done(
        request, row, "cancel", form,
        lambda: services.cancel(
            actor=actor, decision=row, now=timezone.now(), **form.cleaned_data
        ),
        _("The decision is cancelled."),
    )  # fmt: skip


@guarded(Decision, CHANGE)
@require_POST
def replace(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Say that a later decision takes the place of this one."""
    actor = actor_of(request)
    row = found(selectors.decision_for(actor, decision_id))
    form = forms.ReplaceForm(request.POST, prefix="r", decision=row)
    return _done(
        request, row, "replace", form,
        lambda: services.replace(
            actor=actor, decision=row, now=timezone.now(), **form.cleaned_data
        ),
        _("The decision is replaced."),
    )  # fmt: skip


@guarded(Decision, VIEW)
@require_safe
def extract(request: HttpRequest, decision_id: int, language: str) -> HttpResponse:
    """Give a decision alone as a PDF."""
    row = found(selectors.decision_for(actor_of(request), decision_id))
    wanted = language if language in LANGUAGES else "kk"
    response = HttpResponse(extract_pdf(row, wanted), content_type="application/pdf")
    name = f"decision-{row.year}-{row.number}-{wanted}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
