"""Pages of claims and messages: what they show, to whom, with how many queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.support.factories import NOW, make_user, sign_in
from tests.support.rumours_factories import new_message, store, store_claim

from qalqan.desk.platform.policies import Role
from qalqan.desk.rumours.models import Claim, Message

pytestmark = pytest.mark.django_db
WATER = "Завтра в городе отключат воду на три дня, запасайтесь скорее все"
SCHOOL = "Ертең барлық мектептер жабылады екен, балаларды үйде қалдырыңыздар дейді"


@pytest.fixture
def desk(client):
    store_claim(WATER, 12)
    store_claim(SCHOOL, 5, until=NOW - timedelta(days=5), language="kk-Cyrl", channel="Арна")
    store([new_message("Сказано один раз и больше никем никогда не повторено вовсе", number="x")])
    return sign_in(client, make_user(Role.DUTY_OFFICER))


def claim_of(text):
    return Claim.objects.get(leader_text=text)


def test_the_list_begins_with_what_grows(desk):
    page = desk.get(reverse("rumours:claims")).content.decode()
    assert WATER[:40] in page
    assert SCHOOL[:40] not in page


def test_the_list_by_copies_shows_all_claims_but_not_what_was_said_once(desk):
    page = desk.get(reverse("rumours:claims"), {"sort": "copies"}).content.decode()
    assert page.index(WATER[:40]) < page.index(SCHOOL[:40])
    assert "Сказано один раз" not in page


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ({"q": "мектептерде"}, [SCHOOL]),
        ({"q": "школ"}, []),
        ({"q": "водой"}, []),
        ({"q": "вод"}, [WATER]),
        ({"language": "kk-Cyrl"}, [SCHOOL]),
        ({"state": "closed"}, []),
        ({"answered": "no"}, [WATER, SCHOOL]),
        ({"answered": "yes"}, []),
    ],
)
def test_filters_narrow_the_list(desk, filters, shown):
    page = desk.get(reverse("rumours:claims"), {"sort": "copies", **filters}).content.decode()
    assert [text for text in (WATER, SCHOOL) if text[:40] in page] == shown


def test_a_claim_shows_its_copies_page_by_page(desk):
    store_claim(WATER, 40, channel="Other")
    claim = claim_of(WATER)
    url = reverse("rumours:claim", args=[claim.pk])
    first = desk.get(url)
    assert len(first.context["messages_sample"]) == 25
    second = desk.get(url + first.context["next"])
    keys = {m.pk for m in first.context["messages_sample"]}
    keys |= {m.pk for m in second.context["messages_sample"]}
    assert len(keys) == 50
    assert first.context["recent"] == claim.copies == 52


def test_the_secretary_sees_claims_but_no_messages(client, desk):
    client = sign_in(client, make_user(Role.SECRETARY))
    assert client.get(reverse("rumours:messages")).status_code == 403
    page = client.get(reverse("rumours:claim", args=[claim_of(WATER).pk]))
    assert page.context["messages_sample"] == []
    assert client.get(reverse("rumours:export")).status_code == 403


def test_the_export_holds_what_the_list_holds(desk):
    answer = desk.get(reverse("rumours:export"), {"sort": "copies", "language": "kk-Cyrl"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert SCHOOL in lines[1]


def test_messages_are_found_by_words_with_other_endings(desk):
    store([new_message("Ақтөбеден келдік", at=NOW - timedelta(hours=1))])
    page = desk.get(reverse("rumours:messages"), {"q": "Актобеде"}).content.decode()
    assert "Ақтөбеден келдік" in page


def test_a_message_said_once_can_be_made_a_claim(desk):
    message = Message.objects.get(text__startswith="Сказано один раз")
    desk.post(reverse("rumours:open", args=[message.pk]))
    claim = Claim.objects.get(pk=message.claim_number)
    assert (claim.copies, claim.leader_text) == (1, message.text)
    store([new_message(message.text, number="y")])
    claim.refresh_from_db()
    assert claim.copies == 2


@pytest.mark.parametrize("before", ["1-1", "x", "99999999999999999999-1", "-", "5-x"])
def test_a_wrong_place_in_the_list_is_no_error(desk, before):
    assert desk.get(reverse("rumours:messages"), {"before": before}).status_code == 200
