"""What is to be sent to whom, written in the transaction of the approval.

Everything is set-based: one statement writes a delivery for every target that the message is
for. Subscribers, who may be a million, get one row a gateway here (a spread); the workers turn
it into deliveries piece by piece, each piece and how far it got in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min, QuerySet

from qalqan.desk.alerts.models import (
    Alert,
    AlertVersion,
    Delivery,
    Dispatch,
    Level,
    Spread,
    Subscriber,
    Target,
    Urgency,
)
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import Actor

PENDING = (Delivery.State.QUEUED, Delivery.State.WAITING)
_LEVELS = {
    "Extreme": Level.EXTREME, "Severe": Level.SEVERE, "Moderate": Level.MODERATE,
    "Minor": Level.MINOR,
}  # fmt: skip
_HASTE = list(Urgency.values)
_NOT_ACTUAL = 100
LAST = 999
_INSERT = """INSERT INTO alerts_delivery (version_id, target_id, lane_id, subscriber, channel,
    district_id, language, priority, state, again, attempts, last_error, written_at) """
_TO_TARGETS = """SELECT %s, t.id, l.id, 0, t.kind, t.district_id, t.language, %s, 'queued', 0, 0,
    '', %s FROM alerts_target t JOIN alerts_lane l ON l.target_id = t.id AND l.shard = 0
    WHERE t.is_enabled AND NOT t.serves_subscribers AND t.least <= %s"""
_TO_SUBSCRIBERS = """SELECT %s, t.id, l.id, s.id, t.kind, s.district_id, s.language, %s, 'queued',
    0, 0, '', %s FROM alerts_subscriber s JOIN alerts_target t ON t.id = %s
    JOIN alerts_lane l ON l.target_id = t.id AND l.shard = s.id %% t.shards
    WHERE s.id > %s AND s.id <= %s AND s.channel = t.kind AND s.confirmed_at IS NOT NULL
    AND s.least <= %s"""
_WAKE = """UPDATE alerts_lane SET has_news = %s,
    due_at = CASE WHEN due_at IS NULL OR priority > %s THEN %s ELSE due_at END,
    priority = CASE WHEN priority > %s THEN %s ELSE priority END WHERE id IN """


def priority_of(version: AlertVersion) -> int:
    """Return the place of a message among all: the most severe and most urgent come first.

    Exercises and tests come after everything actual.
    """
    level = _LEVELS.get(version.severity, Level.UNKNOWN)
    own = 10 * (Level.EXTREME - level) + _HASTE.index(version.urgency)
    return own if version.alert.status == Alert.Status.ACTUAL else own + _NOT_ACTUAL


@transaction.atomic
def enqueue(*, version: AlertVersion, now: datetime) -> int:
    """Write one intent a target, and one spread a gateway; return how many.

    What still waits of the warning's earlier messages is not sent any more. The new one is at
    least as urgent as they were and goes at least as far: whoever was warned must hear that the
    warning is milder now, that it holds elsewhere, or that it is over.
    """
    if version.expires_at is None:
        raise ValueError("only a message with an end is sent")
    earlier = Dispatch.objects.filter(
        version__alert=version.alert_id, version__number__lt=version.number
    )
    before = earlier.aggregate(least=Min("priority"), worst=Max("level"))
    own, level = priority_of(version), _LEVELS.get(version.severity, Level.UNKNOWN)
    dispatch = Dispatch.objects.create(
        version=version,
        priority=own if before["least"] is None else min(own, before["least"]),
        level=level if before["worst"] is None else max(level, before["worst"]),
        districts=_reached(version, earlier),
        written_at=now,
        deadline=version.expires_at,
    )
    end(
        dispatch_ids=list(earlier.filter(is_over=False).values_list("pk", flat=True)),
        ended_as=Delivery.State.REPLACED,
    )
    return to_targets(dispatch, now) + _to_gateways(dispatch, now)


def _reached(version: AlertVersion, earlier: QuerySet[Dispatch]) -> list[int]:
    """Return every district that a message or an earlier one concerns; empty for all of them."""
    each = [set(version.districts.values_list("district_id", flat=True))]
    each += [set(one) for one in earlier.values_list("districts", flat=True)]
    return sorted(set().union(*each)) if all(each) else []


def _accepting(status: str) -> str:
    column = {Alert.Status.EXERCISE: "accepts_exercise", Alert.Status.TEST: "accepts_test"}
    return f" AND t.{column[Alert.Status(status)]}" if status != Alert.Status.ACTUAL else ""


def _within(dispatch: Dispatch, table: str) -> tuple[str, list[Any]]:
    """Return the condition that somebody is in the alert's districts, or everywhere."""
    if not dispatch.districts:
        return "", []
    marks = ", ".join(["%s"] * len(dispatch.districts))
    return f" AND ({table}.district_id IS NULL OR {table}.district_id IN ({marks}))", [
        *dispatch.districts
    ]


def to_targets(dispatch: Dispatch, now: datetime) -> int:
    """Write a delivery for every target that has none yet; return how many."""
    place, where = _within(dispatch, "t")
    query = _INSERT + _TO_TARGETS + _accepting(dispatch.version.alert.status) + place
    with connection.cursor() as cursor:
        cursor.execute(
            query + " ON CONFLICT DO NOTHING",
            [
                dispatch.version_id, dispatch.priority, _stamp(now), dispatch.level, *where,
            ],
        )  # fmt: skip
        count = int(cursor.rowcount)
        _wake_where(
            cursor,
            "(SELECT lane_id FROM alerts_delivery WHERE version_id = %s AND state = 'queued')",
            [dispatch.version_id], dispatch.priority, now,
        )  # fmt: skip
    return count


