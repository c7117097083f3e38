"""Meetings need a quorum, nothing on an agenda is lost, decisions are owed and proved."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.commission_factories import (
    make_commission,
    make_decision,
    make_meeting,
    make_secretary,
)
from tests.support.factories import NOW, make_organisation, make_user

from qalqan.desk.commission.models import Agenda, Decision, DecisionStep, Evidence, Meeting
from qalqan.desk.commission.selectors import table as selectors
from qalqan.desk.commission.services import decisions, table
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.work.models import WorkItem
from qalqan.desk.platform.work.services import send_due_reminders
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary():
    return make_secretary()


@pytest.mark.parametrize(
    ("seats", "percent", "present", "enough"),
    [(3, 51, 2, True), (3, 51, 1, False), (4, 50, 2, True), (4, 51, 2, False), (5, 100, 5, True)],
)
def test_a_meeting_begins_with_a_quorum_only(secretary, seats, percent, present, enough):
    commission = make_commission(secretary, seats=seats, quorum_percent=percent)
    meeting = make_meeting(secretary, commission, begin=False)
    there = {seat.pk: "substitute" for seat in list(commission.seats.all())[:present]}
    if enough:
        begun = table.begin(actor=secretary, meeting=meeting, how=there, now=NOW)
        assert (begun.votes_present, begun.votes_of_all) == (present, seats)
    else:
        with pytest.raises(ConflictError, match="no quorum"):
            table.begin(actor=secretary, meeting=meeting, how=there, now=NOW)
        assert meeting.presences.count() == 0


def test_a_seat_without_a_vote_makes_no_quorum(secretary):
    commission = make_commission(secretary, seats=2, quorum_percent=100)
    guest = table.add_seat(
        actor=secretary, commission=commission, office="Guest", organisation=None, part="member",
        has_vote=False, since=date(2020, 1, 1), now=NOW,
    )  # fmt: skip
    meeting = make_meeting(secretary, commission, begin=False)
    with pytest.raises(ConflictError):
        table.begin(actor=secretary, meeting=meeting, how={guest.pk: "present"}, now=NOW)


def test_a_commission_has_one_chair(secretary):
    commission = make_commission(secretary)
    with pytest.raises(ConflictError, match="chair"):
        table.add_seat(
            actor=secretary, commission=commission, office="Another", organisation=None,
            part="chair", has_vote=True, since=date(2021, 1, 1), now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("way", ["close", "cancel"])
def test_what_is_not_treated_comes_first_next_time(secretary, way):
    commission = make_commission(secretary)
    first = make_meeting(secretary, commission, "One", "Two", begin=way == "close")
    if way == "close":
        one = first.agenda.get(title="One")
        table.conclude_item(actor=secretary, item=one, outcome="noted", said="", now=NOW)
        table.close_meeting(actor=secretary, meeting=first, now=NOW)
        left = ["Two"]
    else:
        table.cancel_meeting(actor=secretary, meeting=first, reason="Snow", now=NOW)
        left = ["One", "Two"]
    second = make_meeting(secretary, commission, begin=False)
    assert list(second.agenda.values_list("title", flat=True)) == left
    carried = second.agenda.get(title="Two")
    assert carried.carried_from.meeting == first
    assert carried.times_carried == 1
    assert list(selectors.backlog(secretary)) == []


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plan=st.lists(st.lists(st.sampled_from(["noted", "carried", "refused", ""]), max_size=4),
                     min_size=1, max_size=5))  # fmt: skip
def test_no_item_is_ever_lost(plan):
    with transaction.atomic():
        secretary = make_secretary()
        commission = make_commission(secretary)
        brought = 0
        for wave in plan:
            titles = [f"{brought + n}" for n in range(len(wave))]
            brought += len(wave)
            meeting = make_meeting(secretary, commission, *titles)
            for title, outcome in zip(titles, wave, strict=True):
                if outcome:
                    item = meeting.agenda.get(title=title)
                    table.conclude_item(
                        actor=secretary, item=item, outcome=outcome, said="", now=NOW
                    )
            table.close_meeting(actor=secretary, meeting=meeting, now=NOW)
        rows = Agenda.objects.filter(meeting__commission=commission)
        ended = rows.filter(outcome__in=["noted", "refused"]).count()
        waiting = len(table.backlog(commission))
        assert ended + waiting == brought
        transaction.set_rollback(True)


def test_more_votes_than_present_are_refused(secretary):
    commission = make_commission(secretary, seats=3)
    item = make_meeting(secretary, commission, "One").agenda.get()
    with pytest.raises(InputError) as refused:
        table.conclude_item(
            actor=secretary, item=item, outcome="noted", said="", votes=(3, 1, 0), now=NOW
        )
    assert refused.value.location.field == "votes_for"


def test_a_meeting_does_not_close_on_a_decision_without_words(secretary):
    commission = make_commission(secretary)
    meeting = make_meeting(secretary, commission, "One")
    item = meeting.agenda.get()
    table.conclude_item(actor=secretary, item=item, outcome="decided", said="", now=NOW)
    with pytest.raises(ConflictError, match="One"):
        table.close_meeting(actor=secretary, meeting=meeting, now=NOW)
    make_decision(secretary, make_organisation(), item=item)
    closed = table.close_meeting(actor=secretary, meeting=meeting, now=NOW)
    assert closed.state == Meeting.State.CLOSED


def test_nothing_moves_in_a_closed_meeting(secretary):
    commission = make_commission(secretary)
    meeting = make_meeting(secretary, commission, "One")
    item = meeting.agenda.get()
    table.conclude_item(actor=secretary, item=item, outcome="noted", said="", now=NOW)
    table.close_meeting(actor=secretary, meeting=meeting, now=NOW)
    with pytest.raises(ConflictError):
        table.add_item(actor=secretary, meeting=meeting, title="Two", now=NOW)
    with pytest.raises(ConflictError):
        table.conclude_item(actor=secretary, item=item, outcome="refused", said="", now=NOW)
    with pytest.raises(ConflictError):
        make_decision(secretary, make_organisation(), item=item)


def test_a_decision_is_owed_escalated_shown_and_closed_by_another(secretary):
    worker = make_user(Role.DUTY_OFFICER)
    row = make_decision(secretary, worker.organisation, days=3)
    assert row.work.organisation == worker.organisation
    late = NOW + timedelta(days=11)
    send_due_reminders(actor=decisions.DESK, now=late)
    work = WorkItem.objects.get(pk=row.work_id)
    assert work.escalation_level == 3
    assert row.days_late(late.date()) == 8

    shown = decisions.show_evidence(actor=worker, decision=row, text="Lamps stand", now=late)
    assert WorkItem.objects.filter(kind=decisions.JUDGE, state="open").count() == 1
    decisions.judge(actor=secretary, evidence=shown, accepted=False, reason="Dark", now=late)
    row.refresh_from_db()
    assert row.state == Decision.State.OPEN
    assert WorkItem.objects.get(pk=row.work_id).is_live

    again = decisions.show_evidence(actor=worker, decision=row, text="Lamps light", now=late)
    decisions.judge(actor=secretary, evidence=again, accepted=True, reason="", now=late)
    row.refresh_from_db()
    assert row.state == Decision.State.CLOSED
    assert not WorkItem.objects.get(pk=row.work_id).is_live
    assert not WorkItem.objects.filter(kind=decisions.JUDGE, state="open").exists()
    assert list(DecisionStep.objects.filter(decision=row).values_list("what", flat=True)) == [
        "decided", "shown", "refused", "shown", "accepted",
    ]  # fmt: skip
    found = selectors.standing(secretary, late.date())
    assert (found.live, found.closed, found.in_time) == (0, 1, 0)


def test_whoever_showed_evidence_does_not_judge_it(secretary):
    row = make_decision(secretary, secretary.organisation)
    shown = decisions.show_evidence(actor=secretary, decision=row, text="Done", now=NOW)
    with pytest.raises(RefusedError):
        decisions.judge(actor=secretary, evidence=shown, accepted=True, reason="", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=shown.pk).update(state="accepted", judged_by=secretary)


def test_another_body_shows_no_evidence(secretary):
    row = make_decision(secretary, make_organisation())
    with pytest.raises(RefusedError):
        decisions.show_evidence(
            actor=make_user(Role.DUTY_OFFICER), decision=row, text="Done", now=NOW
        )
    assert row.evidence.count() == 0


def test_a_new_date_begins_the_ladder_anew(secretary):
    row = make_decision(secretary, make_organisation(), days=2)
    old = row.work
    with pytest.raises(InputError):
        decisions.postpone(
            actor=secretary, decision=row, due_on=row.due_on, reason="Later", now=NOW
        )
    later = row.due_on + timedelta(days=20)
    moved = decisions.postpone(
        actor=secretary, decision=row, due_on=later, reason="Lamps are late", now=NOW
    )
    assert not WorkItem.objects.get(pk=old.pk).is_live
    assert moved.work.is_live
    assert moved.work.due_at.date() == later


@pytest.mark.parametrize("way", ["cancel", "replace"])
def test_a_decision_that_ends_owes_nothing_and_stays_on_record(secretary, way):
    worker = make_user(Role.DUTY_OFFICER)
    row = make_decision(secretary, worker.organisation)
    decisions.show_evidence(actor=worker, decision=row, text="Done", now=NOW)
    if way == "cancel":
        ended = decisions.cancel(actor=secretary, decision=row, reason="No ground", now=NOW)
    else:
        newer = make_decision(secretary, worker.organisation, item=row.item)
        with pytest.raises(InputError):
            decisions.replace(actor=secretary, decision=newer, by=row, reason="Old", now=NOW)
        ended = decisions.replace(actor=secretary, decision=row, by=newer, reason="New", now=NOW)
    assert not ended.is_live
    assert not WorkItem.objects.get(pk=row.work_id).is_live
    assert not WorkItem.objects.filter(kind=decisions.JUDGE, state="open").exists()
    with pytest.raises(ConflictError):
        decisions.cancel(actor=secretary, decision=row, reason="Again", now=NOW)


def test_numbers_of_decisions_have_no_gap(secretary):
    body = make_organisation()
    first = make_decision(secretary, body)
    with pytest.raises(InputError):
        make_decision(secretary, body, days=-5, item=first.item)
    second = make_decision(secretary, body, item=first.item)
    assert (first.number, second.number) == (1, 2)
    assert first.reference == "1/2026"
