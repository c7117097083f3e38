"""Rules of routing: the first that matches, tried before in force, and why is kept and told."""

from dataclasses import fields as fields_of
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.desk.query_budgets import BUDGETS
from tests.support.agencies_factories import make_areas, make_body, make_part
from tests.support.factories import make_organisation, make_user, sign_in

from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.work import attention, services
from qalqan.desk.platform.work.models import Routing, RoutingRule, WorkItem
from qalqan.desk.platform.work.rules import Facts
from qalqan.desk.platform.work.selectors import routing
from qalqan.desk.platform.work.services import Terms
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
DESK = SystemActor("test")


@pytest.fixture
def secretary():
    return make_user(Role.SECRETARY, language="en")


def rule(actor, *, on=True, **terms):
    terms = {"kinds": "work.*", "position": 10, "reason": "They know how.", **terms}
    if "to_role" not in terms and "to_organisation" not in terms:
        terms["to_organisation"] = make_organisation()
    now = timezone.now()
    row = services.write_rule(actor=actor, terms=Terms(**terms), now=now)
    if on:
        services.try_out(actor=actor, rule=row, now=now)
        row = services.switch_on(actor=actor, rule=row, now=now)
    return row


def routed(facts=None, **fields):
    now = timezone.now()
    return services.open_routed(
        actor=DESK, facts=facts or Facts("work.other"), title="Look", subject="test",
        due_at=now + timedelta(days=9), now=now, **fields,
    )  # fmt: skip


def why(item):
    return routing.words_of(routing.routing_of(DESK, item))


def test_the_first_rule_that_matches_gets_it_and_says_why(secretary):
    rule(secretary, kinds="rumours.*", position=1)
    second = rule(secretary, position=5, due_within_hours=4)
    rule(secretary, kinds="*", position=9)
    item = routed()
    assert item.organisation == second.to_organisation
    assert item.due_at - item.opened_at == timedelta(hours=4)
    assert why(item) == f"To {second.target}, because rule 2, version 1: They know how."


def test_a_rule_to_a_body_that_was_closed_since_is_passed_over(secretary):
    closed, next_one = rule(secretary, position=1), rule(secretary, position=2)
    Organisation.objects.filter(pk=closed.to_organisation_id).update(is_active=False)
    assert routed().organisation == next_one.to_organisation


def test_a_rule_on_an_area_holds_for_all_that_lies_in_it(secretary):
    areas = make_areas()
    temir = rule(secretary, area=areas["temir"])
    assert routed(Facts("work.other", areas["town"].pk)).organisation == temir.to_organisation
    assert routed(Facts("work.other", areas["alga"].pk)).role == Role.SECRETARY
    assert routed(Facts("work.other")).role == Role.SECRETARY


@pytest.mark.parametrize(("asked", "given"), [("language", "kk"), ("severity", "panic")])
def test_language_and_severity_are_asked(secretary, asked, given):
    row = rule(secretary, **{asked: given})
    assert routed(Facts("work.other", **{asked: given})).organisation == row.to_organisation
    assert routed(Facts("work.other")).organisation is None


def test_without_a_rule_the_body_that_leads_by_the_matrix_gets_it():
    areas, body = make_areas(), make_body()
    make_part(body, areas["temir"])
    item = routed(Facts("work.other", areas["town"].pk, matter="agencies.youth"))
    assert item.organisation == body.organisation
    assert "because it leads in this matter in" in why(item)


def test_given_work_finds_the_matrix_by_its_kind():
    areas, body = make_areas(), make_body()
    make_part(body, areas["temir"], matter="rumours.claim")
    assert routed(Facts("rumours.check", areas["town"].pk)).organisation == body.organisation


def test_without_rule_and_matrix_it_waits_for_the_commissions_secretary(secretary):
    item = routed()
    assert (item.owner, item.organisation, item.role) == (None, None, Role.SECRETARY)
    seen = attention.look(secretary, now=timezone.now(), whose=attention.MINE)
    assert [row.item_id for row in seen.rows] == [item.pk]
    assert not WorkItem.objects.visible_to(make_user(Role.INSPECTOR)).exists()
    services.accept(actor=secretary, item=item, now=timezone.now())
    item.refresh_from_db()
    assert (item.owner, item.organisation) == (secretary, secretary.organisation)


