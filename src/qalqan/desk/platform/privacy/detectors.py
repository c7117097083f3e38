"""Find the traces in a folded text: numbers, addresses, accounts, places.

Every repeat in the patterns has an upper bound or begins where it cannot begin twice, so time
grows with the length of the text and no text can hold the guard up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qalqan.desk.platform.privacy import numbers
from qalqan.desk.platform.privacy.folding import BARRIER, fold
from qalqan.desk.platform.privacy.handles import handles
from qalqan.desk.platform.privacy.kinds import Kind

Span = tuple[int, int, Kind]

_BEGINNING = re.compile(r"[\d@_/＠﹫／＿①-⑨⓪]")
_FIVE_DIGITS = re.compile(r"[\d①-⑨⓪](?:[^\d①-⑨⓪]{0,6}[\d①-⑨⓪]){4}")
_NAME_WITH_DIGIT = re.compile(r"[A-Za-zＡ-ｚ]\.?\d|\d\.?[A-Za-zＡ-ｚ]")
_ALWAYS = ("@", "_", "＠", "﹫", "＿", "／")
_HOSTS = (".me/", ".com/", "ok.ru/", ".net/", ".ME/", ".COM/", "OK.RU/", ".Me/", ".Com/", "Ok.ru/")
_AT_WORDS = (
    "обак",
    "ОБАК",
    "обач",
    "ОБАЧ",
    "sobak",
    "SOBAK",
    "Sobak",
    "(ит",
    "[ит",
    " at ",
    "(at",
    "[at",
    "{at",
    " AT ",
    "(AT",
    "[AT",
    "{AT",
)


def worth_a_look(text: str) -> bool:
    """Tell quickly whether a text can hold a trace; nearly all messages leave here.

    >>> worth_a_look("Su joq"), worth_a_look("Sağat 21:45"), worth_a_look("8 701 123 45 67")
    (False, False, True)
    """
    if _BEGINNING.search(text):
        for sign in _ALWAYS:
            if sign in text:
                return True
        if _FIVE_DIGITS.search(text) or _NAME_WITH_DIGIT.search(text):
            return True
        if "/" in text:
            for host in _HOSTS:
                if host in text:
                    return True
    return any(word in text for word in _AT_WORDS)


_GAP = rf"[^\d\n{BARRIER}]"
_IIN_CUE = re.compile(
    r"(?<![^\W\d_])(?:и ?и ?н|ж ?с ?н|i ?i ?n|j ?s ?n|zh ?s ?n)(?![^\W\d_]{3})"
    r"|идентификационн\w{0,4} номер|сәйкестендіру нөмір|identification number"
)
_TWELVE = re.compile(r"(?<!\d)\d(?:[ .\-]{0,2}\d){11}(?!\d)")
_CARD = re.compile(
    r"(?<!\d)(?:\d{15,16}|\d{4}(?:[ .\-]{1,3}\d{4}){3}|\d{4}[ \-]\d{6}[ \-]\d{5}"
    r"|\d{8}[ \-]\d{8}|\d{4}[ \-]\d{12})(?!\d)"
)
_CARD_CUE = re.compile(r"карт|kart|card|каспи|kaspi|visa|виза|master")
_YEARS = re.compile(r"(?:(?:19|20)\d\d\D{1,3}){3}(?:19|20)\d\d")
_KZ_ACCOUNT = re.compile(r"(?<![^\W_])[kк][zз] ?\d ?\d(?: ?\d){3}(?: ?[a-z0-9]){13}(?![^\W_])")
_ACCOUNT = re.compile(r"(?<![^\W_])[a-z]{2}\d\d[a-z0-9]{11,30}(?![^\W_])")

_S = r"[ .\-_()]"
_NOT_MONEY = r"(?! ?(?:тенге|теңге|tenge|₸|kzt|руб|долл|млн|тыс|мың|%))"
_PLUS = re.compile(rf"\+{_S}{{0,2}}\d(?:{_S}{{0,3}}\d){{9,13}}(?!\d){_NOT_MONEY}")
_ELEVEN = re.compile(rf"(?<!\d)[87]{_S}{{0,3}}[79](?:{_S}{{0,3}}\d){{9}}(?!\d){_NOT_MONEY}")
_TEN = re.compile(
    rf"(?<!\d)(?<!\d[.\-])\(?7[04-7]\d(?:{_S}{{0,3}}\d){{7}}(?!\d|[.\-]\d){_NOT_MONEY}"
)
_TEN_GROUPS = frozenset(
    [(7,), (3, 4), (3, 2, 2), (2, 2, 3), (1, 3, 3), (2, 3, 2), (4, 3), (3, 1, 3)]
)
_AREA = re.compile(
    r"(?<!\d)(?:\(7[12]\d{2,3}\)|7[12]\d{2,3})[ \-]{0,2}\d{1,3}[ \-]\d\d[ \-]?\d\d(?!\d)"
)
_CALL_LINK = re.compile(
    r"(?<![^\W_])(?:wa\.me|api\.whatsapp\.com/send/?\?phone=)[/+]{0,2}\d{10,15}"
)
_STRONG_CUE = (
    r"(?<![^\W\d_])(?:тел(?:ефон\w{0,8})?(?![^\W\d_])|tel(?:efon\w{0,8})?(?![^\W\d_])|phone|сотк"
    r"|сотов|ұялы|uialy|домашн\w{0,4}|городск\w{0,4}|моб(?:ильн\w{0,4})?(?![^\W\d_])"
    r"|(?:по|пере|на)?звон|звандаң|қоңырау|qonyrau|хабарлас|habarlas|[вуw]а?тсап|вацап|wh?ats? ?app"
    r"|viber|вайбер|call|text me)"
)
_CUED_LINE = re.compile(
    rf"{_STRONG_CUE}{_GAP}{{0,24}}"
    r"((?:\d{2,3}[ \-]\d\d[ \-]\d\d|\d{3}[ \-]\d{3}|\d[ \-]\d\d[ \-]\d\d|[1-79]\d{9,11}"
    r"|9\d\d[ \-]\d{3}[ \-]\d\d[ \-]\d\d|7[12]\d{2,3}[ \-]?\d{5,6}))"
    rf"(?!\d|[ .,\-/]{{1,2}}\d){_NOT_MONEY}"
)
_CUED_SIX = re.compile(
    r"(?<![^\W\d_])(?:тел(?:ефон\w{0,8})?|phone|tel|домашн\w{0,4})[ .:№\-]{0,4}(\d{6})"
    rf"(?!\d|[.,\-/]\d){_NOT_MONEY}"
)

_TLD = r"(?:kz|ru|com|net|org|info|me|biz|рф|қаз|uz|kg|by|ua|de|uk|tr|edu|gov)"
_MAILERS = (
    r"(?:gmail|mail|yandex|inbox|bk|list|outlook|hotmail|yahoo|icloud|proton(?:mail)?|rambler)"
)
_LOCAL = r"[\w.+'%\-]{1,64}"
_DOT = r"(?: ?\. ?| ?[(\[{] ?(?:dot|точка|нүкте|nukte|\.) ?[)\]}] ?| (?:dot|точка|нүкте|nukte) )"
_MAIL = re.compile(
    rf"{_LOCAL}@(?:[\w\-]{{1,63}}(?:\.[\w\-]{{1,63}}){{0,7}}\.[^\W\d_]{{2,24}}|{_MAILERS})(?![^\W_])"
)
_MAIL_APART = re.compile(
    rf"{_LOCAL} {{0,2}}@ {{0,2}}[\w\-]{{1,63}}(?:\.[\w\-]{{1,63}}){{0,4}}{_DOT}{_TLD}(?![^\W_])"
)
_DOG = r"(?:собака|собачка|sobaka)"
_AT = rf"(?: ?[(\[{{<*] ?(?:at|@|{_DOG}|ит) ?[)\]}}>*] ?| {_DOG} |-{_DOG}-)"
_MAILBOX = re.compile(rf"@{_MAILERS}{_DOT}{_TLD}$")
_MAIL_SPELT = re.compile(
    rf"{_LOCAL}{_AT}[\w\-]{{1,63}}(?:{_DOT}[\w\-]{{1,63}}){{0,3}}{_DOT}{_TLD}(?![^\W_])"
    rf"|{_LOCAL}{_AT}{_MAILERS}(?: {_TLD})?(?![^\W_])"
    rf"|{_LOCAL} at (?:[\w\-]{{1,63}} (?:dot|точка|нүкте) {_TLD}|{_MAILERS}{_DOT}{_TLD})(?![^\W_])"
)

_SIDE = r"(?:[сювз]\.? ?[шд]\.?(?![^\W\d_])|[nsewсювз](?![^\W\d_]))"
_PAIR = re.compile(
    rf"(?<!\d)([+\-]?\d{{1,3}}([.,])\d{{3,12}}) ?°? ?({_SIDE})?[ ,;/|]{{0,3}}"
    rf"(?:{_SIDE} ?)?(?<!\d)([+\-]?\d{{1,3}}[.,]\d{{3,12}})(?:(?: ?°)? ?{_SIDE}| ?°)?(?!\d)"
)
_PLACE_CUE = re.compile(
    r"координат|koordinat|coordinat|геомет|локаци|lokat|locat|геопоз|орны|pin |°"
)
_SEXAGESIMAL = (
    rf"\d{{1,3}} ?° ?(?:\d{{1,2}} ?' ?\d{{1,2}}(?:[.,]\d{{1,8}})? ?(?:\"|'{{1,2}})?"
    rf"|\d{{1,2}}[.,]\d{{2,8}} ?'?) ?{_SIDE}?"
)
_DEGREES = re.compile(rf"(?<!\d){_SEXAGESIMAL}(?:[ ,;]{{1,3}}{_SEXAGESIMAL})?")
_BARE_DEGREES = re.compile(
    r"(?<!\d)\d{2} \d{1,2} \d{1,2}(?:[.,]\d{1,4})? ?[nсs](?![^\W\d_])[ ,;]{1,3}"
    r"\d{2,3} \d{1,2} \d{1,2}(?:[.,]\d{1,4})? ?[eвw](?![^\W\d_])"
)
_CUED_DEGREE = re.compile(
    r"(?<![^\W\d_])(?:широт\w{0,2}|долгот\w{0,2}|lat(?:itude)?|lo?ng?(?:itude)?|ендік|бойлық)"
    r"[ :=\-]{0,3}(-?\d{1,3}[.,]\d{3,12})(?!\d)"
)
_MAP_LINK = re.compile(r"!3d-?\d{1,3}\.\d{3,12}!4d-?\d{1,3}\.\d{3,12}")

_WHOLE = (
    (_CALL_LINK, Kind.PHONE),
    (_AREA, Kind.PHONE),
    (_KZ_ACCOUNT, Kind.ACCOUNT),
    (_DEGREES, Kind.COORDINATES),
    (_BARE_DEGREES, Kind.COORDINATES),
    (_MAP_LINK, Kind.COORDINATES),
)
_FIRST_GROUP = (
    (_CUED_LINE, Kind.PHONE),
    (_CUED_SIX, Kind.PHONE),
    (_CUED_DEGREE, Kind.COORDINATES),
)


def spans(text: str) -> Iterator[Span]:
    """Yield where something stands that gives a person away; stretches may overlap."""
    folded = fold(text)
    for start, end, kind in folded_spans(folded.text):
        yield *folded.origin(start, end), kind


def folded_spans(plain: str) -> Iterator[Span]:
    """Yield the same for a text that is folded already."""
    yield from _mails(plain)
    yield from handles(plain)
    if not _FIVE_DIGITS.search(plain):
        return
    yield from _long_numbers(plain)
    yield from _phones(plain)
    for match in _PAIR.finditer(plain):
        if _is_exact_place(match, plain):
            yield *match.span(), Kind.COORDINATES
    for pattern, kind in _WHOLE:
        for match in pattern.finditer(plain):
            yield *match.span(), kind
    for pattern, kind in _FIRST_GROUP:
        for match in pattern.finditer(plain):
            yield *match.span(1), kind


def _mails(plain: str) -> Iterator[Span]:
    patterns = [_MAIL_SPELT]
    if "@" in plain:
        patterns += [_MAIL, _MAIL_APART]
    elif not any(word in plain for word in _AT_WORDS):
        return
    for pattern in patterns:
        for match in pattern.finditer(plain):
            if " @" in match[0] and "@ " not in match[0] and not _MAILBOX.search(match[0]):
                # "account @name.com": the word before is no part of an address.
                continue
            yield *match.span(), Kind.EMAIL


def _digits(stretch: str) -> str:
    return "".join(filter(str.isdecimal, stretch))


def _long_numbers(plain: str) -> Iterator[Span]:
    cued: bool | None = None
    for match in _TWELVE.finditer(plain):
        digits = _digits(match[0])
        if not numbers.is_iin(digits):
            cued = bool(_IIN_CUE.search(plain)) if cued is None else cued
            if not (cued and numbers.looks_like_iin(digits)):
                continue
        yield *match.span(), Kind.IIN
    cued = None
    for match in _CARD.finditer(plain):
        digits = _digits(match[0])
        if not (digits[0] in "23456" and numbers.passes_luhn(digits)) or _YEARS.match(match[0]):
            cued = bool(_CARD_CUE.search(plain)) if cued is None else cued
            if not cued:
                continue
        yield *match.span(), Kind.CARD
    for match in _ACCOUNT.finditer(plain):
        if numbers.is_iban(match[0]):
            yield *match.span(), Kind.ACCOUNT


def _phones(plain: str) -> Iterator[Span]:
    for match in _PLUS.finditer(plain):
        if not _digits(match[0]).startswith(("7800", "7808")):
            yield *match.span(), Kind.PHONE
    for match in _ELEVEN.finditer(plain):
        if _groups(match[0]) != (2, 3, 3, 3):
            yield *match.span(), Kind.PHONE
    for match in _TEN.finditer(plain):
        groups = _groups(match[0])
        if groups == (10,) or (groups[0] == 3 and groups[1:] in _TEN_GROUPS):
            yield *match.span(), Kind.PHONE


def _groups(stretch: str) -> tuple[int, ...]:
    return tuple(len(group) for group in re.findall(r"\d+", stretch))


def _is_exact_place(match: re.Match[str], plain: str) -> bool:
    """Tell whether two numbers are degrees of one place: in the region, or called so."""
    first, second = (match[1].replace(",", "."), match[4].replace(",", "."))
    decimals = min(len(first.partition(".")[2]), len(second.partition(".")[2]))
    if match[2] == "," and decimals < 4:
        return False
    one, other = float(first), float(second)
    if any(39 <= a <= 57 and 45 <= b <= 89 for a, b in ((one, other), (other, one))):
        return True
    return bool(match[3] or _PLACE_CUE.search(plain)) and abs(one) <= 180 and abs(other) <= 180
