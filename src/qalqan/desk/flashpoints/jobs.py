"""What the worker does for this room."""

from __future__ import annotations

from datetime import datetime, time

from django.utils.translation import gettext_lazy as _

from qalqan.desk.flashpoints import services
from qalqan.desk.flashpoints.method import NIGHTLY
from qalqan.desk.flashpoints.models import AreaKind
from qalqan.desk.flashpoints.services import forecasting
from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor


def scan(now: datetime) -> None:
    """Scan every stream by itself and all at once, in districts first and then on the grid.

    The order matters: what several streams say together, or a cell of the grid, continues the
    flash-point that one stream has opened in the same night.
    """
    for area_kind in AreaKind.values:
        for streams in NIGHTLY:
            services.run_scan(
                actor=SystemActor("flashpoints"), streams=streams, area_kind=area_kind, now=now
            )


def forecast(now: datetime) -> None:
    """Forecast the coming week where that is not done yet; on most days there is nothing to do."""
    forecasting.forecast_missing(actor=SystemActor("flashpoints"), now=now)


def forget(now: datetime) -> None:
    """Delete old what-if scans."""
    services.forget_what_ifs(actor=SystemActor("flashpoints"), now=now)


PERIODIC = [
    Periodic("flashpoints.scan", _("Scan for flash-points"), scan, at=time(3, 30)),
    Periodic("flashpoints.forecast", _("Forecast the coming week"), forecast, at=time(4)),
    Periodic("flashpoints.forget", _("Forget old what-if scans"), forget, at=time(4, 30)),
]
