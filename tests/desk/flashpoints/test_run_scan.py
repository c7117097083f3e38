"""A scan finds what was planted, says so when there is nothing, and runs once on the same data."""

from datetime import timedelta

import numpy as np
import pytest
from tests.support.factories import NOW, make_user
from tests.support.incidents_factories import make_districts, make_incident

from qalqan.desk.flashpoints import selectors, services
from qalqan.desk.flashpoints.models import Finding, ScanRun
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.errors import RefusedError

pytestmark = pytest.mark.django_db
CLERK = SystemActor("test")
SEED = 20160605


def scatter(districts, *, number=150, seed=1):
    """Store incidents that fall on any district and day alike."""
    rng = np.random.default_rng(seed)
    for place, back in zip(
        rng.integers(len(districts), size=number), rng.integers(90, size=number), strict=True
    ):
        make_incident(at=NOW - timedelta(days=int(back)), district=districts[place])


def scan(**options):
    options = {"stream": "incidents", "seed": SEED, "replicates": 199} | options
    return services.run_scan(actor=CLERK, now=NOW, **options)


def test_a_planted_flash_point_is_found_where_and_when_it_was_planted():
    districts = make_districts(6)
    scatter(districts)
    for back in (0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3):
        make_incident(at=NOW - timedelta(days=back), district=districts[2])
    run = scan(replicates=999)
    assert run.verdict == ScanRun.Verdict.FOUND
    (finding,) = selectors.latest_findings(CLERK)
    assert [area.place for area in finding.areas.all()] == [districts[2]]
    today = NOW.astimezone(run.created_at.tzinfo).date()
    assert finding.end == today
    assert today - timedelta(days=6) <= finding.start <= today - timedelta(days=2)
    assert finding.observed >= 12
    # By hand: cases of the district times the cases of the days, over all cases.
    inside = [day for day in finding.curve if finding.start.isoformat() <= day[0]]
    assert finding.expected == pytest.approx(sum(day[2] for day in inside), abs=0.01)
    assert sum(day[1] for day in inside) == finding.observed
    assert finding.relative_risk_low < finding.relative_risk < finding.relative_risk_high
    assert finding.p_value == pytest.approx(0.001)
    assert finding.recurrence_interval == pytest.approx(1000)


def test_nothing_planted_gives_no_evidence():
    scatter(make_districts(6))
    run = scan()
    assert run.verdict == ScanRun.Verdict.NOTHING
    assert selectors.latest_findings(CLERK) == []


def test_too_little_is_said_in_words():
    districts = make_districts(2)
    make_incident(district=districts[0])
    run = scan()
    assert run.verdict == ScanRun.Verdict.NOT_ENOUGH
    assert run.get_verdict_display() == "Not enough data to say anything."
    assert not run.findings.exists()


def test_an_empty_ledger_is_scanned_too():
    assert scan().verdict == ScanRun.Verdict.NOT_ENOUGH


def test_the_same_data_and_seed_are_scanned_once():
    scatter(make_districts(4), number=40)
    first = scan()
    entries = AuditEntry.objects.count()
    assert scan() == first
    assert AuditEntry.objects.count() == entries
    assert scan(seed=7) != first


def test_a_new_incident_is_new_data():
    districts = make_districts(4)
    scatter(districts, number=40)
    first = scan()
    make_incident(district=districts[0])
    assert scan().data_hash != first.data_hash


def test_a_run_is_written_to_the_audit():
    run = scan()
    entry = AuditEntry.objects.order_by("sequence").last()
    assert (entry.action, entry.subject) == (
        "flashpoints.run_scan",
        f"flashpoints.scanrun:{run.pk}",
    )


def test_incidents_of_which_only_the_month_is_known_do_not_count():
    districts = make_districts(2)
    for _ in range(30):
        make_incident(district=districts[0], time_precision="month")
    assert scan().cases == 0


def test_only_those_who_may_order_a_scan_can():
    with pytest.raises(RefusedError):
        services.run_scan(actor=make_user(Role.PRESS_OFFICER), stream="incidents", now=NOW)
    assert not ScanRun.objects.exists()


def test_hidden_findings_stay_hidden_in_every_reading():
    districts = make_districts(4)
    scatter(districts, number=60)
    run = scan()
    outsider = make_user(Role.GROUP_WORKER)
    assert selectors.latest_runs(outsider) == []
    assert selectors.latest_findings(outsider, alpha=1.0) == []
    assert selectors.run_for(outsider, run.pk) is None
    assert selectors.finding_for(outsider, Finding.objects.first().pk) is None