def test_work_for_a_role_is_seen_and_taken_by_that_role_alone(secretary):
    rule(secretary, to_role=Role.ANALYST)
    item = routed()
    analyst, inspector = make_user(Role.ANALYST), make_user(Role.INSPECTOR)
    assert WorkItem.objects.visible_to(analyst).filter(pk=item.pk).exists()
    assert not WorkItem.objects.visible_to(inspector).exists()
    with pytest.raises(RefusedError):
        services.accept(actor=inspector, item=item, now=timezone.now())
    assert services.accept(actor=analyst, item=item, now=timezone.now()).owner == analyst


def test_a_rule_is_tried_before_it_is_in_force_and_says_what_it_would_have_moved(secretary):
    here, there = make_organisation(), make_organisation()
    now = timezone.now()
    for number in range(6):
        services.open_item(
            actor=DESK, kind="work.other" if number < 4 else "other.kind", title=f"Past {number}",
            subject="t", owner=None, organisation=there if number == 0 else here,
            due_at=now, now=now - timedelta(days=number),
        )  # fmt: skip
    draft = rule(secretary, on=False, to_organisation=there)
    with pytest.raises(ConflictError, match="Try the rule out"):
        services.switch_on(actor=secretary, rule=draft, now=now)
    found = services.try_out(actor=secretary, rule=draft, now=now)
    assert (found.looked_at, found.meant, found.moved) == (6, 4, 3)
    assert {holder for _row, holder in found.examples} == {str(here)}
    draft.refresh_from_db()
    assert (draft.tried_on, draft.would_move) == (6, 3)
    services.switch_on(actor=secretary, rule=draft, now=now)
    assert WorkItem.objects.filter(organisation=here).count() == 5


def test_a_trial_counts_only_what_its_reader_may_see():
    administrator = make_user(Role.ADMINISTRATOR)
    now = timezone.now()
    services.open_item(
        actor=DESK, kind="work.other", title="Hidden", subject="t", owner=None,
        organisation=make_organisation(), due_at=now, now=now,
    )  # fmt: skip
    found = services.try_out(
        actor=administrator, rule=rule(administrator, on=False), now=timezone.now()
    )
    assert (found.looked_at, found.moved) == (0, 0)


def test_a_changed_draft_is_tried_anew_and_a_rule_in_force_gets_a_next_version(secretary):
    now = timezone.now()
    row = rule(secretary)
    before = routed()
    terms = Terms("work.other", 10, "Now another.", to_role=Role.INSPECTOR)
    draft = services.change_rule(actor=secretary, rule=row, terms=terms, now=now)
    assert (draft.number, draft.version, draft.state, draft.tried_at) == (1, 2, "draft", None)
    assert routed().organisation == row.to_organisation
    with pytest.raises(ConflictError):
        services.change_rule(actor=secretary, rule=row, terms=terms, now=now)
    services.try_out(actor=secretary, rule=draft, now=now)
    draft = services.change_rule(actor=secretary, rule=draft, terms=terms, now=now)
    assert draft.tried_at is None
    services.try_out(actor=secretary, rule=draft, now=now)
    services.switch_on(actor=secretary, rule=draft, now=now)
    row.refresh_from_db()
    assert (row.state, row.valid_until) == ("over", now)
    assert routed().role == Role.INSPECTOR
    assert "version 1" in why(before)


def test_what_waits_in_rooms_for_nobody_is_routed_once_and_told(monkeypatch, secretary):
    since = timezone.now() - timedelta(hours=3)
    row = attention.Waiting(
        "work.test", "Thing", "/", since, None, None, None, "It waits.", may_act=True,
        subject="test.thing:1",
    )  # fmt: skip
    known = dict(attention._kinds)
    monkeypatch.setattr(attention, "_kinds", known)
    attention.register("work.test", "Test", lambda ask: [row])
    named = rule(secretary, due_within_hours=2)
    now = timezone.now()
    assert services.route_waiting(actor=DESK, now=now) == 1
    assert services.route_waiting(actor=DESK, now=now) == 0
    [seen] = attention.look(secretary, now=now).rows
    assert (seen.organisation_id, seen.due_at) == (
        named.to_organisation_id, since + timedelta(hours=2)
    )  # fmt: skip
    assert seen.why.startswith("It waits. To ")
    assert attention.look(secretary, now=now, whose=attention.MINE).rows == []


