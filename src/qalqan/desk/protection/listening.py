"""What this room tells others about who hears its loudspeakers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from qalqan.desk.platform.places.hearing import Reach
from qalqan.desk.platform.policies import VIEW, Actor, policy_of
from qalqan.desk.protection.models import Equipment, HornPlan
from qalqan.desk.protection.selectors import coverage

_CORNERS = 32


def reaches(actor: Actor, now: datetime) -> Sequence[Reach]:
    """Return who hears what, by model and time of day; nothing to those who may not know."""
    if not policy_of(Equipment).allows(actor, VIEW):
        return []
    found: list[Reach] = []
    rows = coverage.device_rows(actor)
    if not rows:
        return []
    ground = coverage.settled(actor)
    for model in HornPlan.Model:
        for period in HornPlan.Period:
            for purpose in HornPlan.Purpose:
                heard = coverage.hearing(
                    actor,
                    model=model,
                    period=period,
                    purpose=purpose,
                    ground=ground,
                    rows=rows,
                )
                if heard.horns:
                    found.append(
                        Reach(str(purpose.label), str(model.label), period.value, area(heard.horns),
                              heard.hear, heard.low, heard.high)
                    )  # fmt: skip
    return found


def area(horns: Sequence[coverage.Horn]) -> dict[str, Any]:
    """Return where something is heard, as GeoJSON: discs over ground, joined."""
    import json
    import math

    import shapely
    from shapely.affinity import scale

    degree = math.pi * 6_371_008.8 / 180
    discs = []
    for horn in horns:
        disc = shapely.Point(horn.longitude, horn.latitude).buffer(
            horn.reach_m / degree, quad_segs=_CORNERS // 4
        )
        discs.append(scale(disc, 1 / math.cos(math.radians(horn.latitude)), 1))
    result: dict[str, Any] = json.loads(shapely.to_geojson(shapely.union_all(discs)))
    return result
