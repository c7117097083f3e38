"""An incident is recorded by hand: exactly as known, with its source, and not twice unawares."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import make_user, sign_in
from tests.support.incidents_factories import make_place

from qalqan.desk.incidents.models import Incident, Report
from qalqan.desk.incidents.services.rows import DESK
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.sources.models import Source

pytestmark = pytest.mark.django_db
ADDRESS = reverse("incidents:record")
FILLED = {
    "kind": "robbery", "time": "2025-06-30 14:05", "place": "Шұбарши", "killed": "0",
    "title_en": "A robbery", "new_source": "Duty log", "source_kind": "agency",
    "source_reliability": "B", "credibility": "2", "citation": "entry 7",
}  # fmt: skip


@pytest.fixture
def officer(client):
    district = make_place("Темір", latitude=49.1, longitude=57.1)
    make_place("Шұбарши", kind="settlement", latitude=49.0, longitude=57.2, parent=district)
    return sign_in(client, make_user(Role.DUTY_OFFICER, language="en"))


def test_a_first_report_is_recorded_as_exactly_as_it_is_known(officer):
    answer = officer.post(ADDRESS, FILLED)
    found = Incident.objects.get()
    assert answer["Location"] == found.get_absolute_url()
    assert (found.kind, found.killed, found.injured) == ("robbery", 0, None)
    assert (found.time_precision, found.place_precision) == ("minute", "settlement")
    told = found.reports.get()
    assert (told.source.name, told.source.reliability, told.credibility) == ("Duty log", "B", 2)
    assert (told.citation, told.is_official) == ("entry 7", True)
    assert AuditEntry.objects.filter(action="incidents.record").count() == 1


def test_a_source_of_the_list_keeps_its_grade(officer):
    officer.post(ADDRESS, FILLED)
    source = Source.objects.get()
    again = FILLED | {"time": "2025-01-01", "new_source": "", "source": str(source.pk),
                      "source_reliability": "E"}  # fmt: skip
    officer.post(ADDRESS, again)
    source.refresh_from_db()
    assert (Incident.objects.count(), Source.objects.count()) == (2, 1)
    assert source.reliability == "B"


def test_what_may_be_the_same_is_shown_before_anything_is_stored(officer):
    officer.post(ADDRESS, FILLED)
    second = FILLED | {"time": "2025-07-01", "citation": "entry 8", "killed": "1"}
    answer = officer.post(ADDRESS, second)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Maybe the same" in page
    assert "A robbery" in page
    assert Incident.objects.count() == 1
    seen = {"seen": str(Incident.objects.get().pk)}
    # Without a decision it is asked again; a decision about what was not seen does not count.
    assert officer.post(ADDRESS, second | seen).status_code == 200
    assert officer.post(ADDRESS, second | {"decision": "new"}).status_code == 200
    assert Incident.objects.count() == 1
    assert officer.post(ADDRESS, second | seen | {"decision": "new"}).status_code == 302
    assert Incident.objects.count() == 2


def test_a_report_can_go_to_the_incident_that_is_there(officer):
    officer.post(ADDRESS, FILLED)
    first = Incident.objects.get()
    second = FILLED | {"time": "2025-07-01", "citation": "entry 8", "killed": "1"}
    answer = officer.post(ADDRESS, second | {"seen": str(first.pk), "decision": str(first.pk)})
    assert answer["Location"] == first.get_absolute_url()
    assert [one.says["killed"]["value"] for one in Report.objects.order_by("pk")] == [0, 1]
    first.refresh_from_db()
    assert first.states["killed"] == "contested"


def test_what_is_far_in_time_or_place_is_not_the_same(officer):
    officer.post(ADDRESS, FILLED)
    far = FILLED | {"place": "", "latitude": "50.28", "longitude": "57.17"}
    assert officer.post(ADDRESS, far).status_code == 302
    assert officer.post(ADDRESS, FILLED | {"time": "2025-07-09"}).status_code == 302
    assert Incident.objects.count() == 3


def test_the_same_form_sent_twice_is_one_incident(officer):
    officer.post(ADDRESS, FILLED)
    first = Incident.objects.get()
    officer.post(ADDRESS, FILLED | {"seen": str(first.pk), "decision": "new"})
    assert (Incident.objects.count(), Report.objects.count()) == (1, 1)


BAD = {
    "no kind": ({"kind": ""}, "kind"),
    "kind not known": ({"kind": "party"}, "kind"),
    "no time": ({"time": ""}, "time"),
    "time in words": ({"time": "yesterday"}, "time"),
    "time not in the calendar": ({"time": "2025-02-30"}, "time"),
    "time to come": ({"time": "2099-01-01"}, "time"),
    "end before the beginning": ({"time": "2025-06-30/2025-06-01"}, "time"),
    "finer than written": ({"time": "2025-06", "time_precision": "minute"}, "time_precision"),
    "place not in the list": ({"place": "Atlantis"}, "place"),
    "no place": ({"place": ""}, "place"),
    "exact without a spot": ({"place_precision": "exact"}, "place_precision"),
    "longitude alone": ({"longitude": "57"}, "latitude"),
    "latitude off the earth": ({"latitude": "91", "longitude": "57"}, "latitude"),
    "fewer than none": ({"killed": "-1"}, "killed"),
    "half a person": ({"injured": "1.5"}, "injured"),
    "more officers than people": ({"officers_killed": "2"}, "officers_killed"),
    "no source": ({"new_source": ""}, "source"),
    "two sources": ({"source": "x"}, "source"),
    "grade not known": ({"credibility": "7"}, "credibility"),
    "reliability not known": ({"source_reliability": "G"}, "source_reliability"),
    "reported before it happened": ({"reported_at": "2020-01-01"}, "reported_at"),
    "a telephone number": ({"known": "call 8 701 123 45 67"}, "known"),
    "an address for letters": ({"title_en": "write to a.b@example.kz"}, "title_en"),
    "a title too long": ({"title_en": "x" * 201}, "title_en"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_stored(officer, name):
    changed, field = BAD[name]
    answer = officer.post(ADDRESS, FILLED | changed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Incident.objects.exists()
    assert not Source.objects.exists()
    assert not AuditEntry.objects.filter(action="incidents.record").exists()


def test_every_field_of_the_form_is_a_column_of_a_file(officer):
    form = officer.get(ADDRESS).context["form"]
    assert set(form.fields) - {"new_source"} <= {*DESK.compulsory, *DESK.optional}


@pytest.mark.parametrize("name", ["incidents:record", "incidents:import"])
def test_a_page_keeps_its_budget(officer, name):
    address = reverse(name)
    officer.get(address)
    counts = []
    for more in (0, 10):
        for number in range(more):
            Source.objects.create(name=f"S{number}", kind="press", created_at="2025-01-01T00:00Z")
        with CaptureQueriesContext(connection) as queries:
            assert officer.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGETS[name]


def test_a_file_is_taken_in_by_page_and_handed_out_in_each_form(officer, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "eventid,iyear,imonth,iday,attacktype1,city,latitude,longitude,gname\n"
        "1,2011,6,30,3,A,50.28,57.17,Somebody\n", encoding="utf-8"
    )  # fmt: skip
    with path.open("rb") as stream:
        page = officer.post(reverse("incidents:import"), {"file": stream}).content.decode()
    assert "New incidents: 1" in page
    assert "gname" in page
    for name, kind in (
        ("export", "text/csv"), ("export_geojson", "geo+json"), ("export_stix", "stix+json"),
    ):  # fmt: skip
        answer = officer.get(reverse(f"incidents:{name}"))
        assert kind in answer["Content-Type"]
        assert "gtd:1" in b"".join(answer.streaming_content).decode()


@pytest.mark.parametrize(
    ("name", "text", "field"),
    [("file", "time,kind\nx,y\n", None), ("column_map", 'name = "x"\n', "column_map")],
)
def test_a_bad_file_or_map_is_said_on_the_page(officer, tmp_path, name, text, field):
    good = tmp_path / "a.csv"
    good.write_text("time,kind,latitude,longitude\n2011,arson,50,57\n", encoding="utf-8")
    bad = tmp_path / "bad.toml"
    bad.write_text(text, encoding="utf-8")
    files = {"file": good, name: bad}
    streams = {key: path.open("rb") for key, path in files.items()}
    answer = officer.post(reverse("incidents:import"), streams)
    for stream in streams.values():
        stream.close()
    assert answer.status_code == 422
    assert "bad.toml" in answer.content.decode() or answer.context["problems"]
    assert field is None or field in answer.context["form"].errors
    assert not Incident.objects.exists()
