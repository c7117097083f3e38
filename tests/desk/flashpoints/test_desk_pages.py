"""Pages of the desk: filters, forms of each step, what-if scans, the sheet; map equals table."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.support.factories import NOW, make_user, sign_in
from tests.support.flashpoints_factories import make_flash_point, plant, scan, spread
from tests.support.incidents_factories import make_districts

from qalqan.desk.flashpoints import jobs, selectors, services, tasks
from qalqan.desk.flashpoints.models import (
    Finding,
    FlashPoint,
    FlashPointStep,
    ScanRun,
    WhatIf,
)
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import InputError

pytestmark = pytest.mark.django_db


@pytest.fixture
def flash_point():
    return make_flash_point()


@pytest.fixture
def duty(client):
    user = make_user(Role.DUTY_OFFICER, language="en")
    client = sign_in(client, user)
    client.user = user
    return client


def address(name, flash_point):
    return reverse(f"flashpoints:{name}", args=[flash_point.newest_id])


def post(client, name, flash_point, **fields):
    flash_point.refresh_from_db()
    fields = {"after_step": flash_point.steps_taken} | fields
    return client.post(address(name, flash_point), fields, follow=True)


def test_a_finding_goes_through_its_life_on_the_page(duty, flash_point):
    page = post(duty, "review", flash_point, judgement="real", reason="Confirmed.")
    assert "The review is recorded." in page.content.decode()
    due = timezone.localtime(timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    page = post(
        duty, "decide", flash_point, decision="Patrols.", title="Patrols", whose="me", due_at=due
    )
    assert WorkItem.objects.get().owner == duty.user
    page = post(duty, "close", flash_point, reason="Quiet.")
    text = page.content.decode()
    for said in ("Reviewed: Real", "Confirmed.", "Patrols.", "Quiet."):
        assert said in text
    flash_point.refresh_from_db()
    assert flash_point.state == "closed"


def test_a_form_without_a_reason_comes_back_with_the_complaint(duty, flash_point):
    page = post(duty, "review", flash_point, judgement="real", reason="")
    assert page.status_code == 422
    assert "review_form" in page.context
    assert page.context["review_form"].errors["reason"]
    flash_point.refresh_from_db()
    assert flash_point.state == "new"


def test_a_deadline_that_has_passed_is_said_at_the_form(duty, flash_point):
    post(duty, "review", flash_point, judgement="real", reason="Confirmed.")
    page = post(
        duty, "decide", flash_point, decision="Patrols.", title="Patrols", whose="me",
        due_at="2020-01-01T00:00",
    )  # fmt: skip
    assert page.status_code == 422
    assert "The deadline must lie ahead." in page.content.decode()
    assert not WorkItem.objects.exists()


def test_who_comes_late_is_told_that_somebody_was_faster(duty, flash_point):
    post(duty, "review", flash_point, judgement="artefact", reason="A new number.")
    page = post(duty, "review", flash_point, judgement="real", reason="No.", after_step=1)
    assert "Somebody has taken a step meanwhile" in page.content.decode()
    assert FlashPointStep.objects.filter(kind="reviewed").count() == 1


def test_an_artefact_has_no_form_to_decide_and_leaves_the_open_list(duty, flash_point):
    page = post(duty, "review", flash_point, judgement="artefact", reason="A new number.")
    assert "decide_form" not in page.context
    assert "close_form" in page.context
    overview = reverse("flashpoints:overview")
    assert duty.get(overview).context["lines"] == []
    (line,) = duty.get(overview, {"state": "artefact"}).context["lines"]
    assert line.flash_point == flash_point


@pytest.mark.parametrize(
    ("role", "forms"),
    [
        (Role.ANALYST, {"review_form"}),
        (Role.SECRETARY, {"decide_form", "close_form"}),
        (Role.DUTY_OFFICER, {"review_form", "decide_form", "close_form"}),
        (Role.AUDITOR, set()),
        (Role.INSPECTOR, set()),
    ],
)
def test_each_role_sees_the_forms_of_its_steps(client, flash_point, role, forms):
    services.review(
        actor=make_user(Role.ANALYST), flash_point=flash_point, judgement="real", reason="Yes.",
        now=NOW,
    )  # fmt: skip
    page = sign_in(client, make_user(role)).get(address("finding", flash_point))
    there = {name for name in ("review_form", "decide_form", "close_form") if name in page.context}
    assert there == forms
    assert "Yes." in page.content.decode()


def test_the_page_says_how_many_false_alerts_and_how_reporting_rose(duty, flash_point):
    page = duty.get(address("finding", flash_point)).content.decode()
    # 365.25 scans at one in a hundred; five of them a night.
    assert "about 3.7 times a year" in page
    assert "at most 18.3 times" in page
    assert "There are no reports of anything else to compare with." in page


@pytest.mark.parametrize(("rank", "is_said"), [(1, True), (2, False)])
def test_the_page_says_when_p_is_the_least_there_can_be(duty, flash_point, rank, is_said):
    Finding.objects.filter(pk=flash_point.newest_id).update(p_value=rank / 200)
    assert flash_point.newest.run.replicates == 199
    page = duty.get(address("finding", flash_point)).content.decode()
    assert ("No random map reached it" in page) == is_said


def test_streams_are_switched_in_the_address(duty, flash_point):
    scan(stream="tips")
    overview = reverse("flashpoints:overview")

    def shown(**query):
        return [view.run.stream for view in duty.get(overview, query).context["views"]]

    assert shown() == ["incidents", "tips"]
    assert shown(stream="tips") == ["tips"]
    assert shown(stream=["tips", "claims"]) == ["tips"]
    assert [line.flash_point for line in duty.get(overview).context["lines"]] == [flash_point]
    assert duty.get(overview, {"stream": "tips"}).context["lines"] == []
    together = duty.get(overview, {"stream": ["incidents", "tips"], "how": "together"})
    assert together.context["views"] == []
    assert "Incidents and tips at once: no stored scan." in together.content.decode()
    assert "Fall in trust: not there yet" in together.content.decode()


def _said_on_map(svg):
    """Return what the map says when an area is pointed at: name, observed and expected."""
    titles = re.findall(r'class="map-area scale-\d"[^>]*><title>([^<]*)</title>', svg)
    return {title for title in titles if "/" in title}


def _said_in_table(rows):
    from qalqan.desk.platform.ui.formatting import format_number

    return {
        f"{row.name}: {format_number(row.observed)} / {format_number(row.expected, 1)}"
        for row in rows
        if row.observed is not None
    }


@pytest.mark.parametrize("kind", ["districts", "grid"])
def test_the_map_and_the_table_say_the_same(duty, kind):
    districts = make_districts(5)
    for n in range(180):
        spot = districts[n % 5]
        plant(
            spot, 1, until=NOW - timedelta(days=n // 2), latitude=spot.latitude,
            longitude=spot.longitude, place_precision="exact",
        )  # fmt: skip
    plant(districts[1], 30, latitude=49.0, longitude=56.0, place_precision="exact")
    plant(districts[2], 4)
    run = scan(area_kind=kind)
    page = duty.get(reverse("flashpoints:overview"), {"areas": kind, "stream": "incidents"})
    (view,) = page.context["views"]
    assert view.run == run
    assert _said_on_map(str(view.drawing)) == _said_in_table(view.rows)
    flagged = {row.name for row in view.rows if row.finding}
    listed = {found.names for found in view.findings}
    assert len(flagged) == 1
    assert flagged == listed
    assert str(view.drawing).count("url(#") == len(flagged) + bool(flagged)
    if kind == "grid":
        assert run.left_out == 4
        assert "not on the grid: 4 cases." in page.content.decode()


def test_a_what_if_scan_leaves_the_record_as_it_was(duty, flash_point):
    models = (ScanRun, Finding, FlashPoint, FlashPointStep)
    before = [model.objects.count() for model in models]
    form = {
        "stream": ["incidents"], "areas": "districts", "until": "2026-03-02", "window_days": 60,
        "max_duration": 14, "max_share": 50, "min_cases": 3, "replicates": 99, "alpha": 0.05,
        "seed": 1,
    }  # fmt: skip
    page = duty.post(reverse("flashpoints:what_ifs"), form, follow=True)
    assert [model.objects.count() for model in models] == before
    what_if = WhatIf.objects.get()
    assert what_if.state == WhatIf.State.DONE
    assert page.context["findings"][0]["names"] == "Мұғалжар"
    assert "Nothing of this is on the desk" in page.content.decode()
    assert AuditEntry.objects.order_by("sequence").last().action == "flashpoints.try_scan"


def test_settings_that_contradict_each_other_are_refused(duty):
    form = {
        "stream": ["incidents"], "areas": "districts", "until": "2999-01-01", "window_days": 60,
        "max_duration": 50, "max_share": 50, "min_cases": 3, "replicates": 99, "alpha": 0.05,
        "seed": 1,
    }  # fmt: skip
    page = duty.post(reverse("flashpoints:what_ifs"), form)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"max_duration", "until"}
    assert not WhatIf.objects.exists()


def test_a_long_what_if_goes_to_the_worker_and_shows_how_far_it_is(duty, flash_point):
    what_if = services.try_scan(
        actor=duty.user, streams=["incidents"], area_kind="grid", as_of=NOW, seed=1,
        replicates=99, settings=services.DEFAULTS, now=NOW,
    )  # fmt: skip
    assert not services.is_short(what_if)
    WhatIf.objects.filter(pk=what_if.pk).update(state="running", done=40)
    page = duty.get(what_if.get_absolute_url()).content.decode()
    # A page that reloads itself takes the reader's place away; the reader asks how far it is.
    assert 'http-equiv="refresh"' not in page
    assert "How far is it now?" in page
    assert "40 of 99" in page
    assert tasks.compute_what_if.func(what_if.pk) == "done"
    page = duty.get(what_if.get_absolute_url()).content.decode()
    assert "How far is it now?" not in page
    assert "Not enough data" in page


def test_a_what_if_that_fails_says_why_in_words(duty, flash_point):
    what_if = services.try_scan(
        actor=duty.user, streams=["incidents"], area_kind="grid", as_of=NOW, seed=1,
        replicates=99, settings=services.DEFAULTS, now=NOW,
    )  # fmt: skip
    WhatIf.objects.filter(pk=what_if.pk).update(stream="weather")
    with pytest.raises(InputError):
        tasks.compute_what_if.func(what_if.pk)
    page = duty.get(what_if.get_absolute_url()).content.decode()
    assert "There is no such stream: weather." in page
    assert ScanRun.objects.count() == 1


def test_old_what_if_scans_are_forgotten(duty):
    for age in (1, 31):
        services.try_scan(
            actor=duty.user, streams=["incidents"], area_kind="districts", as_of=NOW, seed=1,
            replicates=99, settings=services.DEFAULTS, now=NOW - timedelta(days=age),
        )  # fmt: skip
    jobs.forget(NOW)
    assert [row.created_at for row in WhatIf.objects.all()] == [NOW - timedelta(days=1)]
    assert AuditEntry.objects.order_by("sequence").last().action == "flashpoints.forget_what_ifs"


@pytest.mark.parametrize(
    ("language", "heading"),
    [("kk", "Қызу нүктенің жолы"), ("ru", "Путь точки напряжения"), ("en", "Life of this finding")],
)
def test_the_sheet_for_the_commission_is_a_pdf_in_each_language(
    duty, flash_point, language, heading
):
    import pypdf

    services.review(
        actor=make_user(Role.ANALYST), flash_point=flash_point, judgement="real",
        reason="Police confirm three.", now=NOW,
    )  # fmt: skip
    answer = duty.get(address("sheet", flash_point), {"language": language})
    assert answer["Content-Type"] == "application/pdf"
    import io

    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert heading in text
    assert "Police confirm three." in text
    assert "Мұғалжар" in text
    entry = AuditEntry.objects.order_by("sequence").last()
    assert (entry.action, entry.subject) == (
        "flashpoints.export", f"flashpoints.finding:{flash_point.newest_id}",
    )  # fmt: skip


def test_the_sheet_is_refused_to_those_who_may_not_export(client, flash_point):
    reader = sign_in(client, make_user(Role.PRESS_OFFICER))
    assert reader.get(address("finding", flash_point)).status_code == 200
    assert reader.get(address("sheet", flash_point)).status_code == 403


def test_an_earlier_sighting_leads_to_the_one_that_is_listed(duty, flash_point):
    first = flash_point.newest
    districts = first.areas.get().place
    plant(districts, 3, until=NOW + timedelta(days=1))
    scan(now=NOW + timedelta(days=1))
    flash_point.refresh_from_db()
    page = duty.get(first.get_absolute_url()).content.decode()
    assert flash_point.newest.get_absolute_url() in page
    assert "Open the one that is listed" in page
    assert len(selectors.sightings_of(duty.user, flash_point)) == 2


def test_other_reports_that_rose_as_well_are_named_with_a_number(duty):
    from tests.support.rumours_factories import new_message, store

    districts = make_districts(5)
    spread(districts)
    plant(districts[1], 14)
    calm = [(n // 2, districts[n % 5], f"c{n}", "Старый канал") for n in range(180)]
    burst = [(n % 3, districts[1], f"b{n}", "Новый канал") for n in range(60)]
    store([
        new_message(f"Новость {key} день{key}", at=NOW - timedelta(days=back, hours=1),
                    kind="news", place_id=place.pk, number=key, channel=channel)
        for back, place, key, channel in calm + burst
    ])  # fmt: skip
    scan()
    finding = FlashPoint.objects.get().newest
    check = finding.reporting
    assert check["verdict"] == "rose"
    assert 1 < check["low"] < check["ratio"] < check["high"]
    assert check["left"][0] == pytest.approx(finding.relative_risk / check["ratio"], rel=0.01)
    assert (check["sources"]["active"], check["sources"]["new"]) == (2, 1)
    page = duty.get(finding.get_absolute_url()).content.decode()
    assert "Reporting rose as well:" in page
