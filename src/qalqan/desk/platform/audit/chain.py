"""The arithmetic of the chain: what is hashed, and how."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

LONGEST_TEXT = 200
FORMAT = "qalqan-audit-1"


def canonical_detail(detail: Mapping[str, Any] | None) -> str:
    """Write details as JSON with sorted keys and no spaces, so that equal data is equal text.

    >>> canonical_detail({"b": 1, "a": "ә"})
    '{"a":"ә","b":1}'

    Raises
    ------
    ValueError
        A text is longer than 200 characters, or a number is not finite.
    """
    _refuse_long_texts(detail or {})
    return json.dumps(
        detail or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def _refuse_long_texts(value: Any) -> None:
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise ValueError(f"audit details hold no text over {LONGEST_TEXT} characters")
    elif isinstance(value, Mapping):
        for key, part in value.items():
            _refuse_long_texts(key)
            _refuse_long_texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_long_texts(part)


def entry_hash(
    sequence: int,
    written_at: datetime,
    actor_label: str,
    role: str,
    action: str,
    subject: str,
    detail_json: str,
    previous_hash: str,
) -> str:
    """Return the SHA-256 of an entry, as 64 hexadecimal digits.

    The entry is written as a JSON array, so that no choice of texts can make two different
    entries the same bytes.
    """
    when = written_at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = [
        FORMAT, sequence, when, actor_label, role, action, subject, detail_json, previous_hash
    ]  # fmt: skip
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