def test_rules_cannot_ask_about_persons():
    """What can be asked is closed: in the facts, in the columns, in the form."""
    asked = {field.name for field in fields_of(Facts)}
    assert asked == {"kind", "area_id", "language", "severity", "matter"}
    said = {"number", "version", "position", "to_organisation", "to_role", "due_within_hours",
            "reason"}  # fmt: skip
    life = {"id", "state", "made_by", "made_at", "tried_at", "tried_on", "would_move",
            "valid_from", "valid_until", "is_sample"}  # fmt: skip
    columns = {field.name for field in RoutingRule._meta.get_fields() if field.concrete}
    assert columns - said - life == {"kinds", "area", "language", "severity"}


@pytest.mark.parametrize(
    "terms",
    [{"kinds": "drop table"}, {"kinds": ""}, {"reason": " "}, {"to_role": "chief"},
     {"due_within_hours": 0}, {"to_organisation": None},
     {"to_role": "analyst", "to_organisation": "any"}],
)  # fmt: skip
def test_terms_that_make_no_rule_are_refused(secretary, terms):
    if terms.get("to_organisation") == "any":
        terms = {**terms, "to_organisation": make_organisation()}
    with pytest.raises(InputError):
        rule(secretary, on=False, **terms)
    assert not RoutingRule.objects.exists()


def test_the_database_keeps_a_rule_from_being_in_force_untried(secretary):
    draft = rule(secretary, on=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoutingRule.objects.filter(pk=draft.pk).update(state="on", valid_from=timezone.now())


def test_two_roles_write_rules_and_everybody_reads_them(client, secretary):
    with pytest.raises(RefusedError):
        rule(make_user(Role.DUTY_OFFICER), on=False)
    row = rule(secretary)
    sign_in(client, make_user(Role.GROUP_WORKER, language="en"))
    assert "They know how." in client.get(reverse("work:rules")).content.decode()
    assert client.get(reverse("work:rule", args=[row.pk])).status_code == 200
    assert client.post(reverse("work:rule_off", args=[row.pk])).status_code == 403


def test_a_rule_is_written_tried_and_put_in_force_by_pages(client, secretary):
    sign_in(client, secretary)
    body = make_organisation()
    filled = {"kinds": "work.*", "to": f"body-{body.pk}", "position": 3, "reason": "They know."}
    bad = client.post(reverse("work:rule_add"), {**filled, "kinds": "every thing"})
    assert bad.status_code == 422
    response = client.post(reverse("work:rule_add"), filled)
    row = RoutingRule.objects.get()
    assert response.url == reverse("work:rule", args=[row.pk])
    early = client.post(reverse("work:rule_on", args=[row.pk]))
    assert early.status_code == 409
    tried = client.post(reverse("work:rule_try", args=[row.pk])).content.decode()
    assert "It would have moved 0 of 0 items" in tried
    client.post(reverse("work:rule_on", args=[row.pk]))
    client.post(
        reverse("work:add"),
        {"title": "Ask the depot", "kind": "work.other", "whose": "rules",
         "due_at": "2030-01-05T09:00"},
    )  # fmt: skip
    item = WorkItem.objects.get()
    assert item.organisation == body
    assert Routing.objects.get(item=item).rule == row
    for address in (item.get_absolute_url(), reverse("work:items") + "?whose=all"):
        assert "because rule 1, version 1: They know." in client.get(address).content.decode()


def test_pages_of_rules_keep_their_budget(client, secretary):
    row = rule(secretary)
    sign_in(client, secretary)
    for name, arguments in (("rules", []), ("rule", [row.pk])):
        address = reverse(f"work:{name}", args=arguments)
        client.get(address)
        for _more in range(3):
            rule(secretary)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= BUDGETS[f"work:{name}"]
