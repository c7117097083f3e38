"""The engine's only way to the database: lanes, parcels, results.

Runs in one thread of the worker. A step is one transaction: results of the last moments are
written, lanes given back, lanes taken, parcels read. What it writes may be written twice
without harm, so that a step whose end nobody saw is simply done again.
"""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from qalqan.desk.alerts.keys import delivery_key
from qalqan.desk.alerts.models import AlertVersion, Dispatch, Lane
from qalqan.desk.alerts.seals import open_address, open_secret, open_subscriber
from qalqan.desk.alerts.sending import letters
from qalqan.desk.alerts.sending.adapters.base import Place
from qalqan.desk.alerts.sending.backoff import FAR, LONGEST
from qalqan.desk.alerts.sending.message import Message, Parcel
from qalqan.desk.alerts.sending.work import Answer, Ask, Hungry, Rest, Result, Taken
from qalqan.errors import QalqanError

logger = logging.getLogger(__name__)
_CHUNK = 400
_MOST_MESSAGES = 64
_MOST_PLACES = 20_000
_RESULT = """UPDATE alerts_delivery
    SET state = %s, attempts = %s, last_error = %s, next_try_at = %s, done_at = %s
    WHERE id = %s AND state IN ('queued', 'waiting')"""
_PUT_OFF = """UPDATE alerts_delivery SET state = 'waiting', next_try_at = %s, last_error = %s
    WHERE id = %s AND state = 'queued'"""
_RECEIPT = """INSERT INTO alerts_receipt (delivery_id, attempt, event, at, detail)
    VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"""
_REST = """UPDATE alerts_lane SET owner = '', due_at = %s, failures = %s, last_error = %s
    WHERE id = %s AND owner = %s"""
_NEWS = """UPDATE alerts_lane SET has_news = %s WHERE id IN (
    SELECT id FROM alerts_lane WHERE owner = %s AND has_news"""
_DUE = "owner = '' AND due_at IS NOT NULL AND (due_at <= %s OR due_at > %s)"
_TAKE = f"""UPDATE alerts_lane SET owner = %s, has_news = %s WHERE id IN (
    SELECT id FROM alerts_lane WHERE {_DUE} ORDER BY priority, due_at LIMIT %s"""  # noqa: S608
_TARGETS = """SELECT id, kind, address, secret, options, language FROM alerts_target
    WHERE id IN (MARKS) AND is_enabled"""
_RELEASE = """UPDATE alerts_lane SET owner = '', due_at = NULL, priority = 999
    WHERE id IN (MARKS) AND owner = %s AND NOT has_news RETURNING id"""
_COLUMNS = """d.id, d.lane_id, d.version_id, d.subscriber, d.language, d.priority, d.attempts,
    d.again, d.channel"""
_FETCH_SQLITE = f"""SELECT {_COLUMNS}, s.address FROM alerts_lane l
    JOIN alerts_delivery d ON d.id IN (
        SELECT q.id FROM alerts_delivery q WHERE q.lane_id = l.id AND q.state = 'queued'
        ORDER BY q.priority, q.id LIMIT %s)
    LEFT JOIN alerts_subscriber s ON s.id = d.subscriber
    WHERE l.id IN (MARKS) ORDER BY d.priority, d.id"""  # noqa: S608 - fixed names
_FETCH_POSTGRES = f"""SELECT {_COLUMNS}, s.address FROM alerts_lane l
    CROSS JOIN LATERAL (
        SELECT q.* FROM alerts_delivery q WHERE q.lane_id = l.id AND q.state = 'queued'
        ORDER BY q.priority, q.id LIMIT %s) d
    LEFT JOIN alerts_subscriber s ON s.id = d.subscriber
    WHERE l.id IN (MARKS) ORDER BY d.priority, d.id"""  # noqa: S608 - fixed names
_DONE = frozenset({"accepted", "failed", "expired", "replaced"})


