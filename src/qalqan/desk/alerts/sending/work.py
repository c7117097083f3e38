"""What the engine and the store tell each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from qalqan.desk.alerts.sending.adapters.base import Place
from qalqan.desk.alerts.sending.message import Parcel


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one attempt, as it is to be stored."""

    delivery_id: int
    state: str
    event: str
    attempts: int
    detail: str = ""
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Rest:
    """A lane given back until later (or, with no pause, at once)."""

    lane_id: int
    pause: float
    failures: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class Hungry:
    """A lane that wants parcels.

    Parameters
    ----------
    wanted
        How many.
    without
        Deliveries that are under way already.
    """

    lane_id: int
    wanted: int
    without: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Taken:
    """A lane that this worker holds from now on."""

    lane_id: int
    failures: int
    place: Place


@dataclass(slots=True)
class Ask:
    """What the engine wants of one step."""

    results: list[Result] = field(default_factory=list)
    rests: list[Rest] = field(default_factory=list)
    well: list[int] = field(default_factory=list)
    hungry: list[Hungry] = field(default_factory=list)
    room: int = 0


@dataclass(slots=True)
class Answer:
    """What one step found."""

    taken: list[Taken] = field(default_factory=list)
    parcels: dict[int, list[Parcel]] = field(default_factory=dict)
    released: list[int] = field(default_factory=list)
    news: list[int] = field(default_factory=list)
