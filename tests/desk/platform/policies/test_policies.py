"""What no policy allows is refused, in lists, acts and views alike."""

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.translation import override
from tests.support.factories import make_organisation, make_user

from qalqan.desk.platform.accounts.models import LoginLink, Organisation, User
from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    PUBLIC,
    VIEW,
    Policy,
    Role,
    SystemActor,
    actor_of,
    guarded,
    policy_of,
    public,
    register,
    require,
    signed_in,
)
from qalqan.desk.platform.policies.registry import MissingPolicyError
from qalqan.errors import RefusedError

pytestmark = pytest.mark.django_db


def request_of(user, **headers):
    request = RequestFactory().get("/somewhere/?a=1", headers=headers)
    request.user = user
    return request


class Anonymous:
    is_authenticated = False


def test_an_action_that_is_not_named_is_refused():
    assert not policy_of(User).allows(make_user(Role.ADMINISTRATOR), "delete")
    with pytest.raises(RefusedError):
        require(make_user(Role.ADMINISTRATOR), "delete", User)


def test_the_desk_itself_may_act():
    assert policy_of(User).allows(SystemActor("worker"), ADD)
    require(SystemActor("worker"), CHANGE, User)


def test_rows_are_hidden_from_those_who_may_not_view():
    make_organisation()
    assert Organisation.objects.visible_to(make_user(Role.ANALYST)).exists()
    assert not Organisation.objects.visible_to(PUBLIC).exists()
    assert not User.objects.visible_to(make_user(Role.ANALYST)).exists()
    assert User.objects.visible_to(make_user(Role.AUDITOR)).count() >= 2
    assert not LoginLink.objects.visible_to(make_user(Role.ADMINISTRATOR)).exists()


def test_a_model_without_a_policy_is_an_error_and_not_a_leak():
    with pytest.raises(MissingPolicyError):
        policy_of(Session)


def test_a_model_has_one_policy():
    with pytest.raises(ValueError, match="already"):
        register(User)(Policy)


def test_a_guarded_view():
    view = guarded(User, ADD)(lambda _request: HttpResponse("in"))
    assert view(request_of(make_user(Role.ADMINISTRATOR))).content == b"in"
    with pytest.raises(PermissionDenied):
        view(request_of(make_user(Role.AUDITOR)))
    answer = view(request_of(Anonymous()))
    assert (answer.status_code, answer.url) == (
        302,
        "/accounts/sign-in/?next=/somewhere/%3Fa%3D1",
    )


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in():
    view = guarded(User, VIEW)(lambda _request: HttpResponse("in"))
    answer = view(request_of(Anonymous(), **{"HX-Request": "true"}))
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/accounts/sign-in/")


def test_open_views_give_their_reason():
    def view(_request):
        return HttpResponse("in")

    everyone, staff = public("Anyone reads it.")(view), signed_in("Staff read it.")(view)
    assert everyone(request_of(Anonymous())).content == b"in"
    assert staff(request_of(Anonymous())).status_code == 302
    assert staff(request_of(make_user())).content == b"in"
    assert everyone.policy_guard.reason == "Anyone reads it."


@pytest.mark.parametrize(
    "decorate", [public("For the test."), signed_in("For the test."), guarded(Organisation, VIEW)]
)
def test_a_refusal_by_a_service_is_answered_403(decorate):
    def view(request):
        require(actor_of(request), ADD, User)

    with override("en"), pytest.raises(PermissionDenied, match=r"role .*: enter, user\."):
        decorate(view)(request_of(make_user(Role.ANALYST)))


def test_nothing_is_known_of_the_public():
    assert actor_of(request_of(Anonymous())) is PUBLIC
    assert (PUBLIC.role, PUBLIC.actor_label, PUBLIC.organisation_id) == ("public", "public", None)
