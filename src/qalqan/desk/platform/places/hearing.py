"""Where loudspeakers are heard: rooms that know it tell it here, rooms that need it ask here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qalqan.desk.platform.policies import Actor


@dataclass(frozen=True, slots=True)
class Reach:
    """An area in which loudspeakers are heard.

    Parameters
    ----------
    name
        What sounds there, in the reader's language.
    model
        The model of sound by which the area was computed; models differ by a factor of four.
    period
        ``day`` or ``night``.
    polygon
        GeoJSON polygon or multipolygon.
    people, low, high
        How many people hear it, and between which numbers.
    """

    name: str
    model: str
    period: str
    polygon: Mapping[str, Any]
    people: int
    low: int
    high: int


Provider = Callable[[Actor, datetime], Sequence[Reach]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Add a room that knows such areas; it is asked whenever somebody needs them."""
    if provider not in _providers:
        _providers.append(provider)


def reaches(actor: Actor, now: datetime) -> list[Reach]:
    """Return every area that the actor may see, in the order of the rooms."""
    return [reach for provider in _providers for reach in provider(actor, now)]
