"""Persons, their faith and plates are refused in notes; places named after people are not."""

import pytest
from django.core.exceptions import ValidationError

from qalqan.desk.platform.privacy.observations import ObservedCharField, find_observed

REFUSED = [
    ("Серый фургон 123 ABC 05 стоит у школы", "plate"),
    ("Базар жанында 456АВС04 көлігі тұр", "plate"),
    ("Машина D 123 ABC у вокзала", "plate"),
    ("Мемлекеттік нөмірі 777 автобус", "plate"),
    ("A van with licence plate 88-11 near the market", "plate"),
    ("Иванов Иван Петрович кричал на площади", "person"),
    ("Ерлан Сапаров раздавал листовки", "person"),
    ("Серікбай Ахметұлы базарда сөйледі", "person"),
    ("А. Б. Иванов собрал людей", "person"),
    ("Гражданин Сериков ругался", "person"),
    ("Нұрлан есімді жігіт жинады", "person"),
    ("Mr Smith shouted at the crowd", "person"),
    ("Айгүл ханым шағымданды", "person"),
    ("У рынка стоит женщина в хиджабе", "faith"),
    ("Сосед мусульманин жалуется на свет", "faith"),
    ("Көршісі намаз оқиды", "faith"),
    ("Базарда сақалды ер адам тұр", "faith"),
    ("Туда ходят салафиты", "faith"),
    ("The seller is a Christian", "faith"),
    ("A girl in a hijab waits at the stop", "faith"),
]
ALLOWED = [
    "На рынке ждут воду с утра, очередь до ворот",
    "Су үш күн жоқ, базар алаңында халық көп",
    "Ул. А. Молдагуловой: нет света на трёх столбах",
    "Мәншүк Мәметова көшесінде жол бұзылған",
    "Әлия Молдағұлова атындағы мектеп жанында шам жанбайды",
    "Слух: хлеб подорожает до 250 тенге с 1 мая",
    "Мешіттің шатыры ағып тұр",
    "Разбито окно мечети на площади",
    "Православный праздник прошёл спокойно",
    "The church fence is broken, no light at the gate",
    "Автобус 12 не ходит, ждут 40 минут",
    "До Алги 120 км 15 минут езды",
    "Қандыағаш вокзалында кезек, билет жоқ",
    "Rumour at the station: trains stop on Monday",
    "Школа им. Ы. Алтынсарина: дети без горячей еды",
    "Ақтөбе қаласы, Абай даңғылы: жарық сөнді",
]


@pytest.mark.parametrize(("text", "kind"), REFUSED)
def test_what_is_about_a_person_is_found(text, kind):
    assert kind in {one.kind.value for one in find_observed(text)}


@pytest.mark.parametrize("text", ALLOWED)
def test_what_is_about_a_place_passes(text):
    assert find_observed(text) == ()


def test_a_form_names_the_part_and_takes_nothing():
    with pytest.raises(ValidationError, match=r"123 ABC 05.*number plate"):
        ObservedCharField().clean("Фургон 123 ABC 05")
    with pytest.raises(ValidationError, match="8 701 123 45 67"):
        ObservedCharField().clean("Звонить 8 701 123 45 67")
    assert ObservedCharField().clean("Нет воды") == "Нет воды"


def test_long_texts_take_no_long_time():
    text = "А" * 500 + " Б." * 500 + "1" * 1000
    assert len(find_observed(text)) < 2000
