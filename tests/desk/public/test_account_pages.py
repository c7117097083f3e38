"""Accounts, the commission, money, corrections and data as everyone reads them."""

import copy
import csv
import gzip
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from jsonschema import Draft202012Validator, FormatChecker
from tests.support.account_factories import TEXTS, make_account, make_published_account, noted
from tests.support.commission_factories import (
    make_commission,
    make_meeting,
    make_review,
    make_secretary,
)
from tests.support.factories import NOW, make_user, sign_in

from qalqan.desk.commission.services import accounts, lessons, openings, table
from qalqan.desk.public import corrections
from qalqan.desk.public.datasets import DATA_SETS

pytestmark = pytest.mark.django_db
LANGUAGES = ("kk", "ru", "en")


def page(client, name, *args, status=200, **more):
    answer = client.get(reverse(f"public:{name}", args=args), **more)
    assert answer.status_code == status
    return answer


@pytest.fixture
def people(db):
    return make_user("analyst"), make_secretary()


@pytest.fixture
def told(people):
    """An account of which the second version stands."""
    writer, second = people
    row = make_published_account(writer, second, harm={("officers", "injured"): 6})
    texts = noted("was wrong")
    texts["kk"]["happened"] = "Шығу он екі минутқа созылды."
    accounts.write_version(
        actor=writer, account=row, texts=texts, harm={("officers", "injured"): 6}, now=NOW
    )
    accounts.publish(actor=second, account=row, number=2, now=NOW + timedelta(hours=1))
    return row


def opened(secretary):
    held = make_meeting(secretary, make_commission(secretary), "Open item", "Secret item")
    first = held.agenda.get(title="Open item")
    said = {first.pk: {"kk": "Ашық", "ru": "Открыто", "en": "Opened"}}
    made = openings.open_meeting(actor=secretary, meeting=held, titles=said, now=NOW)
    for item in held.agenda.all():
        table.conclude_item(actor=secretary, item=item, outcome="noted", said="", now=NOW)
    table.close_meeting(actor=secretary, meeting=held, now=NOW)
    words = {first.pk: {"kk": "Қаралды", "ru": "Рассмотрено", "en": "Looked at"}}
    openings.open_outcomes(actor=secretary, opened=made, words=words, now=NOW)
    return held


def recommended(secretary, *, is_open):
    review = make_review(secretary)
    made = lessons.recommend(
        actor=secretary, review=review, text="Keep the keys at the post",
        addressee=secretary.organisation, due_on=(NOW + timedelta(days=9)).date(), now=NOW,
    )  # fmt: skip
    if is_open:
        openings.open_recommendation(
            actor=secretary, recommendation=made, now=NOW,
            texts={"kk": "Кілттер бекетте", "ru": "Ключи на посту", "en": "Keys at the post"},
        )  # fmt: skip
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_account_is_read_in_each_language_with_what_was_corrected(client, told, language):
    text = page(client, "account", language, told.number).content.decode()
    assert f'<html lang="{language}"' in text
    assert TEXTS[language]["title"] in text
    assert f"was wrong {language}" in text
    old = page(client, "account_version", language, told.number, 1).content.decode()
    assert TEXTS[language]["happened"] in old
    assert "noindex" in old
    assert "noindex" not in text


def test_the_language_switch_keeps_the_page_and_what_was_looked_for(client, told):
    text = page(client, "account_version", "kk", told.number, 1).content.decode()
    assert f'href="/public/ru/accounts/{told.number}/versions/1/"' in text
    found = client.get(reverse("public:answers", args=["kk"]), {"q": "су"}).content.decode()
    assert 'href="/public/en/answers/?q=%D1%81%D1%83"' in found


def test_the_feeds_hold_accounts_and_say_what_was_corrected(client, told):
    feed = feedparser.parse(page(client, "accounts_atom", "en").content)
    assert not feed.bozo
    assert feed.entries[0].title == TEXTS["en"]["title"]
    assert "was wrong en" in feed.entries[0].summary
    item = page(client, "accounts_json", "ru").json()["items"][0]
    assert item["_qalqan"]["version"] == 2
    assert item["url"].endswith(f"/public/ru/accounts/{told.number}/")


def test_signs_that_no_reader_shows_break_no_feed_and_hide_nothing(client, people):
    texts = copy.deepcopy(TEXTS)
    texts["kk"]["title"] = "\x01Оқу\x1b[2J \u202e2026"
    texts["kk"]["happened"] = "=1+1\x08 <script>alert(1)</script>"
    row = make_account(people[0], texts=texts)
    accounts.publish(actor=people[1], account=row, number=1, now=NOW)
    feed = feedparser.parse(page(client, "accounts_atom", "kk").content)
    assert not feed.bozo
    assert feed.entries[0].title == "Оқу[2J 2026"
    text = page(client, "account", "kk", row.number).content.decode()
    assert "<script>alert" not in text
    table = page(client, "data_file", "kk", "accounts", "csv").content.decode()
    assert "'=1+1" in table


