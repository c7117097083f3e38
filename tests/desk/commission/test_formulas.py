"""Each formula counts what its definition says, from the rooms' own acts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.support.alerts_factories import make_submitted
from tests.support.answer_factories import make_claim, make_published, make_taken
from tests.support.commission_factories import make_decision, make_secretary
from tests.support.factories import NOW, make_organisation, make_user
from tests.support.incidents_factories import make_incident
from tests.support.outreach_factories import OUTCOME, make_activity
from tests.support.performance_factories import AFTER, MARCH, SYSTEM
from tests.support.protection_factories import make_inspection, make_place, make_site

from qalqan.desk.alerts.models import AlertVersion
from qalqan.desk.commission.selectors.evaluating import measured
from qalqan.desk.commission.selectors.formulas import FORMULAS, Month, formulas_of
from qalqan.desk.commission.services import decisions
from qalqan.desk.commission.shipped_indicators import SHIPPED
from qalqan.desk.incidents.services import questions
from qalqan.desk.platform.places.models import Population
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.sources.services import get_or_create_source
from qalqan.desk.protection.models import Notice, NoticeItem, Remedy, Site, Violation
from qalqan.desk.rumours.models import Answer, Claim

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def come_to(key, month=MARCH, at=AFTER, target=None):
    return measured(SYSTEM, FORMULAS[key], month, at=at, target=target)


def test_every_shipped_indicator_has_its_formula_and_three_languages():
    for one in SHIPPED:
        assert one.formula in formulas_of(one.code)
        assert set(one.names) == set(one.definitions) == {"kk", "ru", "en"}
    assert {key.rpartition(".")[0] for key in FORMULAS} == {one.code for one in SHIPPED}


def test_rumours_that_were_taken_up_count_open_ones_as_open():
    answer = make_published()
    Answer.objects.filter(pk=answer.pk).update(published_at=NOW)
    Claim.objects.filter(pk=answer.claim_id).update(first_seen=NOW - timedelta(hours=6))
    waiting = make_taken(make_user("press_officer"), make_claim("Су жоқ деген сөз бар", 3))
    Claim.objects.filter(pk=waiting.pk).update(first_seen=AFTER - timedelta(hours=200))
    make_claim("Мұны ешкім қолға алған жоқ", 3)
    found = come_to("answer_delay.1", target=24)
    assert found.counts["cases"] == 2
    assert found.counts["open"] == 1
    assert found.value == pytest.approx(6)
    assert [(one.part, one.whole) for one in found.parts.values()] == [(1, 2)]
    assert come_to("answer_delay.1", Month(date(2026, 2, 1))).n == 0
    # Seen from the hour before the answer, it was not answered yet.
    early = come_to("answer_delay.1", at=NOW - timedelta(hours=1))
    assert early.counts["ended"] == 0


def make_item(deadline, first=None, *, handed_in=None, verified=None, withdrawn=False):
    """Store a finding on a notice, with proof that was accepted where one was handed in."""
    site = make_site()
    inspection = make_inspection(site, finished_at=NOW - 20 * DAY)
    checklist = inspection.version.checklist
    question = inspection.version.questions.order_by("pk").first()
    violation = Violation.objects.create(
        site=site, checklist=checklist, code="exits", question=question, inspection=inspection,
        severity="minor", found_at=NOW - 20 * DAY, last_found_at=NOW - 20 * DAY,
    )  # fmt: skip
    count = Notice.objects.count()
    notice = Notice.objects.create(
        year=2026, number=count + 1, site=site, language="kk", issued_at=NOW - 20 * DAY,
        first_deadline=first or deadline, deadline=deadline,
        state="withdrawn" if withdrawn else "issued", closed_at=NOW if withdrawn else None,
    )  # fmt: skip
    item = NoticeItem.objects.create(
        notice=notice, violation=violation, order=1, text="Exits are free", severity="minor",
        verified_at=verified,
    )  # fmt: skip
    if handed_in is not None:
        Remedy.objects.create(
            item=item, text="Cleared", handed_in_at=handed_in, state="accepted",
            decided_at=handed_in + DAY,
        )  # fmt: skip
    return item


def test_findings_count_by_the_day_proof_was_handed_in():
    due = date(2026, 3, 10)
    noon = datetime(2026, 3, 10, 7, tzinfo=UTC)
    make_item(due, handed_in=noon)
    make_item(due, handed_in=noon + DAY)
    make_item(due, verified=noon - DAY)
    make_item(due)
    make_item(due, withdrawn=True)
    # Extended from the first to the tenth: in time by the deadline, not by the first one.
    make_item(due, first=date(2026, 3, 1), handed_in=noon - 3 * DAY)
    make_item(date(2026, 4, 10), first=date(2026, 3, 20), handed_in=noon)
    now = come_to("findings_in_time.1")
    assert (now.counts["part"], now.counts["whole"]) == (3, 5)
    first = come_to("findings_in_time.2")
    assert (first.counts["part"], first.counts["whole"]) == (3, 6)
    # Accepted after the moment of the data: not known yet.
    assert come_to("findings_in_time.1", at=noon).counts["part"] == 2


def test_sites_are_overdue_as_they_stood_at_the_end_of_the_month():
    alga = make_place("Alga")
    listed = {"listed_at": NOW - 100 * DAY}
    overdue = make_site(**listed, next_due_on=date(2027, 4, 1), last_inspected_on=date(2026, 4, 3))
    make_inspection(overdue, finished_at=NOW - 60 * DAY, next_due_on=date(2026, 3, 31))
    make_inspection(overdue, finished_at=NOW + 32 * DAY, next_due_on=date(2027, 4, 1))
    make_site(**listed, next_due_on=date(2026, 4, 1))
    make_site(listed_at=NOW + 40 * DAY, next_due_on=date(2026, 3, 1))
    make_site(**listed, status=Site.Status.PROPOSED, next_due_on=date(2026, 3, 1))
    make_site(**listed, status=Site.Status.CLOSED, closed_at=NOW, next_due_on=date(2026, 3, 1))
    later = make_site(**listed, next_due_on=date(2027, 4, 1), last_inspected_on=date(2026, 4, 4))
    make_inspection(later, finished_at=NOW + 33 * DAY, next_due_on=date(2027, 4, 1))
    found = come_to("sites_overdue.1")
    assert (found.counts["part"], found.counts["whole"]) == (1, 2)
    assert found.counts["left_out"] == 1
    assert set(found.parts) == {alga.pk}


def test_warnings_are_timed_from_hand_over_to_approval_and_waiting_ones_stay_in():
    def approve(version, minutes):
        AlertVersion.objects.filter(pk=version.pk).update(
            state="approved", submitted_at=NOW - timedelta(minutes=minutes), approved_at=NOW,
            approved_by=make_user(Role.SECRETARY), signed_xml=b"signed",
        )  # fmt: skip

    approve(make_submitted(), 8)
    make_submitted(now=AFTER - timedelta(minutes=90) - 10 * DAY)
    approve(make_submitted(status="Exercise"), 3)
    found = come_to("alert_approval.1", target=10)
    assert found.counts["cases"] == 2
    assert found.counts["open"] == 1
    assert found.value == pytest.approx(8)
    reached = come_to("alert_delivery.1")
    assert reached.counts["cases"] == 1
    assert reached.value is None


def test_reach_is_per_thousand_who_live_there():
    place = make_place()
    source = get_or_create_source(actor=SYSTEM, name="Census", kind="agency", now=NOW)
    Population.objects.create(place=place, year=2025, count=20_000, source=source)
    make_activity(OUTCOME)
    make_activity()
    found = come_to("reach_per_head.1")
    assert found.value == pytest.approx(1000 * 40 / 20_000)
    assert found.counts == {"activities": 1, "reached": 40, "people": 20_000, "left_out": 1}


def test_open_questions_are_as_old_as_at_the_end_of_the_month():
    body = make_organisation()
    incident = make_incident()

    def ask(at):
        return questions.ask(
            actor=make_user(Role.SECRETARY), incident=incident, question="Who had the keys?",
            organisation=body, due_at=at + 3 * DAY, now=at,
        )  # fmt: skip

    ask(MARCH.end_at - 10 * DAY)
    closed = ask(MARCH.end_at - 20 * DAY)
    closed.state, closed.answer, closed.closed_at = "answered", "Nobody", MARCH.end_at + DAY
    closed.save()
    before = ask(MARCH.end_at - 30 * DAY)
    before.state, before.answer, before.closed_at = "answered", "Nobody", MARCH.end_at - DAY
    before.save()
    ask(MARCH.end_at + DAY)
    found = come_to("question_wait.1", target=15)
    assert found.value == pytest.approx(15)
    assert (found.n, found.low) == (2, None)
    assert found.parts[body.pk].part == 1


def test_a_decision_is_in_time_when_its_evidence_was_shown_by_the_day():
    secretary, worker = make_secretary(), make_user(Role.DUTY_OFFICER)
    for shown, accepted in ((5, True), (12, True), (5, False)):
        row = make_decision(secretary, worker.organisation, days=10)
        made = decisions.show_evidence(
            actor=worker, decision=row, text="Done", now=NOW + shown * DAY
        )
        if accepted:
            decisions.judge(
                actor=secretary, evidence=made, accepted=True, reason="", now=NOW + 14 * DAY
            )
    gone = make_decision(secretary, worker.organisation, days=10)
    decisions.cancel(actor=secretary, decision=gone, reason="No longer needed", now=NOW)
    make_decision(secretary, worker.organisation, days=40)
    found = come_to("decisions_in_time.1")
    assert (found.counts["part"], found.counts["whole"]) == (1, 3)
    assert set(found.parts) == {worker.organisation_id}
    assert come_to("decisions_in_time.1", at=NOW + 6 * DAY).counts["part"] == 0
