"""Pages of the ledger, flash-points, work and jobs keep their budget of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import NOW, make_user, sign_in
from tests.support.incidents_factories import make_districts, make_incident

from qalqan.desk.flashpoints import services
from qalqan.desk.flashpoints.forecast_models import ForecastRun
from qalqan.desk.flashpoints.models import Finding, ScanRun, WhatIf
from qalqan.desk.flashpoints.services.forecasting import run_forecast
from qalqan.desk.incidents.models import Incident, Report
from qalqan.desk.platform.jobs.services import run_due
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.sources.models import Source
from qalqan.desk.platform.work import services as work
from qalqan.desk.platform.work.models import WorkItem

pytestmark = pytest.mark.django_db
DESK = SystemActor("test")
ROOMS = ("incidents", "flashpoints", "work", "jobs")
ELSEWHERE = {
    "incidents:analysis", "incidents:analysis_mark", "incidents:analysis_version",
    "incidents:post_mortem",
    "work:rule",
    "incidents:incident_history", "incidents:report_add", "incidents:hold", "incidents:correct",
    "incidents:merge", "incidents:split",
}  # fmt: skip
"""Pages of an analysis (``tests/desk/incidents/test_weighing_pages.py``), of a rule of routing
(``tests/desk/platform/work/test_routing.py``) and of what is done with an incident
(``tests/desk/incidents/test_ledger_pages.py``) are measured there."""
ROLES = {"jobs:overview": Role.ADMINISTRATOR}
KEYS = {
    "incidents:incident": Incident,
    "flashpoints:run": ScanRun,
    "flashpoints:finding": Finding,
    "flashpoints:forecast_run": ForecastRun,
    "flashpoints:what_if": WhatIf,
    "work:item": WorkItem,
}


def fill(start, count, reader):
    districts = list(Place.objects.filter(kind="district")) or make_districts(5)
    for number in range(start, start + count):
        incident = make_incident(
            at=NOW - timedelta(days=number % 90), district=districts[number % 5]
        )
        source = Source.objects.create(name=f"S{number}", kind="press", created_at=NOW)
        for row in (incident, Incident.objects.order_by("pk").first()):
            Report.objects.get_or_create(
                incident=row, source=source, citation="p. 1",
                defaults={"recorded_at": NOW, "first_recorded_at": NOW},
            )  # fmt: skip
        work.open_item(
            actor=DESK, kind="x.y", title=f"W{number}", subject="x", owner=reader,
            organisation=None, due_at=NOW, now=NOW,
        )  # fmt: skip
    for _ in range(12):
        make_incident(at=NOW, district=districts[0])
    services.run_scan(actor=DESK, stream="incidents", now=NOW, seed=start, replicates=99)
    run_forecast(actor=DESK, stream="incidents", now=NOW, seed=start)
    what_if = services.try_scan(
        actor=DESK, streams=["incidents"], area_kind="districts", as_of=NOW, seed=start,
        replicates=99, settings=services.DEFAULTS, now=NOW,
    )  # fmt: skip
    services.compute_what_if(what_if=what_if, clock=lambda: NOW)
    run_due(NOW)


@pytest.mark.parametrize(
    "name", [name for name in BUDGETS if name.split(":")[0] in ROOMS and name not in ELSEWHERE]
)
def test_a_page_keeps_its_budget(client, name):
    reader = make_user(ROLES.get(name, Role.ANALYST))
    fill(0, 40, reader)
    client = sign_in(client, reader)
    arguments = [KEYS[name].objects.order_by("pk").first().pk] if name in KEYS else []
    address = reverse(name, args=arguments)
    client.get(address)
    counts = []
    for more in (0, 20):
        fill(100, more, reader)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGETS[name]
