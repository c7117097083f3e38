"""The page that a link of one use leads to; it works without scripts, in three languages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qalqan.desk.platform.accounts.loopback import sender_of
from qalqan.desk.platform.policies import public
from qalqan.desk.platform.privacy.limits import RateLimit
from qalqan.desk.polls.forms import AnswersForm
from qalqan.desk.polls.models import Poll, WebToken
from qalqan.desk.polls.services import collecting as services
from qalqan.errors import QalqanError

LANGUAGES = (("kk", "Қазақша"), ("ru", "Русский"), ("en", "English"))
LIMIT = RateLimit(60, timedelta(minutes=10))
"""Pages of links that one sender may open or send in ten minutes."""


@public("It leads to the questions in the reader's language.")
@require_safe
def answer_any(request: HttpRequest, token: str) -> HttpResponseBase:
    """Lead to the questions."""
    code = (get_language() or "kk")[:2]
    language = code if code in dict(LANGUAGES) else "kk"
    return redirect("polls:answer", language=language, token=token)


@public("Whoever holds a link of one use may answer once; nothing is kept of who it was.")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Ask, and take the answers."""
    if language not in dict(LANGUAGES):
        language = "kk"
    with override(language):
        response = _answer(request, language, token)
    response["Content-Language"] = language
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _answer(request: HttpRequest, language: str, token: str) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {
        "language": language,
        "languages": [
            {"code": code, "name": name, "is_current": code == language,
             "url": reverse("polls:answer", args=[code, token])}
            for code, name in LANGUAGES
        ],
    }  # fmt: skip
    if not LIMIT.allows(sender_of(request), now=now):
        context["said"] = _("Too many tries from here. Please come back in ten minutes.")
        return render(request, "polls/answer.html", context, status=429)
    row = (
        WebToken.objects.select_related("batch__poll")
        .filter(token_hash=services.token_hash(token), used_on__isnull=True)
        .first()
    )
    if row is None or row.batch.poll.state != Poll.State.OPEN:
        context["said"] = _("This link was used already, or the poll is over.")
        return render(request, "polls/answer.html", context, status=404)
    poll = row.batch.poll
    form = AnswersForm(
        request.POST or None, questions=services.questions_of(poll), language=language,
        settlement=row.batch.cluster_id is not None,
    )  # fmt: skip
    if form.is_valid():
        try:
            services.answer_by_link(token=token, given=form.as_given(), now=now)
        except QalqanError as error:
            field = error.location.field if error.location else None
            form.add_error(field if field in form.fields else None, str(error.message))
        else:
            context["said"] = _("Thank you. Your answers are stored without your name, your "
                                "address or the time.")  # fmt: skip
            return render(request, "polls/answer.html", context)
    context |= {"poll": poll, "form": form}
    return render(request, "polls/answer.html", context, status=400 if form.errors else 200)
