"""How far a message has got: by way and district, people reached and not reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Now

from qalqan.desk.alerts.models import (
    AlertVersion,
    Channel,
    Delivery,
    Dispatch,
    Lane,
    Receipt,
    SendingWorker,
    Spread,
    Target,
)
from qalqan.desk.platform.places import hearing
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor

S = Delivery.State
SEEN_WITHIN = timedelta(seconds=20)
"""A sender shows itself every second; past this long it is told as missing."""
HAVE_IT = (S.ACCEPTED, S.DELIVERED, S.ACKNOWLEDGED, S.PLAYED)
PENDING = (S.QUEUED, S.WAITING)
COLUMNS = (
    ("pending", PENDING), ("accepted", (S.ACCEPTED,)), ("delivered", (S.DELIVERED,)),
    ("acknowledged", (S.ACKNOWLEDGED,)), ("played", (S.PLAYED,)), ("failed", (S.FAILED,)),
    ("expired", (S.EXPIRED,)), ("replaced", (S.REPLACED,)),
)  # fmt: skip


@dataclass(slots=True)
class Row:
    """Counts of deliveries under one heading."""

    label: Any
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def have_it(self) -> int:
        """Those whose receiver has the message."""
        return sum(self.counts.get(state, 0) for state in HAVE_IT)

    @property
    def cells(self) -> list[tuple[str, int]]:
        """The numbers of the table, in the order of its columns."""
        return [(name, sum(self.counts.get(s, 0) for s in states)) for name, states in COLUMNS]


@dataclass(frozen=True, slots=True)
class Reached:
    """People of one district: how many live there, how many a message has reached.

    Devices and lists overlap, and nobody knows by how much. So the number is a range: at least
    the largest single one, at most their sum and never more than live there.
    """

    label: Any
    people: int | None
    year: int | None
    low: int
    high: int

    @property
    def missed_at_most(self) -> int | None:
        """People not reached, if all that reached anybody reached the same people."""
        return None if self.people is None else max(0, self.people - self.low)

    @property
    def missed_at_least(self) -> int | None:
        """People not reached, if nobody was reached twice."""
        return None if self.people is None else max(0, self.people - self.high)


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the delivery board shows."""

    version: AlertVersion
    dispatch: Dispatch | None
    total: Row
    by_channel: tuple[Row, ...]
    by_district: tuple[Row, ...]
    reached: tuple[Reached, ...]
    heard: tuple[hearing.Reach, ...]
    devices: int
    devices_played: int
    still_to_write: int
    first_at: datetime | None
    last_at: datetime | None
    failures: tuple[Delivery, ...]
    rest: int

    @property
    def shown(self) -> frozenset[str]:
        """The columns that have anything to say."""
        return frozenset(name for name, count in self.total.cells if count)

    @property
    def is_pending(self) -> bool:
        """Whether anything has still to be sent."""
        return "pending" in self.shown


def board(actor: Actor, version: AlertVersion, *, now: datetime) -> Board:
    """Return the delivery board of a message, as far as the actor may see it."""
    rows = Delivery.objects.visible_to(actor).filter(version=version)
    counted = list(
        rows.order_by().values_list("channel", "district_id", "state").annotate(n=Count("pk"))
    )
    dispatch = Dispatch.objects.visible_to(actor).filter(version=version).first()
    names = {row.pk: row.name for row in places.districts(actor).defer("boundary")}
    by_channel = _by(counted, 0, Channel.choices)
    by_district = _by(counted, 1, [*sorted(names.items(), key=lambda one: one[1]), (None, "")])
    receipts = Receipt.objects.filter(delivery__in=rows, event=Receipt.Event.ACCEPTED)
    times = receipts.aggregate(first=Min("at"), last=Max("at"))
    sirens = next((row for row in by_channel if row.label == Channel.MQTT.label), Row(""))
    total = Row("", _sum(counted))
    return Board(
        version=version,
        dispatch=dispatch,
        total=total,
        by_channel=by_channel,
        by_district=by_district,
        reached=_reached(actor, rows, dispatch, names),
        heard=tuple(hearing.reaches(actor, now)),
        devices=sirens.total,
        devices_played=sirens.counts.get(S.PLAYED, 0),
        still_to_write=_still_to_write(dispatch),
        first_at=times["first"],
        last_at=times["last"],
        failures=tuple(
            rows.filter(Q(state=S.FAILED) | Q(state__in=PENDING, last_error__gt=""))
            .select_related("target")
            .order_by("state", "-pk")[:20]
        ),
        rest=total.total - total.have_it - total.counts.get(S.REPLACED, 0),
    )


