"""What everyone may read: pages, feeds, look-up; in three languages, without a trace."""

import json
import re

import feedparser
import pytest
from django.urls import reverse
from tests.support.answer_factories import RUMOUR, WORDING, later, make_claim, make_published
from tests.support.factories import NOW, make_user, sign_in
from tests.support.rumours_factories import ACTOR, new_message, store

from qalqan.desk.platform.policies import PUBLIC
from qalqan.desk.public import limits
from qalqan.desk.rumours import selectors, services
from qalqan.desk.rumours.models import Answer, Claim, Message, TipReference
from qalqan.desk.rumours.services import Wording
from qalqan.desk.rumours.services.merging import merge_claims

pytestmark = pytest.mark.django_db
LANGUAGES = ("kk", "ru", "en")


def page(client, name, *args, status=200, **query):
    answer = client.get(reverse(f"public:{name}", args=args), query)
    assert answer.status_code == status
    return answer


def correct(answer, now):
    wording = {c: Wording(w.headline, w.text, f"note {c}") for c, w in WORDING.items()}
    version = services.write_answer(
        actor=make_user("press_officer"), claim=answer.claim, wording=wording, now=now
    )
    services.publish_answer(actor=make_user(), answer=answer, number=version.number, now=now)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_read_in_its_language_facts_first(client, language):
    answer = make_published()
    got = page(client, "answer", language, answer.pk)
    text = got.content.decode()
    assert f'<html lang="{language}"' in text
    assert text.index(WORDING[language].headline) < text.index(RUMOUR)
    assert "Samples of five taps meet the norm." in text
    assert "https://water.example.kz/report" in text
    assert got["Content-Language"] == language


def test_nothing_is_remembered_of_a_reader(client):
    answer = make_published()
    for name, more in (("answers", []), ("answer", [answer.pk]), ("atom", []), ("json_feed", [])):
        got = page(client, name, "kk", *more)
        assert not got.cookies
        assert got["Cache-Control"] == "public, max-age=60"


def test_staff_are_told_no_cache_keeps_their_pages(client):
    make_published()
    client = sign_in(client, make_user())
    assert "public" not in page(client, "answers", "kk").get("Cache-Control", "")


def test_what_is_not_published_is_nowhere(client):
    answer = make_published()
    Answer.objects.update(published_at=None, state="waiting")
    page(client, "answer", "kk", answer.pk, status=404)
    assert page(client, "answers", "kk").context["rows"] == []
    assert page(client, "json_feed", "kk").json()["items"] == []


def test_the_list_is_searched(client):
    answer = make_published()
    for query, found in (("сынаманы", [answer.pk]), ("мектеп", []), ("Крана", [answer.pk])):
        rows = page(client, "answers", "en", q=query).context["rows"]
        assert [row.number for row in rows] == found


def test_a_true_rumour_is_confirmed(client):
    answer = make_published(value="true")
    text = page(client, "answer", "en", answer.pk).content.decode()
    assert "Confirmed: this is true" in text
    assert "not true" not in text


def test_a_correction_and_a_withdrawal_are_seen(client):
    answer = make_published()
    correct(answer, later(hours=1))
    text = page(client, "answer", "ru", answer.pk).content.decode()
    assert text.count("note ru") == 2
    services.withdraw_answer(actor=make_user(), answer=answer, why="wrong", now=later(hours=2))
    text = page(client, "answer", "en", answer.pk).content.decode()
    assert "This answer was withdrawn. Do not pass it on." in text
    assert "ld+json" not in text
    item = page(client, "json_feed", "en").json()["items"][0]
    assert item["title"].startswith("Withdrawn: ")
    assert WORDING["en"].text not in item["content_text"]


RATINGS = [("true", 5), ("misleading", 3), ("false", 1)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("value", "rating"), RATINGS)
def test_claim_review_bears_what_schema_org_asks_for(client, language, value, rating):
    answer = make_published(value=value)
    text = page(client, "answer", language, answer.pk).content.decode()
    review = json.loads(re.search(r'ld\+json"[^>]*>(.*?)</script>', text, re.S).group(1))
    assert (review["@context"], review["@type"]) == ("https://schema.org", "ClaimReview")
    assert (review["claimReviewed"], review["inLanguage"]) == (RUMOUR, language)
    assert review["itemReviewed"]["@type"] == "Claim"
    assert review["author"]["@type"] == "Organization"
    assert review["datePublished"] == NOW.isoformat()
    assert review["url"].endswith(reverse("public:answer", args=[language, answer.pk]))
    stars = review["reviewRating"]
    assert (stars["ratingValue"], stars["worstRating"], stars["bestRating"]) == (rating, 1, 5)
    assert stars["alternateName"]


def test_the_names_of_ratings_differ_by_language():
    answer = make_published()
    names = {selectors.answer_of(answer.pk, code).wording for code in LANGUAGES}
    assert len(names) == 3


def test_a_rumour_cannot_break_out_of_its_script(client):
    evil = "</script><script>alert(1)</script> су уланған деп айтып жатыр ғой"
    answer = make_published(make_claim(evil))
    text = page(client, "answer", "kk", answer.pk).content.decode()
    assert "<script>alert" not in text
    review = json.loads(re.search(r'ld\+json"[^>]*>(.*?)</script>', text, re.S).group(1))
    assert review["claimReviewed"] == evil


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_atom_feed_is_read_by_feed_readers(client, language):
    answer = make_published()
    feed = feedparser.parse(page(client, "atom", language).content)
    assert not feed.bozo
    assert feed.version == "atom10"
    entry = feed.entries[0]
    assert entry.title == WORDING[language].headline
    assert entry.link.endswith(f"/public/{language}/answers/{answer.pk}/")
    assert entry.updated_parsed[:5] == NOW.timetuple()[:5]
    assert WORDING[language].text in entry.summary


