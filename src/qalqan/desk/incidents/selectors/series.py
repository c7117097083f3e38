"""Series as suggested and decided; and the incidents that a search compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from qalqan.desk.incidents.models import Incident, SeriesSuggestion
from qalqan.desk.incidents.selectors.ledger import live
from qalqan.desk.platform.policies import Actor

if TYPE_CHECKING:
    from qalqan.science.hypotheses.series import Events

_METRES_A_DEGREE = 111_195.0
_EXACT_HOUR = (Incident.TimePrecision.MINUTE, Incident.TimePrecision.HOUR)
_DATED = (*_EXACT_HOUR, Incident.TimePrecision.DAY)
_PLACED = (Incident.PlacePrecision.EXACT, Incident.PlacePrecision.SETTLEMENT)


@dataclass(frozen=True, slots=True)
class Compared:
    """Incidents of a search, in the order of `events`."""

    keys: list[int]
    events: Events
    has_sample: bool


def suggestions(actor: Actor, *, state: str = "") -> QuerySet[SeriesSuggestion]:
    """Return series, the most probable first; suggestions that a later search dropped are left."""
    rows: QuerySet[SeriesSuggestion] = SeriesSuggestion.objects.visible_to(actor)
    rows = rows.exclude(state=SeriesSuggestion.State.SUGGESTED, is_current=False)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("-probability", "pk").prefetch_related(
        "incidents__place", "incidents__district"
    )


def suggestion_for(actor: Actor, suggestion_id: int) -> SeriesSuggestion | None:
    """Return one series, or nothing."""
    rows: QuerySet[SeriesSuggestion] = SeriesSuggestion.objects.visible_to(actor)
    return rows.filter(pk=suggestion_id).first()


def compared(actor: Actor, *, since: datetime, until: datetime, most: int) -> Compared:
    """Return the newest incidents whose day and place are known well enough to compare.

    Parameters
    ----------
    since, until
        Between which they happened.
    most
        How many at most.
    """
    import numpy as np

    from qalqan.science.hypotheses.series import UNKNOWN, Events

    rows: QuerySet[Incident] = live(actor)
    found = list(
        rows.filter(
            time_precision__in=_DATED, place_precision__in=_PLACED, occurred_from__gte=since,
            occurred_from__lt=until,
        )
        .annotate(
            north=Coalesce("latitude", "place__latitude"),
            east=Coalesce("longitude", "place__longitude"),
        )
        .filter(north__isnull=False, east__isnull=False)
        .order_by("-occurred_from", "-pk")
        .values_list(
            "pk", "north", "east", "occurred_from", "time_precision", "kind", "weapons",
            "is_sample",
        )[:most]
    )  # fmt: skip
    north = np.array([row[1] for row in found], dtype=np.float64)
    east = np.array([row[2] for row in found], dtype=np.float64)
    scale = float(np.cos(np.radians(north.mean()))) if found else 1.0
    local = [timezone.localtime(row[3]) for row in found]
    events = Events(
        east * _METRES_A_DEGREE * scale,
        north * _METRES_A_DEGREE,
        np.array([row[3].timestamp() / 86_400 for row in found], dtype=np.float64),
        np.array(
            [
                at.hour + at.minute / 60 if row[4] in _EXACT_HOUR else float("nan")
                for row, at in zip(found, local, strict=True)
            ],
            dtype=np.float64,
        ),
        np.array(
            [
                (Incident.Kind.values.index(row[5]),
                 UNKNOWN if row[6] == "unknown" else Incident.Weapons.values.index(row[6]))
                for row in found
            ],
            dtype=np.int64,
        ).reshape(-1, 2),
    )  # fmt: skip
    return Compared([row[0] for row in found], events, any(row[7] for row in found))


def decided_sets(actor: Actor, keys: Sequence[int]) -> list[set[int]]:
    """Return the series that people took as such, as sets of incidents among the keys."""
    rows: QuerySet[SeriesSuggestion] = SeriesSuggestion.objects.visible_to(actor)
    wanted = set(keys)
    accepted = rows.filter(state=SeriesSuggestion.State.ACCEPTED).prefetch_related("incidents")
    return [{one.pk for one in row.incidents.all()} & wanted for row in accepted]
