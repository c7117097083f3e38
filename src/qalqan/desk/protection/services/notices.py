"""Formal notices: issued with a number, extended with a reason, reminded of, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, SystemActor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.ui.words import in_language
from qalqan.desk.platform.work import services as work
from qalqan.desk.platform.work.models import WorkItem
from qalqan.desk.protection.ladder import FIRST_DAYS, rung_at
from qalqan.desk.protection.models import (
    Counter,
    Notice,
    NoticeItem,
    NoticeStep,
    OwnerLink,
    Remedy,
    Site,
    Violation,
)
from qalqan.errors import ConflictError, InputError, Location

OWED, CHECKING = "protection.mend", "protection.check_proof"
LONGEST_DEADLINE = timedelta(days=365)
_LONGEST_REASON = 500
_ROOM = SystemActor("protection")
"""Opens and closes the work that follows from an act; the act's own row names the person."""
_FREE = (Violation.State.OPEN, Violation.State.REOPENED)


def account_of(actor: Actor) -> User | None:
    """Return the account behind an actor; nothing for the desk itself and for owners."""
    return actor if isinstance(actor, get_user_model()) else None


def reason_of(text: str) -> str:
    """Return a reason, screened.

    Raises
    ------
    InputError
        There is none, or it is too long.
    """
    clean = screen(" ".join(text.split())).text
    if not clean or len(clean) > _LONGEST_REASON:
        raise InputError(
            _("Say why, in at most 500 characters."), location=Location(field="reason")
        )
    return clean


def due_at(deadline: date) -> datetime:
    """Return the end of a deadline's day in the province."""
    return datetime.combine(deadline + timedelta(days=1), time(0), timezone.get_default_timezone())


def locked(notice: Notice) -> Notice:
    """Return a notice as it is now, locked; refuse one that is closed.

    Raises
    ------
    ConflictError
        It is mended or withdrawn.
    """
    row: Notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if not row.is_live:
        raise ConflictError(_("This notice is closed."))
    return row


def add_step(notice: Notice, kind: str, now: datetime, by: User | None, **more: object) -> None:
    """Add a step to a notice's history."""
    NoticeStep.objects.create(notice=notice, kind=kind, at=now, by=by, **more)


def body_of(site: Site, by: User | None) -> Organisation | None:
    """Return who owes the mending at the desk: the owner, or else the body that issued it."""
    return site.owner or (by.organisation if by else None)


def _deadline(value: date, after: date, now: datetime) -> date:
    if not after < value <= timezone.localdate(now) + LONGEST_DEADLINE:
        raise InputError(
            _("The deadline lies after %(after)s and within a year.") % {"after": after},
            location=Location(field="deadline"),
        )
    return value


@transaction.atomic
def issue_notice(
    *,
    actor: Actor,
    site: Site,
    violations: Sequence[Violation],
    language: str,
    deadline: date,
    now: datetime,
    is_sample: bool = False,
) -> Notice:
    """Warn a site's owner formally of violations, with a number and a deadline.

    Raises
    ------
    ConflictError
        A violation is under notice already, or verified.
    InputError
        No violation is named, or the deadline or the language cannot be.
    RefusedError
        The actor may not issue notices.
    """
    require(actor, ADD, Notice)
    rows = list(
        Violation.objects.select_for_update(of=("self",))
        .select_related("question")
        .filter(site=site, pk__in=[violation.pk for violation in violations])
        .order_by("-severity", "pk")
    )
    if not rows or len(rows) != len(violations):
        raise InputError(
            _("Choose violations of this site."), location=Location(field="violations")
        )
    if any(row.state not in _FREE for row in rows):
        raise ConflictError(_("One of these violations is under notice already."))
    if language not in dict(Notice._meta.get_field("language").choices or ()):
        raise InputError(_("This language is not known."), location=Location(field="language"))
    day = timezone.localdate(now)
    by = account_of(actor)
    notice = Notice.objects.create(
        year=day.year, number=_next_number(day.year), site=site, language=language,
        issued_at=now, issued_by=by, first_deadline=_deadline(deadline, day, now),
        deadline=deadline, is_sample=is_sample or site.is_sample,
    )  # fmt: skip
    for order, row in enumerate(rows, start=1):
        NoticeItem.objects.create(
            notice=notice, violation=row, order=order, severity=row.severity, note=row.note,
            text=in_language(row.question, "text", language), legal_ground=row.legal_ground,
        )  # fmt: skip
    Violation.objects.filter(pk__in=[row.pk for row in rows]).update(state=Violation.State.NOTIFIED)
    add_step(notice, NoticeStep.Kind.ISSUED, now, by, deadline_after=deadline)
    notice.owed = _open_owed(notice, by, now)
    notice.save(update_fields=["owed"])
    detail = {
        "notice": notice.reference, "site": site.pk, "violations": len(rows),
        "deadline": deadline.isoformat(), "language": language,
    }  # fmt: skip
    record(actor=actor, action="protection.issue_notice", subject=notice, now=now, detail=detail)
    return notice


