"""How much an area needs: rooms that estimate it tell it here, rooms that plan ask here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qalqan.desk.platform.policies import Actor


@dataclass(frozen=True, slots=True)
class Need:
    """How much one area needs, by one measure.

    Parameters
    ----------
    place_id
        The district.
    value, low, high
        How many times as much as expected, and between which numbers; 1 is as expected.
        ``high`` is ``None`` where there is no upper end.
    source
        What was counted and by which method, in the reader's language.
    window
        First and last day that were counted.
    address
        Path of the page that says more; empty where there is none.
    """

    place_id: int
    value: float
    low: float
    high: float | None
    source: str
    window: tuple[date, date]
    address: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of need, with its areas."""

    code: str
    label: str
    needs: tuple[Need, ...]


Provider = Callable[[Actor, datetime], Sequence[Need]]
_providers: dict[str, tuple[Any, Provider]] = {}


def register(code: str, label: Any, provider: Provider) -> None:
    """Add a room's measure of need; it is asked whenever somebody plans.

    Parameters
    ----------
    code
        Short name of the measure; a second one with the same name replaces the first.
    label
        What it is called, translated when read.
    """
    _providers[code] = (label, provider)


def needs(actor: Actor, *, now: datetime) -> list[Measure]:
    """Return every measure with the areas that the actor may see, in the order of the rooms."""
    return [
        Measure(code, str(label), tuple(provider(actor, now)))
        for code, (label, provider) in _providers.items()
    ]
