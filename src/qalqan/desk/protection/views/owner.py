"""The owner's page: no account, a link and a code, what is to be mended, and the proof."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.accounts.loopback import sender_of
from qalqan.desk.platform.audit.services import record_read
from qalqan.desk.platform.policies import PUBLIC, public
from qalqan.desk.platform.privacy.limits import RateLimit
from qalqan.desk.protection.models import OwnerLink, Remedy
from qalqan.desk.protection.notice_forms import CodeForm, RemedyForm
from qalqan.desk.protection.selectors import notices as selectors
from qalqan.desk.protection.services import owner, remedy
from qalqan.errors import ConflictError, InputError

COOKIE = "qalqan_owner"
TRIES = RateLimit(30, timedelta(hours=1))
"""Codes that one address may try in an hour, whatever the link."""
_WHY = "The owner of a site has no account; the link and its code say who is there."


def _closed(request: HttpRequest, status: int = 404) -> HttpResponse:
    answer = render(request, "protection/owner_closed.html", status=status)
    return _private(answer)


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    # With "no-referrer" browsers send forms from an unknown origin, which Django refuses.
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _opened(view: Any) -> Any:
    """Let only the browser in that opened the link; the page is in the notice's language."""

    @wraps(view)
    def wrapper(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        link = owner.live_link(token, now=timezone.now())
        if link is None:
            return _closed(request)
        if not owner.is_opened_by(link, request.COOKIES.get(COOKIE, "")):
            return redirect("protection:owner", token=token)
        record_read(actor=PUBLIC, subject=link, now=timezone.now())
        with override(link.notice.language):
            return _private(view(request, link, token, **kwargs))

    return wrapper


@public(_WHY)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the code that belongs to a link."""
    now = timezone.now()
    link = owner.live_link(token, now=now)
    if link is None:
        return _closed(request)
    if owner.is_opened_by(link, request.COOKIES.get(COOKIE, "")):
        return redirect("protection:owner_notice", token=token)
    with override(link.notice.language):
        if link.opened_at is not None:
            return _closed(request, 403)
        form = CodeForm(request.POST or None)
        status = 200
        if request.method == "POST" and form.is_valid():
            if not TRIES.allows(sender_of(request), now=now):
                form.add_error("code", _("Too many tries from here. Try again later."))
                status = 429
            elif key := owner.open_link(token=token, code=form.cleaned_data["code"], now=now):
                return _let_in(token, key)
            else:
                if owner.live_link(token, now=now) is None:
                    return _closed(request, 403)
                form.add_error("code", _("This code is wrong."))
                status = 422
        return _private(
            render(request, "protection/owner_code.html", {"form": form}, status=status)
        )


def _let_in(token: str, key: str) -> HttpResponse:
    answer = redirect("protection:owner_notice", token=token)
    answer.set_cookie(
        COOKIE, key, max_age=int(owner.VALID.total_seconds()), httponly=True, samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE, path=reverse("protection:owner", args=[token]),
    )  # fmt: skip
    return _private(answer)


@public(_WHY)
@require_safe
@_opened
def notice(request: HttpRequest, link: OwnerLink, token: str) -> HttpResponse:
    """Show what is to be mended until when, and take proofs."""
    return _show(request, link, token)


def _show(
    request: HttpRequest, link: OwnerLink, token: str, *, status: int = 200, item: int = 0,
    form: RemedyForm | None = None,
) -> HttpResponse:  # fmt: skip
    row, today = link.notice, timezone.localdate()
    items = []
    for one in selectors.items_for_owner(row):
        proofs = list(one.remedies.all())
        waits = any(proof.state == Remedy.State.WAITING for proof in proofs)
        is_open = one.verified_at is None and not waits
        mine = (
            form if form is not None and item == one.pk else RemedyForm(auto_id=f"id_{one.pk}_%s")
        )
        items.append({"item": one, "remedies": proofs, "form": mine if is_open else None})
    context = {
        "notice": row, "site": row.site, "items": items, "token": token,
        "late": (today - row.deadline).days, "left": (row.deadline - today).days,
    }  # fmt: skip
    return render(request, "protection/owner_notice.html", context, status=status)


@public(_WHY)
@require_safe
@_opened
def paper(request: HttpRequest, link: OwnerLink, token: str) -> HttpResponse:
    """Hand out the notice on paper."""
    from qalqan.desk.protection.notice_paper import notice_pdf

    body = notice_pdf(link.notice, selectors.items_for_owner(link.notice))
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="notice-{link.notice.reference}.pdf"'
    return answer


@public(_WHY)
@require_POST
@_opened
def proof(request: HttpRequest, link: OwnerLink, token: str, item_id: int) -> HttpResponse:
    """Take the proof that one violation is mended."""
    items = {item.pk: item for item in selectors.items_for_owner(link.notice)}
    if item_id not in items:
        raise Http404(_("There is no such notice."))
    form = RemedyForm(request.POST, request.FILES, auto_id=f"id_{item_id}_%s")
    if form.is_valid():
        try:
            remedy.hand_in(
                actor=PUBLIC, item=items[item_id], text=form.cleaned_data["text"],
                files=form.contents(), now=timezone.now(), link=link,
            )  # fmt: skip
        except InputError as error:
            field = error.location.field if error.location else None
            form.add_error(field if field in form.fields else None, str(error.message))
        except ConflictError as error:
            form.add_error(None, str(error.message))
        else:
            return redirect("protection:owner_notice", token=token)
    return _show(request, link, token, status=422, item=item_id, form=form)
