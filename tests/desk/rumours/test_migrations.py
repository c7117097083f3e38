"""What stood in the database before this desk published itself is carried over."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ConnectionHandler
from tests.support.factories import NOW

pytestmark = pytest.mark.embedded
BEFORE = [("rumours", "0003_sample_index_and_rules")]
AFTER = [("rumours", "0008_one_answer_a_claim")]


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
    apps = MigrationExecutor(connections["default"]).loader.project_state(targets).apps
    return lambda model: apps.get_model("rumours", model).objects


def test_states_and_answers_survive_the_way_there_and_back(past):
    old = moved_to(BEFORE)
    for number, status in enumerate(("new", "watched", "watched", "answered", "closed"), 1):
        old("Claim").create(
            pk=number, leader_text=status, language="ru", status=status, first_seen=NOW,
            last_seen=NOW,
        )  # fmt: skip
    old("Answer").create(
        claim_id=3, verdict="false", text="Су таза.", language="kk-Cyrl", published_at=NOW,
        recorded_at=NOW + timedelta(hours=1),
    )  # fmt: skip

    new = moved_to(AFTER)
    states = new("Claim").order_by("pk").values_list("state")
    assert [state for (state,) in states] == ["new", "triage", "watching", "answered", "closed"]
    answer = new("Answer").get()
    assert (answer.state, answer.is_from_elsewhere, answer.published_at) == ("published", True, NOW)
    version = new("AnswerVersion").get()
    assert (version.text_kk, version.text_ru, version.answer_id) == ("Су таза.", "", answer.pk)
    assert new("Publication").get().at == NOW

    back = moved_to(BEFORE)
    answer = back("Answer").get()
    assert (answer.text, answer.language) == ("Су таза.", "kk-Cyrl")
    statuses = back("Claim").order_by("pk").values_list("status")
    assert [s for (s,) in statuses] == ["new", "watched", "watched", "answered", "closed"]
