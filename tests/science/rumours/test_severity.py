"""Severity by words, in three languages and both Kazakh scripts."""

from __future__ import annotations

import pytest

from qalqan.science.rumours.rank import SEVERITIES, Severity, suggest_severity
from qalqan.science.text.latinise import HABITS, cyrillic_to_latin

SENTENCES = [
    ("threat_to_life", "Завтра взорвём школу номер пять"),
    ("threat_to_life", "В автобусе заложена бомба, всем выйти"),
    ("threat_to_life", "Группа «Щит степи» взяла на себя ответственность за поджог"),
    ("threat_to_life", "Вокзалға бомба қойылған, ешкім бармасын"),
    ("threat_to_life", "Шабуыл үшін жауапкершілікті белгісіз ұйым өз мойнына алды"),
    ("threat_to_life", "Балаларды ұрлап жатыр, мектептен өздеріңіз алыңыздар"),
    ("threat_to_life", "We will kill everyone at the market on Friday"),
    ("threat_to_life", "A new group claimed responsibility for the attack"),
    ("threat_to_life", "Воду в городе отравили, уже умерли дети"),
    ("violence", "Выходите все на площадь громить акимат"),
    ("violence", "Берите оружие и ножи, хватит терпеть"),
    ("violence", "Қару алыңдар, шыдауға болмайды"),
    ("violence", "Take up arms against them"),
    ("panic", "С понедельника объявят комендантский час"),
    ("panic", "Банки заморозят вклады, снимайте деньги"),
    ("panic", "Шекара жабылады екен"),
    ("panic", "Қалаға әскер кіріп жатыр"),
    ("panic", "The dam will burst tonight"),
    ("services", "Отключат воду во всём городе на три дня"),
    ("services", "Ертең мектептер жабылады"),
    ("services", "Зейнетақы бір айға кешіктіріледі"),
    ("services", "Schools will be closed next week"),
    ("other", "В парке открыли новый фонтан"),
    ("other", "Концерт басталды"),
    ("other", "The mayor opened a library"),
]


@pytest.mark.parametrize(("expected", "text"), SENTENCES)
def test_the_class_that_a_reader_would_give(expected, text):
    found = suggest_severity(text)
    assert found.severity.value == expected, found.triggers
    assert bool(found.triggers) == (expected != "other")


@pytest.mark.parametrize("habit", HABITS)
def test_kazakh_in_latin_letters_is_read_as_in_cyrillic(habit):
    text = "Қалада вокзалға бомба қойылған, ешкім бармасын деп айтты"
    assert suggest_severity(cyrillic_to_latin(text, habit)).severity is Severity.THREAT_TO_LIFE


def test_the_worst_class_wins_and_every_trigger_is_told():
    found = suggest_severity("Школы закроют, потому что в них заложена бомба")
    assert found.severity is Severity.THREAT_TO_LIFE
    assert {t.severity for t in found.triggers} == {Severity.THREAT_TO_LIFE, Severity.SERVICES}
    assert all(word in ["школы", "закроют", "потому", "что", "в", "них", "заложена", "бомба"]
               for t in found.triggers for word in t.words.split())  # fmt: skip


def test_words_too_far_apart_do_not_count():
    filler = "и ещё раз про совсем другое долгое дело " * 2
    assert suggest_severity(f"Бомба {filler} вокзал").severity is Severity.OTHER


def test_an_empty_text_is_other():
    assert suggest_severity("").severity is SEVERITIES[-1]
