"""Messages are stored once, join the right claim, and every count agrees with the messages."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import connection, transaction
from tests.support.factories import NOW, make_user
from tests.support.rumours_factories import ACTOR, new_message, store, store_claim, wipe

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.audit.services import verify
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import Role
from qalqan.desk.rumours import claim_cache, selectors, services
from qalqan.desk.rumours.models import (
    Claim,
    ClaimHour,
    ClaimLanguage,
    ClaimPlace,
    Message,
    Tally,
    TipDay,
)
from qalqan.errors import IntegrityError, RefusedError
from qalqan.science.rumours.group import ClaimIndex

pytestmark = pytest.mark.django_db
WORDS = ("су", "газ", "жарық", "мектеп", "көпір", "нан", "жол", "дейді", "вода", "школа", "завтра")


@pytest.fixture
def places():
    district = Place.objects.create(
        kind="district", kato="1530", name_kk="Алға", name_ru="Алга", name_en="Alga",
        latitude=49.9, longitude=57.3,
    )  # fmt: skip
    inside = Place.objects.create(
        kind="settlement", parent=district, name_kk="Бестамақ", name_ru="Бестамак",
        name_en="Bestamak", latitude=50.2, longitude=57.7,
    )  # fmt: skip
    return district, inside


def stream(count, seed=1, place_ids=(None,)):
    rng = random.Random(seed)
    claims = [" ".join(rng.choices(WORDS, k=11)) + f" {n}" for n in range(30)]
    return [
        new_message(
            rng.choice(claims) if rng.random() < 0.7 else " ".join(rng.choices(WORDS, k=12)),
            at=NOW - timedelta(minutes=rng.randrange(5_000)),
            kind=rng.choice(("post", "hotline", "news")),
            language=rng.choice(("ru", "kk-Cyrl")),
            place_id=rng.choice(place_ids),
            number=str(n),
        )
        for n in range(count)
    ]


def check_counts():
    """Count everything anew from the messages, with no help of the code under test."""
    rows = list(Message.objects.all())
    sizes = Counter(row.claim_number for row in rows)
    twice = {number for number, size in sizes.items() if size > 1}
    assert set(Claim.objects.values_list("pk", flat=True)) == twice
    hours, languages, by_place, tips = Counter(), Counter(), Counter(), Counter()
    for row in rows:
        if row.claim_number in twice:
            hours[row.claim_number, int(row.published_at.timestamp() // 3600)] += 1
            languages[row.claim_number, row.language] += 1
            if row.place_id:
                by_place[row.claim_number, row.place_id] += 1
        if row.kind == "hotline" and row.place_id:
            place = Place.objects.get(pk=row.place_id)
            day = row.published_at.astimezone(ZoneInfo("Asia/Aqtobe")).date()
            tips[place.parent_id or place.pk, day] += 1
    assert {(r.claim_id, r.hour): r.copies for r in ClaimHour.objects.all()} == hours
    assert {(r.claim_id, r.language): r.copies for r in ClaimLanguage.objects.all()} == languages
    assert {(r.claim_id, r.place_id): r.copies for r in ClaimPlace.objects.all()} == by_place
    assert {(r.place_id, r.day): r.count for r in TipDay.objects.all()} == tips
    for claim in Claim.objects.all():
        copies = [row for row in rows if row.claim_number == claim.pk]
        assert claim.copies == len(copies)
        assert claim.tips == sum(row.kind == "hotline" for row in copies)
        assert claim.first_seen == min(row.published_at for row in copies)
        assert claim.last_seen == max(row.published_at for row in copies)
    tally = Tally.objects.get()
    assert (tally.messages, tally.claims) == (len(rows), len(sizes))


def grouping():
    return list(Message.objects.order_by("pk").values_list("text", "claim_number", "opens_claim"))


def test_all_counts_agree_with_the_messages(places):
    district, inside = places
    messages = stream(400, place_ids=(None, district.pk, inside.pk))
    for start in range(0, 400, 60):
        store(messages[start : start + 60])
    check_counts()
    assert verify().ok


def test_what_is_known_is_not_stored_again():
    messages = stream(50)
    first = store([*messages, *messages[:10]])
    again = store(messages)
    assert (first.stored, first.known, again.stored, again.known) == (50, 10, 0, 50)
    check_counts()


@pytest.mark.parametrize("size", [1, 7, 400])
def test_batches_and_restarts_do_not_change_the_claims(size):
    messages = stream(200)
    store(messages)
    whole = grouping()
    wipe()
    for start in range(0, 200, size):
        if start % 3 == 0:
            claim_cache._cache = None  # what a restart leaves
        store(messages[start : start + size])
    assert grouping() == whole


def test_a_transaction_that_is_undone_leaves_no_trace_in_memory():
    messages = stream(120)
    store(messages[:40])
    point = transaction.savepoint()
    store(messages[40:80])
    transaction.savepoint_rollback(point)
    store(messages[80:])
    undone = grouping()
    claim_cache._cache = None
    store(messages[40:80])
    assert grouping()[: len(undone)] == undone
    check_counts()


def test_claims_that_another_process_added_are_noticed():
    messages = stream(120)
    store(messages[:40])
    ours = claim_cache._cache
    claim_cache._cache = None  # the other process has a memory of its own
    store(messages[40:80])
    claim_cache._cache = ours
    store(messages[80:])
    apart = grouping()
    wipe()
    claim_cache._cache = None
    store(messages)
    assert grouping() == apart


def test_messages_that_were_tampered_with_are_noticed():
    store(stream(40))
    first = Message.objects.filter(opens_claim=True).last()
    Message.objects.filter(pk=first.pk).delete()
    claim_cache._cache = None
    with pytest.raises(IntegrityError):
        store([new_message("something new", channel="Another")])


def test_new_rules_of_grouping_stop_nothing(monkeypatch):
    messages = stream(120)
    store(messages[:80])
    before = grouping()
    assert Tally.objects.get().rules == claim_cache.rules()
    claim_cache._cache = None
    # Under the new rules nearly every message would have joined the first.
    monkeypatch.setattr(claim_cache, "new_index", lambda: ClaimIndex(threshold=0.01, min_words=1))
    store(messages[80:])
    assert grouping()[: len(before)] == before
    entry = AuditEntry.objects.get(action="rumours.change_rules")
    assert entry.detail["from"].split()[1] == "threshold=0.3"
    assert entry.detail["to"].split()[1] == "threshold=0.01"
    check_counts()


def test_unchanged_rules_leave_no_entry():
    messages = stream(40)
    store(messages[:20])
    claim_cache._cache = None
    store(messages[20:])
    assert not AuditEntry.objects.filter(action="rumours.change_rules").exists()


def test_made_up_messages_are_looked_for_by_index():
    wanted = Message.objects.filter(is_sample=True).order_by().values("pk")[:1]
    if connection.vendor == "sqlite":
        assert "message_sample" in wanted.explain()


def test_the_public_may_not_store():
    with pytest.raises(RefusedError):
        services.store_messages(
            actor=make_user(Role.SECRETARY), batch=stream(1), run="test", now=NOW
        )


def test_each_batch_leaves_one_audit_entry():
    store(stream(5))
    entry = AuditEntry.objects.get(action="rumours.store_messages")
    assert entry.detail["stored"] == 5


def test_growth_shows_only_claims_of_the_window():
    store_claim("Завтра закроют все школы города на две недели, говорят соседи мои", 6)
    old = "Ертең су болмайды дейді, барлығыңыз су құйып алыңыздар деп жатыр екен"
    store_claim(old, 9, until=NOW - timedelta(days=3))
    (row,) = selectors.growth_table(ACTOR, now=NOW)
    assert (row.recent, row.copies_total) == (6, 6)
    assert row.hourly.shape == (14 * 24,)
    assert row.hourly[-1] + row.hourly[-2] == 6
    assert row.hourly.dtype == np.int64
    later = selectors.growth_table(ACTOR, now=NOW, window_hours=96)
    assert [r.recent for r in later] == [9, 6]


def test_copies_after_now_do_not_count():
    store_claim("Завтра закроют все школы города на две недели, говорят соседи мои", 6)
    assert selectors.growth_table(ACTOR, now=NOW - timedelta(hours=2)) == []


def test_tips_are_counted_by_district_and_local_day(places):
    district, inside = places
    # 20:00 UTC is already the next day in Aktobe, five hours ahead.
    late = datetime(2026, 3, 1, 20, tzinfo=NOW.tzinfo)
    store(
        [
            new_message("a tip", at=late, kind="hotline", place_id=inside.pk),
            new_message("one more", at=late, kind="hotline", place_id=district.pk),
            new_message("no tip", at=late, kind="post", place_id=district.pk),
            new_message("nowhere", at=late, kind="hotline"),
        ]
    )
    found, days, counts = selectors.tips_by_day(ACTOR, start=date(2026, 3, 1), end=date(2026, 3, 3))
    assert found.tolist() == [district.pk]
    assert days == [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)]
    assert counts.tolist() == [[0, 2, 0]]


def test_the_search_pages_through_every_message_once():
    messages = stream(130)
    store(messages)
    seen, before = [], None
    while True:
        page = selectors.find_messages(ACTOR, before=before, most=20)
        seen += [m.pk for m in page.messages]
        before = page.next_before
        if before is None:
            break
    assert sorted(seen) == sorted(Message.objects.values_list("pk", flat=True))
    assert len(seen) == 130


def test_a_narrowed_search_goes_on_past_its_bound(monkeypatch):
    from qalqan.desk.rumours.selectors import finding

    monkeypatch.setattr(finding, "LOOKED_THROUGH", 15)
    store(stream(130))
    wanted = set(Message.objects.filter(kind="news").values_list("pk", flat=True))
    seen, before = [], None
    for _page in range(40):
        page = finding.find_messages(ACTOR, kind="news", before=before, most=5)
        seen += [m.pk for m in page.messages]
        before = page.next_before
        if before is None:
            break
    assert sorted(seen) == sorted(wanted)
