"""Posting in a public channel: what a channel must do, and the one over a Bot API."""

from __future__ import annotations

import json
from typing import Any, Protocol

from django.conf import settings

from qalqan.desk.platform.privacy.outbound import post

_MOST = 4096


class Channel(Protocol):
    """A place where posts go."""

    def words(self, publication: dict[str, Any]) -> str:
        """Return what a publication says there."""

    def send(self, words: str) -> None:
        """Post the words; raise `OutboundError` where they are not taken."""


class BotChannel:
    """A channel that is written to by ``sendMessage`` of a Telegram-style Bot API.

    Parameters
    ----------
    url
        Beginning of the address, without the token.
    token, chat
        The bot's key, and where it posts.
    """

    def __init__(self, url: str, token: str, chat: str) -> None:
        self._url = f"{url}/bot{token}/sendMessage"
        self._chat = chat

    def words(self, publication: dict[str, Any]) -> str:
        """Return the headline in each language with its address, facts first.

        >>> said = {"headline": "Су таза", "url": "https://x/1", "withdrawal": "", "verdict": "–"}
        >>> BotChannel("https://b", "t", "@c").words({"answer": {"languages": {"kk": said}}})
        'Су таза\\nhttps://x/1'
        """
        parts = []
        for said in publication["answer"]["languages"].values():
            first = said["headline"]
            if said["withdrawal"]:
                first = f"✕ {said['headline']}: {said['withdrawal']}"
            parts.append(f"{first}\n{said['url']}")
        return "\n\n".join(parts)[:_MOST]

    def send(self, words: str) -> None:
        """Post the words.

        Raises
        ------
        OutboundError
            The server cannot be reached, or did not take them.
        """
        body = json.dumps({"chat_id": self._chat, "text": words}, ensure_ascii=False).encode()
        post(
            self._url,
            body,
            {"Content-Type": "application/json; charset=utf-8", "User-Agent": "qalqan"},
            may_be_private=settings.QALQAN_TARGETS_MAY_BE_PRIVATE,
        )


def channel() -> Channel | None:
    """Return the channel that is set up, if one is."""
    url, token = settings.QALQAN_CHANNEL_URL, settings.QALQAN_CHANNEL_TOKEN
    if not (url and token and settings.QALQAN_CHANNEL_ID):
        return None
    return BotChannel(url, token, settings.QALQAN_CHANNEL_ID)
