"""Consent given and withdrawn, erasure, and what the desk erases by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import CHANGE, PUBLIC, Actor, require
from qalqan.desk.support import certificates, ring
from qalqan.desk.support.models import Case, Entry, Service, Sight, Tally
from qalqan.desk.support.selectors.opening import Opened, open_with_code, pages
from qalqan.desk.support.services import common
from qalqan.desk.support.services.cases import consent
from qalqan.errors import ConflictError, IntegrityError


def _may(actor: Actor, opened: Opened) -> None:
    # Whoever opened it with the code is the one who is helped, and may end everything.
    if actor is not PUBLIC or opened.helper is not None:
        require(actor, CHANGE, Case)


@transaction.atomic
def give_consent(
    *, actor: User, opened: Opened, service: Service, language: str, now: datetime
) -> None:
    """Name one more recipient, with the one who is helped present.

    Raises
    ------
    ConflictError
        The consent stands already, or the case is closed.
    """
    require(actor, CHANGE, Case)
    case = common.hold(opened)
    if case.state != Case.State.OPEN or service.pk in opened.standing:
        raise ConflictError(_("The consent stands already, or the case is closed."))
    day = common.today(now).isoformat()
    opened.consents["recipients"].append(consent(service, language, day))
    opened.consents["bodies"][str(service.pk)] = service.organisation_id
    common.write_consents(opened)
    common.share(actor, opened)
    common.note(actor, opened, "give_consent", now=now)


@transaction.atomic
def withdraw(
    *, actor: Actor, opened: Opened, service_id: int, now: datetime
) -> certificates.Certificate | None:
    """End one recipient's access at once, under a new key; without any recipient left, erase.

    Returns
    -------
    Certificate or None
        The certificate where nothing was left and the case was erased.

    Raises
    ------
    ConflictError
        There is no such consent.
    """
    _may(actor, opened)
    common.hold(opened)
    if service_id not in opened.standing:
        raise ConflictError(_("There is no consent for this service."))
    day = common.today(now).isoformat()
    for one in opened.consents["recipients"]:
        if one["service"] == service_id and one["withdrawn"] is None:
            one["withdrawn"] = day
    if not {opened.consents["bodies"][str(one)] for one in opened.standing} - {None}:
        return erase(actor=actor, opened=opened, now=now)
    _drop_envelopes(opened, service_id)
    if ring.is_whole():
        common.rekey(actor, opened)
    else:
        common.shut_out(actor, opened)
    common.note(actor, opened, "withdraw", now=now)
    return None


def _drop_envelopes(opened: Opened, service_id: int) -> None:
    gone = [
        page.id
        for page in pages(opened, Entry.Field.ENVELOPE)
        if page.data["service"] == service_id
    ]
    Entry.objects.filter(pk__in=gone).delete()


@transaction.atomic
def erase(*, actor: Actor, opened: Opened, now: datetime) -> certificates.Certificate:
    """Destroy the key of a case and its rows, and return the certificate.

    The half is destroyed before the transaction ends: should the rest fail, the case is
    unreadable all the same, and the nightly sweep takes the rows.
    """
    _may(actor, opened)
    mark = str(opened.consents["mark"])
    done = _destroy(actor, opened.case, Tally.Event.WITHDRAWN, now)
    return certificates.issue(mark=mark, on=common.today(now), folders=done.folders, done=done.done)


def _destroy(actor: Actor, case: Case, event: str, now: datetime) -> ring.Destroyed:
    subject = common.subject_of(case)
    rows = Case.objects.select_for_update().filter(pk=case.pk)
    if not rows.exists():
        raise ConflictError(_("This case is erased already."))
    done = ring.destroy(case.pk)
    rows.delete()
    common.tally(event, now=now)
    record(actor=actor, action="support.erase", subject=subject, now=now)
    return done


def erase_what_ran_out(*, actor: Actor, now: datetime) -> int:
    """Erase cases whose time is over, each in an act of its own; return how many."""
    require(actor, CHANGE, Case)
    count = 0
    for case in Case.objects.filter(expires_on__lte=common.today(now)):
        with transaction.atomic():
            _destroy(actor, case, Tally.Event.EXPIRED, now)
        count += 1
    return count


def sweep(*, actor: Actor, now: datetime) -> int:
    """Take away rows that a backup brought back after their key was destroyed; return how many.

    Rows whose half is merely missing stay: the folder of the halves may only be out of reach.
    """
    require(actor, CHANGE, Case)
    ring.sweep()
    count = 0
    for case in Case.objects.all():
        if ring.is_erased(case.pk):
            with transaction.atomic():
                Case.objects.filter(pk=case.pk).delete()
                subject = common.subject_of(case)
                record(actor=actor, action="support.sweep", subject=subject, now=now)
            count += 1
        else:
            ring.destroy_older(case.pk, case.generation)
    return count


def open_own(code: str) -> Opened | None:
    """Open a case as the one who is helped; nothing where the code is of none, or it is gone."""
    try:
        return open_with_code(code)
    except IntegrityError:
        return None


@transaction.atomic
def look_own(*, code: str, now: datetime) -> Opened | None:
    """Open a case as the page of the one who is helped does, and write that it was opened.

    A code that somebody else got hold of leaves its trace, in the record and on the sheet.
    """
    opened = open_own(code)
    if opened is not None:
        Sight.objects.create(case=opened.case, label="", act="own", at=now)
        common.note(PUBLIC, opened, "read_with_code", now=now)
    return opened
