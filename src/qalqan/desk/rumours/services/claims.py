"""Claims as such: made of a single message, sent out of the desk as a list."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import CHANGE, EXPORT, Actor, require
from qalqan.desk.rumours import storage
from qalqan.desk.rumours.models import Claim, Message, Tally
from qalqan.desk.rumours.services.storing import add_copies
from qalqan.errors import ConflictError


@transaction.atomic
def open_claim(*, actor: Actor, message: Message, now: datetime) -> Claim:
    """Make a claim of a message that nobody has repeated yet, so that it can be answered.

    Raises
    ------
    ConflictError
        There is such a claim already.
    """
    require(actor, CHANGE, Claim)
    Tally.objects.select_for_update().get(pk=1)
    if storage.existing_claims([message.claim_number]):
        raise ConflictError(_("This message belongs to a claim already."))
    opening = storage.leaders([message.claim_number])
    storage.insert_claims(opening)
    add_copies(opening)
    claim: Claim = Claim.objects.get(pk=message.claim_number)
    record(actor=actor, action="rumours.open_claim", subject=claim, now=now)
    return claim


@transaction.atomic
def record_export(*, actor: Actor, rows: int, now: datetime) -> None:
    """Note that a list of claims left the desk as a file."""
    require(actor, EXPORT, Claim)
    record(
        actor=actor, action="rumours.export_claims", subject="claims", now=now,
        detail={"rows": rows},
    )  # fmt: skip
