"""Pages of the register keep their budget of queries, and need no more with more to show."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import make_user, sign_in
from tests.support.protection_factories import (
    give,
    make_checklists,
    make_equipment,
    make_inspection,
    make_site,
)

from qalqan.desk.platform.policies import Role

pytestmark = pytest.mark.django_db
OURS = [
    "sites", "site", "site_add", "requests", "checklists", "checklist", "inspections", "inspection"
]  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_a_page_keeps_its_budget(name):
    version = make_checklists()["general_premises"]
    site = make_site()
    inspection = make_inspection(site)
    keys = {"site": site.pk, "checklist": version.pk, "inspection": inspection.pk}
    address = reverse(f"protection:{name}", args=[keys[name]] if name in keys else [])
    client = sign_in(Client(), make_user(Role.INSPECTOR))
    client.get(address)
    give(inspection, passport="no", guarded="always")
    counts = []
    for more in (1, 8):
        for _number in range(more):
            make_equipment(site)
            make_inspection(site)
            make_inspection(make_site())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGETS[f"protection:{name}"]
