"""Role by role and address by address: who gets in is what the table says."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.security.matrix import ROWS
from tests.security.urls_walk import guard_of, walk
from tests.support.factories import make_user, sign_in

from qalqan.desk.platform.policies import EVERY_ROLE

pytestmark = pytest.mark.django_db
NAMED = {address.name: address for address in walk() if address.name}


def ask(client, name):
    row = ROWS[name]
    url = reverse(name, kwargs=dict(row.arguments) or None)
    if row.query:
        url += f"?{row.query}"
    return getattr(client, row.method)(url)


def goes_to_sign_in(answer):
    return answer.status_code == 302 and answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", sorted(NAMED))
def test_every_address_has_a_line(name):
    assert name in ROWS, f"add a line for {name} to tests/security/rows/"


def test_no_line_is_stale():
    assert set(ROWS) <= set(NAMED)


@pytest.mark.parametrize("role", sorted(EVERY_ROLE))
def test_a_role_gets_in_where_the_table_says_and_nowhere_else(role):
    client = Client(raise_request_exception=False)
    user = make_user(role)
    sign_in(client, user)
    wrong = []
    for name in sorted(NAMED.keys() & ROWS.keys()):
        answer = ask(client, name)
        got_in = answer.status_code != 403 and not goes_to_sign_in(answer)
        if answer.status_code >= 500 or got_in != (role in ROWS[name].roles):
            wrong.append((name, answer.status_code))
    assert wrong == []
    assert client.get(reverse("accounts:own")).status_code == 200, "still signed in"


def test_the_public_is_sent_to_sign_in():
    wrong = []
    for name in sorted(NAMED.keys() & ROWS.keys()):
        answer = ask(Client(raise_request_exception=False), name)
        got_in = answer.status_code != 403 and not goes_to_sign_in(answer)
        if name == "account_logout":
            continue
        if answer.status_code >= 500 or got_in != ROWS[name].public:
            wrong.append((name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("name", sorted(NAMED.keys() & ROWS.keys()))
def test_the_table_agrees_with_the_guard(name):
    guard = guard_of(NAMED[name].view)
    if guard is None:
        pytest.skip("a foreign part")
    if guard.kind == "policy":
        from qalqan.desk.platform.policies import policy_of

        assert ROWS[name].roles == policy_of(guard.model).can.get(guard.action, frozenset())
        assert not ROWS[name].public
    elif guard.kind == "public":
        assert ROWS[name].roles == EVERY_ROLE
