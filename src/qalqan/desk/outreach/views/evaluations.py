"""Pages of evaluations."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from qalqan.desk.outreach.evaluation_forms import FORMS
from qalqan.desk.outreach.models import Evaluation
from qalqan.desk.outreach.selectors import evaluations as selectors
from qalqan.desk.outreach.services.evaluating import evaluate
from qalqan.desk.outreach.views.notes import try_act
from qalqan.desk.platform.policies import ADD, VIEW, actor_of, guarded, policy_of

PAGE = 50
METHODS = {
    "newcombe": gettext_lazy("Newcombe's hybrid score interval of two shares"),
    "tango": gettext_lazy("Tango's score interval of paired shares"),
    "paired_t": gettext_lazy("Student's interval of paired differences"),
    "welch": gettext_lazy("Welch's interval of two means"),
    "districts": gettext_lazy("Permutation of whole districts"),
}


@guarded(Evaluation, VIEW)
@require_safe
def evaluation_list(request: HttpRequest) -> HttpResponse:
    """Show the evaluations, newest first."""
    actor = actor_of(request)
    rows = selectors.evaluations(actor)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_add": policy_of(Evaluation).allows(actor, ADD),
    }
    return render(request, "outreach/evaluation_list.html", context)


@guarded(Evaluation, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def evaluation_add(request: HttpRequest) -> HttpResponseBase:
    """Choose a design and enter its numbers."""
    chosen = request.GET.get("design", "")
    if chosen not in FORMS:
        chosen = Evaluation.Design.PAIRED_SHARE
    form = FORMS[chosen](request.POST or None)
    if form.is_valid():
        made = try_act(
            form,
            lambda: evaluate(actor=actor_of(request), asked=form.as_asked(), now=timezone.now()),
        )
        if made is not None:
            messages.success(request, _("The evaluation is stored with its numbers."))
            return redirect("outreach:evaluation", made.pk)
    context = {
        "form": form,
        "designs": [
            (label, f"?design={value}", value == chosen)
            for value, label in Evaluation.Design.choices
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "outreach/evaluation_add.html", context, status=status)


@guarded(Evaluation, VIEW)
@require_safe
def evaluation_page(request: HttpRequest, evaluation_id: int) -> HttpResponse:
    """Show one evaluation: the difference, its interval, the method, the numbers."""
    row = selectors.evaluation_for(actor_of(request), evaluation_id)
    if row is None:
        raise Http404(_("There is no such evaluation."))
    context = {
        "row": row,
        "result": row.result,
        "method": METHODS.get(row.result.get("method", ""), ""),
        "is_share": row.design in ("paired_share", "groups_share"),
        "districts": row.numbers.get("districts", []),
    }
    return render(request, "outreach/evaluation_page.html", context)
