"""The ledger in the browser's eyes: what is believed and who says what, now and as of a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import make_user, sign_in

from qalqan.desk.incidents import search, selectors, services
from qalqan.desk.incidents.models import Dispute, Incident, IncidentVersion, Report
from qalqan.desk.incidents.selectors import asof
from qalqan.desk.incidents.services.rows import ParsedIncident, SourceClaim
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.sources.models import Source
from qalqan.desk.platform.sources.services import get_or_create_source, grade_source

pytestmark = pytest.mark.django_db
DESK = SystemActor("test")
EVENT = datetime(2011, 6, 10, 7, 0, tzinfo=UTC)
FIRST = datetime(2011, 6, 11, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def record(number: str = "1", killed: int = 1, at: datetime = FIRST, **values) -> Incident:
    stated = {
        "kind": "clash", "occurred_from": EVENT, "occurred_to": EVENT + DAY / 24,
        "time_precision": "hour", "place_id": None, "district_id": None,
        "place_text": "Shubarshi", "latitude": 49.0, "longitude": 57.2,
        "place_precision": "settlement", "killed": killed, "title_en": f"Clash {number}", **values,
    }  # fmt: skip
    claim = SourceClaim("Gazette", "press", "C", 3, f"p. {number}", at)
    return services.record_incident(
        actor=DESK, parsed=ParsedIncident(number, stated, claim), now=at
    )


def said_by(name: str, kind: str = "press") -> Source:
    return get_or_create_source(actor=DESK, name=name, kind=kind, now=FIRST)


@pytest.fixture
def incident():
    """Recorded on 11 June; contradicted on the 13th by the police, disputed, then judged."""
    row = record()
    police = said_by("Police", "agency")
    common = {"actor": DESK, "incident": row}
    services.add_report(
        **common, source=police, says={"killed": 4}, is_official=True, credibility=2,
        now=FIRST + 2 * DAY,
    )  # fmt: skip
    services.hold(
        **common, attribute="killed", state="known", value=4, reason="The morgue counted.",
        now=FIRST + 4 * DAY,
    )  # fmt: skip
    return row


@pytest.fixture
def analyst(client):
    return sign_in(client, make_user(Role.ANALYST))


def page_of(client, incident, **query):
    response = client.get(incident.get_absolute_url(), query)
    assert response.status_code == 200
    return response.content.decode()


def test_an_attribute_shows_its_state_its_sources_and_both_grades(analyst, incident):
    page = page_of(analyst, incident)
    for words in ("The morgue counted.", "Official position", "Gazette", "Police", "Judged"):
        assert words in page
    before = page_of(analyst, incident, as_of="2011-06-13")
    assert "Reports contradict each other" in before
    assert "The morgue counted." not in before


def test_a_day_shows_what_was_believed_at_its_end_and_says_so(analyst, incident):
    page = page_of(analyst, incident, as_of="2011-06-12")
    assert "This is what the desk believed on" in page
    assert "Police" not in page
    assert "Add a report" not in page


def test_a_moment_is_exact_to_the_microsecond(incident):
    second = IncidentVersion.objects.get(incident=incident, number=2)
    tick = timedelta(microseconds=1)
    for moment, number in ((second.recorded_from - tick, 1), (second.recorded_from, 2)):
        assert asof.version_at(DESK, incident, moment).number == number
        assert selectors.as_of(DESK, moment).get().number == number


def test_before_it_was_recorded_the_desk_knew_nothing(analyst, incident):
    assert "Not yet recorded then" in page_of(analyst, incident, as_of="2011-06-10")
    listed = analyst.get(reverse("incidents:incidents"), {"as_of": "2011-06-10"})
    assert "Clash 1" not in listed.content.decode()


def test_filters_and_words_hold_against_what_was_believed_then(analyst, incident):
    services.correct(
        actor=DESK, incident=incident, words={"title_en": "Skirmish"}, reason="Plain words",
        now=FIRST + 9 * DAY,
    )  # fmt: skip
    address = reverse("incidents:incidents")
    for words, day, found in (
        ("clash", "2011-06-15", True), ("skirmish", "2011-06-15", False),
        ("skirmish", "2011-06-30", True), ("skirmish", "", True),
    ):  # fmt: skip
        page = analyst.get(address, {"q": words, "as_of": day}).content.decode()
        assert ("No incident matches" in page) != found
    page = analyst.get(address, {"kind": "robbery", "as_of": "2011-06-15"}).content.decode()
    assert "No incident matches" in page


@pytest.mark.parametrize("moment", [None, FIRST + 30 * DAY])
def test_common_words_find_what_rare_ones_find(monkeypatch, incident, moment):
    record("2", title_en="Clash in Temir")
    record("3", title_en="Quiet day")
    queries = ("clash", "cla", "clash temir", "temir quiet", "nowhere")
    found = [list(asof.chosen(DESK, moment, query=one)) for one in queries]
    assert [len(rows) for rows in found] == [3, 3, 1, 0, 0]
    monkeypatch.setattr(search, "RARE", -1)
    assert [list(asof.chosen(DESK, moment, query=one)) for one in queries] == found


@pytest.mark.parametrize(
    "day", ["2011-13-45", "yesterday", "2999-01-01", "2999-01-01T00:00", "0001-01-01T00:00"]
)
def test_a_day_that_cannot_be_is_said_and_never_taken_for_another(analyst, incident, day):
    page = analyst.get(reverse("incidents:incidents"), {"as_of": day}).content.decode()
    assert "This is what the desk believed" not in page
    assert 'class="error"' in page
    assert analyst.get(reverse("incidents:export"), {"as_of": day}).status_code == 400


@pytest.mark.parametrize("query", [{"since": "0001-01-01"}, {"until": "9999-12-31"}])
@pytest.mark.parametrize("moment", [{}, {"as_of": "2011-06-30"}])
def test_a_period_beyond_the_clock_is_said(analyst, incident, query, moment):
    page = analyst.get(reverse("incidents:incidents"), query | moment)
    assert page.status_code == 200
    assert 'class="error"' in page.content.decode()


@pytest.mark.parametrize("moment", [None, FIRST + 30 * DAY])
def test_the_last_day_of_a_filter_counts_whole(incident, moment):
    day = EVENT.date()
    for since, until, found in ((day, day, 1), (None, day - DAY, 0), (day + DAY, None, 0)):
        rows = asof.chosen(DESK, moment, since=since, until=until)
        assert rows.count() == found


def test_an_export_of_a_day_hands_out_what_was_held_then(analyst, incident):
    def killed(**query):
        response = analyst.get(reverse("incidents:export"), query)
        head, row = b"".join(response.streaming_content).decode().splitlines()[:2]
        return row.split(",")[head.split(",").index("killed")]

    assert (killed(as_of="2011-06-12"), killed()) == ("1", "4")
    assert AuditEntry.objects.order_by("sequence").last().action == "incidents.export"


def test_the_grade_of_a_source_is_the_one_it_had_then(incident):
    source = Source.objects.get(name="Gazette")
    grade_source(actor=DESK, source=source, reliability="A", reason="Right", now=FIRST + 20 * DAY)
    grades = [
        asof.reports_at(DESK, incident, moment)[0].reliability
        for moment in (FIRST + 5 * DAY, FIRST + 21 * DAY)
    ]
    assert grades == ["C", "A"]


def test_the_history_tells_what_changed_when_and_on_whose_report(analyst, incident):
    page = analyst.get(reverse("incidents:incident_history", args=[incident.pk])).content.decode()
    for words in ("Recorded", "Report added", "Judged by the desk", "1 → 4", "Known → Contested"):
        assert words in page


def test_a_report_added_in_the_browser_stands_beside_the_others(analyst, incident):
    address = reverse("incidents:report_add", args=[incident.pk])
    given = {
        "new_source": "Radio", "source_kind": "press", "credibility": "3", "citation": "noon",
        "when": "2011-06-10", "killed": "7", "weapons": "firearm", "why": "Revenge",
        "place": "Shubarshi", "latitude": "49.01", "longitude": "57.21",
        "place_precision": "settlement", "reported_at": "2011-06-11T10:00",
    }  # fmt: skip
    assert analyst.post(address, given).status_code == 302
    report = Report.objects.get(source__name="Radio")
    assert report.says["killed"] == {"value": 7}
    assert report.says["when"]["value"]["precision"] == "day"
    incident.refresh_from_db()
    # A day contains its hour, a settlement a spot nearby: neither contradicts.
    assert incident.states["when"] == incident.states["where"] == "known"
    assert (incident.killed, incident.weapons, incident.why) == (4, "firearm", "Revenge")
    assert AuditEntry.objects.filter(action="incidents.add_report").count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("when", "2011-02-30"), ("when", "2099-01-01"), ("when", "soon"), ("killed", "-1"),
        ("killed", "many"), ("killed", "99999999"), ("officers_killed", "9"),
        ("latitude", "95"), ("longitude", "57"), ("place", "Atlantis"), ("what", "war"),
        ("weapons", "laser"), ("credibility", "7"), ("reported_at", "2099-01-01T00:00"),
        ("reported_at", "2001-01-01T00:00"), ("new_source", ""), ("why", "write to a.b@example.kz"),
        ("corrects", "0"), ("place_precision", "near"), ("why", "x" * 2001),
    ],
)  # fmt: skip
def test_a_bad_report_is_named_and_nothing_is_stored(analyst, field, value):
    incident = record()
    given = {
        "new_source": "Radio", "source_kind": "press", "credibility": "3", "killed": "2",
        "when": "2011-06-10", field: value,
    }  # fmt: skip
    response = analyst.post(reverse("incidents:report_add", args=[incident.pk]), given)
    assert response.status_code == 422
    assert "error" in response.content.decode()
    assert Report.objects.count() == 1
    assert not Source.objects.filter(name="Radio").exists()


def test_dispute_and_retraction_change_what_is_believed_and_stay(analyst):
    row = record()
    report = row.reports.get()
    given = {"attribute": "killed", "reason": "The hospital denies it."}
    analyst.post(reverse("incidents:report_dispute", args=[report.pk]), given)
    row.refresh_from_db()
    assert (row.states["killed"], row.killed) == ("contested", 1)
    dispute = Dispute.objects.get()
    analyst.post(reverse("incidents:dispute_end", args=[dispute.pk]), {"reason": "Agreed."})
    row.refresh_from_db()
    assert row.states["killed"] == "known"
    analyst.post(reverse("incidents:report_retract", args=[report.pk]), {"reason": "A hoax."})
    row.refresh_from_db()
    assert (row.states["killed"], row.killed) == ("unknown", None)
    page = page_of(analyst, row)
    assert "A hoax." in page
    assert "Retracted" in page
    assert analyst.post(
        reverse("incidents:report_retract", args=[report.pk]), {"reason": "Again"}
    ).status_code == 422  # fmt: skip


def test_a_judgement_needs_a_reason_and_the_version_that_its_writer_saw(analyst, incident):
    address = reverse("incidents:hold", args=[incident.pk, "killed"])
    given = {"state": "contested", "reason": "", "seen": incident.version}
    assert analyst.post(address, given).status_code == 422
    incident.refresh_from_db()
    given = {"state": "contested", "reason": "Two lists", "seen": incident.version}
    assert analyst.post(address, {**given, "seen": incident.version - 1}).status_code == 422
    assert analyst.post(address, given).status_code == 302
    incident.refresh_from_db()
    assert incident.states["killed"] == "contested"
    release = reverse("incidents:release", args=[incident.pk, "killed"])
    analyst.post(release, {"release-reason": "None", "release-seen": incident.version})
    incident.refresh_from_db()
    assert not incident.holdings.filter(ended_at=None).exists()
    assert incident.killed == 1


def test_a_merged_incident_leads_on_counts_no_more_and_comes_back(analyst, incident):
    other = record("2", killed=2, at=FIRST + DAY)
    merge = reverse("incidents:merge", args=[other.pk])
    given = {"number": incident.pk, "reason": "One event", "seen": other.version}
    assert analyst.post(merge, given).status_code == 302
    page = page_of(analyst, other)
    assert incident.get_absolute_url() in page
    assert list(selectors.incidents(DESK)) == [incident]
    assert selectors.period(DESK)[2] == 1
    assert "Clash 2" in page_of(analyst, other, as_of="2011-06-13")
    assert analyst.post(merge, given).status_code == 422
    came = Report.objects.get(incident=incident, moved_from__incident=other)
    incident.refresh_from_db()
    split = reverse("incidents:split", args=[incident.pk])
    given = {"reports": [came.pk], "reason": "Two events", "seen": incident.version}
    assert analyst.post(split, given).url == other.get_absolute_url()
    other.refresh_from_db()
    assert (other.merged_into_id, other.killed) == (None, 2)


def test_a_part_that_was_never_its_own_begins_a_new_incident(analyst, incident):
    official = Report.objects.get(incident=incident, is_official=True)
    made = services.split(
        actor=DESK, incident=incident, reports=[official], reason="Another day",
        titles={"title_en": "Second clash"}, now=timezone.now(),
    )  # fmt: skip
    assert (made.split_from, made.killed, made.title_en) == (incident, 4, "Second clash")
    assert made.states["where"] == "unknown"
    assert (
        "Split off from another incident"
        in analyst.get(reverse("incidents:incident_history", args=[made.pk])).content.decode()
    )


def test_reading_a_file_again_brings_back_nothing_that_was_retracted_or_moved(incident):
    first = Report.objects.get(incident=incident, is_official=False)
    services.retract_report(actor=DESK, report=first, reason="A hoax", now=FIRST + 9 * DAY)
    record(at=FIRST + 10 * DAY)
    assert Report.objects.count() == 2
    record(at=FIRST + 11 * DAY, killed=3)
    assert Report.objects.filter(incident=incident, ended_at=None).count() == 2


def test_a_source_that_gives_another_number_later_corrects_itself():
    row = record()
    record(killed=5, at=FIRST + DAY)
    row.refresh_from_db()
    assert (row.killed, row.version) == (5, 2)
    assert row.reports.get(ended_as="corrected").says["killed"] == {"value": 1}
    assert asof.version_at(DESK, row, FIRST).killed == 1


@pytest.mark.parametrize("name", ["hold", "correct", "merge", "split", "restore"])
def test_a_duty_officer_records_but_does_not_judge(client, incident, name):
    officer = sign_in(client, make_user(Role.DUTY_OFFICER))
    arguments = [incident.pk, "killed"] if name == "hold" else [incident.pk]
    assert officer.get(reverse(f"incidents:{name}", args=arguments)).status_code == 403
    assert officer.get(reverse("incidents:report_add", args=[incident.pk])).status_code == 200


@pytest.mark.parametrize("query", [{}, {"as_of": "2011-06-30"}])
def test_pages_keep_their_budget_however_many_reports(analyst, incident, query):
    every = ["incident", "incident_history", "report_add", "correct", "merge", "split", "hold"]
    names = every[:1] if query else every
    counts = {}
    for more in (0, 4):
        for number in range(more):
            services.add_report(
                actor=DESK, incident=incident, source=said_by(f"S{number}"), now=FIRST + 5 * DAY,
                says={"injured": number},
            )  # fmt: skip
        for name in names:
            extra = ["killed"] if name == "hold" else []
            address = reverse(f"incidents:{name}", args=[incident.pk, *extra])
            analyst.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert analyst.get(address, query).status_code == 200
            counts.setdefault(name, []).append(len(queries))
    for name, (few, many) in counts.items():
        assert few == many, name
        assert many <= BUDGETS[f"incidents:{name}"], name
