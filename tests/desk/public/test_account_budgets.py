"""Pages of the public account make no more queries with more of everything."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.query_budgets import BUDGETS
from tests.support.account_factories import make_account, make_published_account, noted
from tests.support.commission_factories import make_commission, make_meeting, make_review
from tests.support.factories import NOW, make_user, sign_in

from qalqan.desk.commission.models import Account, Commission
from qalqan.desk.commission.services import accounts, lessons, openings

pytestmark = pytest.mark.django_db
NAMES = ("start_in", "accounts", "account", "accounts_json", "meetings", "recommendations",
         "figures", "money", "corrections", "data")  # fmt: skip


def fill(writer, second, count):
    for _number in range(count):
        row = make_published_account(writer, second, harm={("officers", "injured"): 6})
        accounts.write_version(
            actor=writer, account=row, texts=noted("why"), harm={("officers", "injured"): 6},
            now=NOW,
        )  # fmt: skip
        accounts.publish(actor=second, account=row, number=2, now=NOW)
        make_account(writer)
        commission = Commission.objects.first() or make_commission(second)
        held = make_meeting(second, commission, "One", "Two", begin=False)
        titles = {i.pk: dict.fromkeys(("kk", "ru", "en"), i.title) for i in held.agenda.all()}
        openings.open_meeting(actor=second, meeting=held, titles=titles, now=NOW)
        made = lessons.recommend(
            actor=second, review=make_review(second), text="Keep the keys",
            addressee=second.organisation, due_on=NOW.date(), now=NOW,
        )  # fmt: skip
        openings.open_recommendation(
            actor=second, recommendation=made, texts=dict.fromkeys(("kk", "ru", "en"), "Keys"),
            now=NOW,
        )  # fmt: skip


def counted(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_public_pages_keep_their_budgets(client):
    writer, second = make_user("analyst"), make_user("secretary")
    fill(writer, second, 2)
    addresses = {
        f"public:{name}": reverse(f"public:{name}", args=["kk", 1] if name == "account" else ["kk"])
        for name in NAMES
    }
    few = {name: counted(client, address) for name, address in addresses.items()}
    fill(writer, second, 4)
    assert {name: counted(client, address) for name, address in addresses.items()} == few
    assert {name: n for name, n in few.items() if n > BUDGETS[name]} == {}


def test_pages_of_the_desk_keep_their_budgets(client):
    writer, second = make_user("analyst"), make_user("secretary")
    fill(writer, second, 1)
    client = sign_in(client, second)
    addresses = {
        "commission:accounts": reverse("commission:accounts"),
        "commission:account": reverse(
            "commission:account", args=[Account.objects.order_by("pk")[0].pk]
        ),
    }
    few = {name: counted(client, address) for name, address in addresses.items()}
    fill(writer, second, 3)
    assert {name: counted(client, address) for name, address in addresses.items()} == few
    assert {name: n for name, n in few.items() if n > BUDGETS[name]} == {}
