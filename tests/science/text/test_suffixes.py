"""The light Kazakh suffix stripper."""

from __future__ import annotations

import pytest

from qalqan.science.text.suffixes import strip_suffixes

CASES = [
    "Ақтөбеде", "Ақтөбеден", "Ақтөбеге", "Ақтөбенің", "Ақтөбені", "Ақтөбемен", "Ақтөбедегі",
]  # fmt: skip


@pytest.mark.parametrize("word", CASES)
def test_all_cases_of_a_place(word):
    assert strip_suffixes(word) == "ақтөбе"


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("қалаларымызда", "қала"),
        ("кітаптарымнан", "кітап"),
        ("кітабы", "кітап"),  # softened consonant restored
        ("балалар", "бала"),
        ("қаласында", "қала"),
        ("көшесінде", "көше"),
        ("судың", "су"),
        ("мектептерге", "мектеп"),
        ("дәрігерлер", "дәрігер"),
        ("ауылдағы", "ауыл"),
        ("Шалқардан", "шалқар"),
        ("полицияға", "полиция"),
    ],
)
def test_noun_forms(word, stem):
    assert strip_suffixes(word) == stem


@pytest.mark.parametrize("word", ["Қазақстан", "адам", "су", "газ", "ақтөбе", "шалқар", "мектеп"])
def test_bare_nouns_stay(word):
    assert strip_suffixes(word) == word.lower()


def test_an_ending_that_breaks_harmony_is_no_ending():
    assert strip_suffixes("қаладе") == "қаладе"
