"""Two times: what is believed now, and what was believed then, whatever was done since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.factories import NOW

from qalqan.desk.incidents import services
from qalqan.desk.incidents.models import Incident, IncidentVersion, Report
from qalqan.desk.incidents.selectors import asof
from qalqan.desk.incidents.services.rows import ParsedIncident, SourceClaim
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.platform.sources.models import Source
from qalqan.errors import ConflictError, InputError

pytestmark = pytest.mark.django_db
DESK = SystemActor("test")
EVENT = datetime(2011, 6, 10, 7, 0, tzinfo=UTC)

ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["report", "report", "retract", "dispute", "settle", "hold", "release", "merge",
             "split", "restore", "correct"]
        ),
        st.integers(0, 2),
        st.integers(0, 5),
    ),
    min_size=3,
    max_size=7,
)  # fmt: skip


def record(number: int, killed: int, at: datetime = NOW) -> Incident:
    values = {
        "kind": "clash", "occurred_from": EVENT, "occurred_to": EVENT, "time_precision": "minute",
        "place_id": None, "district_id": None, "place_text": "Shubarshi", "latitude": None,
        "longitude": None, "place_precision": "settlement", "killed": killed,
    }  # fmt: skip
    claim = SourceClaim(f"Paper {number}", "press", "B", 2, f"p. {number}", None)
    return services.record_incident(
        actor=DESK, parsed=ParsedIncident(f"N-{number}", values, claim), now=at
    )


def act(kind: str, which: int, number: int, at: datetime) -> None:
    """Do one act, as far as the ledger allows it."""
    rows = list(Incident.objects.order_by("pk"))
    row = rows[which % len(rows)]
    live = list(Report.objects.filter(incident=row, ended_at=None).order_by("pk"))
    common = {"actor": DESK, "now": at}
    if kind == "report":
        source = Source.objects.get_or_create(
            name=f"S{number}", kind="press", defaults={"created_at": NOW}
        )[0]
        services.add_report(
            **common, incident=row, source=source, citation=at.isoformat(),
            says={"killed": number, "weapons": "firearm"} if number % 2 else {"injured": number},
        )  # fmt: skip
    elif kind == "retract" and live:
        services.retract_report(**common, report=live[number % len(live)], reason="Wrong")
    elif kind == "dispute" and live:
        report = live[number % len(live)]
        services.dispute(**common, report=report, attribute=min(report.says), reason="Denied")
    elif kind == "settle":
        for report in live:
            for one in report.disputes.filter(ended_at=None):
                services.end_dispute(**common, dispute=one, reason="Agreed")
    elif kind == "hold":
        state = ("known", "contested", "unknown")[number % 3]
        services.hold(
            **common, incident=row, attribute="killed", state=state, value=number, reason="Seen"
        )
    elif kind == "release":
        for one in row.holdings.filter(ended_at=None):
            services.release(**common, holding=one, reason="Not so")
    elif kind == "merge":
        services.merge(
            **common, incident=row, into=rows[(which + 1 + number % 2) % len(rows)], reason="Same"
        )
    elif kind == "split" and live:
        services.split(**common, incident=row, reports=live[: 1 + number % 2], reason="Two")
    elif kind == "restore":
        services.restore(**common, incident=row, reason="Not the same")
    elif kind == "correct":
        services.correct(**common, incident=row, words={"title_en": f"T{number}"}, reason="Typo")


def believed(moment: datetime | None) -> dict:
    """Return everything that the ledger says, now or as of a moment."""
    found = {}
    for row in Incident.objects.order_by("pk"):
        if moment is None:
            held: Incident | IncidentVersion | None = row
        else:
            held = asof.version_at(DESK, row, moment)
        if held is None:
            continue
        reports = asof.reports_at(DESK, row, moment)
        standing = asof.standings(DESK, row, reports, moment)
        found[row.identity] = (
            held.merged_into_id, held.title_en, held.killed, held.injured, held.weapons, held.kind,
            held.states, [(one.report.pk, one.ended, len(one.disputes)) for one in reports],
            [(one.belief, one.holding and one.holding.pk) for one in standing],
        )  # fmt: skip
    return found


def listed(moment: datetime) -> list[int]:
    return list(asof.as_of(DESK, moment).values_list("incident_id", flat=True))


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS, stuck=st.booleans())
def test_as_of_is_what_replaying_the_acts_gives(acts, stuck):
    """Believed then, asked later, is believed then, asked then; with a stopped clock as well."""
    with transaction.atomic():
        replay(acts, stuck)
        transaction.set_rollback(True)


def replay(acts: list, stuck: bool) -> None:
    for number in range(2):
        record(number, killed=number)
    seen = []
    for step, (kind, which, number) in enumerate(acts, 1):
        at = NOW if stuck else NOW + timedelta(hours=step)
        try:
            act(kind, which, number, at)
        except (ConflictError, InputError):
            continue
        moment = max(Incident.objects.values_list("changed_at", flat=True))
        counted = Incident.objects.filter(merged_into=None).order_by("-occurred_from", "-pk")
        seen.append((moment, believed(None), list(counted.values_list("pk", flat=True))))
    for moment, then, counted in seen:
        assert believed(moment) == then
        assert listed(moment) == counted
    for row in IncidentVersion.objects.exclude(merged_into__isnull=False):
        reports = asof.reports_at(DESK, row.incident, row.recorded_from)
        standing = asof.standings(DESK, row.incident, reports, row.recorded_from)
        assert row.states == {one.belief.attribute: one.belief.state for one in standing}


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    first=st.lists(st.integers(0, 4), max_size=3),
    second=st.lists(st.integers(0, 4), max_size=3),
    held=st.sampled_from([None, 3]),
)
def test_merge_then_split_returns_the_same_beliefs(first, second, held):
    with transaction.atomic():
        merged_and_split(first, second, held)
        transaction.set_rollback(True)


def merged_and_split(first: list[int], second: list[int], held: int | None) -> None:
    one, other = record(0, killed=1), record(1, killed=2)
    for row, numbers in ((one, first), (other, second)):
        for step, number in enumerate(numbers, 1):
            source = Source.objects.get_or_create(
                name=f"S{number}", kind="press", defaults={"created_at": NOW}
            )[0]
            services.add_report(
                actor=DESK, incident=row, source=source, says={"injured": number},
                citation=f"p. {step}", now=NOW + timedelta(hours=step),
            )  # fmt: skip
    if held is not None:
        services.hold(
            actor=DESK, incident=other, attribute="killed", state="known", value=held,
            reason="Seen", now=NOW + timedelta(days=1),
        )  # fmt: skip

    def told() -> list:
        rows = []
        for row in (one, other):
            row.refresh_from_db()
            reports = asof.reports_at(DESK, row)
            standing = asof.standings(DESK, row, reports)
            rows.append(
                (
                    row.killed,
                    row.injured,
                    row.states,
                    row.merged_into_id,
                    [(s.belief, [said.value for _report, said in s.said]) for s in standing],
                )
            )
        return rows

    before = told()
    services.merge(actor=DESK, incident=other, into=one, reason="Same", now=NOW + timedelta(days=2))
    came = Report.objects.filter(incident=one, ended_at=None, moved_from__incident=other)
    services.split(
        actor=DESK, incident=one, reports=list(came), reason="Not the same",
        now=NOW + timedelta(days=3),
    )  # fmt: skip
    assert told() == before
