"""The life of a flash-point: each step by the right people, in the right order, on the record."""

from datetime import timedelta

import pytest
from tests.support.factories import NOW, make_user
from tests.support.flashpoints_factories import make_flash_point, plant, scan

from qalqan.desk.flashpoints import selectors, services
from qalqan.desk.flashpoints.models import FlashPoint, FlashPointStep, Judgement
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.audit.services import verify
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db


@pytest.fixture
def flash_point():
    return make_flash_point()


@pytest.fixture
def duty():
    return make_user(Role.DUTY_OFFICER)


def review(actor, flash_point, judgement="real", **fields):
    fields = {"reason": "Police confirm three of them.", "now": NOW} | fields
    return services.review(actor=actor, flash_point=flash_point, judgement=judgement, **fields)


def decide(actor, flash_point, **fields):
    fields = {
        "decision": "Patrols until Friday.", "title": "Patrols in Mugalzhar", "owner": actor,
        "organisation": None, "due_at": NOW + timedelta(days=2), "now": NOW,
    } | fields  # fmt: skip
    return services.decide(actor=actor, flash_point=flash_point, **fields)


def close(actor, flash_point, **fields):
    fields = {"reason": "Quiet for two weeks.", "now": NOW} | fields
    return services.close(actor=actor, flash_point=flash_point, **fields)


def test_from_new_over_review_and_decision_to_closed(flash_point, duty):
    analyst = make_user(Role.ANALYST)
    assert flash_point.state == "new"
    assert review(analyst, flash_point).state == "reviewed"
    assert decide(duty, flash_point).state == "decided"
    assert close(duty, flash_point).state == "closed"
    steps = selectors.steps_of(duty, flash_point)
    assert [step.kind for step in steps] == ["opened", "reviewed", "decided", "closed"]
    assert [step.recorded_by for step in steps] == [None, analyst, duty, duty]
    assert [step.number for step in steps] == [1, 2, 3, 4]
    assert steps[1].text == "Police confirm three of them."
    assert steps[1].finding == flash_point.newest
    acts = list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True))
    assert acts == [
        "flashpoints.run_scan", "flashpoints.review", "work.open_item", "flashpoints.decide",
        "flashpoints.close",
    ]  # fmt: skip
    assert verify().ok


def test_a_decision_is_work_with_owner_body_and_deadline(flash_point, duty):
    review(duty, flash_point)
    decide(duty, flash_point)
    item = WorkItem.objects.get()
    assert (item.owner, item.organisation) == (duty, duty.organisation)
    assert item.due_at == NOW + timedelta(days=2)
    assert item.url == flash_point.newest.get_absolute_url()
    assert item.kind == "flashpoints.act"
    assert FlashPointStep.objects.get(kind="decided").work == item


def test_a_decision_without_anybody_to_do_it_leaves_nothing_behind(flash_point, duty):
    review(duty, flash_point)
    with pytest.raises(InputError):
        decide(duty, flash_point, owner=None)
    flash_point.refresh_from_db()
    assert flash_point.state == "reviewed"
    assert not WorkItem.objects.exists()
    assert not FlashPointStep.objects.filter(kind="decided").exists()


@pytest.mark.parametrize("due", [NOW, NOW - timedelta(days=1)])
def test_a_deadline_must_lie_ahead(flash_point, duty, due):
    review(duty, flash_point)
    with pytest.raises(InputError, match="ahead"):
        decide(duty, flash_point, due_at=due)


def test_a_review_may_be_corrected_until_it_is_decided(flash_point, duty):
    review(duty, flash_point, "unclear")
    review(duty, flash_point, "known", reason="The fair of the district.")
    kinds = FlashPointStep.objects.filter(kind="reviewed").values_list("judgement", flat=True)
    assert list(kinds) == ["unclear", "known"]
    decide(duty, flash_point)
    with pytest.raises(ConflictError, match="cannot be reviewed"):
        review(duty, flash_point)


def test_illegal_steps_are_conflicts(flash_point, duty):
    with pytest.raises(ConflictError, match="needs a reviewed"):
        decide(duty, flash_point)
    with pytest.raises(ConflictError, match="must be reviewed"):
        close(duty, flash_point)
    review(duty, flash_point, Judgement.ARTEFACT)
    with pytest.raises(ConflictError, match="closed, not decided"):
        decide(duty, flash_point)
    close(duty, flash_point)
    with pytest.raises(ConflictError, match="closed already"):
        close(duty, flash_point)
    with pytest.raises(ConflictError, match="cannot be reviewed"):
        review(duty, flash_point)


