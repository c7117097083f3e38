"""Writing, reading through, publishing and withdrawing answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.policies import ADD, CHANGE, actor_of, guarded, policy_of
from qalqan.desk.rumours import selectors, services
from qalqan.desk.rumours.answer_forms import (
    NAMES,
    ReasonForm,
    WithdrawForm,
    WordingForm,
    initial_wording,
)
from qalqan.desk.rumours.models import LANGUAGES, Answer, AnswerVersion, Publication, Verdict
from qalqan.desk.rumours.policies import APPROVE, READ
from qalqan.desk.rumours.views.claims import claim_or_404
from qalqan.errors import ConflictError, InputError, RefusedError


def concern_words(concern: str) -> str:
    """Return what a warning of the plain-words check means, in the reader's language."""
    return {
        "war": _("A word of war. Say what is being done, without fighting anybody."),
        "blame": _("A group or faith is named beside blame. Say what happened, not whose fault."),
        "long_sentence": _("A long sentence. Make two of it."),
        "repeats_rumour": _("The headline repeats the rumour. Say the fact instead."),
        "facts_first": _("The text begins with the rumour. Begin with the fact."),
    }[concern]


def readable(warnings: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return warnings with their meaning and the name of their language."""
    return [
        {**w, "says": concern_words(w["concern"]), "name": NAMES[w["language"]]} for w in warnings
    ]


def _answer_or_404(request: HttpRequest, answer_id: int) -> Answer:
    rows = Answer.objects.visible_to(actor_of(request)).select_related("claim")
    answer: Answer | None = rows.filter(pk=answer_id).first()
    if answer is None:
        raise Http404(_("There is no such answer."))
    return answer


@guarded(Answer, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_write(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Write an answer in three languages, or its next version."""
    claim, actor = claim_or_404(request, claim_id), actor_of(request)
    answers = Answer.objects.visible_to(actor).filter(claim=claim, is_from_elsewhere=False)
    live = answers.exclude(state=Answer.State.WITHDRAWN).first()
    is_correction = live is not None and live.published_at is not None
    last = live.versions.order_by("-number").first() if live else None
    form = WordingForm(
        request.POST or None, initial=initial_wording(last), is_correction=is_correction
    )
    verdict = Verdict.objects.visible_to(actor).filter(claim=claim).first()
    warnings: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        warnings = services.warnings_for(
            claim, form.wording(), verdict=verdict.value if verdict else ""
        )
        try:
            version = services.write_answer(
                actor=actor, claim=claim, wording=form.wording(), now=timezone.now(),
                override_reason=form.cleaned_data["override_reason"],
            )  # fmt: skip
        except ConflictError as error:
            toasts.error(request, str(error.message))
            return redirect("rumours:claim", claim_id=claim.pk)
        except InputError as error:
            field = error.location.field if error.location else None
            form.add_error(field if field in form.fields else None, str(error.message))
        else:
            toasts.success(request, _("The answer waits for a second person."))
            return redirect("rumours:review", answer_id=version.answer_id)
    context = {
        "claim": claim, "form": form, "warnings": readable(warnings), "verdict": verdict,
        "is_correction": is_correction, "last": last,
        "evidence": list(verdict.evidence.select_related("source")) if verdict else [],
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "rumours/answer_write.html", context, status=status)


@guarded(Answer, READ)
@require_safe
def answer_list(request: HttpRequest) -> HttpResponse:
    """Show the answers that wait for a second person, and the newest published ones."""
    actor = actor_of(request)
    recent = Publication.objects.visible_to(actor).select_related("answer__claim", "version", "by")
    context = {
        "waiting": list(selectors.waiting_answers(actor)[:100]),
        "published": list(recent[:50]),
        "may_approve": policy_of(Answer).allows(actor, APPROVE),
    }
    return render(request, "rumours/answer_list.html", context)


@guarded(Answer, READ)
@require_safe
def answer_review(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Show an answer with all its versions, as the second person reads it."""
    answer, actor = _answer_or_404(request, answer_id), actor_of(request)
    versions = list(
        AnswerVersion.objects.visible_to(actor)
        .filter(answer=answer)
        .select_related("written_by", "approved_by")
        .order_by("-number")
    )
    newest = versions[0]
    verdicts = Verdict.objects.visible_to(actor).filter(claim_id=answer.claim_id)
    # What the version rests on is what was held when it was written.
    verdict = verdicts.filter(given_at__lte=newest.written_at).first()
    is_stale = verdicts.filter(given_at__gt=newest.written_at).exists()
    is_writer = newest.written_by_id is not None and newest.written_by_id == actor.pk  # type: ignore[attr-defined]
    waits = answer.state == Answer.State.WAITING
    may_approve = policy_of(Answer).allows(actor, APPROVE)
    context = {
        "answer": answer,
        "claim": answer.claim,
        "newest": newest,
        "columns": [
            (NAMES[c], c, getattr(newest, f"headline_{c}"), getattr(newest, f"text_{c}"),
             getattr(newest, f"note_{c}"))
            for c in LANGUAGES
        ],
        "warnings": readable(newest.warnings),
        "versions": versions[1:],
        "verdict": verdict,
        "evidence": list(verdict.evidence.select_related("source")) if verdict else [],
        "is_writer": waits and may_approve and is_writer,
        "may_publish": waits and may_approve and not is_writer and not is_stale,
        "may_send_back": waits and may_approve and not is_writer,
        "is_stale": waits and is_stale,
        "may_change": policy_of(Answer).allows(actor, CHANGE),
        "send_back_form": ReasonForm(),
        "withdraw_form": WithdrawForm(),
        "publications": list(
            Publication.objects.visible_to(actor).filter(answer=answer).select_related("by")
        ),
    }  # fmt: skip
    return render(request, "rumours/answer_review.html", context)


def _number(request: HttpRequest) -> int:
    text = request.POST.get("number", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


@guarded(Answer, APPROVE)
@require_POST
def answer_publish(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Approve and publish the version that was read."""
    answer = _answer_or_404(request, answer_id)
    try:
        services.publish_answer(
            actor=actor_of(request), answer=answer, number=_number(request), now=timezone.now()
        )
    except (ConflictError, RefusedError) as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, _("The answer is published."))
    return redirect("rumours:review", answer_id=answer.pk)


@guarded(Answer, APPROVE)
@require_POST
def answer_send_back(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Give an answer back to its writer."""
    answer = _answer_or_404(request, answer_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        toasts.error(request, _("Say why."))
        return redirect("rumours:review", answer_id=answer.pk)
    try:
        services.send_back_answer(
            actor=actor_of(request), answer=answer, number=_number(request),
            reason=form.cleaned_data["reason"], now=timezone.now(),
        )  # fmt: skip
    except (ConflictError, InputError) as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, _("The answer went back to its writer."))
    return redirect("rumours:review", answer_id=answer.pk)


@guarded(Answer, CHANGE)
@require_POST
def answer_withdraw(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Withdraw a published answer."""
    answer = _answer_or_404(request, answer_id)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        toasts.error(request, _("Say why it is withdrawn."))
        return redirect("rumours:review", answer_id=answer.pk)
    try:
        services.withdraw_answer(
            actor=actor_of(request), answer=answer, why=form.cleaned_data["why"], now=timezone.now()
        )
    except ConflictError as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, _("The answer is withdrawn; its page says so."))
    return redirect("rumours:review", answer_id=answer.pk)


@guarded(Answer, ADD)
@require_POST
def answer_again(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Answer a claim that returned from stock."""
    claim = claim_or_404(request, claim_id)
    try:
        services.answer_again(actor=actor_of(request), claim=claim, now=timezone.now())
    except ConflictError as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, _("The answer was said again."))
    return redirect("rumours:claim", claim_id=claim.pk)
