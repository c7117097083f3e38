"""The forecast of the coming week: what it reads, what it says, how honest its score is."""

import csv
import io
import json
import re
from datetime import date, timedelta

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone
from tests.support.factories import NOW, make_user, sign_in
from tests.support.flashpoints_factories import CLERK
from tests.support.incidents_factories import make_districts, make_incident, make_place

from qalqan.desk.flashpoints import forecast_present, jobs, tasks
from qalqan.desk.flashpoints.forecast_method import FORECAST_DEFAULTS, week_after
from qalqan.desk.flashpoints.forecast_models import ForecastRun
from qalqan.desk.flashpoints.selectors.forecasts import forecast_rows
from qalqan.desk.flashpoints.services.forecast_reading import WeeklyCases, read_weeks
from qalqan.desk.flashpoints.services.forecast_scoring import score
from qalqan.desk.flashpoints.services.forecasting import run_forecast
from qalqan.desk.incidents.models import Incident
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.errors import InputError, RefusedError

pytestmark = pytest.mark.django_db
SHORT = {"scored_weeks": 20, "learn_weeks": 8, "resamples": 199}


def fill(weeks, districts, *, a_week=2, until=NOW):
    """Store so many incidents a week; the second district has as many as all others together."""
    rows = []
    for week in range(1, weeks + 1):
        for n in range(a_week):
            at = until - timedelta(weeks=week, days=n % 2)
            district = districts[1] if n % 2 else districts[(week + n) % len(districts)]
            rows.append(make_incident(at=at, district=district))
    return rows


def panel(counts, sizes=None):
    counts = np.asarray(counts, np.int64)
    n = len(counts)
    return WeeklyCases(
        np.arange(1, n + 1), ("",) * n, date(2020, 1, 6), date(2026, 1, 4), counts,
        np.column_stack([np.arange(n) * 50.0, np.zeros(n)]),
        np.ones(n) if sizes is None else np.asarray(sizes, float), 0, False,
    )  # fmt: skip


def test_the_running_week_and_what_comes_later_are_not_seen():
    districts = make_districts(3)
    week = week_after(NOW)
    running = week - timedelta(days=7)
    noon = timedelta(hours=12)
    for day, seen in ((-8, True), (-1, True), (0, False), (2, False)):
        at = timezone.make_aware(
            timezone.datetime.combine(running + timedelta(days=day), timezone.datetime.min.time())
        )
        make_incident(at=at + noon, district=districts[0 if seen else 1])
    data = read_weeks(CLERK, "incidents", "districts", week, FORECAST_DEFAULTS)
    assert data.end == running - timedelta(days=1)
    assert data.counts.tolist() == [[1, 1], [0, 0], [0, 0]]
    assert data.start == running - timedelta(days=14)
    assert set(data.place_ids.tolist()) == {one.pk for one in districts}


def test_a_forecast_is_stored_once_with_window_seed_hash_and_an_audit_row():
    fill(12, make_districts(4))
    run = run_forecast(actor=CLERK, stream="incidents", now=NOW, seed=7)
    again = run_forecast(actor=CLERK, stream="incidents", now=NOW + timedelta(hours=1), seed=7)
    assert again.pk == run.pk
    assert (run.seed, run.weeks, run.areas, len(run.data_hash)) == (7, 13, 4, 64)
    assert run.week == week_after(NOW)
    assert run.window_end - run.window_start == timedelta(days=13 * 7 - 1)
    entry = AuditEntry.objects.get(action="flashpoints.forecast")
    assert entry.subject == f"flashpoints.forecastrun:{run.pk}"


def test_other_data_make_another_forecast():
    districts = make_districts(4)
    fill(12, districts)
    first = run_forecast(actor=CLERK, stream="incidents", now=NOW)
    make_incident(at=NOW - timedelta(weeks=3), district=districts[0])
    second = run_forecast(actor=CLERK, stream="incidents", now=NOW)
    assert first.data_hash != second.data_hash
    assert ForecastRun.objects.count() == 2


