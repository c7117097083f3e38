"""The commission closes a recommendation, never its addressee; lessons are found again."""

from datetime import timedelta

import pytest
from tests.support.commission_factories import make_review, make_secretary
from tests.support.factories import NOW, make_organisation, make_user

from qalqan.desk.commission.models import Recommendation
from qalqan.desk.commission.selectors import lessons as selectors
from qalqan.desk.commission.services import lessons
from qalqan.desk.commission.states import may_follow
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
State = Recommendation.State
DUE = (NOW + timedelta(days=30)).date()


@pytest.fixture
def secretary():
    return make_secretary()


def issue(secretary, addressee, text="Unlock the side gate while the market is open"):
    return lessons.recommend(
        actor=secretary, review=make_review(secretary), text=text, addressee=addressee,
        due_on=DUE, now=NOW,
    )  # fmt: skip


def test_refused_answered_closed_and_opened_again(secretary):
    worker = make_user(Role.INSPECTOR)
    row = issue(secretary, worker.organisation)
    assert WorkItem.objects.get(pk=row.work_id).organisation == worker.organisation
    with pytest.raises(ConflictError):
        lessons.rule(
            actor=secretary, recommendation=row, state=State.CLOSED, reason="Good", now=NOW
        )
    lessons.respond(actor=worker, recommendation=row, text="We will not", now=NOW)
    assert not WorkItem.objects.get(pk=row.work_id).is_live
    row = lessons.rule(
        actor=secretary, recommendation=row, state=State.UNACCEPTABLE, reason="No ground",
        due_on=DUE, now=NOW,
    )  # fmt: skip
    assert WorkItem.objects.get(pk=row.work_id).is_live
    lessons.respond(actor=worker, recommendation=row, text="The gate is open now", now=NOW)
    row = lessons.rule(
        actor=secretary, recommendation=row, state=State.CLOSED, reason="Seen", now=NOW
    )
    assert row.closed_at == NOW
    with pytest.raises(ConflictError):
        lessons.respond(actor=worker, recommendation=row, text="More", now=NOW)
    row = lessons.rule(
        actor=secretary, recommendation=row, state=State.AWAIT, reason="Locked again",
        due_on=DUE, now=NOW,
    )  # fmt: skip
    assert row.is_open
    assert row.closed_at is None
    assert [step.state_after for step in row.steps.all()] == [
        "open_await", "open_await", "open_unacceptable", "open_unacceptable",
        "closed_acceptable", "open_await",
    ]  # fmt: skip


def test_the_addressee_does_not_rule_and_others_do_not_answer(secretary):
    worker = make_user(Role.INSPECTOR)
    row = issue(secretary, worker.organisation)
    with pytest.raises(RefusedError):
        lessons.rule(
            actor=worker, recommendation=row, state=State.NOT_APPLICABLE, reason="No", now=NOW
        )
    with pytest.raises(RefusedError):
        lessons.respond(actor=make_user(Role.INSPECTOR), recommendation=row, text="Yes", now=NOW)


def test_an_open_ruling_says_until_when(secretary):
    row = issue(secretary, make_organisation())
    with pytest.raises(InputError) as refused:
        lessons.rule(
            actor=secretary, recommendation=row, state=State.UNACCEPTABLE, reason="Late", now=NOW
        )
    assert refused.value.location.field == "due_on"
    row.refresh_from_db()
    assert row.state == State.AWAIT
    assert WorkItem.objects.get(pk=row.work_id).is_live


@pytest.mark.parametrize("before", State.values)
@pytest.mark.parametrize("after", State.values)
def test_what_is_closed_opens_before_it_closes_otherwise(before, after):
    for answered in (False, True):
        if before == after or (before[:6] == after[:6] == "closed"):
            assert not may_follow(before, after, answered)
        elif before.startswith("closed_"):
            assert may_follow(before, after, answered)


@pytest.mark.parametrize("praise", [State.EXCEEDS, State.CLOSED, State.CLOSED_ALTERNATE,
                                    State.ACCEPTABLE, State.ALTERNATE])  # fmt: skip
def test_nothing_is_praised_without_a_response(praise):
    assert not may_follow(State.AWAIT, praise, has_response=False)
    assert may_follow(State.AWAIT, praise, has_response=True)


def test_a_review_closes_with_a_finding_and_its_cause(secretary):
    review = make_review(secretary)
    with pytest.raises(ConflictError):
        lessons.close_review(actor=secretary, review=review, now=NOW)
    with pytest.raises(InputError) as refused:
        lessons.add_cause(
            actor=secretary, review=review, question="Why?", finding="Locked", cause="",
            went_well=False, now=NOW,
        )  # fmt: skip
    assert refused.value.location.field == "cause"
    lessons.add_cause(
        actor=secretary, review=review, question="Who called?", finding="In two minutes",
        cause="", went_well=True, now=NOW,
    )  # fmt: skip
    closed = lessons.close_review(actor=secretary, review=review, now=NOW)
    assert closed.state == "closed"
    with pytest.raises(ConflictError):
        lessons.add_cause(
            actor=secretary, review=review, question="More?", finding="x", cause="y",
            went_well=False, now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "hits"), [("базарда", 1), ("БАЗАР", 1), ("эвакуация базар", 1), ("мектеп", 0)]
)
def test_a_lesson_is_found_again_by_the_beginning_of_its_words(secretary, query, hits):
    make_review(secretary, "Базардағы эвакуация")
    assert selectors.reviews(secretary, query).count() == hits


def test_a_review_of_the_future_is_refused(secretary):
    with pytest.raises(InputError) as refused:
        make_review(secretary, happened_on=(NOW + timedelta(days=2)).date())
    assert refused.value.location.field == "happened_on"
