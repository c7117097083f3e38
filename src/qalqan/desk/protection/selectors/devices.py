"""How many devices work, by district and kind, for those who publish counts."""

from __future__ import annotations

from django.db.models import Count

from qalqan.desk.platform.policies import Actor
from qalqan.desk.protection.models import Equipment


def working_by_district(actor: Actor) -> dict[tuple[int, str], int]:
    """Return how many devices work at sites, by district and kind."""
    rows = Equipment.objects.visible_to(actor).filter(
        state=Equipment.State.WORKS, removed_at=None, site__district__isnull=False
    )
    counted = rows.order_by().values_list("site__district_id", "kind").annotate(all=Count("pk"))
    return {(district, kind): count for district, kind, count in counted}


def holds_sample(actor: Actor) -> bool:
    """Tell whether a device that works was made up."""
    rows = Equipment.objects.visible_to(actor)
    return rows.filter(state=Equipment.State.WORKS, removed_at=None, is_sample=True).exists()
