"""When the truth is known: the post-mortem, and calibration by group."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qalqan.desk.incidents.models import Analysis, Hypothesis
from qalqan.desk.incidents.selectors import aftermath as selectors
from qalqan.desk.incidents.services import analyses as services
from qalqan.desk.incidents.views.common import analysis_or_404, done
from qalqan.desk.incidents.weighing_forms import TruthForm
from qalqan.desk.incidents.wording import act_in_words
from qalqan.desk.platform.policies import CHANGE, VIEW, actor_of, guarded, policy_of


@guarded(Analysis, VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def post_mortem(request: HttpRequest, analysis_id: int) -> HttpResponse:
    """State the truth, or show how the analysis stood to it."""
    actor = actor_of(request)
    analysis = analysis_or_404(actor, analysis_id)
    form = None
    if analysis.truth is None and policy_of(Analysis).allows(actor, CHANGE):
        rows = Hypothesis.objects.filter(analysis=analysis).order_by("position")
        form = TruthForm(request.POST or None, hypotheses=rows)
    if request.method == "POST" and form is not None and done(
        form,
        lambda: services.state_truth(
            actor=actor, analysis=analysis, now=timezone.now(), **form.cleaned_data
        ),
    ):  # fmt: skip
        messages.success(request, _("The truth is stated. This is what it says about us."))
        return redirect("incidents:post_mortem", analysis_id=analysis.pk)
    found = selectors.aftermath(actor, analysis)
    steps = [(step, act_in_words(step.act)) for step in found.steps] if found else []
    context = {"analysis": analysis, "form": form, "found": found, "steps": steps}
    status = 422 if request.method == "POST" else 200
    return render(request, "incidents/post_mortem.html", context, status=status)


@guarded(Analysis, VIEW)
@require_safe
def calibration(request: HttpRequest) -> HttpResponse:
    """Show how probabilities held over all solved analyses, by group."""
    context = {"found": selectors.calibration(actor_of(request))}
    return render(request, "incidents/calibration.html", context)
