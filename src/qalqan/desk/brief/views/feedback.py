"""What readers find useful: the vote on a line, the counts, the decision about a kind."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.brief import services, wording
from qalqan.desk.brief.forms import DecisionForm
from qalqan.desk.brief.models import BriefEdition, KindReview, LineVote
from qalqan.desk.brief.selectors import edition_for, feedback
from qalqan.desk.platform.policies import ADD, VIEW, actor_of, guarded, policy_of
from qalqan.errors import InputError

_MOST_REVIEWS = 50
_WORDS = {"yes": True, "no": False, "none": None}


@guarded(LineVote, ADD)
@require_POST
def vote(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Keep the reader's word on one line of an edition."""
    found: BriefEdition | None = edition_for(actor_of(request), edition_id)
    if found is None:
        raise Http404(_("There is no such edition."))
    try:
        services.vote(
            actor=actor_of(request), edition=found, line=request.POST.get("line", ""),
            is_useful=_WORDS.get(request.POST.get("useful", "")), now=timezone.now(),
        )  # fmt: skip
        toasts.success(request, _("Thank you. It is counted, and changes no order by itself."))
    except InputError as error:
        toasts.error(request, str(error.message))
    where = "brief:today" if request.POST.get("from") == "today" else "brief:edition"
    return redirect(where) if where == "brief:today" else redirect(where, edition_id)


@guarded(KindReview, VIEW)
@require_safe
def votes(request: HttpRequest) -> HttpResponse:
    """Show what readers found useful, by kind of line, and what was decided about it."""
    return _votes(request, DecisionForm())


@guarded(KindReview, ADD)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Record a decision about a kind of line."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _votes(request, form, status=400)
    services.decide(actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
    toasts.success(request, _("The decision is recorded."))
    return redirect("brief:votes")


def _votes(request: HttpRequest, form: DecisionForm, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    rows = feedback.reviews(actor)[:_MOST_REVIEWS]
    context = {
        "counts": [(wording.term(wording.LINE_KINDS, one.kind), one)
                   for one in feedback.counts(actor)],
        "reviews": [(wording.term(wording.LINE_KINDS, row.kind), row) for row in rows],
        "least": feedback.LEAST_VOTES,
        "readers": feedback.LEAST_READERS,
        "form": form if policy_of(KindReview).allows(actor, ADD) else None,
    }  # fmt: skip
    return render(request, "brief/votes.html", context, status=status)
