"""Reports are drafted, published by another person, corrected by new versions, never swapped."""

import json
import zlib
from datetime import timedelta
from importlib.resources import files

import jsonschema
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.query_budgets import BUDGETS
from tests.support.commission_factories import make_decision, make_secretary
from tests.support.factories import NOW, make_user, sign_in
from tests.support.report_factories import REASON, make_draft, make_report

from qalqan.desk.commission.models import QuarterReport, ReportPaper
from qalqan.desk.commission.selectors import reports as selectors
from qalqan.desk.commission.services import reports
from qalqan.desk.commission.services.report_keys import LAST_USE, next_key, signing_key
from qalqan.desk.commission.services.report_proof import PUBLIC_ACTIONS, changed_since
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.audit.chain import entry_hash as audit_hash
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import PUBLIC, Role, SystemActor
from qalqan.desk.platform.releases import selectors as releases
from qalqan.desk.platform.releases import services as release_services
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError, InputError, RefusedError
from qalqan.verify import chain
from qalqan.verify.checking import File, check

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.HOME = str(tmp_path)


def _files(report):
    return {
        "chain": File("chain.json", selectors.chain_of(report)),
        **{paper.language: File(f"{paper.language}.pdf", bytes(paper.pdf))
           for paper in report.papers.all()},
    }  # fmt: skip


