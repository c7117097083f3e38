"""Pages of the queue: what they show, to whom, and what their buttons do."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.support.factories import NOW, make_user, sign_in
from tests.support.rumours_factories import ACTOR, new_message, store, store_claim

from qalqan.desk.platform.policies import Role
from qalqan.desk.rumours.models import (
    Claim,
    ClaimMatch,
    ClaimMerge,
    ClaimRank,
    MergeSuggestion,
    Message,
    SplitSuggestion,
    WorkMinutes,
)
from qalqan.desk.rumours.services import measuring, ranking

pytestmark = pytest.mark.django_db
WATER = "Завтра в нашем городе отключат воду на целых три дня из-за ремонта"
WATER_KK = "Ертең қаламызда жөндеу жұмыстарына байланысты үш күн бойы су болмайды"
CONCERT = "Концерт на площади перенесли на следующую пятницу, билеты остаются в силе"
BOMB = "Ответственность за взрыв взяла группировка «Тень», завтра взорвём ещё один вокзал"


@pytest.fixture
def claims():
    store_claim(WATER, 12, until=NOW - timedelta(hours=1))
    store_claim(WATER_KK, 9, language="kk-Cyrl", channel="Арна")
    store_claim(CONCERT, 12, channel="Other")
    store_claim(BOMB, 2, channel="Third")
    ranking.rank_claims(actor=ACTOR, now=NOW)
    return [Claim.objects.get(leader_text=text) for text in (WATER, WATER_KK, CONCERT, BOMB)]


@pytest.fixture
def desk(client, claims):
    return sign_in(client, make_user(Role.DUTY_OFFICER))


def listed(response):
    return [row.claim.leader_text for row in response.context["rows"]]


def test_the_queue_is_what_the_list_shows_first(desk):
    page = desk.get(reverse("rumours:claims"))
    assert listed(page)[0] == BOMB
    assert listed(page)[-1] == CONCERT
    assert "Severity" in page.content.decode() or page.context["rows"][0].said.reasons


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ({"severity": "threat_to_life"}, [BOMB]),
        ({"severity": "services"}, [WATER, WATER_KK]),
        ({"language": "kk-Cyrl"}, [WATER_KK]),
        ({"owner": "me"}, []),
        ({"state": "closed"}, []),
        ({"q": "вод"}, [WATER]),
        ({"severity": "nonsense"}, [BOMB, WATER, WATER_KK, CONCERT]),
    ],
)
def test_filters_stand_in_the_address(desk, filters, shown):
    page = desk.get(reverse("rumours:claims"), filters)
    assert sorted(listed(page)) == sorted(shown)


def test_overdue_claims_can_be_asked_for(desk, claims):
    Claim.objects.filter(pk=claims[2].pk).update(
        severity="violence", first_seen=NOW - timedelta(days=400)
    )
    Claim.objects.exclude(pk=claims[2].pk).update(
        severity="other", first_seen=NOW + timedelta(days=4000)
    )
    page = desk.get(reverse("rumours:claims"), {"overdue": "on"})
    assert listed(page) == [CONCERT]


def test_the_old_orders_are_still_there(desk):
    for sort in ("growth", "recent", "first", "copies"):
        page = desk.get(reverse("rumours:claims"), {"sort": sort})
        assert len(page.context["rows"]) == 4


def test_a_claim_says_why_and_what_comes(desk, claims):
    page = desk.get(reverse("rumours:claim", args=[claims[0].pk]))
    text = page.content.decode()
    assert len(page.context["reasons"]) == 4
    assert "(R)" in text
    chart = page.context["forecast"]
    future = [point for point in chart.points if point.low is not None]
    assert len(future) == 5
    assert future[0].value == 12
    assert all(a.high <= b.high for a, b in itertools.pairwise(future))


def test_severity_is_confirmed_by_a_person(desk, claims):
    desk.post(reverse("rumours:severity", args=[claims[2].pk]), {"severity": "panic"})
    claims[2].refresh_from_db()
    assert claims[2].severity == "panic"
    assert desk.get(reverse("rumours:claims")).context["rows"][1].claim == claims[2]


def test_the_sheet_counts_earlier_claims_under_the_name(desk, claims):
    store_claim(
        "Группировка «Тень» обещала забастовку на прошлой неделе в понедельник утром", 3,
        until=NOW - timedelta(days=9), channel="Fourth",
    )  # fmt: skip
    page = desk.get(reverse("rumours:credibility", args=[claims[3].pk]))
    sheet = page.context["sheet"]
    assert sheet.name == "Тень"
    assert sheet.sheet.earlier.open == 1
    assert "Тень" in page.content.decode()


def test_a_wrong_merge_is_undone_from_the_page(desk, claims):
    water, other = claims[0], claims[2]
    desk.post(reverse("rumours:merge", args=[other.pk]), {"target": water.pk})
    page = desk.get(reverse("rumours:claim", args=[other.pk]), follow=True)
    assert page.context["claim"] == water
    assert page.context["claim"].copies == 24
    assert CONCERT not in listed(desk.get(reverse("rumours:claims")))
    merge = page.context["merged"][0]
    desk.post(reverse("rumours:merge_undo", args=[merge.pk]))
    assert [Claim.objects.get(pk=c.pk).copies for c in (water, other)] == [12, 12]


@pytest.mark.parametrize("target", ["", "x", "0", "999999999", "9" * 30])
def test_merging_into_nothing_changes_nothing(desk, claims, target):
    desk.post(reverse("rumours:merge", args=[claims[0].pk]), {"target": target})
    assert not ClaimMerge.objects.exists()


@pytest.mark.parametrize(("decision", "merged"), [("merge", True), ("apart", False)])
def test_a_suggestion_is_decided(desk, claims, decision, merged):
    pair = MergeSuggestion.objects.create(
        first=claims[0], second=claims[1], probability=0.8, suggested_at=NOW,
        reasons=["meaning 0.91"], conflicts=["number"],
    )  # fmt: skip
    page = desk.get(reverse("rumours:suggestions")).content.decode()
    assert WATER in page
    assert WATER_KK in page
    desk.post(reverse("rumours:suggestion_decide", args=[pair.pk]), {"decision": decision})
    assert ClaimMerge.objects.exists() is merged
    assert WATER_KK not in desk.get(reverse("rumours:suggestions")).context["rows"]


@pytest.mark.parametrize("said", [{}, {"decision": ""}, {"decision": "perhaps"}])
def test_a_suggestion_without_a_decision_stays(desk, claims, said):
    pair = MergeSuggestion.objects.create(
        first=claims[0], second=claims[1], probability=0.8, suggested_at=NOW,
        reasons=["meaning 0.91"], conflicts=[],
    )  # fmt: skip
    desk.post(reverse("rumours:suggestion_decide", args=[pair.pk]), said)
    assert not ClaimMerge.objects.exists()
    assert WATER_KK in desk.get(reverse("rumours:suggestions")).content.decode()


def test_copies_are_taken_out_by_hand(desk, claims):
    store([new_message(WATER.replace("три", "пять"), number=f"n{n}") for n in range(2)])
    wrong = Message.objects.filter(text__contains="пять")
    desk.post(
        reverse("rumours:split", args=[claims[0].pk]), {"messages": [m.pk for m in wrong] + ["x"]}
    )
    assert Claim.objects.get(leader_text__contains="пять").copies == 2
    before = Claim.objects.count()
    desk.post(reverse("rumours:split", args=[claims[0].pk]))
    assert Claim.objects.count() == before


def test_a_doubt_is_answered(desk, claims):
    message = Message.objects.filter(claim_number=claims[0].pk, opens_claim=False).first()
    doubt = SplitSuggestion.objects.create(
        claim=claims[0], message=message, probability=0.1, conflicts=["number"], suggested_at=NOW
    )
    assert desk.get(reverse("rumours:claim", args=[claims[0].pk])).context["doubts"]
    desk.post(reverse("rumours:doubt_reject", args=[doubt.pk]))
    assert not desk.get(reverse("rumours:claim", args=[claims[0].pk])).context["doubts"]


def test_hours_are_planned_and_what_is_left_has_a_cost(desk):
    page = desk.get(reverse("rumours:attention"), {"hours": "1.5"})
    plan = page.context["plan"]
    assert plan.chosen[0].rank.claim.leader_text == BOMB
    assert plan.result.minutes_used <= 90
    assert len(plan.chosen) + len(plan.left) == 4
    assert plan.result.left_cost > 0


@pytest.mark.parametrize("hours", ["", "x", "-1", "1e9", "nan"])
def test_hours_that_cannot_be_are_the_usual_ones(desk, hours):
    assert desk.get(reverse("rumours:attention"), {"hours": hours}).context["hours"] == 3.0


def test_minutes_are_said_on_the_page(desk):
    form = {"new": 10, "triage": 10, "checking": 10, "verdict": 10, "returned": 10}
    desk.post(reverse("rumours:minutes"), form)
    assert set(WorkMinutes.objects.values_list("minutes", flat=True)) == {10}
    desk.post(reverse("rumours:minutes"), form | {"new": 0})
    assert WorkMinutes.objects.get(state="new").minutes == 10


def test_measures_count_open_claims_as_open(desk):
    assert desk.get(reverse("rumours:measures")).context["said"] is None
    measuring.measure(actor=ACTOR, now=NOW)
    said = desk.get(reverse("rumours:measures")).context["said"]
    assert (said["claims"], said["all"]["answered"], said["all"]["open"]) == (4, 0, 4)
    assert said["all"]["median"]["interval"] == ""


def test_the_secretary_reads_and_changes_nothing(client, claims):
    client = sign_in(client, make_user(Role.SECRETARY))
    assert client.get(reverse("rumours:attention")).status_code == 200
    assert client.get(reverse("rumours:suggestions")).status_code == 200
    assert client.post(reverse("rumours:merge", args=[claims[0].pk])).status_code == 403
    assert client.post(reverse("rumours:minutes")).status_code == 403
    page = client.get(reverse("rumours:claim", args=[claims[0].pk]))
    assert page.context["doubts"] == []


def test_matches_name_their_probability(desk, claims):
    ClaimMatch.objects.create(claim=claims[0], answered=claims[2], probability=0.73, as_of=NOW)
    ClaimRank.objects.filter(claim=claims[0]).update(no_match=0.27, matched_at=NOW)
    page = desk.get(reverse("rumours:claim", args=[claims[0].pk])).content.decode()
    assert "73" in page
    assert "27" in page


def test_there_is_no_such_thing(desk):
    for name in ("credibility", "severity", "merge", "split"):
        method = desk.get if name == "credibility" else desk.post
        assert method(reverse(f"rumours:{name}", args=[10**9])).status_code == 404
    for name in ("suggestion_decide", "merge_undo", "doubt_reject"):
        assert desk.post(reverse(f"rumours:{name}", args=[10**9])).status_code == 404