def test_a_decision_is_taken_once(flash_point, duty):
    review(duty, flash_point)
    decide(duty, flash_point)
    with pytest.raises(ConflictError):
        decide(duty, flash_point)
    assert WorkItem.objects.count() == 1


def test_who_looked_at_an_older_state_is_told_so(flash_point, duty):
    seen = flash_point.steps_taken
    review(duty, flash_point, after_step=seen)
    with pytest.raises(ConflictError, match="meanwhile"):
        review(make_user(Role.ANALYST), flash_point, "artefact", after_step=seen)
    flash_point.refresh_from_db()
    assert flash_point.judgement == "real"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_a_reason_is_required(flash_point, duty, reason):
    with pytest.raises(InputError):
        review(duty, flash_point, reason=reason)
    review(duty, flash_point)
    with pytest.raises(InputError):
        close(duty, flash_point, reason=reason)


def test_an_unknown_judgement_is_refused(flash_point, duty):
    with pytest.raises(InputError):
        review(duty, flash_point, "guilty")


def test_traces_of_persons_do_not_stay_in_reasons(flash_point, duty):
    review(duty, flash_point, reason="The caller at +7 701 555 12 34 saw it.")
    assert "555" not in FlashPointStep.objects.get(kind="reviewed").text


REVIEWERS = {Role.ANALYST, Role.DUTY_OFFICER}
DECIDERS = {Role.SECRETARY, Role.DUTY_OFFICER}


@pytest.mark.parametrize("role", Role.values)
def test_analyst_and_duty_officer_review_secretary_and_duty_officer_decide(flash_point, role):
    actor = make_user(role)
    if role in REVIEWERS:
        review(actor, flash_point)
    else:
        with pytest.raises(RefusedError):
            review(actor, flash_point)
        review(make_user(Role.ANALYST), flash_point)
    if role in DECIDERS:
        decide(actor, flash_point)
        close(actor, flash_point)
    else:
        with pytest.raises(RefusedError):
            decide(actor, flash_point)
        with pytest.raises(RefusedError):
            close(actor, flash_point)


def test_outsiders_see_no_flash_point_and_no_step(flash_point):
    outsider = make_user(Role.GROUP_WORKER)
    assert not selectors.flash_points(outsider, state="all").exists()
    assert not selectors.steps_of(outsider, flash_point).exists()
    assert selectors.sightings_of(outsider, flash_point) == []
    assert selectors.flash_point_for(outsider, flash_point.pk) is None
    assert selectors.flash_point_for(make_user(Role.AUDITOR), flash_point.pk) == flash_point


def test_the_list_narrows_by_state(flash_point, duty):
    def shown(state):
        return list(selectors.flash_points(duty, state=state))

    assert shown("open") == shown("new") == shown("all") == [flash_point]
    review(duty, flash_point, Judgement.ARTEFACT)
    assert shown("open") == shown("new") == []
    assert shown("artefact") == shown("reviewed") == [flash_point]
    close(duty, flash_point)
    assert shown("closed") == [flash_point]
    assert FlashPoint.objects.count() == 1


def test_a_scan_that_ran_while_somebody_read_is_not_judged(flash_point, duty):
    read = flash_point.newest
    plant(read.areas.get().place, 30, until=NOW + timedelta(days=1))
    scan(now=NOW + timedelta(days=1))
    flash_point.refresh_from_db()
    assert flash_point.newest != read
    judged = review(duty, flash_point, "artefact", seen=read.pk)
    assert judged.judged == read
    assert selectors.steps_of(duty, flash_point).last().finding == read
    with pytest.raises(ConflictError, match="look at it again"):
        review(duty, flash_point, seen=0)


def test_who_may_not_see_the_work_does_not_read_of_it_in_the_life(flash_point, duty):
    review(duty, flash_point)
    decide(duty, flash_point)
    secretary, press = make_user(Role.SECRETARY), make_user(Role.PRESS_OFFICER)
    assert selectors.steps_of(secretary, flash_point).last().work.title == "Patrols in Mugalzhar"
    hidden = selectors.steps_of(press, flash_point).last()
    assert (hidden.kind, hidden.text, hidden.work) == ("decided", "Patrols until Friday.", None)


def test_only_the_worker_forgets_what_was_tried(duty):
    with pytest.raises(RefusedError):
        services.forget_what_ifs(actor=duty, now=NOW)
