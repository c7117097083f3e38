"""Evaluations: the right method, an interval with each claim, and "no gain" kept as a result."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.factories import NOW, make_organisation, make_user, sign_in

from qalqan.desk.outreach.models import Evaluation
from qalqan.desk.outreach.selectors import evaluations as selectors
from qalqan.desk.outreach.services.evaluating import Asked, evaluate
from qalqan.desk.platform.policies import Role
from qalqan.errors import InputError, RefusedError

pytestmark = pytest.mark.django_db

DISTRICTS = [
    ["A", 1.0, 3.0, True], ["B", 1.1, 3.2, True], ["C", 0.9, 2.8, True], ["D", 1.0, 3.1, True],
    ["E", 1.0, 1.1, False], ["F", 1.2, 1.1, False], ["G", 0.8, 1.0, False], ["H", 1.1, 1.2, False],
]  # fmt: skip


def judged(design, **numbers):
    worker = make_user(Role.GROUP_WORKER)
    return evaluate(actor=worker, asked=Asked(design, "Do you know whom to ask?", numbers), now=NOW)


@pytest.mark.parametrize(
    ("design", "numbers", "method", "verdict"),
    [
        ("paired_share", {"both": 20, "gained": 15, "lost": 2, "neither": 10}, "tango", "gain"),
        ("paired_share", {"both": 20, "gained": 3, "lost": 2, "neither": 10}, "tango", "no_gain"),
        ("paired_share", {"both": 1, "gained": 2, "lost": 0, "neither": 1}, "tango", "too_few"),
        ("groups_share", {"before_yes": 48, "before_all": 80, "after_yes": 56, "after_all": 70},
         "newcombe", "gain"),
        ("groups_share", {"before_yes": 56, "before_all": 70, "after_yes": 48, "after_all": 80},
         "newcombe", "loss"),
        ("paired_mean", {"before": [1, 2, 3, 2, 1], "after": [2, 3, 4, 3, 2.5]}, "paired_t",
         "gain"),
        ("groups_mean", {"before": [1, 5, 3, 2, 4], "after": [2, 5, 4, 3, 2]}, "welch", "no_gain"),
        ("districts", {"districts": DISTRICTS}, "districts", "gain"),
        ("districts", {"districts": DISTRICTS[2:6]}, "districts", "too_few"),
    ],
)  # fmt: skip
def test_each_design_has_its_method(design, numbers, method, verdict):
    row = judged(design, **numbers)
    assert (row.result["method"], row.verdict) == (method, verdict)
    if verdict != "too_few":
        assert row.result["low"] <= row.result["value"] <= row.result["high"]


def test_newcombes_example_is_stored_with_its_numbers():
    row = judged("groups_share", before_yes=48, before_all=80, after_yes=56, after_all=70)
    row.refresh_from_db()
    assert [round(row.result[key], 4) for key in ("value", "low", "high")] == [0.2, 0.0524, 0.3339]
    assert row.numbers == {"before_yes": 48, "before_all": 80, "after_yes": 56, "after_all": 70}


@pytest.mark.parametrize(
    ("design", "numbers", "field"),
    [
        ("magic", {}, "design"),
        ("paired_share", {"both": 0, "gained": 0, "lost": 0, "neither": 0}, "both"),
        ("paired_share", {"both": -1, "gained": 0, "lost": 0, "neither": 0}, "both"),
        ("paired_share", {"both": 1}, "gained"),
        ("groups_share", {"before_yes": 9, "before_all": 8, "after_yes": 1, "after_all": 2},
         "before_yes"),
        ("paired_mean", {"before": [1, 2], "after": [1]}, "after"),
        ("paired_mean", {"before": [1, float("nan")], "after": [1, 2]}, "before"),
        ("groups_mean", {"before": [1], "after": [1, 2]}, "before"),
        ("districts", {"districts": DISTRICTS[:4]}, "districts"),
        ("districts", {"districts": []}, "districts"),
    ],
)  # fmt: skip
def test_impossible_numbers_are_named(design, numbers, field):
    with pytest.raises(InputError) as refused:
        judged(design, **numbers)
    assert refused.value.location.field == field
    assert not Evaluation.objects.exists()


def test_bodies_see_their_own_and_the_desk_sees_all():
    row = judged("paired_share", both=20, gained=15, lost=2, neither=10)
    assert selectors.evaluation_for(make_user(Role.GROUP_WORKER), row.pk) is None
    assert selectors.evaluation_for(make_user(Role.AUDITOR), row.pk) == row
    with pytest.raises(RefusedError):
        evaluate(
            actor=make_user(Role.AUDITOR),
            asked=Asked("paired_share", "Q", {"both": 1, "gained": 1, "lost": 1, "neither": 1}),
            now=NOW,
        )


@pytest.mark.parametrize(
    ("design", "fields", "shown"),
    [
        ("paired_share", {"both": 20, "gained": 3, "lost": 2, "neither": 10}, "no gain is shown"),
        ("groups_share", {"before_yes": 48, "before_all": 80, "after_yes": 56, "after_all": 70},
         "Newcombe"),
        ("paired_mean", {"before": "1 2 3 2,5", "after": "1\n2\n3\n4"}, "fewer than five"),
        ("groups_mean", {"before": "1 2 3 4 5", "after": "1;2;3;4;9"}, "Welch"),
        ("districts", {"districts": "A; 1; 2; yes\nB; 1; 1; no"}, "Too few districts"),
    ],
)  # fmt: skip
def test_pages(design, fields, shown):
    client = sign_in(Client(), make_user(Role.GROUP_WORKER, organisation=make_organisation()))
    address = f"{reverse('outreach:evaluation_add')}?design={design}"
    assert client.get(address).status_code == 200
    answer = client.post(address, {"question": "Do you know whom to ask?", **fields}, follow=True)
    assert shown in answer.content.decode()
    assert "Do you know" in client.get(reverse("outreach:evaluations")).content.decode()


@pytest.mark.parametrize(
    ("design", "fields", "told"),
    [
        ("paired_mean", {"before": "1 2 x", "after": "1 2 3"}, "Number 3 is no number: x"),
        ("districts", {"districts": "A; 1; 2; yes\nB; 1"}, "Line 2 must be"),
        ("districts", {"districts": "A; 1; 2; yes\nA; 1; 2; no"}, "stands here twice"),
    ],
)
def test_a_wrong_line_is_named(design, fields, told):
    client = sign_in(Client(), make_user(Role.ANALYST))
    address = f"{reverse('outreach:evaluation_add')}?design={design}"
    answer = client.post(address, {"question": "Q", **fields})
    assert answer.status_code == 422
    assert told in answer.content.decode()
