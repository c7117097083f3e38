"""Merging, undoing and splitting: counts stay those of the messages, whatever is done."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.factories import NOW, make_user
from tests.support.places_factories import make_place
from tests.support.rumours_factories import ACTOR, new_message, store, store_claim, wipe

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import Role
from qalqan.desk.rumours import claim_cache, selectors
from qalqan.desk.rumours.models import (
    Claim,
    ClaimHour,
    ClaimLanguage,
    ClaimMerge,
    ClaimPlace,
    MergeSuggestion,
    Message,
    Tally,
)
from qalqan.desk.rumours.services import merging
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
TEXTS = (
    "Завтра в городе отключат воду на три дня, запасайтесь скорее все",
    "Ертең қалада үш күнге су өшіріледі, тезірек жинап алыңыздар",
    "Tomorrow the water in town is cut for three days, fill your buckets",
    "Школы закроют до конца месяца из-за болезни, детей оставляйте дома",
)


def claims_of(*texts):
    return [Claim.objects.filter(leader_text=text).earliest("pk") for text in texts]


@pytest.fixture
def four():
    for at, text in enumerate(TEXTS):
        store_claim(text, 3 + at, until=NOW - timedelta(hours=7 * at), channel=f"Channel {at}")
    return claims_of(*TEXTS)


def snapshot():
    """Return everything that is counted of claims."""
    return {
        "claims": sorted(
            Claim.objects.values_list(
                "pk", "copies", "tips", "first_seen", "last_seen", "merged_into", "state"
            ),
            key=lambda row: row[0],
        ),
        "hours": sorted(ClaimHour.objects.values_list("claim", "hour", "copies")),
        "places": sorted(ClaimPlace.objects.values_list("claim", "place", "copies")),
        "languages": sorted(ClaimLanguage.objects.values_list("claim", "language", "copies")),
    }


def expected():
    """Count the claims a second time, from the messages alone."""
    root = {c.pk: c.merged_into_id or c.pk for c in Claim.objects.all()}
    copies, hours, languages, places = Counter(), Counter(), Counter(), Counter()
    for m in Message.objects.all():
        claim = root.get(m.claim_number)
        if claim is None:
            continue
        copies[claim] += 1
        hours[claim, int(m.published_at.timestamp()) // 3600] += 1
        languages[claim, m.language] += 1
        if m.place_id:
            places[claim, m.place_id] += 1
    return copies, hours, languages, places


def check_counts():
    copies, hours, languages, places = expected()
    rows = Claim.objects.filter(merged_into__isnull=True)
    assert {c.pk: c.copies for c in rows} == dict(copies)
    for claim in rows:
        family = merging.family(claim.pk)
        times = Message.objects.filter(claim_number__in=family).order_by("published_at")
        listed = list(times.values_list("published_at", flat=True))
        assert (claim.first_seen, claim.last_seen) == (listed[0], listed[-1])
    for model, key, counted in (
        (ClaimHour, "hour", hours),
        (ClaimLanguage, "language", languages),
        (ClaimPlace, "place_id", places),
    ):
        stored = {(r[0], r[1]): r[2] for r in model.objects.values_list("claim_id", key, "copies")}
        assert stored == dict(counted)


def merge(source, target):
    return merging.merge_claims(actor=ACTOR, source=source, target=target, now=NOW)


def undo(row):
    return merging.undo_merge(actor=ACTOR, merge=row, now=NOW)


def test_a_merged_claim_is_counted_and_listed_once(four):
    merge(four[1], four[0])
    check_counts()
    wanted = selectors.ClaimFilter(sort="copies")
    listed = [row.claim.pk for row in selectors.list_claims(ACTOR, wanted, now=NOW)]
    assert four[1].pk not in listed
    assert listed.count(four[0].pk) == 1
    four[0].refresh_from_db()
    assert four[0].copies == 7
    assert dict(selectors.claim_languages(ACTOR, four[0])) == {"ru": 7}


def test_undoing_a_merge_restores_everything(four):
    before = snapshot()
    undo(merge(four[1], four[0]))
    assert snapshot() == before


def test_later_messages_are_counted_for_the_target(four):
    merge(four[1], four[0])
    store([new_message(TEXTS[1], number="late", at=NOW + timedelta(hours=1))])
    check_counts()
    four[0].refresh_from_db()
    assert four[0].copies == 8
    listed = selectors.claim_messages(ACTOR, four[0])
    assert len(listed) == 8


def test_what_came_while_merged_goes_home_when_undone(four):
    done = merge(four[1], four[0])
    store([new_message(TEXTS[1], number="late"), new_message(TEXTS[0], number="other")])
    undo(done)
    check_counts()
    copies = [Claim.objects.get(pk=c.pk).copies for c in four[:2]]
    assert copies == [4, 5]


def test_chains_of_merges_come_apart_in_any_order(four):
    before = snapshot()
    one, two = merge(four[0], four[1]), None
    two = merge(four[1], four[2])
    check_counts()
    undo(one)
    check_counts()
    undo(two)
    assert snapshot() == before


def test_a_merge_into_a_merged_claim_goes_to_where_it_went(four):
    merge(four[1], four[0])
    done = merge(four[2], four[1])
    assert done.target_id == four[0].pk
    check_counts()


def test_merging_twice_or_with_itself_is_a_conflict(four):
    merge(four[1], four[0])
    with pytest.raises(ConflictError):
        merge(four[1], four[2])
    with pytest.raises(ConflictError):
        merge(four[0], four[1])
    with pytest.raises(ConflictError):
        merge(four[2], four[2])


def test_undoing_twice_is_a_conflict(four):
    done = merge(four[1], four[0])
    undo(done)
    with pytest.raises(ConflictError):
        undo(done)


def test_each_act_leaves_an_audit_row(four):
    undo(merge(four[1], four[0]))
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"rumours.merge_claims", "rumours.undo_merge"} <= actions


def test_only_the_desk_merges(four):
    with pytest.raises(RefusedError):
        merging.merge_claims(
            actor=make_user(Role.SECRETARY), source=four[1], target=four[0], now=NOW
        )
    assert not ClaimMerge.objects.exists()


def test_what_a_person_took_apart_is_not_proposed_again(four):
    undo(merge(four[1], four[0]))
    pair = MergeSuggestion.objects.get()
    assert (pair.first_id, pair.second_id, pair.state) == (*sorted([four[0].pk, four[1].pk]),
                                                          "rejected")  # fmt: skip


@pytest.fixture
def muddled():
    """Make a claim whose copies hold another number."""
    store_claim(TEXTS[0], 4)
    other = TEXTS[0].replace("три", "пять")
    store([new_message(other, number=f"five {n}", at=NOW + timedelta(minutes=n)) for n in range(3)])
    claim = Claim.objects.get()
    assert claim.copies == 7
    return claim, list(Message.objects.filter(text=other))


def test_a_split_makes_a_claim_of_its_own(muddled):
    claim, wrong = muddled
    new = merging.split_claim(actor=ACTOR, claim=claim, message_ids=[m.pk for m in wrong], now=NOW)
    check_counts()
    claim.refresh_from_db()
    assert (claim.copies, new.copies, new.leader_text) == (4, 3, wrong[0].text)


def test_later_messages_follow_the_split(muddled):
    claim, wrong = muddled
    new = merging.split_claim(actor=ACTOR, claim=claim, message_ids=[m.pk for m in wrong], now=NOW)
    for forget in (False, True):
        if forget:
            claim_cache._cache = None
        store([new_message(wrong[0].text, number=f"later {forget}")])
        store([new_message(TEXTS[0], number=f"as before {forget}")])
    check_counts()
    new.refresh_from_db()
    assert new.copies == 5
    assert Tally.objects.get().claims == new.pk


def test_merging_a_split_back_restores_the_counts(muddled):
    claim, wrong = muddled
    copies, hours, languages, places = expected()
    new = merging.split_claim(actor=ACTOR, claim=claim, message_ids=[m.pk for m in wrong], now=NOW)
    merge(new, claim)
    check_counts()
    assert expected() == (copies, hours, languages, places)


def test_the_first_wording_stays(muddled):
    claim, _wrong = muddled
    first = Message.objects.get(opens_claim=True)
    with pytest.raises(ConflictError):
        merging.split_claim(actor=ACTOR, claim=claim, message_ids=[first.pk], now=NOW)
    with pytest.raises(InputError):
        merging.split_claim(actor=ACTOR, claim=claim, message_ids=[], now=NOW)
    with pytest.raises(ConflictError):
        merging.split_claim(actor=ACTOR, claim=claim, message_ids=[0], now=NOW)


def test_a_suggestion_is_accepted_once_and_merges_into_the_older(four):
    pair = MergeSuggestion.objects.create(
        first=four[0], second=four[1], probability=0.9, suggested_at=NOW
    )
    done = merging.accept_merge(actor=ACTOR, suggestion=pair, now=NOW)
    assert done.target_id == four[1].pk  # seen seven hours before
    with pytest.raises(ConflictError):
        merging.accept_merge(actor=ACTOR, suggestion=pair, now=NOW)
    with pytest.raises(ConflictError):
        merging.reject_merge(actor=ACTOR, suggestion=pair, now=NOW)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("store"), st.integers(0, 3), st.integers(0, 40)),
        st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("undo"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("split"), st.integers(0, 20), st.integers(1, 3)),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.django_db(transaction=False)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_is_done_counts_are_those_of_the_messages(db, steps):
    for model in (MergeSuggestion, ClaimMerge):
        model.objects.all().delete()
    Claim.objects.update(merged_into=None)
    wipe()
    place = Place.objects.first() or make_place()
    for at, text in enumerate(TEXTS):
        store_claim(text, 2 + at, until=NOW - timedelta(hours=5 * at), place_id=place.pk)
    for turn, (what, one, other) in enumerate(steps):
        try:
            _step(turn, what, one, other)
        except ConflictError:
            continue
    check_counts()
    for row in ClaimMerge.objects.filter(undone_at__isnull=True):
        undo(row)
    check_counts()
    assert not Claim.objects.filter(merged_into__isnull=False).exists()


def _step(turn, what, one, other):
    if what == "store":
        at = NOW + timedelta(hours=other)
        store([new_message(TEXTS[one], number=f"step {turn}", at=at, language="kk-Cyrl")])
    elif what == "merge":
        source, target = claims_of(TEXTS[one], TEXTS[other])
        merge(source, target)
    elif what == "undo":
        rows = list(ClaimMerge.objects.order_by("pk"))
        if rows:
            undo(rows[one % len(rows)])
    else:
        spare = list(Message.objects.filter(opens_claim=False).order_by("pk"))
        chosen = spare[one % len(spare) :][:other]
        claim = Claim.objects.get(pk=chosen[0].claim_number)
        merging.split_claim(actor=ACTOR, claim=claim, message_ids=[m.pk for m in chosen], now=NOW)
