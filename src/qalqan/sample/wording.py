"""Turn the small grammars into sentences, the same ones for the same seed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from qalqan.sample.phrases import en, kk, ru, tips

_SLOT = re.compile(r"\{(\w+)\}")
_TO_LATIN = str.maketrans(
    {
        "а": "a", "ә": "ä", "б": "b", "в": "v", "г": "g", "ғ": "ğ", "д": "d", "е": "e", "ё": "io",
        "ж": "j", "з": "z", "и": "i", "й": "i", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n",
        "ң": "ñ", "о": "o", "ө": "ö", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "ū",
        "ү": "ü", "ф": "f", "х": "h", "һ": "h", "ц": "ts", "ч": "ch", "ш": "ş", "щ": "ş", "ъ": "",
        "ы": "y", "і": "ı", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    }
)  # fmt: skip

Topic = tuple[tuple[tuple[str, ...], ...], dict[str, tuple[str, ...]]]


class Dice:
    """Draws choices from one numpy generator, many at a time."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._numbers: list[int] = []

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to ``limit - 1``."""
        if not self._numbers:
            self._numbers = self._rng.integers(0, 2**53, 65_536).tolist()
        return self._numbers.pop() % limit

    def pick(self, options: Sequence[str]) -> str:
        """Return one of the options."""
        return options[self.below(len(options))]

    def chance(self, share: float) -> bool:
        """Return true in this share of calls."""
        return self.below(1_000_000) < share * 1_000_000


def to_latin(text: str) -> str:
    """Write Kazakh in the Latin alphabet of 2021.

    >>> to_latin("Ақтөбеде су жоқ")
    'Aqtöbede su joq'
    """
    lower = text.translate(_TO_LATIN)
    return re.sub(
        "[А-ЯЁӘҒҚҢӨҰҮҺІ]", lambda m: m[0].lower().translate(_TO_LATIN).capitalize(), lower
    )


def _prepare(topics: Sequence[tuple[Sequence[str], dict[str, str]]]) -> list[Topic]:
    return [
        (
            tuple(tuple(_SLOT.split(pattern)) for pattern in patterns),
            {name: tuple(options.split("|")) for name, options in slots.items()},
        )
        for patterns, slots in topics
    ]


@lru_cache(maxsize=1)
def grammars() -> dict[str, tuple[list[Topic], tuple[str, ...], tuple[str, ...]]]:
    """Return topics, openers and closers by language, ready for drawing."""
    return {
        code: (
            _prepare(module.TOPICS),
            tuple(module.OPENERS.split("|")),
            tuple(module.CLOSERS.split("|")),
        )
        for code, module in (("kk", kk), ("ru", ru), ("en", en))
    } | {
        f"tip-{code}": (_prepare(topics), (), ())
        for code, topics in (("kk", tips.KK), ("ru", tips.RU), ("en", tips.EN))
    }


def clause(dice: Dice, language: str, at: str, topic: int | None = None) -> str:
    """Return one clause, of a given topic or any; ``at`` stands where a place is named."""
    topics = grammars()[language][0]
    patterns, slots = topics[dice.below(len(topics)) if topic is None else topic]
    parts = list(patterns[dice.below(len(patterns))])
    for i in range(1, len(parts), 2):
        name = parts[i]
        parts[i] = at if name == "at" else dice.pick(slots[name])
    return "".join(parts).strip()


def _sentence(text: str, mark: str = ".") -> str:
    return text[:1].upper() + text[1:] + mark


def everyday(dice: Dice, language: str, at: str) -> str:
    """Return one everyday message of two or three clauses."""
    base = "kk" if language in ("kk-Latn", "mixed") else language
    _topics, openers, closers = grammars()[base]
    first = clause(dice, base, at)
    if at and at not in first and dice.chance(0.5):
        first = f"{at} {first}"
    other = "ru" if language == "mixed" else base
    second = clause(dice, other, at)
    parts = [_sentence(first), _sentence(second, dice.pick((".", "!", "?", "...")))]
    if dice.chance(0.35):
        parts.insert(0, dice.pick(openers) + dice.pick((".", "!", ",")))
    if dice.chance(0.4):
        parts.append(_sentence(dice.pick(closers), dice.pick(("", ".", "!", " 🙂", " 🙏"))))
    text = " ".join(parts)
    return to_latin(text) if language == "kk-Latn" else text


def tip(dice: Dice, language: str, at: str) -> str:
    """Return one report to the hotline."""
    text = _sentence(clause(dice, f"tip-{language}", at, 0))
    return text + " " + _sentence(clause(dice, f"tip-{language}", at, 1))


_EDITS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "kk": (
        ("Назар аударыңыздар! ", "Шұғыл! ", "Маған жіберді: ", "Рас па екен? ", "Бәріне айтыңыз! "),
        (" Таратыңыздар!", " Сақ болыңыздар.", "!!!", " 🙏", " Рас екен.", "..."),
    ),
    "ru": (
        ("Внимание! ", "Срочно! ", "Переслали: ", "Это правда? ", "Всем прочитать! "),
        (" Разошлите всем!", " Берегите себя.", "!!!", " 🙏", " Подтвердили.", "..."),
    ),
    "en": (
        ("Attention! ", "Urgent! ", "Forwarded: ", "Is this true? ", "Please read! "),
        (" Share it!", " Take care.", "!!!", " 🙏", "..."),
    ),
}  # fmt: skip


def retold(dice: Dice, language: str, text: str) -> str:
    """Return a message as people pass it on: a word before or after, a slip, a changed case."""
    code = "kk" if language == "kk-Latn" else language
    before, after = _EDITS[code]
    words = text.split()
    if dice.chance(0.15):
        at = 1 + dice.below(len(words) - 2)
        words[at] = words[at][:-1] or words[at]
    if dice.chance(0.1):
        del words[1 + dice.below(len(words) - 2)]
    out = " ".join(words)
    if language == "kk-Latn":
        before, after = tuple(map(to_latin, before)), tuple(map(to_latin, after))
    if dice.chance(0.3):
        out = dice.pick(before) + out
    if dice.chance(0.3):
        out += dice.pick(after)
    if dice.chance(0.06):
        out = out.upper()
    return out
