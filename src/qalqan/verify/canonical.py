"""One way to write data as bytes, so that equal data have equal hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from qalqan.verify.refusals import BadReportError

MOST_BYTES = 200_000_000


def canonical(data: Mapping[str, Any]) -> bytes:
    """Write data as JSON in UTF-8 with sorted keys, without spaces, with a line's end.

    >>> canonical({"b": 1, "a": "ә"}).decode()
    '{"a":"ә","b":1}\\n'
    """
    text = json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return f"{text}\n".encode()


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def read(data: bytes, *, file: str) -> dict[str, Any]:
    """Read a JSON object; a key that stands twice, NaN and deep nesting are refused.

    Raises
    ------
    BadReportError
        It is not such JSON; the line is named.
    """
    if len(data) > MOST_BYTES:
        raise BadReportError(f"larger than {MOST_BYTES} bytes", file=file)
    try:
        found = json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BadReportError(f"not UTF-8 text at byte {error.start}", file=file) from None
    except json.JSONDecodeError as error:
        raise BadReportError(f"not JSON: {error.msg}", file=file, line=error.lineno) from None
    except (ValueError, RecursionError) as error:
        raise BadReportError(f"not JSON as reports have it: {error}", file=file) from None
    if not isinstance(found, dict):
        raise BadReportError("not a JSON object", file=file)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")
