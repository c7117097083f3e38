"""The life of a flash-point: review, decide, close. One act a function, history only added to."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.flashpoints.models import Finding, FlashPoint, FlashPointStep, Judgement
from qalqan.desk.flashpoints.policies import DECIDE, REVIEW
from qalqan.desk.flashpoints.services.steps import add_step
from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.work import services as work
from qalqan.errors import ConflictError, InputError

LONGEST_REASON = 1000
_LONGEST_TITLE = 200
_State = FlashPoint.State


@transaction.atomic
def review(
    *,
    actor: Actor,
    flash_point: FlashPoint,
    judgement: str,
    reason: str,
    now: datetime,
    after_step: int | None = None,
    seen: int | None = None,
) -> FlashPoint:
    """Say what a finding is, and why; until it is decided or closed it can be said anew.

    Parameters
    ----------
    judgement
        One of `Judgement`.
    after_step
        Number of the last step that the reviewer saw; by default whatever it is now.
    seen
        Key of the sighting that was the newest when the reviewer looked; by default whatever is
        now. Later scans are compared with its numbers: a scan that ran meanwhile is not judged.

    Raises
    ------
    ConflictError
        It is decided or closed, or somebody has taken a step meanwhile.
    InputError
        No such judgement, or no reason.
    RefusedError
        The actor may not review findings.
    """
    require(actor, REVIEW, FlashPoint)
    locked = _locked(flash_point, after_step)
    if locked.state not in (_State.NEW, _State.REVIEWED):
        raise ConflictError(_("This flash-point is decided or closed; it cannot be reviewed."))
    if judgement not in Judgement.values:
        raise InputError(_("Choose what it is."))
    text = _required(reason, _("Say why, in at most 1000 characters."))
    locked.state, locked.judgement = _State.REVIEWED, judgement
    locked.judged = _judged(locked, seen)
    add_step(
        locked, kind=FlashPointStep.Kind.REVIEWED, finding=locked.judged, now=now, actor=actor,
        text=text,
    )  # fmt: skip
    audit.record(
        actor=actor, action="flashpoints.review", subject=locked, now=now,
        detail={"judgement": judgement},
    )  # fmt: skip
    return locked


@transaction.atomic
def decide(
    *,
    actor: Actor,
    flash_point: FlashPoint,
    decision: str,
    title: str,
    owner: User | None,
    organisation: Organisation | None,
    due_at: datetime,
    now: datetime,
    after_step: int | None = None,
    seen: int | None = None,
) -> FlashPoint:
    """Resolve what is done about a reviewed flash-point, and put the work on somebody's list.

    Raises
    ------
    ConflictError
        It is not reviewed, an artefact, decided or closed, or somebody took a step meanwhile.
    InputError
        No decision, nobody to do it, or a deadline that has passed.
    RefusedError
        The actor may not decide, or may not give work.
    """
    require(actor, DECIDE, FlashPoint)
    locked = _locked(flash_point, after_step)
    if locked.state != _State.REVIEWED:
        raise ConflictError(_("A decision needs a reviewed flash-point, and is taken once."))
    if locked.judgement == Judgement.ARTEFACT:
        raise ConflictError(_("An artefact of reporting is closed, not decided on."))
    if due_at <= now:
        raise InputError(_("The deadline must lie ahead."))
    text = _required(decision, _("Say what is decided, in at most 1000 characters."))
    item = work.open_item(
        actor=actor, kind="flashpoints.act", title=title, subject=locked, owner=owner,
        organisation=organisation, due_at=due_at, now=now, is_sample=locked.is_sample,
        url=locked.newest.get_absolute_url() if locked.newest else "",
    )  # fmt: skip
    locked.state, locked.judged = _State.DECIDED, _judged(locked, seen)
    add_step(
        locked, kind=FlashPointStep.Kind.DECIDED, finding=locked.judged, now=now, actor=actor,
        text=text, work=item,
    )  # fmt: skip
    audit.record(
        actor=actor, action="flashpoints.decide", subject=locked, now=now,
        detail={"work": item.pk, "due_at": due_at.isoformat()},
    )  # fmt: skip
    return locked


@transaction.atomic
def close(
    *,
    actor: Actor,
    flash_point: FlashPoint,
    reason: str,
    now: datetime,
    after_step: int | None = None,
    seen: int | None = None,
) -> FlashPoint:
    """Take a reviewed or decided flash-point off the desk, and say why.

    Work that was given stays owed until it is closed itself.

    Raises
    ------
    ConflictError
        It is not reviewed yet, closed already, or somebody took a step meanwhile.
    InputError
        No reason.
    RefusedError
        The actor may not decide.
    """
    require(actor, DECIDE, FlashPoint)
    locked = _locked(flash_point, after_step)
    if locked.state == _State.NEW:
        raise ConflictError(_("This flash-point must be reviewed before it is closed."))
    if locked.state == _State.CLOSED:
        raise ConflictError(_("This flash-point is closed already."))
    text = _required(reason, _("Say why, in at most 1000 characters."))
    locked.state, locked.judged = _State.CLOSED, _judged(locked, seen)
    add_step(
        locked, kind=FlashPointStep.Kind.CLOSED, finding=locked.judged, now=now, actor=actor,
        text=text,
    )  # fmt: skip
    audit.record(actor=actor, action="flashpoints.close", subject=locked, now=now)
    return locked


def _locked(flash_point: FlashPoint, after_step: int | None) -> FlashPoint:
    """Return the row as it is now, locked, if nobody has taken a step since it was looked at."""
    locked: FlashPoint = FlashPoint.objects.select_for_update().get(pk=flash_point.pk)
    if after_step is not None and locked.steps_taken != after_step:
        raise ConflictError(_("Somebody has taken a step meanwhile; look at it again."))
    return locked


def _judged(flash_point: FlashPoint, seen: int | None) -> Finding | None:
    """Return the sighting that was on the table."""
    if seen is None:
        return flash_point.newest
    found = Finding.objects.filter(flash_point=flash_point, pk=seen).first()
    if found is None:
        raise ConflictError(_("Somebody has taken a step meanwhile; look at it again."))
    return found


def _required(text: str, complaint: str) -> str:
    clean = screen(" ".join(text.split())).text
    if not clean or len(clean) > LONGEST_REASON:
        raise InputError(complaint)
    return clean
