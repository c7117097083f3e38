"""What stood in the ledger before it kept histories is carried over."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ConnectionHandler
from tests.support.factories import NOW

pytestmark = pytest.mark.embedded
BEFORE = [("incidents", "0003_hypotheses")]
AFTER = [("incidents", "0008_last_change")]
EVENT = NOW - timedelta(days=20)


@pytest.fixture
def past(tmp_path: Path, django_db_blocker) -> Iterator[None]:
    """Put an empty database in the place of the desk's, in which only this past is made."""
    present = connections["default"]
    settings = {
        **present.settings_dict,
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path / "past.sqlite3"),
        "OPTIONS": {},
    }
    with django_db_blocker.unblock():
        connections["default"] = ConnectionHandler({"default": settings})["default"]
        try:
            yield
        finally:
            connections["default"].close()
            connections["default"] = present


def moved_to(targets):
    executor = MigrationExecutor(connections["default"])
    executor.migrate(targets)
    return MigrationExecutor(connections["default"]).loader.project_state(targets).apps


def test_incidents_and_their_sources_become_versions_and_reports(past):
    old = moved_to(BEFORE)
    sources = old.get_model("sources", "Source").objects
    police, paper = (
        sources.create(name=name, kind=kind, reliability="C", created_at=NOW)
        for name, kind in (("Police", "agency"), ("Paper", "press"))
    )
    rows = old.get_model("incidents", "Incident").objects
    columns = {
        "kind": "robbery", "occurred_from": EVENT, "occurred_to": EVENT + timedelta(hours=1),
        "time_precision": "hour", "place_text": "Темир", "place_precision": "settlement",
        "killed": 2, "injured": 0, "what_is_known": "A shop.", "contested": "How many.",
        "reported_at": NOW - timedelta(days=19), "recorded_at": NOW - timedelta(days=18),
    }  # fmt: skip
    first = rows.create(pk=1, identity="1", external_id="A-1", weapons="firearm", **columns)
    rows.create(pk=2, identity="2", **columns)
    doubted = rows.create(pk=3, identity="3", **columns)
    said = old.get_model("incidents", "IncidentSource").objects
    said.create(incident=first, source=police, credibility=2, citation="p. 1")
    said.create(incident=first, source=paper, credibility=3, differs={"killed": 3})
    said.create(incident=doubted, source=paper, credibility=5, reported_at=NOW)

    new = moved_to(AFTER)
    incidents, reports, versions = (
        new.get_model("incidents", name).objects
        for name in ("Incident", "Report", "IncidentVersion")
    )
    told, silent, doubted = incidents.order_by("pk")
    for row in (told, silent, doubted):
        made = versions.get(incident=row)
        assert (made.number, made.act, made.recorded_to) == (1, "migrated", None)
        assert made.recorded_from == row.changed_at == row.recorded_at == columns["recorded_at"]
        assert {name: getattr(made, name) for name in columns if name != "recorded_at"} == {
            name: value for name, value in columns.items() if name != "recorded_at"
        }
        assert (row.version, made.states) == (1, row.states)
    assert {name: told.states[name] for name in ("killed", "injured", "weapons", "why")} == {
        "killed": "contested", "injured": "known", "weapons": "known", "why": "unknown",
    }  # fmt: skip
    assert set(doubted.states.values()) == {"contested", "unknown"}

    one, other = reports.filter(incident=told).order_by("pk")
    assert (one.is_official, one.citation, one.says["killed"]) == (True, "p. 1", {"value": 2})
    assert one.says["weapons"] == {"value": "firearm"}
    assert (other.is_official, other.says) == (False, {"killed": {"value": 3}})
    unsourced = reports.get(incident=silent)
    assert (unsourced.source_id, unsourced.credibility) == (None, 6)
    assert unsourced.says["injured"] == {"value": 0}
    assert "weapons" not in unsourced.says
    assert unsourced.reported_at == columns["reported_at"]
    assert reports.filter(recorded_at=columns["recorded_at"]).count() == reports.count() == 4
    assert reports.get(incident=doubted).reported_at == NOW
