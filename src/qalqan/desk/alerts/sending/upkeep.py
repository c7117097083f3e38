"""What a worker looks after beside sending: its heart-beat, late rows, dead workers, spreads.

No two clocks are compared. A worker counts its beats in the database; whoever sees the same
count for ``DEAD_AFTER`` seconds of its own steady clock takes the other for dead. A warning is
given up as expired only when the time of day and the steady clock both say so: a clock that
jumps ahead must not silence warnings.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from qalqan.desk.alerts.models import (
    Channel,
    Delivery,
    Dispatch,
    Lane,
    SendingWorker,
    Spread,
    Target,
)
from qalqan.desk.alerts.seals import open_address
from qalqan.desk.alerts.sending.backoff import FAR
from qalqan.desk.alerts.services import outbox, receipts
from qalqan.desk.platform.policies import SystemActor

DEAD_AFTER = 10.0
REMIND_AFTER = timedelta(seconds=20)
"""After this long without a word from a controller it gets its command again, under its key."""
_LOOK_EVERY = 5.0
_SENDER = SystemActor("sender")
_CHUNK = 5_000
_MOST_QUEUED = 20_000


def steady_seconds() -> float:
    """Return seconds that never jump, and that go on while the machine sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


@dataclass(frozen=True, slots=True)
class Report:
    """What one round found."""

    is_lost: bool = False
    is_more: bool = False
    is_ear: bool = False
    brokers: tuple[str, ...] = ()


class Upkeep:
    """One worker's rounds.

    Parameters
    ----------
    name
        The worker.
    clock
        The time of day, aware.
    steady
        Seconds that never jump.
    """

    def __init__(
        self,
        *,
        name: str,
        clock: Callable[[], datetime],
        steady: Callable[[], float] = steady_seconds,
    ) -> None:
        self.name, self.clock, self._steady = name, clock, steady
        self._began, self._began_steady = clock(), steady()
        self._seen: dict[str, tuple[int, float]] = {}
        self._reminded = -_LOOK_EVERY

    def is_past(self, moment: datetime) -> bool:
        """Tell whether a moment has passed by both clocks."""
        ran = timedelta(seconds=self._steady() - self._began_steady)
        return moment <= self.clock() and moment <= self._began + ran

    def register(self) -> None:
        """Begin: make ourselves known, and free what workers of this machine left when killed."""
        host = socket.gethostname()
        with transaction.atomic():
            SendingWorker.objects.update_or_create(
                name=self.name,
                defaults={"host": host, "pid": os.getpid(), "beat": 0, "started_at": self.clock()},
            )
        others = SendingWorker.objects.filter(host=host).exclude(name=self.name)
        for worker in others:
            if not _is_alive(worker.pid):
                self._bury(worker.name)

    def run(self) -> Report:
        """Make one round."""
        if not self._beat():
            return Report(is_lost=True)
        is_ear = self._watch_others()
        now = self.clock()
        if self._steady() - self._reminded >= _LOOK_EVERY:
            self._reminded = self._steady()
            self._remind(now)
            outbox.close_sent(actor=_SENDER, now=now)
        self._wake_waiting(now)
        self._expire(now)
        is_more = self._spread(now)
        return Report(is_more=is_more, is_ear=is_ear, brokers=self._brokers() if is_ear else ())

    def is_more(self) -> bool:
        """Tell whether anything will still be sent without anybody's doing."""
        pending = Delivery.objects.filter(state__in=("queued", "waiting"))
        return Spread.objects.filter(is_done=False).exists() or pending.exists()

    def leave(self) -> None:
        """End in order."""
        self._bury(self.name)

    def note(self, told: Any) -> None:
        """Store what a controller told."""
        receipts.note(told=[(told.key, told.event, told.detail)], now=self.clock())

    def reconcile(self, known: Sequence[int]) -> None:
        """Give back lanes that are ours in the database, and that we know nothing of."""
        mine = set(Lane.objects.filter(owner=self.name).values_list("pk", flat=True))
        for key in sorted(mine - set(known)):
            Lane.objects.filter(pk=key, owner=self.name).update(owner="", due_at=self.clock())

    def _beat(self) -> bool:
        mine = SendingWorker.objects.filter(name=self.name)
        return bool(mine.update(beat=F("beat") + 1, seen_at=Now()))

    def _watch_others(self) -> bool:
        """Bury those whose heart has stopped; tell whether we are the eldest of the living."""
        at, rows = self._steady(), list(SendingWorker.objects.order_by("pk"))
        living = []
        for row in rows:
            beat, since = self._seen.get(row.name, (-1, at))
            if beat != row.beat:
                since = at
            self._seen[row.name] = (row.beat, since)
            if row.name != self.name and at - since > DEAD_AFTER:
                self._bury(row.name)
            else:
                living.append(row.name)
        self._seen = {name: self._seen[name] for name in living}
        return bool(living) and living[0] == self.name

    @transaction.atomic
    def _bury(self, name: str) -> None:
        Lane.objects.filter(owner=name).update(owner="", due_at=self.clock())
        SendingWorker.objects.filter(name=name).delete()

    def _remind(self, now: datetime) -> None:
        """Send commands anew of which a controller that tells has told nothing.

        A broker says "got it" before it has written anything down; when it is killed, commands
        and reports are lost. The key keeps a siren from playing twice, and makes it report anew.
        """
        live = list(Dispatch.objects.filter(is_over=False).values_list("version_id", flat=True))
        Delivery.objects.filter(
            version__in=live, state=Delivery.State.ACCEPTED, channel=Channel.MQTT,
            done_at__lte=now - REMIND_AFTER, target__options__tells=True,
        ).update(state=Delivery.State.WAITING, next_try_at=now, done_at=None)  # fmt: skip

    def _wake_waiting(self, now: datetime) -> None:
        """Put back into the queue what has waited long enough."""
        late = Q(next_try_at__lte=now) | Q(next_try_at__gt=now + FAR)
        rows = Delivery.objects.filter(late, state="waiting")
        if not rows.exists():
            return
        with transaction.atomic():
            found = list(rows.order_by("pk").values_list("pk", "lane_id", "priority")[:_CHUNK])
            lanes: dict[int, int] = {}
            for _key, lane, priority in found:
                lanes[lane] = min(priority, lanes.get(lane, 999))
            outbox.wake(lanes, now=now)
            keys = [key for key, _lane, _priority in found]
            Delivery.objects.filter(pk__in=keys, state="waiting").update(
                state="queued", next_try_at=None
            )

    def _expire(self, now: datetime) -> None:
        for row in Dispatch.objects.filter(is_over=False, deadline__lte=now)[:100]:
            if self.is_past(row.deadline):
                outbox.end(dispatch_ids=[row.pk], ended_as=Delivery.State.EXPIRED)
        outbox.sweep(now=now, most=_CHUNK)

    def _spread(self, now: datetime) -> bool:
        """Turn the next subscribers into deliveries; tell whether there are more to turn now."""
        more = False
        for pk, target in Spread.objects.filter(is_done=False).values_list("pk", "target_id"):
            queued = Delivery.objects.filter(
                lane__in=Lane.objects.filter(target=target), state="queued"
            ).order_by()[:_MOST_QUEUED]
            if queued.values_list("pk").count() < _MOST_QUEUED:
                more |= outbox.spread_some(spread_id=pk, most=_CHUNK, now=now)
        return more

    def _brokers(self) -> tuple[str, ...]:
        rows = Target.objects.filter(kind=Channel.MQTT, is_enabled=True)
        found = {open_address(row.address) for row in rows[:5_000]}
        return tuple(sorted(found))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
