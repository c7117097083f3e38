"""What is done with a claim on its page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qalqan.desk.platform.policies import ADD, CHANGE, actor_of, guarded
from qalqan.desk.platform.sources.services import get_or_create_source
from qalqan.desk.rumours import services
from qalqan.desk.rumours.answer_forms import EvidenceForm, ReasonForm, VerdictForm
from qalqan.desk.rumours.models import Claim, Evidence, Verdict
from qalqan.desk.rumours.views.acting import ACTS
from qalqan.desk.rumours.views.claims import claim_or_404, show_claim
from qalqan.errors import ConflictError, InputError


def complaints(form: BaseForm) -> str:
    """Return what is wrong with a small form, in one line."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


@guarded(Claim, CHANGE)
@require_POST
def claim_act(request: HttpRequest, claim_id: int, act: str) -> HttpResponse:
    """Do one of `ACTS` with a claim."""
    claim = claim_or_404(request, claim_id)
    chosen = ACTS.get(act)
    if chosen is None:
        raise Http404(_("There is no such act."))
    given: dict[str, Any] = {"actor": actor_of(request), "claim": claim, "now": timezone.now()}
    if chosen.asks_reason:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            toasts.error(request, complaints(form))
            return redirect("rumours:claim", claim_id=claim.pk)
        given["reason"] = form.cleaned_data["reason"]
    try:
        chosen.service(**given)
    except (ConflictError, InputError) as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, _("Done: %(act)s") % {"act": chosen.label})
    return redirect("rumours:claim", claim_id=claim.pk)


@guarded(Evidence, ADD)
@require_POST
def evidence_add(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Add an item of evidence."""
    claim, actor, now = claim_or_404(request, claim_id), actor_of(request), timezone.now()
    form = EvidenceForm(request.POST)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            source = get_or_create_source(
                actor=actor, name=chosen["source_name"], kind=chosen["source_kind"], now=now
            )
            services.add_evidence(
                actor=actor, claim=claim, source=source, now=now,
                **{k: chosen[k] for k in ("credibility", "speaks", "text", "found_at", "url")},
            )  # fmt: skip
        except ConflictError as error:
            toasts.error(request, str(error.message))
            return redirect("rumours:claim", claim_id=claim.pk)
        except InputError as error:
            field = error.location.field if error.location else None
            form.add_error(field if field in form.fields else None, str(error.message))
        else:
            toasts.success(request, _("The evidence was added."))
            return redirect("rumours:claim", claim_id=claim.pk)
    return show_claim(request, claim, status=422, evidence_form=form)


@guarded(Verdict, ADD)
@require_POST
def verdict_give(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Give a verdict."""
    claim, actor = claim_or_404(request, claim_id), actor_of(request)
    items = list(Evidence.objects.visible_to(actor).filter(claim=claim).select_related("source"))
    form = VerdictForm(request.POST, items=items)
    if form.is_valid():
        try:
            services.give_verdict(
                actor=actor, claim=claim, value=form.cleaned_data["value"],
                reason=form.cleaned_data["reason"], evidence=form.chosen(), now=timezone.now(),
            )  # fmt: skip
        except ConflictError as error:
            toasts.error(request, str(error.message))
            return redirect("rumours:claim", claim_id=claim.pk)
        except InputError as error:
            field = error.location.field if error.location else None
            form.add_error(field if field in form.fields else None, str(error.message))
        else:
            toasts.success(request, _("The verdict was given."))
            return redirect("rumours:claim", claim_id=claim.pk)
    return show_claim(request, claim, status=422, verdict_form=form)
