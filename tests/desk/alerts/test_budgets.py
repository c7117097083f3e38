"""Pages of warnings keep their budget of queries however many warnings there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.desk.query_budgets import BUDGETS
from tests.support.alerts_factories import make_content, make_district, make_sent, make_submitted
from tests.support.factories import make_user, sign_in

from qalqan.desk.alerts import services
from qalqan.desk.alerts.models import Alert, AlertVersion
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import Role

pytestmark = pytest.mark.django_db


def fill(count: int) -> None:
    writer, second = make_user(Role.DUTY_OFFICER), make_user(Role.SECRETARY)
    district, now = Place.objects.get(kind="district"), timezone.now()
    for _number in range(count):
        sent = make_sent(writer, second, content=make_content(district), now=now)
        services.prepare_update(actor=writer, alert=sent.alert, now=now)
        over = make_sent(writer, second, content=make_content(district), now=now)
        ending = services.prepare_cancel(actor=writer, alert=over.alert, why="over", now=now)
        services.approve(actor=second, version=ending, shown_hash=ending.xml_sha256, now=now)
        make_submitted(writer, content=make_content(district), now=now)


def address_of(name: str) -> str:
    live = Alert.objects.filter(state="live").first()
    draft = AlertVersion.objects.filter(state="draft").first()
    waiting = AlertVersion.objects.filter(state="submitted").first()
    arguments = {
        "public:warnings": ["kk", "warnings"],
        "public:warning": ["kk", live.pk],
        "public:warning_feed": ["kk", "warnings", "atom"],
        "alerts:warning": [live.pk],
        "alerts:message": [waiting.pk],
        "alerts:write": [draft.pk],
    }
    return reverse(name, args=arguments.get(name, []))


OURS = [
    "public:warnings", "public:warning", "public:warning_feed", "alerts:warnings",
    "alerts:warning", "alerts:message", "alerts:write",
]  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_a_page_keeps_its_budget(client, name):
    make_district()
    fill(1)
    if name.startswith("alerts:"):
        sign_in(client, make_user(Role.DUTY_OFFICER))
    address = address_of(name)
    client.get(address)
    counts = []
    for more in (0, 4):
        fill(more)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGETS[name]
