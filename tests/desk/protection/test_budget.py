"""Equipment plans, ordered to taken away; who hears a loudspeaker, and where the next goes."""

from __future__ import annotations

import csv
import io
import itertools
import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import NOW, make_user, sign_in
from tests.support.protection_factories import make_equipment, make_place, make_site

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.places import hearing
from qalqan.desk.platform.places.models import Place, Population
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.sources.models import Source
from qalqan.desk.protection.horns import DENSITY, points_of
from qalqan.desk.protection.measures import Measure
from qalqan.desk.protection.models import BudgetLine, BudgetPlan, HornPlan
from qalqan.desk.protection.selectors import budget as selectors
from qalqan.desk.protection.selectors import coverage
from qalqan.desk.protection.services import budgets, horns
from qalqan.errors import InputError, RefusedError

pytestmark = pytest.mark.django_db
MEASURES = [
    Measure("camera", 100.0, 0.3), Measure("lighting", 50.0, 0.1), Measure("alarm", 80.0, 0.2),
]  # fmt: skip
DEGREE = math.pi * 6_371_008.8 / 180


def order(actor, **fields):
    facts = {"budget": 400.0, "floor": 0.0, "measures": MEASURES, "now": NOW, **fields}
    return budgets.order_budget(actor=actor, **facts)


def computed(actor, **fields):
    return budgets.compute_budget(plan=order(actor, **fields), clock=lambda: NOW)


@pytest.fixture
def duty():
    return make_user(Role.DUTY_OFFICER)


@pytest.fixture
def sites():
    other = make_place("Temir", latitude=49.1, longitude=57.1)
    return [
        make_site(district=place, place=place, tier=n % 3 + 1, latitude=50 + n / 100, longitude=57)
        for n, place in enumerate([make_place(), other] * 2)
    ]


def people(place, count):
    source, _ = Source.objects.get_or_create(
        name="Census", kind=Source.Kind.AGENCY, defaults={"created_at": NOW}
    )
    return Population.objects.create(place=place, year=2025, count=count, source=source)


@pytest.fixture
def town():
    district = make_place()
    place = Place.objects.create(
        kind="settlement", parent=district, name_kk="Алға", name_ru="Алга", name_en="Alga town",
        latitude=49.9, longitude=57.33,
    )  # fmt: skip
    people(district, 30_000)
    people(place, 20_000)
    return place


def horn(level=120.0, **fields):
    fields = {"kind": "siren", "latitude": 49.9, "longitude": 57.33, "rated_level_db": level,
              **fields}  # fmt: skip
    return make_equipment(label=f"Siren {level}", **fields)


