"""The text for reading aloud: plain sentences, words for numbers, two minutes at most."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import brief_factories as made
from tests.support.brief_rows import make_edition, make_rows
from tests.support.factories import make_user, sign_in

from qalqan.desk.brief.content import Missing
from qalqan.desk.brief.number_words import number_words
from qalqan.desk.brief.present.spoken import MOST_WORDS, plain, spoken
from qalqan.desk.platform.policies import Role

LANGUAGES = ("kk", "ru", "en")
BRIEFS = (made.brief(), made.full(), made.calm(), made.overfull())
NOT_SPEECH = re.compile(r"[^\w\s.,:;!?'’-]|_")


def read(brief, language="en", role=""):
    with translation.override(language):
        return spoken(brief, role=role)


@pytest.mark.parametrize(
    ("value", "kk", "ru", "en"),
    [
        (0, "нөл", "ноль", "zero"),
        (1, "бір", "один", "one"),
        (11, "он бір", "одиннадцать", "eleven"),
        (40, "қырық", "сорок", "forty"),
        (99, "тоқсан тоғыз", "девяносто девять", "ninety-nine"),
        (100, "жүз", "сто", "one hundred"),
        (215, "екі жүз он бес", "двести пятнадцать", "two hundred and fifteen"),
        (1000, "бір мың", "тысяча", "one thousand"),
        (1001, "бір мың бір", "тысяча один", "one thousand and one"),
        (2300, "екі мың үш жүз", "две тысячи триста", "two thousand three hundred"),
        (5000, "бес мың", "пять тысяч", "five thousand"),
        (11000, "он бір мың", "одиннадцать тысяч", "eleven thousand"),
        (21000, "жиырма бір мың", "двадцать одна тысяча", "twenty-one thousand"),
        (22000, "жиырма екі мың", "двадцать две тысячи", "twenty-two thousand"),
        (101000, "жүз бір мың", "сто одна тысяча", "one hundred and one thousand"),
    ],
)
def test_numbers_are_said_as_people_say_them(value, kk, ru, en):
    assert [number_words(value, code) for code in LANGUAGES] == [kk, ru, en]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_numbers_are_said_alike(language):
    assert len({number_words(value, language) for value in range(12_000)}) == 12_000


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("brief", BRIEFS)
@pytest.mark.parametrize("role", ["", "secretary", "inspector"])
def test_it_fits_into_two_minutes_and_holds_no_symbol(brief, language, role):
    said = read(brief, language, role)
    assert 20 < said.words <= MOST_WORDS
    assert NOT_SPEECH.findall(said.text) == []
    # The day of the month is the only figure; dates of deadlines have one, too.
    figures = re.findall(r"\d+", said.text)
    assert all(1 <= int(figure) <= 31 for figure in figures)
    assert len(re.findall(r"\d+", said.paragraphs[0])) == 1
    for paragraph in said.paragraphs:
        assert paragraph[-1] in ".!?"


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("brief", [made.full(), made.calm()])
def test_no_sentence_is_left_in_english(brief, language):
    for role in ("", "secretary", "inspector", "analyst"):
        text = re.sub(r"Kandyagash|Aktobe|autumn|news|Who had the keys", "",
                      read(brief, language, role).text)  # fmt: skip
        assert re.findall(r"[A-Za-z]{4,}", text) in ([], ["Count", "keys"])


def test_what_is_said_is_what_the_brief_holds():
    text = read(made.brief(), role="press_officer").text
    assert "The day: 20 November. The hour: eight; minutes: zero." in text
    assert "Copies in the last day: fifty-two." in text
    assert "about nine, at least four" in text
    assert "Injured: not known." in text
    assert "New incidents: one." in text


def test_a_quiet_day_says_so_and_a_broken_one_names_what_is_missing():
    assert "Nothing needs you now." in read(made.calm()).text
    broken = read(made.calm(missing=[Missing("rumours", "KeyError")])).text
    assert "goes without these parts, which could not be read: Rumours." in broken
    assert "Growing rumours" not in broken


def test_whatever_of_the_ten_fits_into_two_minutes_is_said():
    said = read(made.full())
    # The head, ten lines, the numbers, the end.
    assert len(said.paragraphs) == 1 + 10 + 1 + 1
    assert "Panic signals without an answer: one." in said.text


def test_missing_parts_and_bounds_are_said_as_people_say_them():
    broken = made.calm(missing=[Missing("rumours", "KeyError")])
    assert (
        "Мына бөлімдер оқылмады, сондықтан бұл шолуға кірмеді: Қауесеттер."
        in read(broken, "kk").text
    )
    # "Не менее" asks for a genitive, which a number in words does not have here.
    assert "не менее" not in read(made.brief(), "ru", "press_officer").text


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_whatever_somebody_wrote_becomes_speakable(text):
    with translation.override("ru"):
        said = plain(text)
    assert NOT_SPEECH.findall(said) == []
    assert len(said.split()) <= 60


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_the_text_and_how_long_it_takes(client, language):
    make_rows(made.brief())
    edition = make_edition()
    sign_in(client, make_user(Role.PRESS_OFFICER, language=language))
    page = client.get(reverse("brief:spoken", args=[edition.pk])).text
    name = {"kk": "Таңғы шолу.", "ru": "Утренняя сводка.", "en": "Morning brief."}[language]
    assert name in page
    file = client.get(reverse("brief:file", args=[edition.pk, "txt"]))
    assert file["Content-Type"] == "text/plain; charset=utf-8"
    assert file.text.startswith(name)
