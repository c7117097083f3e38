"""The administrator's pages, and the one-time log-in of the demo desk."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.support.factories import NOW, PASSWORD, make_organisation, make_user, sign_in

from qalqan.desk.platform.accounts import services
from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.policies import Role, SystemActor

pytestmark = pytest.mark.django_db
CLI = SystemActor("test")


@pytest.fixture
def admin(client):
    return sign_in(client, make_user(Role.ADMINISTRATOR, username="root"))


def new_user(organisation, **change):
    data = {
        "username": "aizhan",
        "role": "analyst",
        "organisation": organisation.pk,
        "language": "kk",
    }
    return data | change


def test_an_account_is_opened_and_its_password_shown_once(admin):
    answer = admin.post(reverse("accounts:user_add"), new_user(make_organisation()))
    user = User.objects.get(username="aizhan")
    shown = re.findall(r"<code>([a-z0-9]{4}(?:-[a-z0-9]{4}){3})</code>", answer.content.decode())
    assert len(shown) == 1
    assert user.check_password(shown[0])
    assert "no-store" in answer["Cache-Control"]
    page = admin.get(reverse("accounts:user", args=[user.pk])).content.decode()
    assert shown[0] not in page


@pytest.mark.parametrize(
    "change", [{"username": "root"}, {"username": "two words"}, {"role": "king"}, {"language": "x"}]
)
def test_a_wrong_field_is_shown_beside_it(admin, change):
    answer = admin.post(reverse("accounts:user_add"), new_user(make_organisation(), **change))
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == set(change)
    assert not User.objects.filter(username="aizhan").exists()


def test_an_account_is_changed_closed_and_opened(admin):
    user = make_user(Role.ANALYST)
    url = reverse("accounts:user", args=[user.pk])
    data = new_user(user.organisation, role="auditor", language="ru")
    assert admin.post(url, data).status_code == 302
    user.refresh_from_db()
    assert (user.role, user.language) == ("auditor", "ru")
    admin.post(reverse("accounts:user_deactivate", args=[user.pk]))
    user.refresh_from_db()
    assert not user.is_active
    assert "closed" in admin.get(url).content.decode()
    admin.post(reverse("accounts:user_reactivate", args=[user.pk]))
    user.refresh_from_db()
    assert user.is_active


def test_the_last_administrator_is_told_why_not(admin):
    root = User.objects.get(username="root")
    answer = admin.post(reverse("accounts:user_deactivate", args=[root.pk]), follow=True)
    assert "last administrator" in answer.content.decode()


def test_factor_and_password_are_reset_from_the_page(admin):
    user = make_user()
    sign_in(Client(), user)
    admin.post(reverse("accounts:user_reset_factor", args=[user.pk]))
    assert not user.authenticator_set.exists()
    answer = admin.post(reverse("accounts:user_reset_password", args=[user.pk]))
    user.refresh_from_db()
    assert not user.check_password(PASSWORD)
    assert user.must_change_password
    assert "no-store" in answer["Cache-Control"]


def test_an_organisation_is_entered(admin):
    data = {"name": "Жұмыс тобы", "kind": "group"}
    assert admin.post(reverse("accounts:organisation_add"), data).status_code == 302
    assert Organisation.objects.get(name="Жұмыс тобы").kind == "group"
    answer = admin.post(reverse("accounts:organisation_add"), data)
    assert "name" in answer.context["form"].errors


def test_the_lists_ask_a_fixed_number_of_queries(admin):
    for url in (reverse("accounts:users"), reverse("accounts:organisations")):
        admin.get(url)
        with CaptureQueriesContext(connection) as few:
            admin.get(url)
        for _number in range(12):
            make_user()
        with CaptureQueriesContext(connection) as many:
            admin.get(url)
        assert len(few) == len(many)


def enter(client, token, **extra):
    return client.post(reverse("accounts:enter", args=[token]), **extra)


class TestOneTimeLogIn:
    @pytest.fixture
    def token(self, settings):
        settings.DEMO = True
        from django.utils import timezone

        return services.create_login_link(actor=CLI, user=make_user(), now=timezone.now())

    def test_looking_at_it_uses_nothing_up(self, client, token):
        assert client.get(reverse("accounts:enter", args=[token])).status_code == 200
        assert enter(client, token).url == "/"
        assert client.get(reverse("accounts:own")).status_code == 200

    def test_it_works_once(self, client, token):
        enter(client, token)
        assert enter(Client(), token).status_code == 403

    def test_it_is_refused_from_elsewhere(self, client, token):
        assert enter(client, token, REMOTE_ADDR="192.0.2.7").status_code == 403

    def test_it_is_refused_through_a_proxy(self, client, token):
        assert enter(client, token, HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 403

    def test_its_session_is_worth_nothing_elsewhere(self, client, token, settings):
        enter(client, token)
        own = reverse("accounts:own")
        assert client.get(own, REMOTE_ADDR="192.0.2.7").url == reverse("mfa_index")
        settings.DEMO = False
        assert client.get(own).url == reverse("mfa_index")

    def test_a_wrong_token_is_refused(self, client, settings):
        settings.DEMO = True
        assert enter(client, "wrong").status_code == 403

    def test_it_needs_a_token_against_forgery(self, token):
        strict = Client(enforce_csrf_checks=True)
        assert enter(strict, token).status_code == 403


def test_the_clock_of_the_tests_is_fixed():
    assert NOW.isoformat() == "2026-03-02T04:00:00+00:00"
