"""The queue: what stands first and why, and what goes round it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.factories import NOW, make_user
from tests.support.rumours_factories import ACTOR, new_message, store, store_claim

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.work.models import WorkItem
from qalqan.desk.rumours import weighing
from qalqan.desk.rumours.models import Claim, ClaimRank
from qalqan.desk.rumours.selectors import queueing
from qalqan.desk.rumours.services import merging, ranking
from qalqan.errors import InputError, RefusedError

pytestmark = pytest.mark.django_db
WATER = "Завтра в нашем городе отключат воду на целых три дня из-за ремонта"
CONCERT = "Концерт на площади перенесли на следующую пятницу, билеты остаются в силе"
BOMB = "Ответственность за взрыв взяла группировка, завтра взорвём ещё один вокзал"


@pytest.fixture
def three():
    store_claim(CONCERT, 12)
    store_claim(WATER, 12, channel="Other")
    store_claim(BOMB, 2, channel="Third")
    ranking.rank_claims(actor=ACTOR, now=NOW)
    return [Claim.objects.get(leader_text=text) for text in (WATER, CONCERT, BOMB)]


def order():
    return list(ClaimRank.objects.values_list("claim__leader_text", flat=True))


def test_a_threat_stands_before_a_shortage_and_that_before_a_concert(three):
    assert order() == [BOMB, WATER, CONCERT]


def test_the_reasons_multiply_to_the_score(three):
    rank = ClaimRank.objects.get(claim=three[0])
    factors = {name: value for name, value, _low, _high, _source in rank.reasons}
    product = factors["severity"] * factors["reach"] * factors["unresolved"]
    assert rank.score == pytest.approx(product / factors["minutes"])
    assert rank.score_low <= rank.score <= rank.score_high
    assert 0 < rank.alarm_probability <= 1


def test_what_a_person_says_counts_more_than_words(three):
    concert = three[1]
    ranking.set_severity(actor=ACTOR, claim=concert, severity="panic", now=NOW)
    assert order() == [BOMB, CONCERT, WATER]
    rank = ClaimRank.objects.get(claim=concert)
    assert (rank.suggested_severity, rank.reasons[0][4]) == ("other", "person:panic")


def test_a_severity_that_there_is_not_is_refused(three):
    with pytest.raises(InputError):
        ranking.set_severity(actor=ACTOR, claim=three[0], severity="bad", now=NOW)
    with pytest.raises(RefusedError):
        ranking.set_severity(
            actor=make_user(Role.SECRETARY), claim=three[0], severity="panic", now=NOW
        )


def test_only_what_changed_is_ranked_again(three):
    assert ranking.rank_claims(actor=ACTOR, now=NOW) == 0
    store([new_message(WATER, number="one more")])
    assert ranking.rank_claims(actor=ACTOR, now=NOW) == 1


def test_what_waits_for_nobody_leaves_the_queue(three):
    Claim.objects.filter(pk=three[0].pk).update(state=Claim.State.CLOSED)
    merging.merge_claims(actor=ACTOR, source=three[1], target=three[2], now=NOW)
    ranking.rank_claims(actor=ACTOR, now=NOW)
    assert order() == [BOMB]


def test_the_duty_officer_is_told_of_a_threat_once(three):
    officer = make_user(Role.DUTY_OFFICER)
    assert ranking.tell_duty_officer(actor=ACTOR, now=NOW) == 1
    assert ranking.tell_duty_officer(actor=ACTOR, now=NOW) == 0
    item = WorkItem.objects.get()
    assert (item.kind, item.organisation) == ("rumours.threat", officer.organisation)
    assert item.due_at == NOW + timedelta(minutes=30)
    assert item.url == f"/rumours/{three[2].pk}/credibility/"


def test_without_a_duty_officer_nothing_is_marked_as_told(three):
    assert ranking.tell_duty_officer(actor=ACTOR, now=NOW) == 0
    assert not ClaimRank.objects.filter(told_at__isnull=False).exists()


def test_a_person_who_finds_a_threat_tells_the_duty_officer(three):
    make_user(Role.DUTY_OFFICER)
    ranking.set_severity(actor=ACTOR, claim=three[1], severity="threat_to_life", now=NOW)
    assert WorkItem.objects.get().subject.endswith(str(three[1].pk))


def test_minutes_are_said_by_the_desk_and_change_the_score(three):
    before = ClaimRank.objects.get(claim=three[0]).score
    ranking.set_minutes(actor=ACTOR, minutes={"new": 90}, now=NOW)
    ranking.rank_claims(actor=ACTOR, now=NOW)
    assert ClaimRank.objects.get(claim=three[0]).score == pytest.approx(before * 45 / 90)
    assert AuditEntry.objects.filter(action="rumours.set_minutes").exists()


@pytest.mark.parametrize("minutes", [{"new": 0}, {"new": 601}, {"closed": 5}, {"x": 5}])
def test_minutes_that_cannot_be_are_refused(three, minutes):
    with pytest.raises(InputError):
        ranking.set_minutes(actor=ACTOR, minutes=minutes, now=NOW)


@pytest.mark.parametrize(
    ("severity", "hours", "late"),
    [
        ("panic", 5, False),
        ("panic", 7, True),
        ("services", 7, False),
        ("", 7, False),
        ("", 25, True),
    ],
)
def test_overdue_says_the_same_of_one_claim_and_of_the_list(three, severity, hours, late):
    Claim.objects.filter(pk=three[0].pk).update(
        severity=severity, first_seen=NOW - timedelta(hours=hours)
    )
    claim = Claim.objects.get(pk=three[0].pk)
    known = severity or ClaimRank.objects.get(claim=claim).suggested_severity
    assert queueing.is_overdue(claim, known, NOW) is late
    assert Claim.objects.filter(queueing.overdue(NOW), pk=claim.pk).exists() is late


def test_a_remembered_text_is_embedded_once():
    calls = []

    class Counting:
        name = "counting"

        def embed(self, texts):
            import numpy as np

            calls.extend(texts)
            return np.array([[len(t), 1.0] for t in texts], np.float32).reshape(-1, 2)

    embedder = weighing.RememberingEmbedder(Counting(), most=3)
    first = embedder.embed(["a", "bb", "a"])
    again = embedder.embed(["bb", "ccc", "dddd"])
    assert first.tolist() == [[1, 1], [2, 1], [1, 1]]
    assert again.tolist() == [[2, 1], [3, 1], [4, 1]]
    assert calls == ["a", "bb", "ccc", "dddd"]
    assert embedder.embed([]).shape == (0, 2)
