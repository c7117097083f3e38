"""What the monthly return of a province counts of prevention: activities held, by district."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qalqan.desk.agencies import matters, returns
from qalqan.desk.outreach.models import Activity
from qalqan.desk.platform.policies import Actor


def held(actor: Actor, start: datetime, end: datetime) -> Mapping[int, int]:
    """Count activities that were held or reported in the period, by district."""
    first, last = timezone.localdate(start), timezone.localdate(end)
    rows = Activity.objects.visible_to(actor).filter(
        held_on__gte=first, held_on__lt=last, state__in=("held", "reported")
    )
    counted = rows.order_by().values_list("district_id").annotate(count=Count("pk"))
    return {district or 0: count for district, count in counted}


def register() -> None:
    """Name the count, and the kind of matter."""
    matters.register("outreach.activity", _("Prevention work"))
    returns.register("outreach.held", _("Activities held"), held)
