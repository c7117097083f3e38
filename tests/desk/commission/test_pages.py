"""The secretary's way from a commission to a closed decision; lessons; each page's queries."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from tests.desk.query_budgets import BUDGETS
from tests.support.commission_factories import (
    NAMES,
    make_commission,
    make_decision,
    make_meeting,
    make_review,
    make_secretary,
)
from tests.support.factories import make_user, sign_in

from qalqan.desk.commission.models import (
    Commission,
    Decision,
    Evidence,
    Meeting,
    Recommendation,
    Review,
)
from qalqan.desk.commission.services import decisions, lessons
from qalqan.desk.platform.policies import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary():
    return make_secretary()


@pytest.fixture
def desk(secretary):
    return sign_in(Client(), secretary)


def send(client, name, data, *arguments):
    response = client.post(reverse(f"commission:{name}", args=arguments), data)
    assert response.status_code == 302, re.findall(
        r"<(?:ul|p)[^>]*error[^>]*>.*?<", response.content.decode(), re.DOTALL
    )
    return response


def text_of(client, name, *arguments):
    response = client.get(reverse(f"commission:{name}", args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def test_from_the_first_seat_to_a_decision_closed_with_evidence(desk, secretary):
    worker = make_user(Role.DUTY_OFFICER)
    owing = sign_in(Client(), worker)
    names = {f"name_{code}": name for code, name in NAMES.items()}
    send(desk, "commission_new", {"level": "province", "quorum_percent": "51", **names})
    commission = Commission.objects.get()
    seat = {"office": "Head of the office", "part": "chair", "has_vote": "on",
            "since": "2020-01-01"}  # fmt: skip
    send(desk, "seat_new", seat, commission.pk)
    begins = (timezone.localtime() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    send(desk, "meeting_new", {"starts_at": begins, "venue": "Hall"}, commission.pk)
    meeting = Meeting.objects.get()
    send(desk, "item_new", {"title": "Lighting of the square", "paper": "It is dark."}, meeting.pk)
    item = meeting.agenda.get()
    chair = commission.seats.get()
    refused = desk.post(reverse("commission:meeting_begin", args=[meeting.pk]),
                        {f"seat_{chair.pk}": "absent"})  # fmt: skip
    assert refused.status_code == 422
    assert "no quorum" in refused.content.decode()
    send(desk, "meeting_begin", {f"seat_{chair.pk}": "present"}, meeting.pk)
    due = (timezone.localdate() + timedelta(days=5)).isoformat()
    given = {"text_en": "Light the square", "legal_basis": "Act 7", "due_on": due,
             "owner": worker.organisation_id}  # fmt: skip
    send(desk, "decide", given, item.pk)
    row = Decision.objects.get()
    send(desk, "item_conclude", {"outcome": "decided", "votes_for": "1"}, item.pk)
    send(desk, "meeting_close", {}, meeting.pk)
    assert "Light the square" in text_of(desk, "meeting", meeting.pk)
    assert row.reference in text_of(desk, "decisions")
    assert row.work.title in owing.get(reverse("work:items")).content.decode()
    send(owing, "evidence_show", {"text": "The lamps stand"}, row.pk)
    shown = Evidence.objects.get()
    returned = desk.post(reverse("commission:evidence_judge", args=[shown.pk]),
                         {"verdict": "refuse"})  # fmt: skip
    assert returned.status_code == 422
    send(desk, "evidence_judge", {"verdict": "accept"}, shown.pk)
    row.refresh_from_db()
    assert row.state == Decision.State.CLOSED
    assert "The lamps stand" in text_of(desk, "decision", row.pk)


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [("kk", "отырыстың хаттамасы", "Облыстық комиссия"), ("ru", "Протокол", "Областная комиссия"),
     ("en", "Minutes of meeting 1", "Province commission")],
)  # fmt: skip
def test_minutes_and_extract_are_on_paper_in_each_language(
    desk, secretary, tmp_path, language, title, words
):
    row = make_decision(secretary, secretary.organisation)
    meeting = row.item.meeting
    for name, key in (("minutes", meeting.pk), ("extract", row.pk)):
        answer = desk.get(reverse(f"commission:{name}", args=[key, language]))
        assert answer["Content-Type"] == "application/pdf"
        (tmp_path / f"{name}.pdf").write_bytes(answer.content)
    minutes = "".join(page.extract_text() for page in PdfReader(tmp_path / "minutes.pdf").pages)
    extract = "".join(page.extract_text() for page in PdfReader(tmp_path / "extract.pdf").pages)
    assert title in minutes
    assert words in minutes
    assert "Light the square" in minutes
    assert "Act 7, article 3" in extract


def test_a_lesson_from_review_to_ruling(desk, secretary):
    worker = make_user(Role.INSPECTOR)
    addressed = sign_in(Client(), worker)
    begin = {"about": "exercise", "title": "Market drill", "happened_on": "2026-01-10",
             "expected": "All leave", "happened": "A gate was locked"}  # fmt: skip
    send(desk, "review_new", begin)
    review = Review.objects.get()
    cause = {"c-question": "Why?", "c-finding": "Locked", "c-cause": "No key on site"}
    send(desk, "cause_add", cause, review.pk)
    due = (timezone.localdate() + timedelta(days=30)).isoformat()
    issue = {"r-text": "Keep the key at the gate", "r-addressee": worker.organisation_id,
             "r-due_on": due}  # fmt: skip
    send(desk, "recommend", issue, review.pk)
    send(desk, "review_close", {}, review.pk)
    row = Recommendation.objects.get()
    page = text_of(desk, "recommendation", row.pk)
    assert "closed_acceptable" not in page
    send(addressed, "respond", {"a-text": "The key hangs there"}, row.pk)
    send(desk, "rule", {"r-state": "closed_acceptable", "r-reason": "Seen"}, row.pk)
    row.refresh_from_db()
    assert row.state == Recommendation.State.CLOSED
    history = desk.get(reverse("commission:recommendation", args=[row.pk])).content.decode()
    steps = re.findall(r"</time>([^<]*)<", history)
    assert steps
    assert all(step.strip() for step in steps), "each step says what it is"
    assert "The key hangs there" in history
    found = desk.get(reverse("commission:lessons"), {"q": "key gate"}).content.decode()
    assert row.reference in found
    nothing = desk.get(reverse("commission:lessons"), {"q": "volcano"}).content.decode()
    assert row.reference not in nothing


@pytest.mark.parametrize("missing", ["meeting", "decision", "commission", "review",
                                     "recommendation"])  # fmt: skip
def test_what_is_not_there_is_said(desk, missing):
    assert desk.get(reverse(f"commission:{missing}", args=[987654])).status_code == 404


def fill(secretary, count):
    worker = make_user(Role.DUTY_OFFICER)
    for number in range(count):
        commission = make_commission(secretary)
        titles = [f"Item {number}", f"Other {number}"]
        meeting = make_meeting(secretary, commission, *titles)
        for item in meeting.agenda.all():
            row = make_decision(secretary, worker.organisation, item=item, now=timezone.now())
            decisions.show_evidence(actor=worker, decision=row, text="Done", now=timezone.now())
        review = make_review(secretary, f"Review {number}")
        lessons.add_cause(actor=secretary, review=review, question="Why?", finding="x", cause="y",
                          went_well=False, now=timezone.now())  # fmt: skip
        lessons.recommend(actor=secretary, review=review, text="Do it",
                          addressee=worker.organisation,
                          due_on=timezone.localdate(), now=timezone.now())  # fmt: skip


def address_of(name):
    first = {"commission": Commission, "meeting": Meeting, "decision": Decision,
             "review": Review, "recommendation": Recommendation}  # fmt: skip
    kind = first.get(name.partition(":")[2])
    return reverse(name, args=[kind.objects.order_by("pk").first().pk] if kind else [])


TABLE = [
    f"commission:{name}"
    for name in ("overview", "commission", "meeting", "decisions", "decision", "lessons", "review",
                 "recommendation")
]  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_a_page_keeps_its_budget(desk, secretary, name):
    counts = []
    fill(secretary, 1)
    desk.get(address_of(name))
    for more in (0, 3):
        fill(secretary, more)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(address_of(name)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGETS[name]
