"""Protect the counts of a return before anybody outside the province sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.agencies.return_document import Area, Count
from qalqan.desk.platform.policies import Actor
from qalqan.errors import ConflictError

THRESHOLD = 5
_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing counted, as it is: by code and name of the area."""

    code: str
    labels: Mapping[str, str]
    areas: Mapping[tuple[str, str], int]


def protect(
    *, actor: Actor, counted: Sequence[Counted], province: Any, month: date, edition: int,
    now: datetime, is_sample: bool = False,
) -> list[Count]:  # fmt: skip
    """Withhold small counts, and what else an attacker would need to compute them.

    Each count is a series of its own in ``platform.releases``: other counts are other numbers,
    so that their totals must not be taken for one.

    Raises
    ------
    ConflictError
        The attacker's audit refuses a table; the reason is told, nothing is returned.
    """
    name = f"{province.kato or province.pk} {month:%Y-%m} № {edition}"
    return [_released(actor, one, name, now, is_sample=is_sample) for one in counted]


def _released(actor: Actor, one: Counted, edition: str, now: datetime, *, is_sample: bool) -> Count:
    from qalqan.desk.platform.releases import selectors, services

    if not any(one.areas.values()):
        # Zeros are declared safe, so that a table of zeros has nothing to protect.
        return Count(one.code, one.labels, 0, tuple(Area(c, n, 0) for c, n in one.areas))
    series = f"agencies.return.{one.code}"
    cells: dict[tuple[str, ...], float] = {(code,): value for (code, _n), value in
                                           one.areas.items()}  # fmt: skip
    kept = services.release(
        actor=actor, series=series, edition=edition, now=now, threshold=THRESHOLD,
        tables=[services.Table(one.code, ("area",), cells)], seconds=_SECONDS,
        is_sample=is_sample,
    )  # fmt: skip
    if kept.state != kept.State.PUBLISHED:
        raise ConflictError(
            _("“%(label)s” cannot be returned: %(why)s")
            % {"label": one.labels["en"], "why": "; ".join(kept.reasons[:3])}
        )
    found = selectors.published(series, edition)
    table = found.tables[one.code] if found else None
    counts = table.cells if table else {}
    areas = tuple(
        Area(code, name, _whole(counts.get((code,)))) for code, name in one.areas
    )  # fmt: skip
    return Count(one.code, one.labels, _whole(counts.get((services.TOTAL,))), areas)


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
