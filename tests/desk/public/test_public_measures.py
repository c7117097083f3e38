"""How long answers take, for everyone: small groups are hidden."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.support.factories import NOW
from tests.support.rumours_factories import ACTOR, store_claim

from qalqan.desk.rumours.models import Claim, MeasureEdition
from qalqan.desk.rumours.selectors import measured
from qalqan.desk.rumours.services import measuring

pytestmark = pytest.mark.django_db


def fill(count, language):
    things = ("су", "нан", "мектеп", "жол", "көпір", "базар", "пойыз", "автобус", "жарық", "газ")
    for n in range(count):
        text = " ".join(f"{thing}{language[:2]}{n}" for thing in things)
        store_claim(text, 2, until=NOW - timedelta(hours=n), language=language, channel=f"C {n}")


def groups(content, name):
    return {group["key"]: group.get("is_hidden", False) for group in content["by"][name]}


def test_small_groups_are_hidden_and_cannot_be_subtracted():
    fill(14, "ru")
    fill(11, "kk-Cyrl")
    fill(3, "en")
    measuring.measure(actor=ACTOR, now=NOW)
    content, _when = measured.public_measures()
    assert groups(content, "language") == {"ru": False, "kk-Cyrl": True, "en": True}
    full = MeasureEdition.objects.get().content
    counts = {group["key"]: group["count"] for group in full["by"]["language"]}
    assert counts == {"ru": 14, "kk-Cyrl": 11, "en": 3}
    assert not any(groups(full, "language").values())


def test_the_sum_of_what_is_hidden_is_not_small_either():
    fill(14, "ru")
    fill(2, "kk-Cyrl")
    fill(3, "en")
    measuring.measure(actor=ACTOR, now=NOW)
    content, _when = measured.public_measures()
    assert groups(content, "language") == {"ru": True, "kk-Cyrl": True, "en": True}


def test_few_claims_are_not_shown_at_all(client):
    fill(4, "ru")
    measuring.measure(actor=ACTOR, now=NOW)
    assert measured.public_measures() is None
    page = client.get(reverse("public:measures", args=["en"])).content.decode()
    assert "Too few claims to show" in page


def test_everyone_reads_it_in_the_language_of_the_address(client):
    fill(12, "ru")
    measuring.measure(actor=ACTOR, now=NOW)
    page = client.get(reverse("public:measures", args=["kk"]))
    assert page["Content-Language"] == "kk"
    assert "public" in page["Cache-Control"]
    assert page.context["said"]["all"]["count"] == 12
    assert client.get(reverse("public:measures_any")).status_code == 302


def test_only_the_newest_editions_are_kept():
    for n in range(measuring.KEPT_EDITIONS + 3):
        measuring.measure(actor=ACTOR, now=NOW + timedelta(hours=n))
    assert MeasureEdition.objects.count() == measuring.KEPT_EDITIONS
    assert not Claim.objects.exists()
