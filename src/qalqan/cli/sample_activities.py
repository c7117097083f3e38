"""The sample's activities, taken in through the import that people use."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path


def load_sample_activities(home: Path, now: datetime, seed: int) -> None:
    """Fill the room of outreach with made-up activities of the sample's bodies."""
    from django.utils import timezone

    from qalqan.desk.agencies import selectors as agencies
    from qalqan.desk.outreach.selectors import activities
    from qalqan.desk.outreach.services.importing import How, import_activities
    from qalqan.desk.platform.places import selectors as places
    from qalqan.desk.platform.policies import SystemActor
    from qalqan.sample.activities import write_activities

    actor = SystemActor("demo")
    bodies = agencies.bodies(actor).filter(is_sample=True, closed_on=None)
    # The sample's own group comes first, as the first ones hold most.
    numbers = list(bodies.order_by("-organisation_id", "number").values_list("number", flat=True))
    wanted = activities.ActivityFilter()
    if not numbers or activities.page(actor, wanted, size=1).total:
        return
    rows = places.places(actor).filter(kind__in=("district", "settlement"), is_sample=True)
    names = list(rows.order_by("kind", "pk").values_list("name_ru", flat=True))
    if not names:
        return
    path = write_activities(
        home / "sample" / "activities.csv", seed=seed, today=timezone.localdate(now),
        bodies=numbers, places=names,
    )  # fmt: skip
    import_activities(actor=actor, path=path, now=now, how=How(is_sample=True))
