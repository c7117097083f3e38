"""A matter's way from body to body: at each instant exactly one body holds it."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.agencies_factories import (
    SYSTEM,
    make_areas,
    make_body,
    make_matter,
    make_part,
    staff_of,
)
from tests.support.factories import NOW, make_user

from qalqan.desk.agencies.models import Body, HandOver, Matter
from qalqan.desk.agencies.selectors import matters as selectors
from qalqan.desk.agencies.services import handing
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError, InputError, QalqanError, RefusedError

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=5)


def three_bodies():
    areas = make_areas()
    first, second, third = make_body(), make_body(), make_body()
    make_part(first, areas["province"], "leads")
    make_part(second, areas["province"], "helps")
    make_part(third, areas["temir"], "helps")
    return first, second, third


def offered():
    first, second, third = three_bodies()
    matter = make_matter(first)
    offer = handing.hand_over(
        actor=staff_of(first), matter=matter, to_body=second, reason="It is yours", now=NOW
    )
    return matter, offer, (first, second, third)


def live(kind):
    return WorkItem.objects.filter(kind=kind, state__in=["open", "accepted"])


def test_a_matter_opens_with_the_lead_of_the_matrix_who_owes_it():
    first, _second, _third = three_bodies()
    matter = make_matter(None)
    assert matter.holder == first
    (item,) = live("agencies.see_to")
    assert (item.organisation, item.due_at) == (first.organisation, matter.due_at)
    assert AuditEntry.objects.filter(action="agencies.open_matter").count() == 1


def test_a_gap_and_a_double_lead_ask_for_a_name():
    areas = make_areas()
    with pytest.raises(InputError, match="Nobody leads"):
        make_matter(None)
    for _number in range(2):
        make_part(make_body(), areas["temir"])
    with pytest.raises(InputError, match="Several bodies lead"):
        make_matter(None)


def test_an_offer_leaves_the_matter_with_its_sender_and_starts_a_clock():
    matter, offer, (first, second, _third) = offered()
    matter.refresh_from_db()
    assert matter.holder == first
    (clock,) = live("agencies.answer")
    assert (clock.organisation, clock.due_at) == (second.organisation, offer.answer_by)
    assert offer.answer_by == NOW + timedelta(days=3)


def test_acceptance_moves_it_at_that_instant():
    matter, offer, (first, second, _third) = offered()
    handing.accept(actor=staff_of(second), offer=offer, now=LATER)
    matter.refresh_from_db()
    assert matter.holder == second
    (item,) = live("agencies.see_to")
    assert item.organisation == second.organisation
    assert not live("agencies.answer").exists()
    at = selectors.holder_at
    assert at(SYSTEM, matter, LATER - timedelta(microseconds=1)) == first
    assert at(SYSTEM, matter, LATER) == second


def test_a_refusal_needs_a_reason_and_goes_back_with_a_clock():
    matter, offer, (first, second, _third) = offered()
    staff = staff_of(second)
    with pytest.raises(InputError) as caught:
        handing.refuse(actor=staff, offer=offer, reason="  ", now=LATER)
    assert caught.value.location.field == "reason"
    assert handing.refuse(actor=staff, offer=offer, reason="No staff for it", now=LATER) is None
    matter.refresh_from_db()
    assert (matter.holder, matter.seeks_body) == (first, True)
    (find,) = live("agencies.find_body")
    assert (find.organisation, find.due_at) == (first.organisation, LATER + timedelta(days=1))


def test_a_refusal_goes_on_to_the_next_in_line_who_was_not_asked():
    matter, offer, (first, second, third) = offered()
    onward = handing.refuse(
        actor=staff_of(second), offer=offer, reason="Ask them", now=LATER, onward=True
    )
    assert (onward.from_body, onward.to_body, onward.state) == (first, third, "offered")
    back = handing.refuse(
        actor=staff_of(third), offer=onward, reason="Nor we", now=LATER, onward=True
    )
    assert back is None
    matter.refresh_from_db()
    assert (matter.holder, matter.seeks_body) == (first, True)


def test_another_body_takes_what_was_refused():
    matter, offer, (_first, second, third) = offered()
    handing.refuse(actor=staff_of(second), offer=offer, reason="No", now=LATER)
    handing.take(
        actor=staff_of(third), matter=matter, body=third, reason="We go there weekly",
        now=LATER + timedelta(hours=1),
    )  # fmt: skip
    matter.refresh_from_db()
    assert (matter.holder, matter.seeks_body) == (third, False)
    assert [row.state for row in selectors.hand_overs(SYSTEM, matter)] == ["refused", "taken"]
    assert not live("agencies.find_body").exists()


def test_taking_ends_an_open_offer_to_another():
    matter, offer, (_first, _second, third) = offered()
    handing.take(actor=staff_of(third), matter=matter, body=third, reason="Ours", now=LATER)
    offer.refresh_from_db()
    assert offer.state == "returned"
    with pytest.raises(ConflictError):
        handing.accept(actor=SYSTEM, offer=offer, now=LATER)


def test_nobody_takes_what_is_not_theirs_or_not_free():
    matter, _offer, (_first, _second, third) = offered()
    stranger = make_body()
    with pytest.raises(RefusedError, match="neither leads nor helps"):
        handing.take(actor=staff_of(stranger), matter=matter, body=stranger, reason="x", now=LATER)
    with pytest.raises(RefusedError, match="own staff"):
        handing.take(actor=staff_of(stranger), matter=matter, body=third, reason="x", now=LATER)
    free = make_matter(third)
    with pytest.raises(ConflictError, match="seeks no other"):
        handing.take(actor=SYSTEM, matter=free, body=make_lead(free), reason="x", now=LATER)


def make_lead(matter):
    body = make_body()
    make_part(body, matter.area, "helps")
    return body


def test_an_unanswered_offer_comes_back_and_can_be_accepted_no_more():
    matter, offer, (first, second, _third) = offered()
    assert handing.lapse_offers(actor=SYSTEM, now=offer.answer_by) == 0
    late = offer.answer_by + timedelta(seconds=1)
    with pytest.raises(ConflictError, match="run out"):
        handing.accept(actor=staff_of(second), offer=offer, now=late)
    assert handing.lapse_offers(actor=SYSTEM, now=late) == 1
    assert handing.lapse_offers(actor=SYSTEM, now=late) == 0
    matter.refresh_from_db()
    assert (matter.holder, matter.seeks_body) == (first, True)
    assert live("agencies.find_body").count() == 1


def test_only_the_bodies_own_people_act_and_the_secretary_for_a_body_without_accounts():
    matter, offer, (first, second, third) = offered()
    with pytest.raises(RefusedError):
        handing.accept(actor=staff_of(third), offer=offer, now=LATER)
    with pytest.raises(RefusedError):
        handing.take_back(actor=staff_of(second), offer=offer, reason="x", now=LATER)
    handing.take_back(actor=staff_of(first), offer=offer, reason="Sent by mistake", now=LATER)
    by_post = make_body(staffed=False)
    letter = handing.hand_over(
        actor=staff_of(first), matter=matter, to_body=by_post, reason="By letter", now=LATER
    )
    handing.accept(actor=make_user(Role.SECRETARY), offer=letter, now=LATER)
    matter.refresh_from_db()
    assert matter.holder == by_post


def test_a_groups_worker_answers_only_with_the_right():
    first, group = make_body(), make_body(kind="civil")
    matter = make_matter(first)
    offer = handing.hand_over(actor=SYSTEM, matter=matter, to_body=group, reason="x", now=NOW)
    without = staff_of(group, Role.GROUP_WORKER)
    with pytest.raises(RefusedError):
        handing.accept(actor=without, offer=offer, now=LATER)
    assert not Matter.objects.visible_to(without).exists()
    trusted = staff_of(group, Role.GROUP_WORKER, "answer")
    assert Matter.objects.visible_to(trusted).count() == 1
    handing.accept(actor=trusted, offer=offer, now=LATER)
    matter.refresh_from_db()
    assert matter.holder == group


def test_a_closed_body_gets_nothing_to_hold():
    matter, offer, (first, second, _third) = offered()
    Body.objects.filter(pk=second.pk).update(closed_on=NOW.date())
    for act in (
        lambda: handing.accept(actor=SYSTEM, offer=offer, now=LATER),
        lambda: handing.take(actor=SYSTEM, matter=matter, body=second, reason="x", now=LATER),
    ):
        with pytest.raises(ConflictError):
            act()
    matter.refresh_from_db()
    assert matter.holder == first


def test_a_closed_matter_stays_closed():
    matter, offer, (first, _second, third) = offered()
    handing.close_matter(actor=staff_of(first), matter=matter, outcome="Club is open", now=LATER)
    offer.refresh_from_db()
    assert offer.state == "returned"
    assert not WorkItem.objects.filter(state__in=["open", "accepted"]).exists()
    for act in (
        lambda: handing.close_matter(actor=SYSTEM, matter=matter, outcome="x", now=LATER),
        lambda: handing.hand_over(actor=SYSTEM, matter=matter, to_body=third, reason="x",
                                  now=LATER),
    ):  # fmt: skip
        with pytest.raises(ConflictError):
            act()
    matter.refresh_from_db()
    assert selectors.holder_at(SYSTEM, matter, LATER) is None


def test_the_database_itself_refuses_two_open_offers_a_matter_without_holder_and_two_holders():
    matter, offer, (first, second, third) = offered()
    for wrong in (
        lambda: HandOver.objects.create(matter=matter, from_body=first, to_body=third, reason="x",
                                        offered_at=NOW, answer_by=LATER),
        lambda: HandOver.objects.create(matter=matter, from_body=first, to_body=first, reason="x",
                                        offered_at=NOW, answer_by=LATER, state="taken",
                                        answered_at=NOW),
        lambda: Matter.objects.filter(pk=matter.pk).update(holder=None),
        lambda: matter.holdings.create(body=second, since=NOW, place_in_line=2),
        lambda: matter.holdings.create(body=second, since=LATER, place_in_line=1),
        lambda: HandOver.objects.filter(pk=offer.pk).update(state="accepted"),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["offer", "accept", "refuse", "onward", "back", "take", "lapse", "close"]),
        st.integers(0, 2),
        st.integers(0, 100),
    ),
    max_size=14,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_is_done_exactly_one_body_holds_it_from_opening_to_closing(acts):
    """Model: who held it when, kept beside the desk by the acts that succeeded."""
    with transaction.atomic():
        bodies = three_bodies()
        matter, now = make_matter(bodies[0]), NOW
        expected = [(NOW, bodies[0].pk)]
        for name, which, hours in acts:
            now += timedelta(hours=hours)
            try:
                moved = do(name, matter, bodies[which], now)
            except QalqanError:
                moved = None
            if moved:
                expected.append((max(now, expected[-1][0] + timedelta(microseconds=1)), moved))
        matter.refresh_from_db()
        held = selectors.holders(SYSTEM, matter)
        assert [(one.since, one.body.pk) for one in held] == expected
        assert all(one.until == two.since for one, two in pairwise(held))
        assert held[-1].until == matter.closed_at
        assert matter.holder_id == expected[-1][1]
        assert matter.hand_overs.filter(state="offered").count() <= 1
        clocks = live("agencies.see_to").filter(subject=f"agencies.matter:{matter.pk}")
        assert [one.organisation for one in clocks] == (
            [matter.holder.organisation] if matter.state == "open" else []
        )
        transaction.set_rollback(True)


def do(name, matter, body: Body, now):
    """Do one act; return the body that holds the matter because of it, or nothing."""
    offer = matter.hand_overs.filter(state="offered").first()
    if name == "offer":
        handing.hand_over(actor=SYSTEM, matter=matter, to_body=body, reason="x", now=now)
    elif name == "take":
        handing.take(actor=SYSTEM, matter=matter, body=body, reason="x", now=now)
        return body.pk
    elif name == "lapse":
        handing.lapse_offers(actor=SYSTEM, now=now)
    elif name == "close":
        handing.close_matter(actor=SYSTEM, matter=matter, outcome="x", now=now)
    elif offer is not None and name == "accept":
        handing.accept(actor=SYSTEM, offer=offer, now=now)
        return offer.to_body_id
    elif offer is not None and name in ("refuse", "onward"):
        handing.refuse(actor=SYSTEM, offer=offer, reason="x", now=now, onward=name == "onward")
    elif offer is not None:
        handing.take_back(actor=SYSTEM, offer=offer, reason="x", now=now)
    return None
