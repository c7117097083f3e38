"""Pages of hypotheses, questions, series and the picture: filled in, refused, within budget."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import NOW, make_organisation, make_user, sign_in
from tests.support.incidents_factories import make_incident
from tests.support.weighing_factories import cells, hand_in, make_analysis

from qalqan.desk.incidents.models import (
    Analysis,
    OpenQuestion,
    Reading,
    SeriesSuggestion,
)
from qalqan.desk.incidents.services import analyses as services
from qalqan.desk.incidents.services import questions as asking
from qalqan.desk.platform.policies import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return make_user(Role.ANALYST, language="en")


@pytest.fixture
def reader(client, analyst):
    return sign_in(client, analyst)


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_an_analysis_from_first_question_to_post_mortem(reader, analyst):
    incident = make_incident(title_en="Weapons are gone")
    address = reverse("incidents:analysis_new", args=[incident.pk])
    wrong = reader.post(address, {"question": "Who?", "prior_gang": 50, "prior_lone": 20})
    assert "sum to 100" in text(wrong, 422)
    reader.post(address, {"question": "Who?", "prior_gang": 60, "prior_lone": 40})
    analysis = Analysis.objects.get()
    page = reverse("incidents:analysis", args=[analysis.pk])
    refused = reader.post(
        reverse("incidents:evidence_add", args=[analysis.pk]),
        {"evidence-text": "Heard", "evidence-credibility": 6, "evidence-relevance": 3},
    )
    assert "Evidence needs a source" in text(refused, 422)
    reader.post(
        reverse("incidents:evidence_add", args=[analysis.pk]),
        {"evidence-text": "Two doors broken", "evidence-is_assumption": "on",
         "evidence-credibility": 2, "evidence-relevance": 3},
    )  # fmt: skip
    reader.post(
        reverse("incidents:hypothesis_add", args=[analysis.pk]),
        {"hypothesis-kind": "accident", "hypothesis-text": ""},
    )
    shares = {f"priors-share_{one.pk}": share for one, share in
              zip(analysis.hypotheses.all(), (50, 30, 20), strict=True)}  # fmt: skip
    reader.post(reverse("incidents:priors_set", args=[analysis.pk]), shares)
    names = [f"m_{item}_{one}" for item, one in cells(analysis, [("C", "I", "II")])]
    marks = dict(zip(names, ("C", "I", "II"), strict=True))
    mark = reverse("incidents:analysis_mark", args=[analysis.pk])
    assert "Mark every cell" in text(reader.post(mark, {names[0]: "C", "hand_in": "yes"}), 422)
    reader.post(mark, marks)
    assert "Matrix" not in text(reader.get(page))
    reader.post(mark, {**marks, "hand_in": "yes"})
    shown = text(reader.get(page))
    assert "Least speaks against: Criminal gang." in shown
    assert "another would be first" in shown
    sought = {f"sought-share_{one.pk}": 50 for one in analysis.hypotheses.all()}
    reader.post(
        reverse("incidents:sought_add", args=[analysis.pk]), {"sought-text": "A tool", **sought}
    )
    assert "A tool" in text(reader.get(page))
    truth = analysis.hypotheses.get(position=2)
    end = reverse("incidents:post_mortem", args=[analysis.pk])
    assert "This field is required" in text(reader.post(end, {"truth": truth.pk}), 422)
    reader.post(end, {"truth": truth.pk, "basis": "He confessed.", "misled_by": "The doors"})
    told = text(reader.get(end))
    assert "He confessed." in told
    assert "Two doors broken" in told
    assert "fewer than 3" in text(reader.get(reverse("incidents:calibration")))
    version = text(reader.get(reverse("incidents:analysis_version", args=[analysis.pk, 1])))
    assert "Nothing was ranked then" in version
    assert "Weapons are gone" in text(reader.get(reverse("incidents:analyses")))


def test_marks_of_others_stay_unseen_until_handed_in(reader, analyst):
    analysis = make_analysis(make_user(Role.DUTY_OFFICER))
    hand_in(analysis, make_user(Role.DUTY_OFFICER))
    page = text(reader.get(reverse("incidents:analysis", args=[analysis.pk])))
    assert "1 person handed in marks" in page
    assert "Matrix" not in page
    assert "What it said before" not in page
    hidden = reader.get(reverse("incidents:analysis_version", args=[analysis.pk, 1]))
    assert hidden.status_code == 404


def test_relations_and_items_taken_back_on_the_page(reader, analyst):
    analysis = make_analysis(analyst)
    first, second, _third = analysis.hypotheses.order_by("position")
    address = reverse("incidents:relation_set", args=[analysis.pk])
    reader.post(address, {"relation-first": first.pk, "relation-relation": "exclusive",
                          "relation-second": second.pk})  # fmt: skip
    page = reverse("incidents:analysis", args=[analysis.pk])
    assert "shuts out" in text(reader.get(page))
    item = analysis.items.get(position=1)
    back = reverse("incidents:evidence_take_back", args=[analysis.pk, item.pk])
    assert text(reader.post(back, {"why": ""}), 422)
    reader.post(back, {"why": "Misheard"})
    assert "Misheard" in text(reader.get(page))
    assert reader.get(reverse("incidents:analysis", args=[0])).status_code == 404


def test_a_question_is_asked_and_declared_unanswerable(reader):
    incident, body = make_incident(), make_organisation(name="Water office")
    address = reverse("incidents:question_ask", args=[incident.pk])
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    past = reader.post(address, {"question": "Who?", "organisation": body.pk, "due": "2020-01-01"})
    assert "The date lies in the past." in text(past, 422)
    reader.post(address, {"question": "Who?", "organisation": body.pk, "due": tomorrow})
    question = OpenQuestion.objects.get()
    assert "Water office" in text(reader.get(reverse("incidents:questions")))
    close = reverse("incidents:question_close", args=[question.pk])
    assert text(reader.post(close, {"how": "unanswerable", "answer": ""}), 422)
    reader.post(close, {"how": "unanswerable", "answer": "The log burnt."})
    assert "Who?" not in text(reader.get(reverse("incidents:questions")))
    closed = reverse("incidents:questions") + "?state=unanswerable"
    assert "The log burnt." in text(reader.get(closed))
    assert "The log burnt." in text(reader.get(incident.get_absolute_url()))


def make_series(number):
    row = SeriesSuggestion.objects.create(
        key=str(number), probability=0.8, weakest=0.6, computed_at=NOW,
        method={"events": 3, "since": "2025-01-01", "rate": 0.5, "least": 3,
                "learnt": "simulated"},
    )  # fmt: skip
    row.incidents.set([make_incident(title_en=f"R{number}") for _ in range(3)])
    return row


def test_a_series_is_taken_with_a_reason_and_undone(reader):
    row = make_series(1)
    address = reverse("incidents:series_decide", args=[row.pk])
    assert "must not be empty" in text(reader.post(address, {"state": "accepted"}), 422)
    reader.post(address, {"state": "accepted", "reason": "Same car"})
    shown = text(reader.get(reverse("incidents:series")))
    assert "Same car" in shown
    assert "Undo" in shown
    assert text(reader.post(address, {"state": "nonsense"}), 422)
    reader.post(address, {"state": "suggested"})
    assert SeriesSuggestion.objects.get().state == "suggested"


def test_the_picture_shows_months_and_survives_nonsense(reader):
    make_incident(at=timezone.now() - timedelta(days=60))
    address = reverse("incidents:picture")
    assert "Incidents by month" in text(reader.get(address))
    assert text(reader.get(address, {"since": "x", "kind": "y", "district": "z"}))
    assert "No incident in these months" in text(
        reader.get(address, {"since": "1990-01-01", "until": "1991-01-01"})
    )


BUDGETED = [
    "incidents:picture", "incidents:analyses", "incidents:analysis", "incidents:analysis_mark",
    "incidents:analysis_version", "incidents:post_mortem", "incidents:calibration",
    "incidents:questions", "incidents:series",
]  # fmt: skip


def fill(analyst, number):
    analysis = make_analysis(analyst)
    hand_in(analysis, analyst)
    hand_in(analysis, make_user(Role.DUTY_OFFICER))
    for row in range(number):
        asking.ask(
            actor=analyst, incident=analysis.incident, question=f"Q{row}?",
            organisation=make_organisation(), due_at=NOW + timedelta(days=3), now=NOW,
        )  # fmt: skip
        make_series(f"{number}-{row}")
        services.add_item(
            actor=analyst, analysis=analysis, text=f"More {row}", is_assumption=True, now=NOW
        )
    return analysis


@pytest.mark.parametrize("name", BUDGETED)
def test_a_page_keeps_its_budget_however_much_there_is(reader, analyst, name):
    counts = []
    for number in (1, 4):
        analysis = fill(analyst, number)
        if name in ("incidents:post_mortem", "incidents:calibration"):
            services.state_truth(
                actor=analyst, analysis=analysis, truth=analysis.hypotheses.first(),
                basis="Known", misled_by="", now=NOW,
            )  # fmt: skip
        arguments = {
            "incidents:analysis": [analysis.pk], "incidents:analysis_mark": [analysis.pk],
            "incidents:analysis_version": [analysis.pk, 2],
            "incidents:post_mortem": [analysis.pk],
        }.get(name, [])  # fmt: skip
        address = reverse(name, args=arguments)
        reader.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGETS[name]


def test_the_sample_is_weighed_once_and_leaves_real_events_alone():
    from qalqan.desk.incidents.services.sample import load_sample_weighing

    people = [
        make_user(Role.DUTY_OFFICER, organisation=make_organisation()), make_user(Role.ANALYST)
    ]  # fmt: skip
    real = make_incident(kind="arms_theft", external_id="ledger-2016", is_sample=True)
    made_up = make_incident(
        kind="robbery", external_id="sample-7", is_sample=True, at=NOW - timedelta(days=9)
    )
    make_incident(kind="arson", external_id="sample-8", is_sample=True)
    assert load_sample_weighing(actor=people[1], people=people, now=NOW) == 2
    assert load_sample_weighing(actor=people[1], people=people, now=NOW) == 0
    assert not real.analyses.exists()
    assert made_up.analyses.get().is_sample
    assert Reading.objects.count() == 4
    assert OpenQuestion.objects.get().is_sample
