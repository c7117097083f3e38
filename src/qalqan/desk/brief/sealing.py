"""The checksum of a content."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def digest(payload: dict[str, Any]) -> str:
    """Return the SHA-256 of a content, whatever the order of its keys."""
    canonical = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
