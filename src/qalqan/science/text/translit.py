"""Kazakh in Latin letters to Kazakh in Cyrillic letters.

Four habits are told apart text by text, since they give the same letters other values:

========  =====================================  ==========================
spelling  its marks                              sample
========  =====================================  ==========================
2017      apostrophes (October 2017 decree)      ja'ne, ten', du'ni'ege
2018      acutes (February 2018 decree)          jáne, teń, dúnıege
2021      diaereses, breves (January 2021)       jäne, teñ, düniege
SMS       no marks; sh, zh, gh, ng, w, 4         zhane, ten, kazir, 4ygu
========  =====================================  ==========================

The first three follow their tables. SMS spelling does not write what the Cyrillic needs, so
front and back vowels, қ and ғ are restored by vowel harmony, with a short list of common words
where harmony misleads; the result there is a good guess, not a certainty.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-zÀ-ɏəƏɵƟʼ4]+(?:['’‘`´ʼʹ][A-Za-zÀ-ɏəƏɵʼ]*)*")
_APOSTROPHE = re.compile(r"['’‘`´ʼʹ]")
_MARKS_2017 = re.compile(r"[aginoscuy]['’‘`´ʼʹ]")
_MARKS_2018 = re.compile("[áǵńóúý]")
_MARKS_2021 = re.compile("[äöüğşñŋūı]")

_COMMON = {
    "a": "а", "b": "б", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "j": "ж", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "қ", "r": "р", "s": "с", "t": "т",
    "v": "в", "y": "ы", "z": "з", "c": "с", "w": "у", "x": "х", "ə": "ә", "ɵ": "ө",
    "ä": "ә", "ö": "ө", "ü": "ү", "ğ": "ғ", "ş": "ш", "ñ": "ң", "ŋ": "ң", "ū": "ұ",
    "ç": "ч", "é": "э",
}  # fmt: skip
_TABLES: dict[str, dict[str, str]] = {
    "2017": _COMMON
    | {
        "a'": "ә", "g'": "ғ", "i'": "и", "n'": "ң", "o'": "ө", "s'": "ш", "c'": "ч", "u'": "ү",
        "y'": "у", "i": "і", "u": "ұ",
    },
    "2018": _COMMON
    | {
        "á": "ә", "ǵ": "ғ", "ı": "и", "ń": "ң", "ó": "ө", "ú": "ү", "ý": "у", "sh": "ш",
        "ch": "ч", "i": "і", "u": "ұ",
    },
    "2021": _COMMON | {"ı": "і", "i": "и", "u": "у", "sh": "ш", "ch": "ч"},
    "sms": _COMMON
    | {
        "sh": "ш", "ch": "ч", "zh": "ж", "gh": "ғ", "kh": "х", "ng": "ң", "4": "ч", "i": "і",
        "u": "у", "ı": "ы", "ts": "ц",
    },
}  # fmt: skip
_VOWELS = frozenset("аәеиоөуұүыіэюя")
# SMS spellings that vowel harmony would put wrong.
_SMS_WORDS = {
    "kazir": "қазір", "qazir": "қазір", "salem": "сәлем", "erten": "ертең", "men": "мен",
    "sen": "сен", "ne": "не", "emes": "емес", "kitap": "кітап", "rahmet": "рахмет",
    "rakhmet": "рахмет", "habar": "хабар", "khabar": "хабар", "halyk": "халық",
    "halyq": "халық", "kisi": "кісі", "tez": "тез", "eki": "екі", "bir": "бір", "bul": "бұл",
    "ol": "ол", "olar": "олар", "osy": "осы", "nan": "нан", "gaz": "газ", "ama": "ама",
    "aktobe": "ақтөбе", "aqtobe": "ақтөбе", "qazaqstan": "қазақстан", "kazakstan": "қазақстан",
    "kazakhstan": "қазақстан", "almaty": "алматы", "astana": "астана", "jana": "жаңа",
    "zhana": "жаңа", "mal": "мал", "dep": "деп", "deydi": "дейді", "deidi": "дейді",
    "bolmaydy": "болмайды", "mektep": "мектеп", "polisia": "полиция", "politsiya": "полиция",
    "ministr": "министр", "video": "видео", "sony": "соны", "son": "соң", "tun": "түн",
    "kun": "күн", "kop": "көп", "koshe": "көше", "uy": "үй", "ui": "үй", "uide": "үйде",
    "su": "су", "suy": "суй", "jok": "жоқ", "zhok": "жоқ", "joq": "жоқ", "juk": "жүк",
    "nege": "неге", "kayda": "қайда", "qaida": "қайда", "kim": "кім", "solay": "солай",
}  # fmt: skip


def _spelling(text: str) -> str:
    """Say which of the four spellings a lower-case text shows."""
    if _MARKS_2018.search(text):
        return "2018"
    if _MARKS_2021.search(text):
        return "2021"
    return "2017" if _MARKS_2017.search(text) else "sms"


def _letters(word: str, spelling: str) -> list[str]:
    """Map the letters of one lower-case word by a spelling's table, digraphs first."""
    table = _TABLES[spelling]
    out: list[str] = []
    at = 0
    while at < len(word):
        pair = word[at : at + 2]
        if len(pair) == 2 and pair in table:
            out.append(table[pair])
            at += 2
            continue
        if word[at] != "'":
            out.append(table.get(word[at], word[at]))
        at += 1
    return out


