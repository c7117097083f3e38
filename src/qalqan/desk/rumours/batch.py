"""What is handed in to be stored: messages that have been screened and located."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple


class NewMessage(NamedTuple):
    """One message on its way into the store.

    Parameters
    ----------
    content_id
        What `content_identity` says of it: 16 bytes.
    kind
        ``post``, ``hotline`` or ``news``.
    source_id
        The channel it came through.
    text
        The text after the privacy guard.
    language
        One of `models.Language`.
    published_at
        Aware time, UTC.
    place_id
        The place it names, or ``None``.
    is_sample
        Whether it is made up.
    """

    content_id: bytes
    kind: str
    source_id: int
    text: str
    language: str
    published_at: datetime
    place_id: int | None = None
    is_sample: bool = False


def content_identity(channel: str, native_id: str, published_at: datetime, text: str) -> bytes:
    """Say in 16 bytes which message this is, so that it is stored once.

    The channel's own number decides where there is one; else the second of publication and the
    text with its spaces evened out.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 1, tzinfo=UTC)
    >>> content_identity("a", "", at, "no  water") == content_identity("a", "", at, "no water ")
    True
    >>> content_identity("a", "7", at, "x") == content_identity("a", "7", at, "edited")
    True
    >>> len(content_identity("a", "7", at, "x"))
    16
    """
    if native_id:
        parts = f"n\x1f{channel}\x1f{native_id}"
    else:
        parts = f"t\x1f{channel}\x1f{int(published_at.timestamp())}\x1f{' '.join(text.split())}"
    return blake2b(parts.encode("utf-8", "replace"), digest_size=16).digest()