class Store:
    """Reads and writes for one worker.

    Parameters
    ----------
    name
        The worker's own name, by which it holds lanes.
    clock
        The time of day, aware.
    """

    def __init__(self, *, name: str, clock: Callable[[], datetime]) -> None:
        self.name, self.clock = name, clock
        self._messages: OrderedDict[int, Message] = OrderedDict()
        self._opened: OrderedDict[int, tuple[Any, Place]] = OrderedDict()

    def step(self, ask: Ask) -> Answer:
        """Write what has happened, and get what is to be done."""
        answer = Answer()
        is_idle = not (ask.results or ask.rests or ask.well or ask.hungry)
        if is_idle and not self._is_something_due(ask.room):
            return answer
        now = self.clock()
        with transaction.atomic(), connection.cursor() as cursor:
            self._lock(cursor, ask)
            self._write_results(cursor, ask.results, now)
            self._give_back(cursor, ask.rests, now)
            if ask.well:
                Lane.objects.filter(pk__in=ask.well).update(
                    failures=0, last_error="", last_ok_at=now
                )
            answer.news = self._news(cursor)
            if ask.room > 0:
                answer.taken = self._take(cursor, ask.room, now)
            wants = [*ask.hungry, *(Hungry(lane.lane_id, 16) for lane in answer.taken)]
            answer.parcels = self._fetch(cursor, wants)
            answer.released = self._release_empty(cursor, wants, answer.parcels)
        return answer

    def _is_something_due(self, room: int) -> bool:
        now = self.clock()
        with connection.cursor() as cursor:
            if room > 0:
                cursor.execute(
                    f"SELECT 1 FROM alerts_lane WHERE {_DUE} LIMIT 1",  # noqa: S608
                    [_stamp(now), _stamp(now + FAR)],
                )
                if cursor.fetchone():
                    return True
            cursor.execute(
                "SELECT 1 FROM alerts_lane WHERE owner = %s AND has_news LIMIT 1", [self.name]
            )
            return cursor.fetchone() is not None

    def _lock(self, cursor: Any, ask: Ask) -> None:
        """Lock every lane that this step changes, in one order, as whoever adds work does."""
        if not connection.features.has_select_for_update_skip_locked:
            return
        keys = {rest.lane_id for rest in ask.rests} | {want.lane_id for want in ask.hungry}
        for some in _chunks(sorted(keys | set(ask.well))):
            cursor.execute(
                f"SELECT id FROM alerts_lane WHERE id IN ({_marks(some)}) ORDER BY id FOR UPDATE",  # noqa: S608
                some,
            )

    def _write_results(self, cursor: Any, results: Sequence[Result], now: datetime) -> None:
        if not results:
            return
        rows = sorted(results, key=lambda result: result.delivery_id)
        at = _stamp(now)
        cursor.executemany(
            _RESULT,
            [
                (
                    one.state, one.attempts, one.detail if one.state != "accepted" else "",
                    _stamp(now + timedelta(seconds=one.pause)) if one.state == "waiting" else None,
                    at if one.state in _DONE else None, one.delivery_id,
                )
                for one in rows
            ],
        )  # fmt: skip
        cursor.executemany(
            _RECEIPT,
            [(one.delivery_id, one.attempts, one.event, at, one.detail) for one in rows],
        )

    def _give_back(self, cursor: Any, rests: Sequence[Rest], now: datetime) -> None:
        if rests:
            cursor.executemany(
                _REST,
                [
                    (
                        _stamp(now + timedelta(seconds=rest.pause)), rest.failures, rest.error,
                        rest.lane_id, self.name,
                    )
                    for rest in sorted(rests, key=lambda rest: rest.lane_id)
                ],
            )  # fmt: skip

    def _news(self, cursor: Any) -> list[int]:
        """Return the lanes of ours to which something was added, and take note of it."""
        cursor.execute(_NEWS + self._skip() + ") RETURNING id", [False, self.name])
        return [row[0] for row in cursor.fetchall()]

    @staticmethod
    def _skip() -> str:
        skips = connection.features.has_select_for_update_skip_locked
        return " FOR UPDATE SKIP LOCKED" if skips else ""

    def _take(self, cursor: Any, room: int, now: datetime) -> list[Taken]:
        cursor.execute(
            _TAKE + self._skip() + ") RETURNING id, target_id, failures",
            [self.name, False, _stamp(now), _stamp(now + FAR), room],
        )
        lanes = cursor.fetchall()
        places = self._places(cursor, sorted({lane[1] for lane in lanes}))
        idle = [lane[0] for lane in lanes if lane[1] not in places]
        if idle:
            # Out of use: what waits in them is taken up when they are put back.
            Lane.objects.filter(pk__in=idle).update(owner="", due_at=None)
        return [Taken(key, failures, places[of]) for key, of, failures in lanes if of in places]

    def _places(self, cursor: Any, targets: Sequence[int]) -> dict[int, Place]:
        """Return the targets in use, opened; plain rows, since ten thousand may be due at once."""
        found: dict[int, Place] = {}
        for some in _chunks(targets):
            cursor.execute(_TARGETS.replace("MARKS", _marks(some)), some)
            for row in cursor.fetchall():
                key, kind, address, secret, options, language = row
                sealed = (bytes(address), bytes(secret), str(options), language)
                known = self._opened.get(key)
                if known is None or known[0] != sealed:
                    given = json.loads(options) if isinstance(options, str) else options
                    place = _opened(key, kind, sealed[0], sealed[1], given, language)
                    known = self._opened[key] = (sealed, place)
                    while len(self._opened) > _MOST_PLACES:
                        self._opened.popitem(last=False)
                found[key] = known[1]
        return found

    def _fetch(self, cursor: Any, wants: Sequence[Hungry]) -> dict[int, list[Parcel]]:
        is_postgres = connection.vendor == "postgresql"
        query = _FETCH_POSTGRES if is_postgres else _FETCH_SQLITE
        without = {want.lane_id: want.without for want in wants if want.without}
        by_number: dict[int, list[int]] = {}
        for want in wants:
            by_number.setdefault(want.wanted + len(want.without), []).append(want.lane_id)
        found: dict[int, list[Parcel]] = {}
        for number, lanes in by_number.items():
            for some in _chunks(lanes):
                cursor.execute(query.replace("MARKS", _marks(some)), [number, *some])
                rows = cursor.fetchall()
                over = self._over({row[2] for row in rows if row[2] is not None})
                for row in rows:
                    if row[0] in without.get(row[1], ()):
                        continue
                    try:
                        parcel = self._parcel(row, over)
                    except Exception as error:
                        # One row that cannot be read must not keep the others from going out.
                        logger.exception("delivery %s cannot be prepared", row[0])
                        cursor.execute(
                            _PUT_OFF, [_stamp(self._soon()), type(error).__name__, row[0]]
                        )
                    else:
                        found.setdefault(row[1], []).append(parcel)
        return found

    def _soon(self) -> datetime:
        return self.clock() + timedelta(seconds=LONGEST)

    @staticmethod
    def _over(versions: set[int]) -> set[int]:
        """Return the messages of which nothing more is sent, though some rows still wait."""
        over = Dispatch.objects.filter(version__in=versions, is_over=True)
        return set(over.values_list("version_id", flat=True))

    def _parcel(self, row: Sequence[Any], over: set[int]) -> Parcel:
        key, _lane, version, subscriber, language, priority, attempts, again, channel, sealed = row
        to = _subscriber(sealed)
        if version is None:
            return letters.parcel(
                delivery_id=key, subscriber=subscriber, channel=channel, language=language,
                priority=priority, attempts=attempts, again=again, to=to,
            )  # fmt: skip
        message = self._message(version)
        mark = delivery_key(key, identifier=message.identifier, again=again)
        leave = letters.leave_link(subscriber, language) if subscriber and to else ""
        if version in over or (subscriber and not to):
            # Replaced by a later message, or the subscriber has left: the engine closes it.
            to = letters.GONE
        return Parcel(key, mark, message, language, priority, attempts, to, leave)

    def _message(self, version_id: int) -> Message:
        message = self._messages.get(version_id)
        if message is None:
            version = AlertVersion.objects.select_related("alert").get(pk=version_id)
            message = self._messages[version_id] = letters.message_of(version)
            while len(self._messages) > _MOST_MESSAGES:
                self._messages.popitem(last=False)
        return message

    def _release_empty(
        self, cursor: Any, wants: Sequence[Hungry], parcels: dict[int, list[Parcel]]
    ) -> list[int]:
        """Give back lanes in which nothing waits and nothing is under way."""
        empty = [w.lane_id for w in wants if w.lane_id not in parcels and not w.without]
        gone: list[int] = []
        for some in _chunks(sorted(empty)):
            cursor.execute(_RELEASE.replace("MARKS", _marks(some)), [*some, self.name])
            gone += [row[0] for row in cursor.fetchall()]
        return gone


def _opened(
    key: int, kind: str, address: bytes, secret: bytes, options: Any, language: str
) -> Place:
    """Open one target; one that does not open must not keep the others from being served."""
    try:
        return Place(key, kind, open_address(address), open_secret(secret), options, language)
    except QalqanError:
        return Place(key, "sealed", "", "", {}, language)


def _subscriber(sealed: bytes | memoryview | None) -> str:
    """Return a subscriber's address; empty where there is none, or none that opens."""
    if sealed is None:
        return ""
    try:
        return open_subscriber(sealed)
    except QalqanError:
        return ""


def _stamp(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _chunks(values: Sequence[int]) -> list[Sequence[int]]:
    return [values[at : at + _CHUNK] for at in range(0, len(values), _CHUNK)]