def _glides(letters: list[str], spelling: str) -> list[str]:
    """Write й, я, ю where the Latin spelling has only one sign for и and й."""
    sign = None if spelling == "sms" else "и"
    out: list[str] = []
    at = 0
    while at < len(letters):
        letter = letters[at]
        after_vowel = bool(out) and out[-1] in _VOWELS
        following = letters[at + 1] if at + 1 < len(letters) else ""
        glide = letter == sign or (sign is None and letter in ("ы", "і"))
        if glide and sign is None:
            glide = after_vowel or (letter == "ы" and following in ("а", "у", "е", "о"))
        if glide and (after_vowel or sign is None):
            if following in ("а", "у"):
                out.append("я" if following == "а" else "ю")
                at += 2
                continue
            out.append("й")
        elif glide and following == "а":
            out.extend("ия")
            at += 2
            continue
        else:
            out.append(letter)
        at += 1
    return out


def _harmonise(letters: list[str]) -> list[str]:
    """Restore what SMS spelling leaves out, by the harmony of the word's vowels."""
    back_sign = "қ" in letters or "ғ" in letters or "ы" in letters
    front = not back_sign and any(c in "еіәөү" for c in letters)
    first_vowel = next((i for i, c in enumerate(letters) if c in _VOWELS), -1)
    rest = [c for c in letters[first_vowel + 1 :] if c in _VOWELS]
    out = list(letters)
    for at, letter in enumerate(letters):
        between = 0 <= at < len(letters) - 1 and letters[at + 1] not in _VOWELS
        between = between and (at == 0 or letters[at - 1] not in _VOWELS)
        if front:
            if letter == "а" and at == first_vowel and rest and all(c in "еі" for c in rest):
                out[at] = "ә"
            elif letter == "о" and at == first_vowel:
                out[at] = "ө"
            elif letter == "у" and between:
                out[at] = "ү"
        elif letter in "кг" and len(letters) > 1:
            out[at] = "қ" if letter == "к" else "ғ"
        elif letter == "у" and between:
            out[at] = "ұ"
    return out


def _word(word: str, spelling: str) -> str:
    """Transliterate one word, keeping its capitals."""
    capital_i = "ı" if spelling == "2021" else "i"
    lower = word.replace("İ", "i").replace("I", capital_i).lower()
    lower = _APOSTROPHE.sub("'", lower)
    if spelling == "sms" and lower in _SMS_WORDS:
        cyrillic = _SMS_WORDS[lower]
    else:
        letters = _glides(_letters(lower, spelling), spelling)
        if spelling == "sms":
            letters = _harmonise(letters)
        cyrillic = "".join(letters)
    if word.isupper() and len(word) > 1:
        return cyrillic.upper()
    return cyrillic[:1].upper() + cyrillic[1:] if word[:1].isupper() else cyrillic


def latin_to_cyrillic(text: str) -> str:
    """Write Kazakh that is in Latin letters in Cyrillic letters.

    Parameters
    ----------
    text : str
        Kazakh in the 2017, 2018 or 2021 Latin alphabet or in SMS spelling. The spelling is
        judged from the whole text, so give whole messages. Cyrillic words stay as they are.

    Returns
    -------
    str
        The text in Kazakh Cyrillic; digits and punctuation unchanged.

    References
    ----------
    Decree of the President of Kazakhstan 569 of 26 October 2017 and its amendment 637 of
    19 February 2018; alphabet of the National Commission of 28 January 2021.

    Examples
    --------
    >>> latin_to_cyrillic("teñ bolyp düniege keledı")
    'тең болып дүниеге келеді'
    >>> latin_to_cyrillic("ten' bolyp du'ni'ege keledi")
    'тең болып дүниеге келеді'
    """
    spelling = _spelling(text.replace("I", "i").lower())

    def replace(match: re.Match[str]) -> str:
        word = match.group()
        return word if word.isdigit() else _word(word, spelling)

    return _WORD.sub(replace, text)
