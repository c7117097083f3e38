"""A court's order: entered by one worker, confirmed by another, handed out by the first."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.policies import CHANGE, require
from qalqan.desk.support.models import CourtOrder, Entry
from qalqan.desk.support.selectors.opening import Opened, pages
from qalqan.desk.support.services import common
from qalqan.errors import ConflictError, InputError, Location

ORDER_ACTS = ("order_ask", "order_confirm", "order_hand_out")


@transaction.atomic
def ask(
    *, actor: User, opened: Opened, reference: str, silent_until: date | None, now: datetime
) -> CourtOrder:
    """Enter a court's order to hand a case out.

    Parameters
    ----------
    silent_until
        Until when the court forbids telling the one who is helped; nothing: they are told. It
        counts once a second worker has confirmed the order.

    Raises
    ------
    InputError
        The reference of the order is missing.
    """
    require(actor, CHANGE, CourtOrder)
    if opened.helper is None:
        raise ConflictError(_("Only a support worker enters an order."))
    if not reference.strip():
        raise InputError(_("Give court, number and day."), location=Location(field="reference"))
    common.hold(opened)
    order = CourtOrder.objects.create(
        case=opened.case, asked_by=opened.helper, silent_until=silent_until
    )
    day = common.today(now).isoformat()
    data = {"on": day, "nr": common.next_number(opened), "text": reference.strip()}
    common.write(opened, Entry.Field.ORDER, {**data, "order": order.pk.hex})
    common.note(actor, opened, "order_ask", now=now, order=order)
    return order


def _order(opened: Opened, order_id: UUID) -> CourtOrder:
    row: CourtOrder | None = (
        CourtOrder.objects.select_for_update().filter(case=opened.case, pk=order_id).first()
    )
    if row is None:
        raise ConflictError(_("There is no such order."))
    return row


@transaction.atomic
def confirm(*, actor: User, opened: Opened, order_id: UUID, now: datetime) -> CourtOrder:
    """Confirm, as a second worker, that the order was seen and is in force.

    Raises
    ------
    ConflictError
        It is the worker who entered it, or it was confirmed before.
    """
    require(actor, CHANGE, CourtOrder)
    order = _order(opened, order_id)
    if order.confirmed_by_id is not None or order.asked_by_id == getattr(opened.helper, "pk", None):
        raise ConflictError(_("A second worker must confirm the order."))
    order.confirmed_by = opened.helper
    order.save(update_fields=["confirmed_by"])
    common.note(actor, opened, "order_confirm", now=now, order=order)
    return order


@transaction.atomic
def hand_out(*, actor: User, opened: Opened, order_id: UUID, now: datetime) -> dict[str, Any]:
    """Return what the desk can hand out: the case in the clear, envelopes still sealed.

    Raises
    ------
    ConflictError
        No second worker has confirmed the order.
    """
    require(actor, CHANGE, CourtOrder)
    order = _order(opened, order_id)
    if order.confirmed_by_id is None:
        raise ConflictError(_("A second worker must confirm the order."))
    order.handed_on = common.today(now)
    order.save(update_fields=["handed_on"])
    common.note(actor, opened, "order_hand_out", now=now, order=order)
    return {
        "handed_out": now.isoformat(),
        "entries": [{"field": page.field, **page.data} for page in pages(opened)],
        "note": "Identity lies in sealed envelopes; this desk has no key to open them.",
    }
