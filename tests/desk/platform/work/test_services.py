"""Work is owed by somebody, handed over only with consent, and never forgotten."""

from datetime import timedelta

import pytest
from tests.support.factories import NOW, make_organisation, make_user

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.work import selectors, services
from qalqan.desk.platform.work.models import HandOver, Reminder, WorkItem
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
DESK = SystemActor("test")
DAY = timedelta(days=1)


def owe(**fields):
    fields = {
        "kind": "rumours.answer",
        "title": "Answer the rumour about the bridge",
        "subject": "rumours.claim:7",
        "owner": None,
        "organisation": None,
        "due_at": NOW + 3 * DAY,
        "now": NOW,
    } | fields
    if fields["owner"] is None and fields["organisation"] is None:
        fields["organisation"] = make_organisation()
    return services.open_item(actor=DESK, **fields)


def test_work_of_a_person_is_work_of_the_persons_body_too():
    officer = make_user(Role.DUTY_OFFICER)
    item = owe(owner=officer)
    assert item.organisation == officer.organisation
    assert AuditEntry.objects.order_by("sequence").last().action == "work.open_item"


@pytest.mark.parametrize(
    "fields",
    [{"title": " "}, {"title": "x" * 201}, {"url": "https://evil.example/"}, {"url": "//e"}],
)
def test_work_that_cannot_be_done_is_not_opened(fields):
    with pytest.raises(InputError):
        owe(**fields)
    assert not WorkItem.objects.exists()


def test_work_without_anybody_who_owes_it_is_refused():
    with pytest.raises(InputError):
        services.open_item(
            actor=DESK, kind="x.y", title="x", subject="x", owner=None, organisation=None,
            due_at=NOW, now=NOW,
        )  # fmt: skip


def test_a_colleague_takes_it_and_nobody_takes_it_twice():
    body = make_organisation()
    one, two = (make_user(Role.INSPECTOR, organisation=body) for _ in range(2))
    item = owe(organisation=body)
    assert services.accept(actor=one, item=item, now=NOW).owner == one
    with pytest.raises(ConflictError):
        services.accept(actor=two, item=item, now=NOW)


def test_strangers_neither_see_nor_change_it():
    item, stranger = owe(), make_user(Role.ANALYST)
    assert selectors.item_for(stranger, item.pk) is None
    with pytest.raises(RefusedError):
        services.close_item(actor=stranger, item=item, outcome="done", now=NOW)
    assert selectors.item_for(make_user(Role.SECRETARY), item.pk) == item


def test_an_auditor_sees_all_and_changes_nothing():
    item, auditor = owe(), make_user(Role.AUDITOR)
    assert list(selectors.items(auditor)) == [item]
    with pytest.raises(RefusedError):
        services.accept(actor=auditor, item=item, now=NOW)


def test_a_hand_over_moves_the_work_only_when_it_is_accepted():
    giver, taker = make_user(Role.INSPECTOR), make_user(Role.INSPECTOR)
    item = owe(owner=giver)
    offer = services.hand_over(
        actor=giver, item=item, organisation=taker.organisation, reason="Your area", now=NOW
    )
    item.refresh_from_db()
    assert item.organisation == giver.organisation
    assert selectors.item_for(taker, item.pk) == item
    with pytest.raises(RefusedError):
        services.accept_hand_over(actor=giver, offer=offer, now=NOW)
    services.accept_hand_over(actor=taker, offer=offer, now=NOW + DAY)
    item.refresh_from_db()
    assert (item.organisation, item.owner, item.state) == (taker.organisation, None, "open")
    assert selectors.item_for(giver, item.pk) is None


def test_a_refused_hand_over_leaves_the_work_where_it_was():
    giver, taker = make_user(Role.INSPECTOR), make_user(Role.INSPECTOR)
    item = owe(owner=giver)
    offer = services.hand_over(
        actor=giver, item=item, organisation=taker.organisation, reason="Your area", now=NOW
    )
    with pytest.raises(InputError):
        services.refuse_hand_over(actor=taker, offer=offer, reason=" ", now=NOW)
    services.refuse_hand_over(actor=taker, offer=offer, reason="Not our area", now=NOW)
    with pytest.raises(ConflictError):
        services.accept_hand_over(actor=taker, offer=offer, now=NOW)
    item.refresh_from_db()
    assert item.owner == giver
    assert selectors.item_for(taker, item.pk) is None


def test_one_offer_at_a_time_and_not_to_oneself():
    giver, taker = make_user(Role.INSPECTOR), make_user(Role.INSPECTOR)
    item = owe(owner=giver)
    with pytest.raises(InputError):
        services.hand_over(
            actor=giver, item=item, organisation=giver.organisation, reason="x", now=NOW
        )
    for expected in (None, ConflictError):
        options = {"actor": giver, "item": item, "organisation": taker.organisation,
                   "reason": "x", "now": NOW}  # fmt: skip
        if expected is None:
            services.hand_over(**options)
        else:
            with pytest.raises(expected):
                services.hand_over(**options)


def test_closing_ends_an_open_offer_and_cannot_be_done_twice():
    giver, taker = make_user(Role.INSPECTOR), make_user(Role.INSPECTOR)
    item = owe(owner=giver)
    offer = services.hand_over(
        actor=giver, item=item, organisation=taker.organisation, reason="x", now=NOW
    )
    services.close_item(actor=giver, item=item, outcome="Answered", now=NOW)
    offer.refresh_from_db()
    assert offer.state == HandOver.State.REFUSED
    with pytest.raises(ConflictError):
        services.close_item(actor=giver, item=item, outcome="Again", now=NOW)


def test_the_ladder_reminds_before_at_and_ever_after_the_due_time():
    item = owe(due_at=NOW)
    sent = {}
    for hours in range(-48, 24 * 30, 6):
        moment = NOW + timedelta(hours=hours)
        if services.send_due_reminders(actor=DESK, now=moment):
            sent[hours // 24] = item.reminders.latest("step").audience
    assert sent == {
        -1: "owner",
        0: "owner",
        1: "owner",
        3: "organisation",
        7: "commission",
        14: "commission",
        21: "commission",
        28: "commission",
    }
    item.refresh_from_db()
    assert item.escalation_level == 3


def test_a_reminder_is_sent_once_whatever_often_the_worker_runs():
    owe(due_at=NOW)
    assert services.send_due_reminders(actor=DESK, now=NOW) == 1
    assert services.send_due_reminders(actor=DESK, now=NOW) == 0
    assert Reminder.objects.count() == 1


def test_a_desk_that_was_off_sends_only_the_highest_step():
    item = owe(due_at=NOW - 10 * DAY)
    assert services.send_due_reminders(actor=DESK, now=NOW) == 1
    assert [r.step for r in item.reminders.all()] == [3]


def test_closed_work_is_not_reminded_of():
    item = owe(due_at=NOW)
    services.close_item(actor=DESK, item=item, outcome="Done", now=NOW)
    assert services.send_due_reminders(actor=DESK, now=NOW + 8 * DAY) == 0
    assert list(selectors.overdue(DESK, NOW + 8 * DAY)) == []


def test_overdue_is_what_is_owed_and_late():
    late, _soon = owe(due_at=NOW - DAY), owe(due_at=NOW + DAY)
    assert list(selectors.overdue(DESK, NOW)) == [late]
