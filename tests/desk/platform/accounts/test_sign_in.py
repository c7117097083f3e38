"""Signing in: password, second factor, gate, limits, lock-out."""

import time
from datetime import timedelta

import pyotp
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from tests.support.factories import (
    NOW,
    PASSWORD,
    TOTP_SECRET,
    add_totp,
    make_organisation,
    make_user,
    sign_in,
)

from qalqan.desk.platform.accounts import services
from qalqan.desk.platform.accounts.middleware import SessionLimits
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import SystemActor

pytestmark = pytest.mark.django_db
CLI = SystemActor("test")
LOGIN = "/accounts/sign-in/"


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def client():
    browser = Client()
    browser.cookies["django_language"] = "en"
    return browser


def post_password(client, user, password=PASSWORD):
    return client.post(LOGIN, {"login": user.username, "password": password})


def test_password_then_code_opens_the_desk(client):
    user = make_user("analyst")
    add_totp(user)
    answer = post_password(client, user)
    assert answer.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    answer = client.post(answer.url, {"code": pyotp.TOTP(TOTP_SECRET).now()})
    assert answer.status_code == 302
    assert client.get("/accounts/").status_code == 200
    assert AuditEntry.objects.filter(action="accounts.sign_in", actor_label=user.actor_label)


def test_a_code_works_only_once(client):
    user = make_user()
    add_totp(user)
    code = pyotp.TOTP(TOTP_SECRET).now()
    post_password(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code})
    other = Client()
    post_password(other, user)
    answer = other.post(reverse("mfa_authenticate"), {"code": code})
    assert answer.status_code == 200
    assert "_auth_user_id" not in other.session


@pytest.mark.parametrize(("seconds", "opens"), [(-29, True), (29, True), (-61, False), (61, False)])
def test_a_code_typed_in_its_last_second_or_by_a_clock_that_is_off_opens(client, seconds, opens):
    user = make_user()
    add_totp(user)
    post_password(client, user)
    code = pyotp.TOTP(TOTP_SECRET).at(int(time.time()) + seconds)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert ("_auth_user_id" in client.session) is opens


