"""Sirens and loudspeakers over MQTT: commands out at QoS 1, what was played back in.

One connection a broker serves all of its devices. Commands carry the delivery's key, by which a
controller plays a message once, and a MAC with the device's own secret, so that another client
of the broker cannot make it speak. What a controller tells of a delivery it must tell with its
key, which nobody else can guess.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import aiomqtt

from qalqan.desk.alerts.sending.adapters.base import Outcome, Place, Verdict
from qalqan.desk.alerts.sending.message import Message, Parcel
from qalqan.desk.alerts.siren import signal_for

MOST_TELEMETRY = 2_048
RECEIPTS = "qalqan/alerts/receipts/#"
_SECONDS = 8.0
_EVENTS = {"delivered", "acked", "played", "failed"}
_AGAIN = 1.0
_CLOSE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Told:
    """What a controller told of a delivery."""

    key: str
    event: str
    detail: str


def read_telemetry(payload: bytes) -> Told | None:
    """Read what a controller told; nothing where it is no such thing.

    >>> read_telemetry(b'{"key": "1-0-ab", "event": "played", "detail": "12 s"}')
    Told(key='1-0-ab', event='played', detail='12 s')
    """
    if len(payload) > MOST_TELEMETRY:
        return None
    try:
        found = json.loads(payload)
    except ValueError:
        return None
    if not isinstance(found, dict) or found.get("event") not in _EVENTS:
        return None
    key, detail = found.get("key"), found.get("detail", "")
    if not isinstance(key, str) or len(key) > 80 or not isinstance(detail, str):
        return None
    return Told(key, found["event"], detail[:200])


def command(parcel: Parcel, message: Message, *, secret: str, accepts_signal: bool) -> bytes:
    """Return what a controller is told: the words to say, the signal, until when, our MAC."""
    signal = signal_for(
        status=message.status, wanted=message.siren, accepts_real_signal=accepts_signal
    )
    body = json.dumps(
        {
            "key": parcel.key,
            "identifier": message.identifier,
            "status": message.status,
            "msg_type": message.msg_type,
            "severity": message.severity,
            "sent": message.sent,
            "expires": message.expires_at.isoformat(),
            "signal": signal,
            "language": parcel.language,
            "speech": {code: said.aloud for code, said in message.said.items()},
        },
        ensure_ascii=False,
    )
    mac = hmac.digest(secret.encode(), body.encode(), "sha256").hex()
    return json.dumps({"command": body, "mac": mac}, ensure_ascii=False).encode()


class Broker:
    """The connection to one broker, made when needed and made anew when it breaks.

    Parameters
    ----------
    address
        ``mqtt://`` or ``mqtts://``, with user and password where there are any.
    name
        Client name; the broker keeps what came in for it while nobody listens.
    heard
        Called with what a controller told; the broker is told "got it" only after it returns.
    """

    def __init__(
        self,
        address: str,
        *,
        name: str,
        heard: Callable[[Told], Awaitable[None]] | None = None,
        receipts: str = RECEIPTS,
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
            raise ValueError("address")
        self.address = address
        self._tls = ssl.create_default_context() if parts.scheme == "mqtts" else None
        self._host, self._port = parts.hostname, parts.port or (8883 if self._tls else 1883)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._name, self._heard, self._receipts = name, heard, receipts
        self._client: aiomqtt.Client | None = None
        self._up = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    async def publish(self, topic: str, payload: bytes) -> None:
        """Hand a command to the broker; returns when the broker has it.

        Raises
        ------
        aiomqtt.MqttError, TimeoutError
            It has not.
        """
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="mqtt")
        async with asyncio.timeout(_SECONDS):
            await self._up.wait()
            assert self._client is not None  # noqa: S101 - it is up
            await self._client.publish(topic, payload, qos=1, timeout=_SECONDS)

    def listen(self) -> None:
        """Connect without waiting for something to send."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="mqtt")

    async def _run(self) -> None:
        while not self._is_closed:
            with suppress(aiomqtt.MqttError, OSError, TimeoutError):
                await self._session()
            self._up.clear()
            self._client = None
            await asyncio.sleep(_AGAIN)

    async def _session(self) -> None:
        client = aiomqtt.Client(
            self._host, self._port, username=self._user, password=self._password,
            identifier=self._name, clean_session=self._heard is None, tls_context=self._tls,
            timeout=_SECONDS, keepalive=15, max_inflight_messages=100,
            max_queued_incoming_messages=10_000, max_concurrent_outgoing_calls=2_000,
        )  # fmt: skip
        if self._heard is not None:
            # aiomqtt says "got it" as soon as it has read; a receipt counts once it is stored.
            client._client.manual_ack_set(True)
        async with client:
            if self._heard is not None:
                await client.subscribe(self._receipts, qos=1)
            self._client = client
            self._up.set()
            async for told in client.messages:
                await self._take(client, told)

    async def _take(self, client: aiomqtt.Client, told: aiomqtt.Message) -> None:
        payload = told.payload if isinstance(told.payload, bytes) else b""
        found = read_telemetry(payload)
        if found is not None and self._heard is not None:
            await self._heard(found)
        if told.qos and self._heard is not None:
            client._client.ack(told.mid, told.qos)

    async def close(self) -> None:
        """End the connection."""
        self._is_closed = True
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            # The library may turn the cancelling into an error of its own while it disconnects.
            await asyncio.wait({task}, timeout=_CLOSE_SECONDS)
            task.cancel()


class MqttSender:
    """Commands to one device."""

    width = 1

    def __init__(self, place: Place, broker: Broker) -> None:
        self._broker, self._secret = broker, place.secret
        self._topic = str(place.options.get("topic") or f"qalqan/alerts/play/{place.target_id}")
        if any(sign in self._topic for sign in "+#\0"):
            raise ValueError("topic")
        self._accepts_signal = bool(place.options.get("signal_in_exercise", False))
        self.host = ""

    async def send(self, parcel: Parcel) -> Outcome:
        """Make one attempt; taken means that the broker has the command."""
        message = parcel.message
        if not isinstance(message, Message):
            return Outcome(Verdict.REFUSED, "no message")
        payload = command(parcel, message, secret=self._secret, accepts_signal=self._accepts_signal)
        try:
            await self._broker.publish(self._topic, payload)
        except (aiomqtt.MqttError, OSError, TimeoutError) as error:
            return Outcome(Verdict.TROUBLE, type(error).__name__)
        return Outcome(Verdict.TAKEN, "puback")

    async def close(self) -> None:
        """The broker's connection is shared."""
