"""What is to be told to whom, written in the transaction of the act that causes it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from qalqan.desk.rumours.models import Delivery, MailSubscription, Publication, Webhook

SUPERSEDED = "superseded"
"""What the log says of a telling that a later one has made needless."""
_BATCH = 1_000


def channel_is_on() -> bool:
    """Tell whether a channel is set up to post in."""
    return bool(
        settings.QALQAN_CHANNEL_URL and settings.QALQAN_CHANNEL_TOKEN and settings.QALQAN_CHANNEL_ID
    )


def write_deliveries(publication: Publication, *, now: datetime) -> int:
    """Write one delivery a target, and wake the worker; return how many."""
    way = Delivery.Channel
    hooks = Webhook.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True)
    rows = [
        Delivery(
            channel=way.WEBHOOK, publication=publication, webhook_id=pk, next_try_at=now,
            written_at=now,
        )
        for pk in hooks
    ]  # fmt: skip
    readers = (
        MailSubscription.objects.filter(confirmed_at__isnull=False)
        if (settings.QALQAN_MAIL_LIST)
        else MailSubscription.objects.none()
    )
    rows += [
        Delivery(
            channel=way.MAIL, publication=publication, subscription_id=pk, next_try_at=now,
            written_at=now,
        )
        for pk in readers.order_by("pk").values_list("pk", flat=True)
    ]  # fmt: skip
    if channel_is_on():
        rows.append(
            Delivery(channel=way.POST, publication=publication, next_try_at=now, written_at=now)
        )
    Delivery.objects.bulk_create(rows, batch_size=_BATCH)
    if rows:
        wake_worker()
    return len(rows)


def leave_out_earlier(publication: Publication, *, now: datetime) -> None:
    """Give up what waits of an answer's earlier publications and is read by people.

    A correction or a withdrawal must be the last thing a reader hears; a mail server that was
    down for hours must not bring the earlier wording after it. Programs hear everything in order.
    """
    way = Delivery.Channel
    earlier = Delivery.objects.filter(
        publication__answer=publication.answer_id, state=Delivery.State.WAITING,
        channel__in=(way.MAIL, way.POST),
    ).exclude(publication=publication)  # fmt: skip
    earlier.update(state=Delivery.State.GIVEN_UP, done_at=now, last_error=SUPERSEDED)


def wake_worker() -> None:
    """Queue the sending; the periodic job does it a minute later at the latest."""
    from qalqan.desk.rumours.tasks import send_deliveries

    send_deliveries.enqueue()
