"""What the administrator does, and what is refused."""

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.test import Client
from tests.support.factories import NOW, PASSWORD, make_organisation, make_user, sign_in

from qalqan.desk.platform.accounts import selectors, services
from qalqan.desk.platform.accounts.models import LoginLink, Organisation, User
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import EVERY_ROLE, Role, SystemActor
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
CLI = SystemActor("test")


def last_act():
    return AuditEntry.objects.order_by("-sequence").first()


def test_an_account_is_opened_with_a_password_to_be_changed():
    admin = make_user(Role.ADMINISTRATOR)
    user, password = services.create_user(
        actor=admin, username="aizhan", role=Role.ANALYST, organisation=make_organisation(), now=NOW
    )
    assert user.check_password(password)
    assert len(password) == 19
    assert user.must_change_password
    entry = last_act()
    assert (entry.action, entry.actor_label) == ("accounts.create_user", admin.actor_label)
    assert password not in entry.detail_json
    assert "aizhan" not in entry.detail_json


@pytest.mark.parametrize("role", sorted(EVERY_ROLE - {Role.ADMINISTRATOR}))
def test_only_the_administrator_opens_accounts(role):
    with pytest.raises(RefusedError):
        services.create_user(
            actor=make_user(role),
            username="x",
            role=Role.ANALYST,
            organisation=make_organisation(),
            now=NOW,
        )


@pytest.mark.parametrize("username", ["two words", "ә", "", "a" * 61])
def test_a_bad_user_name_names_the_field(username):
    with pytest.raises(InputError) as caught:
        services.create_user(
            actor=CLI, username=username, role="analyst", organisation=make_organisation(), now=NOW
        )
    assert caught.value.location.field == "username"


def test_a_taken_user_name_is_refused():
    user = make_user()
    with pytest.raises(InputError):
        services.create_user(
            actor=CLI,
            username=user.username,
            role="analyst",
            organisation=user.organisation,
            now=NOW,
        )


def test_a_user_name_in_another_case_is_taken():
    user = make_user(username="aigerim")
    with pytest.raises(InputError):
        services.create_user(
            actor=CLI, username="Aigerim", role="analyst", organisation=user.organisation, now=NOW
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=make_user().pk).update(username="AIGERIM")


def test_a_new_role_ends_the_sessions():
    user, client = make_user(Role.ANALYST), Client()
    sign_in(client, user)
    assert client.get("/accounts/").status_code == 200
    services.change_user(actor=CLI, user=user, role=Role.AUDITOR, now=NOW)
    assert client.get("/accounts/").status_code == 302
    assert last_act().detail == {"changed": ["role"], "role": "auditor"}


def test_the_last_administrator_stays():
    admin = make_user(Role.ADMINISTRATOR)
    with pytest.raises(ConflictError):
        services.deactivate_user(actor=admin, user=admin, now=NOW)
    with pytest.raises(ConflictError):
        services.change_user(actor=admin, user=admin, role=Role.ANALYST, now=NOW)
    make_user(Role.ADMINISTRATOR)
    assert not services.deactivate_user(actor=admin, user=admin, now=NOW).is_active


def test_closing_an_account_ends_its_sessions():
    user, client = make_user(), Client()
    sign_in(client, user)
    services.deactivate_user(actor=CLI, user=user, now=NOW)
    assert client.get("/accounts/").status_code == 302
    with pytest.raises(ConflictError):
        services.deactivate_user(actor=CLI, user=user, now=NOW)


def test_a_lost_factor_is_removed():
    user, client = make_user(), Client()
    sign_in(client, user)
    assert services.reset_second_factor(actor=CLI, user=user, now=NOW) == 2
    assert not user.authenticator_set.exists()
    assert client.get("/accounts/").status_code == 302


def test_an_organisation_has_one_name():
    services.create_organisation(actor=CLI, name="Akimat", kind="agency", now=NOW)
    with pytest.raises(InputError) as caught:
        services.create_organisation(actor=CLI, name="Akimat", kind="agency", now=NOW)
    assert caught.value.location.field == "name"
    assert (
        services.get_or_create_organisation(actor=CLI, name="Akimat", kind="agency", now=NOW).name
        == "Akimat"
    )
    assert Organisation.objects.count() == 1


def test_a_language_the_desk_does_not_speak_is_refused():
    user = make_user()
    services.change_own_language(actor=user, language="ru", now=NOW)
    assert User.objects.get().language == "ru"
    with pytest.raises(InputError):
        services.change_own_language(actor=user, language="de", now=NOW)


def test_accounts_are_found_by_part_of_a_name():
    admin = make_user(Role.ADMINISTRATOR, username="root")
    make_user(Role.ANALYST, username="aizhan", display_name="Айжан")
    assert [row.username for row in selectors.users(admin, text="Айж")] == ["aizhan"]
    assert [row.username for row in selectors.users(admin, text="aiz")] == ["aizhan"]
    assert list(selectors.users(make_user(Role.ANALYST))) == []


def test_demo_accounts_are_one_a_role(settings):
    with pytest.raises(RefusedError):
        services.create_demo_users(actor=CLI, now=NOW)
    settings.DEMO = True
    made = services.create_demo_users(actor=CLI, now=NOW)
    assert {user.role for user in made} == set(Role.values)
    assert services.create_demo_users(actor=CLI, now=NOW) == []
    assert User.objects.get(username="auditor").check_password(
        next(user.password for user in made if user.role == "auditor")
    )


def test_passwords_are_hashed_with_argon2id(settings):
    from qalqan.desk.settings import base

    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    encoded = make_password(PASSWORD)
    assert encoded.startswith("argon2$argon2id$v=19$m=65536,t=3,p=4$")
    assert check_password(PASSWORD, encoded)
    assert not check_password("another", encoded)


def test_what_has_run_out_is_forgotten(settings):
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    settings.DEMO = True
    user, client = make_user(), Client()
    services.create_login_link(actor=CLI, user=user, now=NOW)
    sign_in(client, user)
    now = timezone.now()
    assert services.forget_old_sign_ins(actor=CLI, now=now) == 1
    assert client.get("/accounts/").status_code == 200
    Session.objects.update(expire_date=NOW)
    assert services.forget_old_sign_ins(actor=CLI, now=now) == 2
    assert last_act().detail == {"dropped": 2}
    assert services.forget_old_sign_ins(actor=CLI, now=now) == 0


class TestLoginLink:
    def make(self, settings):
        settings.DEMO = True
        user = make_user()
        return user, services.create_login_link(actor=CLI, user=user, now=NOW)

    def test_it_works_once(self, settings):
        user, token = self.make(settings)
        assert token not in LoginLink.objects.get().token_hash
        use = {"token": token, "from_this_machine": True, "now": NOW}
        assert services.use_login_link(**use) == user
        with pytest.raises(RefusedError):
            services.use_login_link(**use)

    @pytest.mark.parametrize(
        "change",
        [
            {"from_this_machine": False},
            {"now": NOW.replace(minute=15)},
            {"token": "another"},
        ],
    )
    def test_it_is_refused(self, settings, change):
        _user, token = self.make(settings)
        use = {"token": token, "from_this_machine": True, "now": NOW} | change
        with pytest.raises(RefusedError):
            services.use_login_link(**use)

    def test_it_is_refused_outside_the_demo(self, settings):
        _user, token = self.make(settings)
        settings.DEMO = False
        with pytest.raises(RefusedError):
            services.use_login_link(token=token, from_this_machine=True, now=NOW)
        with pytest.raises(RefusedError):
            services.create_login_link(actor=CLI, user=_user, now=NOW)
