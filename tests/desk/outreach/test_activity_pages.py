"""Pages of activities: who sees what, each act, calendars, the agenda, budgets of queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import make_user, sign_in
from tests.support.outreach_factories import (
    OUTCOME,
    SYSTEM,
    facts,
    make_activity,
    make_body,
    make_group_worker,
)
from tests.support.protection_factories import make_place

from qalqan.desk.outreach.models import Activity, ActivityFeed
from qalqan.desk.outreach.selectors import totals
from qalqan.desk.outreach.selectors.activities import ActivityFilter, Cursor, page
from qalqan.desk.outreach.services import activities as services
from qalqan.desk.outreach.services import following
from qalqan.desk.outreach.services.facts import Outcome
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db


def signed_in(role=Role.DUTY_OFFICER):
    return sign_in(Client(), make_user(role))


def today():
    return timezone.localdate()


def short_form(**changes):
    return {
        "title": "Round table", "kind": "round_table", "theme": "accord",
        "place": str(make_place().pk), "held_on": today().isoformat(), "language": "kk", **changes,
    }  # fmt: skip


def test_a_group_enters_with_eight_fields_reports_and_is_asked_nothing_else():
    worker, body = make_group_worker()
    client = sign_in(Client(), worker)
    asked = client.get("/outreach/add/").context["form"]
    needed = [name for name, field in asked.fields.items() if field.required]
    assert len(needed) <= 8
    data = short_form(body=str(body.pk), reach="30", reach_is="counted", reached_14_17="20")
    response = client.post("/outreach/add/", data)
    row = Activity.objects.get()
    assert response.headers["Location"] == f"/outreach/{row.pk}/"
    assert (row.state, row.reach, row.reached_14_17, row.body) == ("reported", 30, 20, body)
    assert "30" in client.get(response.headers["Location"]).content.decode()
    assert AuditEntry.objects.filter(action="outreach.add_activity").count() == 1


def test_a_number_without_its_kind_and_a_name_of_a_person_are_told_at_their_fields():
    client = signed_in()
    data = short_form(body=str(make_body().pk), reach="30", title="Call 8 701 123 45 67")
    response = client.post("/outreach/add/", data)
    assert response.status_code == 400
    assert "title" in response.context["form"].errors
    response = client.post("/outreach/add/", {**data, "title": "Talk"})
    assert "reach_is" in response.context["form"].errors
    assert not Activity.objects.exists()


def test_a_group_sees_and_changes_its_own_only():
    worker, body = make_group_worker()
    own, other = make_activity(OUTCOME, body_id=body.pk), make_activity(OUTCOME, title="Foreign")
    client = sign_in(Client(), worker)
    for address in (f"/outreach/{other.pk}/", f"/outreach/{other.pk}/correct/"):
        assert client.get(address).status_code == 404
    for act in ("hold", "cancel", "questions", "follow-up"):
        assert client.post(f"/outreach/{other.pk}/{act}/", {"reason": "x"}).status_code == 404
    for address in ("/outreach/", f"/outreach/?body={other.body_id}", "/outreach/totals/",
                    "/outreach/export.csv", f"/ui/search/?q={other.pk}"):  # fmt: skip
        assert "Foreign" not in client.get(address).content.decode()
    assert page(worker, ActivityFilter()).total == 1
    assert totals.total(worker, ActivityFilter()).reported == 1
    assert client.get(f"/outreach/{own.pk}/").status_code == 200
    with pytest.raises(RefusedError):
        services.cancel(actor=worker, activity=other, reason="x", now=timezone.now())
    with pytest.raises(RefusedError):
        services.add_activity(actor=worker, facts=facts(body_id=other.body_id), now=timezone.now())


def test_planned_held_reported_corrected_with_history():
    client = signed_in()
    body = make_body()
    client.post("/outreach/add/", short_form(body=str(body.pk)))
    row = Activity.objects.get()
    assert row.state == "planned"
    client.post(f"/outreach/{row.pk}/hold/")
    client.post(f"/outreach/{row.pk}/questions/", {"asked": "Where to turn?", "answered": "112"})
    told = {"reach": "12", "reach_is": "estimated", "outcome": "Agreed to meet again"}
    client.post(f"/outreach/{row.pk}/report/", told)
    data = short_form(body=str(body.pk), title="Round table on accord", reach="14",
                      reach_is="counted", reason="the list was found")  # fmt: skip
    assert client.post(f"/outreach/{row.pk}/correct/", data).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reach, row.reach_is) == ("reported", 14, "counted")
    text = client.get(f"/outreach/{row.pk}/").content.decode()
    for words in ("12 → 14", "the list was found", "Where to turn?", "Question noted"):
        assert words in text
    assert [event.kind for event in row.events.order_by("pk")] == [
        "held", "question", "reported", "corrected"
    ]  # fmt: skip


def test_cancelled_with_a_reason_and_planned_again():
    client = signed_in()
    row = make_activity(held_on=today() + timedelta(days=5))
    assert client.post(f"/outreach/{row.pk}/cancel/", {"reason": ""}).status_code == 400
    client.post(f"/outreach/{row.pk}/cancel/", {"reason": "no hall"})
    assert "no hall" in client.get(f"/outreach/{row.pk}/").content.decode()
    client.post(f"/outreach/{row.pk}/restore/", {"reason": "a hall was found"})
    row.refresh_from_db()
    assert (row.state, row.cancel_reason) == ("planned", "")


def test_acts_that_cannot_be_are_refused():
    now = timezone.now()
    told = make_activity(OUTCOME)
    ahead = make_activity(held_on=today() + timedelta(days=3))
    for act in (
        lambda: services.report(actor=SYSTEM, activity=told, outcome=OUTCOME, now=now),
        lambda: services.cancel(actor=SYSTEM, activity=told, reason="x", now=now),
        lambda: services.restore(actor=SYSTEM, activity=told, reason="x", now=now),
        lambda: services.mark_held(actor=SYSTEM, activity=ahead, now=now),
        lambda: services.report(actor=SYSTEM, activity=ahead, outcome=OUTCOME, now=now),
    ):
        with pytest.raises(ConflictError):
            act()
    with pytest.raises(InputError):
        services.add_activity(actor=SYSTEM, now=now, outcome=OUTCOME,
                              facts=facts(held_on=today() + timedelta(days=1)))  # fmt: skip


def test_the_same_number_twice_is_the_same_activity():
    number = "0b0c6f5a-8f3e-4a44-9a39-5b0f9d3c2f11"
    body = make_body()
    client = signed_in()
    for _time in range(2):
        client.post("/outreach/add/", short_form(body=str(body.pk), client_id=number))
    assert Activity.objects.count() == 1
    client.post("/outreach/add/", short_form(body=str(make_body().pk), client_id=number))
    assert Activity.objects.count() == 1


def test_a_follow_up_is_work_of_the_body_that_held_it():
    worker, body = make_group_worker()
    row = make_activity(OUTCOME, body_id=body.pk)
    client = sign_in(Client(), worker)
    due = today() + timedelta(days=7)
    client.post(f"/outreach/{row.pk}/follow-up/", {"title": "Bring a lawyer", "due_on": due})
    item = WorkItem.objects.get()
    assert (item.organisation, item.kind) == (worker.organisation, following.KIND)
    assert item.url == f"/outreach/{row.pk}/"
    assert "Bring a lawyer" in client.get(f"/outreach/{row.pk}/").content.decode()


def test_pages_go_on_where_the_last_ended():
    body = make_body()
    for number in range(7):
        make_activity(body_id=body.pk, held_on=date(2026, 2, 1 + number // 3), theme="family")
    seen, before = [], None
    while True:
        found = page(SYSTEM, ActivityFilter(theme="family"), before=before, size=2)
        assert found.total == 7
        seen += [row.pk for row in found.rows]
        before = found.older
        if before is None:
            break
    wanted = Activity.objects.order_by("-held_on", "-pk").values_list("pk", flat=True)
    assert seen == list(wanted)
    assert Cursor.read("2026-02-01.3") == Cursor(date(2026, 2, 1), 3)


@pytest.mark.parametrize("spread", [1, 40])
def test_few_matches_over_a_long_time_are_found(spread):
    body = make_body()
    for number in range(9):
        day = date(2026, 2, 1) - timedelta(days=spread * number)
        make_activity(body_id=body.pk, held_on=day, theme="family", kind="film")
        make_activity(body_id=body.pk, held_on=day, theme="work")
    wanted = ActivityFilter(theme="family", kind="film", state="held", end=date(2026, 1, 31))
    rows = Activity.objects.filter(theme="family", held_on__lt=date(2026, 1, 31))
    found = page(SYSTEM, wanted, size=4)
    more = page(SYSTEM, wanted, before=found.older, size=4) if found.older else None
    seen = [row.pk for row in found.rows] + [row.pk for row in (more.rows if more else [])]
    assert seen == list(rows.order_by("-held_on", "-pk").values_list("pk", flat=True)[:8])
    assert found.total == rows.count()


def test_a_private_calendar_is_read_by_its_address_until_it_is_ended():
    worker, body = make_group_worker()
    make_activity(body_id=body.pk, held_on=today() + timedelta(days=2), title="Ours")
    make_activity(held_on=today() + timedelta(days=2), title="Foreign")
    client = sign_in(Client(), worker)
    address = client.post("/outreach/calendars/").context["address"]
    token = ActivityFeed.objects.get().token_hash
    assert token not in address
    path = address.removeprefix("http://testserver")
    events = Calendar.from_ical(Client().get(path).content).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == ["Ours"]
    client.post(f"/outreach/calendars/{ActivityFeed.objects.get().pk}/revoke/")
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_agenda_shows_what_is_marked_for_it(language):
    soon = today() + timedelta(days=4)
    make_activity(held_on=soon, title="For all", is_public=True)
    make_activity(held_on=soon, title="Closed")
    make_activity(held_on=today() - timedelta(days=4), title="Over", is_public=True)
    text = Client().get(f"/public/{language}/agenda/").content.decode()
    assert "For all" in text
    assert "Closed" not in text
    assert "Over" not in text
    assert "<script" not in text.split("<main")[1].split("</main")[0]
    events = Calendar.from_ical(Client().get(f"/public/{language}/agenda.ics").content)
    assert [str(event["summary"]) for event in events.walk("VEVENT")] == ["For all"]


def test_totals_tell_ages_districts_and_doubt():
    make_activity(OUTCOME, held_on=today())
    make_activity(Outcome(reach=60, reach_is="estimated"), held_on=today(), kind="film")
    found = signed_in().get("/outreach/totals/").context["total"]
    assert (found.activities, found.reached_counted, found.reached_estimated) == (2, 40, 60)
    assert (found.young, found.of_known_ages, found.age_known_share) == (35, 35, 0.35)


@pytest.mark.parametrize("name", ["activities", "activity", "totals", "activity_add", "calendars"])
def test_a_page_keeps_its_budget(name):
    client = signed_in()
    row = make_activity(OUTCOME, held_on=today())
    address = reverse(f"outreach:{name}", args=[row.pk] if name == "activity" else [])
    client.get(address)
    counts = []
    for more in (1, 6):
        for number in range(more):
            make_activity(OUTCOME, held_on=today() - timedelta(days=number))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGETS[f"outreach:{name}"]


def test_a_file_is_taken_in_on_its_page(tmp_path):
    client = signed_in()
    make_place(kato="KZ1")
    make_body(number=501)
    head = "title,kind,theme,place,date,body\n"
    path = tmp_path / "events.csv"
    path.write_text(f"{head}Talk,talk,rights,KZ1,2026-03-01,501\n", encoding="utf-8")
    with path.open("rb") as stream:
        response = client.post("/outreach/import/", {"file": stream})
    assert response.context["report"].stored == 1
    path.write_text(f"{head}Talk,tlak,rights,KZ1,2026-03-01,501\n", encoding="utf-8")
    with path.open("rb") as stream:
        response = client.post("/outreach/import/", {"file": stream})
    assert response.status_code == 400
    assert [problem.line for problem in response.context["problems"]] == [2]
