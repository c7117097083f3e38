"""Whom single activities reached: what indicators are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qalqan.desk.outreach.models import Activity
from qalqan.desk.platform.policies import Actor


@dataclass(frozen=True, slots=True)
class Reached:
    """One activity that was reported: its district and how many people came."""

    district_id: int
    people: int


def reached(actor: Actor, *, start: date, end: date) -> tuple[list[Reached], int]:
    """Return the reported activities of a period, the last day excluded.

    Returns
    -------
    list of Reached, int
        Those that tell their reach; and how many were held without telling it.
    """
    rows = Activity.objects.visible_to(actor).filter(
        held_on__gte=start, held_on__lt=end, state__in=("held", "reported")
    )
    silent = rows.filter(reach__isnull=True).count()
    told = rows.filter(reach__isnull=False).order_by("pk").values_list("district_id", "reach")
    return [Reached(district, people) for district, people in told], silent