def test_only_opened_items_and_their_published_outcomes_are_shown(client, people):
    opened(people[1])
    text = page(client, "meetings", "en").content.decode()
    assert "Opened" in text
    assert "Looked at" in text
    assert "Secret item" not in text
    assert "Open item" not in text


def test_a_meeting_that_nobody_opened_is_not_there(client, people):
    make_meeting(people[1], make_commission(people[1]), "Secret item")
    text = page(client, "meetings", "en").content.decode()
    assert "Secret item" not in text
    assert "Province commission" not in text


def test_a_recommendation_is_followed_without_the_words_of_the_desk(client, people):
    made = recommended(people[1], is_open=True)
    lessons.respond(actor=people[1], recommendation=made, text="Inner words", now=NOW)
    lessons.rule(
        actor=people[1], recommendation=made, state="closed_acceptable", reason="Inner reason",
        now=NOW,
    )  # fmt: skip
    text = page(client, "recommendations", "en").content.decode()
    assert "Keys at the post" in text
    assert "Closed: acceptable action" in text
    assert "Inner" not in text
    assert "Keep the keys" not in text


def test_what_was_withdrawn_stays_named_with_its_reason(client, people):
    made = recommended(people[1], is_open=True)
    why = {"kk": "Қате", "ru": "Ошибка", "en": "It was an error"}
    openings.withdraw_opening(actor=people[1], opened=made.opened, reasons=why, now=NOW)
    text = page(client, "recommendations", "en").content.decode()
    assert "It was an error" in text
    assert "Keys at the post" not in text
    assert "It was an error" in page(client, "corrections", "en").content.decode()


def test_corrections_tell_what_was_said_before_and_after(client, told):
    text = page(client, "corrections", "kk").content.decode()
    assert "was wrong kk" in text
    assert TEXTS["kk"]["happened"][:60] in text
    assert "Шығу он екі минутқа созылды." in text


def test_many_corrections_stand_on_pages(client, told, people, monkeypatch):
    why = dict.fromkeys(LANGUAGES, "Said too early")
    accounts.withdraw(actor=people[1], account=told, reasons=why, hides_text=False, now=NOW)
    monkeypatch.setattr(corrections, "PAGE", 1)
    seen = [page(client, "corrections", "en", data={"page": n}).content.decode() for n in (1, 2)]
    assert [text.count('<article class="card">') for text in seen] == [1, 1]
    assert sorted("Said too early" in text for text in seen) == [False, True]


@pytest.mark.parametrize("code", sorted(DATA_SETS))
def test_each_data_set_fits_its_schema_and_its_table(client, told, people, code):
    opened(people[1])
    recommended(people[1], is_open=True)
    for language in LANGUAGES:
        schema = page(client, "data_file", language, code, "schema.json").json()
        Draft202012Validator.check_schema(schema)
        data = page(client, "data_file", language, code, "json").json()
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(data)
        assert data["licence"] == "CC-BY-4.0"
        assert data["doubt"]
        answer = page(client, "data_file", language, code, "csv")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
        assert len(rows) == len(data["rows"])
        assert 'rel="license"' in answer["Link"]
        assert data["$schema"].endswith(f"/public/{language}/data/{code}.schema.json")


def test_the_list_names_each_data_set_and_feed(client):
    text = page(client, "data", "ru").content.decode()
    for code in DATA_SETS:
        for form in ("csv", "json", "schema.json"):
            assert f"/public/ru/data/{code}.{form}" in text
    assert text.count("feed.atom") == 3


def test_a_table_never_runs_as_a_formula():
    from qalqan.desk.public.data import _cell

    assert _cell("=1+1") == "'=1+1"
    assert _cell(-3) == -3
    assert (_cell(None), _cell(True)) == ("", "true")


def test_a_page_that_has_not_changed_is_not_sent_twice(client, told):
    for name, args in (("account", ["kk", told.number]), ("data_file", ["kk", "harm", "csv"])):
        first = page(client, name, *args)
        assert first["Cache-Control"] == "public, max-age=60"
        again = page(client, name, *args, status=304, headers={"If-None-Match": first["ETag"]})
        assert again.content == b""
        assert not first.cookies


def test_what_staff_see_is_kept_by_no_cache(client, told):
    client = sign_in(client, make_user())
    answer = page(client, "account", "kk", told.number)
    assert "ETag" not in answer
    assert "public" not in answer.get("Cache-Control", "")


def test_the_start_page_has_what_is_looked_for_first_in_this_order(client, told):
    text = page(client, "start_in", "en").content.decode()
    order = ["No warning holds now", "Is it true? Search the answers", "Write to the hotline",
             "What became of my report?", TEXTS["en"]["title"]]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "<script" not in text


def test_addresses_without_a_language_lead_on_with_what_is_looked_for(client):
    answer = client.get("/public/accounts/7/?x=1", headers={"Accept-Language": "ru"})
    assert answer.url == "/public/ru/accounts/7/?x=1"