class TestBudget:
    def test_a_plan_is_the_best_of_all_purchases(self, duty, sites):
        plan = computed(duty)
        assert plan.state == "done"
        assert plan.proof == "optimal"
        held = selectors.at_stake(duty, timezone.localdate(NOW))
        each = [set(one) for n in range(4) for one in itertools.combinations(range(3), n)]
        each = [one for one in each if 0 not in one or 1 in one]
        best = 0.0
        for pick in itertools.product(each, repeat=len(sites)):
            if sum(MEASURES[k].cost for one in pick for k in one) <= 400:
                kept = [math.prod(1 - MEASURES[k].effect for k in one) for one in pick]
                saved = sum(p * (1 - k) for p, k in zip(held.points, kept, strict=True))
                best = max(best, saved)
        assert plan.objective == pytest.approx(best, rel=1e-6)
        assert plan.spent <= 400
        bought = {(line.site_id, line.kind) for line in plan.lines.all()}
        assert all((site, "lighting") in bought for site, kind in bought if kind == "camera")

    def test_what_works_at_a_site_is_not_bought_again(self, duty, sites):
        for site in sites:
            make_equipment(site, kind="lighting", label="Lamp")
        plan = computed(duty, budget=10_000.0)
        assert set(plan.lines.values_list("kind", flat=True)) == {"camera", "alarm"}
        assert plan.spent == pytest.approx(4 * 180)

    def test_floors_are_kept_and_more_money_is_bracketed(self, duty, sites):
        plan = computed(duty, budget=500.0, floor=0.3)
        for one in plan.districts:
            assert one["saved"] >= 0.3 * one["possible"] - 1e-6
        assert 0 <= plan.more_least <= plan.more_most
        found = [row[1] for row in plan.curve]
        assert found == sorted(found)

    def test_floors_that_cannot_be_paid_fail_with_their_price(self, duty, sites):
        plan = computed(duty, budget=10.0, floor=1.0)
        assert plan.state == "failed"
        assert "floors alone cost at least" in plan.error
        assert not BudgetLine.objects.exists()

    def test_without_sites_it_says_what_is_missing(self, duty):
        assert "place on the map" in computed(duty).error

    @pytest.mark.parametrize(
        "wrong", [{"budget": -1.0}, {"budget": math.inf}, {"floor": 1.5}, {"measures": []}]
    )
    def test_figures_out_of_range_are_refused(self, duty, wrong):
        with pytest.raises(InputError):
            order(duty, **wrong)
        assert not BudgetPlan.objects.exists()

    def test_only_those_who_weigh_may_order(self, sites):
        for role in (Role.INSPECTOR, Role.SITE_OWNER, Role.PRESS_OFFICER, Role.SECRETARY):
            with pytest.raises(RefusedError):
                order(make_user(role))

    def test_pages_show_it_log_it_and_mark_what_is_taken_away(self, duty, sites, client):
        plan = computed(duty)
        sign_in(client, duty)
        page = client.get(plan.get_absolute_url())
        text = page.content.decode()
        assert "nothing better is possible" in text
        assert sites[0].name_en in text or sites[1].name_en in text
        assert AuditEntry.objects.filter(action__contains="read").exists()
        sent = client.get(reverse("protection:budget_csv", args=[plan.pk]))
        rows = list(csv.DictReader(io.StringIO(sent.content.decode())))
        assert len(rows) == plan.lines.count()
        assert all(duty.username in row["exported"] for row in rows)

    def test_a_plan_is_ordered_from_the_page(self, duty, sites, client):
        sign_in(client, duty)
        data = {"budget": "1000000", "floor": "0", "cost_alarm": "400000", "effect_alarm": "10"}
        sent = client.post(reverse("protection:budget_order"), data)
        plan = BudgetPlan.objects.get()
        assert sent.url == plan.get_absolute_url()
        assert plan.measures == [{"kind": "alarm", "cost": 400000.0, "effect": 0.1}]
        assert client.post(reverse("protection:budget_order"), {"budget": "x"}).status_code == 422

    def test_pages_keep_to_their_budget_of_queries(self, duty, sites, client):
        plan = computed(duty)
        sign_in(client, duty)
        client.get(reverse("protection:budget_plans"))
        for name, arguments in (("budget_plans", []), ("budget_plan", [plan.pk])):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(reverse(f"protection:{name}", args=arguments)).status_code == 200
            assert len(queries) <= BUDGETS[f"protection:{name}"]


class TestHearing:
    def test_people_are_spread_over_a_disc_of_the_assumed_density(self):
        latitude, longitude, each = points_of(50.0, 57.0, 20_000, DENSITY)
        far = [
            math.hypot((y - 50) * DEGREE, (x - 57) * DEGREE * math.cos(math.radians(50)))
            for y, x in zip(latitude, longitude, strict=True)
        ]
        radius = 1000 * math.sqrt(20_000 / DENSITY / math.pi)
        assert each * len(far) == pytest.approx(20_000)
        assert max(far) < radius
        # Evenly: half of the people live within 1/sqrt(2) of the radius.
        assert sum(one < radius / math.sqrt(2) for one in far) == pytest.approx(len(far) / 2, abs=1)

    def test_the_share_that_hears_is_that_of_the_area(self, duty, town):
        horn(120.0)
        found = coverage.hearing(duty, model="cpg", period="day", purpose="siren")
        # 960 m of a disc of 2,060 m: 21.7 % of the 20,000.
        radius = 1000 * math.sqrt(20_000 / DENSITY / math.pi)
        assert found.hear == pytest.approx(20_000 * (960 / radius) ** 2, rel=0.06)
        assert found.low < found.hear < found.high
        # 10,000 of the district live in no settlement on the list, and hear nothing.
        assert found.people == 30_000
        assert found.districts[0].unplaced == 10_000

    def test_night_speech_and_faults_reach_fewer_and_the_free_field_more(self, duty, town):
        horn(120.0, is_speech=True)
        plain = coverage.hearing(duty, model="cpg", period="day", purpose="siren").hear
        for change in ({"period": "night"}, {"purpose": "speech"}):
            chosen = {"model": "cpg", "period": "day", "purpose": "siren", **change}
            assert coverage.hearing(duty, **chosen).hear < plain
        free = coverage.hearing(duty, model="free_field", period="day", purpose="siren")
        assert free.hear > 3 * plain

    def test_what_is_broken_unrated_or_taken_away_reaches_nobody(self, duty, town):
        horn(120.0, state="faulty")
        horn(120.0, removed_at=NOW)
        horn(None)
        found = coverage.hearing(duty, model="cpg", period="day", purpose="siren")
        assert (found.hear, found.silent, found.without_level) == (0, 1, 1)

    def test_a_district_without_figures_below_is_shared_out_and_said_so(self, duty):
        district = make_place()
        people(district, 9_000)
        for name in ("One", "Two"):
            Place.objects.create(
                kind="settlement", parent=district, name_kk=name, name_ru=name, name_en=name,
                latitude=49.9, longitude=57.3,
            )  # fmt: skip
        found = coverage.hearing(duty, model="cpg", period="day", purpose="siren")
        assert [town.people for town in found.settlements] == [4_500, 4_500]
        assert found.is_shared_out

    def test_others_learn_it_by_the_registry_and_only_who_may(self, duty, town):
        horn(120.0)
        told = hearing.reaches(duty, NOW)
        assert {(one.period, one.model) for one in told} == {
            (period, str(model.label)) for period in ("day", "night") for model in HornPlan.Model
        }
        assert all(one.low <= one.people <= one.high for one in told)
        assert all(one.polygon["type"] in ("Polygon", "MultiPolygon") for one in told)
        assert hearing.reaches(make_user(Role.PRESS_OFFICER), NOW) == []


