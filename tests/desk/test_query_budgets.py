"""Pages of messages keep their budget of queries, and need no more when there is more to show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import NOW, make_user, sign_in
from tests.support.rumours_factories import ACTOR, new_message, store, store_claim

from qalqan.desk.intake import services
from qalqan.desk.intake.models import ImportRun
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.sources.services import get_or_create_source
from qalqan.desk.rumours.models import Claim

pytestmark = pytest.mark.django_db
ROLES = {"intake:tokens": Role.ADMINISTRATOR}
ANSWERS = ("rumours:answers", "rumours:review", "rumours:answer", "rumours:publishing")
"""Looked at in ``tests/desk/public``, with answers."""
OURS = [
    name for name in BUDGETS if name.split(":")[0] in ("rumours", "intake") and name not in ANSWERS
]


def fill(start: int, count: int) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    for number in range(start, start + count):
        words = " ".join(f"слово{number}{letter}" for letter in "абвгдежзик")
        store_claim(words, 3, until=NOW - timedelta(hours=number), channel=f"Канал {number}")
        store([new_message(f"Сказано один раз: {words[::-1]}")])
        source = get_or_create_source(actor=ACTOR, name=f"S{number}", kind="press", now=NOW)
        services.create_token(actor=admin, name=f"t{number}", source=source, now=NOW)
        services.add_feed(
            actor=admin, url=f"https://example.kz/{number}", source_name=f"F{number}", now=NOW
        )
        ImportRun.objects.create(
            file_name="a", format="csv", source_name="a", state="done", started_at=NOW,
            started_by=admin,
        )  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_a_page_keeps_its_budget(client, name):
    fill(0, 2)
    client = sign_in(client, make_user(ROLES.get(name, Role.DUTY_OFFICER)))
    keys = {"rumours:claim": Claim, "intake:run": ImportRun}
    arguments = [keys[name].objects.first().pk] if name in keys else []
    address = reverse(name, args=arguments)
    client.get(address)
    counts = []
    for more in (0, 10):
        fill(100, more)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address, {"sort": "copies"}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGETS[name]
