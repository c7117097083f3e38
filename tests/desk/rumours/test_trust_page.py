"""Trust beside delays: what is known by district, how it goes together, and no claim of a cause."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.factories import NOW, make_user, sign_in
from tests.support.places_factories import load_sample_places

from qalqan.cli.sample_polls import load_sample_polls_and_publish
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.rumours.models import MeasureEdition
from qalqan.desk.rumours.selectors.trust import trust_beside_delay

pytestmark = pytest.mark.django_db
DESK = SystemActor("tests")


def page():
    client = sign_in(Client(), make_user(Role.ANALYST))
    return client.get(reverse("rumours:trust")).content.decode()


def measured(groups):
    content = {
        "days": 90, "claims": sum(g["count"] for g in groups), "by": {"place": groups},
        "scopes": {},
    }  # fmt: skip
    return MeasureEdition.objects.create(computed_at=NOW, content=content)


def test_without_a_poll_or_measures_it_says_what_is_missing():
    assert "Nothing to compare yet" in page()


def test_trust_stands_beside_delays_without_a_claim_of_a_cause(tmp_path):
    load_sample_places(tmp_path)
    load_sample_polls_and_publish(NOW, 7)
    keys = list(Place.objects.filter(kind="district").order_by("pk").values_list("pk", flat=True))
    groups = [
        {"key": str(key), "count": 20, "answered": 4 + number,
         "median": [None if number < 4 else 90.0 - number, None, None]}
        for number, key in enumerate(keys)
    ]  # fmt: skip
    groups[0]["count"] = 3
    groups.append({"key": "0", "count": 50, "answered": 1, "median": [None, None, None]})
    measured(groups)
    found = trust_beside_delay(DESK)
    assert len(found.sides) == len(keys) - 1, "three claims are too few, 0 is no district"
    assert found.with_delay.areas == found.with_answered.areas == len(keys) - 1
    assert found.with_answered.low < found.with_answered.rho < found.with_answered.high
    text = page()
    assert "This shows no cause." in text
    assert "over 12 districts" in text
    assert "not reached" in text


def test_few_districts_give_no_correlation(tmp_path):
    load_sample_places(tmp_path)
    load_sample_polls_and_publish(NOW, 7)
    keys = Place.objects.filter(kind="district").order_by("pk").values_list("pk", flat=True)[:4]
    measured([
        {"key": str(key), "count": 9, "answered": n, "median": [10.0 + n, None, None]}
        for n, key in enumerate(keys)
    ])  # fmt: skip
    found = trust_beside_delay(DESK)
    assert (found.with_delay, found.with_answered) == (None, None)
    assert "No correlation is told" in page()