def test_the_json_feed_holds_the_required_keys(client):
    make_published()
    feed = page(client, "json_feed", "kk").json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["items"][0]["id"] == feed["items"][0]["url"]
    assert feed["items"][0]["_qalqan"]["verdict"] == "false"
    assert feed["items"][0]["_qalqan"]["claim_review"]["@type"] == "ClaimReview"


def test_a_feed_that_did_not_change_is_not_sent_again(client):
    answer = make_published()
    first = page(client, "atom", "kk")
    same = client.get(reverse("public:atom", args=["kk"]), headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    correct(answer, later(hours=1))
    after = client.get(
        reverse("public:atom", args=["kk"]), headers={"If-None-Match": first["ETag"]}
    )
    assert after.status_code == 200


def look_up(client, number):
    limits.LOOK_UP.forget()
    return client.post(reverse("public:reference", args=["en"]), {"number": number})


def test_a_report_is_followed_by_its_number(client):
    message = new_message(RUMOUR, kind="hotline", language="kk-Cyrl", number="tip")
    number = services.give_reference(actor=PUBLIC, content_id=message.content_id, now=NOW)
    assert re.fullmatch(r"([A-Z2-9]{4}-){3}[A-Z2-9]{4}", number)
    assert number.replace("-", "") not in str(list(TipReference.objects.values()))
    assert look_up(client, number).context["found"].stage == "waiting"
    store([message])
    assert look_up(client, number).context["found"].stage == "received"
    claim = make_claim()
    answer = make_published(claim)
    got = look_up(client, number.lower().replace("-", " "))
    assert got.context["answer"].number == answer.pk
    assert got["Cache-Control"] == "no-store"


def test_a_report_that_is_being_checked(client):
    message = new_message(RUMOUR, kind="hotline", language="kk-Cyrl", number="tip")
    number = services.give_reference(actor=PUBLIC, content_id=message.content_id, now=NOW)
    store([message])
    make_claim()
    Claim.objects.update(state="checking")
    assert look_up(client, number).context["found"].stage == "checking"


def test_numbers_are_not_guessed(client):
    assert look_up(client, "AAAA-AAAA-AAAA-AAAA").context["found"] is None
    for _try in range(limits.LOOK_UP.most):
        client.post(reverse("public:reference", args=["en"]), {"number": "AAAA"})
    refused = client.post(reverse("public:reference", args=["en"]), {"number": "AAAA"})
    assert refused.status_code == 429
    limits.LOOK_UP.forget()


def test_old_numbers_are_forgotten():
    services.give_reference(actor=PUBLIC, content_id=b"x" * 16, now=NOW)
    assert services.forget_references(actor=ACTOR, now=later(days=364)) == 0
    assert services.forget_references(actor=ACTOR, now=later(days=366)) == 1


def test_the_mail_page_says_the_same_to_everyone(client, settings):
    address = reverse("public:mail", args=["ru"])
    assert client.get(address).status_code == 404
    settings.QALQAN_MAIL_LIST = True
    limits.SUBSCRIBE.forget()
    first = client.post(address, {"address": "reader@example.kz"})
    again = client.post(address, {"address": "reader@example.kz"})
    assert (first.status_code, first.content) == (200, again.content)
    assert client.post(address, {"address": "nobody"}).status_code == 422
    for _try in range(limits.SUBSCRIBE.most):
        last = client.post(address, {"address": "reader@example.kz"})
    assert last.status_code == 429
    limits.SUBSCRIBE.forget()


def test_links_in_mails_ask_before_they_act(client, settings):
    settings.QALQAN_MAIL_LIST = True
    for name, done in (("mail_confirm", 410), ("mail_leave", 410)):
        address = reverse(f"public:{name}", args=["kk", "wrong"])
        assert client.get(address).status_code == 200
        assert client.post(address).status_code == done


def test_the_way_without_a_language_leads_to_the_readers_own(client):
    got = client.get(reverse("public:answers_any"), headers={"Accept-Language": "ru"})
    assert (got.status_code, got["Location"]) == (302, reverse("public:answers", args=["ru"]))


def test_what_somebody_wrote_to_the_hotline_is_quoted_nowhere(client):
    store([new_message(RUMOUR, kind="hotline", number="1", language="kk-Cyrl")])
    answer = make_published(make_claim())
    assert (answer.claim.leader_text, answer.claim.tips) == (RUMOUR, 1)
    for name, more in (("answer", [answer.pk]), ("answers", []), ("json_feed", []), ("atom", [])):
        text = page(client, name, "kk", *more).content.decode()
        assert WORDING["kk"].headline in text
        assert "уланған" not in text
        assert "ClaimReview" not in text
    assert page(client, "answers", "kk", q="уланған").context["rows"] == []
    told = selectors.payload(answer.publications.get())
    assert "уланған" not in json.dumps(told, ensure_ascii=False)


def test_the_number_of_a_report_finds_the_answer_after_a_merge(client):
    answer = make_published()
    message = Message.objects.order_by("pk").first()
    number = services.give_reference(actor=PUBLIC, content_id=bytes(message.content_id), now=NOW)
    other = make_claim("В городе закрыли все школы до конца месяца, говорят соседи")
    merge_claims(actor=make_user(), source=answer.claim, target=other, now=NOW)
    assert selectors.tip_status(services.digest_of(number)).answer == answer.pk
