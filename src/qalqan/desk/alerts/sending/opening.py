"""Makes a sender for a target, and keeps what targets share: HTTP lines, brokers."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from qalqan.desk.alerts.models import Channel
from qalqan.desk.alerts.sending.adapters.base import Place, Sender
from qalqan.desk.alerts.sending.adapters.json_http import BotSender, SmsSender
from qalqan.desk.alerts.sending.adapters.webhook import WebhookSender, wall_clock
from qalqan.desk.alerts.sending.wire import Wire, WireError

if TYPE_CHECKING:
    from qalqan.desk.alerts.sending.adapters.mqtt import Broker, Told


class Opener:
    """Opens senders.

    Parameters
    ----------
    worker
        Name of this worker, by which a broker knows it.
    desk
        What tells this desk from others on the same broker.
    may_be_private
        Whether webhooks and gateways may lie in a private network.
    """

    def __init__(self, *, worker: str, desk: str, may_be_private: bool) -> None:
        self._worker, self._desk, self._may_be_private = worker, desk, may_be_private
        self._wire = Wire(may_be_private=may_be_private)
        self._brokers: dict[str, Broker] = {}
        self._ears: dict[str, Broker] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._heard: Callable[[Told], Awaitable[None]] | None = None

    def hears(self, heard: Callable[[Told], Awaitable[None]]) -> None:
        """Say who is told what controllers report."""
        self._heard = heard

    def open(self, place: Place) -> Sender:
        """Return a sender.

        Raises
        ------
        ValueError
            The target's settings cannot be used; the word says what is wrong with them.
        """
        try:
            if place.kind == Channel.WEBHOOK:
                return WebhookSender(
                    place, self._wire, may_be_private=self._may_be_private, clock=wall_clock
                )
            if place.kind == Channel.SMS:
                return SmsSender(place, self._wire, may_be_private=self._may_be_private)
            if place.kind == Channel.BOT:
                return BotSender(place, self._wire, may_be_private=self._may_be_private)
        except WireError as error:
            raise ValueError(str(error)) from None
        if place.kind == Channel.MAIL:
            from qalqan.desk.alerts.sending.adapters.smtp import SmtpSender

            return SmtpSender(place)
        if place.kind == Channel.MQTT:
            from qalqan.desk.alerts.sending.adapters.mqtt import MqttSender

            return MqttSender(place, self._broker(place))
        raise ValueError("kind")

    def _broker(self, place: Place) -> Broker:
        from qalqan.desk.alerts.sending.adapters.mqtt import Broker

        key = place.address
        if key not in self._brokers:
            self._brokers[key] = Broker(key, name=f"qalqan-out-{self._worker}")
        return self._brokers[key]

    def listen(self, brokers: Iterable[str]) -> None:
        """Hear what controllers tell, on these brokers and no others.

        The client's name is the desk's, not the worker's: a broker keeps for it what comes in
        while one worker has died and another has not yet begun.
        """
        from qalqan.desk.alerts.sending.adapters.mqtt import Broker

        wanted = set(brokers)
        for key in self._ears.keys() - wanted:
            # Another worker listens now; two under one name would throw each other out for ever.
            closing = asyncio.create_task(self._ears.pop(key).close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
        for key in wanted - self._ears.keys():
            mark = hashlib.sha256(f"{self._desk}:{key}".encode()).hexdigest()[:12]
            ear = Broker(key, name=f"qalqan-ear-{mark}", heard=self._heard)
            ear.listen()
            self._ears[key] = ear

    async def close(self) -> None:
        """End everything that is shared."""
        for broker in (*self._brokers.values(), *self._ears.values()):
            await broker.close()
        await self._wire.close()