def _to_gateways(dispatch: Dispatch, now: datetime) -> int:
    """Write a spread for the first gateway in use of each kind."""
    status = dispatch.version.alert.status
    rows = Target.objects.filter(
        is_enabled=True, serves_subscribers=True, least__lte=dispatch.level
    )
    if status == Alert.Status.EXERCISE:
        rows = rows.filter(accepts_exercise=True)
    if status == Alert.Status.TEST:
        rows = rows.filter(accepts_test=True)
    first: dict[str, Target] = {}
    for row in rows.order_by("pk"):
        first.setdefault(row.kind, row)
    last = Subscriber.objects.aggregate(last=Max("pk"))["last"] or 0
    Spread.objects.bulk_create(
        [
            Spread(dispatch=dispatch, target=row, up_to=last, is_done=not last)
            for row in first.values()
        ],
        ignore_conflicts=True,
    )
    return len(first)


@transaction.atomic
def spread_some(*, spread_id: int, most: int, now: datetime) -> bool:
    """Turn the next subscribers into deliveries; tell whether there are more.

    The rows and how far they reach are written together, so that a worker that is killed
    neither leaves anybody out nor writes anybody twice.
    """
    skip = connection.features.has_select_for_update_skip_locked
    row = (
        Spread.objects.select_for_update(skip_locked=skip, of=("self",) if skip else ())
        .select_related("dispatch")
        .filter(pk=spread_id, is_done=False)
        .first()
    )
    if row is None:
        return False
    dispatch = row.dispatch
    if not dispatch.is_over:
        place, where = _within(dispatch, "s")
        until = min(row.reached + most, row.up_to)
        with connection.cursor() as cursor:
            cursor.execute(
                _INSERT + _TO_SUBSCRIBERS + place + " ON CONFLICT DO NOTHING",
                [
                    dispatch.version_id, dispatch.priority, _stamp(now), row.target_id,
                    row.reached, until, dispatch.level, *where,
                ],
            )  # fmt: skip
            _wake_where(
                cursor, "(SELECT id FROM alerts_lane WHERE target_id = %s)", [row.target_id],
                dispatch.priority, now,
            )  # fmt: skip
        row.reached = until
    row.is_done = dispatch.is_over or row.reached >= row.up_to
    row.save(update_fields=["reached", "is_done"])
    return not row.is_done


def wake(lanes: Mapping[int, int], *, now: datetime) -> None:
    """Say that lanes have something to send again, of a priority each."""
    by_priority: dict[int, list[int]] = {}
    for lane, priority in lanes.items():
        by_priority.setdefault(priority, []).append(lane)
    with connection.cursor() as cursor:
        for priority, keys in sorted(by_priority.items()):
            for at in range(0, len(keys), 500):
                some = sorted(keys)[at : at + 500]
                _wake_where(cursor, f"({', '.join(['%s'] * len(some))})", some, priority, now)


def _wake_where(
    cursor: Any, which: str, arguments: Sequence[Any], priority: int, now: datetime
) -> None:
    """Wake lanes; locked in one order first, as the workers do, so that nobody waits in a ring."""
    if connection.features.has_select_for_update_skip_locked:
        cursor.execute(
            f"SELECT id FROM alerts_lane WHERE id IN {which} ORDER BY id FOR UPDATE",  # noqa: S608
            arguments,
        )
    cursor.execute(_WAKE + which, [True, priority, _stamp(now), priority, priority, *arguments])


def end(*, dispatch_ids: Sequence[int], ended_as: str) -> None:
    """Send nothing more of messages; what still waits is closed by `sweep`, piece by piece."""
    if dispatch_ids:
        Dispatch.objects.filter(pk__in=dispatch_ids, is_over=False).update(
            is_over=True, ended_as=ended_as
        )
        Spread.objects.filter(dispatch__in=dispatch_ids).update(is_done=True)


def sweep(*, now: datetime, most: int) -> int:
    """Close what waits of messages that are over; return how many rows were closed."""
    closed = 0
    for row in Dispatch.objects.filter(is_over=True, is_swept=False)[:20]:
        with transaction.atomic():
            rows = Delivery.objects.filter(version=row.version_id, state__in=PENDING)
            keys = list(rows.order_by("pk").values_list("pk", flat=True)[:most])
            closed += Delivery.objects.filter(pk__in=keys, state__in=PENDING).update(
                state=row.ended_as, done_at=now, next_try_at=None
            )
            if len(keys) < most:
                Dispatch.objects.filter(pk=row.pk).update(is_swept=True)
    return closed


def close_sent(*, actor: Actor, now: datetime) -> int:
    """Mark messages as sent of which nothing is on its way any more; return how many."""
    count = 0
    rows = AlertVersion.objects.filter(state=AlertVersion.State.APPROVED, dispatch__isnull=False)
    for version in rows.order_by("pk")[:50]:
        with transaction.atomic():
            pending = Delivery.objects.filter(version=version, state__in=PENDING)
            spreads = Spread.objects.filter(dispatch__version=version, is_done=False)
            if pending.exists() or spreads.exists():
                continue
            changed = AlertVersion.objects.filter(
                pk=version.pk, state=AlertVersion.State.APPROVED
            ).update(state=AlertVersion.State.SENT)
            if changed:
                record(actor=actor, action="alerts.sent", subject=version, now=now)
            count += changed
    return count


def _stamp(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
