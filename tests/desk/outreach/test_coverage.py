"""Coverage per head beside need, and the plan that closes its gaps."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.support.factories import NOW, make_user, sign_in
from tests.support.outreach_factories import OUTCOME, make_activity, make_body, make_group_worker
from tests.support.places_factories import make_place

from qalqan.desk.outreach.models import Activity, PlaceCount
from qalqan.desk.outreach.selectors import coverage as selectors
from qalqan.desk.outreach.selectors import plan_help
from qalqan.desk.outreach.services import planning
from qalqan.desk.outreach.services.planning import Pick
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.places import need
from qalqan.desk.platform.places.models import Population
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.sources.models import Source
from qalqan.errors import InputError, RefusedError
from qalqan.science.outreach.rates import rate

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)


@pytest.fixture
def province():
    """Return two districts of 10,000 and 40,000 people, each with a village."""
    source = Source.objects.create(name="Count", kind="agency", created_at=NOW)
    made = {}
    for name, people in (("Байғанин", 10_000), ("Мұғалжар", 40_000)):
        district = make_place(name, kind="district")
        village = make_place(f"{name} ауылы", parent=district)
        Population.objects.create(place=district, year=2025, count=people, source=source)
        Population.objects.create(place=village, year=2025, count=people // 10, source=source)
        made[name] = (district, village)
    return made


@pytest.fixture
def raised(province, monkeypatch):
    """Have another room tell that the smaller district needs more than expected."""
    district = province["Байғанин"][0]
    monkeypatch.setattr(need, "_providers", {})
    need.register(
        "test", "Tips against expected",
        lambda _actor, _now: [need.Need(district.pk, 2.0, 1.5, 2.6, "tips", (TODAY, TODAY))],
    )  # fmt: skip


def held(place, number=1, **changes):
    for _event in range(number):
        make_activity(place_id=place.pk, outcome=OUTCOME, **changes)


def of(found, name):
    return next(row for row in found.rows if row.place.name_kk == name)


def look(months=12):
    return selectors.coverage(make_user(Role.ANALYST), months=months, now=NOW, today=TODAY)


def test_events_per_head_with_their_interval_and_what_is_missing(province, raised):
    held(province["Мұғалжар"][1], 6)
    held(province["Мұғалжар"][0], language="kk_ru", theme="family")
    found = look()
    bare, rich = of(found, "Байғанин"), of(found, "Мұғалжар")
    assert found.rows[0] is bare
    assert (rich.reached.events, rich.reached.counted) == (7, 280)
    assert (rich.events.value, rich.events.low, rich.events.high) == pytest.approx(
        (1.75, rate(7, 40_000).low, rate(7, 40_000).high)
    )
    assert (bare.events.value, bare.events.low, bare.events.is_few) == (0, 0, True)
    assert bare.events.high == pytest.approx(3.689, abs=0.001)
    assert rich.missing_languages == ()
    assert "family" not in rich.missing_themes
    assert set(rich.missing_bands) == {"under_14", "25_28", "29_44", "45_64", "65_up"}
    assert (bare.missing_bands, bare.ages_known) == ((), False)
    assert bare.is_needy
    assert not rich.is_needy


def test_old_events_do_not_count(province):
    held(province["Мұғалжар"][1], held_on=TODAY - timedelta(days=200))
    assert of(look(3), "Мұғалжар").reached.events == 0
    assert of(look(12), "Мұғалжар").reached.events == 1


def test_without_a_population_nothing_is_said_per_head(province):
    Population.objects.all().delete()
    row = of(look(), "Байғанин")
    assert (row.events, row.per_thousand) == (None, None)
    assert plan_help.plan(look()) == []


def test_the_plan_goes_where_need_is_and_says_why(province, raised):
    held(province["Мұғалжар"][1], 8)
    plan = plan_help.plan(look())
    assert len(plan) == plan_help.EVENTS
    assert plan[0].district.name_kk == "Байғанин"
    assert plan[0].need == 1.5
    assert len(plan[0].reasons) == 3
    assert "people missing" in plan[0].reasons[0]
    gains = [one.gain for one in plan]
    assert gains == sorted(gains, reverse=True)


def test_accepted_events_are_planned_together_or_not_at_all(province):
    district = province["Байғанин"][0]
    officer, body = make_user(Role.DUTY_OFFICER), make_body()
    picks = [Pick(district.pk, "rights", "kk", "18_24"), Pick(district.pk, "family", "ru", "14_17")]
    act = {
        "actor": officer, "plan_id": uuid4(), "body_id": body.pk, "first_day": TODAY,
        "every_days": 7, "now": NOW,
    }  # fmt: skip
    made = planning.accept_plan(picks=picks, **act)
    assert [(one.state, one.held_on, one.language) for one in made] == [
        ("planned", TODAY, "kk"), ("planned", TODAY + timedelta(days=7), "ru"),
    ]  # fmt: skip
    assert made[0].title == "Law and rights, 18–24"
    assert AuditEntry.objects.filter(action="outreach.accept_plan").count() == 1
    assert planning.accept_plan(picks=picks, **act) == [], "the same plan plans nothing twice"
    assert planning.accept_plan(picks=picks[::-1], **{**act, "every_days": 1}) == []
    assert AuditEntry.objects.filter(action="outreach.accept_plan").count() == 1
    assert Activity.objects.count() == 2
    act["plan_id"] = uuid4()
    for wrong in ([*picks, Pick(0, "rights", "kk", "18_24")], [], picks * 11,
                  [Pick(district.pk, "x", "kk", "18_24")]):  # fmt: skip
        with pytest.raises(InputError):
            planning.accept_plan(picks=wrong, **act)
    with pytest.raises(InputError):
        planning.accept_plan(picks=picks, **{**act, "first_day": TODAY - timedelta(days=1)})
    with pytest.raises(RefusedError):
        planning.accept_plan(picks=picks, **{**act, "actor": make_user(Role.AUDITOR)})
    worker, _own = make_group_worker()
    with pytest.raises(RefusedError):
        planning.accept_plan(picks=picks, **{**act, "actor": worker})
    assert Activity.objects.count() == 2


def test_two_alike_events_of_a_plan_are_two(province):
    district = province["Байғанин"][0]
    pick = Pick(district.pk, "rights", "kk", "18_24")
    act = {
        "actor": make_user(Role.DUTY_OFFICER), "plan_id": uuid4(), "body_id": make_body().pk,
        "first_day": TODAY, "every_days": 7, "now": NOW,
    }  # fmt: skip
    assert len(planning.accept_plan(picks=[pick, pick], **act)) == 2
    # One more of the same plan is chosen after going back: it alone is new.
    more = planning.accept_plan(picks=[pick, pick, Pick(district.pk, "work", "ru", "18_24")], **act)
    assert [one.theme for one in more] == ["work"]


def test_what_is_planned_ahead_is_not_proposed_again(province):
    analyst = make_user(Role.ANALYST)
    first = plan_help.plan(look())
    place = first[0].district.pk
    for number in range(40):
        make_activity(
            place_id=place, theme=first[0].theme, language="kk_ru",
            held_on=TODAY + timedelta(days=number),
        )  # fmt: skip
    ahead = selectors.planned_ahead(analyst, TODAY)
    assert ahead == {(place, first[0].theme, "kk_ru"): 40}
    again = plan_help.plan(look(), ahead)
    assert not [one for one in again if (one.district.pk, one.theme) == (place, first[0].theme)]
    assert selectors.planned_ahead(analyst, TODAY + timedelta(days=40)) == {}


def test_settlements_where_nothing_happened_by_type(province):
    held(province["Мұғалжар"][1], 2)
    make_activity(place_id=province["Байғанин"][1].pk, held_on=TODAY - timedelta(days=400))
    assert planning.count_places(now=NOW) == 1
    assert PlaceCount.objects.get().activities == 2
    rows, bare, counted_on = selectors.by_type(make_user(Role.ANALYST))
    found = [(row.key, row.settlements, row.untouched, row.activities) for row in rows]
    assert ("village", 2, 1, 2) in found
    assert province["Байғанин"][1] in [place for place, _people in bare]
    assert counted_on == TODAY


def test_settlements_outside_the_districts_are_not_called_bare(province):
    country = make_place("Қазақстан", kind="country")
    oblast = make_place("Ақтөбе облысы", kind="province", parent=country)
    district = province["Байғанин"][0]
    district.parent = oblast
    district.save()
    hamlet = make_place("Ауыл маңы", parent=district)
    far = [make_place("Алматы", parent=country), make_place("Ешқайда")]
    rows, bare, _counted = selectors.by_type(make_user(Role.ANALYST))
    named = {place for place, _people in bare}
    assert named == {hamlet, *(village for _district, village in province.values())}
    assert not named & set(far)
    assert sum(row.settlements for row in rows) == 3


@pytest.mark.parametrize(
    ("asked", "shown"), [({}, 12), ({"months": "7"}, 12), ({"months": "x"}, 12),
                         ({"months": ""}, 12), ({"months": "3"}, 3), ({"months": "60"}, 60)],
)  # fmt: skip
def test_the_field_shows_the_span_that_is_drawn(province, asked, shown):
    client = sign_in(Client(), make_user(Role.ANALYST))
    answer = client.get(reverse("outreach:coverage"), asked)
    page = answer.content.decode()
    assert re.findall(r'<option value="(\d+)" selected>', page) == [str(shown)]
    start = selectors.months_back(timezone.localdate(), shown)
    assert answer.context["found"].start == start
    assert f"?months={shown}" in page


def test_pages(province, raised):
    held(province["Мұғалжар"][1], 2)
    client = sign_in(Client(), make_user(Role.DUTY_OFFICER))
    body = make_body()
    page = client.get(reverse("outreach:coverage"), {"months": "60"}).content.decode()
    assert "Байғанин" in page
    assert "Tips against expected" in page
    page = client.get(reverse("outreach:plan")).content.decode()
    assert "people missing" in page
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    pick = f"{province['Байғанин'][0].pk}:rights:kk:18_24"
    plan_id = re.search(r'name="plan" value="([0-9a-f-]{36})"', page)[1]
    form = {"body": body.pk, "first_day": day, "every_days": 7, "plan": plan_id}
    for _click in range(2):
        answer = client.post(reverse("outreach:plan_accept"), {**form, "pick": [pick]})
        assert answer.status_code == 302
        assert Activity.objects.filter(state="planned").count() == 1
    answer = client.post(reverse("outreach:plan_accept"), {**form, "pick": [pick], "plan": "x"})
    assert answer.status_code == 422
    for wrong in ([], ["x"], ["1:2:3:4"]):
        answer = client.post(reverse("outreach:plan_accept"), {**form, "pick": wrong})
        assert answer.status_code == 422