def everything(client, path):
    return [
        getattr(client, method)(path.format(language=language))
        for language in LANGUAGES
        for method in ("get", "head")
    ]


def plain(answer):
    """Return page and headers without what is drawn anew, and without the address asked for."""
    page = re.sub(r'nonce="[^"]*"|name="(csrfmiddlewaretoken|next)" value="[^"]*"', "",
                  answer.content.decode())  # fmt: skip
    left = ("Set-Cookie", "Content-Length")
    heads = {k: re.sub(r"'nonce-[^']*'", "", v) for k, v in answer.items() if k not in left}
    return page, heads


def test_nothing_unpublished_is_found_by_guessing(client, people):
    writer, second = people
    draft = make_account(writer)
    row = make_published_account(writer, second)
    accounts.write_version(actor=writer, account=row, texts=noted("x"), harm={}, now=NOW)
    hidden = make_published_account(writer, second)
    why = dict.fromkeys(LANGUAGES, "Harmful words")
    accounts.withdraw(actor=second, account=hidden, reasons=why, hides_text=True, now=NOW)
    addresses = [
        f"/public/{{language}}/accounts/{draft.number}/",
        f"/public/{{language}}/accounts/{draft.number}/versions/1/",
        f"/public/{{language}}/accounts/{row.number}/versions/2/",
        f"/public/{{language}}/accounts/{hidden.number}/versions/1/",
        "/public/{language}/data/drafts.json", "/public/{language}/data/accounts.xml",
    ]  # fmt: skip
    for path in addresses:
        nothing = everything(client, "/public/{language}/accounts/999999/")
        for got, none in zip(everything(client, path), nothing, strict=True):
            assert (got.status_code, none.status_code) == (404, 404)
            if path.startswith("/public/{language}/accounts/"):
                assert plain(got) == plain(none)
    for number in (draft.number, 999999):
        led = client.get(f"/public/accounts/{number}/")
        assert led.url == f"/public/kk/accounts/{number}/"


def test_drafts_change_no_page_feed_count_or_download(client, people):
    writer, second = people
    row = make_published_account(writer, second, harm={("officers", "injured"): 6})
    opened(second)
    paths = [reverse(f"public:{name}", args=["kk"]) for name in (
        "start_in", "accounts", "accounts_atom", "accounts_json", "meetings", "recommendations",
        "figures", "money", "corrections", "data",
    )]  # fmt: skip
    paths += [reverse("public:data_file", args=["kk", code, "json"]) for code in DATA_SETS]
    before = [client.get(path).content for path in paths]
    make_account(writer, harm={("officers", "killed"): 50})
    accounts.write_version(
        actor=writer, account=row, texts=noted("draft"), harm={("officers", "killed"): 50}, now=NOW
    )
    make_meeting(second, make_commission(second), "Secret item")
    recommended(second, is_open=False)
    for path, old in zip(paths, before, strict=True):
        new = client.get(path).content
        assert new == old, path
        assert b"draft kk" not in new


def test_a_page_with_all_it_loads_weighs_less_than_sixty_kilobytes(client, told, people):
    opened(people[1])
    recommended(people[1], is_open=True)
    style = len(Path(finders.find("ui/qalqan.css")).read_bytes())
    style += len(Path(finders.find("ui/icon.svg")).read_bytes())
    weights = {}
    for name in ("start_in", "answers", "accounts", "meetings", "recommendations", "figures",
                 "money", "corrections", "data", "inspections", "reach", "agenda"):  # fmt: skip
        text = page(client, name, "kk").content.decode()
        assert "<script" not in text
        weights[name] = style + len(text.encode())
    weights["account"] = style + len(page(client, "account", "kk", told.number).content)
    assert max(weights.values()) < 60_000, weights


def test_what_is_sent_is_compressed_where_the_reader_takes_it(client, told):
    address = reverse("public:account", args=["kk", told.number])
    plain_page = client.get(address)
    small = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert gzip.decompress(small.content) == plain_page.content
    assert len(small.content) < len(plain_page.content) / 2
    assert small["ETag"] == f"W/{plain_page['ETag']}"
    assert "Accept-Encoding" in plain_page["Vary"]
    refused = client.get(address, headers={"Accept-Encoding": "br, gzip;q=0"})
    assert refused.content == plain_page.content
    again = client.get(address, headers={"If-None-Match": small["ETag"]})
    assert again.status_code == 304


def test_json_of_withdrawn_accounts_has_no_words(client, people):
    row = make_published_account(*people)
    why = dict.fromkeys(LANGUAGES, "Withdrawn for a reason")
    accounts.withdraw(actor=people[1], account=row, reasons=why, hides_text=False, now=NOW)
    data = page(client, "data_file", "en", "accounts", "json").json()
    assert data["rows"][0]["happened"] == ""
    assert TEXTS["en"]["happened"] not in json.dumps(
        page(client, "accounts_json", "en").json(), ensure_ascii=False
    )
