"""Short cuts that a large desk takes say the same as the long way."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest
from django.urls import reverse
from tests.support.factories import NOW, make_user, sign_in
from tests.support.rumours_factories import ACTOR, store_claim

from qalqan.desk.platform.policies import Role
from qalqan.desk.rumours.models import Claim, ClaimHour, ClaimRank
from qalqan.desk.rumours.selectors import counts, hour_of, measured, planning
from qalqan.desk.rumours.services import flow, measuring, merging, ranking
from qalqan.errors import InputError

pytestmark = pytest.mark.django_db


def fill(number, copies=2):
    things = ("су", "нан", "мектеп", "жол", "көпір", "базар", "пойыз", "автобус", "жарық", "газ")
    for n in range(number):
        text = " ".join(f"{thing}{copies}n{n}" for thing in things)
        store_claim(text, copies, until=NOW - timedelta(hours=n % 20), channel=f"C {n}")
    return list(Claim.objects.filter(copies=copies).order_by("pk"))


@pytest.mark.parametrize("seed", range(6))
def test_the_most_copied_are_found_without_grouping_every_hour(seed):
    rng, last = np.random.default_rng(seed), hour_of(NOW)
    claims = fill(40)
    ClaimHour.objects.all().delete()
    weights = rng.pareto(0.7, len(claims)) + 0.2
    rows = [
        ClaimHour(claim=claim, hour=last - hour, copies=min(copies, 10_000))
        for claim, weight in zip(claims, weights, strict=True)
        for hour in range(30)
        if (copies := int(rng.poisson(4 * weight)))
    ]
    ClaimHour.objects.bulk_create(rows)
    summed = Counter()
    for row in rows:
        if row.hour > last - 24:
            summed[row.claim_id] += row.copies
    order = sorted(summed.items(), key=lambda one: (-one[1], one[0]))
    for most in (1, 3, 5, 100):
        found = counts.recent_copies(ACTOR, last, 24, most)
        assert list(found.items()) == order[:most]


def test_claims_further_down_are_counted_with_their_cost(monkeypatch, client):
    fill(9)
    ranking.rank_claims(actor=ACTOR, now=NOW)
    whole = planning.plan(ACTOR, hours=0)
    assert whole.beyond is None
    monkeypatch.setattr(planning, "MOST_PLANNED", 4)
    cut = planning.plan(ACTOR, hours=0)
    assert cut.beyond is not None
    assert (len(cut.result.left), cut.beyond.count, cut.left_count) == (4, 5, 9)
    assert cut.left_cost == pytest.approx(whole.left_cost)
    assert (cut.left_low, cut.left_high) == pytest.approx((whole.left_low, whole.left_high))
    scores = list(ClaimRank.objects.order_by("-score").values_list("score", flat=True))
    assert cut.beyond.most == pytest.approx(scores[4])
    page = sign_in(client, make_user(Role.DUTY_OFFICER, language="en")).get(
        reverse("rumours:attention")
    )
    assert "Further down are 5 more" in page.content.decode()


def test_what_waits_behind_the_threats_is_bounded_by_itself(monkeypatch):
    fill(5)
    ranking.rank_claims(actor=ACTOR, now=NOW)
    low = ClaimRank.objects.order_by("score")[:3].values_list("pk", flat=True)
    ClaimRank.objects.filter(pk__in=list(low)).update(is_urgent=True)
    monkeypatch.setattr(planning, "MOST_PLANNED", 2)
    beyond = planning.plan(ACTOR, hours=1).beyond
    assert (beyond.count, beyond.urgent) == (3, 1)
    best = ClaimRank.objects.order_by("-score").values_list("score", flat=True)[0]
    assert beyond.most == pytest.approx(best)


def test_measures_are_of_what_the_desk_took_up_unless_all_are_asked_for(client):
    taken = fill(6)[0]
    fill(1, copies=measuring.MANY_COPIES)
    officer = make_user(Role.DUTY_OFFICER, language="en")
    flow.triage_claim(actor=officer, claim=taken, now=NOW)
    content = measuring.measure(actor=ACTOR, now=NOW).content
    sizes = {
        scope: (found["claims"], found["left_out"])
        for scope in measured.SCOPES
        if (found := measured.narrowed(content, scope))
    }
    assert sizes == {"taken_up": (1, 6), "copies": (1, 6), "all": (7, 0)}
    client = sign_in(client, officer)
    page = client.get(reverse("rumours:measures"))
    assert (page.context["said"]["claims"], page.context["said"]["left_out"]) == (1, 6)
    assert client.get(reverse("rumours:measures"), {"of": "all"}).context["said"]["claims"] == 7
    assert client.get(reverse("rumours:measures"), {"of": "x"}).context["said"]["claims"] == 1


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_public_reads_one_part_only_in_each_language(client, language):
    fill(11)
    measuring.measure(actor=ACTOR, now=NOW)
    page = client.get(reverse("public:measures", args=[language]))
    assert (page.status_code, page["Content-Language"]) == (200, language)
    assert page.context["said"]["claims"] == 11
    assert b"?of=" not in page.content


def test_measures_stored_before_there_were_parts_are_of_all_claims():
    fill(3)
    content = measuring.compute(ACTOR, NOW)
    del content["scopes"]
    found = measured.narrowed(content, "taken_up")
    assert (found["scope"], found["claims"], found["left_out"]) == ("all", 3, 0)


def test_a_danger_that_is_only_reported_stays_in_the_queue():
    text = "Возле рынка слышна стрельба, уже второй вечер подряд, люди боятся выходить из дома"
    store_claim(text, 3, until=NOW)
    ranking.rank_claims(actor=ACTOR, now=NOW)
    rank = ClaimRank.objects.get()
    assert (rank.suggested_severity, rank.is_urgent) == (Claim.Severity.THREAT_TO_LIFE, False)
    ranking.set_severity(
        actor=ACTOR, claim=rank.claim, severity=Claim.Severity.THREAT_TO_LIFE, now=NOW
    )
    assert ClaimRank.objects.get().is_urgent


def test_the_sheet_offers_what_the_words_suggest_and_no_threat_of_its_own(client):
    claim = fill(1)[0]
    client = sign_in(client, make_user(Role.DUTY_OFFICER))
    sheet = reverse("rumours:credibility", args=[claim.pk])
    assert client.get(sheet).context["severity_form"].initial == {"severity": "other"}
    ranking.rank_claims(actor=ACTOR, now=NOW)
    ClaimRank.objects.update(suggested_severity=Claim.Severity.PANIC)
    assert client.get(sheet).context["severity_form"].initial == {"severity": "panic"}


def test_too_many_messages_at_once_are_refused_with_what_to_do():
    claim = fill(1)[0]
    with pytest.raises(InputError, match="Take out the first ones"):
        merging.split_claim(
            actor=ACTOR, claim=claim, message_ids=range(1, merging.MOST_MOVED + 2), now=NOW
        )