class TestSearch:
    def search(self, actor, **fields):
        facts = {"model": "cpg", "period": "day", "purpose": "siren", "rated_level_db": 115.0,
                 "number": 3, "now": NOW, **fields}  # fmt: skip
        plan = horns.order_search(actor=actor, **facts)
        return horns.compute_search(plan=plan, clock=lambda: NOW, seconds=lambda: 0.0)

    def test_places_reach_people_who_heard_nothing(self, duty, town):
        before = coverage.hearing(duty, model="cpg", period="day", purpose="siren")
        plan = self.search(duty)
        assert plan.proof == "optimal"
        assert len(plan.proposals) == 3
        assert plan.reach_m == pytest.approx(679, abs=1)
        for one in plan.proposals:
            horn(115.0, latitude=one["latitude"], longitude=one["longitude"])
        after = coverage.hearing(duty, model="cpg", period="day", purpose="siren")
        gained = sum(one["people"] for one in plan.proposals)
        assert after.hear - before.hear == pytest.approx(gained, abs=3)
        assert plan.objective == pytest.approx(gained, abs=3)

    def test_where_everybody_hears_nothing_is_proposed(self, duty, town):
        horn(140.0)
        assert self.search(duty).proposals == []

    def test_without_people_it_says_what_is_missing(self, duty):
        plan = self.search(duty)
        assert plan.state == "failed"
        assert "Take the population in" in plan.error

    @pytest.mark.parametrize("wrong", [{"rated_level_db": 20.0}, {"number": 0}, {"number": 99}])
    def test_figures_out_of_range_are_refused(self, duty, wrong):
        with pytest.raises(InputError):
            self.search(duty, **wrong)

    def test_the_page_shows_map_tables_and_places(self, duty, town, client):
        horn(120.0)
        plan = self.search(duty)
        sign_in(client, duty)
        # The shell asks once in the life of a process whether there is sample data.
        client.get(reverse("protection:coverage"))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("protection:coverage"))
        assert len(queries) <= BUDGETS["protection:coverage"]
        text = page.content.decode()
        assert "<svg" in text
        assert "FEMA CPG 1-17" in text
        assert "Alga town" in text
        assert text.count("<tr>") > len(plan.proposals)
        assert "style=" not in text[text.index("<svg") : text.index("</svg>")]

    def test_a_search_is_ordered_from_the_page(self, duty, town, client):
        sign_in(client, duty)
        data = {"model": "cpg", "period": "night", "purpose": "siren", "rated_level_db": "118",
                "number": "2"}  # fmt: skip
        sent = client.post(reverse("protection:coverage_search"), data)
        plan = HornPlan.objects.get()
        assert f"search={plan.pk}" in sent.url
        assert client.get(sent.url).status_code == 200
        wrong = client.post(reverse("protection:coverage_search"), {**data, "number": "0"})
        assert wrong.status_code == 422

    def test_coverage_is_taken_away_with_its_model_and_a_mark(self, duty, town, client):
        horn(120.0)
        sign_in(client, duty)
        sent = client.get(reverse("protection:coverage_csv"), {"period": "night"})
        rows = list(csv.DictReader(io.StringIO(sent.content.decode())))
        assert [row["settlement"] for row in rows] == ["Alga town"]
        assert "CPG 1-17" in rows[0]["model"]
        assert duty.username in rows[0]["exported"]

    @pytest.mark.parametrize("role", [Role.INSPECTOR, Role.SITE_OWNER, Role.PRESS_OFFICER])
    def test_others_see_neither_map_nor_plans(self, role, client):
        sign_in(client, make_user(role))
        for name in ("coverage", "coverage_csv", "budget_plans"):
            assert client.get(reverse(f"protection:{name}")).status_code == 403
