"""What stood in the database before this desk published itself is carried over."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tests.support.factories import NOW

BEFORE = [("rumours", "0003_sample_index_and_rules")]
AFTER = [("rumours", "0008_one_answer_a_claim")]


def moved_to(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def latest():
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
def test_states_and_answers_survive_the_way_there_and_back(latest):
    old = moved_to(BEFORE)
    claims, answers = old.get_model("rumours", "Claim"), old.get_model("rumours", "Answer")
    for number, status in enumerate(("new", "watched", "watched", "answered", "closed"), 1):
        claims.objects.create(
            pk=number, leader_text=status, language="ru", status=status, first_seen=NOW,
            last_seen=NOW,
        )  # fmt: skip
    answers.objects.create(
        claim_id=3, verdict="false", text="Су таза.", language="kk-Cyrl", published_at=NOW,
        recorded_at=NOW + timedelta(hours=1),
    )  # fmt: skip

    new = moved_to(AFTER)
    states = new.get_model("rumours", "Claim").objects.order_by("pk").values_list("state")
    assert [state for (state,) in states] == ["new", "triage", "watching", "answered", "closed"]
    answer = new.get_model("rumours", "Answer").objects.get()
    assert (answer.state, answer.is_from_elsewhere, answer.published_at) == ("published", True, NOW)
    version = new.get_model("rumours", "AnswerVersion").objects.get()
    assert (version.text_kk, version.text_ru, version.answer_id) == ("Су таза.", "", answer.pk)
    assert new.get_model("rumours", "Publication").objects.get().at == NOW

    back = moved_to(BEFORE)
    answer = back.get_model("rumours", "Answer").objects.get()
    assert (answer.text, answer.language) == ("Су таза.", "kk-Cyrl")
    statuses = back.get_model("rumours", "Claim").objects.order_by("pk").values_list("status")
    assert [s for (s,) in statuses] == ["new", "watched", "watched", "answered", "closed"]
