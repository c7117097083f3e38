"""Results: page, map, files, publication; and trust in official word."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import EXPORT, VIEW, actor_of, guarded, policy_of
from qalqan.desk.polls import present, selectors
from qalqan.desk.polls.models import PollEdition
from qalqan.desk.polls.policies import PUBLISH
from qalqan.desk.polls.services import publishing
from qalqan.desk.polls.views.common import poll_or_404
from qalqan.errors import QalqanError


def _latest(request: HttpRequest, poll_id: int) -> PollEdition:
    actor = actor_of(request)
    edition = selectors.latest_edition(actor, poll_or_404(actor, poll_id))
    if edition is None:
        raise Http404(_("No results were computed yet."))
    return edition


@guarded(PollEdition, VIEW)
@require_safe
def results(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Show the newest results of a poll."""
    actor = actor_of(request)
    edition = _latest(request, poll_id)
    found = selectors.shown(edition)
    context = {
        "poll": edition.poll, "edition": edition, "shown": found,
        **present.page(found, actor, request.GET.get("measure", "")),
        "may_export": policy_of(PollEdition).allows(actor, EXPORT),
        "may_publish": policy_of(PollEdition).allows(actor, PUBLISH)
        and edition.state == PollEdition.State.COMPUTED,
    }  # fmt: skip
    return render(request, "polls/results.html", context)


@guarded(PollEdition, EXPORT)
@require_safe
def results_file(request: HttpRequest, poll_id: int, form: str) -> HttpResponse:
    """Hand the newest results out."""
    if form not in ("csv", "json"):
        raise Http404
    edition = _latest(request, poll_id)
    found = selectors.shown(edition)
    audit.record(
        actor=actor_of(request), action="polls.export", subject=edition, now=timezone.now(),
        detail={"form": form},
    )  # fmt: skip
    return selectors.as_file(found, form)


@guarded(PollEdition, PUBLISH)
@require_POST
def publish(request: HttpRequest, poll_id: int) -> HttpResponseBase:
    """Publish the newest results, or tell why they are kept back."""
    edition = _latest(request, poll_id)
    try:
        edition = publishing.publish(actor=actor_of(request), edition=edition, now=timezone.now())
    except QalqanError as error:
        messages.error(request, str(error.message))
    else:
        if edition.state == PollEdition.State.PUBLISHED:
            text = _("The results are published; figures withheld: %(count)s.")
            messages.success(request, text % {"count": len(edition.withheld)})
        else:
            text = _("Not published: %(reason)s")
            messages.error(request, text % {"reason": edition.reason})
    return redirect("polls:results", poll_id)


@guarded(PollEdition, VIEW)
@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """Show trust in official word by wave, group and district."""
    actor = actor_of(request)
    board = selectors.trust(actor)
    context = {"board": board, **(present.trust(board, actor) if board else {})}
    return render(request, "polls/trust.html", context)
