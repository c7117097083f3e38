"""Whole numbers in words, for reading aloud: Kazakh, Russian, English.

Russian words stand in the nominative and masculine, so sentences put the number after a colon,
where no case is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

MOST = 999_999
"""Greater numbers are said in figures."""

_EN_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ["ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_RU_SMALL = [
    "ноль",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
]
_RU_TENS = [
    "десять",
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
]
_RU_HUNDREDS = [
    "сто",
    "двести",
    "триста",
    "четыреста",
    "пятьсот",
    "шестьсот",
    "семьсот",
    "восемьсот",
    "девятьсот",
]
_KK_SMALL = ["нөл", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз"]
_KK_TENS = ["он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан"]


def number_words(value: int, language: str) -> str:
    """Return a whole number in words, or in figures above 999,999 or below nought.

    >>> number_words(347, "en"), number_words(52, "ru"), number_words(19, "kk")
    ('three hundred and forty-seven', 'пятьдесят два', 'он тоғыз')
    >>> number_words(2001, "ru"), number_words(1200, "kk")
    ('две тысячи один', 'бір мың екі жүз')
    """
    if not 0 <= value <= MOST:
        return str(value)
    return _LANGUAGES.get(language, _kazakh)(value)


def _english(value: int) -> str:
    if value < 20:
        return _EN_SMALL[value]
    if value < 100:
        tens, rest = divmod(value, 10)
        return _EN_TENS[tens - 1] + (f"-{_EN_SMALL[rest]}" if rest else "")
    size, name = (1000, "thousand") if value >= 1000 else (100, "hundred")
    count, rest = divmod(value, size)
    text = f"{_english(count)} {name}"
    if not rest:
        return text
    return f"{text} and {_english(rest)}" if rest < 100 else f"{text} {_english(rest)}"


def _russian(value: int) -> str:
    if value < 20:
        return _RU_SMALL[value]
    if value < 100:
        tens, rest = divmod(value, 10)
        return _joined(_RU_TENS[tens - 1], rest, _russian)
    if value < 1000:
        count, rest = divmod(value, 100)
        return _joined(_RU_HUNDREDS[count - 1], rest, _russian)
    count, rest = divmod(value, 1000)
    return _joined(f"{_feminine(count)} {_thousands(count)}".strip(), rest, _russian)


def _feminine(count: int) -> str:
    """Return how many thousands: the word is feminine, and one thousand goes without a number."""
    words = _russian(count)
    if count == 1:
        return ""
    ends = {"один": "одна", "два": "две"}
    *before, last = words.split(" ")
    return " ".join([*before, ends.get(last, last)])


def _thousands(count: int) -> str:
    if count % 10 == 1 and count % 100 != 11:
        return "тысяча"
    if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
        return "тысячи"
    return "тысяч"


def _kazakh(value: int) -> str:
    if value < 10:
        return _KK_SMALL[value]
    if value < 100:
        tens, rest = divmod(value, 10)
        return _joined(_KK_TENS[tens - 1], rest, _kazakh)
    size, name = (1000, "мың") if value >= 1000 else (100, "жүз")
    count, rest = divmod(value, size)
    # A hundred alone is said without "one", a thousand with it.
    head = name if count == 1 and size == 100 else f"{_kazakh(count)} {name}"
    return _joined(head, rest, _kazakh)


def _joined(head: str, rest: int, words: Callable[[int], str]) -> str:
    return f"{head} {words(rest)}" if rest else head


_LANGUAGES: Mapping[str, Callable[[int], str]] = {
    "en": _english, "ru": _russian, "kk": _kazakh,
}  # fmt: skip
