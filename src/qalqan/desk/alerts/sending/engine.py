"""The engine: takes lanes, sends their parcels side by side, has the results written.

Bounded everywhere: lanes held, parcels a lane, requests open, results not yet written. When
the database is slow, results pile up to their limit and then nothing more is sent.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connections

from qalqan.desk.alerts.sending.adapters.base import Outcome, Verdict
from qalqan.desk.alerts.sending.backoff import pause
from qalqan.desk.alerts.sending.gate import Gate, Hosts
from qalqan.desk.alerts.sending.lane import HeldLane
from qalqan.desk.alerts.sending.letters import GONE
from qalqan.desk.alerts.sending.message import Message, Parcel
from qalqan.desk.alerts.sending.opening import Opener
from qalqan.desk.alerts.sending.store import Store
from qalqan.desk.alerts.sending.upkeep import Upkeep
from qalqan.desk.alerts.sending.work import Answer, Ask, Hungry, Rest, Result, Taken

logger = logging.getLogger(__name__)
Found = TypeVar("Found")
STEP_BY = 4
"""Attempts at one parcel after which the lane tries the next one first."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much at once; memory follows from these."""

    lanes: int = 8_192
    take: int = 512
    young: int = 1_024
    most: int = 8_192
    suspects: int = 512
    host: int = 128
    results: int = 4_096
    patience: float = 0.25
    tick: float = 0.05
    """Seconds between two looks at the database while something is going on."""
    idle: float = 0.1
    upkeep: float = 1.0
    finish: float = 3.0
    """Seconds that a stop waits for answers; what has none is sent again under its key."""


