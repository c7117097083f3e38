"""Finding, notice, remedy: numbers without gaps, clocks, proofs checked by another person."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError as DatabaseRefusal
from django.test import Client
from django.urls import reverse
from tests.desk.protection.test_sync import answered, payload, short_version, take
from tests.support.factories import NOW, make_organisation, make_user, sign_in
from tests.support.protection_factories import SYSTEM, make_site, picture_bytes

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.work.models import WorkItem
from qalqan.desk.protection.models import Notice, NoticeStep, Remedy, Violation
from qalqan.desk.protection.selectors import notices as selectors
from qalqan.desk.protection.services import notices, remedy
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def found():
    """Return an inspector, a site and its violation."""
    inspector, site, version = make_user(Role.INSPECTOR), make_site(), short_version()
    fail(inspector, site, version)
    return inspector, site, Violation.objects.get()


def fail(inspector, site, version, at=NOW, value="no"):
    body = payload(site, version, at=at, answers=answered(exits=value, guards="0", door="yes"))
    return take(inspector, body, now=at).inspection


def issue(inspector, site, violations, at=NOW, days=10, language="en"):
    return notices.issue_notice(
        actor=inspector, site=site, violations=violations, language=language,
        deadline=(at + days * DAY).date(), now=at,
    )  # fmt: skip


def hand_in(item, actor, at=NOW + DAY, files=()):
    return remedy.hand_in(actor=actor, item=item, text="Boxes removed", files=files, now=at)


def decide(row, actor, at=NOW + 2 * DAY, accepted=True, reason=""):
    return remedy.decide_remedy(actor=actor, remedy=row, accepted=accepted, reason=reason, now=at)


def test_a_notice_has_a_number_a_deadline_and_somebody_who_owes_it(found):
    inspector, site, violation = found
    notice = issue(inspector, site, [violation])
    violation.refresh_from_db()
    assert notice.reference == "2026-0001"
    assert violation.state == "notified"
    work = WorkItem.objects.get(kind=notices.OWED)
    assert work.organisation == inspector.organisation
    # The end of the tenth day in Aktobe, five hours before UTC.
    assert work.due_at.isoformat() == "2026-03-12T19:00:00+00:00"


def test_numbers_have_no_gap_when_an_act_fails(found):
    inspector, site, violation = found
    with pytest.raises(InputError):
        issue(inspector, site, [violation], days=0)
    with pytest.raises(InputError):
        issue(inspector, site, [violation], days=500)
    with transaction.atomic():
        issue(inspector, site, [violation])
        transaction.set_rollback(True)
    first = issue(inspector, site, [violation])
    notices.withdraw_notice(actor=inspector, notice=first, reason="Wrong site", now=NOW)
    second = issue(inspector, site, [violation])
    other = make_site()
    fail(inspector, other, second.items.get().violation.question.version, at=NOW + 330 * DAY)
    next_year = issue(inspector, other, [Violation.objects.get(site=other)], at=NOW + 330 * DAY)
    assert [first.number, second.number, next_year.number] == [1, 2, 1]
    assert next_year.year == 2027


def test_a_violation_is_under_one_notice_at_a_time(found):
    inspector, site, violation = found
    issue(inspector, site, [violation])
    with pytest.raises(ConflictError):
        issue(inspector, site, [violation])
    with pytest.raises(InputError):
        issue(inspector, make_site(), [violation])


def test_an_extension_needs_a_reason_and_a_later_day_and_starts_the_ladder_anew(found):
    inspector, site, violation = found
    notice = issue(inspector, site, [violation])
    notices.send_reminders(actor=SYSTEM, now=NOW + 9 * DAY)
    later = {"actor": inspector, "notice": notice, "now": NOW + 9 * DAY}
    with pytest.raises(InputError):
        notices.extend_notice(**later, deadline=notice.deadline, reason="Parts are late")
    with pytest.raises(InputError):
        notices.extend_notice(**later, deadline=notice.deadline + 9 * DAY, reason=" ")
    moved = notices.extend_notice(
        **later, deadline=notice.deadline + 20 * DAY, reason="Parts are late"
    )
    assert moved.first_deadline == notice.deadline
    live = WorkItem.objects.filter(kind=notices.OWED, state="open")
    assert live.get().due_at == notices.due_at(moved.deadline)
    assert notices.send_reminders(actor=SYSTEM, now=NOW + 10 * DAY) == 0
    assert notices.send_reminders(actor=SYSTEM, now=NOW + 17 * DAY) == 1


def test_reminders_come_before_and_ever_after_each_once(found):
    inspector, site, violation = found
    notice = issue(inspector, site, [violation], days=20)
    told = []
    for day in range(60):
        for _again in range(2):
            notices.send_reminders(actor=SYSTEM, now=NOW + day * DAY)
        newest = NoticeStep.objects.filter(kind="reminded").order_by("-pk").first()
        if newest and newest.at == NOW + day * DAY:
            told.append((day - 20, newest.audience))
    assert told == [
        (-14, "owner"), (-7, "owner"), (-1, "owner"), (1, "owner"), (3, "body"),
        (7, "commission"), (14, "commission"), (21, "commission"), (28, "commission"),
        (35, "commission"),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(action="protection.remind").count() == len(told)
    assert notice.steps.filter(kind="reminded").count() == len(told)


def test_missed_rungs_are_not_made_up_for_one_by_one(found):
    inspector, site, violation = found
    issue(inspector, site, [violation])
    assert notices.send_reminders(actor=SYSTEM, now=NOW + 18 * DAY) == 1
    assert NoticeStep.objects.get(kind="reminded").audience == "commission"


def test_a_proof_is_checked_by_another_person_and_closes_the_notice(found):
    inspector, site, violation = found
    notice = issue(inspector, site, [violation])
    item, checker = notice.items.get(), make_user(Role.INSPECTOR)
    proof = hand_in(item, make_user(Role.DUTY_OFFICER), files=[("a.jpg", picture_bytes())])
    notice.refresh_from_db()
    assert (notice.state, proof.files.count()) == ("answered", 1)
    for somebody in (inspector, proof.handed_in_by):
        with pytest.raises(RefusedError):
            decide(proof, somebody)
    decide(proof, checker)
    notice.refresh_from_db()
    violation.refresh_from_db()
    assert (notice.state, violation.state) == ("mended", "verified")
    assert notice.mended_on == (NOW + DAY).date()
    assert not WorkItem.objects.filter(state__in=["open", "accepted"]).exists()
    with pytest.raises(ConflictError):
        decide(proof, checker)


def test_the_database_refuses_that_one_person_hands_in_and_checks(found):
    inspector, site, violation = found
    officer = make_user(Role.DUTY_OFFICER)
    proof = hand_in(issue(inspector, site, [violation]).items.get(), officer)
    with pytest.raises(DatabaseRefusal), transaction.atomic():
        Remedy.objects.filter(pk=proof.pk).update(
            decided_by=officer, decided_at=NOW, state="accepted"
        )


def test_a_returned_proof_needs_a_reason_and_may_be_followed_by_another(found):
    inspector, site, violation = found
    item = issue(inspector, site, [violation]).items.get()
    officer, checker = make_user(Role.DUTY_OFFICER), make_user(Role.INSPECTOR)
    proof = hand_in(item, officer)
    with pytest.raises(ConflictError):
        hand_in(item, officer)
    with pytest.raises(InputError):
        decide(proof, checker, accepted=False)
    decide(proof, checker, accepted=False, reason="The picture shows another door.")
    assert Notice.objects.get().state == "issued"
    decide(hand_in(item, officer, at=NOW + 3 * DAY), checker, at=NOW + 4 * DAY)
    assert Notice.objects.get().mended_on == (NOW + 3 * DAY).date()


def test_what_fails_again_is_reopened_not_entered_anew(found):
    inspector, site, violation = found
    notice = issue(inspector, site, [violation])
    proof = hand_in(notice.items.get(), make_user(Role.DUTY_OFFICER))
    decide(proof, make_user(Role.INSPECTOR))
    fail(inspector, site, violation.question.version, at=NOW + 30 * DAY)
    violation.refresh_from_db()
    assert Violation.objects.count() == 1
    assert (violation.state, violation.times_reopened, violation.times_found) == ("reopened", 1, 2)
    assert notice.steps.filter(kind="recurred").exists()
    assert issue(inspector, site, [violation], at=NOW + 31 * DAY).number == 2


def test_an_old_inspection_that_comes_late_reopens_nothing(found):
    inspector, site, violation = found
    version = violation.question.version
    proof = hand_in(issue(inspector, site, [violation]).items.get(), make_user(Role.DUTY_OFFICER))
    decide(proof, make_user(Role.INSPECTOR))
    late = payload(site, version, at=NOW + DAY, answers=answered(exits="no", guards="0", door="no"))
    take(inspector, {**late, "sent_at": (NOW + 5 * DAY).isoformat()}, now=NOW + 5 * DAY)
    violation.refresh_from_db()
    assert (violation.state, violation.times_found) == ("verified", 2)


def test_a_proof_that_an_inspection_contradicts_cannot_be_accepted(found):
    inspector, site, violation = found
    proof = hand_in(issue(inspector, site, [violation]).items.get(), make_user(Role.DUTY_OFFICER))
    fail(inspector, site, violation.question.version, at=NOW + 2 * DAY)
    with pytest.raises(ConflictError):
        decide(proof, make_user(Role.INSPECTOR), at=NOW + 3 * DAY)


def test_passing_settles_what_nobody_was_notified_of_and_nothing_else(found):
    inspector, site, violation = found
    version = violation.question.version
    fail(inspector, site, version, at=NOW + DAY, value="yes")
    violation.refresh_from_db()
    assert violation.state == "verified"
    fail(inspector, site, version, at=NOW + 2 * DAY)
    violation.refresh_from_db()
    issue(inspector, site, [violation], at=NOW + 2 * DAY)
    fail(inspector, site, version, at=NOW + 3 * DAY, value="yes")
    violation.refresh_from_db()
    assert violation.state == "notified"


def test_the_clocks_count_what_they_say(found):
    inspector, site, violation = found
    first = issue(inspector, site, [violation])
    clocks = selectors.clocks(inspector, NOW + 12 * DAY)
    assert (clocks.live, clocks.overdue, clocks.median_age, clocks.oldest_age) == (1, 1, 12, 12)
    assert (clocks.in_time.part, clocks.in_time.whole) == (0, 1)
    extended = notices.extend_notice(
        actor=inspector, notice=first, deadline=(NOW + 20 * DAY).date(), reason="Parts",
        now=NOW + 12 * DAY,
    )  # fmt: skip
    proof = hand_in(extended.items.get(), make_user(Role.DUTY_OFFICER), at=NOW + 15 * DAY)
    decide(proof, make_user(Role.INSPECTOR), at=NOW + 25 * DAY)
    clocks = selectors.clocks(inspector, NOW + 26 * DAY)
    # Handed in by the later deadline, checked after it; late by the first.
    assert (clocks.in_time.part, clocks.in_first_time.part) == (1, 0)
    assert clocks.live == 0


def test_wilson_intervals_are_those_of_the_textbook():
    # Newcombe 1998, table I: 81 of 263 and 15 of 148, Wilson score without correction.
    for part, whole, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)):
        found = selectors.share(part, whole)
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_an_owner_with_an_account_sees_their_own_notices_only(found):
    inspector, site, violation = found
    body = make_organisation()
    site.owner = body
    site.save()
    notice = issue(inspector, site, [violation])
    mine = make_user(Role.SITE_OWNER, organisation=body)
    other = make_user(Role.SITE_OWNER)
    assert selectors.notice_for(mine, notice.pk) == notice
    assert selectors.notice_for(other, notice.pk) is None
    with pytest.raises(RefusedError):
        hand_in(notice.items.get(), other)
    assert hand_in(notice.items.get(), mine).handed_in_by == mine


def test_pages_of_a_notice_from_finding_to_paper(found):
    inspector, site, violation = found
    client = sign_in(Client(), inspector)
    issued = client.post(
        reverse("protection:site_violations", args=[site.pk]),
        {"violations": [violation.pk], "language": "kk", "deadline": "2200-01-01"},
    )
    assert issued.status_code == 422
    notice = issue(inspector, site, [violation], language="kk")
    page = client.get(notice.get_absolute_url()).content.decode()
    assert "2026-0001" in page
    pdf = client.get(reverse("protection:notice_pdf", args=[notice.pk]))
    assert pdf.content.startswith(b"%PDF")
    assert pdf.content == client.get(reverse("protection:notice_pdf", args=[notice.pk])).content
    reads = AuditEntry.objects.filter(subject=f"protection.notice:{notice.pk}")
    assert reads.filter(action="protection.read").count() == 3
    commission = sign_in(Client(), make_user(Role.SECRETARY))
    seen = commission.get(notice.get_absolute_url()).content.decode()
    assert "Boxes" not in seen
    assert violation.question.text not in [line.strip() for line in seen.splitlines()]
    assert commission.get(reverse("protection:violations")).status_code == 403


def test_the_page_of_a_site_leads_to_what_is_open_there_for_those_who_may_see_it(found):
    inspector, site, violation = found
    clients = {
        role: sign_in(Client(), make_user(role))
        for role in (Role.INSPECTOR, Role.SECRETARY, Role.ANALYST)
    }
    at = {role: lambda c=c: c.get(site.get_absolute_url()).content.decode()
          for role, c in clients.items()}  # fmt: skip
    leads = f'href="{reverse("protection:site_violations", args=[site.pk])}"'
    assert leads in at[Role.INSPECTOR]()
    assert leads not in at[Role.SECRETARY]()
    notice = issue(inspector, site, [violation])
    assert leads not in at[Role.INSPECTOR]()
    for role in (Role.INSPECTOR, Role.SECRETARY):
        assert f'href="{notice.get_absolute_url()}"' in at[role]()
    shown = at[Role.ANALYST]()
    assert notice.reference not in shown
    assert "Open notices" not in shown
