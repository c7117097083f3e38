"""Areas in which loudspeakers are heard, offered where a warning's area is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qalqan.cap.values import Polygon
from qalqan.desk.alerts import geometry
from qalqan.desk.platform.places import hearing
from qalqan.desk.platform.policies import Actor

KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ReachOption:
    """One area in which loudspeakers are heard; the label names the model and the doubt."""

    key: str
    label: str
    polygons: tuple[str, ...]


def options(actor: Actor, *, now: datetime) -> list[ReachOption]:
    """Return what may be chosen, in the order of the rooms that know it.

    The check asks again at every pause in writing, so what one reader gets is kept for a minute.
    """
    language = (get_language() or "kk")[:2]
    key = f"alerts.reaches:{actor.actor_label}:{actor.role}:{language}".replace(" ", "_")
    kept: list[ReachOption] | None = cache.get(key)
    if kept is None:
        kept = _options(actor, now)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _options(actor: Actor, now: datetime) -> list[ReachOption]:
    return [
        ReachOption(f"{number}:{reach.name}"[:100], _label(reach), _rings(reach.polygon))
        for number, reach in enumerate(hearing.reaches(actor, now))
        if reach.polygon and reach.polygon.get("coordinates")
    ]


def _label(reach: hearing.Reach) -> str:
    period = {"day": _("by day"), "night": _("at night")}.get(reach.period, reach.period)
    return _("%(name)s, %(period)s: %(people)d people (%(low)d to %(high)d), model %(model)s") % {
        "name": reach.name, "period": period, "people": reach.people,
        "low": reach.low, "high": reach.high, "model": reach.model,
    }  # fmt: skip


def _rings(boundary: Mapping[str, Any]) -> tuple[str, ...]:
    rings: Sequence[geometry.Ring] = geometry.rings_of(boundary)
    return tuple(str(Polygon.of(ring)) for ring in rings)
