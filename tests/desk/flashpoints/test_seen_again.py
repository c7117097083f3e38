"""The nightly scan does not repeat itself: what continues is seen again, not listed as new."""

from datetime import timedelta

import pytest
from tests.support.factories import NOW, make_user
from tests.support.flashpoints_factories import CLERK, make_flash_point, plant, scan, spread
from tests.support.incidents_factories import make_districts
from tests.support.rumours_factories import new_message, store

from qalqan.desk.flashpoints import jobs, services
from qalqan.desk.flashpoints.method import NIGHTLY, carried_by, is_clearly_larger
from qalqan.desk.flashpoints.models import (
    AreaKind,
    Finding,
    FindingArea,
    FlashPoint,
    FlashPointStep,
    Judgement,
    ScanRun,
)
from qalqan.desk.flashpoints.services.placing import put_on_the_desk
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import Role
from qalqan.errors import ConflictError

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def settle(flash_point, judgement=Judgement.ARTEFACT):
    duty = make_user(Role.DUTY_OFFICER)
    return services.review(
        actor=duty, flash_point=flash_point, judgement=judgement, reason="Looked.", now=NOW
    )


def district(number):
    return Place.objects.order_by("kato")[number]


def test_the_next_night_adds_a_sighting_with_its_own_numbers():
    flash_point = make_flash_point()
    first = flash_point.newest
    plant(district(1), 3, until=NOW + DAY)
    scan(now=NOW + DAY)
    flash_point.refresh_from_db()
    assert FlashPoint.objects.count() == 1
    assert flash_point.newest != first
    assert flash_point.newest.observed > first.observed
    assert flash_point.sightings.count() == 2
    assert flash_point.last_day == first.end + DAY
    assert flash_point.state == "new"


def test_a_night_that_is_run_twice_changes_nothing():
    make_flash_point()
    before = (Finding.objects.count(), FlashPointStep.objects.count(), AuditEntry.objects.count())
    scan()
    after = (Finding.objects.count(), FlashPointStep.objects.count(), AuditEntry.objects.count())
    assert after == before


def test_another_run_of_the_same_night_is_one_more_sighting():
    flash_point = make_flash_point()
    plant(district(1), 1)
    scan()
    scan(seed=2)
    assert FlashPoint.objects.get() == flash_point
    assert flash_point.sightings.count() == 3
    assert FlashPointStep.objects.count() == 1


def test_another_district_is_another_flash_point():
    make_flash_point()
    plant(district(4), 30)
    scan()
    assert FlashPoint.objects.count() == 2


def test_the_same_district_much_later_is_another_flash_point():
    make_flash_point()
    later = NOW + timedelta(days=60)
    spread(list(Place.objects.order_by("kato")), until=later)
    plant(district(1), 12, until=later)
    scan(now=later)
    assert FlashPoint.objects.count() == 2


@pytest.mark.parametrize("state", ["artefact", "closed"])
def test_what_is_off_the_desk_stays_off_when_it_is_only_seen_again(state):
    flash_point = settle(make_flash_point(), "artefact" if state == "artefact" else "known")
    if state == "closed":
        duty = make_user(Role.DUTY_OFFICER)
        services.close(actor=duty, flash_point=flash_point, reason="The fair is over.", now=NOW)
    plant(district(1), 3, until=NOW + DAY)
    scan(now=NOW + DAY)
    flash_point.refresh_from_db()
    assert flash_point.is_off_the_desk
    assert flash_point.sightings.count() == 2
    assert not FlashPoint.objects.exclude(pk=flash_point.pk).exists()


def test_what_is_clearly_larger_comes_back_as_new():
    flash_point = settle(make_flash_point())
    plant(district(1), 40, until=NOW + DAY)
    scan(now=NOW + DAY)
    flash_point.refresh_from_db()
    assert (flash_point.state, flash_point.judgement) == ("new", "")
    last = FlashPointStep.objects.filter(flash_point=flash_point).last()
    assert (last.kind, last.finding) == ("returned", flash_point.newest)
    # The old judgement stays in its history.
    assert flash_point.steps.get(kind="reviewed").judgement == "artefact"


def test_a_judged_one_that_is_still_on_the_desk_is_not_called_new_again():
    flash_point = settle(make_flash_point(), Judgement.REAL)
    plant(district(1), 40, until=NOW + DAY)
    scan(now=NOW + DAY)
    flash_point.refresh_from_db()
    assert (flash_point.state, flash_point.judgement) == ("reviewed", "real")


def test_the_rule_compares_the_streams_that_carry_the_finding():
    # Garwood: the exact 95 % interval of 20 cases ends at 30.9.
    judged = {"tips": (20, 5.0)}
    assert not is_clearly_larger({"tips": (30, 0.0)}, judged)
    assert is_clearly_larger({"tips": (31, 0.0)}, judged)
    assert not is_clearly_larger({"tips": (34, 5.0)}, judged)  # surplus 29, twice 15 is 30
    assert is_clearly_larger({"incidents": (4, 1.0)}, judged)
    assert carried_by({"tips": (3, 2.5), "claims": (4, 3.0)}).keys() == {"tips", "claims"}


