"""The way of a claim: what follows what, who owns it, how it comes back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.support.answer_factories import (
    RUMOUR,
    later,
    make_claim,
    make_evidence,
    make_published,
    make_taken,
    make_verdict,
)
from tests.support.factories import NOW, make_user
from tests.support.rumours_factories import ACTOR, store_claim

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.rumours import services, states
from qalqan.desk.rumours.models import Claim, Evidence, Verdict
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
S = Claim.State

ACTS = {
    "triage": (services.triage_claim, {}),
    "take": (services.take_claim, {}),
    "take_over": (services.take_over_claim, {"reason": "r"}),
    "give_back": (services.give_back_claim, {}),
    "recheck": (services.recheck_claim, {"reason": "r"}),
    "unverifiable": (services.leave_unverifiable, {"reason": "r"}),
    "watch": (services.watch_claim, {}),
    "close": (services.close_claim, {"reason": "r"}),
}
LEADS_TO = {
    ("new", "triage"): "triage",
    ("new", "take"): "checking",
    ("new", "close"): "closed",
    ("triage", "take"): "checking",
    ("triage", "close"): "closed",
    ("checking", "give_back"): "triage",
    ("checking", "unverifiable"): "unverifiable",
    ("verdict", "recheck"): "checking",
    ("verdict", "unverifiable"): "unverifiable",
    ("answered", "watch"): "watching",
    ("answered", "close"): "closed",
    ("answered", "recheck"): "checking",
    ("watching", "close"): "closed",
    ("watching", "recheck"): "checking",
    ("closed", "triage"): "triage",
    ("closed", "recheck"): "checking",
    ("returned", "take"): "checking",
    ("returned", "recheck"): "checking",
    ("returned", "close"): "closed",
    ("unverifiable", "take"): "checking",
    ("unverifiable", "close"): "closed",
}
"""From a state by an act to a state, as the brief of the desk wants it; all else is refused."""


def last_act():
    entry = AuditEntry.objects.order_by("-sequence").first()
    return entry.action, entry.detail


@pytest.mark.parametrize("act", list(ACTS))
@pytest.mark.parametrize("state", S.values)
def test_the_table_of_states_decides(state, act):
    user, claim = make_user(), make_claim()
    Claim.objects.update(state=state, state_since=NOW)
    before = AuditEntry.objects.count()
    service, more = ACTS[act]
    wanted = LEADS_TO.get((state, act))
    if wanted is None:
        with pytest.raises(ConflictError):
            service(actor=user, claim=claim, now=NOW, **more)
        assert Claim.objects.get().state == state
        assert AuditEntry.objects.count() == before
    else:
        row = service(actor=user, claim=claim, now=later(hours=1), **more)
        assert (row.state, row.state_since) == (wanted, later(hours=1))
        assert row.owner == (user if wanted == "checking" else None)
        assert AuditEntry.objects.count() == before + 1


def test_every_state_has_its_line_in_the_table():
    assert set(states.TRANSITIONS) == set(S.values)
    assert set().union(*states.TRANSITIONS.values()) <= set(S.values)


def test_one_owner_and_a_takeover_with_a_reason():
    first, second = make_user(), make_user("analyst")
    claim = make_taken(first)
    with pytest.raises(ConflictError):
        services.take_claim(actor=second, claim=claim, now=NOW)
    with pytest.raises(InputError):
        services.take_over_claim(actor=second, claim=claim, reason="  ", now=NOW)
    with pytest.raises(ConflictError):
        services.take_over_claim(actor=first, claim=claim, reason="mine", now=NOW)
    row = services.take_over_claim(actor=second, claim=claim, reason="Her shift is over", now=NOW)
    assert row.owner == second
    action, detail = last_act()
    assert (action, detail["from_user"], detail["reason"]) == (
        "rumours.take_over_claim", first.pk, "Her shift is over",
    )  # fmt: skip


def test_reasons_are_screened():
    claim = make_claim()
    services.close_claim(actor=make_user(), claim=claim, reason="Ask 8 701 555 12 34", now=NOW)
    assert "555" not in last_act()[1]["reason"]


def test_who_only_reads_claims_moves_none():
    claim = make_claim()
    for service, more in ACTS.values():
        with pytest.raises(RefusedError):
            service(actor=make_user("auditor"), claim=claim, now=NOW, **more)


def test_evidence_keeps_the_grade_the_source_had():
    user = make_user()
    claim = make_taken(user)
    item = make_evidence(user, claim)
    assert (item.reliability, item.credibility, item.added_by) == ("F", 1, user)
    item.source.reliability = "A"
    item.source.save()
    assert Evidence.objects.get().reliability == "F"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": "   "}, "text"),
        ({"text": "Асхат айтты, 8 701 555 12 34"}, "text"),
        ({"url": "http://water.example.kz/"}, "url"),
        ({"url": "https://user:word@example.kz/"}, "url"),
        ({"url": "https://intranet/report"}, "url"),
        ({"url": "https://10.0.0.7/report"}, "url"),
        ({"url": "https://files.local/report"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"found_at": NOW + timedelta(days=1)}, "found_at"),
    ],
)
def test_evidence_that_cannot_stand_is_refused(fields, field):
    user = make_user()
    claim = make_taken(user)
    with pytest.raises(InputError) as error:
        make_evidence(user, claim, **fields)
    assert error.value.location.field == field
    assert not Evidence.objects.exists()


def test_evidence_is_added_while_a_claim_is_checked():
    with pytest.raises(ConflictError):
        make_evidence(make_user(), make_claim())


def test_a_verdict_rests_on_evidence_of_its_claim():
    user = make_user()
    claim = make_taken(user)
    item = make_evidence(user, claim, found_at=NOW - timedelta(hours=3))
    with pytest.raises(InputError):
        services.give_verdict(
            actor=user, claim=claim, value="false", reason="r", evidence=[], now=NOW
        )
    other = make_taken(user, make_claim("Екінші көпірде жарық жоқ дейді жұрт"))
    with pytest.raises(InputError):
        services.give_verdict(
            actor=user, claim=other, value="false", reason="r", evidence=[item], now=NOW
        )
    verdict = services.give_verdict(
        actor=user, claim=claim, value="misleading", reason="Half of it", evidence=[item], now=NOW
    )
    assert (verdict.as_of, list(verdict.evidence.all())) == (NOW - timedelta(hours=3), [item])
    assert Claim.objects.get(pk=claim.pk).state == "verdict"


def test_what_cannot_be_checked_needs_no_evidence():
    user = make_user()
    claim = make_taken(user)
    services.give_verdict(
        actor=user, claim=claim, value="unverifiable", reason="No access", evidence=[], now=NOW
    )
    assert Verdict.objects.get().value == "unverifiable"


def test_only_the_owner_gives_the_verdict():
    claim = make_taken(make_user())
    with pytest.raises(ConflictError):
        services.give_verdict(
            actor=make_user("analyst"), claim=claim, value="unverifiable", reason="r",
            evidence=[], now=NOW,
        )  # fmt: skip


def settle(state="watching", *, at=NOW):
    answer = make_published(now=at)
    Claim.objects.filter(pk=answer.claim_id).update(state=state, state_since=at)
    return Claim.objects.get(pk=answer.claim_id)


@pytest.mark.parametrize("state", ["watching", "closed"])
def test_a_settled_claim_comes_back_when_it_grows_by_the_stated_rule(state):
    claim = settle(state)
    store_claim(RUMOUR, states.RETURN_COPIES - 1, until=later(hours=5), language="kk-Cyrl")
    assert services.return_claims(actor=ACTOR, now=later(hours=6)) == []
    store_claim(RUMOUR, 1, until=later(hours=5, minutes=30), language="kk-Cyrl")
    assert services.return_claims(actor=ACTOR, now=later(hours=6)) == [claim.pk]
    claim.refresh_from_db()
    assert (claim.state, claim.state_since) == ("returned", later(hours=6))
    assert last_act()[1] == {"from": state, "copies": states.RETURN_COPIES}
    assert services.return_claims(actor=ACTOR, now=later(hours=6)) == []


def test_copies_from_before_the_answer_bring_nothing_back():
    claim = make_claim(copies=40)
    Claim.objects.update(state="watching", state_since=NOW)
    assert services.return_claims(actor=ACTOR, now=later(minutes=30)) == []
    assert Claim.objects.get(pk=claim.pk).state == "watching"


def test_old_growth_brings_nothing_back():
    settle()
    store_claim(RUMOUR, 50, until=later(hours=5), language="kk-Cyrl")
    assert services.return_claims(actor=ACTOR, now=later(hours=40)) == []


def test_answered_claims_are_watched_after_a_day():
    make_published()
    assert services.watch_answered(actor=ACTOR, now=later(hours=23)) == 0
    assert services.watch_answered(actor=ACTOR, now=later(hours=24)) == 1
    assert Claim.objects.get().state == "watching"


def test_who_does_not_own_a_claim_is_offered_no_verdict(client):
    from tests.support.factories import sign_in

    claim = make_taken(make_user())
    page = sign_in(client, make_user("press_officer")).get(
        reverse("rumours:claim", args=[claim.pk])
    )
    assert [name for name, _act in page.context["acts"]] == ["take-over"]
    assert page.context["verdict_form"] is None
    assert page.context["evidence_form"] is not None


def test_the_page_offers_what_the_state_allows(client):
    from tests.support.factories import sign_in

    user = make_user()
    claim = make_verdict(user)
    page = sign_in(client, user).get(reverse("rumours:claim", args=[claim.pk]))
    offered = [name for name, _act in page.context["acts"]]
    assert offered == ["unverifiable", "recheck"]
    assert page.context["may_write"]
    done = client.post(
        reverse("rumours:act", args=[claim.pk, "recheck"]), {"reason": "New samples"}, follow=True
    )
    assert done.context["claim"].state == "checking"
    refused = client.post(reverse("rumours:act", args=[claim.pk, "watch"]), follow=True)
    assert refused.context["claim"].state == "checking"
    assert client.post(reverse("rumours:act", args=[claim.pk, "fly"])).status_code == 404


@pytest.mark.parametrize("act", ["give_back", "unverifiable", "recheck"])
def test_nobody_takes_a_claim_out_of_the_hands_of_another_without_a_takeover(act):
    owner, other = make_user("analyst"), make_user("analyst")
    claim = make_verdict(owner) if act == "recheck" else make_taken(owner)
    service, more = ACTS[act]
    with pytest.raises(ConflictError):
        service(actor=other, claim=claim, now=later(minutes=1), **more)
    row = Claim.objects.get(pk=claim.pk)
    assert (row.owner, row.state) == (owner, claim.state)
    service(actor=owner, claim=claim, now=later(minutes=1), **more)
