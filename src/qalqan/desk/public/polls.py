"""Published results of polls, for everyone, with downloads; withheld figures stay withheld."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from qalqan.desk.platform.policies import SystemActor, public
from qalqan.desk.polls import present, selectors
from qalqan.desk.public.views import LANGUAGES, cached, in_language

_DESK = SystemActor("public")


def _chosen() -> str:
    code = (get_language() or "kk")[:2]
    return code if code in dict(LANGUAGES) else "kk"


def _languages(name: str, language: str, *rest: str) -> list[dict[str, object]]:
    return [
        {"code": code, "name": label, "is_current": code == language,
         "url": reverse(name, args=[code, *rest])}
        for code, label in LANGUAGES
    ]  # fmt: skip


@public("It leads to the polls in the reader's language.")
@require_safe
def polls_any(request: HttpRequest) -> HttpResponse:
    """Lead to the polls."""
    return redirect("public:polls", language=_chosen())


@public("It leads to one poll in the reader's language.")
@require_safe
def poll_any(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to a poll."""
    return redirect("public:poll", language=_chosen(), code=code)


@public("Published results are for everyone.")
@require_safe
@in_language
def polls(request: HttpRequest, language: str) -> HttpResponse:
    """List the polls whose results are published, newest first."""
    context = {
        "editions": list(selectors.published_polls()[:100]), "language": language,
        "languages": _languages("public:polls", language),
    }  # fmt: skip
    return cached(request, render(request, "public/polls.html", context))


@public("Published results are for everyone; what small counts would give away is withheld.")
@require_safe
@in_language
def poll(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show the published results of one poll."""
    found = selectors.published(code)
    if found is None:
        raise Http404
    context = {
        "shown": found, "poll": found.poll, "language": language,
        "languages": _languages("public:poll", language, code),
        **present.page(found, _DESK, request.GET.get("measure", "")),
    }  # fmt: skip
    return cached(request, render(request, "public/poll.html", context))


@public("Published results are for everyone; what small counts would give away is withheld.")
@require_safe
@in_language
def poll_file(request: HttpRequest, language: str, code: str, form: str) -> HttpResponse:
    """Hand the published results out as CSV or JSON."""
    found = selectors.published(code)
    if found is None or form not in ("csv", "json"):
        raise Http404
    return cached(request, selectors.as_file(found, form))