@pytest.mark.parametrize("again", ["{}", "{:.3}-{}", " {} "])
def test_a_used_code_stays_used_as_long_as_it_could_pass(client, monkeypatch, again):
    user = make_user()
    add_totp(user)
    started = time.time()
    code = pyotp.TOTP(TOTP_SECRET).at(int(started) + 30)
    post_password(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" in client.session
    monkeypatch.setattr(time, "time", lambda: started + 45)
    other = Client()
    post_password(other, user)
    other.post(reverse("mfa_authenticate"), {"code": again.format(code, code[3:])})
    assert "_auth_user_id" not in other.session


def test_codes_cannot_be_guessed_without_end(client):
    user = make_user()
    add_totp(user)
    post_password(client, user)
    for _attempt in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    answer = client.post(reverse("mfa_authenticate"), {"code": pyotp.TOTP(TOTP_SECRET).now()})
    assert "Too many wrong codes" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db(transaction=True)
def test_without_a_second_factor_only_its_set_up_opens(client):
    user = make_user()
    post_password(client, user)
    assert client.get("/accounts/").url == reverse("mfa_index")
    assert client.get("/audit/").url == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": pyotp.TOTP(secret).now()})
    assert answer.url == reverse("mfa_view_recovery_codes")
    assert client.get(answer.url).status_code == 200
    assert client.get("/accounts/").status_code == 200
    assert AuditEntry.objects.filter(action="accounts.add_second_factor")


def test_a_part_asked_for_by_htmx_sends_the_whole_page_to_the_gate(client):
    post_password(client, make_user())
    answer = client.get("/accounts/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, reverse("mfa_index"))


def test_a_session_without_the_factor_shown_must_show_it(client):
    user = make_user()
    add_totp(user)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/accounts/").url.startswith(reverse("mfa_reauthenticate"))
    assert client.get(reverse("mfa_deactivate_totp")).url.startswith(reverse("mfa_reauthenticate"))
    client.post(reverse("mfa_reauthenticate"), {"code": pyotp.TOTP(TOTP_SECRET).now()})
    assert client.get("/accounts/").status_code == 200


def test_the_last_second_factor_cannot_be_removed(client):
    user = make_user()
    sign_in(client, user)
    client.post(reverse("mfa_deactivate_totp"))
    assert user.authenticator_set.filter(type="totp").exists()


def test_a_first_password_must_be_changed(client):
    user, password = services.create_user(
        actor=CLI, username="new", role="analyst", organisation=make_organisation(), now=NOW
    )
    post_password(client, user, password)
    change = reverse("account_change_password")
    assert client.get("/accounts/").url == change
    assert client.get(reverse("mfa_index")).url == change
    assert client.get(change).status_code == 200
    data = {"oldpassword": password, "password1": PASSWORD, "password2": PASSWORD}
    client.post(change, data)
    user.refresh_from_db()
    assert not user.must_change_password
    assert user.check_password(PASSWORD)
    assert client.get("/accounts/").url == reverse("mfa_index")


def test_the_old_password_is_no_new_one(client):
    user = make_user(must_change_password=True)
    sign_in(client, user)
    data = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_change_password"), data)
    user.refresh_from_db()
    assert user.must_change_password


def test_five_wrong_passwords_lock_the_account_for_a_while(client):
    user = make_user()
    for _attempt in range(5):
        answer = post_password(client, user, "wrong")
    assert answer.status_code == 429
    answer = post_password(client, user)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 900
    assert "15" in answer.content.decode()
    locked = AuditEntry.objects.filter(action="accounts.lock_out")
    assert [entry.subject for entry in locked] == [f"accounts.user:{user.pk}"]


def test_another_case_of_the_name_is_no_way_round_the_lock(client):
    user = make_user(username="aizhan.k")
    for spelling in ("aizhan.k", "Aizhan.K", "AIZHAN.K", " aizhan.K", "aIZHAN.k"):
        answer = client.post(
            reverse("account_login"), {"login": spelling, "password": "wrong password"}
        )
    assert answer.status_code == 429
    assert post_password(client, user).status_code == 429


def test_a_lock_out_is_lifted_by_a_new_password(client):
    user = make_user()
    for _attempt in range(5):
        post_password(client, user, "wrong")
    password = services.reset_password(actor=CLI, user=user, now=NOW)
    assert post_password(client, user, password).status_code == 302


def test_a_closed_account_cannot_sign_in(client):
    user = make_user(is_active=False)
    post_password(client, user)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/accounts/sign-up/", "/accounts/forgotten/"])
def test_nobody_signs_up_or_gets_a_password_by_mail(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "administrator" in answer.content.decode().lower()
    assert client.post(path).status_code == 405


def limits(client, later):
    request = RequestFactory().get("/somewhere/")
    request.session = client.session
    request.user = make_user()
    request._messages = type("Sink", (), {"add": lambda *a, **k: None})()
    reached = []
    SessionLimits(lambda _request: reached.append(1), clock=lambda: NOW + later)(request)
    request.session.save()
    return bool(reached), request.user


def test_half_an_hour_without_a_request_ends_the_session(client):
    sign_in(client, make_user())
    assert limits(client, timedelta(0))[0]
    assert limits(client, timedelta(minutes=29))[0]
    assert limits(client, timedelta(minutes=58))[0]
    reached, user = limits(client, timedelta(minutes=89))
    assert not reached
    assert isinstance(user, AnonymousUser)


def test_eight_hours_end_the_session_of_a_busy_user(client):
    sign_in(client, make_user())
    for minutes in range(0, 8 * 60 + 1, 20):
        assert limits(client, timedelta(minutes=minutes))[0], minutes
    assert not limits(client, timedelta(minutes=8 * 60 + 10))[0]


def test_an_old_session_leads_back_after_sign_in(client):
    sign_in(client, make_user())
    client.get("/accounts/")
    session = client.session
    session["qalqan_seen"] = (timezone.now() - timedelta(minutes=31)).timestamp()
    session.save()
    answer = client.get("/accounts/")
    assert answer.url == LOGIN + "?next=%2Faccounts%2F"
    assert "had run its time" in client.get(answer.url).content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("language", "word"), [("kk", "Рөлі"), ("ru", "Роль"), ("en", "Role")])
def test_pages_speak_the_language_of_the_account(client, language, word):
    sign_in(client, make_user(language=language))
    client.cookies["django_language"] = "en"
    answer = client.get("/accounts/")
    assert answer["Content-Language"] == language
    assert word in answer.content.decode()


def test_other_sessions_can_be_ended():
    user = make_user()
    add_totp(user)
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, user)
        client.get("/accounts/")
    assert here.get(reverse("usersessions_list")).context["session_count"] == 2
    here.post(reverse("usersessions_list"))
    assert here.get("/accounts/").status_code == 200
    assert there.get("/accounts/").url.startswith(LOGIN)


def test_secrets_of_second_factors_are_not_stored_in_the_clear():
    user = make_user()
    add_totp(user)
    stored = user.authenticator_set.get(type="totp").data["secret"]
    assert TOTP_SECRET not in stored
    assert stored.startswith("v1:")
