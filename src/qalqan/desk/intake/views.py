"""Pages of intake: files, feeds, tokens, and the public hotline form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.intake import limits, selectors, services
from qalqan.desk.intake.forms import FeedForm, HotlineForm, TokenForm, UploadForm
from qalqan.desk.intake.models import ApiToken, Feed, ImportRun, MessageKind
from qalqan.desk.intake.readers import Record
from qalqan.desk.outreach.selectors import notes as field_notes
from qalqan.desk.platform.accounts.loopback import sender_of
from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    PUBLIC,
    VIEW,
    actor_of,
    guarded,
    policy_of,
    public,
)
from qalqan.desk.platform.privacy.forms import masked_kinds
from qalqan.desk.platform.sources import selectors as sources
from qalqan.errors import QalqanError

PAGE = 50
HOTLINE_CHANNEL = "Hotline"


def _blame(form: Any, error: QalqanError) -> None:
    """Show an error at the field it names, or above the form."""
    field = error.location.field if error.location else None
    form.add_error(field if field in form.fields else None, str(error))


@public("Anyone may report a rumour; no account, nothing is kept of the sender.")
@require_http_methods(["GET", "HEAD", "POST"])
def hotline(request: HttpRequest) -> HttpResponse:
    """Take a report from anyone."""
    now = timezone.now()
    form = HotlineForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "intake/hotline.html", {"form": form}, status=status)
    if form.is_trapped:
        # A program filled in what people do not see; it learns nothing by the answer.
        return render(request, "intake/hotline_thanks.html", {"reference": ""})
    if not limits.HOTLINE.allows(sender_of(request), now=now):
        form.add_error(None, _("Too many reports from here in the last hour. Try again later."))
        return render(request, "intake/hotline.html", {"form": form}, status=429)
    text = form.cleaned_data["text"]
    receipt = services.accept_records(
        actor=PUBLIC,
        records=[Record(text, now, kind=MessageKind.HOTLINE, place=form.cleaned_data["place"])],
        channel=HOTLINE_CHANNEL,
        kind=MessageKind.HOTLINE,
        now=now,
        with_reference=True,
    )
    context = {"reference": receipt.reference, "masked": masked_kinds(form)}
    response = render(request, "intake/hotline_thanks.html", context)
    response["Cache-Control"] = "no-store"
    return response


@guarded(ImportRun, ADD)
@require_safe
def heard(request: HttpRequest) -> HttpResponse:
    """Show the rumours that workers heard and nobody has taken in."""
    rows = field_notes.rumours_heard(actor_of(request))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "intake/heard.html", {"page": page})


@guarded(ImportRun, ADD)
@require_POST
def heard_take(request: HttpRequest, note_id: int) -> HttpResponse:
    """Take one rumour heard in as a message."""
    try:
        services.take_heard(actor=actor_of(request), note_id=note_id, now=timezone.now())
    except QalqanError as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, _("The rumour is taken in as a message."))
    return redirect("intake:heard")


@guarded(ImportRun, VIEW)
@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """Show what was brought in, newest first."""
    actor = actor_of(request)
    context = {
        "page": Paginator(selectors.runs(actor), PAGE).get_page(request.GET.get("page")),
        "may_add": policy_of(ImportRun).allows(actor, ADD),
        "waiting": selectors.waiting_count(actor),
    }
    return render(request, "intake/run_list.html", context)


@guarded(ImportRun, VIEW)
@require_safe
def run_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show one run: how far it is, what came of it, what was wrong."""
    run = selectors.run_for(actor_of(request), run_id)
    if run is None:
        raise Http404(_("There is no such import."))
    moving = run.state in (run.State.CHECKING, run.State.WAITING, run.State.RUNNING)
    return render(request, "intake/run_page.html", {"run": run, "is_moving": moving})


@guarded(ImportRun, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file of messages."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            run = services.take_upload(
                actor=actor_of(request), upload=chosen["file"], format=chosen["format"],
                kind=chosen["kind"], source_name=chosen["source_name"],
                keep_good=chosen["keep_good"], now=timezone.now(),
            )  # fmt: skip
        except QalqanError as error:
            form.add_error("file", str(error))
        else:
            return redirect("intake:run", run_id=run.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "intake/upload.html", {"form": form}, status=status)


@guarded(Feed, VIEW)
@require_safe
def feed_list(request: HttpRequest) -> HttpResponse:
    """Show the feeds that are polled."""
    return _feeds(request, FeedForm())


def _feeds(request: HttpRequest, form: FeedForm, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "feeds": list(selectors.feeds(actor)[:500]),
        "form": form,
        "may_add": policy_of(Feed).allows(actor, ADD),
    }
    return render(request, "intake/feed_list.html", context, status=status)


@guarded(Feed, ADD)
@require_POST
def feed_add(request: HttpRequest) -> HttpResponse:
    """Have a feed polled from now on."""
    form = FeedForm(request.POST)
    if form.is_valid():
        try:
            services.add_feed(actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except QalqanError as error:
            _blame(form, error)
        else:
            toasts.success(request, _("The worker will poll the feed."))
            return redirect("intake:feeds")
    return _feeds(request, form, status=422)


@guarded(Feed, CHANGE)
@require_POST
def feed_switch(request: HttpRequest, feed_id: int) -> HttpResponse:
    """Pause a feed, or take it up again."""
    actor = actor_of(request)
    feed = selectors.feeds(actor).filter(pk=feed_id).first()
    if feed is None:
        raise Http404(_("There is no such feed."))
    services.set_feed_active(
        actor=actor, feed=feed, is_active=not feed.is_active, now=timezone.now()
    )
    return redirect("intake:feeds")


@guarded(ApiToken, VIEW)
@require_safe
def token_list(request: HttpRequest) -> HttpResponse:
    """Show which programs may hand messages in."""
    return _tokens(request, None)


def _tokens(
    request: HttpRequest, form: TokenForm | None, *, secret: str = "", status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    may_add = policy_of(ApiToken).allows(actor, ADD)
    context = {
        "tokens": list(selectors.tokens(actor)[:500]),
        "form": (form or TokenForm(actor=actor)) if may_add else None,
        "secret": secret,
        "now": timezone.now(),
    }
    response = render(request, "intake/token_list.html", context, status=status)
    if secret:
        response["Cache-Control"] = "no-store"
    return response


@guarded(ApiToken, ADD)
@require_POST
def token_add(request: HttpRequest) -> HttpResponse:
    """Make a key and show it, once."""
    actor = actor_of(request)
    form = TokenForm(request.POST, actor=actor)
    if form.is_valid():
        chosen = form.cleaned_data
        source = sources.source_for(actor, int(chosen["source"]))
        try:
            if source is None:
                raise Http404(_("There is no such source."))
            _token, secret = services.create_token(
                actor=actor, name=chosen["name"], source=source, now=timezone.now(),
                expires_at=chosen["expires_at"],
            )  # fmt: skip
        except QalqanError as error:
            _blame(form, error)
        else:
            return _tokens(request, None, secret=secret)
    return _tokens(request, form, status=422)


@guarded(ApiToken, CHANGE)
@require_POST
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Make a key useless for good."""
    actor = actor_of(request)
    token = selectors.tokens(actor).filter(pk=token_id).first()
    if token is None:
        raise Http404(_("There is no such token."))
    services.revoke_token(actor=actor, token=token, now=timezone.now())
    toasts.success(request, _("The token is revoked."))
    return redirect("intake:tokens")
