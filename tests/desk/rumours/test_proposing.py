"""What the worker proposes, with the real model of meaning."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.factories import NOW
from tests.support.rumours_factories import ACTOR, new_message, store, store_claim

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.rumours import weighing
from qalqan.desk.rumours.models import (
    Claim,
    ClaimMatch,
    ClaimMerge,
    ClaimRank,
    MergeSuggestion,
    SplitSuggestion,
)
from qalqan.desk.rumours.services import merging, proposing, ranking
from qalqan.science.rumours.merge import Decision, judge_pairs

pytestmark = pytest.mark.django_db
BANK = "Завтра закроют все банки города, срочно снимайте деньги с карточек"
BANK_SAME = "Говорят, все городские банки завтра будут закрыты, успейте забрать наличные с карт"
BANK_KK = "Ертең қаладағы барлық банктер жабылады, карточкадан ақшаларыңызды тез шешіп алыңыздар"
CONCERT = "Концерт на площади перенесли на следующую пятницу, билеты остаются в силе"
WATER_THREE = "Завтра в нашем городе отключат воду на целых три дня из-за ремонта"
WATER_3 = "В районе вокзала отключат воду на 3 дня, запаситесь заранее питьевой водой"
WATER_9 = "В районе вокзала отключат воду на 9 дней, запаситесь заранее питьевой водой"


def ranked(*texts):
    for at, text in enumerate(texts):
        store_claim(text, 3, until=NOW - timedelta(hours=at), channel=f"Channel {at}")
    ranking.rank_claims(actor=ACTOR, now=NOW)
    return [Claim.objects.get(leader_text=text) for text in texts]


def decision(one, other):
    return judge_pairs([one], [other], embedder=weighing.embedder())[0].decision


def test_claims_that_the_model_holds_for_one_are_suggested_and_others_not(settings):
    settings.QALQAN_MERGE_BY_ITSELF = False
    ranked(BANK, BANK_SAME, BANK_KK, CONCERT)
    done = proposing.propose(actor=ACTOR, now=NOW)
    assert done["compared"] == 4
    assert not ClaimMerge.objects.exists()
    pairs = {
        frozenset((s.first.leader_text, s.second.leader_text))
        for s in MergeSuggestion.objects.all()
    }
    for one, other in ((BANK, BANK_SAME), (BANK, BANK_KK), (BANK, CONCERT)):
        said = decision(one, other) is not Decision.APART
        assert (frozenset((one, other)) in pairs) is said
    assert frozenset((BANK, BANK_SAME)) in pairs
    assert not any(CONCERT in pair for pair in pairs)


def test_the_same_is_proposed_once(settings):
    settings.QALQAN_MERGE_BY_ITSELF = False
    ranked(BANK, BANK_SAME)
    proposing.propose(actor=ACTOR, now=NOW)
    before = MergeSuggestion.objects.count()
    assert before == 1
    assert proposing.propose(actor=ACTOR, now=NOW)["compared"] == 0
    ClaimRank.objects.update(compared_at=None)
    proposing.propose(actor=ACTOR, now=NOW)
    assert MergeSuggestion.objects.count() == before


@pytest.mark.parametrize("is_on", [True, False])
def test_the_desk_merges_by_itself_only_where_it_may(settings, is_on):
    settings.QALQAN_MERGE_BY_ITSELF = is_on
    ranked(BANK, BANK_SAME)
    assert decision(BANK, BANK_SAME) is Decision.MERGE
    proposing.propose(actor=ACTOR, now=NOW)
    assert ClaimMerge.objects.exists() is is_on
    if is_on:
        merge = ClaimMerge.objects.get()
        assert merge.merged_by is None
        entry = AuditEntry.objects.filter(action="rumours.merge_claims").get()
        assert entry.actor_label.startswith("system:")
        merging.undo_merge(actor=ACTOR, merge=merge, now=NOW)
        ClaimRank.objects.update(compared_at=None)
        proposing.propose(actor=ACTOR, now=NOW)
        assert not ClaimMerge.objects.filter(undone_at__isnull=True).exists()


def test_another_number_is_never_merged_by_itself(settings):
    settings.QALQAN_MERGE_BY_ITSELF = True
    ranked(WATER_3, WATER_9)
    proposing.propose(actor=ACTOR, now=NOW)
    assert not ClaimMerge.objects.exists()


def test_a_copy_that_contradicts_its_claim_is_doubted(settings):
    settings.QALQAN_MERGE_BY_ITSELF = False
    claim = ranked(WATER_THREE)[0]
    store([new_message(WATER_THREE.replace("три", "пять"), number="five")])
    claim.refresh_from_db()
    assert claim.copies == 4
    proposing.propose(actor=ACTOR, now=NOW)
    doubt = SplitSuggestion.objects.get()
    assert "пять" in doubt.message.text
    assert "number" in doubt.conflicts


def test_without_answers_nothing_matches_and_that_is_a_result():
    claim = ranked(BANK)[0]
    assert proposing.match_claims(actor=ACTOR, now=NOW) == 1
    rank = ClaimRank.objects.get(claim=claim)
    assert (rank.no_match, rank.matched_at) == (1.0, NOW)
    assert not ClaimMatch.objects.exists()
    assert proposing.match_claims(actor=ACTOR, now=NOW) == 0