def test_tips_that_were_an_artefact_do_not_hide_incidents():
    districts = make_districts(5)
    spread(districts)
    tips = [
        new_message(f"Сигнал {n} слово{n}", at=NOW - timedelta(days=n), kind="hotline",
                    place_id=districts[n % 5].pk, number=f"t{n}")
        for n in range(60)
    ]  # fmt: skip
    tips += [
        new_message(f"Шум {n} звук{n}", at=NOW, kind="hotline", place_id=districts[1].pk,
                    number=f"n{n}")
        for n in range(15)
    ]  # fmt: skip
    store(tips)
    scan(stream="tips")
    flash_point = settle(FlashPoint.objects.get())
    plant(districts[1], 14)
    scan(stream="incidents")
    flash_point.refresh_from_db()
    assert flash_point.state == "new"
    assert flash_point.newest.run.stream == "incidents"


def test_a_scan_of_an_older_day_puts_nothing_on_the_desk():
    make_flash_point()
    FlashPoint.objects.update(newest=None)
    Finding.objects.update(flash_point=None)
    FlashPointStep.objects.all().delete()
    FlashPoint.objects.all().delete()
    plant(district(3), 14, until=NOW - 10 * DAY)
    run = scan(now=NOW - 10 * DAY)
    assert run.verdict == ScanRun.Verdict.FOUND
    assert not FlashPoint.objects.exists()


def test_the_night_scans_each_stream_all_at_once_and_the_grid_and_lists_each_thing_once():
    districts = make_districts(5)
    spread(districts)
    plant(districts[1], 14, latitude=49.0, longitude=56.0, place_precision="exact")
    jobs.scan(NOW)
    assert ScanRun.objects.count() == len(NIGHTLY) * len(AreaKind.values)
    flash_point = FlashPoint.objects.get()
    streams = set(flash_point.sightings.values_list("run__stream", flat=True))
    assert streams == {"incidents", "incidents+tips+claims"}
    assert (flash_point.newest.run.stream, flash_point.newest.run.area_kind) == (
        "incidents", "districts",
    )  # fmt: skip
    entries = AuditEntry.objects.count()
    jobs.scan(NOW)
    assert AuditEntry.objects.count() == entries


def test_a_finding_of_the_grid_is_put_on_the_desk_by_hand_only():
    districts = make_districts(5)
    for n in range(60):
        at = NOW - timedelta(days=n)
        spots = districts[n % 5]
        plant(spots, 1, until=at, latitude=spots.latitude, longitude=spots.longitude,
              place_precision="exact")  # fmt: skip
    plant(districts[1], 14, latitude=49.0, longitude=56.0, place_precision="exact")
    run = scan(area_kind="grid")
    finding = run.findings.get(rank=1)
    assert (run.verdict, FlashPoint.objects.count()) == ("found", 0)
    analyst = make_user(Role.ANALYST)
    flash_point = services.take_up(actor=analyst, finding=finding, now=NOW)
    assert flash_point.newest == finding
    assert flash_point.steps.get().recorded_by == analyst
    with pytest.raises(ConflictError, match="already"):
        services.take_up(actor=analyst, finding=finding, now=NOW)


def test_by_hand_as_well_each_thing_is_listed_once():
    flash_point = make_flash_point()
    newest = flash_point.newest
    twin = scan(seed=2).findings.get(rank=1)
    flash_point.refresh_from_db()
    assert flash_point.newest == twin
    for one in (newest, twin):
        Finding.objects.filter(pk=one.pk).update(flash_point=None)
    taken = services.take_up(actor=make_user(Role.ANALYST), finding=newest, now=NOW)
    assert (taken, FlashPoint.objects.count()) == (flash_point, 1)
    taken.refresh_from_db()
    assert taken.newest == twin


def test_of_two_findings_of_one_run_the_surest_stays_the_newest():
    flash_point = make_flash_point()
    strong = flash_point.newest
    weak = Finding.objects.get(pk=strong.pk)
    weak.pk, weak.rank, weak.observed, weak.flash_point = None, 99, 4, None
    weak.save()
    FindingArea.objects.create(finding=weak, place=strong.areas.first().place, order=0)
    put_on_the_desk(run=strong.run, findings=[weak], now=NOW)
    flash_point.refresh_from_db()
    weak.refresh_from_db()
    assert (weak.flash_point, flash_point.newest) == (flash_point, strong)


def test_what_does_not_count_cannot_be_put_on_the_desk():
    make_flash_point()
    weak = Finding.objects.filter(p_value__gt=0.01).first() or Finding.objects.first()
    Finding.objects.filter(pk=weak.pk).update(p_value=0.5, flash_point=None)
    with pytest.raises(ConflictError, match="does not count"):
        services.take_up(actor=CLERK, finding=weak, now=NOW)
