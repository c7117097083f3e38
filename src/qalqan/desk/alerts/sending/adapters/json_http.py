"""Gateways that take JSON over HTTP: SMS, and messengers with a bot interface."""

from __future__ import annotations

import json
from typing import Any

from qalqan.desk.alerts.sending.adapters.base import Outcome, Place, Verdict, judge
from qalqan.desk.alerts.sending.message import Letter, Message, Parcel
from qalqan.desk.alerts.sending.wire import Address, Wire, WireError

MOST_SMS = 600
MOST_POST = 4_000
_WIDTH = 64


async def _post(wire: Wire, address: Address, headers: bytes, body: dict[str, Any]) -> Outcome:
    data = json.dumps(body, ensure_ascii=False).encode()
    try:
        reply = await wire.post(address, headers, data)
    except WireError as error:
        return Outcome(Verdict.TROUBLE, str(error))
    return judge(reply)


def short_text(message: Message | Letter, language: str, *, most: int) -> str:
    """Return what fits into a short message: headline, what to do, where to read on."""
    if isinstance(message, Letter):
        return message.text[:most]
    said = message.words(language)
    room = most - len(message.link) - 1
    text = " ".join(part for part in (said.headline, said.instruction) if part)
    if len(text) > room:
        text = text[: room - 1].rstrip() + "…"
    return f"{text} {message.link}".strip()


def checked_word(text: str) -> str:
    """Refuse what could break out of a header line.

    Raises
    ------
    ValueError
        It holds a control sign or is not plain ASCII.
    """
    if not text.isascii() or not text.isprintable():
        raise ValueError("a header must be printable ASCII")
    return text


class SmsSender:
    """An SMS gateway: one POST a telephone number, with our key as the client's reference."""

    width = _WIDTH

    def __init__(self, place: Place, wire: Wire, *, may_be_private: bool) -> None:
        self._wire = wire
        self._address = Address.of(place.address, may_be_private=may_be_private)
        self._token = checked_word(place.secret)
        self._from = str(place.options.get("sender", ""))
        self.host = ""

    async def send(self, parcel: Parcel) -> Outcome:
        """Make one attempt."""
        if not parcel.to:
            return Outcome(Verdict.REFUSED, "no number")
        headers = (
            "Content-Type: application/json; charset=utf-8\r\nUser-Agent: qalqan\r\n"
            f"Idempotency-Key: {parcel.key}\r\nAuthorization: Bearer {self._token}\r\n"
        ).encode("ascii")
        text = short_text(parcel.message, parcel.language, most=MOST_SMS)
        body: dict[str, Any] = {"to": parcel.to, "text": text, "client_ref": parcel.key}
        if self._from:
            body["from"] = self._from
        if isinstance(parcel.message, Message):
            body["valid_until"] = parcel.message.expires_at.isoformat()
        return await _post(self._wire, self._address, headers, body)

    async def close(self) -> None:
        """Hold nothing of our own."""


class BotSender:
    """A messenger's bot that posts in one channel; such interfaces honour no key."""

    width = 1

    def __init__(self, place: Place, wire: Wire, *, may_be_private: bool) -> None:
        self._wire = wire
        base = place.address.rstrip("/")
        url = f"{base}/bot{checked_word(place.secret)}/sendMessage"
        self._address = Address.of(url, may_be_private=may_be_private)
        self._chat = str(place.options.get("chat", ""))
        self.host = self._address.host

    async def send(self, parcel: Parcel) -> Outcome:
        """Make one attempt."""
        message = parcel.message
        if not isinstance(message, Message):
            return Outcome(Verdict.REFUSED, "no message")
        text = message.text(parcel.language)[:MOST_POST]
        headers = b"Content-Type: application/json; charset=utf-8\r\nUser-Agent: qalqan\r\n"
        body = {"chat_id": self._chat, "text": text, "disable_web_page_preview": True}
        return await _post(self._wire, self._address, headers, body)

    async def close(self) -> None:
        """Hold nothing of our own."""
