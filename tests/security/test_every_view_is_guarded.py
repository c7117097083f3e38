"""No address answers without having said who may ask."""

import pytest
from django.apps import apps
from tests.security.urls_walk import guard_of, ninja_operations, walk

from qalqan.desk.platform.policies import EVERY_ROLE, PUBLIC, VIEW, SystemActor, policy_of
from qalqan.desk.platform.policies.registry import registered

WITHOUT_A_GUARD: dict[str, str] = {}
"""Addresses of foreign parts that cannot bear a guard, each with the reason."""

ADDRESSES = list(walk())


def test_there_is_something_to_walk():
    assert len(ADDRESSES) > 40


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda a: a.route or "/")
def test_the_view_says_who_may_call_it(address):
    functions = ninja_operations(address.view) or [address.view]
    for function in functions:
        guard = guard_of(function)
        if guard is None:
            assert address.route in WITHOUT_A_GUARD, f"{address.route} has no policy_guard"
            continue
        if guard.kind == "policy":
            assert guard.model is not None
            policy = policy_of(guard.model)
            assert guard.action in policy.can, (
                f"{address.route} asks for {guard.action!r}, which the policy of "
                f"{guard.model.__name__} does not know, so nobody would ever get in"
            )
        else:
            assert guard.kind in {"signed_in", "public"}
            assert len(guard.reason) > 10, f"{address.route} gives no reason"


def test_the_walk_sees_through_an_api():
    from ninja import NinjaAPI

    from qalqan.desk.platform.policies import public

    api = NinjaAPI(urls_namespace="walk_test", docs_url=None, openapi_url=None)

    @api.get("/open")
    @public("It is made for this test.")
    def open_one(request):
        return {}

    @api.post("/forgotten")
    def forgotten(request):
        return {}

    patterns, _app, _namespace = api.urls
    found = {
        function.__name__: guard_of(function)
        for address in walk(patterns)
        for function in ninja_operations(address.view)
    }
    assert found["open_one"].kind == "public"
    assert found["forgotten"] is None


def test_the_list_of_exceptions_is_not_stale():
    routes = {address.route for address in ADDRESSES}
    assert set(WITHOUT_A_GUARD) <= routes


def our_models():
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("qalqan.")
        for model in config.get_models(include_auto_created=False)
    ]


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_every_model_has_a_policy(model):
    assert model in registered(), f"{model._meta.label} has no policy"


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_every_model_can_be_narrowed_to_an_actor(model):
    assert hasattr(model._default_manager, "visible_to"), model._meta.label


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_who_may_not_view_a_model_cannot_count_search_or_export_it(model):
    # Every list, count, search, export and autocomplete starts from ``visible_to``.
    for role in sorted(EVERY_ROLE):
        actor = SystemActor("test", role=role)
        if not policy_of(model).allows(actor, VIEW):
            assert model._default_manager.visible_to(actor).query.is_empty(), role


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_the_public_sees_no_row_unless_the_policy_names_it(model):
    if PUBLIC.role not in policy_of(model).can.get(VIEW, frozenset()):
        assert model._default_manager.visible_to(PUBLIC).query.is_empty()


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_a_policy_names_only_roles_that_exist(model):
    known = EVERY_ROLE | {PUBLIC.role}
    for action, roles in policy_of(model).can.items():
        assert set(roles) <= known, action
