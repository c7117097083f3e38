"""Numbers, places, dates, names and negation of a claim, in four spellings."""

from __future__ import annotations

import pytest

from qalqan.science.rumours.merge.concepts import concepts, word_concepts
from qalqan.science.rumours.merge.facts import read_facts
from qalqan.science.rumours.merge.numerals import numbers


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Погибли двенадцать человек", {12.0}),
        ("сто пятьдесят тысяч тенге", {150000.0}),
        ("150 000 тенге", {150000.0}),
        ("50,000 tenge", {50000.0}),
        ("16-гимназияда бомба", {16.0}),
        ("он екі кенші қаза тапты", {12.0}),
        ("жүз мыңға жетті", {100000.0}),
        ("on eki kenshi qaza tapty, elu myn tenge", {12.0, 50000.0}),
        ("twenty five people and 3 cars", {25.0, 3.0}),
        ("цена выросла вдвое", {2.0}),
        ("бала үшін келді", set()),
        ("бір адам келді", set()),
    ],
)
def test_numbers(text, values):
    assert read_facts(text).numbers == values


def test_a_number_word_alone_ends_the_one_before():
    assert numbers(["three", "5", "seven"]) == {3.0, 5.0, 7.0}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Хромтауда су жоқ", {"khromtau"}),
        ("в Хромтау нет воды", {"khromtau"}),
        ("Khromtau has no water", {"khromtau"}),
        ("Hromtay'da sy' joq", {"khromtau"}),
        ("Алғада атыс болды", {"alga"}),
        ("В Алге стреляли", {"alga"}),
        ("The shops will close", set()),
        ("Үш адам ақша алған", set()),
        ("Теміржол жабылды", set()),
    ],
)
def test_places(text, places):
    assert read_facts(text).places == places


@pytest.mark.parametrize(
    ("text", "denials", "prohibitions"),
    [
        ("Школы не закроют", 1, 0),
        ("Не пейте воду", 0, 1),
        ("Мектептер жабылмайды", 1, 0),
        ("Су ішпеңіздер", 0, 1),
        ("No child was hurt", 1, 0),
        ("Do not drink the water", 0, 1),
        ("School No. 21 is open", 0, 0),
        ("Не болды?", 0, 0),
    ],
)
def test_negation(text, denials, prohibitions):
    facts = read_facts(text)
    assert (facts.negations, facts.prohibitions) == (denials, prohibitions)


def test_dates_and_names():
    assert read_facts("Дүйсенбіде митинг болады").dates == {"d1"}
    assert read_facts("Rally on Monday").dates == {"d1"}
    one = read_facts("Говорят, банк Kaspi обанкротился").names
    two = read_facts("They say the bank Kaspi is bankrupt").names
    assert one & two


def test_the_same_concept_in_four_spellings():
    found = [
        read_facts(text).concepts
        for text in (
            "мектепте бала уланды",
            "mektepte bala ulandy",
            "в школе отравился ребёнок",
            "a child was poisoned at school",
        )
    ]
    assert {"school", "child", "poisoning"} <= frozenset.intersection(*found)


def test_every_concept_has_a_form_in_each_language():
    table = concepts()
    for language, words in table.words.items():
        held = set().union(*words.stems.values())
        held |= {name for forms in words.starts.values() for _, name in forms}
        held |= {name for _, _, name in words.phrases}
        assert held == set(table.group), language
    assert word_concepts("12", "ru") == frozenset()
