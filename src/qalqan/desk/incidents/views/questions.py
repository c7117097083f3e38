"""Open questions: asked, due, answered or not to be answered."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qalqan.desk.incidents.models import OpenQuestion
from qalqan.desk.incidents.selectors import questions as selectors
from qalqan.desk.incidents.services import questions as services
from qalqan.desk.incidents.views.common import done, incident_or_404
from qalqan.desk.incidents.weighing_forms import AnswerForm, AskForm
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, policy_of

LISTED = 50


@guarded(OpenQuestion, VIEW)
@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """List what nobody knows yet, the first due first."""
    actor, now = actor_of(request), timezone.now()
    state = request.GET.get("state", "open")
    state = state if state in OpenQuestion.State.values else ""
    page = Paginator(selectors.questions(actor, state=state), LISTED).get_page(
        request.GET.get("page")
    )
    tabs = [(_("All"), "?state=all", not state)]
    tabs += [(label, f"?state={value}", state == value) for value, label in _states()]
    context = {
        "page": page, "tabs": tabs, "now": now,
        "rows": [(one, one.is_overdue(now)) for one in page.object_list],
        "may_change": policy_of(OpenQuestion).allows(actor, CHANGE),
    }  # fmt: skip
    return render(request, "incidents/question_list.html", context)


def _states() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in OpenQuestion.State.choices]


@guarded(OpenQuestion, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def question_ask(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Ask a question about an incident."""
    actor = actor_of(request)
    incident = incident_or_404(actor, incident_id)
    form = AskForm(request.POST or None)
    if request.method == "POST" and done(
        form,
        lambda: services.ask(
            actor=actor, incident=incident, question=form.cleaned_data["question"],
            organisation=form.cleaned_data["organisation"], due_at=form.due_at,
            now=timezone.now(),
        ),
    ):  # fmt: skip
        messages.success(request, _("The question is asked; it is work of that body now."))
        return redirect(incident)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "incident": incident}
    return render(request, "incidents/question_ask.html", context, status=status)


@guarded(OpenQuestion, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def question_close(request: HttpRequest, question_id: int) -> HttpResponse:
    """Answer a question, or say why it cannot be answered."""
    actor = actor_of(request)
    question = selectors.question_for(actor, question_id)
    if question is None:
        raise Http404(_("There is no such question."))
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and done(
        form,
        lambda: services.close_question(
            actor=actor, question=question, answer=form.cleaned_data["answer"],
            answered=form.cleaned_data["how"] == OpenQuestion.State.ANSWERED, now=timezone.now(),
        ),
    ):  # fmt: skip
        messages.success(request, _("The question is closed, and its work with it."))
        return redirect("incidents:questions")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "question": question}
    return render(request, "incidents/question_close.html", context, status=status)
