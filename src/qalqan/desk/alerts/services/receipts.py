"""What controllers tell of a delivery after it left: delivered, acknowledged, played, failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from qalqan.desk.alerts.keys import delivery_key, read_key
from qalqan.desk.alerts.models import Delivery, Receipt

S = Delivery.State
_BEFORE = {
    S.DELIVERED: (S.QUEUED, S.WAITING, S.ACCEPTED, S.FAILED, S.EXPIRED),
    S.ACKNOWLEDGED: (S.QUEUED, S.WAITING, S.ACCEPTED, S.DELIVERED, S.FAILED, S.EXPIRED),
    S.PLAYED: (S.QUEUED, S.WAITING, S.ACCEPTED, S.DELIVERED, S.ACKNOWLEDGED, S.FAILED, S.EXPIRED),
    S.FAILED: (S.QUEUED, S.WAITING, S.ACCEPTED, S.DELIVERED, S.ACKNOWLEDGED),
}
"""From which states news leads on; late news never leads back."""


@transaction.atomic
def note(*, told: Sequence[tuple[str, str, str]], now: datetime) -> int:
    """Store news of deliveries; return how many were news.

    Parameters
    ----------
    told
        Key of the delivery, event (``delivered``, ``acked``, ``played``, ``failed``), detail.
        A key that was not given out by this desk is passed over: whoever knows a key has
        received the message.
    """
    count = 0
    for key, event, detail in sorted(told):
        found = read_key(key)
        if found is None or event not in {state.value for state in _BEFORE}:
            continue
        row = (
            Delivery.objects.select_related("version")
            .filter(pk=found[0], version__isnull=False)
            .first()
        )
        if row is None or row.version is None:
            continue
        own = delivery_key(row.pk, identifier=str(row.version.identifier), again=found[1])
        if key != own:
            continue
        _receipt, is_new = Receipt.objects.get_or_create(
            delivery=row,
            attempt=found[1],
            event=event,
            defaults={"at": now, "detail": detail[:200]},
        )
        count += is_new
        state = S(event)
        Delivery.objects.filter(pk=row.pk, again=found[1], state__in=_BEFORE[state]).update(
            state=state, done_at=now, next_try_at=None,
            last_error=detail[:200] if state == S.FAILED else "",
        )  # fmt: skip
    return count
