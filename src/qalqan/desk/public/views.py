"""What everyone may read: answers, their feeds, the way to look an answer up.

The language is a part of the address, so that a page is the same for everyone who opens it and
may be kept by caches; nothing is counted or remembered of who reads.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from qalqan.desk.alerts import selectors as alerts
from qalqan.desk.commission.selectors import accounts
from qalqan.desk.platform.accounts.loopback import sender_of
from qalqan.desk.platform.policies import PUBLIC, public
from qalqan.desk.public.forms import MailForm, ReferenceForm, SearchForm
from qalqan.desk.public.frame import LANGUAGES, cached, chosen, in_language
from qalqan.desk.public.limits import LOOK_UP, SUBSCRIBE
from qalqan.desk.rumours import selectors, services
from qalqan.errors import InputError

PAGE = 20
_SAFE_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def _other_languages(name: str, language: str, *args: Any, **query: str) -> list[dict[str, Any]]:
    tail = "".join(f"?{key}={value}" for key, value in query.items() if value)
    return [
        {"code": code, "name": label, "is_current": code == language,
         "url": reverse(name, args=[code, *args]) + tail}
        for code, label in LANGUAGES
    ]  # fmt: skip


@public("It says what holds now and what can be read here.")
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show the way in, in the reader's language."""
    return _start(request, chosen())


@public("It says what holds now and what can be read here.")
@require_safe
@in_language
def start_in(request: HttpRequest, language: str) -> HttpResponse:
    """Show the way in, in the language of the address."""
    return cached(request, _start(request, language))


def _start(request: HttpRequest, language: str) -> HttpResponse:
    """Show what a citizen looks for first: warnings, answers, the hotline, then the account."""
    context = {
        "language": language,
        "form": SearchForm(),
        "warnings": alerts.warnings(language, now=timezone.now(), most=0),
        "accounts": accounts.shown(accounts.published()[:3], language),
        "languages": [
            {"code": code, "name": name, "is_current": code == language,
             "url": reverse("public:start_in", args=[code])}
            for code, name in LANGUAGES
        ],
    }  # fmt: skip
    return render(request, "public/start.html", context)


@public("It leads to the answers in the reader's language.")
@require_safe
def answers_any(request: HttpRequest) -> HttpResponse:
    """Lead to the answers, with what is looked for."""
    query = request.META.get("QUERY_STRING", "")
    address = reverse("public:answers", args=[chosen()])
    return redirect(f"{address}?{query}" if query else address)


@public("It leads to one answer in the reader's language.")
@require_safe
def answer_any(request: HttpRequest, number: int) -> HttpResponse:
    """Lead to an answer."""
    return redirect("public:answer", language=chosen(), number=number)


@public("It leads to the look-up in the reader's language.")
@require_safe
def reference_any(request: HttpRequest) -> HttpResponse:
    """Lead to the look-up."""
    return redirect("public:reference", language=chosen())


@public("Published answers are for everyone.")
@require_safe
@in_language
def answers(request: HttpRequest, language: str) -> HttpResponse:
    """List the published answers, newest first, or those that hold some words."""
    form = SearchForm(request.GET)
    query = form.words()
    page = Paginator(selectors.found(query), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": selectors.shown(page.object_list, language),
        "query": query,
        "language": language,
        "languages": _other_languages("public:answers", language),
        "has_mail": settings.QALQAN_MAIL_LIST,
    }
    return cached(request, render(request, "public/answers.html", context))


@public("A published answer is for everyone.")
@require_safe
@in_language
def answer(request: HttpRequest, language: str, number: int) -> HttpResponse:
    """Show one answer: the facts, how they were checked, what was claimed, what was corrected."""
    found = selectors.answer_of(number, language)
    if found is None:
        raise Http404(_("There is no such answer."))
    review = selectors.claim_review(found, publisher=settings.QALQAN_PUBLISHER)
    script = json.dumps(review, ensure_ascii=False).translate(_SAFE_IN_SCRIPT)
    context = {
        "answer": found,
        "evidence": selectors.evidence_of(number),
        "history": [
            {"act": act, "note": act.version.said("note", language)}
            for act in selectors.publications_of(number)
        ],
        "claim_review": script if review and not found.withdrawn_at else "",
        "language": language,
        "languages": _other_languages("public:answer", language, number),
    }
    return cached(request, render(request, "public/answer.html", context))


@public("Whoever has the number of a report may ask what became of it.")
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def reference(request: HttpRequest, language: str) -> HttpResponse:
    """Tell what became of a hotline report; the number stands in no address and no log."""
    form = ReferenceForm(request.POST or None)
    status, context = 200, {"form": form, "language": language, "asked": False}
    context["languages"] = _other_languages("public:reference", language)
    if request.method == "POST" and form.is_valid():
        if not LOOK_UP.allows(sender_of(request), now=timezone.now()):
            form.add_error(None, _("Too many look-ups from here. Try again later."))
            status = 429
        else:
            found = selectors.tip_status(services.digest_of(form.cleaned_data["number"]))
            context |= {"asked": True, "found": found}
            if found is not None and found.answer is not None:
                context["answer"] = selectors.answer_of(found.answer, language)
    elif request.method == "POST":
        status = 422
    response = render(request, "public/reference.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _mail_page(
    request: HttpRequest, language: str, stage: str, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"stage": stage, "language": language, "languages": [], **more}
    response = render(request, "public/mail.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@public("Anyone may ask to be told by e-mail; the answer is the same for every address.")
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def mail(request: HttpRequest, language: str) -> HttpResponse:
    """Take an address and send a mail that asks to confirm."""
    if not settings.QALQAN_MAIL_LIST:
        raise Http404(_("This desk sends no e-mail."))
    form = MailForm(request.POST or None)
    if request.method != "POST":
        return _mail_page(request, language, "ask", form=form)
    if not form.is_valid():
        return _mail_page(request, language, "ask", 422, form=form)
    now = timezone.now()
    if not SUBSCRIBE.allows(sender_of(request), now=now):
        form.add_error(None, _("Too many requests from here. Try again later."))
        return _mail_page(request, language, "ask", 429, form=form)
    try:
        services.subscribe(
            actor=PUBLIC, address=form.cleaned_data["address"], language=language, now=now
        )
    except InputError as error:
        form.add_error("address", str(error.message))
        return _mail_page(request, language, "ask", 422, form=form)
    return _mail_page(request, language, "sent")


@public("Whoever got the mail may confirm; the link is signed.")
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def mail_confirm(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Begin to send, after a button: programs that try links must not confirm."""
    if request.method != "POST":
        return _mail_page(request, language, "confirm")
    is_good = services.confirm_subscription(actor=PUBLIC, token=token, now=timezone.now())
    return _mail_page(request, language, "confirmed" if is_good else "old", 200 if is_good else 410)


@csrf_exempt
@public("Whoever got the mail may leave; the link is signed, and mail programs press it, too.")
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def mail_leave(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Erase the address, after a button or a mail program's one click (RFC 8058)."""
    if request.method != "POST":
        return _mail_page(request, language, "leave")
    is_good = services.leave_mail_list(actor=PUBLIC, token=token, now=timezone.now())
    return _mail_page(request, language, "left" if is_good else "old", 200 if is_good else 410)
