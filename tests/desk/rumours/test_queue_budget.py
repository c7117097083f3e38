"""The pages of the queue need no more queries when there is more to show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import NOW, make_user, sign_in
from tests.support.rumours_factories import ACTOR, store_claim

from qalqan.desk.platform.policies import Role
from qalqan.desk.rumours.models import Claim, MergeSuggestion
from qalqan.desk.rumours.services import ranking

pytestmark = pytest.mark.django_db


def fill(start, count):
    words = ["су", "нан", "мектеп", "жол", "көпір", "базар", "пойыз", "автобус", "жарық", "газ"]
    for n in range(start, start + count):
        text = " ".join(f"{word}{n}" for word in words)
        store_claim(text, 3, until=NOW - timedelta(hours=n % 20), channel=f"Channel {n}")
    ranking.rank_claims(actor=ACTOR, now=NOW)
    claims = list(Claim.objects.order_by("pk"))
    for one, other in zip(claims[::2], claims[1::2], strict=False):
        MergeSuggestion.objects.get_or_create(
            first=one, second=other, defaults={"probability": 0.5, "suggested_at": NOW}
        )


@pytest.mark.parametrize(
    "name", ["rumours:claims", "rumours:attention", "rumours:suggestions", "rumours:measures"]
)
def test_a_page_of_the_queue_keeps_its_budget(client, name):
    fill(0, 3)
    client = sign_in(client, make_user(Role.DUTY_OFFICER))
    client.get(reverse(name))
    counts = []
    for more in (0, 9):
        fill(10, more)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGETS[name]