def test_the_count_map_is_the_mean_of_the_past_drawn_towards_all():
    fill(40, make_districts(4), a_week=4)
    run = run_forecast(actor=CLERK, stream="incidents", now=NOW)
    expected = {row[0]: row[1] for row in run.by_area}
    busiest = max(run.by_area, key=lambda row: row[7])
    # Gamma-Poisson shrinkage keeps the sum and moves each area towards the others.
    assert sum(expected.values()) == pytest.approx(run.cases / run.weeks, abs=0.01)
    assert 1 < expected[busiest[0]] <= busiest[7] / 40 + 0.01
    assert all(row[2] <= row[1] <= row[3] + 1 for row in run.by_area)


def test_few_weeks_give_a_forecast_but_no_verdict():
    fill(12, make_districts(4))
    run = run_forecast(actor=CLERK, stream="incidents", now=NOW)
    assert run.verdict == ForecastRun.Verdict.NOT_ENOUGH
    assert run.score == {}
    assert len(run.by_area) == 4


def test_no_cases_give_neither():
    make_districts(3)
    run = run_forecast(actor=CLERK, stream="tips", now=NOW)
    assert (run.verdict, run.by_area, run.weeks, run.cases) == ("not_enough", [], 0, 0)


def test_areas_that_change_make_a_gain_and_a_still_map_none():
    rng = np.random.default_rng(3)
    rates = np.full((10, 200), 0.5)
    rates[:5, :120] = rates[5:, 120:] = 3.0
    moving = score(panel(rng.poisson(rates)), FORECAST_DEFAULTS, is_grid=False, seed=1)
    still = score(panel(rng.poisson(np.ones((10, 200)))), FORECAST_DEFAULTS, is_grid=False, seed=1)
    assert moving["word"] == "gain"
    assert moving["log"]["low"] > 0
    assert still["word"] in ("no_gain", "worse")
    assert still["log"]["low"] <= 0


def test_with_too_short_a_past_both_methods_are_the_same_and_that_is_no_gain():
    counts = np.random.default_rng(5).poisson(1.0, (6, FORECAST_DEFAULTS.enough_weeks))
    # The wave needs 78 weeks and the mixture 104: of all 52 weeks only the last can differ.
    told = score(panel(counts), FORECAST_DEFAULTS, is_grid=False, seed=1)
    assert told["word"] == "no_gain"
    assert score(panel(counts[:, 1:]), FORECAST_DEFAULTS, is_grid=False, seed=1) == {}


def test_the_score_repeats_itself_to_the_last_digit():
    counts = np.random.default_rng(9).poisson(0.8, (6, 120))
    one, two = (score(panel(counts), FORECAST_DEFAULTS, is_grid=False, seed=4) for _ in range(2))
    assert json.dumps(one) == json.dumps(two)


def test_hits_are_counted_by_area():
    # One small area has everything: a tenth of the map catches all of it.
    counts = np.zeros((3, 120), np.int64)
    counts[0] = 2
    told = score(panel(counts, [5.0, 60.0, 35.0]), FORECAST_DEFAULTS, is_grid=False, seed=1)
    last = told["hits"][-1]
    assert last["share"] == 0.10
    assert last["count_map"] == {"hits": 104, "area": 0.05, "hit_rate": 1.0, "pai": 20.0}
    assert told["cases"] == 104


def test_the_grid_takes_all_cells_and_adds_up_those_without_a_case():
    districts = make_districts(2)
    settlement = make_place("Ақкөл", kind="settlement", latitude=49.05, longitude=55.1,
                            parent=districts[0])  # fmt: skip
    for n in range(30):
        make_incident(
            at=NOW - timedelta(weeks=1 + n % 12), district=districts[0],
            latitude=settlement.latitude, longitude=settlement.longitude,
            place_precision="settlement",
        )  # fmt: skip
    run = run_forecast(actor=CLERK, stream="incidents", area_kind="grid", now=NOW)
    assert len(run.by_area) == 1
    assert run.by_area[0][8].startswith("85")
    assert run.elsewhere["cells"] == run.areas - 1 > 5
    total = run.by_area[0][1] + run.elsewhere["count_map"]
    assert total == pytest.approx(run.cases / run.weeks, abs=0.05)


def test_an_unknown_stream_is_refused_by_name():
    with pytest.raises(InputError, match="weather"):
        run_forecast(actor=CLERK, stream="weather", now=NOW)


def test_only_those_who_order_scans_order_forecasts():
    with pytest.raises(RefusedError):
        run_forecast(actor=make_user(Role.SECRETARY), stream="incidents", now=NOW)
    assert not ForecastRun.objects.exists()


