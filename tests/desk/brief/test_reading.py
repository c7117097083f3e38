"""Nobody is shown a line about what they may not see: not on the page, in a file or in JSON."""

import io
import json
from dataclasses import replace

import jsonschema
import pytest
from django.urls import reverse
from pypdf import PdfReader
from tests.support import brief_factories as made
from tests.support.agencies_factories import make_body
from tests.support.brief_rows import make_edition, make_rows
from tests.support.commission_factories import make_decision, make_secretary
from tests.support.factories import make_user, sign_in
from tests.support.places_factories import make_place

from qalqan.desk.brief import render
from qalqan.desk.brief.sealing import digest
from qalqan.desk.brief.selectors import reading
from qalqan.desk.platform.policies import Role, SystemActor

pytestmark = pytest.mark.django_db
ALL = (Role.DUTY_OFFICER, Role.ANALYST, Role.PRESS_OFFICER, Role.INSPECTOR, Role.SECRETARY,
       Role.AUDITOR)  # fmt: skip
SCHEMA = json.loads(render.schema())


def full(**changes):
    """Return a full brief without what needs an act of another room to exist."""
    changes = {"warnings": [], "warnings_unreviewed": 0, "decisions": None, **changes}
    return made.full(**changes)


@pytest.mark.parametrize("role", ALL)
def test_every_room_can_be_asked(role):
    make_rows(full())
    seen = reading.for_reader(make_user(role), full())
    assert seen.missing == []


def test_the_desk_itself_sees_everything_as_it_was_stored():
    brief = made.full()
    assert reading.for_reader(SystemActor("cli"), brief) is brief


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        (Role.DUTY_OFFICER, set()),
        (Role.PRESS_OFFICER, {"protection"}),
        (Role.INSPECTOR, {"rumours", "outreach", "trust", "gaps"}),
        (Role.AUDITOR, set()),
    ],
)
def test_rooms_that_a_role_does_not_read_are_named_and_empty(role, hidden):
    make_rows(full())
    seen = reading.for_reader(make_user(role), full())
    assert set(seen.hidden) == hidden
    if "protection" in hidden:
        assert seen.protection is None
    if "rumours" in hidden:
        assert seen.rumours == []
        assert seen.health.channels == []
        assert seen.growth.claims_examined == 0
        assert not [one for one in seen.changes if one.what == "rumour"]


def test_work_of_another_body_is_neither_shown_nor_counted():
    duty, brief = make_user(Role.DUTY_OFFICER), full(overdue_all=1)
    make_rows(brief)
    seen = reading.for_reader(duty, brief)
    assert (seen.overdue, seen.overdue_all) == ([], 0)
    secretary = reading.for_reader(make_user(Role.SECRETARY), brief)
    assert (len(secretary.overdue), secretary.overdue_all) == (1, 1)


def test_a_line_whose_row_is_not_there_is_shown_to_nobody():
    seen = reading.for_reader(make_user(Role.SECRETARY), full())
    assert (seen.rumours, seen.incidents, seen.overdue, seen.questions) == ([], [], [], [])
    assert seen.growth.claims_growing == 0
    assert seen.questions_all == 0


def test_notices_are_not_counted_for_those_who_do_not_see_them():
    make_rows(full())
    assert reading.for_reader(make_user(Role.ANALYST), full()).protection.notices_overdue is None
    assert reading.for_reader(make_user(Role.AUDITOR), full()).protection.notices_overdue == 1


def test_of_what_did_not_arrive_each_reads_the_kinds_of_the_own_rooms():
    kinds = {
        role: {gap.kind for gap in reading.for_reader(make_user(role), full()).gaps}
        for role in (Role.ANALYST, Role.PRESS_OFFICER, Role.AUDITOR)
    }
    assert "job" not in kinds[Role.ANALYST]
    assert {"feed", "import", "poll"} <= kinds[Role.ANALYST]
    assert not {"feed", "import", "job"} & kinds[Role.PRESS_OFFICER]
    assert {"job", "feed", "import"} <= kinds[Role.AUDITOR]


def test_a_decision_is_shown_to_the_states_desk():
    secretary = make_secretary()
    row = make_decision(secretary, secretary.organisation)
    now = made.decisions()
    shown = [replace(now.shown[0], decision_id=row.pk), now.shown[1]]
    brief = full(decisions=replace(now, shown=shown))
    seen = reading.for_reader(make_user(Role.PRESS_OFFICER), brief).decisions
    assert [one.decision_id for one in seen.shown] == [row.pk]
    assert seen.live == 1


@pytest.mark.parametrize("form", ["html", "pdf", "json", "txt"])
def test_no_file_holds_what_its_reader_may_not_see(client, form):
    brief = full()
    make_rows(brief)
    edition = make_edition(brief)
    sign_in(client, make_user(Role.INSPECTOR))
    body = client.get(reverse("brief:file", args=[edition.pk, form])).content
    if form == "pdf":
        body = "".join(p.extract_text() for p in PdfReader(io.BytesIO(body)).pages).encode()
    for secret in (brief.rumours[0].text[:20], "Kandyagash chat", brief.overdue[0].title):
        assert secret.encode() not in body


@pytest.mark.parametrize("role", ALL)
def test_an_extract_is_of_the_schema_and_says_what_it_is_taken_from(client, role):
    brief = full()
    make_rows(brief)
    edition = make_edition(brief)
    sign_in(client, make_user(role))
    body = client.get(reverse("brief:file", args=[edition.pk, "json"])).json()
    jsonschema.Draft202012Validator(SCHEMA).validate(body)
    own, taken_from = body.pop("digest"), body.pop("extract_of")
    assert digest(body) == own
    assert taken_from in (None, edition.digest)
    assert (taken_from is None) == (own == edition.digest)


def test_a_room_that_cannot_be_asked_is_named_and_the_rest_is_shown(client, monkeypatch):
    brief = full()
    make_rows(brief)
    make_edition(brief)

    def broken(*_args, **_fields):
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(reading.questions, "questions", broken)
    sign_in(client, make_user(Role.DUTY_OFFICER))
    page = client.get("/").text
    assert "Not in this brief: Open questions" in page
    assert "Who had the keys?" not in page
    assert "Қандыағашта" in page
    assert "disk on fire" not in page


def test_the_district_of_the_readers_body_is_the_readers():
    district = make_place("Темір", kind="district")
    body = make_body(area=district)
    user = make_user(Role.INSPECTOR, organisation=body.organisation)
    assert reading.reader_of(user) == reading.Reader(Role.INSPECTOR, frozenset({district.pk}))
    assert reading.reader_of(make_user(Role.INSPECTOR)).districts == frozenset()


def test_the_schema_is_served_to_programs(client):
    answer = client.get(reverse("brief:schema"))
    assert answer["Content-Type"] == "application/schema+json"
    assert answer.json() == SCHEMA
