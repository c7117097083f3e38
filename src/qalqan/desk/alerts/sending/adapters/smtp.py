"""E-mail through one relay: a few connections that stay open, many mails on each."""

from __future__ import annotations

import base64
import time
from collections import deque
from email.header import Header
from email.utils import formatdate
from time import monotonic
from urllib.parse import unquote, urlsplit

import aiosmtplib

from qalqan.desk.alerts.sending.adapters.base import Outcome, Place, Verdict
from qalqan.desk.alerts.sending.message import Letter, Message, Parcel

_WIDTH = 8
_SECONDS = 20.0
_MOST_IDLE_SECONDS = 20.0


def _plain(text: str, what: str) -> str:
    """Refuse what could begin another header or another command.

    Raises
    ------
    ValueError
        It is empty, holds a control sign, or is not ASCII.
    """
    if not text or not text.isascii() or not text.isprintable() or any(c in text for c in " <>,;"):
        raise ValueError(what)
    return text


def _head(message: Message | Letter, language: str, sender: str) -> bytes:
    """Return the header lines that all receivers share; the subject cannot leave its line."""
    subject = message.subject if isinstance(message, Letter) else message.words(language).headline
    clean = " ".join(subject.split())
    lines = [
        f"From: {sender}",
        f"Subject: {Header(clean, 'utf-8', header_name='Subject').encode()}",
        f"Date: {formatdate(time.time())}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "Auto-Submitted: auto-generated",
    ]
    if isinstance(message, Message):
        urgent = message.severity in ("Extreme", "Severe") and message.status == "Actual"
        lines += [f"X-CAP-Identifier: {' '.join(message.identifier.split())}"]
        lines += ["Importance: high", "X-Priority: 1"] if urgent else []
    text = "\n".join(lines).replace("\r", "")
    return text.replace("\n", "\r\n").encode("ascii", "replace") + b"\r\n"


def mail_bytes(parcel: Parcel, *, sender: str) -> bytes:
    """Return a whole mail.

    Raises
    ------
    ValueError
        An address or a key could break out of its line.
    """
    to = _plain(parcel.to, "address")
    message = parcel.message
    if isinstance(message, Letter):
        shared, text = _head(message, parcel.language, sender), message.text
    else:
        slot = ("mail", parcel.language, sender)
        if slot not in message.cache:
            message.cache[slot] = (
                _head(message, parcel.language, sender), message.text(parcel.language)
            )  # fmt: skip
        shared, text = message.cache[slot]
    domain = sender.rpartition("@")[2]
    own = f"To: {to}\r\nMessage-ID: <{_plain(parcel.key, 'key')}@{domain}>\r\n"
    if parcel.leave:
        leave = _plain(parcel.leave, "link")
        own += f"List-Unsubscribe: <{leave}>\r\n"
        own += "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        text = f"{text}\n\n--\n{leave}"
    body = base64.encodebytes(text.encode()).replace(b"\n", b"\r\n")
    return shared + own.encode("ascii") + b"\r\n" + body


class SmtpSender:
    """Mails through a relay; the Message-ID is made of the key, so a relay can drop a repeat."""

    width = _WIDTH

    def __init__(self, place: Place) -> None:
        parts = urlsplit(place.address)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("address")
        self._host, self._port = (
            parts.hostname,
            parts.port or (465 if parts.scheme == "smtps" else 587),
        )
        self._tls = parts.scheme == "smtps"
        self._user, self._password = unquote(parts.username or "") or None, place.secret or None
        self._start_tls: bool | None = None if place.options.get("tls", True) else False
        if self._start_tls is None and self._password and not self._tls:
            # Whoever sits between could take the offer of TLS away and read the password.
            self._start_tls = True
        self._sender = _plain(str(place.options.get("sender", "")), "sender")
        self._to = str(place.options.get("to", ""))
        self._idle: deque[tuple[float, aiosmtplib.SMTP]] = deque()
        self.host = ""

    async def send(self, parcel: Parcel) -> Outcome:
        """Make one attempt."""
        parcel.to = parcel.to or self._to
        try:
            data = mail_bytes(parcel, sender=self._sender)
        except ValueError as error:
            return Outcome(Verdict.REFUSED, str(error))
        link: aiosmtplib.SMTP | None = None
        try:
            link = await self._connected()
            await link.sendmail(self._sender, [parcel.to], data)
        except aiosmtplib.SMTPRecipientsRefused as error:
            self._idle.append((monotonic(), link)) if link is not None else None
            return _of_code(error.recipients[0].code, of_one=True)
        except aiosmtplib.SMTPResponseException as error:
            self._drop(link)
            return _of_code(error.code, of_one=isinstance(error, aiosmtplib.SMTPDataError))
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            self._drop(link)
            return Outcome(Verdict.TROUBLE, type(error).__name__)
        except BaseException:
            self._drop(link)
            raise
        self._idle.append((monotonic(), link))
        return Outcome(Verdict.TAKEN, "250")

    async def _connected(self) -> aiosmtplib.SMTP:
        while self._idle:
            since, link = self._idle.pop()
            if link.is_connected and monotonic() - since < _MOST_IDLE_SECONDS:
                return link
            self._drop(link)
        link = aiosmtplib.SMTP(
            hostname=self._host, port=self._port, use_tls=self._tls, start_tls=self._start_tls,
            username=self._user, password=self._password, timeout=_SECONDS,
        )  # fmt: skip
        await link.connect()
        return link

    @staticmethod
    def _drop(link: aiosmtplib.SMTP | None) -> None:
        if link is not None:
            link.close()

    async def close(self) -> None:
        """Say goodbye on every connection."""
        while self._idle:
            self._drop(self._idle.pop()[1])


def _of_code(code: int, *, of_one: bool) -> Outcome:
    if not of_one:
        return Outcome(Verdict.TROUBLE, str(code))
    return Outcome(Verdict.REFUSED if code >= 500 else Verdict.LATER, str(code))
