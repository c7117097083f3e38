"""Weeks of the teams: drawn, committed to, changed at a price, revealed, checked."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import NOW, make_user, sign_in
from tests.support.protection_factories import make_inspection, make_site

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.protection.models import PlanChange, PlannedVisit, PlanWeek, Site, Team
from qalqan.desk.protection.selectors import plan as selectors
from qalqan.desk.protection.services import plan_changes, planning, sample_plans
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 9)
SEED = bytes(range(32))
LATER = NOW + timedelta(days=21)


def make_team(name: str = "North", members=(), **fields) -> Team:
    facts = planning.TeamFacts(name, 50.28, 57.2, (0, 2, 4), **fields)
    return planning.save_team(
        actor=make_user(Role.DUTY_OFFICER), facts=facts, members=list(members), now=NOW
    )


@pytest.fixture
def duty():
    return make_user(Role.DUTY_OFFICER)


@pytest.fixture
def sites():
    """Thirty sites in three towns, of all tiers."""
    towns = [(50.28, 57.2), (50.30, 57.6), (49.9, 57.33)]
    return [
        make_site(
            latitude=towns[n % 3][0] + n / 2000, longitude=towns[n % 3][1] + n / 3000,
            tier=n % 3 + 1,
        )
        for n in range(30)
    ]  # fmt: skip


@pytest.fixture
def week(duty, sites):
    make_team()
    return planning.draw_plan(actor=duty, monday=MONDAY, now=NOW, seed=SEED)


def test_a_week_keeps_to_the_teams_days_zones_and_limits(week):
    visits = list(PlannedVisit.objects.filter(week=week))
    assert visits
    assert {one.day for one in visits} <= {MONDAY, MONDAY + timedelta(2), MONDAY + timedelta(4)}
    zone = dict(zip(week.site_ids, week.zones, strict=True))
    by_day = {day: [v.site_id for v in visits if v.day == day] for day in {v.day for v in visits}}
    for held in by_day.values():
        assert len({zone[pk] for pk in held}) == 1
        assert len(held) <= week.limits[0][zone[held[0]]]
    assert sum(week.coverage) <= 3 * 4
    assert week.guarantee <= week.bound + 1e-9
    assert all(week.guarantee >= value - 1e-9 for value in week.baselines.values())


def test_the_commitment_stands_in_the_record_and_the_seed_does_not(week):
    entry = AuditEntry.objects.get(action="protection.draw_plan")
    assert entry.detail["commitment"] == week.commitment
    assert SEED.hex() not in entry.detail_json
    assert week.seed == ""
    assert SEED not in bytes(week.sealed_seed)


def test_after_the_week_anybody_can_draw_it_again(week, duty):
    assert not selectors.recompute(week).is_revealed
    with pytest.raises(ConflictError):
        planning.reveal_seed(actor=duty, week=week, now=NOW)
    shown = planning.reveal_seed(actor=duty, week=week, now=LATER)
    assert shown.seed == SEED.hex()
    assert selectors.recompute(shown).is_fair
    assert AuditEntry.objects.get(action="protection.reveal_seed").detail["seed"] == SEED.hex()
    with pytest.raises(ConflictError):
        planning.reveal_seed(actor=duty, week=shown, now=LATER)


def test_a_visit_moved_behind_the_desks_back_or_another_seed_is_found_out(week, duty):
    shown = planning.reveal_seed(actor=duty, week=week, now=LATER)
    visit = PlannedVisit.objects.filter(week=week).first()
    planned = set(PlannedVisit.objects.filter(week=week).values_list("site_id", flat=True))
    other = next(pk for pk in week.site_ids if pk not in planned)
    PlannedVisit.objects.filter(pk=visit.pk).update(site_id=other)
    assert selectors.recompute(shown) == selectors.Check(True, True, False, 0)
    shown.seed = bytes(32).hex()
    assert not selectors.recompute(shown).is_committed


def test_a_change_by_hand_is_kept_with_its_price_and_leaves_the_draw_provable(week, duty):
    visit = PlannedVisit.objects.filter(week=week).first()
    other = selectors.instead_of(duty, visit)[0]
    price = selectors.price_of(week, visit, other.pk)
    change = plan_changes.change_visit(
        actor=duty, visit=visit, put_in=other, why="the school asked for another day", now=NOW
    )
    visit.refresh_from_db()
    assert visit.state == "taken_out"
    put = PlannedVisit.objects.get(week=week, site=other, state="planned")
    assert (put.by_hand, put.day, put.team) == (True, visit.day, visit.team)
    assert change.protection_lost == price.lost
    assert change.bits_lost == price.bits_lost >= 0
    detail = AuditEntry.objects.get(action="protection.change_plan").detail
    assert detail["bits_lost"] == round(price.bits_lost, 6)
    shown = planning.reveal_seed(actor=duty, week=week, now=LATER)
    assert selectors.recompute(shown) == selectors.Check(True, True, True, 1)


def test_what_may_not_be_changed(week, duty, sites):
    visit = PlannedVisit.objects.filter(week=week).first()
    planned = PlannedVisit.objects.filter(week=week).exclude(pk=visit.pk).first().site
    change = {"actor": duty, "visit": visit, "why": "because", "now": NOW}
    with pytest.raises(ConflictError, match="planned for this week already"):
        plan_changes.change_visit(**change, put_in=planned)
    with pytest.raises(InputError, match="does not know"):
        plan_changes.change_visit(**change, put_in=make_site())
    with pytest.raises(InputError, match="Say why"):
        plan_changes.change_visit(**{**change, "why": " "}, put_in=None)
    with pytest.raises(ConflictError, match="over"):
        plan_changes.change_visit(**{**change, "now": LATER}, put_in=None)
    with pytest.raises(ConflictError, match="meanwhile"):
        plan_changes.change_visit(**change, put_in=None, after_changes=3)
    with pytest.raises(RefusedError):
        plan_changes.change_visit(**{**change, "actor": make_user(Role.INSPECTOR)}, put_in=None)
    assert PlanChange.objects.count() == 0
    plan_changes.change_visit(**change, put_in=None)
    with pytest.raises(ConflictError, match="already"):
        plan_changes.change_visit(**change, put_in=None)


def test_what_may_not_be_drawn(duty, sites):
    draw = {"actor": duty, "monday": MONDAY, "now": NOW}
    with pytest.raises(InputError, match="No team"):
        planning.draw_plan(**draw)
    make_team()
    with pytest.raises(InputError, match="Monday"):
        planning.draw_plan(**{**draw, "monday": MONDAY + timedelta(1)})
    with pytest.raises(ConflictError, match="over"):
        planning.draw_plan(**{**draw, "now": LATER})
    with pytest.raises(RefusedError):
        planning.draw_plan(**{**draw, "actor": make_user(Role.INSPECTOR)})
    planning.draw_plan(**draw)
    with pytest.raises(ConflictError, match="has a plan"):
        planning.draw_plan(**draw)


def test_no_sites_or_none_in_reach(duty):
    make_team()
    with pytest.raises(InputError, match="No site"):
        planning.draw_plan(actor=duty, monday=MONDAY, now=NOW)
    make_site(latitude=43.2, longitude=76.9)
    with pytest.raises(InputError, match="within a shift"):
        planning.draw_plan(actor=duty, monday=MONDAY, now=NOW)


def test_the_score_follows_the_last_inspection(duty):
    today = NOW.date()
    never = make_site(tier=1)
    failed = make_site(tier=3, last_inspected_on=today, last_result="serious")
    make_inspection(failed, result="serious", score=0.25)
    risks = selectors.site_risks(duty, today)
    assert risks.ids == [never.pk, failed.pk]
    assert risks.components["vulnerability"] == [0.5, 0.75]
    assert risks.components["consequence"] == pytest.approx([1 / 3, 1])
    assert risks.components["exposure"] == pytest.approx([1, 0], abs=0.01)


def test_inspectors_see_only_their_own_teams_visits(duty, sites):
    mine, other = make_user(Role.INSPECTOR), make_user(Role.INSPECTOR)
    make_team("Mine", [mine])
    make_team("Other", [other])
    week = planning.draw_plan(actor=duty, monday=MONDAY, now=NOW, seed=SEED)
    seen = selectors.visits(mine, week)
    assert {one.team.name for one in seen} == {"Mine"}
    assert selectors.visits(duty, week).count() > seen.count() > 0
    at = datetime.combine(MONDAY, NOW.time(), NOW.tzinfo)
    days = selectors.planned_days(mine, at)
    assert set(days) == {one.site_id for one in seen}
    assert selectors.planned_days(mine, NOW) == {}


def test_a_calendar_is_private_read_by_its_address_and_can_be_revoked(week, duty, client):
    team = Team.objects.get()
    feed, token = plan_changes.make_feed(actor=duty, team=team, now=NOW)
    assert token not in feed.token_hash
    data = plan_changes.read_feed(token=token, now=NOW)
    events = list(Calendar.from_ical(data).walk("VEVENT"))
    assert len(events) == PlannedVisit.objects.filter(week=week).count()
    assert {str(event["status"]) for event in events} == {"CONFIRMED"}
    assert AuditEntry.objects.filter(action="protection.read", actor_label="public").count() == 1
    assert client.get(f"/protection/plan/calendar/{token}.ics").status_code == 200
    plan_changes.revoke_feed(actor=duty, feed=feed, now=NOW)
    assert plan_changes.read_feed(token=token, now=NOW) is None
    assert client.get(f"/protection/plan/calendar/{token}.ics").status_code == 404
    with pytest.raises(ConflictError):
        plan_changes.revoke_feed(actor=duty, feed=feed, now=NOW)


def test_the_export_is_marked_on_every_row_and_recorded(week, duty):
    name, data = plan_changes.export_plan(actor=duty, week=week, now=NOW)
    lines = data.decode().splitlines()
    assert name.startswith("plan-2026-W11-")
    assert len(lines) == 1 + PlannedVisit.objects.filter(week=week).count()
    assert all(duty.username in line for line in lines[1:])
    assert AuditEntry.objects.filter(action="protection.export_plan").count() == 1
    with pytest.raises(RefusedError):
        plan_changes.export_plan(actor=make_user(Role.AUDITOR), week=week, now=NOW)


def test_pages_walk_from_team_to_change(duty, sites, client, settings):
    sign_in(client, duty)
    inspector = make_user(Role.INSPECTOR)
    answer = client.post("/protection/plan/teams/new/", {
        "name": "North", "latitude": "50.28", "longitude": "57.2", "weekdays": ["0", "1", "2"],
        "members": [inspector.pk], "is_active": "on"})  # fmt: skip
    assert answer.status_code == 302
    assert list(Team.objects.get().members.all()) == [inspector]
    page = client.get("/protection/plan/")
    monday = page.context["form"].fields["monday"].widget.choices[1][0]
    answer = client.post("/protection/plan/draw/", {"monday": monday}, follow=True)
    week = PlanWeek.objects.get()
    assert answer.redirect_chain[-1][0] == week.get_absolute_url()
    reads = AuditEntry.objects.filter(action="protection.read")
    assert reads.count() == 1
    visit = PlannedVisit.objects.filter(week=week).first()
    other = selectors.instead_of(duty, visit)[0]
    address = f"/protection/plan/visits/{visit.pk}/change/"
    shown = client.get(address, {"site": str(other.pk)})
    assert shown.context["price"] == selectors.price_of(week, visit, other.pk)
    empty = client.post(address, {"site": str(other.pk), "after_changes": "0", "why": ""})
    assert empty.status_code == 422
    stale = client.post(address, {"site": str(other.pk), "after_changes": "9", "why": "so"})
    assert stale.status_code == 422
    done = client.post(
        address,
        {"site": str(other.pk), "after_changes": "0", "why": "the owner asked"},
        follow=True,
    )
    assert "the owner asked" in done.content.decode()
    assert client.get(address).status_code == 404
    assert client.get(f"/protection/plan/{week.pk}/check/").status_code == 200
    assert client.get(f"/protection/plan/{week.pk}/plan.csv").status_code == 200
    made = client.post(f"/protection/plan/teams/{Team.objects.get().pk}/calendar/")
    assert made["Cache-Control"] == "no-store"
    assert ".ics" in made.content.decode()


def test_a_team_needs_name_days_and_a_base_on_earth(duty):
    def save(**fields):
        facts = {"name": "A", "latitude": 50.0, "longitude": 57.0, "weekdays": (0,), **fields}
        planning.save_team(actor=duty, facts=planning.TeamFacts(**facts), members=[], now=NOW)

    save()
    for bad in ({"name": " "}, {"name": "A"}, {"name": "B", "weekdays": ()},
                {"name": "B", "weekdays": (7,)}, {"name": "B", "latitude": 95.0}):  # fmt: skip
        with pytest.raises(InputError):
            save(**bad)


@pytest.mark.parametrize("name", [name for name in BUDGETS if name.startswith("protection:plan_")])
def test_a_page_keeps_its_budget(name, week, duty, client):
    client = sign_in(client, duty)
    kwargs = {
        "protection:plan_change": {"visit_id": PlannedVisit.objects.first().pk},
        "protection:plan_week": {"week_id": week.pk},
        "protection:plan_check": {"week_id": week.pk},
    }
    address = reverse(name, kwargs=kwargs.get(name, {}))
    counts = []
    for more in (0, 6):
        for number in range(more):
            make_team(f"Team {number}", [make_user(Role.INSPECTOR)])
            planning.draw_plan(actor=duty, monday=MONDAY + timedelta(7 * number + 7), now=NOW)
        client.get(address, {"site": "none"})
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address, {"site": "none"}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= BUDGETS[name]


def test_a_demo_gets_three_weeks_once_the_last_one_revealed(sites):
    Site.objects.update(is_sample=True)
    inspector, actor = make_user(Role.INSPECTOR), SystemActor("demo")
    load = {"actor": actor, "inspector": inspector, "language": "kk", "now": NOW}
    assert sample_plans.load_sample_plans(**load) == 3
    assert sample_plans.load_sample_plans(**load) == 0
    last, this, following = PlanWeek.objects.order_by("monday")
    assert selectors.recompute(last).is_fair
    assert (this.seed, following.seed) == ("", "")
    assert this.monday == NOW.date()
    assert set(PlanWeek.objects.values_list("is_sample", flat=True)) == {True}


def test_sites_that_no_team_reaches_are_counted_and_left_out(duty, sites):
    make_team()
    far = make_site(latitude=43.2, longitude=76.9, tier=3)
    week = planning.draw_plan(actor=duty, monday=MONDAY, now=NOW, seed=SEED)
    assert week.parameters["out_of_reach"] == 1
    assert far.pk not in week.site_ids
    assert len(week.site_ids) == len(week.scores) == len(week.zones) == len(week.coverage) == 30
