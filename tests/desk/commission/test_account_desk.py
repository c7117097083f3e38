"""Pages on which staff write, publish and open; and money by district."""

import pytest
from django.urls import reverse
from tests.support.account_factories import TEXTS, make_account, make_published_account
from tests.support.commission_factories import make_commission, make_meeting, make_review
from tests.support.factories import NOW, make_user, sign_in
from tests.support.protection_factories import make_equipment, make_place, make_site

from qalqan.desk.commission.models import Account
from qalqan.desk.commission.selectors import accounts, openings
from qalqan.desk.commission.selectors.money import public_money
from qalqan.desk.commission.services import lessons, money
from qalqan.desk.platform.policies import SystemActor

pytestmark = pytest.mark.django_db


def as_form(texts, **more):
    given = {
        f"{part}_{code}": text for code, parts in texts.items() for part, text in parts.items()
    }
    return {"about": "incident", "happened_on": "2026-03-01", "url": "", **given, **more}


def test_from_writing_to_publishing_on_the_pages(client):
    writer, second = make_user("press_officer"), make_user("duty_officer")
    client = sign_in(client, writer)
    answer = client.post(reverse("commission:account_new"), as_form(TEXTS, officers_injured="7"))
    row = Account.objects.get()
    assert answer.url == row.get_absolute_url()
    own = client.get(answer.url).content.decode()
    assert "Publish version" not in own
    client = sign_in(client, second)
    assert "Publish version 1" in client.get(answer.url).content.decode()
    client.post(reverse("commission:account_publish", args=[row.pk, 1]))
    assert accounts.account_of(row.number, "en").harm[0].count == 7


def test_a_name_is_refused_at_its_field_and_nothing_is_lost(client):
    client = sign_in(client, make_user("analyst"))
    wrong = as_form(TEXTS, happened_ru="Задержал Иванов Пётр Сергеевич.")
    answer = client.post(reverse("commission:account_new"), wrong)
    assert answer.status_code == 422
    assert "happened_ru" in answer.context["form"].errors
    assert TEXTS["kk"]["title"] in answer.content.decode()
    assert not Account.objects.exists()


def test_sent_back_corrected_and_withdrawn_on_the_pages(client):
    writer, second = make_user("analyst"), make_user("secretary")
    row = make_account(writer)
    client = sign_in(client, second)
    client.post(reverse("commission:account_send_back", args=[row.pk, 1]), {"reason": "The law?"})
    row.refresh_from_db()
    assert row.state == "draft"
    done = make_published_account(writer, second)
    page = client.get(reverse("commission:account_version", args=[done.pk])).content.decode()
    assert TEXTS["ru"]["happened"][:40] in page
    why = {f"reason_{code}": "Wrong" for code in ("kk", "ru", "en")}
    client.post(reverse("commission:account_withdraw", args=[done.pk]), why)
    assert accounts.account_of(done.number, "en").withdrawal == "Wrong"


def test_the_secretary_opens_a_meeting_and_later_its_outcomes(client):
    second = make_user("secretary")
    held = make_meeting(second, make_commission(second), "Open item", "Secret item")
    first = held.agenda.get(title="Open item")
    client = sign_in(client, second)
    address = reverse("commission:meeting_open", args=[held.pk])
    said = {f"item_{first.pk}_{code}": "For all" for code in ("kk", "ru", "en")}
    half = {f"item_{first.pk}_kk": "For all"}
    assert client.post(address, half).status_code == 422
    assert openings.meetings("en") == []
    assert client.post(address, said).url == held.get_absolute_url()
    assert [item.title for item in openings.meetings("en")[0].items] == ["For all"]


def test_a_recommendation_is_opened_and_withdrawn_on_the_pages(client):
    second = make_user("secretary")
    made = lessons.recommend(
        actor=second, review=make_review(second), text="Inner", addressee=second.organisation,
        due_on=NOW.date(), now=NOW,
    )  # fmt: skip
    client = sign_in(client, second)
    texts = {f"text_{code}": f"Open {code}" for code in ("kk", "ru", "en")}
    client.post(reverse("commission:recommendation_open", args=[made.pk]), texts)
    assert openings.recommendations("ru")[0].text == "Open ru"
    why = {f"reason_{code}": "Wrong" for code in ("kk", "ru", "en")}
    client.post(reverse("commission:recommendation_withdraw", args=[made.pk]), why)
    shown = openings.recommendations("ru")[0]
    assert (shown.text, shown.withdrawal) == ("", "Wrong")


def test_few_activities_stand_together_and_never_alone():
    grouped = money.grouped({1: 20, 2: 1, 3: 0, 4: 9})
    assert grouped == {1: "1", 2: "other", 3: "3", 4: "other"}


def test_a_quarter_is_published_once_and_withholds_small_counts():
    districts = [make_place(name) for name in ("Alga", "Mugalzhar", "Temir")]
    for district, kind, count in zip(districts, ("camera", "camera", "siren"), (12, 2, 9),
                                     strict=True):  # fmt: skip
        site = make_site(place=district)
        for _number in range(count):
            make_equipment(site, kind=kind)
    desk = SystemActor("tests")
    [made] = money.publish_money(actor=desk, now=NOW)
    assert made.state == "published"
    assert money.publish_money(actor=desk, now=NOW) == []
    rows = {row.code: row.devices for row in public_money().rows}
    cameras = [rows[str(district.pk)][0] for district in districts]
    assert cameras[1] is None
    assert cameras[0] in (12, None)
    assert rows[str(districts[1].pk)][1] == 0, "a nought tells of nobody"
    total = public_money().total.devices
    hidden = [count for count in cameras if count is None]
    assert len(hidden) > 1 or total[0] is None, "one alone is what the total leaves over"
