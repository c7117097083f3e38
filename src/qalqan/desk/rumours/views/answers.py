"""What people do with one claim."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qalqan.desk.platform.policies import ADD, CHANGE, actor_of, guarded
from qalqan.desk.rumours import services
from qalqan.desk.rumours.forms import AnswerForm, StateForm
from qalqan.desk.rumours.models import Answer, Claim
from qalqan.desk.rumours.views.claims import claim_or_404, initial, show_claim
from qalqan.errors import InputError


@guarded(Answer, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def claim_answer(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Record an answer to a claim."""
    claim = claim_or_404(request, claim_id)
    if request.method != "POST":
        return show_claim(request, claim, AnswerForm(initial=initial(claim)))
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.answer_claim(
                actor=actor_of(request), claim=claim, now=timezone.now(), **form.cleaned_data
            )
        except InputError as error:
            form.add_error(error.location.field if error.location else None, str(error.message))
        else:
            toasts.success(request, _("The answer was recorded."))
            return redirect("rumours:claim", claim_id=claim.pk)
    return show_claim(request, claim, form, status=422)


@guarded(Claim, CHANGE)
@require_POST
def claim_state(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Watch a claim, close it or take it up again."""
    claim = claim_or_404(request, claim_id)
    form = StateForm(request.POST)
    if form.is_valid():
        services.set_state(
            actor=actor_of(request),
            claim=claim,
            state=form.cleaned_data["state"],
            now=timezone.now(),
        )
        toasts.success(request, _("The state was changed."))
    else:
        toasts.error(request, _("There is no such state."))
    return redirect("rumours:claim", claim_id=claim.pk)
