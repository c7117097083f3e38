"""Lessons: reviews, causes, recommendations; the commission closes them, never the addressee."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.commission.models import Cause, Recommendation, RecommendationStep, Review
from qalqan.desk.commission.search import searchable
from qalqan.desk.commission.services.checks import address, next_number, words
from qalqan.desk.commission.services.decisions import DESK
from qalqan.desk.commission.states import may_follow
from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.work import services as work
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError, InputError, Location

ANSWER = "commission.answer_recommendation"
State = Recommendation.State


@transaction.atomic
def open_review(
    *, actor: Actor, about: str, title: str, happened_on: date, expected: str, happened: str,
    now: datetime, url: str = "", is_sample: bool = False,
) -> Review:  # fmt: skip
    """Begin a review: what was to happen, what did happen.

    Raises
    ------
    InputError
        Words are missing, or the day lies in the future.
    """
    require(actor, ADD, Review)
    if happened_on > timezone.localdate(now):
        raise InputError(_("The day lies in the future."), location=Location(field="happened_on"))
    made = Review(
        number=next_number("review"), about=about, title=words(title, "title", 200),
        happened_on=happened_on, expected=words(expected, "expected", 4000),
        happened=words(happened, "happened", 4000), url=address(url), opened_at=now,
        is_sample=is_sample,
    )  # fmt: skip
    made.search_text = searchable(made.title, made.expected, made.happened)
    made.save()
    audit.record(actor=actor, action="commission.open_review", subject=made, now=now)
    return made


@transaction.atomic
def add_cause(
    *, actor: Actor, review: Review, question: str, finding: str, cause: str, went_well: bool,
    now: datetime,
) -> Cause:  # fmt: skip
    """Add what a review found and why it was so.

    Raises
    ------
    ConflictError
        The review is closed.
    InputError
        A finding that did not go well has no cause.
    """
    require(actor, CHANGE, Review)
    locked = _open_review(review)
    made = Cause.objects.create(
        review=locked, question=words(question, "question", 300),
        finding=words(finding, "finding", 2000),
        cause=words(cause, "cause", 2000, needed=not went_well), went_well=went_well,
    )  # fmt: skip
    locked.search_text = f"{locked.search_text}{searchable(question, finding, cause)}"
    locked.save(update_fields=["search_text"])
    audit.record(actor=actor, action="commission.add_cause", subject=locked, now=now)
    return made


@transaction.atomic
def close_review(*, actor: Actor, review: Review, now: datetime) -> Review:
    """Close a review that has found something.

    Raises
    ------
    ConflictError
        It is closed, or nothing was found yet.
    """
    require(actor, CHANGE, Review)
    locked = _open_review(review)
    if not locked.causes.exists():
        raise ConflictError(_("A review without a finding is not closed."))
    locked.state, locked.closed_at = Review.State.CLOSED, now
    locked.save(update_fields=["state", "closed_at"])
    audit.record(actor=actor, action="commission.close_review", subject=locked, now=now)
    return locked


@transaction.atomic
def recommend(
    *, actor: Actor, review: Review, text: str, addressee: Organisation, due_on: date,
    now: datetime,
) -> Recommendation:  # fmt: skip
    """Issue a recommendation; the addressee owes a response by the day given.

    Raises
    ------
    InputError
        There are no words, or the day lies in the past.
    """
    require(actor, ADD, Recommendation)
    if due_on < timezone.localdate(now):
        raise InputError(_("The date lies in the past."), location=Location(field="due_on"))
    said = words(text, "text", 2000)
    made = Recommendation.objects.create(
        number=next_number("recommendation"), review=review, text=said, addressee=addressee,
        issued_at=now, due_on=due_on, search_text=searchable(said), is_sample=review.is_sample,
    )  # fmt: skip
    made.work = _awaited(made, now)
    made.save(update_fields=["work"])
    RecommendationStep.objects.create(
        recommendation=made, state_after=made.state, words=addressee.name, at=now
    )
    detail = {"addressee": addressee.pk}
    audit.record(actor=actor, action="commission.recommend", subject=made, now=now, detail=detail)
    return made


@transaction.atomic
def respond(
    *, actor: Actor, recommendation: Recommendation, text: str, now: datetime
) -> RecommendationStep:
    """Answer as the addressee; the state stays as it is until the commission rules.

    Raises
    ------
    ConflictError
        It is closed.
    RefusedError
        It is addressed to another body.
    """
    locked = _locked(recommendation)
    require(actor, ADD, RecommendationStep, locked)
    if not locked.is_open:
        raise ConflictError(_("This recommendation is closed."))
    step = RecommendationStep.objects.create(
        recommendation=locked, state_before=locked.state, state_after=locked.state,
        is_response=True, words=words(text, "text", 2000), at=now,
    )  # fmt: skip
    _close_work(locked, _("The addressee responded."), now)
    audit.record(actor=actor, action="commission.respond", subject=locked, now=now)
    return step


@transaction.atomic
def rule(
    *, actor: Actor, recommendation: Recommendation, state: str, reason: str, now: datetime,
    due_on: date | None = None,
) -> Recommendation:  # fmt: skip
    """Classify a response, close a recommendation, or open a closed one again.

    Parameters
    ----------
    state
        The classification after it, as the NTSB's.
    due_on
        By when the addressee owes the next response, where it stays open.

    Raises
    ------
    ConflictError
        This state cannot follow the one it has, or is the same.
    InputError
        There is no reason, or an open one has no date.
    """
    require(actor, CHANGE, Recommendation)
    locked = _locked(recommendation)
    if state not in State.values or not may_follow(locked.state, state, _has_response(locked)):
        raise ConflictError(
            _("From “%(old)s” this does not follow.") % {"old": locked.get_state_display()}
        )
    said = words(reason, "reason", 2000)
    before, locked.state = locked.state, state
    _close_work(locked, _("The commission ruled."), now)
    if locked.is_open:
        if due_on is None or due_on < timezone.localdate(now):
            raise InputError(
                _("Say by when the next response is due."), location=Location(field="due_on")
            )
        locked.due_on, locked.closed_at = due_on, None
        locked.work = _awaited(locked, now)
    else:
        locked.closed_at = now
    locked.save(update_fields=["state", "due_on", "closed_at", "work"])
    RecommendationStep.objects.create(
        recommendation=locked, state_before=before, state_after=state, words=said, at=now
    )
    detail = {"from": str(before), "to": str(state)}
    audit.record(actor=actor, action="commission.rule", subject=locked, now=now, detail=detail)
    return locked


def _has_response(recommendation: Recommendation) -> bool:
    return recommendation.steps.filter(is_response=True).exists()


def _open_review(review: Review) -> Review:
    locked: Review = Review.objects.select_for_update().get(pk=review.pk)
    if locked.state != Review.State.OPEN:
        raise ConflictError(_("This review is closed."))
    return locked


def _locked(recommendation: Recommendation) -> Recommendation:
    locked: Recommendation = (
        Recommendation.objects.select_related("addressee")
        .select_for_update(of=("self",))
        .get(pk=recommendation.pk)
    )
    return locked


def _awaited(recommendation: Recommendation, now: datetime) -> WorkItem:
    due = timezone.make_aware(datetime.combine(recommendation.due_on, time(18)))
    return work.open_item(
        actor=DESK, kind=ANSWER,
        title=_("Recommendation %(number)s: respond") % {"number": recommendation.reference},
        subject=recommendation, owner=None, organisation=recommendation.addressee, due_at=due,
        now=now, url=reverse("commission:recommendation", args=[recommendation.pk]),
        is_sample=recommendation.is_sample,
    )  # fmt: skip


def _close_work(recommendation: Recommendation, outcome: str, now: datetime) -> None:
    if recommendation.work_id is not None:
        row = WorkItem.objects.get(pk=recommendation.work_id)
        if row.is_live:
            work.close_item(actor=DESK, item=row, outcome=outcome, now=now)
