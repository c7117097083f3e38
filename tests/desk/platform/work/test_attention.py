"""One work list over all rooms: what is told to whom, once, with the reason; and the board."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.desk.query_budgets import BUDGETS
from tests.support.answer_factories import WORDING, make_verdict
from tests.support.commission_factories import make_decision
from tests.support.factories import NOW, make_organisation, make_user, sign_in

from qalqan.desk.commission.services import decisions as commission
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.releases.models import Release, Series
from qalqan.desk.platform.work import attention, services
from qalqan.desk.platform.work.ages import middle
from qalqan.desk.platform.work.models import WorkItem
from qalqan.desk.platform.work.selectors import board as boards
from qalqan.desk.platform.work.selectors import desk_list
from qalqan.desk.rumours.models import Claim, ClaimRank
from qalqan.desk.rumours.services import write_answer

pytestmark = pytest.mark.django_db
DESK = SystemActor("test")


def owe(title, *, owner=None, body=None, days=1.0, kind="work.other", subject="test"):
    now = timezone.now()
    return services.open_item(
        actor=DESK, kind=kind, title=title, subject=subject, owner=owner, organisation=body,
        due_at=now + timedelta(days=days), now=now,
    )  # fmt: skip


def titles(user, whose=attention.ALL, **wanted):
    rows = attention.look(user, now=timezone.now(), whose=whose, **wanted).rows
    return [row.title for row in rows]


def ranked_claim(text="Су уланған деген хабар тарады ертең су болмайды"):
    """Store a claim with its place in the queue; how that is found is tested elsewhere."""
    now = timezone.now()
    claim = Claim.objects.create(
        leader_text=text, language="kk-Cyrl", first_seen=now - timedelta(hours=80), last_seen=now,
        copies=3, tips=0,
    )  # fmt: skip
    ClaimRank.objects.create(
        claim=claim, score=1, score_low=0, score_high=2, expected=1, expected_low=0,
        expected_high=2, alarm_copies=1, alarm_probability=0.5, minutes=45,
        suggested_severity="other", words=[], reasons=[], no_match=1, copies_seen=3, as_of=now,
        is_urgent=False,
    )  # fmt: skip
    return claim


def test_mine_is_what_i_took_and_what_nobody_has_and_i_may_do():
    me = make_user(Role.INSPECTOR)
    colleague = make_user(Role.INSPECTOR, organisation=me.organisation)
    owe("Mine", owner=me)
    owe("Free", body=me.organisation)
    owe("A colleague's", owner=colleague)
    owe("Another body's", body=make_organisation())
    assert set(titles(me, attention.MINE)) == {"Mine", "Free"}
    assert set(titles(me, attention.BODY)) == {"Mine", "Free", "A colleague's"}
    assert set(titles(me)) == {"Mine", "Free", "A colleague's"}


def test_every_row_says_why_it_is_there():
    me = make_user(Role.SECRETARY)
    owe("Mine", owner=me)
    owe("Free", body=me.organisation)
    owe("Another body's", body=make_organisation())
    why = {row.title: row.why for row in attention.waiting(me, now=timezone.now())}
    assert why == {
        "Mine": "You have taken it.",
        "Free": "Your body owes it, and nobody has taken it.",
        "Another body's": "You see the work of all bodies.",
    }


def test_a_rumour_waits_for_those_who_may_check_it_and_is_hidden_from_the_others():
    claim = ranked_claim()
    duty, worker = make_user(Role.DUTY_OFFICER), make_user(Role.SITE_OWNER)
    [row] = attention.look(duty, now=timezone.now(), kinds=("rumours.check",)).rows
    assert (row.subject, row.url) == (f"rumours.claim:{claim.pk}", f"/rumours/{claim.pk}/")
    assert row.may_act
    assert row.due_at < timezone.now()
    assert titles(worker) == []


def test_an_answer_that_waits_leads_to_its_own_page_for_whoever_approves_or_reads(client):
    press = make_user(Role.PRESS_OFFICER)
    answer = write_answer(
        actor=press, claim=make_verdict(press), wording=WORDING, now=NOW
    ).answer  # fmt: skip
    for role in (Role.SECRETARY, Role.ANALYST):
        reader = make_user(role)
        [row] = attention.look(reader, now=timezone.now(), kinds=("rumours.approve",)).rows
        assert row.url == reverse("rumours:review", args=[answer.pk])
        assert sign_in(client, reader).get(row.url).status_code == 200


def test_who_only_reads_finds_it_under_all_and_not_under_mine():
    ranked_claim()
    auditor = make_user(Role.AUDITOR)
    assert titles(auditor, attention.MINE) == []
    assert len(titles(auditor)) == 1


def test_work_given_for_a_thing_stands_for_it():
    claim = ranked_claim()
    duty = make_user(Role.DUTY_OFFICER)
    owe("Check claim", body=duty.organisation, kind="rumours.check", subject=claim)
    assert titles(duty) == ["Check claim"]


def test_work_of_another_body_that_i_do_not_see_hides_nothing_from_me():
    claim = ranked_claim()
    duty = make_user(Role.DUTY_OFFICER)
    owe("Check claim", body=make_organisation(), kind="rumours.check", subject=claim)
    [title] = titles(duty)
    assert title.startswith(f"Rumour {claim.pk}")


def test_an_offer_waits_for_the_body_that_is_offered_it():
    giver, taker = make_user(Role.INSPECTOR), make_user(Role.INSPECTOR)
    item = owe("Look after the depot", body=giver.organisation)
    services.hand_over(
        actor=giver, item=item, organisation=taker.organisation, reason="Yours", now=timezone.now()
    )
    [row] = attention.look(taker, now=timezone.now(), whose=attention.MINE).rows
    assert (row.kind, row.why) == ("work.offer", "Offered to your body: Yours")


def test_evidence_waits_for_another_than_who_showed_it():
    now = timezone.now()
    secretary = make_user(Role.SECRETARY)
    shower = make_user(Role.INSPECTOR)
    decision = make_decision(secretary, shower.organisation, now=now)
    commission.show_evidence(actor=shower, decision=decision, text="Lamps stand.", now=now)
    kinds = ("commission.judge_evidence",)
    assert titles(secretary, attention.MINE, kinds=kinds)
    assert titles(shower, attention.MINE, kinds=kinds) == []
    assert titles(make_user(Role.SUPPORT_WORKER), kinds=kinds) == []


def test_of_support_the_list_tells_refused_counts_and_no_case():
    series = Series.objects.create(code="support.quarters")
    Release.objects.create(
        series=series, edition="2026-Q1", number=1, state="refused", threshold=10, cells=4,
        withheld=4, cost=None, bound=None, released_at=timezone.now(),
    )  # fmt: skip
    assert titles(make_user(Role.ANALYST)) == ["support.quarters, 2026-Q1"]
    assert titles(make_user(Role.SUPPORT_WORKER)) == []
    support = [code for code, _label in attention.known() if code.startswith("support.")]
    assert support == ["support.release"]


def test_every_kind_has_a_provider_that_answers_every_role():
    for role in Role.values:
        user = make_user(role)
        for whose in (attention.MINE, attention.BODY, attention.ALL):
            assert titles(user, whose) == []
    assert len(attention.known()) >= 25


def test_a_kind_of_which_there_is_more_is_named_and_cut_at_the_most_urgent():
    me = make_user(Role.INSPECTOR)
    for day in (5, 3, 1, 4):
        owe(f"Due in {day}", owner=me, days=day)
    seen = attention.look(me, now=timezone.now(), most=2)
    assert [row.title for row in seen.rows] == ["Due in 1", "Due in 3"]
    assert seen.capped == {"work"}


def test_a_kind_that_cannot_be_read_is_named_and_the_others_are_told(client, monkeypatch):
    def broken(_ask):
        raise ZeroDivisionError

    kind = attention.Kind("rumours.check", "Check a rumour", broken)
    monkeypatch.setitem(attention._kinds, kind.code, kind)
    me = make_user(Role.DUTY_OFFICER, language="en")
    owe("Still told", owner=me)
    seen = attention.look(me, now=timezone.now())
    assert ([row.title for row in seen.rows], seen.failed) == (["Still told"], {"rumours.check"})
    sign_in(client, me)
    said = "missing here: Check a rumour."
    for name in ("items", "board"):
        assert said in client.get(reverse(f"work:{name}")).content.decode()
    assert said in client.get(reverse("work:export")).content.decode("utf-8-sig").splitlines()[-1]


def test_groups_are_overdue_today_the_week_and_later():
    now = timezone.make_aware(timezone.datetime(2026, 3, 2, 9))
    row = attention.Waiting("a.b", "t", "/", now, None, None, None, "")
    hours = {None: "later", -1: "overdue", 0: "today", 10: "today", 24: "week", 24 * 8: "later"}
    for after, group in hours.items():
        due = None if after is None else now + timedelta(hours=after)
        assert desk_list.group_of(attention.at(row, due_at=due), now) == group


def test_the_page_groups_filters_and_says_what_is_empty(client):
    me = make_user(Role.INSPECTOR, language="en")
    sign_in(client, me)
    assert "Nothing waits for you" in client.get(reverse("work:items")).content.decode()
    owe("Late depot", owner=me, days=-1)
    owe("Early school", owner=me, days=3)
    page = client.get(reverse("work:items")).content.decode()
    assert "Overdue: 1" in page
    assert "Within seven days: 1" in page
    page = client.get(reverse("work:items"), {"q": "SCHOOL"}).content.decode()
    assert "Early school" in page
    assert "Late depot" not in page


def test_marked_work_is_taken_all_or_none(client):
    me = make_user(Role.INSPECTOR, language="en")
    sign_in(client, me)
    items = [owe(f"Item {n}", body=me.organisation) for n in range(3)]
    other = make_user(Role.INSPECTOR, organisation=me.organisation)
    services.accept(actor=other, item=items[2], now=timezone.now())
    keys = [item.pk for item in items]
    client.post(reverse("work:take"), {"item": keys})
    assert not WorkItem.objects.filter(owner=me).exists()
    response = client.post(reverse("work:take"), {"item": keys[:2], "query": "whose=mine"})
    assert response.url == "/work/?whose=mine"
    assert WorkItem.objects.filter(owner=me, state="accepted").count() == 2


def test_the_file_holds_the_list_without_persons_words_of_messages_or_formulas(client):
    claim = ranked_claim("=HYPERLINK қауесет туралы ұзақ хабар осында тарады бүгін")
    me = make_user(Role.PRESS_OFFICER, language="en", display_name="Somebody By Name")
    owe("=1+1", owner=me)
    sign_in(client, me)
    body = client.get(reverse("work:export"), {"whose": "all"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert {row[2] for row in rows[1:]} == {"'=1+1", f"Rumour {claim.pk}"}
    assert "қауесет" not in body
    assert "Somebody By Name" not in body
    assert AuditEntry.objects.get(action="work.export").detail == {"rows": 2}


def test_the_board_counts_by_body_only_what_the_reader_sees():
    me = make_user(Role.INSPECTOR)
    for days in (-2, -1, 5):
        owe("Own", body=me.organisation, days=days)
    owe("Hidden", body=make_organisation(), days=-9)
    [holder] = boards.board(me, now=timezone.now()).holders
    assert (holder.name, holder.count, holder.overdue) == (str(me.organisation), 3, 2)
    secretary = make_user(Role.SECRETARY)
    assert len(boards.board(secretary, now=timezone.now()).holders) == 2


def test_the_load_of_a_week_adds_up():
    me = make_user(Role.INSPECTOR)
    now = timezone.make_aware(timezone.datetime(2026, 3, 4, 9))
    for weeks_ago, closed in ((20, None), (3, 1), (1, None)):
        at = now - timedelta(weeks=weeks_ago)
        item = services.open_item(
            actor=DESK, kind="work.other", title="x", subject="t", owner=me, organisation=None,
            due_at=at, now=at,
        )  # fmt: skip
        if closed is not None:
            services.close_item(
                actor=DESK, item=item, outcome="done", now=now - timedelta(weeks=closed)
            )
    weeks = boards.own_load(me, now=now)
    assert [(week.opened, week.closed, week.open) for week in weeks[-4:]] == [
        (1, 0, 2), (0, 0, 2), (1, 1, 2), (0, 0, 2),
    ]  # fmt: skip


def test_nobody_looks_at_the_load_of_another_body_or_person(client):
    me, other = make_user(Role.INSPECTOR, language="en"), make_user(Role.INSPECTOR)
    owe("Other's", owner=other)
    sign_in(client, me)
    page = client.get(reverse("work:board"), {"body": other.organisation_id}).content.decode()
    assert str(other.organisation) not in page
    assert [team.pk for team in boards.teams(me)] == [me.organisation_id]
    assert boards.own_load(me, now=timezone.now())[-1].open == 0


@pytest.mark.parametrize(
    ("n", "rank"), [(5, None), (6, 1), (8, 1), (9, 2), (20, 6), (50, 18), (100, 40)]
)
def test_the_interval_of_a_median_has_the_ranks_of_the_published_table(n, rank):
    """Conover (1999), table A3; also Hahn and Meeker (1991), table A.7 for n = 50 and 100."""
    found = middle(list(range(1, n + 1)))
    assert found.low == rank
    assert found.high == (None if rank is None else n + 1 - rank)


@pytest.mark.parametrize("name", ["items", "board"])
def test_pages_keep_their_budget_however_much_waits(client, name):
    me = make_user(Role.DUTY_OFFICER)
    sign_in(client, me)
    address = reverse(f"work:{name}")
    ranked_claim()
    owe("First", owner=me)
    client.get(address, {"whose": "all"})
    counts = []
    for more in (0, 60):
        for number in range(more):
            owe(f"More {number}", owner=me)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address, {"whose": "all"}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGETS[f"work:{name}"]
