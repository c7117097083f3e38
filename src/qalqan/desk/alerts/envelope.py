"""What a device sends: one line that seals the message, then the message.

    COUNT TIME SEAL
    {"kind": "panic"}

COUNT grows with every message of a device, TIME is ISO 8601 with a zone, SEAL the HMAC-SHA256 in
hexadecimal of all of it under the device's own key. The same bytes go over MQTT and HTTP.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

MOST_BYTES: Final = 2_048
KEY_BYTES: Final = 32
TOLERANCE: Final = timedelta(minutes=2)
"""How far a device's clock may be off, and how long a message may be on its way."""
MOST_COUNT: Final = 2**63 - 1
_HEAD: Final = re.compile(rb"([0-9]{1,19}) ([0-9T:.+\-Z]{10,35}) ([0-9a-f]{64})")


class EnvelopeError(ValueError):
    """A message is not to be believed; ``why`` is ``malformed``, ``forged`` or ``stale``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Said:
    """What a device said; the seal holds and the time is the present."""

    count: int
    sent_at: datetime
    content: Mapping[str, Any]


def seal_message(
    code: str, key: bytes, *, count: int, sent_at: datetime, content: Mapping[str, Any]
) -> bytes:
    """Return the bytes a device sends."""
    time = sent_at.isoformat(timespec="milliseconds").encode()
    body = json.dumps(content, separators=(",", ":")).encode()
    return b"%d %s %s\n%s" % (count, time, _seal(code, key, b"%d" % count, time, body), body)


def open_message(code: str, key: bytes, data: bytes, *, now: datetime) -> Said:
    """Return what a device said, once the seal and the time are checked.

    Raises
    ------
    EnvelopeError
        It cannot be read, is not sealed with the device's key, or its time is not the present.
    """
    if len(data) > MOST_BYTES:
        raise EnvelopeError("malformed")
    head, _line, body = data.partition(b"\n")
    match = _HEAD.fullmatch(head)
    if match is None:
        raise EnvelopeError("malformed")
    # The seal comes first: what is not sealed is not looked at.
    if not hmac.compare_digest(_seal(code, key, match[1], match[2], body), match[3]):
        raise EnvelopeError("forged")
    count = int(match[1])
    try:
        sent_at = datetime.fromisoformat(match[2].decode())
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise EnvelopeError("malformed") from None
    if sent_at.tzinfo is None or not isinstance(content, dict) or not 0 < count <= MOST_COUNT:
        raise EnvelopeError("malformed")
    if abs(now - sent_at) > TOLERANCE:
        raise EnvelopeError("stale")
    return Said(count, sent_at, content)


def _seal(code: str, key: bytes, count: bytes, time: bytes, body: bytes) -> bytes:
    data = b"\n".join((b"qalqan device 1", code.encode(), count, time, body))
    return hmac.new(key, data, hashlib.sha256).hexdigest().encode()
