"""Kazakh in Latin letters and back; lemmas."""

from __future__ import annotations

import pytest
from bench import merge_gold as gold

from qalqan.science.text.language import detect_many
from qalqan.science.text.latinise import HABITS, cyrillic_to_latin
from qalqan.science.text.lemmas import lemma, lemmas
from qalqan.science.text.translit import latin_to_cyrillic


@pytest.mark.parametrize("habit", ["2017", "2018", "2021"])
def test_the_alphabets_give_most_words_back(habit):
    words = [
        word
        for text in gold.texts("train")
        if text.language == "kk-Cyrl"
        for word in text.text.lower().replace(",", "").split()
        if word.isalpha()
    ]
    back = latin_to_cyrillic(cyrillic_to_latin(" ".join(words), habit)).split()
    right = sum(a == b for a, b in zip(words, back, strict=True))
    assert right / len(words) >= 0.85


def test_every_habit_writes_latin_only():
    for habit in HABITS:
        assert cyrillic_to_latin("Ғұмырдың қызығы, шаңғы", habit).isascii() or habit in (
            "2018",
            "2021",
        )
    with pytest.raises(KeyError):
        cyrillic_to_latin("су", "1929")


def test_languages_of_the_gold_set():
    texts = gold.texts()
    found = detect_many([text.text for text in texts])
    right = sum(a == text.language for a, text in zip(found, texts, strict=True))
    assert len(texts) >= 2000
    assert right / len(texts) >= 0.97


@pytest.mark.parametrize(
    ("word", "language", "stem"),
    [
        ("школами", "ru", "школа"),
        ("закроют", "ru", "закрыть"),
        ("мектептерде", "kk-Cyrl", "мектеп"),
        ("мектептерде", "mixed", "мектеп"),
        ("школах", "mixed", "школа"),
        ("schools", "en", "school"),
        ("2011", "ru", "2011"),
        ("", "ru", ""),
    ],
)
def test_lemmas(word, language, stem):
    assert lemma(word, language) == stem


def test_lemmas_of_a_text_keep_the_order():
    assert lemmas(["закрыли", "границу"], "ru") == ["закрыть", "граница"]
