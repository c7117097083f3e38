"""Pages of answers make no more queries with more answers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.query_budgets import BUDGETS
from tests.support.answer_factories import WORDING, make_claim, make_published, make_verdict
from tests.support.factories import NOW, make_user, sign_in

from qalqan.desk.rumours import services
from qalqan.desk.rumours.models import Answer

pytestmark = pytest.mark.django_db
NAMES = ["public:answers", "public:answer", "public:atom", "public:json_feed", "public:agenda"]
DESK = ["rumours:answers", "rumours:review", "rumours:answer", "rumours:publishing"]
PEOPLE = {}


def fill(start, count):
    writer = PEOPLE.setdefault("writer", make_user("press_officer"))
    second = PEOPLE.setdefault("second", make_user("secretary"))
    for number in range(start, start + count):
        words = " ".join(f"сөз{number}{letter}" for letter in "абвгдежзик")
        make_published(make_claim(words), writer=writer, approver=second)
        waiting = make_verdict(writer, make_claim(f"күту {words[::-1]}"))
        services.write_answer(actor=writer, claim=waiting, wording=WORDING, now=NOW)


def counted(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.fixture(autouse=True)
def nobody():
    PEOPLE.clear()


@pytest.mark.parametrize("name", NAMES)
def test_a_public_page_keeps_its_budget(client, name):
    fill(0, 2)
    first = Answer.objects.filter(state="published").first()
    address = reverse(name, args=["kk", first.pk] if name == "public:answer" else ["kk"])
    few = counted(client, address)
    fill(10, 6)
    assert counted(client, address) == few <= BUDGETS[name]


@pytest.mark.parametrize("name", DESK)
def test_a_page_of_the_desk_keeps_its_budget(client, name):
    fill(0, 2)
    client = sign_in(client, make_user("press_officer"))
    answer = Answer.objects.filter(state="waiting").first()
    arguments = {"rumours:review": [answer.pk], "rumours:answer": [answer.claim_id]}
    address = reverse(name, args=arguments.get(name, []))
    few = counted(client, address)
    fill(10, 6)
    assert counted(client, address) == few <= BUDGETS[name]
