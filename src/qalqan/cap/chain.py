"""What stands of a set of alerts: Alert → Update → Cancel as a state machine.

The state of a message follows from all messages together, never from the order in which they came
in: a Cancel that arrives before its Alert still cancels it. What is in doubt stays in force and is
told: a warning withdrawn by mistake costs more than one that stands too long.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple

from qalqan.cap.model import Alert, MsgType, Reference, Status
from qalqan.cap.values import instant

_REPLACES: Final = (MsgType.UPDATE, MsgType.CANCEL)
_ANSWERS: Final = (MsgType.ACK, MsgType.ERROR)


class Key(NamedTuple):
    """What names a message: sender, identifier and the moment it was sent."""

    sender: str
    identifier: str
    sent: datetime

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier},{self.sent.isoformat()}"


class State(StrEnum):
    """How a message stands."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    NO_WARNING = "no_warning"


class Received(StrEnum):
    """What adding a message did."""

    NEW = "new"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


class Fault(StrEnum):
    """What is wrong between messages."""

    NO_REFERENCE = "no_reference"
    BAD_REFERENCE = "bad_reference"
    UNKNOWN_REFERENCE = "unknown_reference"
    OTHER_TIME = "other_time"
    PARTIAL = "partial"
    FOREIGN_SENDER = "foreign_sender"
    OTHER_STATUS = "other_status"
    EARLIER = "earlier"
    CYCLE = "cycle"
    ALERT_REFERS = "alert_refers"
    IDENTIFIER_REUSED = "identifier_reused"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong between two messages.

    Parameters
    ----------
    fault
        What kind.
    message
        The message that is at fault.
    about
        The message, or the text of the reference, it is at fault with.
    has_effect
        Whether ``message`` does what it says to ``about`` all the same.
    """

    fault: Fault
    message: Key
    about: str
    has_effect: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How one message stands at a moment.

    Parameters
    ----------
    by
        The message that superseded or cancelled it, the earliest where there are several.
    acknowledged, rejected
        Ack and Error messages that name it.
    """

    alert: Alert
    key: Key
    state: State
    by: Key | None
    acknowledged: tuple[Key, ...]
    rejected: tuple[Key, ...]


def key_of(alert: Alert) -> Key:
    """Return what names a message; two ways of writing one moment are the same."""
    return Key(alert.sender, alert.identifier, alert.sent.moment)


def key_in(reference: Reference) -> Key | None:
    """Return what a reference names; ``None`` where it is no triple with a CAP time."""
    parts = reference.parts
    moment = instant(parts[2]) if parts else None
    return Key(parts[0], parts[1], moment) if parts and moment else None


def expires_at(alert: Alert) -> datetime | None:
    """Return when the last block of a message expires; ``None`` where one never does."""
    moments = [info.expires.moment if info.expires else None for info in alert.infos]
    known = [moment for moment in moments if moment is not None]
    return max(known) if known and len(known) == len(moments) else None


def same_sender(replacing: Alert, replaced: Alert) -> bool:
    """Allow only senders themselves to supersede or cancel what they sent."""
    return replacing.sender == replaced.sender


