"""Acts on a case: begin, write, plan, review, close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.audit.services import record, record_read
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.support import crypto, ring, texts
from qalqan.desk.support.models import (
    Case,
    EnquiryCount,
    Entry,
    Kind,
    Service,
    Tally,
)
from qalqan.desk.support.selectors.opening import (
    Listed,
    Opened,
    Page,
    my_cases,
    open_case,
    pages,
    read_entry,
)
from qalqan.desk.support.selectors.people import helper_of, services_by_key
from qalqan.desk.support.services import common
from qalqan.errors import ConflictError, InputError, Location

REVIEW_EVERY = 6
"""Months from review to review: at 6, 12, and so on."""
LASTS = 13
"""Months until an open case is erased, unless a review prolongs it."""
KEPT_CLOSED = 3
"""Months until a closed case is erased."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What the one who is helped takes home: pseudonym, code, and the mark of the seal."""

    case: Case
    pseudonym: str
    code: str
    mark: str


@transaction.atomic
def count_enquiry(*, actor: Actor, district: Place | None, now: datetime) -> None:
    """Count that somebody asked; before consent nothing else is kept."""
    require(actor, ADD, EnquiryCount)
    row, _is_new = EnquiryCount.objects.get_or_create(day=common.today(now), district=district)
    EnquiryCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
    record(actor=actor, action="support.count_enquiry", subject="support:enquiries", now=now)


@transaction.atomic
def begin(
    *,
    actor: User,
    keys: crypto.Keys,
    recipients: Sequence[Service],
    language: str,
    kind: str,
    request: str,
    now: datetime,
    envelopes: Mapping[int, str] | None = None,
) -> Begun:
    """Begin a case after consent, for the recipients that were chosen one by one.

    Parameters
    ----------
    language
        In which the text of consent was read.
    request
        What help is asked for; no names.
    envelopes
        By service, what the browser sealed with that service's key; the desk cannot open it.

    Raises
    ------
    InputError
        The worker's own service is not among the recipients, or the request is empty.
    ConflictError
        The worker has no key.
    """
    require(actor, ADD, Case)
    helper = helper_of(actor)
    if helper is None or bytes(helper.public_key) != keys.public:
        raise ConflictError(_("You have no key yet."))
    if actor.organisation_id not in {one.organisation_id for one in recipients}:
        raise InputError(
            _("Your own service must be among the recipients, or you could not open the case."),
            location=Location(field="recipients"),
        )
    if kind not in Kind.values:
        raise InputError(_("There is no such help."), location=Location(field="kind"))
    day, code = common.today(now), crypto.new_code()
    of_code = crypto.Keys.of_code(code)
    case = Case(
        id=uuid4(), owner=helper, code_hash=crypto.code_hash(code), code_key=of_code.public,
        review_on=common.month_after(day, REVIEW_EVERY), expires_on=common.month_after(day, LASTS),
    )  # fmt: skip
    opened = Opened(case, crypto.new_key(), keys, helper, ring.create_half(case.pk, 1))
    opened.consents = _consents(recipients, language, day.isoformat(), keys, of_code, helper.pk)
    case.save(force_insert=True)
    pseudonym = crypto.new_pseudonym()
    common.write(opened, Entry.Field.PSEUDONYM, {"text": pseudonym})
    common.write(opened, Entry.Field.REQUEST, {"kind": kind, "text": _said(request)})
    common.write(opened, Entry.Field.CONSENTS, opened.consents)
    for service, sealed in (envelopes or {}).items():
        common.write(opened, Entry.Field.ENVELOPE, {"service": service, "sealed": sealed})
    common.put_wrap(opened, None, of_code.public)
    common.put_wrap(opened, helper.pk, keys.public)
    common.share(actor, opened)
    common.tally(Tally.Event.BEGUN, now=now, kind=kind)
    common.note(actor, opened, "begin", now=now)
    return Begun(case, pseudonym, code, opened.consents["mark"])


def _consents(
    recipients: Sequence[Service],
    language: str,
    day: str,
    keys: crypto.Keys,
    of_code: crypto.Keys,
    helper_id: UUID,
) -> dict[str, Any]:
    return {
        "language": language,
        "recipients": [consent(one, language, day) for one in recipients],
        "bodies": {str(one.pk): one.organisation_id for one in recipients},
        "holders": {helper_id.hex: crypto.key_mark(keys.public)},
        "code": crypto.key_mark(of_code.public),
        "mark": crypto.new_mark(),
    }


def consent(service: Service, language: str, day: str) -> dict[str, Any]:
    """Return one consent as it is sealed into the case."""
    return {
        "service": service.pk, "text": texts.CURRENT, "language": language,
        "digest": texts.digest(language), "given": day, "withdrawn": None,
    }  # fmt: skip


def _said(text: str) -> str:
    text = text.strip()
    if not text:
        raise InputError(_("Say it in a few words."), location=Location(field="text"))
    return text


