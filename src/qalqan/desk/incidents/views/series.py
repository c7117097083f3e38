"""Series: suggested with a probability, taken or refused by people, undone."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.incidents.models import SeriesSuggestion
from qalqan.desk.incidents.selectors import series as selectors
from qalqan.desk.incidents.services import linking
from qalqan.desk.incidents.views.common import done
from qalqan.desk.incidents.weighing_forms import DecideForm
from qalqan.desk.platform.policies import CHANGE, VIEW, actor_of, guarded, policy_of

LISTED = 20


@guarded(SeriesSuggestion, VIEW)
@require_safe
def series_list(request: HttpRequest) -> HttpResponse:
    """List incidents that may belong together, the most probable first."""
    return _page(request)


def _page(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    state = request.GET.get("state", "")
    state = state if state in SeriesSuggestion.State.values else ""
    page = Paginator(selectors.suggestions(actor, state=state), LISTED).get_page(
        request.GET.get("page")
    )
    tabs = [(_("All"), "?", not state)]
    tabs += [
        (str(label), f"?state={value}", state == value)
        for value, label in SeriesSuggestion.State.choices
    ]
    context = {
        "page": page, "tabs": tabs, "error": error,
        "method": next((row.method for row in page.object_list if row.is_current), None),
        "may_change": policy_of(SeriesSuggestion).allows(actor, CHANGE),
    }  # fmt: skip
    return render(request, "incidents/series_list.html", context, status=status)


@guarded(SeriesSuggestion, CHANGE)
@require_POST
def series_decide(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """Take a suggestion as a series, refuse it, or undo that."""
    actor = actor_of(request)
    suggestion = selectors.suggestion_for(actor, suggestion_id)
    if suggestion is None:
        raise Http404(_("There is no such series."))
    form = DecideForm(request.POST)
    if not done(
        form,
        lambda: linking.decide_series(
            actor=actor, suggestion=suggestion, state=form.cleaned_data["state"],
            reason=form.cleaned_data["reason"], now=timezone.now(),
        ),
    ):  # fmt: skip
        wrong = next(iter(form.errors.values()))
        return _page(request, error=str(wrong[0]), status=422)
    messages.success(request, _("It is decided, and can be undone here."))
    return redirect("incidents:series")
