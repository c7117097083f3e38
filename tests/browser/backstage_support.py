"""The part behind the pages of the sealed room."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any


def make_service(*, name: str, body: int | None, key: str) -> int:
    """Enter a helping service, with its public key for envelopes."""
    from qalqan.desk.support.models import Service

    row = Service.objects.create(
        name_kk=name, name_ru=name, name_en=name, kind="studies", organisation_id=body,
        envelope_key=base64.b64decode(key) or None,
    )  # fmt: skip
    return int(row.pk)


def support_rows() -> dict[str, int]:
    """Return how much is stored of cases."""
    from qalqan.desk.support.models import Case, Entry, Wrap

    return {
        "cases": Case.objects.count(), "entries": Entry.objects.count(),
        "wraps": Wrap.objects.count(),
    }  # fmt: skip


ACTS: dict[str, Callable[..., Any]] = {one.__name__: one for one in (make_service, support_rows)}