def test_the_worker_fills_the_week_once():
    fill(12, make_districts(3))
    jobs.forecast(NOW)
    assert ForecastRun.objects.count() == 8
    jobs.forecast(NOW + timedelta(hours=1))
    assert ForecastRun.objects.count() == 8
    jobs.forecast(NOW + timedelta(weeks=1))
    assert ForecastRun.objects.filter(week=week_after(NOW) + timedelta(weeks=1)).count() == 8


# --- pages -----------------------------------------------------------------------------------


@pytest.fixture
def analyst(client):
    return sign_in(client, make_user(Role.ANALYST, language="en"))


@pytest.fixture
def judged():
    """A forecast with a score, from three years of weeks."""
    fill(160, make_districts(4), a_week=1)
    return run_forecast(actor=CLERK, stream="incidents", now=NOW)


def test_maps_table_and_export_say_the_same(analyst, judged):
    text = analyst.get(reverse("flashpoints:forecast")).content.decode()
    assert text.count('<svg xmlns="http://www.w3.org/2000/svg" class="map"') == 2
    table = analyst.get(reverse("flashpoints:forecast_csv", args=[judged.pk])).content.decode()
    exported = {row["area"]: row for row in csv.DictReader(io.StringIO(table))}
    for row in forecast_rows(CLERK, judged):
        for band in (row.count_map, row.model):
            said = forecast_present.expected_words(band.mean)
            assert f"<title>{row.name}: {said}</title>" in text
            assert f">{said} ({band.low}–{band.high})</td>" in text
        assert float(exported[row.name]["model"]) == row.model.mean
        assert exported[row.name]["data_hash"] == judged.data_hash


def test_the_page_gives_verdict_interval_and_rules(analyst, judged):
    text = analyst.get(judged.get_absolute_url()).content.decode()
    assert str(judged.get_verdict_display()) in text
    assert forecast_present.gain_words(judged.score["log"]) in text
    for said in ("holds 0", "never of people", "How the verdict is given", judged.data_hash):
        assert said in text


def test_geojson_has_a_feature_an_area(analyst, judged):
    body = analyst.get(reverse("flashpoints:forecast_geojson", args=[judged.pk])).content
    features = json.loads(body)["features"]
    assert len(features) == 4
    assert {one["geometry"]["type"] for one in features} == {"Polygon"}
    assert AuditEntry.objects.filter(action="flashpoints.export").count() == 1


def test_first_use_is_ordered_by_a_button_and_noted(analyst):
    fill(12, make_districts(3))
    page = analyst.get(reverse("flashpoints:forecast")).content.decode()
    assert "Compute the forecast" in page
    answer = analyst.post(reverse("flashpoints:forecast_order"), {"stream": "tips"})
    assert answer.url == f"{reverse('flashpoints:forecast')}?stream=tips&areas=districts"
    assert AuditEntry.objects.filter(action="flashpoints.order_forecast").count() == 1
    tasks.compute_forecasts.func()
    assert ForecastRun.objects.count() == 8


def test_readers_see_and_do_not_order(client):
    client = sign_in(client, make_user(Role.PRESS_OFFICER, language="en"))
    page = client.get(reverse("flashpoints:forecast"))
    assert "Compute the forecast" not in page.content.decode()
    assert client.post(reverse("flashpoints:forecast_order")).status_code == 403


def test_nothing_in_a_forecast_names_a_person(judged):
    words = json.dumps([judged.by_area, judged.score, judged.parameters])
    assert not [name for name in ("author", "handle", "user", "name") if name in words]
    assert Incident.objects.count() == 160


def test_earlier_forecasts_stay_reachable_and_unchanged(analyst, judged):
    later = run_forecast(actor=CLERK, stream="incidents", now=NOW + timedelta(weeks=1))
    text = analyst.get(later.get_absolute_url()).content.decode()
    assert f'href="{judged.get_absolute_url()}"' in text
    before = judged.by_area
    judged.refresh_from_db()
    assert judged.by_area == before
    assert later.get_absolute_url() not in re.findall(
        r'<li><a href="([^"]+)"', analyst.get(judged.get_absolute_url()).content.decode()
    )