def board_mark(actor: Actor, version: AlertVersion) -> str:
    """Return what changes when anything on the board may have changed; cheap at any size."""
    visible = Receipt.objects.visible_to(actor)
    newest = visible.order_by("-pk").values_list("pk", flat=True).first() or 0
    dispatch = Dispatch.objects.visible_to(actor).filter(version=version)
    state = dispatch.values_list("is_over", "is_swept").first()
    return f"{newest}-{state}-{_still_to_write(dispatch.first())}"


def _by(
    counted: Iterable[Sequence[Any]], at: int, headings: Iterable[tuple[Any, Any]]
) -> tuple[Row, ...]:
    found: dict[Any, Row] = {}
    for row in counted:
        counts = found.setdefault(row[at], Row("")).counts
        counts[row[2]] = counts.get(row[2], 0) + row[3]
    rows = []
    for value, label in headings:
        if value in found:
            found[value].label = label
            rows.append(found[value])
    return tuple(rows)


def _sum(counted: Iterable[Sequence[Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in counted:
        found[row[2]] = found.get(row[2], 0) + row[3]
    return found


def _still_to_write(dispatch: Dispatch | None) -> int:
    """Return how many numbers of subscribers have not been looked at yet."""
    if dispatch is None:
        return 0
    open_ones = Spread.objects.filter(dispatch=dispatch, is_done=False)
    return sum(up_to - reached for up_to, reached in open_ones.values_list("up_to", "reached"))


def _reached(
    actor: Actor, rows: QuerySet[Any], dispatch: Dispatch | None, names: dict[int, str]
) -> tuple[Reached, ...]:
    """Count people by district; a siren counts only when it told that it played."""
    if dispatch is None:
        return ()
    keys = [key for key in (dispatch.districts or names) if key in names]
    latest = places.latest_populations(actor, keys)
    took = rows.filter(state__in=HAVE_IT)
    listed = dict(
        took.filter(subscriber__gt=0).order_by().values_list("district_id").annotate(n=Count("pk"))
    )
    single: dict[int, list[int]] = {}
    people = took.filter(subscriber=0, target__people__isnull=False).exclude(
        channel=Channel.MQTT, state__in=[state for state in HAVE_IT if state != S.PLAYED]
    )
    for district, count in people.values_list("district_id", "target__people"):
        single.setdefault(district, []).append(count)
    found = []
    for key in keys:
        parts = [*single.get(key, []), listed.get(key, 0)]
        known = latest.get(key)
        most = known.count if known is not None else sum(parts)
        found.append(
            Reached(
                names[key], known.count if known else None, known.year if known else None,
                min(most, max(parts)), min(most, sum(parts)),
            )
        )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target with how it does."""

    target: Target
    failures: int
    last_error: str
    last_ok_at: datetime | None
    due_at: datetime | None
    waiting: int


def targets(actor: Actor) -> list[TargetRow]:
    """Return where alerts go and how each does, those in trouble first."""
    lanes: dict[int, list[Lane]] = {}
    for lane in Lane.objects.visible_to(actor).order_by("pk")[:5_000]:
        lanes.setdefault(lane.target_id, []).append(lane)
    waiting = dict(
        Delivery.objects.visible_to(actor)
        .filter(state=S.QUEUED)
        .order_by()
        .values_list("target_id")
        .annotate(n=Count("pk"))
    )
    rows = []
    for target in Target.objects.visible_to(actor).select_related("district")[:2_000]:
        worst = max(lanes.get(target.pk, []), key=lambda lane: lane.failures, default=None)
        rows.append(
            TargetRow(
                target,
                worst.failures if worst else 0,
                worst.last_error if worst else "",
                max((x.last_ok_at for x in lanes.get(target.pk, []) if x.last_ok_at), default=None),
                worst.due_at if worst else None,
                waiting.get(target.pk, 0),
            )
        )
    return sorted(rows, key=lambda row: (row.failures == 0, row.target.kind, row.target.name))


def is_sender_seen(actor: Actor) -> bool:
    """Tell whether any process that sends has shown itself lately, by the database's own clock."""
    rows = SendingWorker.objects.visible_to(actor)
    return bool(rows.filter(seen_at__gte=Now() - SEEN_WITHIN).exists())
