"""Open questions are owed by somebody; series are suggested, decided, undone; months counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from tests.support.factories import NOW, make_organisation, make_user
from tests.support.incidents_factories import make_districts, make_incident

from qalqan.desk.incidents.models import Indicator, OpenQuestion, SeriesSuggestion
from qalqan.desk.incidents.selectors import picture, questions
from qalqan.desk.incidents.selectors import series as found_series
from qalqan.desk.incidents.services import linking
from qalqan.desk.incidents.services import questions as asking
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.sources.models import Source
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
CLERK = SystemActor("test")


def ask(**fields):
    fields = {
        "actor": make_user(Role.SECRETARY), "incident": make_incident(),
        "question": "Who had the keys?", "organisation": make_organisation(),
        "due_at": NOW + timedelta(days=3), "now": NOW, **fields,
    }  # fmt: skip
    return asking.ask(**fields)


@pytest.mark.parametrize(("answered", "state"), [(True, "done"), (False, "cancelled")])
def test_a_question_is_work_until_it_is_closed(answered, state):
    question = ask()
    assert question.work.organisation == question.organisation
    assert list(questions.open_questions(CLERK)) == [question]
    officer = make_user(Role.DUTY_OFFICER)
    with pytest.raises(InputError):
        asking.close_question(
            actor=officer, question=question, answered=answered, answer=" ", now=NOW
        )
    closed = asking.close_question(
        actor=officer, question=question, answered=answered, answer="The log is lost.", now=NOW
    )
    assert not questions.open_questions(CLERK).exists()
    assert WorkItem.objects.get(pk=closed.work_id).state == state
    with pytest.raises(ConflictError):
        asking.close_question(
            actor=officer, question=question, answered=True, answer="Yes", now=NOW
        )


def test_a_question_needs_a_future_and_somebody_who_may_ask():
    with pytest.raises(InputError, match="past"):
        ask(due_at=NOW - timedelta(days=1))
    with pytest.raises(RefusedError):
        ask(actor=make_user(Role.PRESS_OFFICER))
    assert not OpenQuestion.objects.exists()
    assert not WorkItem.objects.exists()


def plant(rng, series=6):
    """Store a series of like robberies near one spot among scattered incidents."""
    kinds = ("arson", "threat", "disorder", "weapons_find", "killing")
    for n in range(60):
        make_incident(
            at=NOW - timedelta(days=float(rng.uniform(1, 700))), kind=kinds[n % 5],
            latitude=float(rng.uniform(47, 50)), longitude=float(rng.uniform(55, 60)),
            place_precision="exact", time_precision="minute", weapons="none",
        )  # fmt: skip
    return [
        make_incident(
            at=NOW - timedelta(days=40 - 4 * n), kind="robbery", weapons="firearm",
            latitude=49.0 + 0.001 * n, longitude=57.0, place_precision="exact",
            time_precision="minute",
        ).pk
        for n in range(series)
    ]  # fmt: skip


def test_a_planted_series_is_suggested_taken_and_undone():
    planted = plant(np.random.default_rng(1))
    found = linking.search_series(actor=CLERK, now=NOW)
    best = found[0]
    assert {one.pk for one in best.incidents.all()} <= set(planted)
    assert best.incidents.count() >= 4
    assert 0.3 < best.weakest <= best.probability < 1
    assert best.method["learnt"] == "simulated"
    officer = make_user(Role.DUTY_OFFICER)
    with pytest.raises(InputError):
        linking.decide_series(actor=officer, suggestion=best, state="accepted", reason="", now=NOW)
    taken = linking.decide_series(
        actor=officer, suggestion=best, state="accepted", reason="Same car", now=NOW
    )
    linking.search_series(actor=CLERK, now=NOW)
    again = SeriesSuggestion.objects.get(pk=best.pk)
    assert (again.state, again.reason, again.is_current) == ("accepted", "Same car", True)
    with pytest.raises(ConflictError):
        linking.decide_series(
            actor=officer, suggestion=taken, state="accepted", reason="x", now=NOW
        )
    undone = linking.decide_series(
        actor=officer, suggestion=taken, state="suggested", reason="", now=NOW
    )
    assert (undone.state, undone.decided_at, undone.reason) == ("suggested", None, "")
    with pytest.raises(RefusedError):
        linking.decide_series(
            actor=make_user(Role.SECRETARY), suggestion=undone, state="refused", reason="x",
            now=NOW,
        )  # fmt: skip


def test_incidents_without_day_or_place_are_not_compared():
    make_incident(time_precision="month", place_precision="exact", latitude=49, longitude=57)
    make_incident(place_precision="district", latitude=49, longitude=57)
    make_incident(place_precision="exact", latitude=49, longitude=57)
    found = found_series.compared(CLERK, since=NOW - timedelta(days=9), until=NOW + timedelta(1),
                                  most=10)  # fmt: skip
    assert len(found.keys) == 1
    assert np.isnan(found.events.hour).all()
    assert linking.search_series(actor=CLERK, now=NOW) == []


def test_suggestions_that_are_dropped_are_not_shown():
    row = SeriesSuggestion.objects.create(
        key="a", probability=0.9, weakest=0.8, computed_at=NOW, is_current=True
    )
    assert list(found_series.suggestions(CLERK)) == [row]
    linking.search_series(actor=CLERK, now=NOW)
    assert not found_series.suggestions(CLERK).exists()


def test_the_picture_counts_whole_months_and_finds_the_change():
    district = make_districts(1)[0]
    for month in range(1, 13):
        for n in range(2 if month <= 6 else 12):
            make_incident(at=datetime(2025, month, 2 + n, 9, tzinfo=UTC), district=district)
    make_incident(at=datetime(2025, 3, 1, tzinfo=UTC), time_precision="year")
    make_incident(at=datetime(2025, 12, 31, 20, tzinfo=UTC))
    found = picture.picture(CLERK, start=date(2025, 1, 1), end=date(2025, 12, 31))
    assert [one.number for one in found.months] == [2] * 6 + [12] * 6
    assert [one.first.month for one in found.months if one.is_change] == [7]
    assert [(one.start.month, one.end.month, one.rate) for one in found.spans] == [
        (1, 6, 2.0), (7, 12, 12.0),
    ]  # fmt: skip
    assert found.without_month == 1
    assert found.kinds[0].share == 1
    assert found.years == [(2025, [84])]
    nothing = picture.picture(CLERK, start=date(2025, 1, 5), end=date(2025, 1, 20))
    assert nothing.months == []


def test_a_change_of_definition_breaks_an_indicator():
    source = Source.objects.create(name="Paper", kind="press", created_at=NOW)
    for year, definition in ((2011, "Convicted."), (2012, "convicted. "), (2013, "Detained.")):
        Indicator.objects.create(
            code="c", name_en="Convicted", value=year - 2000, unit="people", definition=definition,
            period_from=date(year, 1, 1), period_to=date(year, 12, 31), source=source,
            recorded_at=NOW,
        )  # fmt: skip
    (found,) = picture.published(CLERK)
    assert [one.breaks for one in found.values] == [False, False, True]
    assert found.has_break