@transaction.atomic
def look(
    *, actor: User, keys: crypto.Keys, case_id: UUID, now: datetime, act: str = ""
) -> Opened | None:
    """Open a case as a worker, and mend its keys where that is owed.

    Parameters
    ----------
    act
        What is written into the record and onto the sheet of the helped one; empty where an
        act follows that writes it itself.

    Returns
    -------
    Opened or None
        Nothing where there is no such case, and where it is not this worker's.
    """
    require(actor, CHANGE, Case)
    opened = open_case(actor, keys, case_id)
    if opened is None:
        return None
    common.share(actor, opened)
    if opened.case.must_rekey and ring.is_whole():
        common.hold(opened)
        common.rekey(actor, opened)
    if opened.case.owner_id is None:
        opened.case.owner = opened.helper
        opened.case.save(update_fields=["owner"])
    if act:
        common.note(actor, opened, act, now=now)
    return opened


@transaction.atomic
def list_own(*, actor: User, keys: crypto.Keys, now: datetime) -> list[Listed]:
    """Return the worker's cases with their pseudonyms, and write that they were listed."""
    require(actor, CHANGE, Case)
    record_read(actor=actor, subject="support:list", now=now)
    return list(my_cases(actor, keys, today=common.today(now)))


@transaction.atomic
def add_note(*, actor: User, opened: Opened, text: str, now: datetime) -> Entry:
    """Write a note into an open case."""
    _only_open(actor, opened)
    return _add(actor, opened, Entry.Field.NOTE, {"text": _said(text)}, now)


@transaction.atomic
def add_step(
    *, actor: User, opened: Opened, service: Service | None, kind: str, text: str, why: str,
    now: datetime,
) -> Entry:  # fmt: skip
    """Add a step to the plan of help; ordinary services come first.

    Parameters
    ----------
    service
        Who helps; nobody yet where it is left out.
    why
        Why an ordinary service is not enough; asked only before the first ordinary step.

    Raises
    ------
    ConflictError
        The service is the police, or has no consent, or no ordinary service was tried and
        nothing says why.
    """
    _only_open(actor, opened)
    if service is not None:
        _may_help(opened, service, why)
    data = {
        "kind": kind, "service": service.pk if service else None, "text": _said(text),
        "why": why.strip(), "done": None,
    }  # fmt: skip
    return _add(actor, opened, Entry.Field.STEP, data, now)


def _may_help(opened: Opened, service: Service, why: str) -> None:
    if service.is_police:
        raise ConflictError(_("The police is no step of a plan of help."))
    if service.pk not in opened.standing:
        raise ConflictError(_("There is no consent for this service."))
    planned = {page.data["service"] for page in pages(opened, Entry.Field.STEP)} - {None}
    tried = any(one.is_ordinary for one in services_by_key(planned).values())
    if not service.is_ordinary and not tried and not why.strip():
        raise ConflictError(_("Ordinary services come first: add one, or say why none is enough."))


@transaction.atomic
def finish_step(*, actor: User, opened: Opened, entry_id: UUID, now: datetime) -> None:
    """Mark a step as done.

    Raises
    ------
    ConflictError
        There is no such step, or it is done.
    """
    _only_open(actor, opened)
    entry = Entry.objects.filter(case=opened.case, pk=entry_id, field=Entry.Field.STEP).first()
    page: Page | None = read_entry(opened, entry) if entry else None
    if entry is None or page is None or page.data["done"]:
        raise ConflictError(_("This step is done already."))
    common.write(opened, entry.field, {**page.data, "done": common.today(now).isoformat()}, entry)
    common.note(actor, opened, "step", now=now)


@transaction.atomic
def review(*, actor: User, opened: Opened, text: str, prolong: bool, now: datetime) -> None:
    """Hold a review; with the consent asked for anew it may prolong the case.

    Raises
    ------
    ConflictError
        It is to be prolonged before the review of the twelfth month.
    """
    case = _only_open(actor, opened)
    if prolong and (case.reviews + 1) % 2:
        raise ConflictError(_("A case is prolonged only at every second review."))
    day = common.today(now)
    _add(actor, opened, Entry.Field.REVIEW, {"text": _said(text), "prolonged": prolong}, now)
    case.reviews += 1
    case.review_on = common.month_after(day, REVIEW_EVERY)
    if prolong:
        case.expires_on = common.month_after(day, LASTS)
    case.save(update_fields=["reviews", "review_on", "expires_on"])


@transaction.atomic
def close(*, actor: User, opened: Opened, reason: str, now: datetime) -> None:
    """Close a case with a reason; it is erased three months later."""
    case = _only_open(actor, opened)
    _add(actor, opened, Entry.Field.CLOSING, {"text": _said(reason)}, now)
    case.state = Case.State.CLOSED
    case.expires_on = min(case.expires_on, common.month_after(common.today(now), KEPT_CLOSED))
    case.save(update_fields=["state", "expires_on"])
    common.tally(Tally.Event.CLOSED, now=now)


def _only_open(actor: Actor, opened: Opened) -> Case:
    require(actor, CHANGE, Case)
    case = common.hold(opened)
    if case.state != Case.State.OPEN:
        raise ConflictError(_("This case is closed."))
    return case


_ACTS = {
    Entry.Field.NOTE: "note",
    Entry.Field.STEP: "step",
    Entry.Field.REVIEW: "review",
    Entry.Field.CLOSING: "close",
}


def _add(
    actor: User, opened: Opened, field: Entry.Field, data: dict[str, Any], now: datetime
) -> Entry:
    day = common.today(now).isoformat()
    number = common.next_number(opened)
    entry = common.write(opened, field, {"on": day, "nr": number, **data})
    common.note(actor, opened, _ACTS[field], now=now)
    return entry
