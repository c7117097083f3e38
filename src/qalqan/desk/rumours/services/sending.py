"""Sending what was written to be told: each target by itself, again later where it fails."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection, transaction
from django.db.models import F, Min

from qalqan.desk.platform.policies import CHANGE, Actor, require
from qalqan.desk.platform.privacy.outbound import OutboundError, post
from qalqan.desk.platform.privacy.sealing import unseal
from qalqan.desk.rumours.channels import channel
from qalqan.desk.rumours.mails import mail_for
from qalqan.desk.rumours.models import Claim, Delivery, Webhook
from qalqan.desk.rumours.selectors.published import payload
from qalqan.errors import QalqanError

Way = Delivery.Channel
LEASE = timedelta(minutes=10)
"""A delivery that is being sent is not sent by another worker; after a crash it is due again."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 720, 1440))
"""Pauses between attempts; after the last one the delivery is given up."""
SECRETS = "rumours.webhook"
_AT_ONCE = 16
_MOST = 200
_MAIL_SECONDS = 60.0
_MOST_ERROR = 200


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be sent in a thread, which must not touch the database.

    ``run`` returns the keys of deliveries and what went wrong with each; an empty word is well.
    """

    keys: Sequence[int]
    run: Callable[[], dict[int, str]]


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a body sent at a time.

    >>> signature("key", "0", b"{}")[:11]
    'v1=ab7cec38'
    """
    mac = hmac.new(secret.encode(), timestamp.encode() + b"." + body, sha256)
    return f"v1={mac.hexdigest()}"


def deliver_due(*, actor: Actor, now: datetime) -> int:
    """Send everything that is due; return how many deliveries reached their target.

    Targets are called side by side, each with its own time; the result of each is written as it
    comes in, so that a dead one delays no other.
    """
    require(actor, CHANGE, Claim)
    done, began = 0, monotonic()
    at = now
    while due := _taken(at):
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="deliver") as pool:
            jobs = {pool.submit(job.run): job for job in _jobs(due, at)}
            for future in as_completed(jobs):
                # One that breaks in a way nobody thought of must not keep the others' results.
                broken = future.exception()
                word = type(broken).__name__
                results = dict.fromkeys(jobs[future].keys, word) if broken else future.result()
                done += _write_results(results, at)
        # A long list takes minutes; leases and signatures count from the time it is by then.
        at = now + timedelta(seconds=monotonic() - began)
    return done


@transaction.atomic
def _taken(now: datetime) -> list[Delivery]:
    """Take deliveries that are due: of each webhook the oldest, so that order is kept."""
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    first = (
        waiting.filter(webhook__isnull=False).values("webhook_id").annotate(first=Min("pk"))
    ).values("first")
    due = waiting.filter(next_try_at__lte=now)
    hooks = due.filter(pk__in=first, webhook__is_active=True)
    others = due.filter(webhook__isnull=True)
    keys = [*hooks.values_list("pk", flat=True)[:_MOST],
            *others.order_by("pk").values_list("pk", flat=True)[:_MOST]]  # fmt: skip
    skip = connection.features.has_select_for_update_skip_locked
    rows = list(
        Delivery.objects.select_for_update(skip_locked=skip, of=("self",) if skip else ())
        .filter(pk__in=keys, state=Delivery.State.WAITING, next_try_at__lte=now)
        .select_related("webhook", "subscription", "publication__version", "publication__answer")
        .order_by("pk")
    )
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        attempts=F("attempts") + 1, next_try_at=now + LEASE
    )
    return rows


def _jobs(due: list[Delivery], now: datetime) -> Iterator[Job]:
    """Make the work of threads; what needs the database is read here."""
    for row in due:
        try:
            if row.channel == Way.WEBHOOK:
                yield _webhook_job(row, now)
            elif row.channel == Way.POST:
                yield _post_job(row)
        except QalqanError as error:
            yield _failed(row.pk, str(error.message))
    mails = [row for row in due if row.channel in (Way.MAIL, Way.CONFIRM)]
    if mails:
        yield _mail_job(mails)


def _failed(key: int, why: str) -> Job:
    return Job([key], lambda: {key: why[:_MOST_ERROR] or "?"})


def _tried(key: int, act: Callable[[], None]) -> Job:
    def run() -> dict[int, str]:
        try:
            act()
        except OutboundError as error:
            return {key: str(error.message)[:_MOST_ERROR]}
        return {key: ""}

    return Job([key], run)


def _webhook_job(row: Delivery, now: datetime) -> Job:
    hook, publication = row.webhook, row.publication
    assert hook is not None  # noqa: S101 - the table asks for both
    assert publication is not None  # noqa: S101
    body = json.dumps(payload(publication), ensure_ascii=False).encode()
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "qalqan",
        "Qalqan-Delivery": str(row.pk),
        "Qalqan-Event": str(publication.kind),
        "Qalqan-Timestamp": timestamp,
        "Qalqan-Signature": signature(unseal(bytes(hook.secret), purpose=SECRETS), timestamp, body),
    }
    url, private = hook.url, settings.QALQAN_TARGETS_MAY_BE_PRIVATE
    return _tried(row.pk, lambda: post(url, body, headers, may_be_private=private))


def _post_job(row: Delivery) -> Job:
    target = channel()
    if target is None or row.publication is None:
        return _failed(row.pk, "off")
    words = target.words(payload(row.publication))
    return _tried(row.pk, lambda: target.send(words))


def _mail_job(rows: list[Delivery]) -> Job:
    """Send all mails through one connection, within a time; the rest stays due."""
    mails, results = [], {}
    for row in rows:
        try:
            mails.append((row.pk, mail_for(row)))
        except QalqanError as error:
            results[row.pk] = str(error.message)[:_MOST_ERROR]

    def run() -> dict[int, str]:
        until = monotonic() + _MAIL_SECONDS
        try:
            with get_connection() as link:
                for key, mail in mails:
                    if monotonic() > until:
                        break
                    mail.connection = link
                    try:
                        results[key] = "" if mail.send() else "not taken"
                    except (OSError, ValueError) as error:
                        results[key] = type(error).__name__
        except OSError as error:
            return {key: type(error).__name__ for key, _mail in mails} | results
        return results

    return Job([row.pk for row in rows], run)


def _write_results(results: dict[int, str], now: datetime) -> int:
    done = 0
    for key, error in results.items():
        with transaction.atomic():
            # The row is gone where its reader left meanwhile.
            row = Delivery.objects.select_for_update().filter(pk=key).first()
            if row is None:
                continue
            if error:
                _note_failure(row, error, now)
            else:
                row.state, row.done_at, row.last_error = Delivery.State.DONE, now, ""
                done += 1
            row.save(update_fields=["state", "done_at", "last_error", "next_try_at"])
            if row.webhook_id:
                failures = F("failures") + 1 if error else 0
                Webhook.objects.filter(pk=row.webhook_id).update(failures=failures)
    return done


def _note_failure(row: Delivery, error: str, now: datetime) -> None:
    row.last_error = error
    if row.attempts > len(PAUSES):
        row.state = Delivery.State.GIVEN_UP
    else:
        row.next_try_at = now + PAUSES[row.attempts - 1]
