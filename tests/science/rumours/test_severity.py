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
    ("panic", "В водопровод попали химикаты, из крана не пейте"),
    ("panic", "Су құбырына химиялық зат төгіліп кетті, ішпеңіздер"),
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


THREAT_OR_NOT = [
    ("Завтра взорвут вокзал", "Завтра новый клип взорвёт эту сцену"),
    ("Школа номер два заминирована", "Школу номер два разминировали на учениях"),
    ("Под мостом заложили бомбу", "Этот концерт просто бомба, приходите в школу"),
    ("Боевики готовят взрыв на рынке", "На рынке готовят взрыв скидок"),
    ("Группировка готовит теракт", "В школе прошла лекция о профилактике, теракт не обсуждали"),
    ("Убьём всех, кто выйдет в центр", "Мама меня убьёт за эту двойку"),
    ("Он угрожает взорвать дом", "Гололёд угрожает здоровью пешеходов"),
    ("Неизвестные захватили заложников", "Мы стали заложниками погоды и ждём рейс"),
    ("Фронт «Х» признал причастность к поджогу", "Группа волонтёров сообщила о сборе вещей"),
    ("Группа «Х» взяла ответственность за взрыв", "Тренер взял ответственность за поражение"),
    ("Базарда жарылыс ұйымдастырады", "Құбыр жарылды, жарылыс болады деп жөндеп жатыр"),
    ("Вокзалға бомба қойыпты, бомба қойылған", "Дүкеннен моншаға арналған бомба алдық"),
    ("Мектеп миналанған", "Мина атты қыз жарыста жеңді"),
    ("Бәріңді өлтіреміз", "Мамам мені өлтіреді, сабақтан қалдым"),
    ("Балаларды кепілге алды", "Теледидарға екі жыл кепілдік алды"),
    ("Сені бауыздаймыз", "Айтта қой бауыздаймыз"),
    ("Ұйым шабуыл үшін жауапкершілікті алды", "Әке бала тәрбиесі үшін жауапкершілік алды"),
    ("A bomb was planted at the station", "We tried the new bath bomb, lovely smell"),
    ("They will kill all of you", "We will shoot a film about people of the steppe"),
    ("He threatens to attack the school", "Frost threatens the apple harvest"),
    ("They took hostages in the bank", "Drivers were held hostage by the weather"),
    ("The brigade claimed the bombing", "A heart attack claimed his life"),
    ("The cell took responsibility for the blast", "The mayor took responsibility for the delay"),
]  # fmt: skip


@pytest.mark.parametrize(("threat", "harmless"), THREAT_OR_NOT)
def test_only_words_that_name_a_doer_go_round_the_queue(threat, harmless):
    assert suggest_severity(threat).names_a_doer, suggest_severity(threat).triggers
    found = suggest_severity(harmless)
    assert not found.names_a_doer, found.triggers
    assert found.severity is not Severity.THREAT_TO_LIFE, found.triggers


REPORTED_OR_NOT = [
    ("У школы слышна стрельба", "У школы слышны звуки, похожие на выстрелы"),
    ("Воду в городе отравили", "Соседи отравили крыс, воду не трогали"),
    ("Крадут детей у садика", "Крадут детские коляски из подъезда"),
    ("Мектеп жанында атыс болды", "Мектеп жанында атыс дыбысына ұқсас дыбыс естілді"),
    ("Балаларды құрбандыққа шалған", "Айтта құрбандыққа қой шалдық"),
    ("An explosion was heard near the market", "We had a blast at the market"),
    ("They are stealing children", "Somebody is stealing bikes from the yard"),
]


@pytest.mark.parametrize(("reported", "harmless"), REPORTED_OR_NOT)
def test_a_danger_that_is_only_reported_waits_for_its_place(reported, harmless):
    found = suggest_severity(reported)
    assert found.severity is Severity.THREAT_TO_LIFE, found.triggers
    assert not found.names_a_doer, found.triggers
    assert suggest_severity(harmless).severity is not Severity.THREAT_TO_LIFE


CALL_OR_NOT = [
    ("Бей их, громи акимат", "Бейсенбіден бастап жұмысқа шығамын"),
    ("Бейте приезжих", "Бейте в барабан погромче, праздник же"),
    ("Выходите громить акимат", "Выходите убирать двор"),
    ("Берите ножи и палки", "Берите ножницы и бумагу для кружка"),
    ("Әкімдікті қиратыңдар", "Бағасы қырық мың теңге"),
    ("Burn down the police station tonight, burn them", "Storm damaged three houses"),
]


@pytest.mark.parametrize(("call", "harmless"), CALL_OR_NOT)
def test_everyday_words_that_look_like_a_call_are_none(call, harmless):
    assert suggest_severity(call).severity is Severity.VIOLENCE
    assert suggest_severity(harmless).severity is Severity.OTHER
