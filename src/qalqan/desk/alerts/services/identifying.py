"""Identifiers of messages: unique in a second, in a process, and among machines."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from qalqan.cap.identifiers import IdentifierSource


@cache
def _source(node: int, prefix: str) -> IdentifierSource:
    from qalqan.cap.identifiers import IdentifierSource

    return IdentifierSource(node, prefix=prefix)


def next_identifier(*, now: datetime) -> str:
    """Return an identifier that no other message has; it begins with the OID, or with the host."""
    oid = settings.QALQAN_ALERT_OID
    host = urlsplit(settings.QALQAN_PUBLIC_URL).hostname or "localhost"
    prefix = f"urn:oid:{oid}" if oid else host.strip("[]")
    return _source(int(settings.QALQAN_ALERT_NODE), prefix).new(now)