def test_a_published_report_its_data_and_the_chain_agree_in_each_language():
    first = make_report()
    second = make_report(now=NOW + timedelta(days=3), reason=REASON)
    before, given = _files(first), _files(second)
    own = File("data.json", second.data.encode())
    for language in ("kk", "ru", "en"):
        found = check(
            given[language], data=own, chains=[given["chain"]],
            fingerprint=json.loads(second.data)["certificate"]["sha256"],
            before=before[language],
        )  # fmt: skip
        assert [(one.code, one.findings) for one in found.checks if one.state != "agrees"] == []
    schema = json.loads((files("qalqan.verify") / "report.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(json.loads(second.data))


def test_whoever_drafted_a_report_does_not_publish_it():
    secretary = make_user(Role.SECRETARY)
    draft = make_draft(actor=secretary)
    with pytest.raises(RefusedError):
        reports.publish_report(actor=secretary, report=draft, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuarterReport.objects.filter(pk=draft.pk).update(published_by=secretary)
    with pytest.raises(RefusedError):
        reports.draft_report(actor=make_user(Role.ANALYST), year=2025, quarter=3, now=NOW)
    assert ReportPaper.objects.count() == 0


def test_a_correction_is_a_new_version_with_a_reason_and_the_former_stays():
    first = make_report()
    kept = {paper.language: paper.sha256 for paper in first.papers.all()}
    with pytest.raises(ConflictError, match="published already"):
        make_draft(now=NOW + timedelta(days=1))
    with pytest.raises(InputError) as refused:
        make_draft(now=NOW + timedelta(days=1), reason={**REASON, "kk": " "})
    assert refused.value.location.field == "reason_kk"
    with pytest.raises(InputError, match="no published report"):
        make_draft(quarter=3, reason=REASON)
    second = make_report(now=NOW + timedelta(days=2), reason=REASON)
    assert (first.version, second.version) == (1, 2)
    corrects = json.loads(second.data)["report"]["corrects"]
    assert corrects["version"] == 1
    assert corrects["reason"] == REASON
    told = selectors.corrections(PUBLIC)
    assert [(one.name, one.version, one.corrects, one.reason) for one in told] == [
        ("2025-Q4", 2, 1, REASON)
    ]
    again = {paper.language: paper.sha256 for paper in first.papers.all()}
    assert kept == again
    with pytest.raises(ConflictError):
        reports.publish_report(actor=make_user(Role.DUTY_OFFICER), report=first, now=NOW)


def test_what_a_correction_changed_is_listed():
    make_report()
    day = NOW + timedelta(days=1)
    secretary = make_secretary()
    make_decision(secretary, secretary.organisation, now=day)
    second = make_report(now=day + timedelta(hours=1), reason=REASON)
    changes = {one["code"]: one for one in json.loads(second.data)["report"]["corrects"]["changes"]}
    assert changes["commission.live"]["before"]["value"] == 0
    assert changes["commission.live"]["after"]["value"] == 1
    assert "commission.meetings" not in changes


@pytest.mark.parametrize(
    ("year", "quarter", "field"), [(2026, 1, "quarter"), (2025, 5, "quarter"), (1, 1, "quarter")]
)
def test_a_quarter_that_is_not_over_is_not_reported(year, quarter, field):
    with pytest.raises(InputError) as refused:
        make_draft(year=year, quarter=quarter)
    assert refused.value.location.field == field


def test_letters_that_the_paper_lacks_are_told_at_their_field():
    make_report()
    with pytest.raises(InputError) as refused:
        make_draft(now=NOW + timedelta(days=1), reason={**REASON, "ru": "字"})
    assert refused.value.location.field == "reason_ru"


def test_a_discarded_draft_stays_on_record_and_makes_room():
    draft = make_draft()
    with pytest.raises(ConflictError):
        make_draft()
    reports.discard_report(actor=make_user(Role.SECRETARY), report=draft, now=NOW)
    assert make_draft().version == 1
    assert QuarterReport.objects.count() == 2


def test_counts_of_the_desks_acts_go_through_the_one_door():
    report = make_report()
    found = releases.published("commission.report", report.code)
    table = found.tables["acts"]
    exact = {
        one["code"]: one["value"]
        for part in json.loads(report.data)["sections"] for one in part["figures"] if one["exact"]
    }  # fmt: skip
    assert exact
    assert {code: table.count(code) for code in exact} == exact


def test_counts_that_a_release_withheld_are_withheld_and_said_to_be():
    desk = SystemActor("test")
    for series, name, cells in (
        ("outreach.reach", "reach", {("1", "under_29"): 3, ("1", "29_up"): 40,
                                     ("2", "under_29"): 21, ("2", "29_up"): 17}),
        ("commission.money", "thousand tenge", {("1",): 950, ("other",): 120}),
    ):  # fmt: skip
        dimensions = ("district", "age") if series == "outreach.reach" else ("district",)
        edition = "2025-11" if series == "outreach.reach" else "2025-Q4"
        released = release_services.release(
            actor=desk, series=series, edition=edition, now=NOW,
            tables=[release_services.Table(name, dimensions, cells)],
        )  # fmt: skip
        assert released.state == "published"
    table = next(iter(releases.published("outreach.reach", "2025-11").tables.values()))
    report = make_report()
    figures = {
        one["code"]: one for part in json.loads(report.data)["sections"] for one in part["figures"]
    }
    for age in ("under_29", "29_up", "total"):
        figure = figures[f"reach.{age}.11"]
        assert figure["value"] == table.count("total", age)
        assert figure["withheld"] == ("small" if figure["value"] is None else "")
    assert figures["money.spent"]["value"] == 1070
    assert (figures["reach.total.11"]["from"], figures["reach.total.11"]["until"]) == (
        "2025-11-01", "2025-11-30",
    )  # fmt: skip


def test_the_work_of_a_quarter_is_opened_once_and_closed_by_the_report():
    desk = SystemActor("commission")
    secretary = make_user(Role.SECRETARY)
    item = reports.open_due_report(actor=desk, now=NOW)
    assert item.organisation == secretary.organisation
    assert reports.open_due_report(actor=desk, now=NOW) is None
    make_report()
    assert WorkItem.objects.get(pk=item.pk).state == WorkItem.State.DONE
    assert reports.open_due_report(actor=desk, now=NOW + timedelta(days=1)) is None


def _entries(*actions):
    desk = SystemActor("test")
    with transaction.atomic():
        return [
            audit.record(actor=desk, action=action, subject="thing", now=NOW, detail={"n": place})
            for place, action in enumerate(actions)
        ]


def test_a_private_entry_is_never_between_two_hashes_that_are_told():
    public, private = "releases.published", "support.open_case"
    _entries(public, private, public, public, private, private, public, private, public)
    report = make_report()
    told = {int(one) for one in json.loads(selectors.chain_of(report))["public"]}
    entries = {row.sequence: row for row in AuditEntry.objects.all()}
    known = {report.chain_sequence} | {
        number for one in told for number in (one - 1, one) if number
    }
    assert told
    assert all(entries[number].action in PUBLIC_ACTIONS for number in told)
    for number, row in entries.items():
        if row.action not in PUBLIC_ACTIONS:
            assert not {number - 1, number} <= known


def test_the_check_computes_entries_as_the_audit_does():
    for row in _entries("releases.published", "audit.seal_day"):
        told = {
            "written_at": row.written_at.isoformat(timespec="microseconds"),
            "actor": row.actor_label, "role": str(row.role), "action": row.action,
            "subject": row.subject, "detail": row.detail_json, "previous_hash": row.previous_hash,
        }  # fmt: skip
        assert chain.entry_hash(row.sequence, told) == row.entry_hash
        assert row.entry_hash == audit_hash(
            row.sequence, row.written_at, row.actor_label, str(row.role), row.action, row.subject,
            row.detail_json, row.previous_hash,
        )  # fmt: skip


def test_the_desk_can_show_that_its_record_still_gives_the_published_leaves():
    report = make_report()
    _entries("releases.published")
    assert changed_since(report) is None
    found = json.loads(selectors.chain_of(report))
    found["entries"][1][1] = "0" * 64
    report.chain_file = zlib.compress(json.dumps(found).encode())
    assert changed_since(report) == found["entries"][1][0]


def test_a_key_is_told_in_reports_before_it_signs():
    first = signing_key(now=NOW)
    assert next_key(now=NOW) is None
    end = first.certificate.not_valid_after_utc
    late = end - LAST_USE - timedelta(days=60)
    following = next_key(now=late)
    assert signing_key(now=late).fingerprint == first.fingerprint
    report = make_report(now=late, year=late.year - 1, quarter=1)
    names = json.loads(report.data)["certificate"]
    assert names == {"sha256": first.fingerprint, "next": following.fingerprint}
    after = late + timedelta(days=91)
    assert signing_key(now=after).fingerprint == following.fingerprint
    later = make_report(now=after, year=late.year - 1, quarter=2)
    found = check(_files(later)["en"], before=_files(report)["en"], chains=[_files(later)["chain"]])
    assert [one.code for one in found.checks if one.state == "differs"] == []


def test_pages_of_the_desk_lead_from_draft_to_published(client):
    secretary, duty = make_user(Role.SECRETARY), make_user(Role.DUTY_OFFICER)
    sign_in(client, secretary)
    answer = client.post(reverse("commission:report_new"), {"year": 2025, "quarter": 4})
    row = QuarterReport.objects.get()
    assert answer.status_code == 302
    page = client.get(row.get_absolute_url()).content.decode()
    assert "You drafted it" in page
    assert reverse("commission:report_publish", args=[row.pk]) not in page
    client.post(reverse("commission:report_publish", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == QuarterReport.State.DRAFT
    sign_in(client, duty)
    client.post(reverse("commission:report_publish", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == QuarterReport.State.PUBLISHED
    assert "2025-Q4-v1" in client.get(reverse("commission:reports")).content.decode()
    sign_in(client, secretary)
    empty = client.post(reverse("commission:report_correct", args=[row.pk]), {})
    assert empty.status_code == 422


def test_pages_keep_their_budgets_however_many_reports_there_are(client):
    first = make_report()
    duty = make_user(Role.DUTY_OFFICER)
    sign_in(client, make_user(Role.SECRETARY))
    quarter = {"year": 2025, "quarter": 4}
    asked = {
        "commission:reports": {}, "commission:report": {"report_id": first.pk},
        "commission:report_new": {}, "public:reports": {"language": "kk"},
        "public:report": {"language": "kk", **quarter},
        "public:report_version": {"language": "kk", **quarter, "version": 1},
    }  # fmt: skip

    def counted(name):
        reader = Client() if name.startswith("public:") else client
        address = reverse(name, kwargs=asked[name])
        reader.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(address).status_code == 200
        return len(queries)

    before = {name: counted(name) for name in asked}
    for days in (1, 2):
        at = NOW + timedelta(days=days)
        draft = make_draft(now=at, reason=REASON)
        reports.publish_report(actor=duty, report=draft, now=at)
    after = {name: counted(name) for name in asked}
    assert after == before
    assert {name: count for name, count in after.items() if count > BUDGETS[name]} == {}
