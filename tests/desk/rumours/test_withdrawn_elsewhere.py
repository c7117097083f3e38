"""What a withdrawn answer no longer does; what the desk never merges by itself."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests.support.answer_factories import later, make_claim, make_published
from tests.support.factories import NOW, make_user
from tests.support.rumours_factories import ACTOR

from qalqan.desk.rumours import services
from qalqan.desk.rumours.models import Claim, ClaimMerge, ClaimRank, MergeSuggestion
from qalqan.desk.rumours.services import measuring, proposing, ranking
from qalqan.science.rumours.merge import Decision

pytestmark = pytest.mark.django_db
OTHER = "Завтра закроют все банки города, срочно снимайте деньги с карточек"


def test_a_withdrawn_answer_counts_as_none():
    answer = make_published()
    assert measuring.compute(ACTOR, NOW)["all"]["answered"] == 1
    services.withdraw_answer(actor=make_user(), answer=answer, why="wrong", now=NOW)
    measured = measuring.compute(ACTOR, NOW)
    assert (measured["claims"], measured["all"]["answered"]) == (1, 0)


def test_earlier_answers_are_looked_for_again_after_a_withdrawal():
    answer = make_published()
    make_claim(OTHER)
    ranking.rank_claims(actor=ACTOR, now=NOW)
    assert proposing.match_claims(actor=ACTOR, now=later(hours=1)) == 1
    assert proposing.match_claims(actor=ACTOR, now=later(hours=2)) == 0
    services.withdraw_answer(actor=make_user(), answer=answer, why="wrong", now=later(hours=3))
    assert proposing.match_claims(actor=ACTOR, now=later(hours=4)) == 1
    assert ClaimRank.objects.get(claim__leader_text=OTHER).no_match == 1.0


def certain(one, other):
    judged = SimpleNamespace(decision=Decision.MERGE, probability=0.99, reasons=(), conflicts=())
    return SimpleNamespace(first=one.pk, second=other.pk, judgement=judged)


@pytest.mark.parametrize(
    ("younger", "older", "outcome"),
    [
        ("new", "new", "merged"), ("triage", "checking", "merged"),
        ("checking", "new", "suggested"),
        ("verdict", "new", "suggested"), ("new", "closed", "suggested"),
        ("new", "unverifiable", "suggested"),
    ],
)  # fmt: skip
def test_the_desk_merges_nothing_out_of_sight(settings, younger, older, outcome):
    settings.QALQAN_MERGE_BY_ITSELF = True
    first, second = make_claim(until=NOW - timedelta(days=1)), make_claim(OTHER)
    Claim.objects.filter(pk=first.pk).update(state=older)
    Claim.objects.filter(pk=second.pk).update(state=younger)
    assert proposing._take(ACTOR, certain(first, second), NOW) == outcome
    assert ClaimMerge.objects.exists() is (outcome == "merged")
    assert MergeSuggestion.objects.get().state == ("by_itself" if outcome == "merged" else "open")


def test_a_threat_is_never_merged_by_the_desk_itself(settings):
    settings.QALQAN_MERGE_BY_ITSELF = True
    first, second = make_claim(until=NOW - timedelta(days=1)), make_claim(OTHER)
    ranking.rank_claims(actor=ACTOR, now=NOW)
    ClaimRank.objects.filter(claim=second).update(is_urgent=True)
    assert proposing._take(ACTOR, certain(first, second), NOW) == "suggested"
    assert not ClaimMerge.objects.exists()
