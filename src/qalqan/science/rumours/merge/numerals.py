"""Numbers in figures and in Kazakh, Russian and English words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from qalqan.science.rumours.merge.skeletons import kazakh_endings, skeleton

_UNITS: dict[str, float] = {}


def _fill(words: str, first: float, step: float = 1.0) -> None:
    for at, group in enumerate(words.split()):
        for word in group.split("/"):
            _UNITS[word] = first + at * step


_fill("екі үш төрт бес алты жеті сегіз тоғыз", 2)
_fill("он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан", 10, 10)
_fill("екінші үшінші төртінші бесінші алтыншы жетінші сегізінші тоғызыншы оныншы", 2)
_fill("один/одна/одно/одного/одной/одну два/две/двух/двое/двоих/двум три/трех/трое/троих "
      "четыре/четырех/четверо/четверых пять/пяти/пятеро/пятерых шесть/шести/шестеро "
      "семь/семи/семеро/семерых восемь/восьми/восьмеро девять/девяти/девятеро "
      "десять/десяти/десятеро одиннадцать/одиннадцати двенадцать/двенадцати "
      "тринадцать/тринадцати четырнадцать/четырнадцати пятнадцать/пятнадцати "
      "шестнадцать/шестнадцати семнадцать восемнадцать девятнадцать", 1)  # fmt: skip
_fill("двадцать/двадцати тридцать/тридцати сорок/сорока пятьдесят/пятидесяти/полсотни "
      "шестьдесят/шестидесяти семьдесят/семидесяти восемьдесят/восьмидесяти "
      "девяносто/девяноста сто/ста/сотню/сотня", 20, 10)  # fmt: skip
_fill("двести/двухсот триста/трехсот четыреста/четырехсот пятьсот/пятисот шестьсот/шестисот "
      "семьсот/семисот восемьсот/восьмисот девятьсот/девятисот", 200, 100)  # fmt: skip
_fill("первый/первая/первом/первой второй/вторая/втором третий/третья/третьем "
      "четвертый/четвертая/четвертом пятый/пятая/пятом шестой/шестая/шестом "
      "седьмой/седьмая/седьмом/седьмого восьмой/восьмая/восьмом девятый/девятая/девятом "
      "десятый/десятая/десятом одиннадцатый/одиннадцатом двенадцатый/двенадцатом "
      "тринадцатый/тринадцатом четырнадцатый пятнадцатый/пятнадцатого/пятнадцатом "
      "шестнадцатый/шестнадцатой/шестнадцатом", 1)  # fmt: skip
_fill("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
      "sixteen seventeen eighteen nineteen", 1)  # fmt: skip
_fill("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
_SCALES = {
    "жүз": 100.0, "hundred": 100.0, "мың": 1e3, "мыңдай": 1e3, "тысяча": 1e3, "тысяч": 1e3,
    "тысячи": 1e3, "тысячу": 1e3, "thousand": 1e3, "миллион": 1e6, "млн": 1e6, "million": 1e6,
    "миллиона": 1e6, "миллионов": 1e6, "миллиард": 1e9, "млрд": 1e9, "billion": 1e9,
}  # fmt: skip
_DOUBLE = ("вдвое", "twice", "twofold", "double", "doubled", "еселенеді", "екіеселенеді")
_SUFFIXED = re.compile(r"^(\d+)(?:-?\p)?$".replace(r"\p", r"[^\W\d_]{1,6}"))
_RUSSIAN_COMPOUND = (
    ("двенадцатилет", 12.0), ("шестнадцатилет", 16.0), ("пятилет", 5.0), ("девятилет", 9.0),
    ("десятилет", 10.0), ("тринадцатилет", 13.0), ("семилет", 7.0), ("шестилет", 6.0),
    ("трехлет", 3.0), ("четырехлет", 4.0), ("восьмилет", 8.0), ("четырнадцатилет", 14.0),
    ("пятнадцатилет", 15.0), ("семнадцатилет", 17.0), ("двухлет", 2.0),
    ("двадцатитысяч", 20e3), ("пятитысяч", 5e3), ("десятитысяч", 10e3),
)  # fmt: skip
_KAZAKH = (
    "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз", "он", "жиырма", "отыз", "қырық",
    "елу", "алпыс", "жетпіс", "сексен", "тоқсан",
)  # fmt: skip
_NO_NUMBERS = frozenset(("үшін", "онда", "оны", "оның", "онан", "онымен", "оған", "екен"))


@lru_cache(maxsize=8192)
def _kazakh_value(word: str) -> float | None:
    """Return the value of a Kazakh numeral in any spelling, with endings."""
    if word in _NO_NUMBERS:
        return None
    bare = skeleton(word)
    for name in _KAZAKH:
        start = skeleton(name)
        rest = bare[len(start) :]
        if bare.startswith(start) and (
            not rest or rest in kazakh_endings() or rest in ("insi", "nsi", "eu", "deg", "dei")
        ):
            return _UNITS[name]
    return None


def _value(word: str) -> float | None:
    """Return the value of one word, its scale excluded."""
    if word in _UNITS:
        return _UNITS[word]
    match = _SUFFIXED.match(word)
    if match:
        return float(match.group(1))
    for start, value in _RUSSIAN_COMPOUND:
        if word.startswith(start):
            return value
    return None


def _kazakh_scale(word: str) -> float | None:
    """Return мың or жүз in any spelling, with endings."""
    bare = skeleton(word)
    for start, value in (("min", 1e3), ("juz", 100.0)):
        if bare == start or (bare.startswith(start) and bare[3:] in kazakh_endings()):
            return value
    return None


def _scale(word: str) -> float | None:
    if word in _SCALES:
        return _SCALES[word]
    for start in ("мың", "тысяч", "миллион", "миллиард"):
        if word.startswith(start) and len(word) - len(start) <= 4:
            return _SCALES[start]
    for end in ("ге", "ден", "дей"):
        if word == "жүз" + end:
            return 100.0
    return None


def numbers(words: Sequence[str], *, kazakh: bool = False) -> frozenset[float]:
    """Read the numbers of a text.

    Parameters
    ----------
    words : sequence of str
        Lower-case words in order, ``е`` for ``ё``; figures in groups already joined.

    kazakh : bool
        Whether the text is Kazakh, where numerals take endings.

    Returns
    -------
    frozenset of float
        Their values. Kazakh бір is left out, as it mostly means "a".

    Examples
    --------
    >>> sorted(numbers("сто пятьдесят тысяч и 16-гимназия".split()))
    [16.0, 150000.0]
    >>> sorted(numbers("қырық бес мыңға".split(), kazakh=True))
    [45000.0]
    """
    found: set[float] = set()
    total, current, last, open_ = 0.0, 0.0, 0.0, False
    parts = [part for word in words for part in word.split("-")]
    for word in (*parts, ""):
        value, scale = _value(word), _scale(word)
        if value is None and scale is None and kazakh:
            value, scale = _kazakh_value(word), _kazakh_scale(word)
        if word in _DOUBLE:
            found.add(2.0)
        joins = _continues(last, value or 0.0) or (kazakh and last == 10.0 and (value or 10.0) < 10)
        if value is not None and open_ and not joins:
            found.add(total + current)
            total, current = 0.0, 0.0
        if value is not None:
            current, last, open_ = current + value, value, True
        elif scale is not None:
            base = current or 1.0
            if scale == 100.0:
                current, last = base * scale, 100.0
            else:
                total, current, last = total + base * scale, 0.0, scale
            open_ = True
        elif open_:
            found.add(total + current)
            total, current, last, open_ = 0.0, 0.0, 0.0, False
    return frozenset(found)


def _continues(last: float, value: float) -> bool:
    """Whether a value joins the one before it: forty five, but not four five."""
    return (last >= 20 and last % 10 == 0 and value < 10) or (last >= 100 and value < 100)
