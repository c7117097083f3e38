"""What the monthly return of a province counts of sites: inspected, found wanting, mended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from qalqan.desk.agencies import matters, returns
from qalqan.desk.platform.policies import Actor
from qalqan.desk.protection.models import Inspection, Violation


def _by_district(rows: Any) -> Mapping[int, int]:
    counted = rows.order_by().values_list("site__district_id").annotate(count=Count("pk"))
    return {district or 0: count for district, count in counted}


def inspected(actor: Actor, start: datetime, end: datetime) -> Mapping[int, int]:
    """Count inspections by district of the site."""
    rows = Inspection.objects.visible_to(actor)
    return _by_district(rows.filter(finished_at__gte=start, finished_at__lt=end))


def found(actor: Actor, start: datetime, end: datetime) -> Mapping[int, int]:
    """Count violations found for the first time, by district of the site."""
    rows = Violation.objects.visible_to(actor)
    return _by_district(rows.filter(found_at__gte=start, found_at__lt=end))


def mended(actor: Actor, start: datetime, end: datetime) -> Mapping[int, int]:
    """Count violations whose mending was verified, by district of the site."""
    rows = Violation.objects.visible_to(actor)
    return _by_district(rows.filter(verified_at__gte=start, verified_at__lt=end))


def register() -> None:
    """Name the counts, and the kind of matter."""
    matters.register("protection.site", _("Protection of sites"))
    returns.register("protection.inspected", _("Inspections of sites"), inspected)
    returns.register("protection.found", _("Violations found"), found)
    returns.register("protection.mended", _("Violations mended and verified"), mended)
