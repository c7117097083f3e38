"""Flash-points for tests: incidents planted in one district, and the scan that finds them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.support.factories import NOW
from tests.support.incidents_factories import make_districts, make_incident

from qalqan.desk.flashpoints import services
from qalqan.desk.flashpoints.models import FlashPoint, ScanRun
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import SystemActor

CLERK = SystemActor("test")


def spread(districts: list[Place], *, number: int = 180, until: datetime = NOW) -> None:
    """Store two incidents a day, in the districts by turns."""
    for n in range(number):
        make_incident(at=until - timedelta(days=n // 2), district=districts[n % len(districts)])


def plant(district: Place, number: int = 12, *, until: datetime = NOW, **fields: Any) -> None:
    """Store incidents on the last three days of one district."""
    for n in range(number):
        make_incident(at=until - timedelta(days=n % 3), district=district, **fields)


def scan(*, now: datetime = NOW, **options: Any) -> ScanRun:
    """Scan incidents, or what the options say."""
    options = {"stream": "incidents", "seed": 1, "replicates": 199} | options
    return services.run_scan(actor=CLERK, now=now, **options)


def make_flash_point(number: int = 12) -> FlashPoint:
    """Store districts, incidents and a scan that puts one flash-point on the desk."""
    districts = make_districts(5)
    spread(districts)
    plant(districts[1], number)
    scan()
    return FlashPoint.objects.get()
