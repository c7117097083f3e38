"""Pages of reviews and recommendations."""

from __future__ import annotations

from collections.abc import Callable

from django import forms as django_forms
from django.contrib import messages as toasts
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.commission import forms
from qalqan.desk.commission.models import Recommendation, RecommendationStep, Review
from qalqan.desk.commission.selectors import lessons as selectors
from qalqan.desk.commission.selectors import openings
from qalqan.desk.commission.services import lessons as services
from qalqan.desk.commission.states import may_follow
from qalqan.desk.commission.views.common import form_page, found, tried
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, policy_of
from qalqan.errors import QalqanError

PAGE = 50


@guarded(Review, VIEW)
@require_safe
def lessons(request: HttpRequest) -> HttpResponse:
    """Show what was learned, and find whether it was learned before."""
    actor, today = actor_of(request), timezone.localdate()
    form = forms.LessonFilterForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {"q": "", "state": ""}
    rows = selectors.recommendations(actor, state=given["state"], query=given["q"], today=today)
    context = {
        "form": form,
        "query": given["q"],
        "reviews": selectors.reviews(actor, given["q"])[:PAGE],
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "today": today,
        "may_add": policy_of(Review).allows(actor, ADD),
    }
    return render(request, "commission/lessons.html", context)


@guarded(Review, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def review_new(request: HttpRequest) -> HttpResponse:
    """Begin a review."""
    initial = {key: request.GET[key] for key in ("title", "url", "about") if key in request.GET}
    form = forms.ReviewForm(request.POST or None, initial=initial)
    return form_page(
        request, form, title=_("Begin a review"), button=_("Begin the review"),
        act=lambda: services.open_review(
            actor=actor_of(request), now=timezone.now(), **form.cleaned_data
        ),
        told=_("The review is begun."),
    )  # fmt: skip


@guarded(Review, VIEW)
@require_safe
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """Show a review: what was to happen, what did, causes, recommendations."""
    return _review(request, found(selectors.review_for(actor_of(request), review_id)))


def _review(
    request: HttpRequest, row: Review, status: int = 200, **given: django_forms.Form
) -> HttpResponse:
    actor = actor_of(request)
    may_change = policy_of(Review).allows(actor, CHANGE) and row.state == Review.State.OPEN
    may_recommend = policy_of(Recommendation).allows(actor, ADD)
    first = forms.next_due(timezone.localdate())
    context = {
        "review": row,
        "causes": selectors.causes(actor, row),
        "recommendations": selectors.recommendations(actor, state="", review=row),
        "cause_form": given.get("cause") or (forms.CauseForm(prefix="c") if may_change else None),
        "recommend_form": given.get("recommend")
        or (forms.RecommendForm(prefix="r", initial=first) if may_recommend else None),
        "may_change": may_change,
    }
    return render(request, "commission/review.html", context, status=status)


@guarded(Review, CHANGE)
@require_POST
def cause_add(request: HttpRequest, review_id: int) -> HttpResponse:
    """Add a finding and its cause."""
    actor = actor_of(request)
    row = found(selectors.review_for(actor, review_id))
    form = forms.CauseForm(request.POST, prefix="c")
    if form.is_valid() and tried(
        form,
        lambda: services.add_cause(
            actor=actor, review=row, now=timezone.now(), **form.cleaned_data
        ),
    ):
        toasts.success(request, _("The finding is entered."))
        return redirect(row)
    return _review(request, row, 422, cause=form)


@guarded(Review, CHANGE)
@require_POST
def review_close(request: HttpRequest, review_id: int) -> HttpResponse:
    """Close a review."""
    actor = actor_of(request)
    row = found(selectors.review_for(actor, review_id))
    try:
        services.close_review(actor=actor, review=row, now=timezone.now())
    except QalqanError as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, _("The review is closed."))
    return redirect(row)


@guarded(Recommendation, ADD)
@require_POST
def recommend(request: HttpRequest, review_id: int) -> HttpResponse:
    """Issue a recommendation."""
    actor = actor_of(request)
    row = found(selectors.review_for(actor, review_id))
    form = forms.RecommendForm(request.POST, prefix="r")
    if form.is_valid():
        made = tried(
            form,
            lambda: services.recommend(
                actor=actor, review=row, now=timezone.now(), **form.cleaned_data
            ),
        )
        if made is not None:
            toasts.success(request, _("The recommendation is issued."))
            return redirect(made)
    return _review(request, row, 422, recommend=form)


@guarded(Recommendation, VIEW)
@require_safe
def recommendation(request: HttpRequest, recommendation_id: int) -> HttpResponse:
    """Show a recommendation: what was answered and what was ruled."""
    row = found(selectors.recommendation_for(actor_of(request), recommendation_id))
    return _recommendation(request, row)


def _recommendation(
    request: HttpRequest, row: Recommendation, status: int = 200, **given: django_forms.Form
) -> HttpResponse:
    actor = actor_of(request)
    may_answer = policy_of(RecommendationStep).allows(actor, ADD, row) and row.is_open
    may_rule = policy_of(Recommendation).allows(actor, CHANGE)
    context = {
        "recommendation": row,
        "overdue": row.is_open and row.due_on < timezone.localdate(),
        "history": selectors.history(actor, row),
        "respond_form": given.get("respond")
        or (forms.RespondForm(prefix="a") if may_answer else None),
        "rule_form": given.get("rule") or (_rule_form(row) if may_rule else None),
        "opened": openings.opening_of_recommendation(row.pk),
    }
    return render(request, "commission/recommendation.html", context, status=status)


def _rule_form(row: Recommendation, data: object = None) -> forms.RuleForm:
    form = forms.RuleForm(data, prefix="r")  # type: ignore[arg-type]
    answered = row.steps.filter(is_response=True).exists()
    form.fields["state"].choices = [  # type: ignore[attr-defined]
        pair for pair in Recommendation.State.choices if may_follow(row.state, pair[0], answered)
    ]
    return form


def _done(
    request: HttpRequest, row: Recommendation, name: str, form: django_forms.Form,
    act: Callable[[], object], told: str,
) -> HttpResponse:  # fmt: skip
    if form.is_valid() and tried(form, act) is not None:
        toasts.success(request, told)
        return redirect(row)
    return _recommendation(request, row, 422, **{name: form})


@guarded(RecommendationStep, ADD)
@require_POST
def respond(request: HttpRequest, recommendation_id: int) -> HttpResponse:
    """Answer as the addressee."""
    actor = actor_of(request)
    row = found(selectors.recommendation_for(actor, recommendation_id))
    form = forms.RespondForm(request.POST, prefix="a")
    return _done(
        request, row, "respond", form,
        lambda: services.respond(
            actor=actor, recommendation=row, text=form.cleaned_data["text"], now=timezone.now()
        ),
        _("The response is handed in; the commission rules on it."),
    )  # fmt: skip


@guarded(Recommendation, CHANGE)
@require_POST
def rule(request: HttpRequest, recommendation_id: int) -> HttpResponse:
    """Classify a response, close, or open again."""
    actor = actor_of(request)
    row = found(selectors.recommendation_for(actor, recommendation_id))
    form = _rule_form(row, request.POST)
    return _done(
        request, row, "rule", form,
        lambda: services.rule(
            actor=actor, recommendation=row, now=timezone.now(), **form.cleaned_data
        ),
        _("The ruling is entered."),
    )  # fmt: skip
