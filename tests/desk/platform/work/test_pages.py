"""The pages about work: what is owed, by whom, and what can be done about it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.support.factories import make_user, sign_in

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.work import services
from qalqan.desk.platform.work.giving import give_address
from qalqan.desk.platform.work.models import WorkItem

pytestmark = pytest.mark.django_db
DESK = SystemActor("test")


@pytest.fixture
def inspector(client):
    user = make_user(Role.INSPECTOR, language="en")
    sign_in(client, user)
    return user


def owe(user, title="Inspect the depot", days=-1):
    now = timezone.now()
    return services.open_item(
        actor=DESK, kind="protection.inspect", title=title, subject="site:1", owner=user,
        organisation=None, due_at=now + timedelta(days=days), now=now, url="/incidents/",
    )  # fmt: skip


def test_the_list_shows_what_is_late_and_keeps_the_work_of_others_out(client, inspector):
    owe(inspector)
    owe(make_user(Role.INSPECTOR), title="Somebody else's")
    page = client.get(reverse("work:items")).content.decode()
    assert "Inspect the depot" in page
    assert "Overdue" in page
    assert "Somebody else" not in page


def test_filters_stand_in_the_address(client, inspector):
    owe(inspector, title="Late one")
    owe(inspector, title="Early one", days=5)
    page = client.get(reverse("work:items"), {"state": "overdue"}).content.decode()
    assert "Late one" in page
    assert "Early one" not in page


def test_taking_and_closing_leave_a_history(client, inspector):
    item = owe(inspector)
    client.post(reverse("work:accept", args=[item.pk]))
    response = client.post(
        reverse("work:close", args=[item.pk]), {"outcome": "Two doors mended"}, follow=True
    )
    page = response.content.decode()
    assert "Two doors mended" in page
    item.refresh_from_db()
    assert item.state == "done"


def test_closing_without_an_outcome_says_what_is_missing(client, inspector):
    item = owe(inspector)
    response = client.post(reverse("work:close", args=[item.pk]), {"outcome": ""})
    assert response.status_code == 422
    item.refresh_from_db()
    assert item.state == "open"


def test_a_hand_over_is_offered_seen_and_accepted(client, inspector):
    other = make_user(Role.INSPECTOR, language="en")
    item = owe(inspector)
    client.post(
        reverse("work:hand_over", args=[item.pk]),
        {"organisation": other.organisation_id, "reason": "Your area"},
    )
    offer = item.hand_overs.get()
    client.logout()
    sign_in(client, other)
    assert "Your area" in client.get(item.get_absolute_url()).content.decode()
    client.post(reverse("work:accept_offer", args=[offer.pk]))
    item.refresh_from_db()
    assert item.organisation == other.organisation


def test_an_offer_is_refused_with_a_reason(client, inspector):
    giver = make_user(Role.INSPECTOR)
    item = owe(giver)
    offer = services.hand_over(
        actor=giver, item=item, organisation=inspector.organisation, reason="x", now=timezone.now()
    )
    client.post(reverse("work:refuse_offer", args=[offer.pk]), {"reason": "Not our area"})
    offer.refresh_from_db()
    assert (offer.state, offer.reason) == ("refused", "Not our area")


def give(client, **fields):
    filled = {"title": "Ask the depot", "kind": "work.other", "whose": "me", "url": "/incidents/",
              "due_at": "2030-01-05T09:00"}  # fmt: skip
    return client.post(reverse("work:add"), filled | fields)


def test_work_is_given_to_a_body_and_the_giver_still_sees_it(client):
    giver, other = (make_user(role, language="en") for role in (Role.ANALYST, Role.INSPECTOR))
    sign_in(client, giver)
    response = give(client, whose=f"body-{other.organisation_id}")
    item = WorkItem.objects.get()
    assert response.url == item.get_absolute_url()
    assert (item.organisation, item.owner, item.opened_by) == (other.organisation, None, giver)
    page = client.get(response.url).content.decode()
    assert "Given by" in page
    assert "Close this work" not in page
    assert AuditEntry.objects.filter(action="work.open_item").count() == 1
    sign_in(client, other)
    assert "Ask the depot" in client.get(reverse("work:items")).content.decode()


def test_work_is_given_to_oneself(client):
    giver = make_user(Role.DUTY_OFFICER)
    sign_in(client, giver)
    give(client)
    item = WorkItem.objects.get()
    assert (item.owner, item.organisation) == (giver, giver.organisation)


def test_only_the_administrator_chooses_persons(client):
    other = make_user(Role.INSPECTOR)
    sign_in(client, make_user(Role.DUTY_OFFICER))
    assert give(client, whose=f"user-{other.pk}").status_code == 422
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert give(client, whose=f"user-{other.pk}").status_code == 302
    assert WorkItem.objects.get().owner == other


@pytest.mark.parametrize(
    "fields",
    [{"title": ""}, {"kind": "no.such"}, {"whose": ""}, {"due_at": "soon"}, {"url": "//evil.kz/"},
     {"url": "https://evil.kz/"}, {"title": "Call +7 701 555 12 34"}],
)  # fmt: skip
def test_a_form_that_cannot_be_work_says_so(client, fields):
    sign_in(client, make_user(Role.DUTY_OFFICER))
    response = give(client, **fields)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == set(fields)
    assert not WorkItem.objects.exists()


def test_the_form_comes_filled_in_from_another_room(client):
    user = make_user(Role.ANALYST)
    sign_in(client, user)
    address = give_address(user, kind="rumours.check", title="Check claim 7", url="/rumours/7/")
    page = client.get(address)
    assert page.context["form"].initial["kind"] == "rumours.check"
    assert 'value="Check claim 7"' in page.content.decode()
    assert 'value="/rumours/7/"' in page.content.decode()


def test_who_may_not_give_work_is_led_nowhere():
    assert give_address(make_user(Role.PRESS_OFFICER), kind="x.y", title="x", url="/") == ""


@pytest.mark.parametrize("page", ["item", "accept", "close", "hand_over"])
def test_the_work_of_others_is_not_found(client, inspector, page):
    item = owe(make_user(Role.INSPECTOR))
    address = reverse(f"work:{page}", args=[item.pk])
    response = client.get(address) if page == "item" else client.post(address, {"outcome": "x"})
    assert response.status_code == 404
    item.refresh_from_db()
    assert item.state == "open"


def test_doing_what_is_done_already_is_said(client, inspector):
    item = owe(inspector)
    services.accept(actor=inspector, item=item, now=timezone.now())
    response = client.post(reverse("work:accept", args=[item.pk]))
    assert response.status_code == 409
    assert "already" in response.content.decode()


def test_the_list_needs_as_many_queries_for_fifty_rows_as_for_one(client, inspector):
    owe(inspector)
    address = reverse("work:items")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(60):
        owe(inspector)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(one)
