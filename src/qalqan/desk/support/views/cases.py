"""Cases as their workers see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, guarded
from qalqan.desk.support import crypto, texts
from qalqan.desk.support.forms import (
    BeginForm,
    CloseForm,
    ConsentForm,
    NoteForm,
    OrderForm,
    ReviewForm,
    StepForm,
)
from qalqan.desk.support.models import Case, CourtOrder, Entry, Kind
from qalqan.desk.support.selectors import people, sheets
from qalqan.desk.support.selectors.opening import Opened, pages
from qalqan.desk.support.services import cases, ending, orders
from qalqan.desk.support.views.door import user_of, with_keys
from qalqan.desk.support.views.own import certificate_page
from qalqan.errors import ConflictError, InputError, QalqanError

_NOT_THERE = "No such case."


@sensitive_post_parameters()
@guarded(Case, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
@with_keys
def begin(request: HttpRequest, keys: crypto.Keys) -> HttpResponse:
    """Read the text of consent, take consent, and begin a case."""
    user = user_of(request)
    offered = people.services(user)
    language = request.GET.get("text", "") or get_language() or "kk"
    language = language if language in texts.LANGUAGES else "kk"
    form = BeginForm(request.POST or None, services=offered)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            begun = cases.begin(
                actor=user, keys=keys, recipients=list(data["recipients"]), language=language,
                kind=data["kind"], request=data["request"], envelopes=data["envelopes"],
                now=timezone.now(),
            )  # fmt: skip
        except (InputError, ConflictError) as error:
            field = error.location.field if error.location else None
            form.add_error(field if field in form.fields else None, str(error.message))
        else:
            context = {"begun": begun, "recipients": data["recipients"]}
            return render(request, "support/begun.html", context)
    context = {
        "form": form, "language": language, "paragraphs": texts.paragraphs(language),
        "languages": [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")],
        "version": texts.CURRENT, "services": offered,
        "with_envelope": [one for one in offered if one.envelope_key],
    }  # fmt: skip
    return render(request, "support/begin.html", context, status=422 if request.POST else 200)


def _opened_or_404(request: HttpRequest, keys: crypto.Keys, case_id: UUID, act: str = "") -> Opened:
    opened = cases.look(
        actor=user_of(request), keys=keys, case_id=case_id, now=timezone.now(), act=act
    )
    if opened is None:
        # The same words for what is not there and what is another's.
        raise Http404(_NOT_THERE)
    return opened


@guarded(Case, VIEW)
@require_safe
@with_keys
def case(request: HttpRequest, case_id: UUID, keys: crypto.Keys) -> HttpResponse:
    """Show a case."""
    return _page(request, _opened_or_404(request, keys, case_id, "read"))


def _page(request: HttpRequest, opened: Opened, status: int = 200, **bound: Any) -> HttpResponse:
    user = user_of(request)
    by_field: dict[str, list[Any]] = {}
    said = pages(opened)
    for page in said:
        by_field.setdefault(page.field, []).append(page)
    offered = people.services(user)
    standing = offered.filter(pk__in=opened.standing)
    further = offered.exclude(pk__in=opened.standing)
    kinds, names = dict(Kind.choices), {one.pk: str(one) for one in standing}
    steps = [
        (page, kinds.get(page.data["kind"], ""), names.get(page.data["service"], ""))
        for page in by_field.get(Entry.Field.STEP, [])
    ]
    request_page = by_field[Entry.Field.REQUEST][0]
    context = {
        "case": opened.case,
        "pseudonym": by_field[Entry.Field.PSEUDONYM][0].data["text"],
        "asked": request_page,
        "asked_kind": kinds.get(request_page.data["kind"], ""),
        "steps": steps,
        "notes": [
            page
            for page in said
            if page.field in (Entry.Field.NOTE, Entry.Field.REVIEW, Entry.Field.CLOSING)
        ],
        "envelopes": by_field.get(Entry.Field.ENVELOPE, []),
        "orders": _orders(opened, by_field.get(Entry.Field.ORDER, [])),
        "recipients": sheets.recipients(opened),
        "is_open": opened.case.state == Case.State.OPEN,
        "is_due": opened.case.review_on <= timezone.localdate(),
        "note_form": NoteForm(),
        "step_form": StepForm(services=standing.filter(is_police=False)),
        "review_form": ReviewForm(),
        "close_form": CloseForm(),
        "consent_form": ConsentForm(services=further),
        "order_form": OrderForm(),
        **bound,
    }
    return render(request, "support/case.html", context, status=status)


def _orders(opened: Opened, texts_of: list[Any]) -> list[tuple[CourtOrder, str, bool]]:
    said = {page.data["order"]: page.data["text"] for page in texts_of}
    rows = CourtOrder.objects.filter(case=opened.case)
    me = opened.helper.pk if opened.helper else None
    return [(row, said.get(row.pk.hex, ""), row.asked_by_id == me) for row in rows]


_Do = Callable[[Opened, dict[str, Any]], object]


def _act(
    request: HttpRequest, keys: crypto.Keys, case_id: UUID, name: str, form: Any, do: _Do
) -> HttpResponse:
    """Do an act with a form; show the case again with what is wrong."""
    opened = _opened_or_404(request, keys, case_id)
    form = form(opened)
    if form.is_valid():
        try:
            do(opened, form.cleaned_data)
        except (ConflictError, InputError) as error:
            form.add_error(None, str(error.message))
        else:
            return redirect("support:case", case_id=case_id)
    opened = _opened_or_404(request, keys, case_id, "read")
    return _page(request, opened, 422, **{name: form})


@sensitive_post_parameters()
@guarded(Case, CHANGE)
@require_POST
@with_keys
def note(request: HttpRequest, case_id: UUID, keys: crypto.Keys) -> HttpResponse:
    """Write a note."""
    user, now = user_of(request), timezone.now()
    return _act(
        request, keys, case_id, "note_form", lambda _o: NoteForm(request.POST),
        lambda opened, data: cases.add_note(actor=user, opened=opened, now=now, **data),
    )  # fmt: skip


@sensitive_post_parameters()
@guarded(Case, CHANGE)
@require_POST
@with_keys
def step(request: HttpRequest, case_id: UUID, keys: crypto.Keys) -> HttpResponse:
    """Add a step to the plan."""
    user, now = user_of(request), timezone.now()
    return _act(
        request, keys, case_id, "step_form",
        lambda opened: StepForm(
            request.POST, services=people.services(user).filter(pk__in=opened.standing)
        ),
        lambda opened, data: cases.add_step(actor=user, opened=opened, now=now, **data),
    )  # fmt: skip


@guarded(Case, CHANGE)
@require_POST
@with_keys
def step_done(
    request: HttpRequest, case_id: UUID, entry_id: UUID, keys: crypto.Keys
) -> HttpResponse:
    """Mark a step as done."""
    opened = _opened_or_404(request, keys, case_id)
    try:
        cases.finish_step(
            actor=user_of(request), opened=opened, entry_id=entry_id, now=timezone.now()
        )
    except ConflictError as error:
        messages.error(request, str(error.message))
    return redirect("support:case", case_id=case_id)


@sensitive_post_parameters()
@guarded(Case, CHANGE)
@require_POST
@with_keys
def review(request: HttpRequest, case_id: UUID, keys: crypto.Keys) -> HttpResponse:
    """Hold a review."""
    user, now = user_of(request), timezone.now()
    return _act(
        request, keys, case_id, "review_form", lambda _o: ReviewForm(request.POST),
        lambda opened, data: cases.review(actor=user, opened=opened, now=now, **data),
    )  # fmt: skip


@sensitive_post_parameters()
@guarded(Case, CHANGE)
@require_POST
@with_keys
def close(request: HttpRequest, case_id: UUID, keys: crypto.Keys) -> HttpResponse:
    """Close a case."""
    user, now = user_of(request), timezone.now()
    return _act(
        request, keys, case_id, "close_form", lambda _o: CloseForm(request.POST),
        lambda opened, data: cases.close(actor=user, opened=opened, now=now, **data),
    )  # fmt: skip


@guarded(Case, CHANGE)
@require_POST
@with_keys
def consent(request: HttpRequest, case_id: UUID, keys: crypto.Keys) -> HttpResponse:
    """Enter one more consent."""
    user, now, language = user_of(request), timezone.now(), get_language() or "kk"
    return _act(
        request, keys, case_id, "consent_form",
        lambda _o: ConsentForm(request.POST, services=people.services(user)),
        lambda opened, data: ending.give_consent(
            actor=user, opened=opened, service=data["service"], language=language, now=now
        ),
    )  # fmt: skip


@guarded(Case, CHANGE)
@require_POST
@with_keys
def withdraw(
    request: HttpRequest, case_id: UUID, service_id: int, keys: crypto.Keys
) -> HttpResponse:
    """Enter that a consent was withdrawn."""
    opened = _opened_or_404(request, keys, case_id)
    try:
        found = ending.withdraw(
            actor=user_of(request), opened=opened, service_id=service_id, now=timezone.now()
        )
    except ConflictError as error:
        messages.error(request, str(error.message))
        return redirect("support:case", case_id=case_id)
    if found is not None:
        return certificate_page(request, found)
    if user_of(request).organisation_id not in {
        opened.consents["bodies"][str(one)] for one in opened.standing
    }:
        messages.success(request, _("The consent has ended; you cannot open this case any more."))
        return redirect("support:home")
    messages.success(
        request, _("The consent has ended, and the key was changed. Offer to erase the case, too.")
    )
    return redirect("support:case", case_id=case_id)


@guarded(Case, CHANGE)
@require_POST
@with_keys
def erase(request: HttpRequest, case_id: UUID, keys: crypto.Keys) -> HttpResponse:
    """Erase a case and show its certificate."""
    opened = _opened_or_404(request, keys, case_id)
    if not request.POST.get("sure"):
        messages.error(request, _("Tick that it is wanted; an erased case cannot come back."))
        return redirect("support:case", case_id=case_id)
    found = ending.erase(actor=user_of(request), opened=opened, now=timezone.now())
    return certificate_page(request, found)


@guarded(Case, VIEW)
@require_safe
@with_keys
def sheet(request: HttpRequest, case_id: UUID, keys: crypto.Keys) -> HttpResponse:
    """Show who has seen the case, to print for the one who is helped."""
    opened = _opened_or_404(request, keys, case_id, "sheet")
    context = {
        "pseudonym": pages(opened, Entry.Field.PSEUDONYM)[0].data["text"],
        "lines": sheets.seen(opened, today=timezone.localdate()),
        "recipients": sheets.recipients(opened),
        "case": opened.case,
    }
    return render(request, "support/sheet.html", context)


@guarded(Case, CHANGE)
@require_POST
@with_keys
def envelope(
    request: HttpRequest, case_id: UUID, entry_id: UUID, keys: crypto.Keys
) -> HttpResponse:
    """Hand out a sealed envelope, to be carried to the service that can open it."""
    opened = _opened_or_404(request, keys, case_id, "envelope")
    found = [page for page in pages(opened, Entry.Field.ENVELOPE) if page.id == entry_id]
    if not found:
        raise Http404(_NOT_THERE)
    response = HttpResponse(found[0].data["sealed"], content_type="text/plain; charset=ascii")
    response["Content-Disposition"] = 'attachment; filename="envelope.txt"'
    return response


@guarded(CourtOrder, ADD)
@require_POST
@with_keys
def order_ask(request: HttpRequest, case_id: UUID, keys: crypto.Keys) -> HttpResponse:
    """Enter a court's order."""
    user, now = user_of(request), timezone.now()
    return _act(
        request, keys, case_id, "order_form", lambda _o: OrderForm(request.POST),
        lambda opened, data: orders.ask(actor=user, opened=opened, now=now, **data),
    )  # fmt: skip


@guarded(CourtOrder, CHANGE)
@require_POST
@with_keys
def order_act(
    request: HttpRequest, case_id: UUID, order_id: UUID, keys: crypto.Keys
) -> HttpResponse:
    """Confirm a court's order as the second worker, or hand the case out as the first."""
    opened, user, now = _opened_or_404(request, keys, case_id), user_of(request), timezone.now()
    try:
        if "confirm" in request.POST:
            orders.confirm(actor=user, opened=opened, order_id=order_id, now=now)
            return redirect("support:case", case_id=case_id)
        given = orders.hand_out(actor=user, opened=opened, order_id=order_id, now=now)
    except QalqanError as error:
        messages.error(request, str(error.message))
        return redirect("support:case", case_id=case_id)
    import json

    text = json.dumps(given, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="order.json"'
    return response