def _next_number(year: int) -> int:
    """Return the year's next number; it is taken back with the act that fails."""
    row, _made = Counter.objects.select_for_update().get_or_create(series=f"notice:{year}")
    row.value += 1
    row.save(update_fields=["value"])
    return int(row.value)


def _open_owed(notice: Notice, by: User | None, now: datetime) -> WorkItem | None:
    body = body_of(notice.site, by)
    if body is None:
        return None
    with override(notice.language):
        title = _("Mend what notice %(number)s names") % {"number": notice.reference}
    return work.open_item(
        actor=_ROOM, kind=OWED, title=title, subject=notice, owner=None, organisation=body,
        due_at=due_at(notice.deadline), now=now, url=notice.get_absolute_url(),
        is_sample=notice.is_sample,
    )  # fmt: skip


def close_work(item: WorkItem | None, outcome: str, now: datetime, *, cancelled: bool) -> None:
    """Close a piece of work of a notice, unless somebody closed it before."""
    if item is None:
        return
    item.refresh_from_db()
    if item.is_live:
        work.close_item(actor=_ROOM, item=item, outcome=outcome, now=now, cancelled=cancelled)


@transaction.atomic
def extend_notice(
    *, actor: Actor, notice: Notice, deadline: date, reason: str, now: datetime
) -> Notice:
    """Give a notice a later deadline, for a reason; the first one stays on record.

    Raises
    ------
    ConflictError
        The notice is closed.
    InputError
        The reason is missing, or the deadline is not later.
    RefusedError
        The actor may not change notices.
    """
    require(actor, CHANGE, Notice, notice)
    row, why = locked(notice), reason_of(reason)
    before, by = row.deadline, account_of(actor)
    row.deadline = _deadline(deadline, max(before, timezone.localdate(now)), now)
    close_work(row.owed, _("The deadline was extended."), now, cancelled=True)
    row.owed = _open_owed(row, by, now)
    row.save(update_fields=["deadline", "owed"])
    add_step(
        row, NoticeStep.Kind.EXTENDED, now, by, text=why, deadline_before=before,
        deadline_after=deadline,
    )  # fmt: skip
    detail = {"from": before.isoformat(), "to": deadline.isoformat(), "reason": why[:200]}
    record(actor=actor, action="protection.extend_notice", subject=row, now=now, detail=detail)
    return row


@transaction.atomic
def withdraw_notice(*, actor: Actor, notice: Notice, reason: str, now: datetime) -> Notice:
    """Take a notice back, for a reason; its number stays taken, its violations are open again.

    Raises
    ------
    ConflictError
        The notice is closed.
    InputError
        The reason is missing.
    RefusedError
        The actor may not change notices.
    """
    require(actor, CHANGE, Notice, notice)
    row, why = locked(notice), reason_of(reason)
    row.state, row.closed_at = Notice.State.WITHDRAWN, now
    row.save(update_fields=["state", "closed_at"])
    # A proof that waits is answered by the withdrawal; nobody needs to check it any more.
    Remedy.objects.filter(item__notice=row, state=Remedy.State.WAITING).update(
        state=Remedy.State.RETURNED, decided_at=now, reason=_("The notice was withdrawn.")
    )
    Violation.objects.filter(
        items__notice=row, state__in=[Violation.State.NOTIFIED, Violation.State.REMEDIED]
    ).update(state=Violation.State.OPEN)
    OwnerLink.objects.filter(notice=row, revoked_at__isnull=True).update(revoked_at=now)
    for item in (row.owed, row.checking):
        close_work(item, _("The notice was withdrawn."), now, cancelled=True)
    add_step(row, NoticeStep.Kind.WITHDRAWN, now, account_of(actor), text=why)
    record(
        actor=actor, action="protection.withdraw_notice", subject=row, now=now,
        detail={"reason": why[:200]},
    )  # fmt: skip
    return row


def send_reminders(*, actor: Actor, now: datetime) -> int:
    """Take the rung of the ladder that each open notice has reached; return how many.

    A rung is taken once for each deadline; rungs missed while the desk was off are not made up
    for one by one, only the highest is taken.
    """
    require(actor, CHANGE, Notice)
    last = timezone.localdate(now) - timedelta(days=FIRST_DAYS)
    due = Notice.objects.filter(state=Notice.State.ISSUED, deadline__lte=last)
    keys = list(due.order_by("deadline", "pk").values_list("pk", flat=True))
    return sum(_remind(actor, key, now) for key in keys)


@transaction.atomic
def _remind(actor: Actor, key: int, now: datetime) -> bool:
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=key)
    rung = rung_at(notice.deadline, timezone.localdate(now))
    if rung is None or notice.state != Notice.State.ISSUED:
        return False
    taken = notice.steps.filter(
        kind=NoticeStep.Kind.REMINDED, deadline_before=notice.deadline, rung__gte=rung.number
    )
    if taken.exists():
        return False
    add_step(
        notice, NoticeStep.Kind.REMINDED, now, None, rung=rung.number, audience=rung.audience,
        deadline_before=notice.deadline,
    )  # fmt: skip
    detail = {"rung": rung.number, "audience": str(rung.audience)}
    record(actor=actor, action="protection.remind", subject=notice, now=now, detail=detail)
    return True
