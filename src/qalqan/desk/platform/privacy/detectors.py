"""Find the traces in a folded text: numbers, addresses, accounts, places.

Every repeat in the patterns has an upper bound or begins where it cannot begin twice, so time
grows with the length of the text and no text can hold the guard up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qalqan.desk.platform.privacy import numbers
from qalqan.desk.platform.privacy.folding import BARRIER, fold, is_odd
from qalqan.desk.platform.privacy.handles import calls_a_name, handles
from qalqan.desk.platform.privacy.kinds import Kind

Span = tuple[int, int, Kind]

_DIGITS = (
    "".join(re.findall(r"\d", "".join(map(chr, range(0x10000)))))
    + "①②③④⑤⑥⑦⑧⑨⓪\U000104a0-\U0001ebff\U0001fbf0-\U0001fbf9"
)
"""Every decimal digit of Unicode, the rare ones by range: a set is searched faster than a class."""
_BEGINNING = re.compile(f"[{_DIGITS}@_/＠﹫／＿]")
_FIVE_DIGITS = re.compile(f"[{_DIGITS}](?:[^{_DIGITS}]{{0,6}}+[{_DIGITS}]){{4}}")
_NAME_WITH_DIGIT = re.compile(r"(?:[A-Za-zＡ-ｚ]\.?[0-9]|[0-9]\.?[A-Za-zＡ-ｚ])")
_ALWAYS = "@_＠﹫＿／"
_MORE_DIGITS = re.compile("[0-9][oоOО.,°]")
"""What a few digits may be read on with: a letter for zero, a fraction, a degree."""
_LONG_ACCOUNT = re.compile("[a-z][0-9oо]{2}[a-z0-9о]{11}")
_HOSTS = (".me/", ".com/", "ok.ru/", ".net/", ".ME/", ".COM/", "OK.RU/", ".Me/", ".Com/", "Ok.ru/")
_AT_PARTS = ("оба", "ОБА", "at", "AT", "oba", "OBA")
_AT_WORDS = (
    *("обак", "ОБАК", "обач", "ОБАЧ", "sobak", "SOBAK", "Sobak"),
    *(" at ", "(at", "[at", "{at", "<at", "*at", "( at", "[ at"),
    *(" AT ", "(AT", "[AT", "{AT"),
)


def worth_a_look(text: str) -> bool:
    """Tell quickly whether a text can hold a trace; nearly all messages leave here.

    >>> worth_a_look("Su joq"), worth_a_look("Sağat 21:45"), worth_a_look("8 701 123 45 67")
    (False, False, True)
    """
    if _BEGINNING.search(text):
        for mark in _ALWAYS:
            if mark in text:
                return True
        if _FIVE_DIGITS.search(text):
            return True
        if _NAME_WITH_DIGIT.search(text) and not _is_number_on_a_word(text):
            return True
        if "/" in text:
            for host in _HOSTS:
                if host in text:
                    return True
    return _spells_an_at(text)


def _is_number_on_a_word(text: str) -> bool:
    """Tell whether a letter beside a digit is surely no name of an account: "bus12 is late".

    With fewer than five digits near each other, and none that only folding shows, such a name
    must follow a word that calls it one, and an account of a bank is long.
    """
    if "/" in text or is_odd(text) or _MORE_DIGITS.search(text):
        return False
    plain = text.lower()
    return not (calls_a_name(plain) or _LONG_ACCOUNT.search(plain) or _spells_an_at(plain))


def _spells_an_at(text: str) -> bool:
    for part in _AT_PARTS:
        if part in text:
            return any(word in text for word in _AT_WORDS)
    return False


_GAP = rf"[^0-9\n{BARRIER}]"
_IIN_CUE = re.compile(
    r"(?<![^\W\d_])(?:и ?и ?н|ж ?с ?н|i ?i ?n|j ?s ?n|zh ?s ?n)(?![^\W\d_]{3})"
    r"|идентификационн\w{0,4} номер|сәйкестендіру нөмір|identification number"
)
_TWELVE = re.compile(r"[0-9](?<![0-9][0-9])(?:[ .\-]{0,2}+[0-9]){11}(?![0-9])")
_CARD = re.compile(
    r"[0-9](?<![0-9][0-9])(?:[0-9]{14,15}|[0-9]{3}(?:[ .\-]{1,3}[0-9]{4}){3}|"
    r"[0-9]{3}[ \-][0-9]{6}[ \-][0-9]{5}|[0-9]{7}[ \-][0-9]{8}|[0-9]{3}[ \-][0-9]{12})(?![0-9])"
)
_CARD_CUE = re.compile(r"карт|kart|card|каспи|kaspi|visa|виза|master")
_YEARS = re.compile(r"(?:(?:19|20)[0-9][0-9]\D{1,3}){3}(?:19|20)[0-9][0-9]")
_KZ_ACCOUNT = re.compile(
    r"(?<![^\W_])[kк][zз] ?[0-9] ?[0-9](?: ?[0-9]){3}(?: ?[a-z0-9]){13}(?![^\W_])"
)
_ACCOUNT = re.compile(r"(?<![^\W_])[a-z]{2}[0-9][0-9][a-z0-9]{11,30}(?![^\W_])")

_S = r"[ .\-_()]"
_NOT_MONEY = r"(?! ?(?:тенге|теңге|tenge|₸|kzt|руб|долл|млн|тыс|мың|%))"
_PLUS = re.compile(rf"\+{_S}{{0,2}}+[0-9](?:{_S}{{0,3}}+[0-9]){{9,13}}(?![0-9]){_NOT_MONEY}")
_ELEVEN = re.compile(
    rf"[87](?<![0-9][0-9]){_S}{{0,3}}+[79](?:{_S}{{0,3}}+[0-9]){{9}}(?![0-9]){_NOT_MONEY}"
)
_TEN = re.compile(
    rf"7(?<![0-9]7)(?<![0-9][.\-]7)[04-7][0-9](?:{_S}{{0,3}}+[0-9]){{7}}(?![0-9]|[.\-][0-9]){_NOT_MONEY}"
)
_TEN_GROUPS = frozenset(
    [(7,), (3, 4), (3, 2, 2), (2, 2, 3), (1, 3, 3), (2, 3, 2), (4, 3), (3, 1, 3)]
)
_AREA = re.compile(
    r"(?<![0-9])(?:\(7[12][0-9]{2,3}\)|7[12][0-9]{2,3})"
    r"[ \-]{0,2}[0-9]{1,3}[ \-][0-9][0-9][ \-]?[0-9][0-9](?![0-9])"
)
_CALL_LINK = re.compile(
    r"(?<![^\W_])(?:wa\.me|api\.whatsapp\.com/send/?\?phone=)[/+]{0,2}[0-9]{10,15}"
)
_STRONG_CUE = (
    r"(?<![^\W\d_])(?:тел(?:ефон\w{0,8})?(?![^\W\d_])|tel(?:efon\w{0,8})?(?![^\W\d_])|phone|сотк"
    r"|сотов|ұялы|uialy|домашн\w{0,4}|городск\w{0,4}|моб(?:ильн\w{0,4})?(?![^\W\d_])"
    r"|(?:по|пере|на)?звон|звандаң|қоңырау|qonyrau|хабарлас|habarlas|[вуw]а?тсап|вацап|wh?ats? ?app"
    r"|viber|вайбер|call|text me)"
)
_CUED_LINE = re.compile(
    rf"{_STRONG_CUE}{_GAP}{{0,24}}"
    r"((?:[0-9]{2,3}[ \-][0-9][0-9][ \-][0-9][0-9]|[0-9]{3}[ \-][0-9]{3}"
    r"|[0-9][ \-][0-9][0-9][ \-][0-9][0-9]|[1-79][0-9]{9,11}"
    r"|9[0-9][0-9][ \-][0-9]{3}[ \-][0-9][0-9][ \-][0-9][0-9]|7[12][0-9]{2,3}[ \-]?[0-9]{5,6}))"
    rf"(?![0-9]|[ .,\-/]{{1,2}}[0-9]){_NOT_MONEY}"
)
_CUED_SIX = re.compile(
    r"(?<![^\W\d_])(?:тел(?:ефон\w{0,8})?|phone|tel|домашн\w{0,4})[ .:№\-]{0,4}([0-9]{6})"
    rf"(?![0-9]|[.,\-/][0-9]){_NOT_MONEY}"
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
    rf"([0-9](?<![0-9][0-9])[0-9]{{0,2}}([.,])[0-9]{{3,12}}) ?°? ?({_SIDE})?[ ,;/|]{{0,3}}"
    rf"(?:{_SIDE} ?)?(?<![0-9])([+\-]?[0-9]{{1,3}}[.,][0-9]{{3,12}})"
    rf"(?:(?: ?°)? ?{_SIDE}| ?°)?(?![0-9])"
)
_PLACE_CUE = re.compile(
    r"координат|koordinat|coordinat|геомет|локаци|lokat|locat|геопоз|орны|pin |°"
)
_SEXAGESIMAL = (
    rf"[0-9]{{1,3}} ?° ?(?:[0-9]{{1,2}} ?' ?[0-9]{{1,2}}(?:[.,][0-9]{{1,8}})? ?(?:\"|'{{1,2}})?"
    rf"|[0-9]{{1,2}}[.,][0-9]{{2,8}} ?'?) ?{_SIDE}?"
)
_DEGREES = re.compile(rf"(?<![0-9]){_SEXAGESIMAL}(?:[ ,;]{{1,3}}{_SEXAGESIMAL})?")
_BARE_DEGREES = re.compile(
    r"(?<![0-9])[0-9]{2} [0-9]{1,2} [0-9]{1,2}(?:[.,][0-9]{1,4})? ?[nсs](?![^\W\d_])[ ,;]{1,3}"
    r"[0-9]{2,3} [0-9]{1,2} [0-9]{1,2}(?:[.,][0-9]{1,4})? ?[eвw](?![^\W\d_])"
)
_CUED_DEGREE = re.compile(
    r"(?<![^\W\d_])(?:широт\w{0,2}|долгот\w{0,2}|lat(?:itude)?|lo?ng?(?:itude)?|ендік|бойлық)"
    r"[ :=\-]{0,3}(-?[0-9]{1,3}[.,][0-9]{3,12})(?![0-9])"
)
_MAP_LINK = re.compile(r"!3d-?[0-9]{1,3}\.[0-9]{3,12}!4d-?[0-9]{1,3}\.[0-9]{3,12}")

_NINE_DIGITS = re.compile(r"[0-9](?:[ .\-_()]{0,4}+[0-9]){8}")
_DECIMALS = re.compile(r"[0-9][.,][0-9]{3}")
_LINE_SHAPE = re.compile(
    r"[0-9](?:[ \-][0-9][0-9][ \-][0-9][0-9]|[0-9][0-9][ \-][0-9]{3}|[0-9]{5}|[12][0-9]{2,3}[ \-])"
)
_SHAPED = (
    (re.compile(r"wa\.me|whatsapp\.com"), ((_CALL_LINK, 0, Kind.PHONE),)),
    (re.compile(r"7[12][0-9][0-9]"), ((_AREA, 0, Kind.PHONE),)),
    (_LINE_SHAPE, ((_CUED_LINE, 1, Kind.PHONE), (_CUED_SIX, 1, Kind.PHONE))),
    (re.compile(r"[kк][zз] ?[0-9]"), ((_KZ_ACCOUNT, 0, Kind.ACCOUNT),)),
    (re.compile(r"[a-z][0-9][0-9][a-z0-9]{11}"), ((_ACCOUNT, 0, Kind.ACCOUNT),)),
    (re.compile("°"), ((_DEGREES, 0, Kind.COORDINATES),)),
    (re.compile(r"[0-9] ?[nсs](?![^\W\d_])"), ((_BARE_DEGREES, 0, Kind.COORDINATES),)),
    (re.compile("!3d"), ((_MAP_LINK, 0, Kind.COORDINATES),)),
)


def spans(text: str) -> Iterator[Span]:
    """Yield where something stands that gives a person away; stretches may overlap."""
    folded = fold(text)
    for start, end, kind in folded_spans(folded.text):
        yield *folded.origin(start, end), kind


def folded_spans(plain: str) -> Iterator[Span]:
    """Yield the same for a text that is folded already.

    A quick search for the shape goes before each slow one.
    """
    yield from _mails(plain)
    yield from handles(plain)
    if _NINE_DIGITS.search(plain):
        yield from _long_numbers(plain)
        yield from _phones(plain)
    if _DECIMALS.search(plain):
        for match in _PAIR.finditer(plain):
            if _is_exact_place(match, plain):
                yield *match.span(), Kind.COORDINATES
        for match in _CUED_DEGREE.finditer(plain):
            yield *match.span(1), Kind.COORDINATES
    for shape, patterns in _SHAPED:
        if shape.search(plain):
            for pattern, group, kind in patterns:
                for match in pattern.finditer(plain):
                    if pattern is not _ACCOUNT or numbers.is_iban(match[0]):
                        yield *match.span(group), kind


def _mails(plain: str) -> Iterator[Span]:
    patterns = [_MAIL_SPELT]
    if "@" in plain:
        patterns += [_MAIL, _MAIL_APART]
    elif not _spells_an_at(plain):
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
    return tuple(len(group) for group in re.findall(r"[0-9]+", stretch))


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
