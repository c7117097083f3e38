"""Sending a warning again to those whom it has not reached."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from qalqan.desk.alerts.models import AlertVersion, Channel, Delivery, Dispatch, Lane
from qalqan.desk.alerts.services import outbox
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import CHANGE, Actor, require
from qalqan.errors import ConflictError

S = Delivery.State


@transaction.atomic
def resend_to_rest(*, actor: Actor, version: AlertVersion, now: datetime) -> int:
    """Send a message again to those whom it has not reached, and to targets added since.

    What failed is tried again at once. A siren that took the message and did not play it gets
    it under a new key, since it rightly ignores the old one. Whoever has it gets nothing.

    Raises
    ------
    ConflictError
        The message has ended, or a later one took its place.
    RefusedError
        The actor may not order it.
    """
    require(actor, CHANGE, Delivery)
    dispatch = Dispatch.objects.select_for_update().filter(version=version).first()
    if dispatch is None or dispatch.is_over or dispatch.deadline <= now:
        raise ConflictError(_("This message is not sent any more."))
    rows = Delivery.objects.filter(version=version)
    failed = rows.filter(state=S.FAILED)
    silent = rows.filter(channel=Channel.MQTT, state__in=(S.ACCEPTED, S.DELIVERED))
    count = 0
    for some in (failed, silent):
        count += some.update(
            state=S.QUEUED, again=F("again") + 1, done_at=None,
            last_error="", next_try_at=None,
        )  # fmt: skip
    waiting = rows.filter(state=S.WAITING)
    count += waiting.update(state=S.QUEUED, next_try_at=None)
    count += outbox.to_targets(dispatch, now)
    lanes = Lane.objects.filter(deliveries__in=rows.filter(state=S.QUEUED)).distinct()
    # A person who orders it knows that the target is well again: its rest is over.
    lanes.update(failures=0, has_news=True, due_at=now, priority=dispatch.priority)
    record(
        actor=actor, action="alerts.resend", subject=version, now=now, detail={"deliveries": count}
    )
    return count