class Engine:
    """One sending worker.

    Parameters
    ----------
    store, upkeep
        The database; both run in this engine's one thread.
    opener
        Makes senders.
    limits
        How much at once.
    rng
        Draws the pauses.
    """

    def __init__(
        self, store: Store, upkeep: Upkeep, opener: Opener, *, limits: Limits, rng: random.Random
    ) -> None:
        self._store, self._upkeep, self._opener = store, upkeep, opener
        self._limits, self._rng = limits, rng
        self._held: dict[int, HeldLane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ask = Ask()
        self._asking: set[int] = set()
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._gate = Gate(young=limits.young, most=limits.most, patience=limits.patience)
        self._suspects = Gate(
            young=max(8, limits.suspects // 2), most=limits.suspects, patience=limits.patience
        )
        self._hosts = Hosts(limits.host)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._stopping = False
        self.sent = 0

    async def run(self, *, until_empty: bool = False) -> None:
        """Send until stopped.

        Parameters
        ----------
        until_empty
            Return once nothing is due and nothing is under way.
        """
        await self._db(self._upkeep.register)
        self._opener.hears(self._note)
        keeper = asyncio.create_task(self._keep_up(), name="upkeep")
        # A worker that no longer beats and looks after nothing must end, not go on half.
        keeper.add_done_callback(lambda _task: self.stop())
        try:
            await self._pump(until_empty)
            if keeper.done():
                keeper.result()
        finally:
            keeper.cancel()
            await self._finish()

    def stop(self) -> None:
        """End after what is under way."""
        self._stopping = True
        self._wake.set()

    async def _pump(self, until_empty: bool) -> None:
        quiet = 0
        while not self._stopping:
            answer = await self._step()
            busy = bool(answer.taken or answer.parcels or self._held)
            quiet = 0 if busy else quiet + 1
            if until_empty and quiet >= 2 and not await self._db(self._upkeep.is_more):
                return
            self._wake.clear()
            if len(self._ask.results) >= self._limits.results // 4:
                continue
            try:
                async with asyncio.timeout(self._limits.tick if busy else self._limits.idle):
                    await self._wake.wait()
            except TimeoutError:
                continue
            if not self._stopping and len(self._ask.results) < 64:
                # A moment more, so that results go in batches and not one by one.
                await asyncio.sleep(0.004)

    async def _step(self) -> Answer:
        ask, self._ask = self._ask, Ask()
        ask.hungry = [
            Hungry(lane.lane_id, lane.wanted, frozenset(lane.under_way))
            for key in self._asking
            if (lane := self._held.get(key)) is not None
        ]
        self._asking.clear()
        free = min(self._limits.lanes - len(self._held), self._limits.take)
        if self._gate.waiting > 2 * self._limits.take:
            free = 0
        ask.room = max(0, free)
        self._room.set()
        answer = await self._db(self._store.step, ask)
        self._act_on(answer)
        asked = [want.lane_id for want in ask.hungry] + [one.lane_id for one in answer.taken]
        for key in asked:
            held = self._held.get(key)
            if held is not None and not held.parcels and not held.is_leaving:
                # Nothing new for it; it asks again, or is given back, once nothing is under way.
                held.is_asking = False
                if not held.under_way:
                    self._feed(held)
        return answer

    def _act_on(self, answer: Answer) -> None:
        for key in answer.released:
            lane = self._held.pop(key, None)
            if lane is not None:
                self._spawn(lane.sender.close())
        gone = set(answer.released)
        for taken in answer.taken:
            if taken.lane_id not in gone:
                self._take(taken)
        for key in answer.news:
            self._freshen(key)
        # What ended while the store was reading is still in the queue there, and must not go twice.
        ended = {result.delivery_id for result in self._ask.results}
        for key, parcels in answer.parcels.items():
            lane = self._held.get(key)
            if lane is not None and not lane.is_leaving:
                lane.is_asking = False
                lane.parcels.clear()
                busy = lane.under_way | ended
                lane.parcels.extend(p for p in parcels if p.delivery_id not in busy)
                self._start(lane)

    def _take(self, taken: Taken) -> None:
        try:
            sender = self._opener.open(taken.place)
        except ValueError as error:
            word = str(error)[:200] or "settings"
            self._rest(taken.lane_id, 30.0, taken.failures + 1, word)
            return
        self._held[taken.lane_id] = HeldLane(taken.lane_id, sender, taken.failures)

    def _freshen(self, key: int) -> None:
        """Look anew what is most urgent in a lane to which something was added."""
        lane = self._held.get(key)
        if lane is not None:
            lane.is_asking = True
            self._asking.add(key)
            self._wake.set()

    def _start(self, lane: HeldLane) -> None:
        """Begin as many attempts as the lane may have under way."""
        while (parcel := lane.begin()) is not None:
            self._spawn(self._carry(lane, parcel))

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, lane: HeldLane, parcel: Parcel) -> None:
        """Send a parcel, and then the lane's next one, as long as there are any."""
        current: Parcel | None = parcel
        while current is not None:
            await self._attempt(lane, current)
            lane.end(current)
            current = lane.begin()
        if lane.is_leaving:
            if not lane.under_way:
                self._let_go(lane)
            return
        self._start(lane)
        self._feed(lane)

    def _feed(self, lane: HeldLane) -> None:
        if lane.is_low and not lane.is_asking:
            lane.is_asking = True
            self._asking.add(lane.lane_id)
            self._wake.set()

    async def _attempt(self, lane: HeldLane, parcel: Parcel) -> None:
        if self._is_void(parcel):
            return
        if len(self._ask.results) >= self._limits.results:
            self._room.clear()
            self._wake.set()
            await self._room.wait()
        host = lane.sender.host
        if host and not self._hosts.enter(host):
            # Its host is busy with other targets: come back soon, and count no failure.
            self._leave(lane, 0.2 + self._rng.random() * 0.3, "")
            return
        gate = self._suspects if lane.breaker.failures else self._gate
        try:
            ticket = await gate.enter(parcel.priority)
            began = time.monotonic()
            try:
                outcome = await self._send(lane, parcel)
            finally:
                gate.leave(ticket)
        finally:
            if host:
                self._hosts.leave(host)
        self._judge(lane, parcel, outcome, began)

    async def _send(self, lane: HeldLane, parcel: Parcel) -> Outcome:
        try:
            return await lane.sender.send(parcel)
        except Exception as error:
            # A fault in one adapter must not end the engine, nor lose the parcel.
            logger.exception("an adapter failed")
            return Outcome(Verdict.TROUBLE, type(error).__name__)

    def _is_void(self, parcel: Parcel) -> bool:
        """Close what must not be sent any more."""
        message = parcel.message
        if parcel.to == GONE:
            self._result(parcel, "replaced", "failed", "left")
        elif isinstance(message, Message) and self._upkeep.is_past(message.expires_at):
            self._result(parcel, "expired", "expired", "")
        else:
            return False
        return True

    def _judge(self, lane: HeldLane, parcel: Parcel, outcome: Outcome, began: float) -> None:
        parcel.attempts += 1
        verdict = outcome.verdict
        if verdict is Verdict.TROUBLE:
            wait = lane.breaker.fail(
                began=began, now=time.monotonic(), rng=self._rng, asked=outcome.asked
            )
            self._put_off(parcel, outcome.detail)
            self._leave(lane, wait, outcome.detail)
            return
        if lane.was_ill or lane.breaker.failures:
            lane.was_ill = False
            self._ask.well.append(lane.lane_id)
        lane.breaker.succeed()
        if verdict is Verdict.TAKEN:
            self.sent += 1
            self._result(parcel, "accepted", "accepted", outcome.detail)
        elif verdict is Verdict.REFUSED:
            self._result(parcel, "failed", "refused", outcome.detail)
        else:
            wait = pause(parcel.attempts, self._rng, asked=outcome.asked)
            self._result(parcel, "waiting", "tried", outcome.detail, wait)

    def _put_off(self, parcel: Parcel, detail: str) -> None:
        """Keep a parcel first in its lane; from some attempts on let the others go before it."""
        if parcel.attempts % STEP_BY:
            self._result(parcel, "queued", "tried", detail)
        else:
            wait = pause(parcel.attempts, self._rng)
            self._result(parcel, "waiting", "tried", detail, wait)

    def _result(
        self, parcel: Parcel, state: str, event: str, detail: str, wait: float = 0.0
    ) -> None:
        self._ask.results.append(
            Result(parcel.delivery_id, state, event, parcel.attempts, detail[:200], wait)
        )
        if len(self._ask.results) >= self._limits.results // 4:
            self._wake.set()

    def _leave(self, lane: HeldLane, wait: float, error: str) -> None:
        """Give a lane back for a while; the last attempt under way closes it."""
        if not lane.is_leaving:
            lane.is_leaving = True
            lane.parcels.clear()
            self._asking.discard(lane.lane_id)
            lane.pause, lane.error = wait, error

    def _let_go(self, lane: HeldLane) -> None:
        self._held.pop(lane.lane_id, None)
        self._rest(lane.lane_id, lane.pause, lane.breaker.failures, lane.error)
        self._spawn(lane.sender.close())

    def _rest(self, lane_id: int, wait: float, failures: int, error: str) -> None:
        self._ask.rests.append(Rest(lane_id, wait, failures, error[:200]))
        self._wake.set()

    async def _keep_up(self) -> None:
        """Beat, look after what is late, and listen to brokers."""
        while True:
            report = await self._db(self._upkeep.run)
            if report.is_lost:
                # Others took us for dead: what we held is theirs now.
                await self._forget()
            self._opener.listen(report.brokers if report.is_ear else ())
            self._wake.set()
            await asyncio.sleep(0.0 if report.is_more else self._limits.upkeep)

    async def _forget(self) -> None:
        logger.warning("this worker was taken for dead; beginning anew")
        for lane in self._held.values():
            lane.parcels.clear()
            lane.is_leaving, lane.pause, lane.error = True, 0.0, ""
        self._held = {key: lane for key, lane in self._held.items() if lane.under_way}
        self._asking.clear()
        await self._db(self._upkeep.register)

    async def _note(self, told: Any) -> None:
        await self._db(self._upkeep.note, told)

    async def _db(self, act: Callable[..., Found], *arguments: Any) -> Found:
        """Run something in the store's thread; begin anew where the connection broke."""
        loop = asyncio.get_running_loop()
        tries = 0
        while True:
            try:
                return await loop.run_in_executor(self._thread, act, *arguments)
            except (OperationalError, InterfaceError) as error:
                tries += 1
                logger.warning("the database does not answer (%s); trying again", error)
                await loop.run_in_executor(self._thread, connections.close_all)
                await asyncio.sleep(min(2.0, 0.1 * tries))
                known = [*self._held, *(rest.lane_id for rest in self._ask.rests)]
                known += [r.lane_id for a in arguments if isinstance(a, Ask) for r in a.rests]
                try:
                    await loop.run_in_executor(self._thread, self._upkeep.reconcile, known)
                except (OperationalError, InterfaceError):
                    continue

    async def _finish(self) -> None:
        """Wait for what is under way, write the last results, give everything back."""
        if self._tasks:
            _done, late = await asyncio.wait(set(self._tasks), timeout=self._limits.finish)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for lane in list(self._held.values()):
            self._rest(lane.lane_id, 0.0, lane.breaker.failures, "")
        self._held.clear()
        self._asking.clear()
        ask, self._ask = self._ask, Ask()
        await self._db(self._store.step, ask)
        await self._db(self._upkeep.leave)
        await self._opener.close()
        await asyncio.get_running_loop().run_in_executor(self._thread, connections.close_all)
        self._thread.shutdown()