class Chain:
    """Messages and what they do to one another.

    Parameters
    ----------
    alerts
        Messages to begin with.
    default_life
        How long a message without ``expires`` is in force after ``sent``; ``None`` without end.
        CAP leaves this to the recipient (3.2.2).
    may_replace
        Whether one message may supersede or cancel another; by default its own sender's.

    Examples
    --------
    >>> from qalqan.cap.model import CapTime, Scope
    >>> first = Alert(identifier="1", sender="a@b.kz", sent=CapTime("2026-11-22T07:00:00+05:00"),
    ...     status=Status.ACTUAL, msg_type=MsgType.ALERT, scope=Scope.PUBLIC)
    >>> cancel = Alert(identifier="2", sender="a@b.kz", sent=CapTime("2026-11-22T08:00:00+05:00"),
    ...     status=Status.ACTUAL, msg_type=MsgType.CANCEL, scope=Scope.PUBLIC,
    ...     references=(first.reference,))
    >>> Chain([cancel, first]).standing(key_of(first), cancel.sent.moment).state
    <State.CANCELLED: 'cancelled'>
    """

    def __init__(
        self,
        alerts: Iterable[Alert] = (),
        *,
        default_life: timedelta | None = None,
        may_replace: Callable[[Alert, Alert], bool] = same_sender,
    ) -> None:
        self.default_life = default_life
        self.may_replace = may_replace
        self._alerts: dict[Key, Alert] = {}
        self._conflicts: list[Problem] = []
        self._derived: _Derived | None = None
        for alert in alerts:
            self.add(alert)

    def add(self, alert: Alert) -> Received:
        """Take in a message; one already known changes nothing.

        Of two different messages with one name the first stays and the fault is told.
        """
        key = key_of(alert)
        known = self._alerts.get(key)
        if known is not None and known == alert:
            return Received.DUPLICATE
        self._derived = None
        if known is not None:
            self._conflicts.append(Problem(Fault.IDENTIFIER_REUSED, key, str(key), False))
            return Received.CONFLICT
        self._alerts[key] = alert
        return Received.NEW

    @property
    def alerts(self) -> Mapping[Key, Alert]:
        """All messages by name."""
        return dict(self._alerts)

    def standing(self, key: Key, at: datetime) -> Standing:
        """Return how a message stands; what was sent later than ``at`` counts not yet.

        Raises
        ------
        KeyError
            There is no such message.
        """
        alert = self._alerts[key]
        derived = self._now()
        by = derived.replaced_by(key, at)
        return Standing(
            alert=alert,
            key=key,
            state=self._state(alert, by, at),
            by=by,
            acknowledged=tuple(k for k in derived.answers.get(key, ()) if self._is_ack(k)),
            rejected=tuple(k for k in derived.answers.get(key, ()) if not self._is_ack(k)),
        )

    def in_force(self, at: datetime, *, status: Status = Status.ACTUAL) -> tuple[Alert, ...]:
        """Return the warnings of one status in force, in the order they were sent.

        Exercises and tests are asked for by name, so that none is taken for a real warning.
        """
        keys = [key for key, alert in self._alerts.items() if alert.status == status]
        stand = [self.standing(key, at) for key in sorted(keys, key=_order)]
        return tuple(s.alert for s in stand if s.state == State.IN_FORCE and s.key.sent <= at)

    def thread(self, key: Key, at: datetime | None = None) -> tuple[Key, ...]:
        """Return all messages, sent by ``at``, that hang together with one by references."""
        reached = _reached(key, self._now().near, lambda k: at is None or k.sent <= at)
        return tuple(sorted(reached, key=_order))

    def references_for(self, key: Key, at: datetime) -> tuple[Reference, ...]:
        """Return what an Update or Cancel of this thread must reference: all that is live.

        Messages not expired by ``at`` that nothing has superseded or cancelled, of the same
        sender and status, in the order they were sent.
        """
        own = self._alerts[key]
        return tuple(
            self._alerts[k].reference
            for k in self._live(self.thread(key, at), at)
            if self._alerts[k].status == own.status and self.may_replace(own, self._alerts[k])
        )

    def problems(self) -> tuple[Problem, ...]:
        """Return everything wrong between the messages, in the order they were sent."""
        found = [*self._conflicts, *self._now().problems]
        for key, alert in self._alerts.items():
            if alert.msg_type in _REPLACES:
                found.extend(self._partial(key, alert))
        return tuple(sorted(found, key=lambda problem: (_order(problem.message), problem.fault)))

    def _partial(self, key: Key, alert: Alert) -> Iterable[Problem]:
        """Tell what of the thread was live and is not referenced."""
        named = {key_in(reference) for reference in alert.references}
        # What joined the thread later could not be known.
        before = _reached(key, self._now().near, lambda k: _order(k) <= _order(key))
        for other in self._live(before - {key}, key.sent, but=key):
            target = self._alerts[other]
            same = target.status == alert.status and self.may_replace(alert, target)
            if other not in named and same:
                yield Problem(Fault.PARTIAL, key, str(other), False)

    def _live(
        self, keys: Iterable[Key], at: datetime, *, but: Key | None = None
    ) -> tuple[Key, ...]:
        derived = self._now()
        return tuple(
            key
            for key in sorted(keys, key=_order)
            if key != but
            and key.sent <= at
            and self._state(self._alerts[key], derived.replaced_by(key, at, but=but), at)
            == State.IN_FORCE
        )

    def _state(self, alert: Alert, by: Key | None, at: datetime) -> State:
        if alert.msg_type in (*_ANSWERS, MsgType.CANCEL) or alert.status == Status.DRAFT:
            return State.NO_WARNING
        if by is not None:
            cancelled = self._alerts[by].msg_type == MsgType.CANCEL
            return State.CANCELLED if cancelled else State.SUPERSEDED
        end = expires_at(alert)
        if end is None and self.default_life is not None:
            end = alert.sent.moment + self.default_life
        return State.EXPIRED if end is not None and end <= at else State.IN_FORCE

    def _is_ack(self, key: Key) -> bool:
        return self._alerts[key].msg_type == MsgType.ACK

    def _now(self) -> _Derived:
        if self._derived is None:
            self._derived = _Derived(self._alerts, self.may_replace)
        return self._derived


