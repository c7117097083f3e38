"""What is sent: one message with its bytes and words, and one parcel a receiver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qalqan.desk.alerts.content import LANGUAGES, Said


@dataclass(frozen=True, slots=True)
class Message:
    """An approved message, ready for every adapter.

    Parameters
    ----------
    xml
        The signed bytes; programs get exactly these.
    said
        The words by language, marked where nothing has happened.
    siren
        The signal that the message asks of sirens.
    cache
        What adapters prepare once a message.
    """

    version_id: int
    identifier: str
    status: str
    msg_type: str
    severity: str
    sent: str
    expires_at: datetime
    xml: bytes
    said: Mapping[str, Said]
    siren: str = "none"
    link: str = ""
    cache: dict[Any, Any] = field(default_factory=dict)

    def words(self, language: str) -> Said:
        """Return the words in a language, or in the first one that has any."""
        for code in (language, *LANGUAGES):
            if (said := self.said.get(code)) is not None and said.headline:
                return said
        return Said()

    def text(self, language: str) -> str:
        """Return what a person reads: headline, what happened, what to do, where to read on."""
        said = self.words(language)
        parts = (said.headline, said.description, said.instruction, self.link)
        return "\n\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is no alert: the question whether an address wants to be warned."""

    subject: str
    text: str


@dataclass(slots=True)
class Parcel:
    """One sending to one receiver.

    Parameters
    ----------
    key
        The same for every attempt; a target that honours it takes the parcel once.
    to
        Address of a subscriber behind a gateway; empty for the target itself.
    leave
        Address of the page where a subscriber leaves.
    """

    delivery_id: int
    key: str
    message: Message | Letter
    language: str
    priority: int
    attempts: int
    to: str = ""
    leave: str = ""
