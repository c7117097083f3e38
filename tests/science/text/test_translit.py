"""Kazakh Latin to Cyrillic: article 1 of the Universal Declaration, and everyday SMS."""

from __future__ import annotations

import pytest

from qalqan.science.text.translit import latin_to_cyrillic

ARTICLE = "Барлық адамдар тумысынан азат және қадір-қасиеті мен құқықтары тең болып дүниеге келеді."


# Published sample of the alphabets: Universal Declaration of Human Rights, article 1.
@pytest.mark.parametrize(
    "latin",
    [
        "Barlyq adamdar ty'mysynan azat ja'ne qadir-qasi'eti men quqyqtary ten' bolyp"
        " du'ni'ege keledi.",
        "Barlyq adamdar ty’mysynan azat ja’ne qadir-qasi’eti men quqyqtary ten’ bolyp"
        " du’ni’ege keledi.",
        "Barlyq adamdar týmysynan azat jáne qadir-qasıeti men quqyqtary teń bolyp dúnıege keledi.",
        "Barlyq adamdar tumysynan azat jäne qadır-qasietı men qūqyqtary teñ bolyp düniege keledı.",
    ],
)
def test_the_declaration_in_three_alphabets(latin):
    assert latin_to_cyrillic(latin) == ARTICLE


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("erteñ qalada su bolmaidy", "ертең қалада су болмайды"),  # 2021
        ("Halyq, saq bolyńyzdar", "Халық, сақ болыңыздар"),  # 2018
        ("Ko's'ede qary' ustag'an", "Көшеде қару ұстаған"),  # 2017
        ("nege su zhok", "неге су жоқ"),
        ("jol jabyk", "жол жабық"),
        ("kala akimdigi habarlady", "қала әкімдігі хабарлады"),
        ("bugin zhumys zhok", "бүгін жұмыс жоқ"),
        ("Aktobe Qazaqstan", "Ақтөбе Қазақстан"),
        ("kolik zhurmeydi", "көлік жүрмейді"),
        ("4ygu kerek", "чығу керек"),
        ("SU JOQ", "СУ ЖОҚ"),
    ],
)
def test_words(latin, cyrillic):
    assert latin_to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize("text", ["су жоқ, 2016 жыл!", "", "123 4 5", "Ақтөбе — қала"])
def test_cyrillic_digits_and_marks_stay(text):
    assert latin_to_cyrillic(text) == text
