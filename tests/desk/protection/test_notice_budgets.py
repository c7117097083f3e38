"""Pages of notices keep their budget of queries, and need no more when there is more to show."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.protection.test_notices import fail, hand_in, issue
from tests.desk.protection.test_sync import short_version
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import NOW, make_user, sign_in
from tests.support.protection_factories import make_site

from qalqan.desk.platform.policies import Role
from qalqan.desk.protection.models import Notice, Violation

pytestmark = pytest.mark.django_db
OURS = ("protection:notices", "protection:notice", "protection:violations", "public:inspections")


def fill(inspector, version, count):
    for _number in range(count):
        noticed, open_site = make_site(), make_site()
        for site in (noticed, open_site):
            fail(inspector, site, version)
        notice = issue(inspector, noticed, list(Violation.objects.filter(site=noticed)))
        hand_in(notice.items.get(), make_user(Role.DUTY_OFFICER), at=NOW)


@pytest.mark.parametrize("name", OURS)
def test_a_page_keeps_its_budget(name):
    inspector, version = make_user(Role.INSPECTOR), short_version()
    fill(inspector, version, 6)
    client = sign_in(Client(), make_user(Role.INSPECTOR))
    arguments = {
        "protection:notice": [Notice.objects.first().pk],
        "public:inspections": ["en"],
    }.get(name, [])
    address = reverse(name, args=arguments)
    client.get(address)
    counts = []
    for more in (0, 6):
        fill(inspector, version, more)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= BUDGETS[name], [q["sql"] for q in queries.captured_queries]
