"""The ledger's pages: found in every script, said no more exactly than known, shown to few."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from tests.support.factories import NOW, make_user, sign_in
from tests.support.incidents_factories import make_incident, make_place, write_csv

from qalqan.desk.incidents import selectors, services
from qalqan.desk.incidents.models import Incident, Indicator, Report
from qalqan.desk.incidents.wording import place_in_words, time_in_words
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.sources.models import Source
from qalqan.errors import InputError

pytestmark = pytest.mark.django_db
CLERK = SystemActor("test")


@pytest.fixture
def officer(client):
    return sign_in(client, make_user(Role.DUTY_OFFICER, language="en"))


@pytest.fixture
def aktobe():
    return make_place(
        "Ақтөбе", name_ru="Актобе", name_en="Aktobe", latitude=50.28, longitude=57.17, kato="151010"
    )


def load(tmp_path, *lines):
    services.import_incidents(actor=CLERK, path=write_csv(tmp_path / "a.csv", *lines), now=NOW)


@pytest.mark.parametrize("query", ["Ақтөбе", "Актобе", "aktobe", "Ақтөбеде", "AQTÖBE", "жарыл"])
def test_a_search_finds_every_spelling(tmp_path, aktobe, query):
    load(tmp_path, "time,kind,place,title_kk", "2016-06-05,explosion,Aktobe,Дүкендегі жарылыс")
    make_incident()
    assert selectors.incidents(CLERK, query=query).count() == 1


def test_filters_narrow_and_a_month_matches_each_of_its_days(aktobe):
    june = make_incident(
        at=datetime(2011, 5, 31, 19, tzinfo=UTC),
        occurred_to=datetime(2011, 6, 30, 18, 59, 59, tzinfo=UTC),
        time_precision="month",
        kind="explosion",
        district=aktobe,
    )
    other = make_incident(kind="arson")
    day = datetime(2011, 6, 12, tzinfo=UTC).date()
    assert list(selectors.incidents(CLERK, since=day, until=day)) == [june]
    assert list(selectors.incidents(CLERK, kind="arson")) == [other]
    assert list(selectors.incidents(CLERK, district_id=aktobe.pk)) == [june]


def test_precision_is_said_in_words(aktobe):
    incident = make_incident(
        at=datetime(2011, 5, 31, 19, tzinfo=UTC),
        occurred_to=datetime(2011, 6, 30, 18, 59, 59, tzinfo=UTC),
        time_precision="month",
        district=aktobe,
    )
    with translation.override("en"):
        assert time_in_words(incident) == "June 2011 (month known only)"
        assert place_in_words(incident) == "Aktobe (district known only)"


def test_what_came_in_since_is_told_by_when_it_was_recorded():
    old = make_incident(recorded_at=NOW - timedelta(days=2))
    new = make_incident(at=NOW - timedelta(days=400), recorded_at=NOW)
    assert list(selectors.new_since(CLERK, NOW - timedelta(days=1))) == [new]
    assert old in selectors.new_since(CLERK, NOW - timedelta(days=3))


def test_counts_by_district_and_day_use_the_day_of_the_province(aktobe):
    # Seven in the evening in UTC is midnight of the next day in Aktobe.
    make_incident(at=datetime(2026, 3, 1, 18, 59, tzinfo=UTC), district=aktobe)
    make_incident(at=datetime(2026, 3, 1, 19, 0, tzinfo=UTC), district=aktobe)
    start = datetime(2026, 3, 1, tzinfo=UTC).date()
    places, days, counts = selectors.by_district_day(
        CLERK, start=start, end=start + timedelta(days=1)
    )
    assert places.tolist() == [aktobe.pk]
    assert days == [start, start + timedelta(days=1)]
    assert counts.tolist() == [[1, 1]]


def test_the_list_shows_unknown_numbers_as_unknown(officer):
    make_incident(title_en="Shots at night", killed=0, injured=None)
    page = officer.get(reverse("incidents:incidents")).content.decode()
    assert "Shots at night" in page
    assert "not known" in page


def test_the_list_needs_as_many_queries_for_fifty_rows_as_for_one(officer, aktobe):
    address = reverse("incidents:incidents")
    make_incident(district=aktobe)
    officer.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        officer.get(address)
    for _ in range(60):
        make_incident(district=aktobe)
    with CaptureQueriesContext(connection) as many:
        officer.get(address)
    assert len(many) == len(one)


def test_an_incident_shows_known_contested_and_unknown_and_both_grades(officer):
    incident = make_incident(
        what_is_known="Two shops were attacked.",
        contested="How many attackers there were.",
        unknown="Who gave the order.",
        official_position="An act of terrorism.",
    )
    source = Source.objects.create(name="A paper", kind="press", reliability="C", created_at=NOW)
    Report.objects.create(
        incident=incident, source=source, credibility=2, says={"killed": {"value": 7}},
        recorded_at=NOW, first_recorded_at=NOW,
    )  # fmt: skip
    page = officer.get(incident.get_absolute_url()).content.decode()
    for words in (
        "Two shops were attacked.",
        "How many attackers there were.",
        "Who gave the order.",
        "An act of terrorism.",
        "C: fairly reliable",
        "2: probably true",
    ):
        assert words in page


def test_what_is_written_is_never_run(officer):
    incident = make_incident(title_en="<script>alert(1)</script>", unknown="<b>x</b>")
    page = officer.get(incident.get_absolute_url()).content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>x</b>" not in page


def test_wrong_filters_are_said_and_change_nothing(officer):
    make_incident(title_en="Shots at night")
    page = officer.get(
        reverse("incidents:incidents"),
        {"kind": "nonsense", "since": "2026-03-02", "until": "2026-03-01"},
    )
    assert page.status_code == 200
    assert "Shots at night" in page.content.decode()
    assert "The last day lies before the first." in page.content.decode()


def test_an_export_reads_back_in_and_is_recorded(officer, tmp_path, aktobe):
    load(
        tmp_path,
        "id,time,kind,place,killed,known",
        "7,2016-06-05 14:05,explosion,Aktobe,8,=1+1",
    )
    response = officer.get(reverse("incidents:export"))
    text = b"".join(response.streaming_content).decode()
    assert "'=1+1" in text
    assert AuditEntry.objects.order_by("sequence").last().action == "incidents.export"
    Incident.objects.all().delete()
    (tmp_path / "back.csv").write_text(text, encoding="utf-8", newline="")
    services.import_incidents(actor=CLERK, path=tmp_path / "back.csv", now=NOW)
    incident = Incident.objects.get()
    assert (incident.killed, incident.place) == (8, aktobe)
    assert incident.occurred_from == datetime(2016, 6, 5, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize("role", [Role.GROUP_WORKER, Role.SITE_OWNER, Role.SUPPORT_WORKER])
@pytest.mark.parametrize(
    "name", ["incidents:incidents", "incidents:indicators", "incidents:export"]
)
def test_outsiders_are_refused(client, role, name):
    make_incident()
    assert sign_in(client, make_user(role)).get(reverse(name)).status_code == 403


def test_a_reader_who_may_not_export_is_refused_the_file(client):
    reader = sign_in(client, make_user(Role.PRESS_OFFICER))
    assert reader.get(reverse("incidents:incidents")).status_code == 200
    assert reader.get(reverse("incidents:export")).status_code == 403


def test_an_absent_incident_is_not_found(officer):
    assert officer.get(reverse("incidents:incident", args=[999])).status_code == 404


INDICATORS = (
    "code,name_en,value,qualifier,unit,period_from,period_to,definition,source,citation",
    "convicted,Convicted,148,exact,people,2008,2012,for terrorism or extremism,A paper,p. 2",
    "young,Under 29,70,nearly,%,2008,2012,share of the convicted,A paper,p. 2",
)


def test_indicators_are_stored_once_and_shown_with_their_doubt(officer, tmp_path):
    path = write_csv(tmp_path / "i.csv", *INDICATORS)
    first = services.import_indicators(actor=CLERK, path=path, now=NOW)
    second = services.import_indicators(actor=CLERK, path=path, now=NOW)
    assert (first.stored, second.stored, second.known) == (2, 0, 2)
    assert Indicator.objects.get(code="convicted").period_to.isoformat() == "2012-12-31"
    page = officer.get(reverse("incidents:indicators")).content.decode()
    assert "share of the convicted" in page
    assert "nearly" in page


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("convicted,C,150,exact,people,2008,2012,,A paper,", "value"),
        ("x,C,many,exact,people,2008,2012,,A paper,", "value"),
        ("x,C,1,exact,people,2012,2008,,A paper,", "period_to"),
        ("x,C,1,roughly,people,2008,2012,,A paper,", "qualifier"),
        ("x,C,1,exact,people,2008,2012,,,", "source"),
    ],
)
def test_a_bad_indicator_is_named_and_nothing_is_stored(tmp_path, row, field):
    path = write_csv(tmp_path / "i.csv", *INDICATORS, row)
    with pytest.raises(InputError) as caught:
        services.import_indicators(actor=CLERK, path=path, now=NOW)
    assert (caught.value.location.line, caught.value.location.field) == (4, field)
    assert not Indicator.objects.exists()
