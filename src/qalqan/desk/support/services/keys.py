"""Workers' keys: made, opened with a phrase, vouched for, and taken from those who leave."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, Role, require
from qalqan.desk.support import crypto
from qalqan.desk.support.models import Case, Helper, Voucher, Wrap
from qalqan.desk.support.selectors.people import helper_of, statement_about
from qalqan.errors import ConflictError, InputError, IntegrityError, Location, RefusedError

SHORTEST_PHRASE = 20
ROOM = "support:keys"


def _bound(user_id: int, helper_id: UUID) -> str:
    return f"qalqan support seed 1|{user_id}|{helper_id.hex}"


def _today(now: datetime) -> date:
    return timezone.localdate(now)


@transaction.atomic
def make_key(*, actor: User, phrase: str, now: datetime) -> Helper:
    """Make a worker's key, which opens with the phrase only; an earlier key is gone for good.

    The row stays: court orders that the worker entered or confirmed keep standing, and the same
    person with a new key is no second worker.

    Raises
    ------
    InputError
        The phrase is too short.
    """
    require(actor, ADD, Helper)
    if len(phrase) < SHORTEST_PHRASE or len(set(phrase)) < 8:
        raise InputError(
            _("The phrase needs at least 20 characters: five or six words nobody would guess."),
            location=Location(field="phrase"),
        )
    earlier = Helper.objects.select_for_update().filter(user=actor).first()
    if earlier is not None:
        _take_away(earlier)
    helper = earlier or Helper(id=uuid4(), user=actor)
    helper.made_on, helper.left_on = _today(now), None
    keys = crypto.Keys(crypto.new_key())
    helper.public_key = keys.public
    helper.sealed_seed = crypto.seal_seed(keys.seed, phrase, bound=_bound(actor.pk, helper.id))
    helper.save(force_insert=earlier is None)
    record(actor=actor, action="support.make_key", subject=ROOM, now=now)
    return helper


@transaction.atomic
def open_key(*, actor: User, phrase: str, now: datetime) -> crypto.Keys:
    """Return the worker's keys for this visit.

    Raises
    ------
    InputError
        The phrase is wrong.
    ConflictError
        The worker has no key.
    """
    require(actor, CHANGE, Helper)
    helper = helper_of(actor)
    if helper is None:
        raise ConflictError(_("You have no key yet."))
    try:
        seed = crypto.open_seed(
            bytes(helper.sealed_seed), phrase, bound=_bound(actor.pk, helper.id)
        )
    except IntegrityError:
        raise InputError(
            _("This phrase is not right."), location=Location(field="phrase")
        ) from None
    record(actor=actor, action="support.open_key", subject=ROOM, now=now)
    return crypto.Keys(seed)


@transaction.atomic
def vouch_for(*, actor: User, keys: crypto.Keys, helper: Helper, now: datetime) -> Voucher:
    """Say under one's own key that a colleague's key is the colleague's; compared aloud before.

    Raises
    ------
    ConflictError
        It is one's own key, or the colleague has left.
    """
    require(actor, CHANGE, Helper)
    me = helper_of(actor)
    if me is None or me.pk == helper.pk or helper.left_on is not None:
        raise ConflictError(_("There is nothing to vouch for."))
    signature = crypto.vouch(keys, statement_about(helper))
    voucher, _is_new = Voucher.objects.update_or_create(
        by=me, about=helper, defaults={"signature": signature}
    )
    record(
        actor=actor, action="support.vouch", subject=ROOM, now=now,
        detail={"about": helper.user_id},
    )  # fmt: skip
    return voucher


@transaction.atomic
def let_go(*, actor: Actor, helper: Helper, now: datetime) -> int:
    """End a worker's access to every case at once; the cases get new keys when next opened.

    Returns
    -------
    int
        How many cases the worker could open.

    Raises
    ------
    RefusedError
        A worker lets go of oneself or of a colleague of the same body, nobody else does.
    """
    require(actor, CHANGE, Helper)
    row = Helper.objects.select_for_update().select_related("user").get(pk=helper.pk)
    own_body = getattr(actor, "organisation_id", None)
    if isinstance(actor, User) and row.user.organisation_id != own_body:
        raise RefusedError(_("Only colleagues of the same body do this."))
    count = _take_away(row)
    row.left_on = _today(now)
    row.save(update_fields=["left_on"])
    record(
        actor=actor, action="support.let_go", subject=ROOM, now=now,
        detail={"whom": row.user_id},
    )  # fmt: skip
    return count


def _take_away(helper: Helper) -> int:
    held = Wrap.objects.filter(helper=helper)
    Case.objects.filter(pk__in=held.values("case_id")).update(must_rekey=True)
    Case.objects.filter(owner=helper).update(owner=None)
    Voucher.objects.filter(Q(by=helper) | Q(about=helper)).delete()
    count: int = held.delete()[0]
    return count


def let_go_of_leavers(*, actor: Actor, now: datetime) -> int:
    """End the access of workers whose account is closed or has another role; return how many."""
    require(actor, CHANGE, Helper)
    gone = Helper.objects.filter(left_on=None).exclude(
        user__is_active=True, user__role=Role.SUPPORT_WORKER
    )
    rows = list(gone)
    for row in rows:
        let_go(actor=actor, helper=row, now=now)
    return len(rows)
