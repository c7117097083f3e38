"""What the monthly return of a province counts of warnings: messages sent, by district."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from qalqan.desk.agencies import matters, returns
from qalqan.desk.alerts.models import AlertVersion
from qalqan.desk.platform.policies import Actor


def sent(actor: Actor, start: datetime, end: datetime) -> Mapping[int, int]:
    """Count first warnings that were approved, once for each district that they concern."""
    rows = AlertVersion.objects.visible_to(actor).filter(
        approved_at__gte=start, approved_at__lt=end, msg_type=AlertVersion.MsgType.ALERT
    )
    counted = rows.order_by().values_list("districts__district_id").annotate(count=Count("pk"))
    return {district or 0: count for district, count in counted}


def register() -> None:
    """Name the count, and the kind of matter."""
    matters.register("alerts.warning", _("Warnings to the public"))
    returns.register("alerts.sent", _("Warnings sent, by district concerned"), sent)