def _order(key: Key) -> tuple[datetime, str, str]:
    return (key.sent, key.sender, key.identifier)


class _Derived:
    """What follows from a set of messages, whatever order they came in."""

    def __init__(
        self, alerts: Mapping[Key, Alert], may_replace: Callable[[Alert, Alert], bool]
    ) -> None:
        self.alerts = alerts
        self.may_replace = may_replace
        self.problems: list[Problem] = []
        self.answers: dict[Key, list[Key]] = {}
        self._replaced: dict[Key, list[Key]] = {}
        self._names = {(key.sender, key.identifier): key for key in alerts}
        self._edges = {
            key: [k for r in alert.references if (k := key_in(r)) in alerts and k is not None]
            for key, alert in alerts.items()
        }
        # Only a reference to something that is not earlier can close a circle.
        self._may_circle = any(k.sent >= key.sent for key in alerts for k in self._edges[key])
        for key in sorted(alerts, key=_order):
            self._read(key, alerts[key])

    def replaced_by(self, key: Key, at: datetime, *, but: Key | None = None) -> Key | None:
        """Return the earliest message sent by ``at`` that superseded or cancelled this one."""
        return next((k for k in self._replaced.get(key, ()) if k.sent <= at and k != but), None)

    @cached_property
    def near(self) -> dict[Key, set[Key]]:
        """Return for each message those it names and those that name it."""
        found: dict[Key, set[Key]] = {key: set() for key in self.alerts}
        for key, others in self._edges.items():
            for other in others:
                found[key].add(other)
                found[other].add(key)
        return found

    def _read(self, key: Key, alert: Alert) -> None:
        if alert.msg_type == MsgType.ALERT:
            for reference in alert.references:
                self._tell(Fault.ALERT_REFERS, key, str(reference))
            return
        if not alert.references:
            self._tell(Fault.NO_REFERENCE, key, "")
        for reference in alert.references:
            target = key_in(reference)
            if target is None:
                self._tell(Fault.BAD_REFERENCE, key, str(reference))
            elif target not in self.alerts:
                same = self._names.get((target.sender, target.identifier))
                fault = Fault.OTHER_TIME if same else Fault.UNKNOWN_REFERENCE
                self._tell(fault, key, str(reference))
            elif alert.msg_type in _ANSWERS:
                self.answers.setdefault(target, []).append(key)
            elif self._may(key, alert, target):
                self._replaced.setdefault(target, []).append(key)

    def _may(self, key: Key, alert: Alert, target: Key) -> bool:
        other = self.alerts[target]
        if other.status != alert.status:
            return self._tell(Fault.OTHER_STATUS, key, str(target))
        if not self.may_replace(alert, other):
            return self._tell(Fault.FOREIGN_SENDER, key, str(target))
        if alert.status == Status.DRAFT:
            return False
        if self._may_circle and key in _reached(target, self._edges):
            return self._tell(Fault.CYCLE, key, str(target))
        if key.sent < target.sent:
            # Only somebody who has seen the message can name it; a clock went wrong.
            return self._tell(Fault.EARLIER, key, str(target), has_effect=True)
        return True

    def _tell(self, fault: Fault, key: Key, about: str, *, has_effect: bool = False) -> bool:
        self.problems.append(Problem(fault, key, about, has_effect))
        return has_effect


def _reached(
    start: Key, edges: Mapping[Key, Iterable[Key]], allowed: Callable[[Key], bool] = bool
) -> set[Key]:
    """Return all keys one comes to from a start, the start among them."""
    seen, queue = {start}, deque([start])
    while queue:
        for other in edges[queue.popleft()]:
            if other not in seen and allowed(other):
                seen.add(other)
                queue.append(other)
    return seen
