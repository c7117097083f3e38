"""Pages of messages."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.platform.policies import CHANGE, VIEW, actor_of, guarded, policy_of
from qalqan.desk.rumours import selectors, services
from qalqan.desk.rumours.forms import MessageFilterForm
from qalqan.desk.rumours.models import Claim, Message
from qalqan.desk.rumours.views.paging import address, before_of, mark_of
from qalqan.errors import ConflictError

PAGE = 50


@guarded(Message, VIEW)
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    """Search the messages, newest first."""
    actor = actor_of(request)
    form = MessageFilterForm(request.GET, actor=actor)
    form.is_valid()
    chosen = form.cleaned_data
    found = selectors.find_messages(
        actor,
        query=chosen.get("q") or "",
        kind=chosen.get("kind") or "",
        language=chosen.get("language") or "",
        place_ids=form.place_ids(),
        since=chosen.get("since"),
        until=chosen.get("until"),
        before=before_of(request),
        most=PAGE,
    )
    mark = mark_of(found.next_before)
    context = {
        "form": form,
        "found": found,
        "next": address(request, before=mark) if mark else "",
        "query": request.GET.urlencode(),
        "most_found": selectors.MOST_FOUND,
        "may_open": policy_of(Claim).allows(actor, CHANGE),
        "with_claim": selectors.claims_among(actor, [m.claim_number for m in found.messages]),
    }
    return render(request, "rumours/message_list.html", context)


@guarded(Claim, CHANGE)
@require_POST
def message_open(request: HttpRequest, message_id: int) -> HttpResponse:
    """Make a claim of a message that nobody has repeated yet."""
    actor = actor_of(request)
    message = selectors.messages(actor).filter(pk=message_id).first()
    if message is None:
        raise Http404(_("There is no such message."))
    try:
        services.open_claim(actor=actor, message=message, now=timezone.now())
    except ConflictError as error:
        toasts.info(request, str(error.message))
    return redirect("rumours:claim", claim_id=message.claim_number)
