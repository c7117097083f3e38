"""Pages of notes, coverage and evaluations keep their budget, with more to show as with less."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import make_user, sign_in
from tests.support.outreach_factories import make_activity
from tests.support.places_factories import make_place

from qalqan.desk.outreach.models import Evaluation, FieldNote, OutreachDevice
from qalqan.desk.outreach.services.evaluating import Asked, evaluate
from qalqan.desk.outreach.services.notes import NoteFacts, write_note
from qalqan.desk.platform.policies import Role

pytestmark = pytest.mark.django_db
OURS = [
    "outreach:notes", "outreach:note", "outreach:note_add", "outreach:coverage", "outreach:plan",
    "outreach:evaluations", "outreach:evaluation", "outreach:phone", "outreach:phone_choices",
    "outreach:devices", "intake:heard",
]  # fmt: skip


def fill(actor, number):
    now = timezone.now()
    for _each in range(number):
        district = make_place(f"Аудан {timezone.now().timestamp()}", kind="district")
        town = make_place(f"Ауыл {timezone.now().timestamp()}", parent=district)
        for theme in ("need", "rumour"):
            facts = NoteFacts(theme, "market", town.pk, now - timedelta(hours=1), "Су жоқ", "kk")
            write_note(actor=make_user(Role.GROUP_WORKER), facts=facts, now=now)
        make_activity(place_id=town.pk)
        counts = {"both": 9, "gained": 9, "lost": 1, "neither": 9}
        evaluate(actor=actor, asked=Asked("paired_share", "Whom to ask?", counts), now=now)
        OutreachDevice.objects.create(
            device_id=district.pk.to_bytes(16, "big").hex(), user=actor, first_seen_at=now,
            last_seen_at=now,
        )  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_a_page_keeps_its_budget(name):
    actor = make_user(Role.DUTY_OFFICER)
    fill(actor, 1)
    keys = {"outreach:note": FieldNote, "outreach:evaluation": Evaluation}
    address = reverse(name, args=[keys[name].objects.first().pk] if name in keys else [])
    client = sign_in(Client(), actor)
    client.get(address)
    counts = []
    for more in (0, 3):
        fill(actor, more)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGETS[name], counts
